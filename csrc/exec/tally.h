/* Closed trades by what they won or lost: sums that need no list. */
#ifndef HQ_EXEC_TALLY_H
#define HQ_EXEC_TALLY_H

#include "base/sum.h"

/** P&L in quote currency. */
typedef struct HqTally {
    double count, winners, losers; /* how many; some are neither */
    HqSum pnl, won, lost;          /* of all, of the winners, of the losers: <= 0 */
} HqTally;

static inline void hq_tally_push(HqTally *tally, double pnl)
{
    tally->count += 1;
    hq_sum_add(&tally->pnl, pnl);
    if (pnl > 0) {
        tally->winners += 1;
        hq_sum_add(&tally->won, pnl);
    } else if (pnl < 0) {
        tally->losers += 1;
        hq_sum_add(&tally->lost, pnl);
    }
}

#endif
