/* The pieces of the metrics beside plain loops, on every width. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "random.h"
#include "base/number.h"
#include "hquant/simd.h"
#include "metrics/checks.h"
#include "metrics/days.h"
#include "metrics/falls.h"
#include "metrics/select.h"
#include "metrics/times.h"
#include "metrics/steps.h"

enum { MOST = 6000, BLOCK = HQ_STEPS_BLOCK };

static const int64_t DAY = 86400000;
/* ------------------------------------------------------------------- selection */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Numbers that share few of their bits, or nearly all of them. */
static double number(int kind)
{
    static const double odd[] = {0, -0.0, 5e-324, -5e-324, 1e308, -1e308, 1, -1};
    switch (kind) {
    case 0: return (uniform() - 0.5) * 0.1;
    case 1: return 0.01;
    case 2: return 1 + (double)(draw() % 64) * 0x1p-52;
    case 3: return odd[draw() % 8];
    case 4: return (double)(int64_t)(draw() % 7) - 3;
    default: return ldexp(uniform() - 0.5, (int)(draw() % 2000) - 1000);
    }
}

static void selection_is_sortings(int kind, size_t n)
{
    static double x[MOST], sorted[MOST], room[MOST];
    for (size_t i = 0; i < n; i++)
        x[i] = sorted[i] = number(kind);
    qsort(sorted, n, sizeof *sorted, by_value);
    size_t stride = n / 50 + 1;
    for (size_t place = 0; place < n; place += stride)
        CHECK(hq_select(x, n, place, room) == sorted[place]);
    CHECK(hq_select(x, n, n - 1, room) == sorted[n - 1]);
}

/* ------------------------------------------------------------------------ days */

/* In pieces of any size. */
static bool look_at_all(HqTimes *times, const int64_t *time, size_t n)
{
    *times = hq_times_begin(time, n);
    for (size_t end = 0; end < n;) {
        size_t piece = draw() % (n - end + 1);
        if (!hq_times_look_to(times, end += piece))
            return false;
    }
    hq_times_end(times);
    return true;
}

static void days_are_the_plain_loops(size_t n, int64_t spacing, int64_t start, bool is_even)
{
    static int64_t time[MOST];
    static double level[MOST], closes[MOST], expected[MOST];
    size_t days = 0;
    HqTimes times;
    for (size_t i = 0; i < n; i++) {
        int64_t gap = draw() % 50 == 0 ? (int64_t)(draw() % 9) * DAY : (int64_t)(draw() % 3) * spacing;
        gap = is_even ? spacing : gap;
        time[i] = i ? time[i - 1] + gap : start;
        level[i] = uniform();
        int64_t day = (int64_t)floor((double)time[i] / (double)DAY);
        int64_t before = i ? (int64_t)floor((double)time[i - 1] / (double)DAY) : day - 1;
        days += day != before;
        expected[days - 1] = level[i];
    }
    CHECK(look_at_all(&times, time, n) && times.step == (is_even ? spacing : 0));
    CHECK(hq_days_closes(&times, level, n, closes) == days);
    CHECK(hq_days_closes(&times, level, days - 1, closes) == days - 1); /* no more than there is room for */
    CHECK(memcmp(closes, expected, days * sizeof *closes) == 0);
    CHECK(hq_days_most(&times) >= days && hq_days_most(&times) <= n);
    for (int k = 0; k < 40; k++) {
        int64_t at = time[0] - 5 + (int64_t)(draw() % (uint64_t)(time[n - 1] - time[0] + 10));
        at = k % 2 ? time[draw() % n] : at;
        size_t from = 0, place = 0;
        while (place < n && time[place] < at)
            place++;
        from = place ? draw() % (place + 1) : 0;
        CHECK(hq_first_at(&times, from, at) == place);
        uint64_t guess = k % 4 ? place + draw() % 3 - 1 : draw();
        CHECK(hq_first_at_guess(&times, from, at, guess) == place);
    }
}

/* ----------------------------------------------------------------------- falls */

