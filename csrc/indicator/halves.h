/*
 * Windows of some more bars than plain sums are good for (window.h), as two of half as many, one behind
 * the other, at a fraction of the cost of pairs (window_exact.h). What the halves amount to is put
 * together from numbers that do not cancel, so a half's error is the whole's.
 */
#ifndef HQ_INDICATOR_HALVES_H
#define HQ_INDICATOR_HALVES_H

#include "indicator/row.h"

/** What computes SMA and STDDEV of such a window; NULL of any other. */
const HqRow *hq_sma_of_halves(const double *params);
const HqRow *hq_stddev_of_halves(const double *params);

#endif
