/* The figures of a curve, of its days' tails and of its trades. */
#ifndef HQ_METRICS_FIGURES_H
#define HQ_METRICS_FIGURES_H

#include <stddef.h>

#include "metrics/curve.h"
#include "metrics/year.h"

/** Figures that need the curve only. periods and days are a year's, NaN when not known. */
void hq_curve_figures(const HqCurve *curve, double periods, double days, double risk_free,
                      HqMetrics *metrics);

/** Figures of the tails of `n` daily returns. room is for n numbers. */
void hq_tail_figures(const HqMoments *moments, const double *daily, size_t n, double *room,
                     HqMetrics *metrics);

/** What a trade must not be: each field that is not as it must be. */
typedef enum HqTradeFlaw {
    HQ_TRADE_IS_GOOD,
    HQ_TRADE_BAD_PNL,      /* not finite */
    HQ_TRADE_BAD_PRICE,    /* entry: not finite, or not > 0 */
    HQ_TRADE_BAD_QUANTITY, /* not finite, or not > 0 */
    HQ_TRADE_BAD_REASON,   /* of its exit: there is none such */
    HQ_TRADE_BAD_ORDER     /* it ends before it begins */
} HqTradeFlaw;

HqTradeFlaw hq_trade_flaw(const HqTrade *trade);

/** The place of the first trade with a flaw; n when there is none. */
size_t hq_find_bad_trade(const HqTrade *trades, size_t n);

/**
 * Figures of closed trades. trades may be NULL: everything is NaN.
 * @param checks  whether they are checked.
 * @return whether they are good, or not checked; if not, the figures are of no use.
 */
bool hq_trade_figures(const HqTrade *trades, size_t n, bool checks, HqMetrics *metrics);

/**
 * Share of the steps inside a trade, both of its ends included. NaN for trades NULL.
 * @return HQ_OK or HQ_ENOMEM.
 */
HqStatus hq_exposure_time(const HqTrade *trades, size_t n, const HqTimes *times, double *share);

/* Figures of a curve that is taken as it comes. */
typedef struct HqMeasure {
    HqYearWanted wanted;
    HqCurveReader reader;
} HqMeasure;

/**
 * Begin with an input that was checked but for its times, its equity and its trades.
 * @param in      length, trades: of what there may be, until the end says it.
 * @param checks  whether they are checked, too (curve.h).
 * @param level   equity at each step.
 * @param wanted  the year to find in its times; of none the input's own is taken. With a risk-free return all
 *                times must be there now.
 * @return as hq_metrics_compute().
 */
HqStatus hq_measure_begin(HqMeasure *measure, const HqMetricsInput *in, bool checks, const double *level,
                          HqYearWanted wanted);

/** There are steps up to `end`, which stay as they are: hq_curve_take_to(). */
bool hq_measure_take_to(HqMeasure *measure, size_t end);

/**
 * All steps are there, `length` of them, and all trades.
 * @param[out] found  of zeroes.
 * @return as hq_metrics_compute().
 */
HqStatus hq_measure_end(HqMeasure *measure, size_t length, const HqTrade *trades, size_t n_trades,
                        HqMetrics *found);

/**
 * Everything, of an input that was checked but for its times, its equity and its trades.
 * @param checks  whether they are checked, too (curve.h); of what a sweep has made they are not.
 * @param wanted  the year to find in its times; of none the input's own is taken.
 * @return HQ_OK; HQ_ENOMEM; HQ_EINVAL, without a word, where they are not as they must be: who has them
 *         checked knows what to say. metrics is untouched then.
 */
HqStatus hq_metrics_compute(const HqMetricsInput *input, bool checks, HqYearWanted wanted, HqMetrics *metrics);

#endif
