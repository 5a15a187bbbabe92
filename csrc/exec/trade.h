/* What the files of csrc/exec share: the symbol in focus, its levels and orders. Inside csrc/exec only. */
#ifndef HQ_EXEC_TRADE_H
#define HQ_EXEC_TRADE_H

#include "exec/exec.h"

enum { HQ_NO_REJECT = -1 };

/** Where the price is and how a fill there is treated. */
typedef struct HqPlace {
    double price; /* before slippage */
    bool slips;   /* a market or stop fill */
    bool is_maker;
} HqPlace;

/** A quantity and the margin that it locks. */
typedef struct HqSize {
    double quantity, margin;
} HqSize;

static inline HqSymbolState *hq_in_focus(HqExec *exec) { return &exec->symbols[exec->focus]; }

/** The price that a bar begins with. */
static inline double hq_state_open(const HqSymbolState *state, uint64_t bar)
{
    const HqBars *bars = state->symbol->bars;
    return bars->open[bar];
}

/** The bar that a symbol is on, at its open. */
static inline void hq_state_begin(HqSymbolState *state, uint64_t bar)
{
    state->at.bar = bar;
    state->at.symbol = state->index;
    state->mark = hq_state_open(state, bar);
    state->fills = 0;
    state->is_ambiguous = false;
}

/** That bar's time: a trip to memory, which bars that pass (pass.c) are spared. */
static inline void hq_state_look_up_time(HqSymbolState *state)
{
    state->at.time = state->symbol->bars->timestamp[state->at.bar];
}

/** Bring a symbol's legs into the account, and what the others are worth at their marks. */
void hq_exec_set_focus(HqExec *exec, uint32_t symbol);

/** Liquidate when it is due at a price of the symbol in focus; its positions leave at `leave_at`. */
void hq_liquidate_if_due(HqExec *exec, double price, double leave_at);

/** A symbol's positions leave the records at a price: by liquidation, or because the data ends. */
void hq_end_rounds(HqExec *exec, uint32_t symbol, double price, uint8_t reason);

/* ---------------------------------------------------------------- levels */

/** A level that no price reaches. */
static inline double hq_out_of_reach(HqSide side, bool is_adverse)
{
    return (side == HQ_LONG) == is_adverse ? -HUGE_VAL : HUGE_VAL;
}

/** The level that closes a side against it: the nearer of stop and trailing stop. */
static inline double hq_adverse_level(const HqHolding *held, HqSide side)
{
    if (side == HQ_LONG)
        return held->stop > held->trail_level ? held->stop : held->trail_level;
    return held->stop < held->trail_level ? held->stop : held->trail_level;
}

/** The better of two prices for a side. */
static inline double hq_better(double best, HqSide side, double price)
{
    return (side == HQ_LONG ? price > best : price < best) ? price : best;
}

/** A flat holding. */
static inline void hq_holding_clear(HqHolding *held, HqSide side)
{
    held->trail = held->best = held->best_now = 0;
    hq_round_clear(&held->round);
    held->stop = held->trail_level = hq_out_of_reach(side, true);
    held->target = hq_out_of_reach(side, false);
}

/** The trailing stop of the next bar, from the prices visited until now. */
HQ_INLINE void hq_holding_trail(HqHolding *held, HqSide side, double tick)
{
    int sign = hq_sign_of(side);
    held->best = held->best_now;
    if (held->trail > 0)
        held->trail_level = hq_to_tick(held->best - sign * held->trail, tick, side == HQ_SHORT);
}

/** The price visits a level: excursions, which are for the list of trades, and trailing stops. */
HQ_INLINE void hq_visit(HqExec *exec, double price)
{
    HqSymbolState *state = hq_in_focus(exec);
    for (int side = HQ_LONG; side <= HQ_SHORT; side++) {
        const HqLeg *leg = &exec->account.legs[side];
        if (!(leg->quantity > 0))
            continue;
        HqHolding *held = &state->held[side];
        if (hq_records_take_trades(&exec->records))
            hq_round_visit(&held->round, hq_leg_pnl(leg, (HqSide)side, price));
        held->best_now = hq_better(held->best_now, (HqSide)side, price);
    }
}

/* ---------------------------------------------------------------- orders */

/** The order that a signal makes [O1]. */
void hq_signal_order(HqWorking *order, const HqBacktestOptions *options, int side,
                     const HqIntent *intent, double close, double tick);

/** Orders of the list that were given before this bar begin to work. */
void hq_orders_take_up(HqExec *exec, HqSymbolState *state);

/** A bar is over: orders that were cancelled, or whose time is over, go. */
void hq_orders_age(HqExec *exec, HqSymbolState *state);

/** The account is gone: none of a symbol's orders works any more. */
void hq_orders_reject(HqExec *exec, HqSymbolState *state);

/** The data is over: count what was never reached. */
void hq_orders_count_left(HqExec *exec, HqSymbolState *state);

/** Where a price move that begins at `from` and goes to `to` reaches an order or a level. */
typedef struct HqReach {
    bool is_reached;
    double at;
} HqReach;

static inline HqReach hq_reach_falling(double level, double from, double to)
{
    double least = to < from ? to : from;
    return (HqReach){level >= least, level < from ? level : from};
}

static inline HqReach hq_reach_rising(double level, double from, double to)
{
    double most = to > from ? to : from;
    return (HqReach){level <= most, level > from ? level : from};
}

/** Where a move reaches an order that rests; a market order is reached where it begins. */
HqReach hq_order_reach(const HqWorking *order, double from, double to);

/** Forget an order that is done; those behind it move up. */
void hq_order_remove(HqExec *exec, HqWorking *order);

/** A signal's market order has its turn at a price. */
void hq_signal_take_turn(HqExec *exec, const HqWorking *order, double price);

/** An order's turn has come at a price; true when it is done, whatever came of it. */
bool hq_order_take_turn(HqExec *exec, HqWorking *order, double price, bool *has_opened);

/* ------------------------------------------------------------------ path */

/** Fill what a price reaches at once: at an open. */
void hq_fill_at_once(HqExec *exec, double price);

/**
 * Where the bar that a symbol is on ends: with its period or at the next one. The last one must not
 * take in finer bars that follow it, which belong to a bar that is not there yet. False when nothing
 * tells.
 */
bool hq_bar_end(const HqExec *exec, const HqSymbolState *state, int64_t *end);

/** Walk the bar that the symbol in focus is on. */
void hq_walk_bar(HqExec *exec);

#endif
