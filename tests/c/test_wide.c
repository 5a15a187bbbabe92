/* Wide loops of runs: every width gives what a plain loop gives, at every length and place. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "random.h"
#include "base/cache.h"
#include "base/fall.h"
#include "base/past_caches.h"
#include "exec/span.h"
#include "run/bars.h"
#include "vm/hits.h"

enum { MOST = 67, ROUNDS = 40 };

static double open_[MOST], high[MOST], low[MOST], close_[MOST], volume[MOST], equity[MOST];
static int64_t timestamp[MOST];
static const HqBars bars = {.length = MOST, .timestamp = timestamp, .open = open_, .high = high,
                            .low = low, .close = close_, .volume = volume};

static void fill(void)
{
    for (size_t i = 0; i < MOST; i++) {
        open_[i] = 90 + 20 * uniform();
        close_[i] = 90 + 20 * uniform();
        high[i] = 100 + 12 * uniform(); /* not always the highest: data may be so */
        low[i] = 88 + 12 * uniform();
        volume[i] = uniform();
        timestamp[i] = (int64_t)i * 60000;
        equity[i] = i % 5 == 0 && i > 0 ? equity[i - 1] : 900 + 200 * uniform();
    }
}

static double least(double a, double b) { return a < b ? a : b; }
static double most(double a, double b) { return a > b ? a : b; }
static double lowest(size_t i) { return least(close_[i], least(open_[i], low[i])); }
static double highest(size_t i) { return most(close_[i], most(open_[i], high[i])); }

static void ranges(size_t from, size_t n)
{
    double lows[MOST], highs[MOST];
    HQ_WIDE_CHOOSE(hq_span_ranges)(&bars, from, n, lows, highs);
    for (size_t t = 0; t < n; t++)
        CHECK(lows[t] == lowest(from + t) && highs[t] == highest(from + t));
    if (n == 0)
        return;
    HqRange all = {lows[0], highs[0]};
    for (size_t t = 1; t < n; t++)
        all = (HqRange){least(all.low, lows[t]), most(all.high, highs[t])};
    HqRange found = HQ_WIDE_CHOOSE(hq_span_extremes)(lows, highs, n);
    CHECK(found.low == all.low && found.high == all.high);
}

static void reach(size_t from, size_t n)
{
    HqRange range = {90 + 4 * uniform(), 108 + 4 * uniform()};
    if (n > 0 && uniform() < 0.2)
        range.low = low[from + n - 1]; /* touching is reaching */
    size_t first = 0;
    while (first < n && range.low < low[from + first] && high[from + first] < range.high)
        first++;
    CHECK(HQ_WIDE_CHOOSE(hq_span_reach)(low + from, high + from, n, range) == first);
}

static void values(size_t from, size_t n)
{
    BacktestParams params = {.initial_margin = 1000, .leverage = 2, .contract_size = 1};
    HqAccount account = hq_account_make(&params);
    enum { ROOM = 2 * MOST + 20 }; /* bars are valued by the dozen where there is room for it */
    double closes[ROOM], found[ROOM + 1];
    for (size_t t = 0; t < ROOM; t++)
        closes[t] = close_[t % MOST] + 10 * uniform();
    account.cash = 100 * uniform();
    if (uniform() < 0.6)
        account.legs[HQ_LONG] = (HqLeg){20 * uniform(), 100, 1000 * uniform()};
    if (uniform() < 0.6)
        account.legs[HQ_SHORT] = (HqLeg){90 * uniform(), 100, 100 * uniform()};
    size_t room = n + (size_t)(uniform() * (double)(ROOM - from - n));
    found[room] = -7; /* what is behind the room stays */
    HQ_WIDE_CHOOSE(hq_span_equity)(&account, closes + from, n, room, found);
    for (size_t t = 0; t < n; t++)
        CHECK(found[t] == hq_account_equity(&account, closes[from + t]));
    CHECK(found[room] == -7);
}

