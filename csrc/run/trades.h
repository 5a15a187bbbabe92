/* The round trip in progress and the list of those that are done. */
#ifndef HQ_RUN_TRADES_H
#define HQ_RUN_TRADES_H

#include "exec/account.h"
#include "hquant/backtest.h"

enum { HQ_EXIT_OPEN = 0, HQ_EXIT_SIGNAL = 1, HQ_EXIT_LIQUIDATION = 2 };

typedef struct HqTradeLog {
    HqTrade current; /* side 0 while flat */
    HqTrade *list;   /* room for `capacity`; NULL when nobody asked */
    size_t capacity;
    size_t length;
} HqTradeLog;

/** Where and when something happened. */
typedef struct HqMoment {
    int64_t time;
    uint64_t bar;
    double price;
} HqMoment;

/** Begin a round trip with the opening that was filled. */
void hq_trade_enter(HqTradeLog *log, HqSide side, const HqFill *fill, HqMoment at);

/** End the round trip: its exit, P&L before fees, and the fee of the exit. Leaves the log flat. */
void hq_trade_exit(HqTradeLog *log, HqMoment at, double pnl, double fee, uint8_t reason);

#endif
