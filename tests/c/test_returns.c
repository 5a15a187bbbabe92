/* The accumulator of a curve's returns: its laws on every width, and what it amounts to. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "random.h"
#include "hquant/simd.h"
#include "metrics/returns.h"

enum { LENGTH = 5000, KINDS = 8 };

/* Curves that rise, fall, stand still, go bust, jump, and ones whose return hardly deviates. */
static void fill(double *equity, size_t n, int kind)
{
    static const double growth[KINDS] = {0, 3e-3, -3e-3, 0, 0, 0, 0.001, 1};
    static const double noise[KINDS] = {0.01, 0.01, 0.01, 0.01, 0.01, 1.9, 0, 1e-13};
    double level = 10000;
    for (size_t i = 0; i < n; i++) {
        bool still = (kind == 3 || kind == 4) && (i / 37) % 3 > 0;
        if (kind == 4 && i > n / 2)
            level = 0;
        if (!still && level > 1e-280 && level < 1e280)
            level *= 1 + growth[kind] + noise[kind] * (uniform() - 0.5);
        equity[i] = level;
    }
}

/* ------------------------------------------------------------------------- laws */

static HqReturns whole(const double *equity, size_t n, double initial)
{
    HqReturns r;
    memset(&r, 0, sizeof r);
    hq_returns_begin(&r, initial);
    hq_returns_push(&r, equity, n);
    return r;
}

static bool same(double a, double b) { return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b)); }

static bool same_lanes(const double *a, const double *b)
{
    bool equal = true;
    for (int lane = 0; lane < HQ_LANES; lane++)
        equal = equal && same(a[lane], b[lane]);
    return equal;
}

/* To the bit, but for which NaN it is, and for which falls have been divided by their peak. */
static bool equal(const HqReturns *a, const HqReturns *b)
{
    const HqMoments *m = &a->moments, *k = &b->moments;
    return same(m->pivot, k->pivot) && same_lanes(m->group_sum, k->group_sum) &&
           same_lanes(m->group_lost, k->group_lost) &&
           same_lanes(m->group_square, k->group_square) &&
           same_lanes(m->sum, k->sum) && same_lanes(m->sum_lost, k->sum_lost) &&
           same_lanes(m->square, k->square) && same_lanes(m->square_lost, k->square_lost) &&
           m->place == k->place && m->count == k->count && same(a->start, b->start) &&
           same(a->equity, b->equity) && same(a->fall.peak, b->fall.peak) &&
           same(hq_returns_drawdown(a), hq_returns_drawdown(b)) && a->started == b->started;
}

static void any_split_gives_the_same_bits(const double *equity, size_t n, const HqReturns *expected)
{
    for (size_t most = 1; most < 70; most = most * 2 + 1) {
        HqReturns r;
        hq_returns_begin(&r, 0);
        for (size_t i = 0; i < n;) {
            size_t run = draw() % (most + 1);
            run = run < n - i ? run : n - i;
            hq_returns_push(&r, equity + i, run);
            i += run;
        }
        CHECK(equal(&r, expected));
    }
}

/* Those that are written are the plain ones, and the sums are the same. */
static void returns_can_be_had(const double *equity, size_t n, const HqReturns *expected)
{
    static double out[LENGTH + 1];
    for (size_t run = 1; run <= 3 * HQ_LANES + 2; run += run < HQ_LANES ? 1 : 5) {
        HqReturns r;
        hq_returns_begin(&r, 0);
        for (size_t i = 0, end; i < n; i = end) {
            end = n - i < run ? n : i + run;
            out[end - i] = 7;
            HqLevels levels, range = {INFINITY, -INFINITY};
            size_t found = hq_returns_push_to(&r, equity + i, end - i, out, &levels), at = end - found;
            CHECK(found == end - i - (i == 0) && out[end - i] == 7);
            for (size_t k = at; k < end; k++) {
                range.lowest = equity[k] < range.lowest ? equity[k] : range.lowest;
                range.highest = equity[k] > range.highest ? equity[k] : range.highest;
            }
            CHECK(levels.lowest == range.lowest && levels.highest == range.highest);
            for (size_t k = 0; k < found; k++)
                CHECK(same(out[k], hq_return(equity[at + k - 1], equity[at + k])));
        }
        CHECK(equal(&r, expected));
    }
    HqReturns r;
    HqLevels levels;
    hq_returns_begin(&r, 0);
    size_t first = n < HQ_RETURNS_BLOCK ? n : HQ_RETURNS_BLOCK; /* the most of a call */
    CHECK(hq_returns_push_to(&r, equity, first, out, &levels) == first - 1);
    hq_returns_push(&r, equity + first, n - first);
    CHECK(equal(&r, expected));
    n = first;
    for (size_t k = 1; k < n; k++)
        CHECK(same(out[k - 1], hq_return(equity[k - 1], equity[k])));
}

