/* What a curve that was pushed step by step amounts to. */
#include <math.h>

#include "metrics/curve.h"

double hq_defined(double value) { return isfinite(value) ? value : NAN; }

double hq_kelly(double win_rate, double payoff_ratio)
{
    return hq_defined(win_rate - (1 - win_rate) / payoff_ratio);
}

/* pow() has 1 to an unknown power as 1. */
static double power(double base, double exponent)
{
    return isnan(exponent) ? NAN : pow(base, exponent);
}

/* ---------------------------------------------------------------- of all steps */

static void growth(const HqMetricsState *s, double periods, HqMetrics *m)
{
    double multiple = s->equity / s->start;
    m->total_return = hq_defined((s->equity - s->start) / s->start);
    double years = s->returns.count / periods;
    m->cagr = years > 0 ? hq_defined(power(multiple, 1 / years) - 1) : NAN;
}

static void ratios(const HqMetricsState *s, double periods, HqMetrics *m)
{
    double n = s->returns.count, root = sqrt(periods);
    double deviation = hq_moments_deviation(&s->returns);
    double excess = hq_moments_mean(&s->returns) - s->risk_free;
    double downside = n < 2 ? NAN : sqrt(hq_sum(s->excess_lost_squared) / n);
    m->volatility = hq_defined(deviation * root);
    m->sharpe = hq_defined(excess / deviation * root);
    m->sortino = hq_defined(excess / downside * root);
    m->omega = n < 2 ? NAN : hq_defined(hq_sum(s->excess_gained) / -hq_sum(s->excess_lost));
    m->skew = hq_defined(hq_moments_skew(&s->returns));
    m->kurtosis = hq_defined(hq_moments_kurtosis(&s->returns));
}

static void falls(const HqMetricsState *s, HqMetrics *m)
{
    const HqFalls *f = &s->falls;
    double n = s->returns.count, known = isfinite(s->equity) ? 1 : NAN; /* it has not overflown */
    m->max_drawdown = known * f->deepest;
    m->longest_drawdown = known * (double)f->longest_ms / 86400000.0;
    m->longest_drawdown_bars = f->longest_steps;
    m->ulcer_index = n < 2 ? NAN : hq_defined(known * sqrt(hq_sum(f->squares) / (n - 1)));
    m->calmar = hq_defined(m->cagr / -m->max_drawdown);
    m->recovery_factor = hq_defined(fabs(hq_sum(s->returns.sum)) / -m->max_drawdown);
}

static void sides(const HqMetricsState *s, HqMetrics *m)
{
    const HqSides *f = &s->sides;
    double n = s->returns.count, moved = f->gains + f->losses;
    double gained = hq_sum(f->gained), lost = -hq_sum(f->lost);
    m->best_return = n > 0 ? hq_defined(s->returns.most) : NAN;
    m->worst_return = n > 0 ? hq_defined(s->returns.least) : NAN;
    m->exposure = hq_defined(moved / n);
    m->bar_win_rate = hq_defined(f->gains / moved);
    m->bar_payoff_ratio = hq_defined((gained / f->gains) / (lost / f->losses));
    m->bar_profit_factor = hq_defined(gained / lost);
    m->bar_kelly = hq_kelly(m->bar_win_rate, m->bar_payoff_ratio);
}

static void benchmark(const HqMetricsState *s, double periods, HqMetrics *m)
{
    const HqComoment *c = &s->benchmarked;
    double beta = hq_comoment_slope(c);
    double own = hq_sum(c->sum_x) / c->count - s->risk_free;
    double market = hq_sum(c->sum_y) / c->count - s->risk_free;
    double beyond = own - beta * market;
    m->benchmark_returns = (uint64_t)c->count;
    m->beta = hq_defined(beta);
    m->alpha = hq_defined(beyond * periods);
    m->alpha_compounded = hq_defined(power(1 + beyond, periods) - 1);
}

/* ---------------------------------------------------------------- of days */

/*
 * backtesting.py's: growth by the geometric mean g of n daily returns; the deviation of a product
 * of `days` independent returns of that mean and of variance v,
 * sqrt((v + (1 + g)^2)^days - (1 + g)^(2 days)), here without its cancellation.
 */
static void geometric(const HqMetricsState *s, double days, double risk_free, HqMetrics *m)
{
    const HqDays *d = &s->days;
    double n = d->returns.count, multiple = d->base / d->first;
    double growth = pow(multiple, 1 / n);
    double deviation = hq_moments_deviation(&d->returns) / growth;
    double downside = sqrt(hq_sum(d->losses_squared) / n);
    double year = n > 0 ? power(multiple, days / n) : NAN;
    double spread = expm1(days * log1p(deviation * deviation));
    m->annual_return_geometric = hq_defined(year - 1);
    m->volatility_geometric = hq_defined(year * sqrt(spread));
    double excess = m->annual_return_geometric - risk_free;
    m->sharpe_geometric = hq_defined(excess / m->volatility_geometric);
    m->sortino_geometric = hq_defined(excess / (downside * sqrt(days)));
    m->calmar_geometric = hq_defined(m->annual_return_geometric / -m->max_drawdown);
}

void hq_curve_figures(const HqMetricsState *s, double periods, double days, double risk_free,
                      HqMetrics *m)
{
    m->returns = (uint64_t)s->returns.count;
    m->daily_returns = (uint64_t)s->days.returns.count;
    m->periods_per_year = periods;
    m->days_per_year = days;
    m->risk_free = risk_free;
    growth(s, periods, m);
    ratios(s, periods, m);
    falls(s, m);
    sides(s, m);
    benchmark(s, periods, m);
    geometric(s, days, risk_free, m);
}
