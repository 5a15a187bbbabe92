#include "indicator/window_four.h"

#include <stdbool.h>

#if HQ_HAS_FOURS
#define AT(row, i) row[0] + (i), row[1] + (i), row[2] + (i), row[3] + (i)
#define AT_EACH(row, i) row[0][i], row[1][i], row[2][i], row[3][i]

/* What is left of a segment, with its number known. */
#define OF_REST(act)                                         \
    switch (rest) {                                          \
    case 1: { enum { REST = 1 }; act; break; }               \
    case 2: { enum { REST = 2 }; act; break; }               \
    case 3: { enum { REST = 3 }; act; break; }               \
    default: break;                                          \
    }

/* Four rows, a segment apart. */
HQ_FOUR void lay_rows(const double **row, const double *first, size_t segment)
{
    for (size_t lane = 0; lane < HQ_LANES; lane++)
        row[lane] = first + lane * segment;
}

/* 1 to 3 of them. */
HQ_FOUR void put_some(__m256d values, double *to, const size_t n)
{
    __m128d low = _mm256_castpd256_pd128(values);
    if (n == 1)
        _mm_store_sd(to, low);
    else
        _mm_storeu_pd(to, low);
    if (n == 3)
        _mm_store_sd(to + 2, _mm256_extractf128_pd(values, 1));
}

/* The first n values of each row. */
HQ_FOUR void put_rows(__m256d *values, double *to, size_t segment, const size_t n)
{
    hq_four_turn(values);
    for (size_t lane = 0; lane < HQ_LANES; lane++) {
        double *row = to + lane * segment;
        if (n == HQ_LANES)
            _mm256_storeu_pd(row, values[lane]);
        else
            put_some(values[lane], row, n);
    }
}

/* The sums of a lane; the second is not computed where nobody asks for it. */
typedef struct Sums {
    __m256d plain, squares;
} Sums;

HQ_FOUR Sums plus(Sums run, __m256d d, const bool has_squares)
{
    run.plain = _mm256_add_pd(run.plain, d);
    if (has_squares)
        run.squares = _mm256_add_pd(run.squares, _mm256_mul_pd(d, d));
    return run;
}

/* A window's sums: of what is left of the segment before, and of the current one up to now. */
typedef struct Window {
    const double *before[HQ_LANES], *row[HQ_LANES];
    __m256d pivot;
    Sums run;
    Sums suffix[HQ_FOUR_SEGMENT_MOST];
} Window;

/* As hq_window_sum_fold(): from position q on, n of them. */
HQ_FOUR void fold(Window *w, size_t q, const size_t n, const bool has_squares)
{
    __m256d v[HQ_LANES];
    hq_four_take(v, AT(w->before, q));
    for (size_t b = n; b-- > 0;)
        w->suffix[q + b] = w->run = plus(w->run, _mm256_sub_pd(v[b], w->pivot), has_squares);
}

/* As hq_window_sum(). */
HQ_FOUR void slide(Window *w, size_t i, const size_t n, double *sum, double *squares, size_t segment,
                   const bool has_squares)
{
    __m256d v[HQ_LANES], s[HQ_LANES] = {{0}};
    hq_four_take(v, AT(w->row, i));
    for (size_t b = 0; b < n; b++) {
        const Sums *behind = &w->suffix[i + b];
        w->run = plus(w->run, _mm256_sub_pd(v[b], w->pivot), has_squares);
        v[b] = _mm256_add_pd(behind->plain, w->run.plain);
        if (has_squares)
            s[b] = _mm256_add_pd(behind->squares, w->run.squares);
    }
    put_rows(v, sum + i, segment, n);
    if (has_squares)
        put_rows(s, squares + i, segment, n);
}

HQ_FOUR void run_four(const double *x, size_t segment, double *sum, double *squares, const bool has_squares)
{
    const Sums none = {_mm256_setzero_pd(), _mm256_setzero_pd()};
    const size_t rest = segment % HQ_LANES, whole = segment - rest;
    Window w;
    lay_rows(w.before, x - segment, segment);
    lay_rows(w.row, x, segment);
    w.pivot = _mm256_setr_pd(AT_EACH(w.row, -1));
    w.run = none;
    OF_REST(fold(&w, whole, REST, has_squares))
    for (size_t q = whole; q > 0; q -= HQ_LANES)
        fold(&w, q - HQ_LANES, HQ_LANES, has_squares);
    w.run = none;
    for (size_t i = 0; i < whole; i += HQ_LANES)
        slide(&w, i, HQ_LANES, sum, squares, segment, has_squares);
    OF_REST(slide(&w, whole, REST, sum, squares, segment, has_squares))
}

HQ_WITH_FOURS void hq_window_four_sums(const double *x, size_t segment, double *sum)
{
    run_four(x, segment, sum, NULL, false);
}

HQ_WITH_FOURS void hq_window_four_moments(const double *x, size_t segment, double *sum, double *squares)
{
    run_four(x, segment, sum, squares, true);
}
#else
void hq_window_four_sums(const double *x, size_t segment, double *sum)
{
    (void)x, (void)segment, (void)sum;
}

void hq_window_four_moments(const double *x, size_t segment, double *sum, double *squares)
{
    (void)x, (void)segment, (void)sum, (void)squares;
}
#endif