static void standing_still_can_be_skipped(const double *equity, size_t n, const HqReturns *expected)
{
    HqReturns r;
    hq_returns_begin(&r, equity[0]);
    size_t skipped = 0;
    for (size_t i = 0, end; i < n; i = end) {
        double before = i ? equity[i - 1] : equity[0];
        for (end = i; end < n && equity[end] == before;)
            end++;
        skipped += end - i;
        if (before > 0)
            hq_returns_skip(&r, end - i);
        else
            hq_returns_push(&r, equity + i, end - i);
        for (i = end; end < n && equity[end] != (end ? equity[end - 1] : before);)
            end++;
        hq_returns_push(&r, equity + i, end - i);
    }
    CHECK(skipped > 0);
    CHECK(equal(&r, expected));
}

static void a_skip_goes_to_the_lanes_of_its_steps(void)
{
    double equity[24];
    for (size_t still = 0; still < 10; still++)
        for (size_t before = 1; before < 12; before++) {
            for (size_t i = 0; i < 24; i++)
                equity[i] = i && i >= before && i < before + still ? equity[i - 1] : (double)(i + 1);
            HqReturns r, pushed = whole(equity, 24, 0);
            hq_returns_begin(&r, 0);
            hq_returns_push(&r, equity, before);
            hq_returns_skip(&r, still);
            hq_returns_push(&r, equity + before + still, 24 - before - still);
            CHECK(equal(&r, &pushed) && r.moments.place == 24);
        }
}

/* Of a curve that begins flat the pivot is 0: a skip goes past the ends of groups without a number. */
static void a_skip_goes_past_groups(void)
{
    static double equity[LENGTH];
    for (size_t still = 400; still < 1700; still += 61) {
        double level = 100;
        for (size_t i = 0; i < LENGTH; i++) {
            if (i >= 10 && (i < 300 || i >= 300 + still))
                level *= 1 + 0.01 * (uniform() - 0.5);
            equity[i] = level;
        }
        HqReturns r, pushed = whole(equity, LENGTH, 0);
        hq_returns_begin(&r, 0);
        hq_returns_push(&r, equity, 300);
        hq_returns_skip(&r, still);
        hq_returns_push(&r, equity + 300 + still, LENGTH - 300 - still);
        CHECK(r.moments.pivot == 0 && equal(&r, &pushed));
    }
}

static void drawdown_is_the_plain_loops(const double *equity, size_t n, const HqReturns *r)
{
    double peak = equity[0], deepest = 0;
    for (size_t i = 0; i < n; i++) {
        peak = equity[i] > peak ? equity[i] : peak;
        double fall = (equity[i] - peak) / peak;
        deepest = fall < deepest ? fall : deepest;
    }
    CHECK(hq_returns_drawdown(r) == deepest);
}

/* ---------------------------------------------------------------------- figures */

/* Deviations from the mean, in pairs of doubles, one after another. */
static void figures_are_those_of_two_passes(const double *equity, size_t n, const HqReturns *r)
{
    HqPair sum = {0, 0}, squares = {0, 0};
    for (size_t i = 1; i < n; i++)
        sum = hq_pair_plus(sum, (HqPair){hq_return(equity[i - 1], equity[i]), 0});
    HqPair mean = hq_pair_divided(sum, (double)(n - 1));
    for (size_t i = 1; i < n; i++) {
        HqPair off = hq_pair_minus((HqPair){hq_return(equity[i - 1], equity[i]), 0}, mean);
        squares = hq_pair_plus(squares, hq_pair_times(off, off));
    }
    double deviation = sqrt(squares.high / (double)(n - 2));
    if (!hq_deviates(deviation, mean.high))
        deviation = 0;
    CHECK(hq_returns_count(r) == n - 1);
    CHECK(fabs(hq_returns_mean(r) - mean.high) <= 4e-16 * fabs(mean.high));
    /* How far the pivot is from the mean is taken out of the squares. */
    double off = deviation > 0 ? (mean.high - r->moments.pivot) / deviation : 0;
    CHECK(fabs(hq_returns_deviation(r) - deviation) <= 1e-15 * (1 + off * off) * deviation);
    CHECK(hq_returns_total(r) == (equity[n - 1] - equity[0]) / equity[0]);
}

