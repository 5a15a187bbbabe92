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

/** Figures of closed trades. trades may be NULL: everything is NaN. */
void hq_trade_figures(const HqTrade *trades, size_t n, HqMetrics *metrics);

/**
 * Share of the steps inside a trade, both of its ends included. NaN for trades NULL.
 * @return HQ_OK or HQ_ENOMEM.
 */
HqStatus hq_exposure_time(const HqTrade *trades, size_t n, const HqTimes *times, double *share);

/**
 * Everything, of an input that was checked but for its times and its equity.
 * @param checks  whether they are checked, too (hq_curve_take()); of what a run has made they are not.
 * @param wanted  the year to find in its times; of none the input's own is taken.
 * @return HQ_OK; HQ_ENOMEM; HQ_EINVAL, without a word, where they are not as they must be: who has them
 *         checked knows what to say. metrics is untouched then.
 */
HqStatus hq_metrics_compute(const HqMetricsInput *input, bool checks, HqYearWanted wanted, HqMetrics *metrics);

#endif
