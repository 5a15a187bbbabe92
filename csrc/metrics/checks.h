/* What the columns of an input must be: the place of the first number that is not so, n when none. */
#ifndef HQ_METRICS_CHECKS_H
#define HQ_METRICS_CHECKS_H

#include <float.h>
#include <stddef.h>
#include <stdint.h>

#include "base/wide.h"

/** Times do not fall. */
HQ_WIDE_DECLARE(size_t, hq_find_bad_time, (const int64_t *time, size_t n));

/** Finite, >= 0, and nothing after 0. */
HQ_WIDE_DECLARE(size_t, hq_find_bad_equity, (const double *equity, size_t n));

/** Finite and >= -1. */
HQ_WIDE_DECLARE(size_t, hq_find_bad_return, (const double *returns, size_t n));

/** Finite and > 0, or NaN. */
HQ_WIDE_DECLARE(size_t, hq_find_bad_price, (const double *price, size_t n));

#endif
