/* Which vector instructions are used: what the machine has, up to a limit. */
#include "hquant/simd.h"

#include <stdatomic.h>

#include "base/error.h"

static _Atomic uint32_t limit = HQ_SIMD_AVX512;

static uint32_t machine_level(void)
{
#if defined(__x86_64__)
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma"))
        return HQ_SIMD_BASELINE;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl"))
        return HQ_SIMD_AVX512;
    return HQ_SIMD_AVX2;
#else
    return HQ_SIMD_BASELINE;
#endif
}

uint32_t hq_simd_level(void)
{
    uint32_t machine = machine_level();
    uint32_t most = atomic_load_explicit(&limit, memory_order_relaxed);
    return machine < most ? machine : most;
}

HqStatus hq_simd_limit(uint32_t level)
{
    if (level > HQ_SIMD_AVX512)
        return hq_fail(HQ_EINVAL, "level must be HQ_SIMD_BASELINE (0), HQ_SIMD_AVX2 (1) or "
                                  "HQ_SIMD_AVX512 (2), got %u", (unsigned)level);
    atomic_store_explicit(&limit, level, memory_order_relaxed);
    return HQ_OK;
}
