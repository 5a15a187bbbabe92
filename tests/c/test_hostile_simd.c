/* Widths that there are not. */
#include "hostile.h"

#include "hquant/simd.h"

#define FUNCTIONS(X) X(hq_simd_level) X(hq_simd_limit)

FUNCTIONS(HOSTILE_DECLARE)

static uint32_t machine;

static int unchanged(void) { return hq_simd_level() == machine; }

static void hostile_hq_simd_level(void) { EXPECT(HQ_OK, hq_simd_level() <= HQ_SIMD_AVX512); }

static void hostile_hq_simd_limit(void)
{
    for (uint32_t level = 0; level <= HQ_SIMD_AVX512; level++) {
        EXPECT_STATUS(HQ_OK, hq_simd_limit(level));
        CHECK(hq_simd_level() == (level < machine ? level : machine));
    }
    EXPECT_STATUS(HQ_EINVAL, hq_simd_limit(HQ_SIMD_AVX512 + 1));
    EXPECT_STATUS(HQ_EINVAL, hq_simd_limit(UINT32_MAX));
    CHECK(hq_simd_level() == machine);
}

static const Hostile hostile[] = {FUNCTIONS(HOSTILE_ROW)};

int main(void)
{
    machine = hq_simd_level();
    return run_hostile(hostile, COUNT_OF(hostile), unchanged);
}
