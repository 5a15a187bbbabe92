/*
 * The sums of window.h over four whole segments at once, a lane each: over a block (window_span.h). What is
 * made of them is made where they are: stores and loads of sums would take a quarter of the time.
 */
#ifndef HQ_INDICATOR_WINDOW_FOUR_H
#define HQ_INDICATOR_WINDOW_FOUR_H

#include <stddef.h>

#include "base/four.h"

/** Bars of a segment. Of less there is little to be done at once, of more none for which sums are kept so. */
enum { HQ_FOUR_SEGMENT_LEAST = 4, HQ_FOUR_SEGMENT_MOST = 128 };

enum { HQ_FOUR_BEYOND = 3 }; /* bars behind the segments that are read, for nothing */

/**
 * The windows that end in four segments, the first of which begins at x; hq_has_fours().
 * @param x        bars; those of the segment before stand before it.
 * @param[out] sum of each bar's window, of x - pivot; `squares`: of (x - pivot)^2.
 */
void hq_window_four_sums(const double *x, size_t segment, double *sum);
void hq_window_four_moments(const double *x, size_t segment, double *sum, double *squares);

/** The same windows' means and standard deviations (deviation.h). */
void hq_window_four_means(const double *x, size_t segment, double period, double *mean);
void hq_window_four_deviations(const double *x, size_t segment, double period, double *mean,
                               double *deviation);

#endif
