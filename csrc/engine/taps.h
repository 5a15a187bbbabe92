/* From lines and blocks to ring columns: the values of indicators, as callers see them. */
#ifndef HQ_ENGINE_TAPS_H
#define HQ_ENGINE_TAPS_H

#include "base/known.h"
#include "base/likely.h"
#include "base/wide.h"

/** A value as callers see it: arithmetic leaves many NaN, they see one. hq_newest_value() does it for them. */
static inline double hq_shown(double value) { return HQ_SELDOM(hq_is_unknown(value)) ? (double)NAN : value; }

/* A slot that is copied to a ring column, several lines at a time. */
typedef struct HqTap {
    uint32_t slot;
    double *column;
} HqTap;

/* The taps' slots of `count` lines, `stride` doubles apart, to their columns from `index` on. */
HQ_WIDE_DECLARE(void, hq_taps_copy, (const HqTap *taps, size_t n_taps, const double *line,
                                     size_t stride, size_t index, size_t count));

/* hq_shown() of n values that stand side by side. */
HQ_WIDE_DECLARE(void, hq_copy_shown, (const double *from, size_t n, double *to));

#endif
