/* What a run writes down: executions, positions from flat to flat, counts. */
#ifndef HQ_EXEC_RECORDS_H
#define HQ_EXEC_RECORDS_H

#include "base/likely.h"
#include "base/sides.h"
#include "exec/account.h"
#include "hquant/backtest.h"

typedef struct HqRecords {
    HqBacktestReport counts;
    HqSides sides; /* of the P&L of the trades that were closed, quote currency */
    HqTrade *trades; /* room for trades_cap; NULL when nobody asked */
    HqFill *fills;   /* room for fills_cap; NULL when nobody asked */
    size_t trades_cap, trades_len, fills_cap, fills_len;
} HqRecords;

/** Whether trades or fills are written down: nobody else asks for the time of one. */
static inline bool hq_records_have_lists(const HqRecords *records)
{
    return records->trades_cap + records->fills_cap > 0;
}

/** Whether a round that ends is written down: if not, only what its P&L is made of is kept of it. */
static inline bool hq_records_take_trades(const HqRecords *records)
{
    return records->trades_len < records->trades_cap; /* room never grows */
}

/** The bar that something happened on. */
typedef struct HqMoment {
    int64_t time;
    uint64_t bar;
    uint32_t symbol;
} HqMoment;

/**
 * The position of one side, from its first opening on. While flat entries, fees, funding and realized are
 * 0. Of the trade only they are kept where it will not be written down (hq_records_take_trades()).
 */
typedef struct HqRound {
    HqTrade trade;   /* exit_price, quantity: of what was closed so far */
    double closed;   /* base asset units closed so far */
    double realized; /* by closings so far, before fees and funding */
} HqRound;

/** A round that has not begun. */
static inline void hq_round_clear(HqRound *round)
{
    round->trade.entries = 0; /* what a trade says besides is cleared by hq_trade_open() */
    round->trade.fees = round->trade.funding = round->realized = 0;
}

/** A mean by quantity with one more price in it; the first is taken as it is. */
static inline double hq_mean_with(double mean, double price, double quantity, double total)
{
    return quantity < total ? mean + (price - mean) * (quantity / total) : price;
}

/** What an opening was: `price` is the fill's, `risk` its distance to the stop or NaN. */
typedef struct HqEntry {
    HqSide side;
    double price, risk;
    uint8_t reason;
    HqMoment at;
} HqEntry;

/** An opening, as a trade says it that will be written down. */
HQ_INLINE void hq_trade_open(HqRound *round, const HqLegFill *fill, const HqEntry *entry)
{
    HqTrade *trade = &round->trade;
    if (trade->entries == 0) {
        trade->exit_price = trade->quantity = trade->margin = trade->risk = 0;
        trade->mae = trade->mfe = 0;
        round->closed = 0;
        trade->side = (int8_t)hq_sign_of(entry->side);
        trade->entry_time = entry->at.time;
        trade->entry_bar = entry->at.bar;
        trade->symbol = entry->at.symbol;
        trade->entry_reason = entry->reason;
    }
    trade->quantity += fill->quantity;
    trade->entry_price =
        hq_mean_with(trade->entry_price, entry->price, fill->quantity, trade->quantity);
    trade->margin += fill->margin;
    trade->risk += fill->quantity * entry->risk;
}

/** An opening: begins a round or adds to it. What a trade says of it comes before: hq_trade_open(). */
HQ_INLINE void hq_round_open(HqRound *round, double fee)
{
    HqTrade *trade = &round->trade;
    trade->entries++;
    trade->fees += fee;
}

/** A part of the round leaves at a price. */
HQ_INLINE void hq_round_leave(HqRound *round, double price, double quantity)
{
    round->closed += quantity;
    round->trade.exit_price =
        hq_mean_with(round->trade.exit_price, price, quantity, round->closed);
}

/** A closing of all or a part of it. */
HQ_INLINE void hq_round_close(HqRound *round, const HqRecords *records, const HqLegFill *fill,
                              double price)
{
    if (hq_records_take_trades(records))
        hq_round_leave(round, price, fill->quantity);
    round->realized += fill->pnl;
    round->trade.fees += fill->fee;
}

/** Its P&L at a price that was visited: `open_pnl` of the leg as it stands. */
static inline void hq_round_visit(HqRound *round, double open_pnl)
{
    double pnl = round->realized + open_pnl;
    round->trade.mae = pnl < round->trade.mae ? pnl : round->trade.mae;
    round->trade.mfe = pnl > round->trade.mfe ? pnl : round->trade.mfe;
}

/** A round that ends, as a trade says it: hq_round_end(). */
void hq_trade_end(HqRound *round, HqRecords *records, const HqMoment *at, HqLegFill rest, double price,
                  uint8_t reason);

/**
 * Count the round, and write it down. Whoever holds it forgets it then.
 * @param rest  what is still held: its quantity and its P&L at `price`; zero after a full closing.
 */
HQ_INLINE void hq_round_end(HqRound *round, HqRecords *records, const HqMoment *at,
                            HqLegFill rest, double price, uint8_t reason)
{
    HqTrade *trade = &round->trade;
    trade->pnl = (round->realized + rest.pnl) - trade->fees - trade->funding;
    if (reason != HQ_REASON_NONE)
        hq_sides_add(&records->sides, trade->pnl);
    records->counts.trades += reason != HQ_REASON_NONE;
    records->counts.open_trades += reason == HQ_REASON_NONE;
    if (hq_records_take_trades(records))
        hq_trade_end(round, records, at, rest, price, reason);
}

/** Count orders that opened nothing, and why: HQ_REJECT_CLAUSE .. HQ_REJECT_MAX_SIZE. */
static inline void hq_count_rejects(HqRecords *records, int reason, uint64_t orders)
{
    records->counts.rejected_orders += orders;
    records->counts.rejects[reason] += orders;
}

#endif
