/* What a run writes down: executions, positions from flat to flat, counts. */
#ifndef HQ_EXEC_RECORDS_H
#define HQ_EXEC_RECORDS_H

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

/** The bar that something happened on. */
typedef struct HqMoment {
    int64_t time;
    uint64_t bar;
    uint32_t symbol;
} HqMoment;

/** The position of one side, from its first opening on. All zero while flat. */
typedef struct HqRound {
    HqTrade trade;   /* exit_price, quantity: of what was closed so far */
    double closed;   /* base asset units closed so far */
    double realized; /* by closings so far, before fees and funding */
} HqRound;

/** A round that has not begun. */
static inline void hq_round_clear(HqRound *round)
{
    HqTrade *trade = &round->trade; /* field by field: a call to clear so little takes longer */
    trade->entry_price = trade->exit_price = trade->quantity = trade->pnl = 0;
    trade->fees = trade->funding = trade->margin = trade->risk = trade->r_multiple = 0;
    trade->mae = trade->mfe = 0;
    trade->entries = 0;
    trade->exit_reason = trade->reserved = 0;
    round->closed = round->realized = 0;
}

/** An opening: begins a round or adds to it. `price` is the fill's, `risk` its distance to the stop or NaN. */
void hq_round_open(HqRound *round, HqSide side, const HqLegFill *fill, double price, double risk,
                   uint8_t reason, HqMoment at);

/** A closing of all or a part of it. */
void hq_round_close(HqRound *round, const HqLegFill *fill, double price);

/** Its P&L at a price that was visited: `open_pnl` of the leg as it stands. */
static inline void hq_round_visit(HqRound *round, double open_pnl)
{
    double pnl = round->realized + open_pnl;
    round->trade.mae = pnl < round->trade.mae ? pnl : round->trade.mae;
    round->trade.mfe = pnl > round->trade.mfe ? pnl : round->trade.mfe;
}

/**
 * Write the round down. Whoever holds it forgets it then.
 * @param rest  what is still held: its quantity and its P&L at `price`; zero after a full closing.
 */
void hq_round_end(HqRound *round, HqRecords *records, HqMoment at, HqLegFill rest, double price,
                  uint8_t reason);

/** Count orders that opened nothing, and why: HQ_REJECT_CLAUSE .. HQ_REJECT_MAX_SIZE. */
static inline void hq_count_rejects(HqRecords *records, int reason, uint64_t orders)
{
    records->counts.rejected_orders += orders;
    records->counts.rejects[reason] += orders;
}

#endif
