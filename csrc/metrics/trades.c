/* What a list of trades amounts to. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "metrics/figures.h"

/* Sums over the closed trades. */
typedef struct Tally {
    HqMoments pnl;     /* quote currency */
    HqMoments returns; /* of the notional at entry */
    HqSides sides;     /* of pnl */
    HqSum bars_held;
} Tally;

static void count(Tally *tally, const HqTrade *trade)
{
    hq_moments_push(&tally->pnl, trade->pnl);
    hq_moments_push(&tally->returns, trade->pnl / (trade->entry_price * trade->quantity));
    hq_sum_add(&tally->bars_held, (double)trade->bars_held);
    if (trade->pnl > 0) {
        tally->sides.gains += 1;
        hq_sum_add(&tally->sides.gained, trade->pnl);
    } else if (trade->pnl < 0) {
        tally->sides.losses += 1;
        hq_sum_add(&tally->sides.lost, trade->pnl);
    }
}

/* P&L is an amount, not a quotient near 1: only equal ones do not deviate. */
static double quality(const HqMoments *pnl)
{
    double deviation = pnl->most > pnl->least ? sqrt(hq_sum(pnl->second) / (pnl->count - 1)) : NAN;
    return hq_defined(sqrt(pnl->count) * hq_moments_mean(pnl) / deviation);
}

void hq_trade_figures(const HqTrade *trades, size_t n, HqMetrics *m)
{
    Tally tally = {0};
    for (size_t i = 0; i < n; i++)
        if (trades[i].exit_reason != HQ_REASON_NONE)
            count(&tally, &trades[i]);
    const HqSides *sides = &tally.sides;
    double closed = tally.pnl.count, lost = hq_sum(sides->lost);
    m->trades = (uint64_t)closed;
    m->win_rate = hq_defined(sides->gains / (sides->gains + sides->losses));
    m->avg_win = hq_defined(hq_sum(sides->gained) / sides->gains);
    m->avg_loss = hq_defined(lost / sides->losses);
    m->payoff_ratio = hq_defined(m->avg_win / -m->avg_loss);
    m->profit_factor = hq_defined(hq_sum(sides->gained) / -lost);
    m->kelly = hq_kelly(m->win_rate, m->payoff_ratio);
    m->expectancy = hq_defined(hq_moments_mean(&tally.pnl));
    m->sqn = quality(&tally.pnl);
    m->avg_trade = hq_defined(hq_moments_mean(&tally.returns));
    m->best_trade = closed > 0 ? hq_defined(tally.returns.most) : NAN;
    m->worst_trade = closed > 0 ? hq_defined(tally.returns.least) : NAN;
    m->avg_bars_held = hq_defined(hq_sum(tally.bars_held) / closed);
}

/* ---------------------------------------------------------------- exposure */

/* The first step at or after a time, or with `after` the first one after it. */
static size_t first_step(const int64_t *time, size_t length, int64_t at, bool after)
{
    size_t low = 0, high = length;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (time[middle] < at || (after && time[middle] == at))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

HqStatus hq_exposure_time(const HqTrade *trades, size_t n, const int64_t *time, size_t length,
                          double *share)
{
    *share = NAN;
    if (!trades)
        return HQ_OK;
    int64_t *change = hq_calloc(length + 1, sizeof *change); /* of how many are held */
    if (!change)
        return HQ_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        change[first_step(time, length, trades[i].entry_time, false)]++;
        change[first_step(time, length, trades[i].exit_time, true)]--;
    }
    size_t inside = 0;
    int64_t held = 0;
    for (size_t i = 0; i < length; i++)
        inside += (held += change[i]) > 0;
    free(change);
    *share = (double)inside / (double)length;
    return HQ_OK;
}
