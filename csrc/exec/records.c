#include "exec/records.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static_assert(sizeof(HqTrade) == 144, "HqTrade is ABI");
static_assert(sizeof(HqFill) == 72, "HqFill is ABI");
static_assert(sizeof(HqOrder) == 80, "HqOrder is ABI");

/* A mean by quantity with one more price in it; the first is taken as it is. */
static double mean_with(double mean, double price, double quantity, double total)
{
    return quantity < total ? mean + (price - mean) * (quantity / total) : price;
}

void hq_round_open(HqRound *round, HqSide side, const HqLegFill *fill, double price, double risk,
                   uint8_t reason, HqMoment at)
{
    HqTrade *trade = &round->trade;
    if (trade->entries == 0) {
        trade->side = side == HQ_LONG ? 1 : -1;
        trade->entry_time = at.time;
        trade->entry_bar = at.bar;
        trade->symbol = at.symbol;
        trade->entry_reason = reason;
    }
    trade->entries++;
    trade->quantity += fill->quantity;
    trade->entry_price = mean_with(trade->entry_price, price, fill->quantity, trade->quantity);
    trade->margin += fill->margin;
    trade->fees += fill->fee;
    trade->risk += fill->quantity * risk;
}

/* A part of the round leaves at a price. */
static void leave(HqRound *round, double price, double quantity)
{
    round->closed += quantity;
    round->trade.exit_price =
        mean_with(round->trade.exit_price, price, quantity, round->closed);
}

void hq_round_close(HqRound *round, const HqLegFill *fill, double price)
{
    leave(round, price, fill->quantity);
    round->realized += fill->pnl;
    round->trade.fees += fill->fee;
}

void hq_round_end(HqRound *round, HqRecords *records, HqMoment at, HqLegFill rest, double price,
                  uint8_t reason)
{
    HqTrade *trade = &round->trade;
    if (rest.quantity > 0)
        leave(round, price, rest.quantity);
    hq_round_visit(round, rest.pnl);
    trade->exit_time = at.time;
    trade->exit_bar = at.bar;
    trade->bars_held = at.bar - trade->entry_bar;
    trade->exit_reason = reason;
    trade->pnl = (round->realized + rest.pnl) - trade->fees - trade->funding;
    trade->r_multiple = trade->risk > 0 ? trade->pnl / trade->risk : NAN;
    if (reason != HQ_REASON_NONE)
        hq_sides_add(&records->sides, trade->pnl);
    records->counts.trades += reason != HQ_REASON_NONE;
    records->counts.open_trades += reason == HQ_REASON_NONE;
    if (records->trades_len < records->trades_cap)
        records->trades[records->trades_len++] = *trade;
}
