/*
 * An equity curve, step by step: everything that can be known of it without keeping it. Single runs
 * and sweeps share it; its size does not depend on the length of the curve and nothing allocates.
 */
#ifndef HQ_METRICS_CURVE_H
#define HQ_METRICS_CURVE_H

#include <stdbool.h>
#include <stdint.h>

#include "hquant/metrics.h"
#include "metrics/moments.h"

/* Gains and losses apart. */
typedef struct HqSides {
    double gains, losses; /* how many */
    HqSum gained, lost;   /* both sums; the second is <= 0 */
} HqSides;

/* The fall from the last peak, and the worst of all. */
typedef struct HqFalls {
    double peak;
    int64_t peak_time;
    uint64_t peak_step;
    bool under;           /* below the peak now */
    double deepest;       /* -1..0 */
    HqSum squares;
    int64_t longest_ms;
    uint64_t longest_steps;
} HqFalls;

/* UTC days: a day's close is its last equity. */
typedef struct HqDays {
    int64_t day;
    bool has_base;          /* there is a close before this day's */
    double first, base;     /* the first close of all; the one before this day's */
    HqMoments returns;
    HqSum losses_squared;
} HqDays;

typedef struct HqMetricsState {
    double risk_free;  /* of a step */
    double start;      /* equity that the first return is against */
    double equity;     /* the newest */
    double benchmark;  /* the newest, NaN without */
    bool started;      /* there is a start */
    uint64_t steps;    /* pushed */
    int64_t time;      /* of the newest */
    HqMoments returns;
    HqSides sides;
    HqSum excess_gained, excess_lost, excess_lost_squared; /* beyond the risk-free return */
    HqFalls falls;
    HqDays days;
    HqComoment benchmarked;
} HqMetricsState;

/**
 * Before the first step. `initial` is the equity before it, 0 when there is none; `risk_free` the
 * return of a step without risk.
 */
void hq_curve_begin(HqMetricsState *state, double initial, double risk_free);

/**
 * One step: its time and equity. A first step that leaves `initial` as it was is the start itself,
 * not a return. When a day has ended with it whose return is known, that is written to `*daily` and the
 * answer is true.
 */
bool hq_curve_push(HqMetricsState *state, int64_t time, double equity, double benchmark,
                   double *daily);

/** As hq_curve_push(), where the step's return is known better than by the quotient of equities. */
bool hq_curve_push_return(HqMetricsState *state, int64_t time, double equity, double ret,
                          double benchmark, double *daily);

/** After the last step: the last day ends, as hq_curve_push(). */
bool hq_curve_end(HqMetricsState *state, double *daily);

/** Write the figures that need the curve only. periods and days are a year's, NaN when not known. */
void hq_curve_figures(const HqMetricsState *state, double periods, double days, double risk_free,
                      HqMetrics *metrics);

/** The number, or NaN for an infinite one: nothing to divide by, or beyond what a double holds. */
double hq_defined(double value);

/** Kelly's fraction p - (1 - p) / payoff of a share of winners and their payoff ratio. */
double hq_kelly(double win_rate, double payoff_ratio);

#endif