static HqFalls falls_one_by_one(const int64_t *time, const double *level, size_t n)
{
    HqFalls f = hq_falls_begin(100, time[0]);
    for (size_t i = 0; i < n; i++, f.steps++) {
        bool under = level[i] < f.peak;
        if (under || f.under)
            hq_falls_note(&f, f.steps, time[i]);
        if (under) {
            double fall = (level[i] - f.peak) / f.peak;
            hq_sum_add(&f.squares, fall * fall);
        } else {
            f.peak = level[i];
            f.peak_time = time[i];
            f.peak_step = f.steps;
        }
        f.under = under;
    }
    return f;
}

static void compare_falls(const int64_t *time, const double *level, size_t n, HqFalls *baseline)
{
    HqFalls found = hq_falls_begin(100, time[0]), expected = falls_one_by_one(time, level, n);
    hq_falls_push(&found, time, level, n);
    hq_falls_end(&found, time[n - 1]);
    CHECK(found.peak == expected.peak && found.peak_time == expected.peak_time);
    CHECK(found.peak_step == expected.peak_step && found.under == expected.under);
    CHECK(found.steps == expected.steps && found.longest_ms == expected.longest_ms);
    CHECK(found.longest_steps == expected.longest_steps);
    double squares = hq_sum(found.squares), plain = hq_sum(expected.squares);
    CHECK(fabs(squares - plain) <= 1e-14 * plain);
    if (hq_simd_level() == HQ_SIMD_BASELINE)
        *baseline = found;
    CHECK(squares == hq_sum(baseline->squares));
}

static void falls_are_the_plain_loops(size_t n, double drift, double still, HqFalls *baseline)
{
    static int64_t time[BLOCK];
    static double level[BLOCK];
    for (size_t i = 0; i < n; i++) {
        double before = i ? level[i - 1] : 100;
        time[i] = (i ? time[i - 1] : 5) + (int64_t)(draw() % 3);
        level[i] = uniform() < still ? before : before * (1 + drift + 0.01 * (uniform() - 0.5));
    }
    compare_falls(time, level, n, baseline);
}

/* Down and up to the very peak again, in stretches of multiples of a length. */
static void falls_end_at_the_peak_itself(size_t n, size_t length, HqFalls *baseline)
{
    static int64_t time[BLOCK];
    static double level[BLOCK];
    size_t left = 0;
    bool low = false;
    for (size_t i = 0; i < n; i++, left--) {
        if (left == 0) {
            left = length * (1 + draw() % 5);
            low = !low;
        }
        time[i] = (int64_t)i * 3;
        level[i] = low ? 99 : 100;
    }
    compare_falls(time, level, n, baseline);
}

/* ----------------------------------------------------------------------- steps */

/* Of some lengths zeros of both signs, of others nothing but gains. */
static double some_return(size_t n)
{
    if (n == 3 || n == 16)
        return draw() % 2 ? 0.0 : -0.0;
    if (n < 10)
        return 0.02 * (uniform() + 1);
    return draw() % 5 ? 0.02 * (uniform() - 0.45) : 0;
}

static void steps_are_the_plain_loops(size_t n, double risk_free, HqSteps *baseline)
{
    double x[BLOCK], gains = 0, losses = 0, least = INFINITY, most = -INFINITY;
    long double sum[7] = {0};
    HqSteps found = hq_steps_begin((HqPair){1e-3, 1e-6}, risk_free);
    for (size_t i = 0; i < n; i++) {
        x[i] = some_return(n);
        long double off = (long double)x[i] - 1e-3 - 1e-6, excess = (long double)(x[i] - risk_free);
        gains += x[i] > 0;
        losses += x[i] < 0;
        least = fmin(least, x[i]);
        most = fmax(most, x[i]);
        sum[0] += off * off * off;
        sum[1] += off * off * off * off;
        sum[2] += x[i] > 0 ? x[i] : 0;
        sum[3] += x[i] < 0 ? x[i] : 0;
        sum[4] += excess > 0 ? excess : 0;
        sum[5] += excess < 0 ? excess : 0;
        sum[6] += excess < 0 ? excess * excess : 0;
    }
    hq_steps_push(&found, x, n);
    HqSum sums[7] = {found.third, found.fourth, found.sides.gained, found.sides.lost,
                     found.above, found.below, found.below_squared};
    CHECK(found.sides.gains == gains && found.sides.losses == losses);
    CHECK(found.least == least && found.most == most);
    for (int k = 0; k < 7; k++) {
        long double scale = k ? fabsl(sum[k]) : sum[1] / 0.01L; /* third powers have two signs */
        CHECK(fabsl(hq_sum(sums[k]) - sum[k]) <= 1e-14L * scale);
    }
    if (hq_simd_level() == HQ_SIMD_BASELINE)
        *baseline = found;
    CHECK(memcmp(&found, baseline, sizeof found) == 0);
}