static void falls(size_t from, size_t n)
{
    BacktestParams params = {.initial_margin = 1000, .leverage = 1, .contract_size = 1};
    HqAccount account = hq_account_make(&params);
    account.cash = 0;
    account.legs[HQ_LONG] = (HqLeg){1, 0, 0};
    for (size_t t = 0; t < n; t++)
        hq_account_note(&account, equity[from + t]); /* a unit bought for nothing: worth its price */
    HqFall fall = hq_fall_from(1000);
    size_t cut = n > 0 ? (size_t)(uniform() * (double)n) : 0;
    hq_fall_push(&fall, equity + from, cut);
    hq_fall_push(&fall, equity + from + cut, n - cut);
    CHECK(fall.peak == account.peak && hq_fall_deepest(&fall) == account.drawdown);
}

static bool bit(const uint64_t *word, size_t t) { return word[t / 64] >> t % 64 & 1; }

static void truths(size_t from, size_t n)
{
    static const double values_of[] = {1, 0, NAN};
    double column[MOST];
    uint64_t holds[2] = {0, 0}, known[2] = {0, 0};
    for (size_t t = 0; t < n; t++)
        column[t] = values_of[(size_t)(3 * uniform())];
    HQ_WIDE_CHOOSE(hq_truths)(column, n, holds, known);
    for (size_t t = 0; t < 128; t++) {
        CHECK(bit(holds, t) == (t < n && column[t] == 1));
        CHECK(bit(known, t) == (t < n && !isnan(column[t])));
    }
    (void)from;
}

static void relations(size_t from, size_t n)
{
    static const double numbers[] = {-1, 0, 1, NAN, INFINITY};
    double a[MOST], b[MOST];
    uint64_t less[2], equal[2], more[2]; /* whatever stood there before */
    memset(less, 0xFF, sizeof less);
    memset(equal, 0xFF, sizeof equal);
    memset(more, 0xFF, sizeof more);
    for (size_t t = 0; t < n; t++) {
        a[t] = numbers[(size_t)(5 * uniform())];
        b[t] = numbers[(size_t)(5 * uniform())];
    }
    HQ_WIDE_CHOOSE(hq_relate)(a, b, n, less, equal, more);
    for (size_t t = 0; t < (n + 63) / 64 * 64; t++) {
        CHECK(bit(less, t) == (t < n && a[t] < b[t]));
        CHECK(bit(equal, t) == (t < n && a[t] == b[t]));
        CHECK(bit(more, t) == (t < n && a[t] > b[t]));
    }
    (void)from;
}

/* What a bit was a bar before; in the first word from the bit of the word in front of it. */
static bool was(const uint64_t *word, size_t t) { return t > 0 ? bit(word, t - 1) : word[-1] >> 63; }

static void crossings(size_t from, size_t n)
{
    enum { WORDS = 5 };
    uint64_t state[3][WORDS + 1], holds[WORDS], known[WORDS], all[2] = {0, UINT64_MAX};
    size_t words = 1 + n % WORDS;
    for (size_t w = 0; w <= words; w++)
        for (int k = 0; k < 3; k++)
            state[k][w] = (uint64_t)(uniform() * 4294967296.0) << 32 | (uint64_t)(uniform() * 4294967296.0);
    uint64_t *less = state[0] + 1, *equal = state[1] + 1, *more = state[2] + 1;
    uint64_t over = all[from % 2], under = all[from / 2 % 2];
    HQ_WIDE_CHOOSE(hq_cross)(less, equal, more, words, over, under, holds, known);
    for (size_t t = 0; t < 64 * words; t++) {
        bool goes_over = bit(more, t) && (was(less, t) || was(equal, t));
        bool goes_under = bit(less, t) && (was(more, t) || was(equal, t));
        CHECK(bit(holds, t) == ((over && goes_over) || (under && goes_under)));
        CHECK(bit(known, t) == ((bit(less, t) || bit(equal, t) || bit(more, t)) &&
                                (was(less, t) || was(equal, t) || was(more, t))));
    }
}