static void laws_hold(int kind, size_t n, HqReturns *first)
{
    double *equity = malloc(n * sizeof *equity);
    CHECK(equity != NULL);
    if (!equity)
        return;
    seed = 100 * (uint64_t)kind + n;
    fill(equity, n, kind);
    HqReturns r = whole(equity, n, 0);
    if (hq_simd_level() == HQ_SIMD_BASELINE)
        *first = r;
    CHECK(equal(&r, first)); /* each width after it */
    any_split_gives_the_same_bits(equity, n, &r);
    returns_can_be_had(equity, n, &r);
    standing_still_can_be_skipped(equity, n, &r);
    drawdown_is_the_plain_loops(equity, n, &r);
    if (n > 2)
        figures_are_those_of_two_passes(equity, n, &r);
    free(equity);
}

/* ------------------------------------------------------------------ conventions */

static void the_start_is_no_return(void)
{
    static const double equity[] = {100, 110, 99};
    HqReturns none = whole(equity, 3, 0), same_start = whole(equity, 3, 100);
    HqReturns moved = whole(equity, 3, 80);
    CHECK(equal(&none, &same_start) && hq_returns_count(&none) == 2);
    CHECK(hq_returns_count(&moved) == 3 && moved.moments.pivot == 0.25);
    CHECK(hq_returns_total(&moved) == 19.0 / 80);
    HqReturns fell = whole(equity, 1, 200);
    CHECK(hq_returns_drawdown(&fell) == -0.5);
}

static void what_is_not_there_is_not_a_number(void)
{
    static const double equity[] = {100, 110};
    HqReturns one = whole(equity, 1, 0), two = whole(equity, 2, 0);
    CHECK(isnan(hq_returns_mean(&one)) && isnan(hq_returns_deviation(&one)));
    CHECK(hq_returns_mean(&two) == 0.1 && isnan(hq_returns_deviation(&two)));
    HqReturnsFigures found = hq_returns_figures(&two, NAN, 0);
    CHECK(found.total_return == 0.1 && found.max_drawdown == 0);
    CHECK(isnan(found.cagr) && isnan(found.sharpe) && isnan(found.volatility) && isnan(found.calmar));
}

static void returns_beyond_every_double_are_no_figures(void)
{
    static const double equity[] = {5e-324, 1e308, 1e-308, 1e308, 1e308};
    HqReturns r = whole(equity, 5, 0);
    HqReturnsFigures found = hq_returns_figures(&r, 365, 0);
    CHECK(isnan(found.volatility) && isnan(found.sharpe) && isnan(found.total_return));
    CHECK(found.max_drawdown == -1);
}

/* Each return is 1 with an error of some 1e-12: a mean a million million deviations off. */
static void ten_million_steps_lose_nothing(void)
{
    enum { MANY = 10000000 };
    double *returns = malloc(MANY * sizeof *returns);
    CHECK(returns != NULL);
    if (!returns)
        return;
    for (size_t i = 0; i < MANY; i++)
        returns[i] = 1 + (double)(i * 7 % 5) * 0x1p-40;
    HqMoments m;
    hq_moments_begin(&m);
    hq_moments_push(&m, returns, MANY);
    double expected = 0x1p-40 * sqrt(2.0 * MANY / (MANY - 1));
    CHECK(hq_moments_mean(&m).high == 1 + 0x1p-39);
    CHECK(fabs(hq_moments_deviation(&m) - expected) < 1e-6 * expected);
    free(returns);
}

int main(void)
{
    static const size_t lengths[] = {1, 2, 7, 8, 9, 15, 16, 17, 64, 777, LENGTH};
    enum { LENGTHS = sizeof lengths / sizeof *lengths };
    static HqReturns baseline[KINDS][LENGTHS];
    uint32_t machine = hq_simd_level();
    for (uint32_t level = HQ_SIMD_BASELINE; level <= machine; level++) {
        CHECK(hq_simd_limit(level) == HQ_OK && hq_simd_level() == level);
        for (int kind = 0; kind < KINDS; kind++)
            for (int i = 0; i < LENGTHS; i++)
                laws_hold(kind, lengths[i], &baseline[kind][i]);
        a_skip_goes_to_the_lanes_of_its_steps();
        a_skip_goes_past_groups();
        the_start_is_no_return();
        what_is_not_there_is_not_a_number();
        returns_beyond_every_double_are_no_figures();
        ten_million_steps_lose_nothing();
    }
    return check_report("returns");
}
