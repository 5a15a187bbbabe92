/* The returns of an equity curve and its deepest fall. */
#include "metrics/returns.h"

#include <assert.h>
#include <math.h>

/* ------------------------------------------------------------------------ steps */

void hq_returns_begin(HqReturns *r, double initial)
{
    *r = (HqReturns){.start = initial, .equity = initial};
    hq_moments_begin(&r->moments);
}

static void start(HqReturns *r)
{
    r->fall = hq_fall_from(r->start);
    r->started = true;
}

/* Answers whether the first step is the start. */
static bool is_start(HqReturns *r, double equity)
{
    bool is = r->start == 0 || r->start == equity;
    if (is) {
        r->start = r->equity = equity;
        r->moments.place = 1;
    }
    start(r);
    return is;
}

void hq_returns_fall(HqReturns *r, HqLevels levels, const double *equity, size_t n)
{
    if (hq_returns_rise(r, levels))
        hq_fall_push(&r->fall, equity, n);
    else
        hq_fall_below(&r->fall, levels.lowest);
}

size_t hq_returns_push_to(HqReturns *r, const double *equity, size_t n, double *out, HqLevels *levels)
{
    if (n > 0 && !r->started && is_start(r, equity[0])) {
        equity++;
        n--;
    }
    *levels = hq_moments_push_returns(&r->moments, r->equity, equity, n, out);
    hq_returns_fall(r, *levels, equity, n);
    r->equity = n > 0 ? equity[n - 1] : r->equity;
    return n;
}

void hq_returns_push(HqReturns *r, const double *equity, size_t n)
{
    HqLevels levels;
    for (size_t i = 0, block; i < n; i += block) {
        block = n - i < HQ_RETURNS_BLOCK ? n - i : HQ_RETURNS_BLOCK;
        hq_returns_push_to(r, equity + i, block, NULL, &levels);
    }
}

void hq_returns_push_known(HqReturns *r, const double *given, const double *equity, size_t n)
{
    assert(r->start > 0);
    if (n == 0)
        return;
    if (!r->started)
        start(r);
    hq_moments_push(&r->moments, given, n);
    hq_fall_push(&r->fall, equity, n);
    r->equity = equity[n - 1];
}

void hq_returns_skip(HqReturns *r, size_t n)
{
    assert(r->start > 0);
    if (n > 0 && !r->started) {
        is_start(r, r->start);
        n--;
    }
    hq_moments_skip(&r->moments, n);
}

/* -------------------------------------------------------------------- what they are */

uint64_t hq_returns_count(const HqReturns *r) { return r->moments.count; }

double hq_returns_mean(const HqReturns *r) { return hq_moments_mean(&r->moments).high; }

double hq_returns_deviation(const HqReturns *r) { return hq_moments_deviation(&r->moments); }

double hq_returns_drawdown(const HqReturns *r) { return hq_fall_deepest(&r->fall); }

double hq_returns_total(const HqReturns *r) { return hq_defined((r->equity - r->start) / r->start); }

/* -------------------------------------------------------------- what is made of them */

double hq_defined(double value) { return isfinite(value) ? value : NAN; }

double hq_power(double base, double exponent) { return isnan(exponent) ? NAN : pow(base, exponent); }

double hq_risk_free_step(double yearly, double periods)
{
    return yearly == 0 ? 0 : expm1(log1p(yearly) / periods);
}

HqReturnsFigures hq_returns_figures(const HqReturns *r, double periods, double risk_free)
{
    double years = (double)hq_returns_count(r) / periods, root = sqrt(periods);
    double deviation = hq_returns_deviation(r);
    double multiple = r->equity / r->start;
    HqReturnsFigures found = {
        .total_return = hq_returns_total(r),
        .cagr = years > 0 ? hq_defined(hq_power(multiple, 1 / years) - 1) : NAN,
        .volatility = hq_defined(deviation * root),
        .sharpe = hq_defined((hq_returns_mean(r) - risk_free) / deviation * root),
        .max_drawdown = isfinite(r->equity) ? hq_returns_drawdown(r) : NAN, /* not overflown */
    };
    found.calmar = hq_defined(found.cagr / -found.max_drawdown);
    return found;
}
