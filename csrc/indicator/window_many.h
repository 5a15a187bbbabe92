/*
 * The sums of window.h over several whole segments at once, a lane each: over a block (window_span.h). What
 * is made of them is made where they are: stores and loads of sums would take a quarter of the time.
 */
#ifndef HQ_INDICATOR_WINDOW_MANY_H
#define HQ_INDICATOR_WINDOW_MANY_H

#include <stddef.h>

#include "base/wide.h"
#include "indicator/span.h"

/** Bars of segments that are taken at once, at most. */
enum { HQ_WINDOW_MANY_BARS = 512 };

enum { HQ_WINDOW_BEYOND = 3 }; /* bars behind the segments that are read, for nothing */

/**
 * The windows that end in `groups` times as many segments as the build has lanes, the first of which begins
 * at x.
 * @param x        bars; those of the segment before stand before it, HQ_WINDOW_BEYOND more behind the last.
 * @param ahead    what is fetched meanwhile, and brought to memory.
 * @param[out] sum of each bar's window, of x - pivot.
 */
HQ_WIDE_DECLARE(void, hq_window_many_sums,
                (const double *x, size_t segment, size_t groups, HqAhead *ahead, double *sum));

/** What the same windows' means lie above their pivots, and their variances (deviation.h). */
HQ_WIDE_DECLARE(void, hq_window_many_spreads,
                (const double *x, size_t segment, size_t groups, HqAhead *ahead, double period, double *offset,
                 double *spread));

/** The same windows' means and standard deviations (deviation.h). */
HQ_WIDE_DECLARE(void, hq_window_many_means, (const double *x, size_t segment, size_t groups, HqAhead *ahead,
                                             double period, double *mean));
HQ_WIDE_DECLARE(void, hq_window_many_deviations,
                (const double *x, size_t segment, size_t groups, HqAhead *ahead, double period, double *mean,
                 double *deviation));

/** The build for as many segments. */
#if defined(__x86_64__)
#  define HQ_WINDOW_MANY(name, segments)                                  \
      ((segments) == HQ_WIDE_LANES_avx512 ? name##_avx512                 \
       : (segments) == HQ_WIDE_LANES_avx2 ? name##_avx2 : name##_baseline)
#else
#  define HQ_WINDOW_MANY(name, segments) (name##_baseline)
#endif

#endif
