/* What a list of trades amounts to. */
#include <math.h>

#include "metrics/figures.h"

enum { BLOCK = 256 };

/* Sums over the closed trades. */
typedef struct Tally {
    HqMoments pnl;     /* quote currency */
    HqMoments returns; /* of the notional at entry */
    double best, worst; /* of them */
    HqSides sides;     /* of pnl */
    HqSum bars_held;
} Tally;

static void tally_block(Tally *tally, const HqTrade *trades, size_t n)
{
    double pnl[BLOCK], returns[BLOCK];
    size_t closed = 0;
    for (size_t i = 0; i < n; i++) {
        const HqTrade *trade = &trades[i];
        if (trade->exit_reason == HQ_REASON_NONE)
            continue;
        pnl[closed] = trade->pnl;
        returns[closed] = trade->pnl / (trade->entry_price * trade->quantity);
        tally->best = returns[closed] > tally->best ? returns[closed] : tally->best;
        tally->worst = returns[closed] < tally->worst ? returns[closed] : tally->worst;
        closed++;
        hq_sides_add(&tally->sides, trade->pnl);
        hq_sum_add(&tally->bars_held, (double)trade->bars_held);
    }
    hq_moments_push(&tally->pnl, pnl, closed);
    hq_moments_push(&tally->returns, returns, closed);
}

static Tally tally_of(const HqTrade *trades, size_t n)
{
    Tally tally = {.best = -INFINITY, .worst = INFINITY};
    hq_moments_begin(&tally.pnl);
    hq_moments_begin(&tally.returns);
    for (size_t i = 0; i < n; i += BLOCK)
        tally_block(&tally, trades + i, n - i < BLOCK ? n - i : BLOCK);
    return tally;
}

/* P&L is an amount, not a quotient near 1: only equal ones do not deviate. */
static double quality(const HqMoments *pnl)
{
    double mean = hq_moments_mean(pnl).high;
    return hq_defined(sqrt((double)pnl->count) * mean / hq_moments_spread(pnl));
}

void hq_trade_figures(const HqTrade *trades, size_t n, HqMetrics *m)
{
    Tally tally = tally_of(trades, n);
    HqSidesFigures found = hq_sides_figures(&tally.sides);
    double closed = (double)tally.pnl.count;
    m->trades = tally.pnl.count;
    m->win_rate = found.win_rate;
    m->avg_win = found.avg_win;
    m->avg_loss = found.avg_loss;
    m->payoff_ratio = found.payoff_ratio;
    m->profit_factor = found.profit_factor;
    m->kelly = found.kelly;
    m->expectancy = hq_defined(found.total / closed);
    m->sqn = quality(&tally.pnl);
    m->avg_trade = hq_defined(hq_moments_mean(&tally.returns).high);
    m->best_trade = hq_defined(tally.best + 0.0);
    m->worst_trade = hq_defined(tally.worst + 0.0);
    m->avg_bars_held = hq_defined(hq_sum(tally.bars_held) / closed);
}
