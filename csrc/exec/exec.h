/*
 * Execution: orders in, fills and positions out, over one account and its symbols. docs/backtesting.md
 * has the rules; their names stand in brackets.
 *
 * Whoever drives it gives, for each moment, the bars of that moment: begin, open, inside, close, then
 * the strategies' signals, then the end. Options, symbols and orders are checked before. Nothing
 * allocates after hq_exec_init().
 */
#ifndef HQ_EXEC_EXEC_H
#define HQ_EXEC_EXEC_H

#include "exec/account.h"
#include "exec/records.h"
#include "exec/venue.h"

typedef struct HqDistance {
    double value;
    uint8_t unit; /* HQ_DISTANCE_NONE .. HQ_DISTANCE_FRACTION */
} HqDistance;

/** An order that works: of the list, or a signal's. */
typedef struct HqWorking {
    int64_t index; /* in the list; -1: a signal's */
    double size;              /* in size_unit */
    double price, stop_price; /* quote currency, rounded to the tick */
    HqDistance stop, target, trail;
    uint32_t bars, age; /* bars it stays for, 0 for ever; bars it has worked on */
    uint32_t oco;  /* group; 0: none */
    int8_t side;   /* +1 buys, -1 sells */
    uint8_t type, size_unit;
    bool reduce_only;
    bool is_bad;       /* a clause was unknown or not > 0 */
    bool is_triggered; /* a stop-limit whose stop was reached */
} HqWorking;

/**
 * The position of one side of a symbol: its levels and its round. A level that is not there is out
 * of every price's reach: minus or plus infinity.
 */
typedef struct HqHolding {
    double stop, target;     /* prices */
    double trail;            /* distance in price; 0: none */
    double trail_level;      /* price */
    double best, best_now;   /* best price visited, up to the bar before and until now */
    HqRound round;
} HqHolding;

typedef struct HqSymbolState {
    const HqSymbol *symbol;
    uint32_t index;
    HqLeg parked[2]; /* its legs while another symbol is in focus */
    HqHolding held[2];
    double mark;          /* price that its positions are valued at: the last open or close */
    HqMoment at;          /* the bar it is on; its time is looked up where somebody asks for it */
    int64_t before;       /* time of the bar that was run before it */
    uint64_t fills;       /* orders and exits that got as far as a price, on this bar */
    bool is_at_open;      /* what happens now happens at its open */
    bool is_ambiguous;    /* this bar */
    size_t finer;         /* the first finer bar that has not been walked */
    bool has_signal_order;
    HqWorking signal_order;
    HqWorking *working;   /* those of the list that work, in its order */
    size_t n_working;
    const HqOrder **list; /* its orders of the list, in the list's order */
    size_t n_list, next;  /* the first that is not given yet */
} HqSymbolState;

typedef struct HqExec {
    const HqBacktestOptions *options;
    HqAccount account; /* its legs are those of the symbol in focus */
    HqSymbolState *symbols; /* owned, as are their orders and the groups */
    uint32_t n_symbols, focus;
    bool is_plain; /* a symbol, signals that trade at an open or a close; no list, funding, finer bars, tiers */
    const HqOrder *orders;
    size_t n_orders;
    uint8_t *oco_done; /* by group: one of it was filled */
    HqRecords records;
} HqExec;

/** What a signal's order is to be: the clauses of its rule. */
typedef struct HqIntent {
    bool is_bad; /* a clause is unknown or not > 0 */
    uint8_t size_unit;
    double size;
    HqDistance stop, target, trail;
} HqIntent;

/** @return HQ_OK or HQ_ENOMEM. `output` may be NULL. */
HqStatus hq_exec_init(HqExec *exec, const HqSymbol *symbols, size_t n_symbols,
                      const HqOrder *orders, size_t n_orders, const HqBacktestOptions *options,
                      const HqBacktestOutput *output);

void hq_exec_destroy(HqExec *exec);

