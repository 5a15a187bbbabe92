/* Mean and standard deviation of a window, from its sums: STDDEV's step, which BOLL's joins. */
#ifndef HQ_INDICATOR_DEVIATION_H
#define HQ_INDICATOR_DEVIATION_H

#include "indicator/window.h"

/** Of the sums of x - pivot and of its squares; share is 1 / period. Whoever
 * takes the root of it keeps it from going below 0. Of doubles, or of vectors of them. */
#define HQ_WINDOW_VARIANCE(sum, squares, share) (((squares) - (sum) * ((sum) * (share))) * (share))

static inline double hq_spread_of(double sum, double squares, double share)
{
    double variance = HQ_WINDOW_VARIANCE(sum, squares, share);
    return variance < 0 ? 0 : variance;
}

static inline double hq_deviation_of(double sum, double squares, double share)
{
    return sqrt(hq_spread_of(sum, squares, share));
}

typedef struct HqDeviation {
    double mean;
    double deviation;
} HqDeviation;

/** The deviation to the node's output, the mean to its twin's; gives both. */
HQ_INLINE HqDeviation hq_stddev_peek(const HqNode *node, double *line, const double *before)
{
    const HqWindowMoments *w = node->state;
    double sum, squares;
    hq_window_moments(node, line, before, &sum, &squares);
    HqDeviation both = {hq_window_mean(w->pivot, sum, w->period), hq_deviation_of(sum, squares, node->factor)};
    line[node->in[HQ_TWIN]] = both.mean;
    line[node->out] = both.deviation;
    return both;
}

#endif
