/*
 * Rows of numbers as columns, for loops in which a lane is a row of its own: as many rows as a register
 * has lanes, four numbers of each at a time. For *_wide.c.
 */
#ifndef HQ_BASE_ROWS_H
#define HQ_BASE_ROWS_H

#include "base/four.h"
#include "base/wide.h"

enum { HQ_ROWS_STEP = 4 }; /* numbers of a row that are turned at once */

#if HQ_WIDE(HQ_WIDE_LANES) > 2
/* The first n of four: stores with a mask take many times as long. */
static inline void hq_rows_put_some(double *to, __m256d numbers, const size_t n)
{
    __m128d low = _mm256_castpd256_pd128(numbers);
    if (n == HQ_ROWS_STEP)
        _mm256_storeu_pd(to, numbers);
    else if (n == 1)
        _mm_store_sd(to, low);
    else
        _mm_storeu_pd(to, low);
    if (n == 3)
        _mm_store_sd(to + 2, _mm256_extractf128_pd(numbers, 1));
}
#endif

#if HQ_WIDE(HQ_WIDE_LANES) == 8
/* Two numbers of each other row: of the first, the third, and so on. */
static inline HqVec hq_rows_pairs(const double *row, size_t apart)
{
    __m256d low = _mm256_insertf128_pd(_mm256_castpd128_pd256(_mm_loadu_pd(row)),
                                       _mm_loadu_pd(row + 2 * apart), 1);
    __m256d high = _mm256_insertf128_pd(_mm256_castpd128_pd256(_mm_loadu_pd(row + 4 * apart)),
                                        _mm_loadu_pd(row + 6 * apart), 1);
    return _mm512_insertf64x4(_mm512_castpd256_pd512(low), high, 1);
}

/** Four numbers of each row, which begin `apart` from each other, the first at `row`: to[k] gets each one's k-th. */
static inline void hq_rows_take(HqVec *to, const double *row, size_t apart)
{
    for (size_t k = 0; k < HQ_ROWS_STEP; k += 2) {
        HqVec even = hq_rows_pairs(row + k, apart), odd = hq_rows_pairs(row + apart + k, apart);
        to[k] = _mm512_unpacklo_pd(even, odd);
        to[k + 1] = _mm512_unpackhi_pd(even, odd);
    }
}

/* Two rows, two apart, that stand in the halves of a register. */
static inline void hq_rows_put_two(double *to, size_t apart, HqVec rows, const size_t n)
{
    hq_rows_put_some(to, _mm512_castpd512_pd256(rows), n);
    hq_rows_put_some(to + 2 * apart, _mm512_extractf64x4_pd(rows, 1), n);
}

/** Back: the first n of four numbers to each row, which begin `apart` from each other. */
static inline void hq_rows_put(const HqVec *from, double *to, size_t apart, const size_t n)
{
    const __m512i low = _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11);
    const __m512i high = _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15);
    HqVec even_01 = _mm512_unpacklo_pd(from[0], from[1]), odd_01 = _mm512_unpackhi_pd(from[0], from[1]);
    HqVec even_23 = _mm512_unpacklo_pd(from[2], from[3]), odd_23 = _mm512_unpackhi_pd(from[2], from[3]);
    hq_rows_put_two(to, apart, _mm512_permutex2var_pd(even_01, low, even_23), n);
    hq_rows_put_two(to + apart, apart, _mm512_permutex2var_pd(odd_01, low, odd_23), n);
    hq_rows_put_two(to + 4 * apart, apart, _mm512_permutex2var_pd(even_01, high, even_23), n);
    hq_rows_put_two(to + 5 * apart, apart, _mm512_permutex2var_pd(odd_01, high, odd_23), n);
}

#elif HQ_WIDE(HQ_WIDE_LANES) == 4
/* With twice the loads of hq_four_turn() and half its shuffles. */
static inline HqVec hq_rows_pairs(const double *row, size_t apart)
{
    return _mm256_insertf128_pd(_mm256_castpd128_pd256(_mm_loadu_pd(row)), _mm_loadu_pd(row + 2 * apart), 1);
}

static inline void hq_rows_take(HqVec *to, const double *row, size_t apart)
{
    for (size_t k = 0; k < HQ_ROWS_STEP; k += 2) {
        HqVec even = hq_rows_pairs(row + k, apart), odd = hq_rows_pairs(row + apart + k, apart);
        to[k] = _mm256_unpacklo_pd(even, odd);
        to[k + 1] = _mm256_unpackhi_pd(even, odd);
    }
}

static inline void hq_rows_put(const HqVec *from, double *to, size_t apart, const size_t n)
{
    HqVec row[HQ_ROWS_STEP] = {from[0], from[1], from[2], from[3]};
    hq_four_turn(row);
    for (size_t lane = 0; lane < HQ_VEC_LANES; lane++)
        hq_rows_put_some(to + lane * apart, row[lane], n);
}

#else
static inline void hq_rows_take(HqVec *to, const double *row, size_t apart)
{
    for (size_t k = 0; k < HQ_ROWS_STEP; k++)
        to[k] = hq_vec_load_apart(row + k, apart);
}

static inline void hq_rows_put(const HqVec *from, double *to, size_t apart, const size_t n)
{
    for (size_t k = 0; k < n; k++) {
        to[k] = from[k][0];
        to[apart + k] = from[k][1];
    }
}
#endif

#endif
