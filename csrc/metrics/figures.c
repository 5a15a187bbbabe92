/* What a curve amounts to. */
#include <float.h>
#include <math.h>
#include <stdbool.h>

#include "metrics/days.h"
#include "metrics/figures.h"

/* ---------------------------------------------------------------- of all steps */

static void ratios(const HqCurve *c, double periods, HqMetrics *m)
{
    const HqSteps *s = &c->steps;
    HqReturnsFigures found = hq_returns_figures(&c->returns, periods, s->risk_free);
    double n = (double)hq_returns_count(&c->returns);
    double excess = hq_returns_mean(&c->returns) - s->risk_free;
    double downside = n < 2 ? NAN : sqrt(hq_sum(s->below_squared) / n);
    m->total_return = found.total_return;
    m->cagr = found.cagr;
    m->volatility = found.volatility;
    m->sharpe = found.sharpe;
    m->max_drawdown = found.max_drawdown;
    m->calmar = found.calmar;
    m->sortino = hq_defined(excess / downside * sqrt(periods));
    m->omega = n < 2 || isnan(s->risk_free) ? NAN : hq_defined(hq_sum(s->above) / -hq_sum(s->below));
    m->skew = hq_defined(hq_steps_skew(s, &c->returns.moments));
    m->kurtosis = hq_defined(hq_steps_kurtosis(s, &c->returns.moments));
}

static void falls(const HqCurve *c, HqMetrics *m)
{
    const HqFalls *f = &c->falls;
    double n = (double)hq_returns_count(&c->returns);
    double known = isfinite(c->returns.equity) ? 1 : NAN; /* it has not overflown */
    double sum = hq_moments_sum(&c->returns.moments);
    m->longest_drawdown = known * (double)f->longest_ms / (double)HQ_DAY_MS;
    m->longest_drawdown_bars = f->longest_steps;
    m->ulcer_index = n < 2 ? NAN : hq_defined(known * sqrt(hq_sum(f->squares) / (n - 1)));
    m->recovery_factor = hq_defined(fabs(sum) / -m->max_drawdown);
}

static void sides(const HqCurve *c, HqMetrics *m)
{
    const HqSides *s = &c->steps.sides;
    HqSidesFigures found = hq_sides_figures(s);
    m->best_return = hq_defined(c->steps.most);
    m->worst_return = hq_defined(c->steps.least);
    m->exposure = hq_defined((s->gains + s->losses) / (double)hq_returns_count(&c->returns));
    m->bar_win_rate = found.win_rate;
    m->bar_payoff_ratio = found.payoff_ratio;
    m->bar_profit_factor = found.profit_factor;
    m->bar_kelly = found.kelly;
}

static void benchmark(const HqCurve *c, double periods, HqMetrics *m)
{
    const HqBenchmark *b = &c->benchmark;
    double beta = hq_benchmark_slope(b), risk_free = c->steps.risk_free;
    double own = hq_moments_mean(&b->own).high - risk_free;
    double market = hq_moments_mean(&b->market).high - risk_free;
    double beyond = own - beta * market;
    m->benchmark_returns = b->own.count;
    m->beta = hq_defined(beta);
    m->alpha = hq_defined(beyond * periods);
    m->alpha_compounded = hq_defined(hq_power(1 + beyond, periods) - 1);
}

/* ---------------------------------------------------------------- of days */

/* year * sqrt(expm1(log_squares)), by logarithms where only one of the two is a double. */
static double deviation_of_year(double year, double log_year, double log_squares)
{
    enum { FAR = 700 }; /* e^700 is a double, and as much as one less */
    bool is_far = log_squares >= FAR;
    if (year > DBL_MIN && !is_far)
        return year * sqrt(expm1(log_squares));
    return exp(log_year + (is_far ? log_squares : log(expm1(log_squares))) / 2);
}

/*
 * backtesting.py's: growth by the geometric mean g of n daily returns; the deviation of a product
 * of `days` independent returns of that mean and of variance v,
 * sqrt((v + (1 + g)^2)^days - (1 + g)^(2 days)), here without its cancellation.
 */
static void geometric(const HqDaily *d, double days, double risk_free, HqMetrics *m)
{
    double n = (double)d->returns.count, multiple = d->last / d->first;
    double growth = pow(multiple, 1 / n);
    double deviation = hq_moments_deviation(&d->returns) / growth;
    double downside = sqrt(hq_sum(d->steps.below_squared) / n);
    double year = n > 0 ? hq_power(multiple, days / n) : NAN;
    double volatility = deviation_of_year(year, log(multiple) * days / n, days * log1p(deviation * deviation));
    m->annual_return_geometric = hq_defined(year - 1);
    m->volatility_geometric = hq_defined(volatility);
    double excess = m->annual_return_geometric - risk_free;
    m->sharpe_geometric = hq_defined(excess / m->volatility_geometric);
    m->sortino_geometric = hq_defined(excess / (downside * sqrt(days)));
    m->calmar_geometric = hq_defined(m->annual_return_geometric / -m->max_drawdown);
}

void hq_curve_figures(const HqCurve *c, double periods, double days, double risk_free, HqMetrics *m)
{
    m->returns = hq_returns_count(&c->returns);
    m->daily_returns = c->daily.returns.count;
    m->periods_per_year = periods;
    m->days_per_year = days;
    m->risk_free = risk_free;
    ratios(c, periods, m);
    falls(c, m);
    sides(c, m);
    benchmark(c, periods, m);
    geometric(&c->daily, days, risk_free, m);
}