/* Skew and kurtosis are those about the mean, whatever the center, and to the bit where it is the mean. */
static void powers_may_have_any_center(size_t n, double drift)
{
    double x[BLOCK];
    HqMoments moments;
    for (size_t i = 0; i < n; i++)
        x[i] = drift + 0.02 * (uniform() - 0.4) * uniform();
    hq_moments_begin(&moments);
    hq_moments_push(&moments, x, n);
    HqPair mean = hq_moments_mean(&moments);
    double deviation = hq_moments_deviation(&moments);
    HqSteps about_mean = hq_steps_begin(mean, 0);
    hq_steps_push(&about_mean, x, n);
    CHECK(!hq_steps_is_off(&about_mean, &moments));
    for (int k = -2; k <= 2; k++) {
        HqSteps found = hq_steps_begin((HqPair){mean.high + k * 0.6 * deviation, 0}, 0);
        hq_steps_push(&found, x, n);
        CHECK(hq_steps_is_off(&found, &moments) == (k == -2 || k == 2));
        CHECK(fabs(hq_steps_skew(&found, &moments) - hq_steps_skew(&about_mean, &moments)) < 1e-12);
        CHECK(fabs(hq_steps_kurtosis(&found, &moments) - hq_steps_kurtosis(&about_mean, &moments)) < 1e-11);
    }
}

/* ----------------------------------------------------------------------- times */

static void the_least_step_is_found_wherever_it_is(void)
{
    static int64_t time[40];
    int64_t least;
    HqTimes times;
    for (size_t n = 2; n <= 40; n++)
        for (size_t at = 1; at < n; at++)
            for (int64_t off = -1001; off <= 1; off += 167) {
                for (size_t i = 0; i < n; i++)
                    time[i] = 1000 * (int64_t)i - (i >= at ? off : 0);
                int64_t expected = n == 2 || off > 0 ? 1000 - off : 1000;
                CHECK(HQ_WIDE_CHOOSE(hq_times_look)(time, n, &least) && least == expected);
                CHECK(look_at_all(&times, time, n));
                CHECK(times.step == (n == 2 ? 1000 - off : 0));
                time[at] = time[at - 1] - 1;
                CHECK(!HQ_WIDE_CHOOSE(hq_times_look)(time, n, &least) && least == -1);
                CHECK(!look_at_all(&times, time, n));
            }
}

/* Where the difference of two times is no int64. */
static void falls_that_wrap_are_falls(void)
{
    static const int64_t time[] = {0, INT64_MAX, -2, 5};
    int64_t least;
    CHECK(!HQ_WIDE_CHOOSE(hq_times_look)(time, 4, &least));
    CHECK(HQ_WIDE_CHOOSE(hq_times_look)(time, 2, &least) && least == INT64_MAX);
    CHECK(HQ_WIDE_CHOOSE(hq_times_look)(time, 1, &least) && least == INT64_MAX);
}

/* ---------------------------------------------------------------------- checks */

