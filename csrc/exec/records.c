#include "exec/records.h"

#include <assert.h>
#include <math.h>

static_assert(sizeof(HqTrade) == 144, "HqTrade is ABI");
static_assert(sizeof(HqFill) == 72, "HqFill is ABI");
static_assert(sizeof(HqOrder) == 80, "HqOrder is ABI");

void hq_trade_end(HqRound *round, HqRecords *records, const HqMoment *at, HqLegFill rest, double price,
                  uint8_t reason)
{
    HqTrade *trade = &round->trade;
    if (rest.quantity > 0)
        hq_round_leave(round, price, rest.quantity);
    hq_round_visit(round, rest.pnl);
    trade->exit_time = at->time;
    trade->exit_bar = at->bar;
    trade->bars_held = at->bar - trade->entry_bar;
    trade->exit_reason = reason;
    trade->r_multiple = trade->risk > 0 ? trade->pnl / trade->risk : NAN;
    records->trades[records->trades_len++] = *trade;
}