/** A block of a symbol's bars: closes, and the least and the most of each bar's prices. */
typedef struct HqPrices {
    const double *close, *low, *high;
    uint64_t first, end; /* index of the bar that these begin with, and of the one behind them */
    double least, most;  /* of all of them */
} HqPrices;

/**
 * Bars on which nothing is traded and nothing is due, from their opens to their closes: most of
 * them. From `bar` on, and before `end`, which is beyond it.
 * @param equity  room for prices->end - bar values: at each bar's close. What it leaves behind the
 *                bars that have passed is of no account.
 * @return the first bar for which that is not certain, or `end`: the phases below are to be run.
 */
uint64_t hq_exec_pass(HqExec *exec, const HqPrices *prices, uint64_t bar, uint64_t end,
                      double *equity);

/** Whether no price of a block touches a level or liquidates, of what a plain run holds: it is calm. */
bool hq_exec_is_calm(const HqExec *exec, const HqPrices *prices);

/** As hq_exec_pass(), of a plain run that is calm: all bars pass. */
void hq_exec_pass_calm(HqExec *exec, const HqPrices *prices, uint64_t bar, uint64_t end,
                       double *equity);

/**
 * A bar of a plain run, on to behind its open, at which a signal's order is filled: hq_exec_pass() or
 * hq_exec_leave() is next.
 * @param[in,out] is_calm  hq_exec_is_calm().
 * @return false, and nothing is done, when more than that is to be seen to at the open.
 */
bool hq_exec_trade_open(HqExec *exec, const HqPrices *prices, const HqWorking *order, uint64_t bar,
                        bool *is_calm);

/** A signal's market order is filled at the close that the symbol in focus is marked at. */
void hq_exec_trade_close(HqExec *exec, const HqWorking *order);

/** A signal's order waits for the next bar. */
void hq_exec_wait(HqExec *exec, const HqWorking *order);

/**
 * A bar of a lone symbol up to what is filled at its open, so that hq_exec_pass() may take it from
 * there, or hq_exec_leave(). HQ_OK, or HQ_EINVAL for a funding rate that is missing.
 */
HqStatus hq_exec_enter(HqExec *exec, uint64_t bar);

/** The rest of that bar. */
void hq_exec_leave(HqExec *exec);

/** A symbol's next bar begins: mark it at its open. */
void hq_exec_begin(HqExec *exec, uint32_t symbol, uint64_t bar);

/** Funding that is due at the bar's open. HQ_OK, or HQ_EINVAL for a rate that is missing. */
HqStatus hq_exec_fund(HqExec *exec, uint32_t symbol);

/** Check the account at the marks. */
void hq_exec_check(HqExec *exec, uint32_t symbol);

/** What is filled at the open. */
void hq_exec_open(HqExec *exec, uint32_t symbol);

/** What is filled between the open and the close. */
void hq_exec_inside(HqExec *exec, uint32_t symbol);

/** Mark a symbol at its bar's close. */
void hq_exec_close(HqExec *exec, uint32_t symbol);

/** The market order that a signal to buy or sell makes. */
HqWorking hq_exec_market_order(const HqBacktestOptions *options, Action action, const HqIntent *intent);

/** Count a signal; true when it makes an order. */
static inline bool hq_count_signal(HqBacktestReport *counts, Action action)
{
    counts->signals++;
    counts->buy_signals += action == ACTION_BUY;
    counts->sell_signals += action == ACTION_SELL;
    counts->hold_signals += action == ACTION_HOLD;
    counts->orders += action != ACTION_HOLD;
    return action != ACTION_HOLD;
}

/** A signal at the close. */
void hq_exec_signal(HqExec *exec, uint32_t symbol, Action action, const HqIntent *intent);

/** Equity at the marks. */
double hq_exec_equity(HqExec *exec);

/** Signed base asset units that a symbol holds. */
double hq_exec_position(const HqExec *exec, uint32_t symbol);

/** Margin locked in all positions. */
double hq_exec_margin(const HqExec *exec);

/** After the last bar: what rests and what is open is counted; fills in the report but its bars and its drawdown. */
void hq_exec_finish(HqExec *exec);

#endif