static void the_first_bad_one_is_found(void)
{
    static int64_t time[3 * BLOCK];
    static double x[3 * BLOCK];
    static const size_t places[] = {1, 2, 7, 8, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 3 * BLOCK - 1};
    const size_t n = 3 * BLOCK;
    for (size_t i = 0; i < n; i++)
        x[i] = (double)(time[i] = (int64_t)i + 1);
    CHECK(HQ_WIDE_CHOOSE(hq_find_bad_time)(time, n) == n);
    CHECK(HQ_WIDE_CHOOSE(hq_find_bad_equity)(x, n) == n);
    x[0] = 0;
    CHECK(HQ_WIDE_CHOOSE(hq_find_bad_equity)(x, n) == 1);
    x[0] = 1;
    for (size_t k = 0; k < sizeof places / sizeof *places; k++) {
        static const double bad[] = {NAN, INFINITY, -INFINITY, -1.5};
        size_t at = places[k];
        for (int b = 0; b < 4; b++) {
            x[at] = bad[b];
            CHECK(HQ_WIDE_CHOOSE(hq_find_bad_equity)(x, n) == at);
            CHECK(HQ_WIDE_CHOOSE(hq_find_bad_return)(x, n) == at);
            CHECK(HQ_WIDE_CHOOSE(hq_find_bad_price)(x, n) == (isnan(bad[b]) ? n : at));
        }
        x[at] = 0;
        CHECK(HQ_WIDE_CHOOSE(hq_find_bad_equity)(x, n) == (at + 1 < n ? at + 1 : n));
        CHECK(HQ_WIDE_CHOOSE(hq_find_bad_price)(x, n) == at);
        x[at] = (double)time[at];
        time[at] = time[at - 1] - 1;
        CHECK(HQ_WIDE_CHOOSE(hq_find_bad_time)(time, n) == at);
        time[at] = time[at - 1] + 1;
    }
}

/* ------------------------------------------------------------------------ words */

static void numbers_have_six_digits_and_commas(void)
{
    static const struct {
        double value;
        const char *plain, *grouped;
    } cases[] = {
        {0.5, "0.5", "0.5"}, {7, "7", "7"}, {999, "999", "999"}, {1000, "1000", "1,000"},
        {1234.5, "1234.5", "1,234.5"}, {525600, "525600", "525,600"}, {999999, "999999", "999,999"},
        {1e6, "1e+06", "1e+06"}, {1.25e7, "1.25e+07", "1.25e+07"}, {1e-5, "1e-05", "1e-05"},
        {1.0 / 3, "0.333333", "0.333333"}, {NAN, "nan", "nan"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CHECK(strcmp(hq_number_short(cases[i].value, false).text, cases[i].plain) == 0);
        CHECK(strcmp(hq_number_short(cases[i].value, true).text, cases[i].grouped) == 0);
    }
}

int main(void)
{
    numbers_have_six_digits_and_commas();
    static const size_t lengths[] = {1, 2, 3, 7, 8, 9, 16, 100, 1000, BLOCK};
    enum { LENGTHS = sizeof lengths / sizeof *lengths };
    static HqFalls falls[LENGTHS][5];
    static HqSteps steps[LENGTHS][2];
    for (int kind = 0; kind < 6; kind++) {
        for (int i = 0; i < LENGTHS; i++)
            selection_is_sortings(kind, lengths[i]);
        selection_is_sortings(kind, MOST);
    }
    for (int64_t spacing = 60000; spacing <= 2 * DAY; spacing *= 7)
        for (int64_t start = -40 * DAY - 1; start < 50 * DAY; start += 40 * DAY)
            for (int is_even = 0; is_even < 2; is_even++)
                days_are_the_plain_loops(MOST, spacing, start, is_even);
    uint32_t machine = hq_simd_level();
    for (uint32_t level = HQ_SIMD_BASELINE; level <= machine; level++) {
        CHECK(hq_simd_limit(level) == HQ_OK && hq_simd_level() == level);
        seed = 11;
        for (int i = 0; i < LENGTHS; i++) {
            falls_are_the_plain_loops(lengths[i], 0, 0.2, &falls[i][0]);
            falls_are_the_plain_loops(lengths[i], 0.004, 0.2, &falls[i][1]);
            falls_are_the_plain_loops(lengths[i], 0, 0.97, &falls[i][2]);
            falls_end_at_the_peak_itself(lengths[i], 1, &falls[i][3]);
            falls_end_at_the_peak_itself(lengths[i], HQ_LANES, &falls[i][4]);
            steps_are_the_plain_loops(lengths[i], 0, &steps[i][0]);
            steps_are_the_plain_loops(lengths[i], 1e-4, &steps[i][1]);
            if (lengths[i] > 4) {
                powers_may_have_any_center(lengths[i], 0);
                powers_may_have_any_center(lengths[i], 0.3);
            }
        }
        the_least_step_is_found_wherever_it_is();
        falls_that_wrap_are_falls();
        the_first_bad_one_is_found();
    }
    return check_report("metrics parts");
}
