/* Which vector instructions are used, where a call to ask would cost more than the answer. */
#ifndef HQ_BASE_SIMD_H
#define HQ_BASE_SIMD_H

#include <stdatomic.h>

#include "hquant/simd.h"

enum { HQ_SIMD_UNKNOWN = UINT8_MAX }; /* nobody has asked yet */

/** What hq_simd_level() answers. */
extern _Atomic uint32_t hq_simd_now;

static inline uint32_t hq_simd_used(void)
{
    uint32_t now = atomic_load_explicit(&hq_simd_now, memory_order_relaxed);
    return now != HQ_SIMD_UNKNOWN ? now : hq_simd_level();
}

#endif
