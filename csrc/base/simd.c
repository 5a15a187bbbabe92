/* Which vector instructions are used: what the machine has, up to a limit. */
#include "base/simd.h"

#include "base/error.h"

_Atomic uint32_t hq_simd_now = HQ_SIMD_UNKNOWN, hq_simd_columns_now = HQ_SIMD_UNKNOWN;

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

/* Intel's cores have three units for 256 bits and two for 512, one of which does all shuffles: a twelfth of
 * the time of W1 (bench/), where rows are turned into columns. */
static uint32_t columns_level(void)
{
    uint32_t level = machine_level();
#if defined(__x86_64__)
    if (level == HQ_SIMD_AVX512 && __builtin_cpu_is("intel"))
        return HQ_SIMD_AVX2;
#endif
    return level;
}

/* What is there already; else, of whoever asks first, `found`: a limit that is set meanwhile stays. */
static uint32_t settled(_Atomic uint32_t *level, uint32_t found)
{
    uint32_t now = HQ_SIMD_UNKNOWN;
    return atomic_compare_exchange_strong(level, &now, found) ? found : now;
}

uint32_t hq_simd_level(void)
{
    uint32_t now = atomic_load_explicit(&hq_simd_now, memory_order_relaxed);
    return now != HQ_SIMD_UNKNOWN ? now : settled(&hq_simd_now, machine_level());
}

uint32_t hq_simd_columns(void)
{
    uint32_t now = atomic_load_explicit(&hq_simd_columns_now, memory_order_relaxed);
    return now != HQ_SIMD_UNKNOWN ? now : settled(&hq_simd_columns_now, columns_level());
}

HqStatus hq_simd_limit(uint32_t level)
{
    if (level > HQ_SIMD_AVX512)
        return hq_fail(HQ_EINVAL, "level must be HQ_SIMD_BASELINE (0), HQ_SIMD_AVX2 (1) or "
                                  "HQ_SIMD_AVX512 (2), got %u", (unsigned)level);
    uint32_t machine = machine_level(), most = level < machine ? level : machine;
    atomic_store_explicit(&hq_simd_now, most, memory_order_relaxed);
    atomic_store_explicit(&hq_simd_columns_now, most, memory_order_relaxed);
    return HQ_OK;
}
