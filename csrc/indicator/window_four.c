#include "indicator/window_four.h"

#include <stdbool.h>

#include "indicator/deviation.h"

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
    for (size_t lane = 0; lane < HQ_FOUR_LANES; lane++)
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
    for (size_t lane = 0; lane < HQ_FOUR_LANES; lane++) {
        double *row = to + lane * segment;
        if (n == HQ_FOUR_LANES)
            _mm256_storeu_pd(row, values[lane]);
        else
            put_some(values[lane], row, n);
    }
}

/* What is asked for, known to each loop when it is compiled. */
typedef enum Wanted {
    SUMS,
    MEANS, /* of them */
    MOMENTS,
    DEVIATIONS, /* and means */
} Wanted;

/* The sums of a lane; the second is not computed where nobody asks for it. */
typedef struct Sums {
    __m256d plain, squares;
} Sums;

HQ_FOUR bool have_squares(const Wanted wanted) { return wanted == MOMENTS || wanted == DEVIATIONS; }

HQ_FOUR Sums plus(Sums run, __m256d d, const Wanted wanted)
{
    run.plain = _mm256_add_pd(run.plain, d);
    if (have_squares(wanted))
        run.squares = _mm256_add_pd(run.squares, _mm256_mul_pd(d, d));
    return run;
}

/* A window's sums: of what is left of the segment before, and of the current one up to now. */
typedef struct Window {
    const double *before[HQ_FOUR_LANES], *row[HQ_FOUR_LANES];
    __m256d pivot, period, share;
    Sums run;
    Sums suffix[HQ_FOUR_SEGMENT_MOST];
} Window;

/* Of a window's sums what is asked for. */
HQ_FOUR Sums finish(const Window *w, Sums all, const Wanted wanted)
{
    __m256d mean = HQ_WINDOW_MEAN(w->pivot, all.plain, w->period);
    if (wanted == MEANS)
        return (Sums){mean, all.squares};
    if (wanted == DEVIATIONS) {
        __m256d variance = HQ_WINDOW_VARIANCE(all.plain, all.squares, w->share);
        return (Sums){mean, _mm256_sqrt_pd(_mm256_max_pd(_mm256_setzero_pd(), variance))};
    }
    return all;
}

/* As hq_window_sum_fold(): from position q on, n of them. */
HQ_FOUR void fold(Window *w, size_t q, const size_t n, const Wanted wanted)
{
    __m256d v[HQ_FOUR_LANES];
    hq_four_take(v, AT(w->before, q));
    for (size_t b = n; b-- > 0;)
        w->suffix[q + b] = w->run = plus(w->run, _mm256_sub_pd(v[b], w->pivot), wanted);
}

/* As hq_window_sum(). */
HQ_FOUR void slide(Window *w, size_t i, const size_t n, double *first, double *second, size_t segment,
                   const Wanted wanted)
{
    __m256d v[HQ_FOUR_LANES], s[HQ_FOUR_LANES] = {{0}};
    hq_four_take(v, AT(w->row, i));
    for (size_t b = 0; b < n; b++) {
        const Sums *behind = &w->suffix[i + b];
        Sums all = w->run = plus(w->run, _mm256_sub_pd(v[b], w->pivot), wanted);
        all.plain = _mm256_add_pd(behind->plain, all.plain);
        if (have_squares(wanted))
            all.squares = _mm256_add_pd(behind->squares, all.squares);
        all = finish(w, all, wanted);
        v[b] = all.plain;
        s[b] = all.squares;
    }
    put_rows(v, first + i, segment, n);
    if (have_squares(wanted))
        put_rows(s, second + i, segment, n);
}

/* To `first` sums or means, to `second` sums of squares or deviations. */
HQ_FOUR void run_four(const double *x, size_t segment, double period, double *first, double *second,
                      const Wanted wanted)
{
    const Sums none = {_mm256_setzero_pd(), _mm256_setzero_pd()};
    const size_t rest = segment % HQ_FOUR_LANES, whole = segment - rest;
    Window w;
    lay_rows(w.before, x - segment, segment);
    lay_rows(w.row, x, segment);
    w.pivot = _mm256_setr_pd(AT_EACH(w.row, -1));
    w.period = _mm256_set1_pd(period);
    w.share = _mm256_set1_pd(1 / period);
    w.run = none;
    OF_REST(fold(&w, whole, REST, wanted))
    for (size_t q = whole; q > 0; q -= HQ_FOUR_LANES)
        fold(&w, q - HQ_FOUR_LANES, HQ_FOUR_LANES, wanted);
    w.run = none;
    for (size_t i = 0; i < whole; i += HQ_FOUR_LANES)
        slide(&w, i, HQ_FOUR_LANES, first, second, segment, wanted);
    OF_REST(slide(&w, whole, REST, first, second, segment, wanted))
}

HQ_WITH_FOURS void hq_window_four_sums(const double *x, size_t segment, double *sum)
{
    run_four(x, segment, 0, sum, NULL, SUMS);
}

HQ_WITH_FOURS void hq_window_four_moments(const double *x, size_t segment, double *sum, double *squares)
{
    run_four(x, segment, 0, sum, squares, MOMENTS);
}

HQ_WITH_FOURS void hq_window_four_means(const double *x, size_t segment, double period, double *mean)
{
    run_four(x, segment, period, mean, NULL, MEANS);
}

HQ_WITH_FOURS void hq_window_four_deviations(const double *x, size_t segment, double period, double *mean,
                                             double *deviation)
{
    run_four(x, segment, period, mean, deviation, DEVIATIONS);
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

void hq_window_four_means(const double *x, size_t segment, double period, double *mean)
{
    (void)x, (void)segment, (void)period, (void)mean;
}

void hq_window_four_deviations(const double *x, size_t segment, double period, double *mean,
                               double *deviation)
{
    (void)x, (void)segment, (void)period, (void)mean, (void)deviation;
}
#endif
