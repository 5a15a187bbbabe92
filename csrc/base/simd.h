/* Which vector instructions are used, where a call to ask would cost more than the answer. */
#ifndef HQ_BASE_SIMD_H
#define HQ_BASE_SIMD_H

#include <stdatomic.h>

#include "hquant/simd.h"

enum { HQ_SIMD_UNKNOWN = UINT8_MAX }; /* nobody has asked yet */

/** What hq_simd_level() answers, and hq_simd_columns(). */
extern _Atomic uint32_t hq_simd_now, hq_simd_columns_now;

/**
 * The level for loops over indicators' columns: where a processor gets through their turns of rows and columns
 * sooner with the next narrower registers, that one, until somebody sets a limit. Answers are the same.
 */
uint32_t hq_simd_columns(void);

static inline uint32_t hq_simd_used(void)
{
    uint32_t now = atomic_load_explicit(&hq_simd_now, memory_order_relaxed);
    return now != HQ_SIMD_UNKNOWN ? now : hq_simd_level();
}

#endif
