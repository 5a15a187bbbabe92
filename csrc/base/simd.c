/* Which vector instructions are used: what the machine has, up to a limit. */
#include "base/simd.h"

#include "base/error.h"

_Atomic uint32_t hq_simd_now = HQ_SIMD_UNKNOWN;

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
    uint32_t now = atomic_load_explicit(&hq_simd_now, memory_order_relaxed);
    if (now != HQ_SIMD_UNKNOWN)
        return now;
    /* Whoever asks first; a limit that is set meanwhile stays. */
    uint32_t machine = machine_level();
    return atomic_compare_exchange_strong(&hq_simd_now, &now, machine) ? machine : now;
}

HqStatus hq_simd_limit(uint32_t level)
{
    if (level > HQ_SIMD_AVX512)
        return hq_fail(HQ_EINVAL, "level must be HQ_SIMD_BASELINE (0), HQ_SIMD_AVX2 (1) or "
                                  "HQ_SIMD_AVX512 (2), got %u", (unsigned)level);
    uint32_t machine = machine_level();
    atomic_store_explicit(&hq_simd_now, level < machine ? level : machine, memory_order_relaxed);
    return HQ_OK;
}
