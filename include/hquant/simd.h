/**
 * @file simd.h
 * Which vector instructions the library uses. Results do not depend on it, to the last bit: it is
 * there to be reported, and to be narrowed when that is to be tested.
 */
#ifndef HQUANT_SIMD_H
#define HQUANT_SIMD_H

#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* [cdef] */
/** Vector instructions, from narrow to wide. */
enum {
    HQ_SIMD_BASELINE = 0, /**< what every machine of the architecture has */
    HQ_SIMD_AVX2 = 1,     /**< AVX2 and FMA: 4 doubles */
    HQ_SIMD_AVX512 = 2    /**< AVX-512 F, DQ and VL: 8 doubles */
};

/** The widest that this machine has and hq_simd_limit() allows. */
HQ_API uint32_t hq_simd_level(void);

/**
 * Use nothing wider than `level`, in the whole process, for calls that begin afterwards, and nothing
 * narrower than it allows. Without a limit indicators' columns are computed by AVX2 on processors that have
 * AVX-512 and are faster without (Intel's).
 * @return HQ_OK, or HQ_EINVAL for a level that there is not.
 */
HQ_API HqStatus hq_simd_limit(uint32_t level);
/* [/cdef] */

#ifdef __cplusplus
}
#endif
#endif
