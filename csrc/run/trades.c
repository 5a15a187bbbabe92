#include "run/trades.h"

#include <assert.h>
#include <string.h>

static_assert(sizeof(HqTrade) == 88, "HqTrade is ABI");

void hq_trade_enter(HqTradeLog *log, HqSide side, const HqFill *fill, HqMoment at)
{
    HqTrade *trade = &log->current;
    trade->side = side == HQ_LONG ? 1 : -1;
    trade->entry_time = at.time;
    trade->entry_bar = at.bar;
    trade->entry_price = at.price;
    trade->quantity = fill->quantity;
    trade->margin = fill->margin;
    trade->fees = fill->fee;
}

void hq_trade_exit(HqTradeLog *log, HqMoment at, double pnl, double fee, uint8_t reason)
{
    HqTrade *trade = &log->current;
    trade->exit_time = at.time;
    trade->exit_bar = at.bar;
    trade->exit_price = at.price;
    trade->fees += fee;
    trade->pnl = pnl - trade->fees;
    trade->exit_reason = reason;
    if (log->length < log->capacity)
        log->list[log->length++] = *trade;
    memset(trade, 0, sizeof *trade);
}