static void one_bad_bar(size_t from, size_t n)
{
    static const double bad[] = {NAN, INFINITY, -INFINITY, 0, -1, 1e101};
    double *columns[] = {open_, high, low, close_};
    CHECK(HQ_WIDE_CHOOSE(hq_find_bad_bar)(&bars, from, from + n) == from + n);
    CHECK(HQ_WIDE_CHOOSE(hq_find_early_bar)(timestamp, from, from + n) == from + n);
    if (n < 2)
        return;
    size_t at = from + 1 + (size_t)(uniform() * (double)(n - 1));
    double *place = &columns[(size_t)(4 * uniform())][at], kept = *place;
    *place = bad[(size_t)(6 * uniform())];
    CHECK(HQ_WIDE_CHOOSE(hq_find_bad_bar)(&bars, from, from + n) == at);
    *place = kept;
    kept = volume[at];
    volume[at] = -2e100;
    CHECK(HQ_WIDE_CHOOSE(hq_find_bad_bar)(&bars, from, from + n) == at);
    CHECK(HQ_WIDE_CHOOSE(hq_find_bad_amount)(volume, from, from + n) == at);
    volume[at] = kept;
    int64_t time = timestamp[at];
    timestamp[at] = timestamp[at - 1] - 1;
    CHECK(HQ_WIDE_CHOOSE(hq_find_early_bar)(timestamp, from, from + n) == at);
    CHECK(HQ_WIDE_CHOOSE(hq_find_early_bar)(timestamp, 0, MOST) == at);
    CHECK(HQ_WIDE_CHOOSE(hq_find_early_bar)(timestamp, at, at + 1) == at);
    timestamp[at] = time;
}

static bool is_candle(size_t i)
{
    return low[i] > 0 && low[i] <= open_[i] && low[i] <= close_[i] && open_[i] <= high[i] &&
           close_[i] <= high[i] && high[i] <= HQ_VALUE_MAX;
}

/* Candles first, then one number of theirs is another. */
static void candles(size_t from, size_t n)
{
    static const double odd[] = {NAN, INFINITY, -INFINITY, 0, -0.0, -1, 1e101, 99, 101};
    double *columns[] = {open_, high, low, close_};
    HqRange all = {INFINITY, 0}, found;
    for (size_t i = from; i < from + n; i++) {
        double bottom = lowest(i), top = highest(i);
        low[i] = least(bottom, high[i]);
        high[i] = top;
        all = (HqRange){least(low[i], all.low), most(high[i], all.high)};
    }
    if (n == 0)
        return;
    CHECK(HQ_WIDE_CHOOSE(hq_are_candles)(&bars, from, from + n, &found));
    CHECK(found.low == all.low && found.high == all.high);
    size_t at = from + (size_t)(uniform() * (double)n);
    double *place = &columns[(size_t)(4 * uniform())][at], kept = *place;
    *place = odd[(size_t)(9 * uniform())];
    CHECK(HQ_WIDE_CHOOSE(hq_are_candles)(&bars, from, from + n, &found) == is_candle(at));
    *place = kept;
}

static void past_caches(size_t from, size_t n)
{
    double to[MOST + 2];
    for (size_t i = 0; i < MOST + 2; i++)
        to[i] = -1;
    hq_copy_past_caches(to + 1 + from, close_ + from, n);
    hq_end_past_caches();
    for (size_t i = 0; i < MOST + 2; i++)
        CHECK(to[i] == (i > from && i <= from + n ? close_[i - 1] : -1));
}

/* Before anybody sets a limit: columns may be computed in narrower registers than others. */
static void machine(void)
{
    CHECK(hq_simd_columns() <= hq_simd_level());
    CHECK(hq_second_cache() >= 1 << 18 && hq_second_cache() <= 1 << 21);
    CHECK(hq_second_cache() == hq_second_cache());
}

int main(void)
{
    machine();
    for (uint32_t level = HQ_SIMD_BASELINE; level <= HQ_SIMD_AVX512; level++) {
        CHECK(hq_simd_limit(level) == HQ_OK && hq_simd_columns() == hq_simd_level());
        for (int round = 0; round < ROUNDS; round++)
            for (size_t n = 0; n < MOST; n++) {
                size_t from = (size_t)(uniform() * (double)(MOST - n));
                fill();
                ranges(from, n);
                reach(from, n);
                values(from, n);
                falls(from, n);
                truths(from, n);
                relations(from, n);
                crossings(from, n);
                one_bad_bar(from, n);
                candles(from, n);
                past_caches(from, n);
            }
    }
    return check_report("test_wide");
}
