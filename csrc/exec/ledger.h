/*
 * A ledger: accounts of runs over the same bars side by side, a lane each, so that a fill of one is
 * a fill of all. It knows what most fills are: a signal's order closes what is held, whole, opens
 * as much as it wants or cash affords, and nothing is due on any bar before the next one. Whatever
 * else happens to an account of a block's bars, or may happen, is told: then it takes those bars by
 * itself, as HqExec.
 */
#ifndef HQ_EXEC_LEDGER_H
#define HQ_EXEC_LEDGER_H

#include "base/wide.h"
#include "exec/exec.h"
#include "exec/span.h"

/** Accounts of a ledger: two of the widest registers, whose fills go on side by side. */
enum { HQ_ACCOUNTS = 16 };

/** Of an account that is flat quantity, entry and margin are 0. */
typedef struct HqLedger {
    /* What all have in common. */
    double leverage, fee_rate, maintenance_rate;
    double dust, min_notional; /* quote currency */
    double min_quantity;       /* base asset units */
    uint8_t size_unit;
    bool rejects; /* an opening that cash does not cover is none */

    /* A column a field. */
    double cash[HQ_ACCOUNTS];
    double sign[HQ_ACCOUNTS]; /* of the side that is held: +1, -1 */
    double quantity[HQ_ACCOUNTS], entry[HQ_ACCOUNTS], margin[HQ_ACCOUNTS]; /* of the leg */
    double round_fees[HQ_ACCOUNTS]; /* of the position so far */
    double fees[HQ_ACCOUNTS], realized_pnl[HQ_ACCOUNTS];
    double partial[HQ_ACCOUNTS];                    /* openings that cash cut */
    double gains[HQ_ACCOUNTS], losses[HQ_ACCOUNTS]; /* as HqSides, of the trades */
    double gained[HQ_ACCOUNTS], gained_lost[HQ_ACCOUNTS], lost[HQ_ACCOUNTS], lost_lost[HQ_ACCOUNTS];
} HqLedger;

/**
 * Fills of a block's bars: row k has the k-th of each account, counted from 0, or the one before it
 * of an account that leaves row 0 out. Of columns with a value an account row k begins at k * HQ_ACCOUNTS.
 */
typedef struct HqLedgerFills {
    uint16_t *closes, *opens; /* a row: a bit for each account whose fill does so */
    double *price;
    double *sign; /* of the side that is opened */
    double *size; /* in size_unit */
    /* What is held before row k, as the start, the entry and the signed quantity of its worth. */
    double *start, *entry, *quantity;
} HqLedgerFills;

/** Whether a ledger may run what an account of these options does on its symbol. */
bool hq_ledger_takes(const HqExec *exec);

/** Accounts that have not traded yet, as `exec`, which hq_ledger_takes(). */
void hq_ledger_begin(HqLedger *ledger, const HqExec *exec, uint8_t size_unit);

/** Whether an order is one of those that a ledger fills, but for its unit. */
static inline bool hq_ledger_fills_order(const HqWorking *order)
{
    return !order->is_bad && !order->stop.unit && !order->target.unit && !order->trail.unit;
}

/**
 * hq_ledger_fill(ledger, fills, rows, range): fill rows 0..rows-1, over bars whose prices are in a
 * range. Answers a bit for each account of which anything else may be due: its lane holds garbage
 * then, NaN too, until hq_ledger_join().
 */
HQ_WIDE_DECLARE(unsigned, hq_ledger_fill,
                (HqLedger *ledger, const HqLedgerFills *fills, size_t rows, HqRange range));

/**
 * An account goes on by itself, as it stands behind the bar `last`.
 * @param exec  it is written over but for its counts, which are the account's.
 */
void hq_ledger_leave(const HqLedger *ledger, size_t account, uint64_t last, HqExec *exec);

/** An account comes back, as it stands. False, and nothing is done, where it holds what a ledger
 * does not know. */
bool hq_ledger_join(HqLedger *ledger, size_t account, const HqExec *exec);

#endif
