/* What a list of trades amounts to. */
#include <math.h>

#include "metrics/figures.h"

enum { BLOCK = 256 };

HqTradeFlaw hq_trade_flaw(const HqTrade *t)
{
    if (!isfinite(t->pnl))
        return HQ_TRADE_BAD_PNL;
    if (!(t->entry_price > 0 && isfinite(t->entry_price)))
        return HQ_TRADE_BAD_PRICE;
    if (!(t->quantity > 0 && isfinite(t->quantity)))
        return HQ_TRADE_BAD_QUANTITY;
    if (t->exit_reason > HQ_REASON_ORDER)
        return HQ_TRADE_BAD_REASON;
    return t->exit_time < t->entry_time ? HQ_TRADE_BAD_ORDER : HQ_TRADE_IS_GOOD;
}

size_t hq_find_bad_trade(const HqTrade *trades, size_t n)
{
    size_t i = 0;
    while (i < n && hq_trade_flaw(&trades[i]) == HQ_TRADE_IS_GOOD)
        i++;
    return i;
}

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

/* Answers whether all are good, if they are checked: block by block, as memory brings each of them once. */
static bool tally_all(Tally *tally, const HqTrade *trades, size_t n, bool checks)
{
    *tally = (Tally){.best = -INFINITY, .worst = INFINITY};
    hq_moments_begin(&tally->pnl);
    hq_moments_begin(&tally->returns);
    for (size_t i = 0, block; i < n; i += block) {
        block = n - i < BLOCK ? n - i : BLOCK;
        if (checks && hq_find_bad_trade(trades + i, block) < block)
            return false;
        tally_block(tally, trades + i, block);
    }
    return true;
}

/* P&L is an amount, not a quotient near 1: only equal ones do not deviate. */
static double quality(const HqMoments *pnl)
{
    double mean = hq_moments_mean(pnl).high;
    return hq_defined(sqrt((double)pnl->count) * mean / hq_moments_spread(pnl));
}

bool hq_trade_figures(const HqTrade *trades, size_t n, bool checks, HqMetrics *m)
{
    Tally tally;
    if (!tally_all(&tally, trades, n, checks))
        return false;
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
    return true;
}
