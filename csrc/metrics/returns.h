/*
 * The returns of an equity curve and its deepest fall, in a state of fixed size that takes the curve
 * in pieces: what a single run and a combination of a sweep have in common, and so to the bit. Equity
 * may be handed in by any split into calls, and where it stands still it can be skipped.
 */
#ifndef HQ_METRICS_RETURNS_H
#define HQ_METRICS_RETURNS_H

#include "base/fall.h"
#include "metrics/moments.h"

enum { HQ_RETURNS_BLOCK = 2048 }; /* equities that the passes over them find in the cache */

typedef struct HqReturns {
    HqMoments moments; /* of the step returns; a step's lane is its index in the curve % 8 */
    double start;      /* equity that the first return is against; 0: there is none yet */
    double equity;     /* the newest */
    HqFall fall;       /* from the start on */
    bool started;      /* the first step has been taken */
} HqReturns;

/** Before the first step. `initial` is the equity before it, 0 when there is none. */
void hq_returns_begin(HqReturns *returns, double initial);

/**
 * n steps: the equity after each, >= 0. A first step that leaves `initial` as it was is the start
 * itself, not a return; so it is without `initial`.
 */
void hq_returns_push(HqReturns *returns, const double *equity, size_t n);

/**
 * As hq_returns_push(), of a block.
 * @param n             at most HQ_RETURNS_BLOCK.
 * @param[out] out      room for n returns; NULL: they are not wanted.
 * @param[out] levels   their range, but for a start's. What is unknown is in no range, but makes the mean unknown.
 * @return how many returns there are: n, or n - 1 where the first step is the start.
 */
size_t hq_returns_push_to(HqReturns *returns, const double *equity, size_t n, double *out, HqLevels *levels);

/** Whether equities with this range reach a new peak. */
static inline bool hq_returns_rise(const HqReturns *returns, HqLevels levels)
{
    return levels.highest > returns->fall.peak;
}

/** The falls of n equities with this range, which are read only where they rise. */
void hq_returns_fall(HqReturns *returns, HqLevels levels, const double *equity, size_t n);

/** As hq_returns_push(), of a curve that is made of given returns from `initial` on: each is one. */
void hq_returns_push_known(HqReturns *returns, const double *given, const double *equity, size_t n);

/** n steps on which equity stays as it is: as pushing it n times. There must be an equity. */
void hq_returns_skip(HqReturns *returns, size_t n);

/** Number of returns. */
uint64_t hq_returns_count(const HqReturns *returns);

/** Mean of the returns; NaN of none. */
double hq_returns_mean(const HqReturns *returns);

/** Their standard deviation, as hq_moments_deviation(). */
double hq_returns_deviation(const HqReturns *returns);

/** The deepest fall from a peak: smallest (equity - peak) / peak of all steps, -1..0. */
double hq_returns_drawdown(const HqReturns *returns);

/** From the start to the newest equity, a fraction. */
double hq_returns_total(const HqReturns *returns);

/** What is made of them; what is not defined is NaN. */
typedef struct HqReturnsFigures {
    double total_return, cagr, volatility, sharpe, max_drawdown, calmar; /* as HqMetrics */
} HqReturnsFigures;

/**
 * @param periods    steps that make a year, NaN when not known.
 * @param risk_free  return of a step without risk: hq_risk_free_step().
 */
HqReturnsFigures hq_returns_figures(const HqReturns *returns, double periods, double risk_free);

/** A step's part of a yearly return. */
double hq_risk_free_step(double yearly, double periods);

/** The number, or NaN for an infinite one: nothing to divide by, or beyond what a double holds. */
double hq_defined(double value);

/** pow(), where 1 to an unknown power is unknown. */
double hq_power(double base, double exponent);

#endif
