/* Are numbers known and of a size that no arithmetic of indicators overflows with? */
#ifndef HQ_BASE_BOUNDED_H
#define HQ_BASE_BOUNDED_H

#include <stdbool.h>

#include "base/known.h"
#include "base/wide.h"

HQ_WIDE_DECLARE(bool, hq_are_bounded, (const double *x, size_t n));

/** Whether each of n numbers is within HQ_VALUE_MAX, so neither NaN nor infinite. */
static inline bool hq_are_bounded(const double *x, size_t n)
{
    return HQ_WIDE_CHOOSE(hq_are_bounded)(x, n);
}

HQ_WIDE_DECLARE(void, hq_make_known, (double *x, size_t n));

/** hq_known() of n numbers, in place: arithmetic leaves many NaN, callers see one. */
static inline void hq_make_known(double *x, size_t n)
{
    if (!hq_are_bounded(x, n)) /* most are */
        HQ_WIDE_CHOOSE(hq_make_known)(x, n);
}

#endif
