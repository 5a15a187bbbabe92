/*
 * Columns written past the caches. A line of a column that is written in place is read from memory first,
 * for nothing, and pushes out of the caches what is still to be used. Where a call's columns are more than
 * caches hold, they are made in a place that stays there, and copied from it in whole lines.
 */
#ifndef HQ_BASE_PAST_CACHES_H
#define HQ_BASE_PAST_CACHES_H

#include <stdbool.h>

#include "base/wide.h"

/** Whether so many columns of a call are more than caches hold. */
static inline bool hq_goes_past_caches(size_t columns, size_t length)
{
    enum { BYTES = 1 << 25 };
    return columns > 0 && length >= BYTES / sizeof(double) / columns;
}

/** Numbers before the first whole line; of a place that no number should have, more than there can be. */
static inline size_t hq_head_of_line(const double *to)
{
    return (uintptr_t)to % sizeof *to ? SIZE_MAX : (0 - (uintptr_t)to / sizeof *to) % HQ_LANES;
}

HQ_WIDE_DECLARE(void, hq_copy_past_caches, (double *to, const double *from, size_t n));

/** Copy n numbers; other threads may miss them until hq_end_past_caches(). */
static inline void hq_copy_past_caches(double *to, const double *from, size_t n)
{
    HQ_WIDE_CHOOSE(hq_copy_past_caches)(to, from, n);
}

static inline void hq_end_past_caches(void)
{
#if defined(__SSE2__) /* as the stores of wide.h */
    __builtin_ia32_sfence();
#endif
}

#endif
