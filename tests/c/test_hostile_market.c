/* hquant/market.h under hostile arguments. */
#include "hostile.h"

#include <string.h>

#include "hquant/market.h"
#include "program.h"
#include "twins.h"

#define FUNCTIONS(X)                                                                              \
    X(hq_bars_check) X(hq_period_parse) X(hq_period_bucket_start) X(hq_aggregator_new) X(hq_aggregator_free)       \
    X(hq_aggregator_push) X(hq_aggregator_flush) X(hq_aggregator_events_len)                      \
    X(hq_aggregator_poll_events) X(hq_aggregator_rejected) X(hq_candle_as_bar_open_time)          \
    X(hq_multi_new) X(hq_multi_free) X(hq_multi_period_count) X(hq_multi_engine)                  \
    X(hq_multi_feed_bar) X(hq_multi_feed_bars) X(hq_multi_flush) X(hq_multi_add_strategy)         \
    X(hq_multi_signals_len) X(hq_multi_poll_signals) X(hq_multi_rejected)                         \
    X(hq_multi_signals_dropped) X(hq_multi_set_signal_capacity) X(hq_multi_set_htf)               \
    X(hq_multi_set_param)

FUNCTIONS(HOSTILE_DECLARE)

enum { MINUTE = 60000, PERIODS = 2, START = 10 };

static const int64_t periods[PERIODS] = {MINUTE, 5 * MINUTE};
static HqAggregator *aggregator, *aggregator_twin;
static HqMulti *multi, *multi_twin;
static uint8_t program[PROGRAM_SIZE];
static size_t program_size;

/* ----------------------------------------------------------------------- bars */

static void hostile_hq_bars_check(void)
{
    static const int64_t rising[] = {1, 2}, standing[] = {2, 2}, falling[] = {INT64_MAX, INT64_MIN};
    static const double one[] = {1, 1}, odd[] = {1, -2};
    const HqBars good = {rising, one, one, one, one, one, NULL, 2};
    HqBars bars = good;
    EXPECT_STATUS(HQ_EINVAL, hq_bars_check(NULL));
    EXPECT_STATUS(HQ_OK, hq_bars_check(&(HqBars){.length = 0}));
    EXPECT_STATUS(HQ_EINVAL, hq_bars_check(&(HqBars){.length = SIZE_MAX}));
    EXPECT_STATUS(HQ_OK, hq_bars_check(&bars));
    bars.timestamp = standing;
    EXPECT_STATUS(HQ_EORDER, hq_bars_check(&bars));
    bars.timestamp = falling;
    EXPECT_STATUS(HQ_EORDER, hq_bars_check(&bars));
    bars = good;
    const double **columns[] = {&bars.open,  &bars.high,   &bars.low,
                                &bars.close, &bars.volume, &bars.buy_volume};
    for (size_t k = 0; k < COUNT_OF(columns); k++)
        for
            EACH(i, bad_numbers)
            {
                const double bad[] = {1, bad_numbers[i]}, *column = *columns[k];
                *columns[k] = odd;
                EXPECT_STATUS(&bars.low == columns[k] ? HQ_OK : HQ_EBAR, hq_bars_check(&bars));
                *columns[k] = bad;
                EXPECT_STATUS(HQ_EBAR, hq_bars_check(&bars));
                *columns[k] = NULL;
                EXPECT_STATUS(&bars.buy_volume == columns[k] ? HQ_OK : HQ_EINVAL,
                              hq_bars_check(&bars));
                *columns[k] = column;
            }
}

/* --------------------------------------------------------------------- periods */

static void hostile_hq_period_parse(void)
{
    static const char *const bad[] = {"",
                                      "m",
                                      "1",
                                      "1M",
                                      "0m",
                                      "-1m",
                                      " 1m",
                                      "1m ",
                                      "1.5m",
                                      "1mm",
                                      "1w",
                                      "0x1m",
                                      "99999999999999999999ms",
                                      "9223372036854775807s",
                                      "١m"};
    int64_t period = 42;
    for
        EACH(i, bad)
    EXPECT_STATUS(HQ_EINVAL, hq_period_parse(bad[i], strlen(bad[i]), &period));
    for
        EACH(i, bad_texts)
    EXPECT_STATUS(HQ_EINVAL, hq_period_parse(bad_texts[i], strlen(bad_texts[i]), &period));
    EXPECT_STATUS(HQ_EINVAL,
                  hq_period_parse("1m", 3, &period)); /* the NUL is no part of a period */
    EXPECT_STATUS(HQ_EINVAL, hq_period_parse(NULL, 0, &period));
    EXPECT_STATUS(HQ_EINVAL, hq_period_parse(NULL, SIZE_MAX, &period));
    EXPECT_STATUS(HQ_EINVAL, hq_period_parse("1m", 2, NULL));
    CHECK(period == 42);
}

static void hostile_hq_period_bucket_start(void)
{
    static const int64_t bad[] = {0, -1, INT64_MIN};
    for
        EACH(i, bad)
    EXPECT(HQ_EINVAL, hq_period_bucket_start(bad[i], 5) == INT64_MIN);
    EXPECT(HQ_OK, hq_period_bucket_start(INT64_MAX, INT64_MIN) == INT64_MIN);
}

/* ----------------------------------------------------------------- aggregator */

static const struct {
    int64_t periods[3];
    size_t count;
} bad_lists[] = {{{0}, 0},       {{0}, 1},     {{-MINUTE}, 1}, {{INT64_MIN, 1}, 2},
                 {{1, 2, 1}, 3}, {{1}, 65536}, {{1}, SIZE_MAX}};

static void hostile_hq_aggregator_new(void)
{
    static int64_t many[65536];
    HqAggregator *made = NULL;
    for (int i = 0; i < 65536; i++)
        many[i] = i + 1;
    for
        EACH(i, bad_lists)
        {
            const int64_t *list = bad_lists[i].count > 3 ? many : bad_lists[i].periods;
            EXPECT_STATUS(HQ_EINVAL, hq_aggregator_new(list, bad_lists[i].count, &made));
        }
    EXPECT_STATUS(HQ_EINVAL, hq_aggregator_new(NULL, 0, &made));
    EXPECT_STATUS(HQ_EINVAL, hq_aggregator_new(NULL, 1, &made));
    EXPECT_STATUS(HQ_EINVAL, hq_aggregator_new(periods, PERIODS, NULL));
    CHECK(made == NULL);
}

static void hostile_hq_aggregator_free(void) { EXPECT_AFTER(HQ_OK, hq_aggregator_free(NULL)); }

/* The twin counts its refusals of plain bad bars along. */
static void refuse_both(Bar bar, HqStatus status)
{
    uint64_t before = hq_aggregator_rejected(aggregator);
    EXPECT_STATUS(status, hq_aggregator_push(aggregator, bar));
    CHECK(hq_aggregator_rejected(aggregator) == before + 1);
    CHECK(hq_aggregator_push(aggregator_twin, (Bar){.timestamp = START * MINUTE, .low = NAN}) ==
          HQ_EBAR);
}

static Bar bar_with(int field, double value)
{
    double f[6] = {100, 101, 99, 100, 1, 0};
    f[field] = value;
    return (Bar){START * MINUTE, f[0], f[1], f[2], f[3], f[4], f[5]};
}

static void hostile_hq_aggregator_push(void)
{
    static const int64_t unplaceable[] = {INT64_MAX, INT64_MAX - MINUTE,
                                          INT64_MAX / MINUTE * MINUTE};
    EXPECT_STATUS(HQ_EINVAL, hq_aggregator_push(NULL, wavy_bar(0)));
    for (int field = 0; field < 6; field++)
        for
            EACH(i, bad_numbers)
    refuse_both(bar_with(field, bad_numbers[i]), HQ_EBAR);
    for
        EACH(i, unplaceable)
    refuse_both((Bar){.timestamp = unplaceable[i]}, HQ_EINVAL);
    refuse_both((Bar){.timestamp = INT64_MIN}, HQ_EORDER);
    refuse_both((Bar){.timestamp = 0}, HQ_EORDER);
    HqAggregator *fresh = NULL;
    CHECK(hq_aggregator_new(periods, PERIODS, &fresh) == HQ_OK);
    EXPECT_STATUS(HQ_EINVAL, hq_aggregator_push(fresh, (Bar){.timestamp = INT64_MIN}));
    hq_aggregator_free(fresh);
}

static void hostile_hq_aggregator_flush(void)
{
    EXPECT_STATUS(HQ_EINVAL, hq_aggregator_flush(NULL));
}

static void hostile_hq_aggregator_events_len(void)
{
    EXPECT(HQ_EINVAL, hq_aggregator_events_len(NULL) == 0);
}

static void hostile_hq_aggregator_rejected(void)
{
    EXPECT(HQ_EINVAL, hq_aggregator_rejected(NULL) == 0);
}

static void hostile_hq_aggregator_poll_events(void)
{
    HqCandleEvent one;
    EXPECT(HQ_EINVAL, hq_aggregator_poll_events(NULL, &one, 1) == 0);
    EXPECT(HQ_EINVAL, hq_aggregator_poll_events(aggregator, NULL, 1) == 0);
    EXPECT(HQ_EINVAL, hq_aggregator_poll_events(aggregator, NULL, SIZE_MAX) == 0);
    EXPECT(HQ_OK, hq_aggregator_poll_events(aggregator, NULL, 0) == 0);
    EXPECT(HQ_OK, hq_aggregator_poll_events(aggregator, &one, 0) == 0);
}

static void hostile_hq_candle_as_bar_open_time(void)
{
    hq_clear_error();
    Bar bar = hq_candle_as_bar_open_time(NULL);
    CHECK(bar.timestamp == 0 && isnan(bar.open) && isnan(bar.high) && isnan(bar.low) &&
          isnan(bar.close));
    CHECK(isnan(bar.volume) && isnan(bar.buy_volume) && hq_last_error()->code == HQ_EINVAL);
}

/* ----------------------------------------------------------------------- multi */

static void hostile_hq_multi_new(void)
{
    static const size_t bad_capacities[] = {0, HQ_CAPACITY_MAX + 1, (size_t)1 << 40, SIZE_MAX};
    HqMulti *made = NULL;
    for (size_t i = 0; i < 5; i++)
        EXPECT_STATUS(HQ_EINVAL,
                      hq_multi_new(8, bad_lists[i].periods, bad_lists[i].count, 0, &made));
    for
        EACH(i, bad_capacities)
    EXPECT_STATUS(HQ_EINVAL, hq_multi_new(bad_capacities[i], periods, PERIODS, 0, &made));
    EXPECT_STATUS(HQ_EINVAL, hq_multi_new(8, periods, PERIODS, 2, &made));
    EXPECT_STATUS(HQ_EINVAL, hq_multi_new(8, periods, PERIODS, UINT32_MAX, &made));
    EXPECT_STATUS(HQ_EINVAL, hq_multi_new(8, NULL, 1, 0, &made));
    EXPECT_STATUS(HQ_EINVAL, hq_multi_new(8, NULL, 0, 0, &made));
    EXPECT_STATUS(HQ_EINVAL, hq_multi_new(8, periods, PERIODS, 0, NULL));
    CHECK(made == NULL);
}

static void hostile_hq_multi_free(void) { EXPECT_AFTER(HQ_OK, hq_multi_free(NULL)); }
static void hostile_hq_multi_period_count(void)
{
    EXPECT(HQ_EINVAL, hq_multi_period_count(NULL) == 0);
}

static void hostile_hq_multi_flush(void) { EXPECT_STATUS(HQ_EINVAL, hq_multi_flush(NULL)); }
static void hostile_hq_multi_signals_len(void)
{
    EXPECT(HQ_EINVAL, hq_multi_signals_len(NULL) == 0);
}

static void hostile_hq_multi_rejected(void) { EXPECT(HQ_EINVAL, hq_multi_rejected(NULL) == 0); }
static void hostile_hq_multi_signals_dropped(void)
{
    EXPECT(HQ_EINVAL, hq_multi_signals_dropped(NULL) == 0);
}

static void hostile_hq_multi_engine(void)
{
    static const int64_t bad[] = {0, -MINUTE, 2 * MINUTE, INT64_MIN, INT64_MAX};
    EXPECT(HQ_EINVAL, hq_multi_engine(NULL, MINUTE) == NULL);
    for
        EACH(i, bad)
    EXPECT(HQ_ENOTFOUND, hq_multi_engine(multi, bad[i]) == NULL);
    /* What belongs to the HqMulti does not work on a part of it. */
    HQuant *part = hq_multi_engine(multi, MINUTE);
    EXPECT_AFTER(HQ_EINVAL, hquant_free(part));
    EXPECT_AFTER(HQ_EINVAL, hquant_push_bar(part, wavy_bar(START)));
    EXPECT_AFTER(HQ_EINVAL, hquant_update_last_bar(part, wavy_bar(START)));
    EXPECT_STATUS(HQ_EINVAL, hq_set_signal_capacity(part, 5));
    CHECK(hquant_signals_len(part) == 0 && hq_signals_dropped(part) == 0);
}

static void hostile_hq_multi_feed_bar(void)
{
    EXPECT_STATUS(HQ_EINVAL, hq_multi_feed_bar(NULL, wavy_bar(0)));
    for (int field = 0; field < 6; field++)
        for
            EACH(i, bad_numbers)
            {
                uint64_t before = hq_multi_rejected(multi);
            EXPECT_STATUS(HQ_EBAR, hq_multi_feed_bar(multi, bar_with(field, bad_numbers[i])));
            CHECK(hq_multi_rejected(multi) == before + 1);
                CHECK(hq_multi_feed_bar(multi_twin, (Bar){.timestamp = 0}) ==
                      HQ_EORDER); /* its own refusal */
            }
    EXPECT_STATUS(HQ_EINVAL, hq_multi_feed_bar(multi, (Bar){.timestamp = INT64_MAX}));
    CHECK(hq_multi_feed_bar(multi_twin, (Bar){.timestamp = 0}) == HQ_EORDER);
}

static void hostile_hq_multi_feed_bars(void)
{
    static const int64_t times[] = {START * MINUTE, START * MINUTE};
    static const double good[] = {1, 2}, bad[] = {NAN, 1};
    size_t fed = 99;
    HqBars bars = {times, good, good, good, good, good, good, 2}, none = {0};
    EXPECT_STATUS(HQ_EINVAL, hq_multi_feed_bars(NULL, &bars, &fed));
    CHECK(fed == 0);
    EXPECT_STATUS(HQ_EINVAL, hq_multi_feed_bars(multi, NULL, &fed));
    EXPECT_STATUS(HQ_EINVAL, hq_multi_feed_bars(multi, NULL, NULL));
    EXPECT_STATUS(HQ_OK, hq_multi_feed_bars(multi, &none, &fed));
    const void **columns[] = {(const void **)&bars.timestamp, (const void **)&bars.open,
                              (const void **)&bars.high,      (const void **)&bars.low,
                              (const void **)&bars.close,     (const void **)&bars.volume};
    for
        EACH(i, columns)
        {
            const void *column = *columns[i];
            *columns[i] = NULL;
            bars.length = i % 2 ? SIZE_MAX : 2;
            EXPECT_STATUS(HQ_EINVAL, hq_multi_feed_bars(multi, &bars, &fed));
            *columns[i] = column;
        }
    bars.length = 2;
    bars.buy_volume = bad;
    EXPECT_STATUS(HQ_EBAR, hq_multi_feed_bars(multi, &bars, &fed));
    CHECK(fed == 0);
    CHECK(hq_multi_feed_bar(multi_twin, (Bar){.timestamp = 0}) == HQ_EORDER); /* its own refusal */
}

static uint32_t add(const void *name, size_t name_len, const void *text, size_t text_len)
{
    return hq_multi_add_strategy(multi, name, name_len, text, text_len);
}

static void hostile_hq_multi_add_strategy(void)
{
    EXPECT(HQ_EINVAL, hq_multi_add_strategy(NULL, NULL, 0, program, program_size) == 0);
    EXPECT(HQ_EINVAL, add(NULL, SIZE_MAX, program, program_size) == 0);
    EXPECT(HQ_EINVAL, add("x", 1, NULL, SIZE_MAX) == 0);
    EXPECT(HQ_ENOCOMPILER, add("x", 1, "text", 4) == 0);
    EXPECT(HQ_EPROGRAM, add("x", 1, program, program_size - 8) == 0);
    for
        EACH(i, bad_texts)
        {
            EXPECT(HQ_EUTF8, add(bad_texts[i], strlen(bad_texts[i]), program, program_size) == 0);
            EXPECT(HQ_EUTF8, add("x", 1, bad_texts[i], strlen(bad_texts[i])) == 0);
        }
    uint8_t elsewhere[PROGRAM_SIZE];
    size_t size = program_across(7 * MINUTE, elsewhere);
    EXPECT(HQ_ENOTFOUND, add("x", 1, elsewhere, size) == 0);
}

static void hostile_hq_multi_set_htf(void)
{
    EXPECT_STATUS(HQ_EINVAL, hq_multi_set_htf(NULL, 0, 0));
    EXPECT_STATUS(HQ_EINVAL, hq_multi_set_htf(multi, 2, 0));
    EXPECT_STATUS(HQ_EINVAL, hq_multi_set_htf(multi, UINT32_MAX, 0));
    EXPECT_STATUS(HQ_EINVAL, hq_multi_set_htf(multi, HQ_HTF_CLOSED, -1));
    EXPECT_STATUS(HQ_EINVAL, hq_multi_set_htf(multi, HQ_HTF_CLOSED, 0)); /* it has a strategy */
    EXPECT_STATUS(HQ_EINVAL, hq_engine_set_htf(hq_multi_engine(multi, MINUTE), HQ_HTF_CLOSED, 0));
}

static void hostile_hq_multi_set_param(void)
{
    EXPECT_STATUS(HQ_EINVAL, hq_multi_set_param(NULL, 1, "n", 3));
    EXPECT_STATUS(HQ_EINVAL, hq_multi_set_param(multi, 1, NULL, 3));
    EXPECT_STATUS(HQ_ENOTFOUND, hq_multi_set_param(multi, 0, "n", 3));
    EXPECT_STATUS(HQ_ENOTFOUND, hq_multi_set_param(multi, 0x10001, "n", 3));
    EXPECT_STATUS(HQ_ENOTFOUND, hq_multi_set_param(multi, UINT32_MAX, "n", 3));
    EXPECT_STATUS(HQ_ENOTFOUND, hq_multi_set_param(multi, 1, "m", 3));
}

static void hostile_hq_multi_poll_signals(void)
{
    Signal one;
    EXPECT(HQ_EINVAL, hq_multi_poll_signals(NULL, &one, 1) == 0);
    EXPECT(HQ_EINVAL, hq_multi_poll_signals(multi, NULL, 1) == 0);
    EXPECT(HQ_OK, hq_multi_poll_signals(multi, NULL, 0) == 0);
}

static void hostile_hq_multi_set_signal_capacity(void)
{
    static const size_t bad[] = {0, ((size_t)1 << 24) + 1, SIZE_MAX};
    EXPECT_STATUS(HQ_EINVAL, hq_multi_set_signal_capacity(NULL, 5));
    for
        EACH(i, bad)
    EXPECT_STATUS(HQ_EINVAL, hq_multi_set_signal_capacity(multi, bad[i]));
}

/* ------------------------------------------------------------------------ main */

static void make(HqAggregator **candles, HqMulti **engines)
{
    CHECK(hq_aggregator_new(periods, PERIODS, candles) == HQ_OK);
    CHECK(hq_multi_new(8, periods, PERIODS, 0, engines) == HQ_OK);
    CHECK(hq_multi_add_strategy(*engines, NULL, 0, program, program_size) == 1);
    CHECK(hquant_add_sma_close(hq_multi_engine(*engines, periods[1]), 2) == 1);
    for (int i = 0; i <= START; i++) {
        CHECK(hq_aggregator_push(*candles, wavy_bar(i)) == HQ_OK);
        CHECK(hq_multi_feed_bar(*engines, wavy_bar(i)) == HQ_OK);
    }
}

static int same_aggregator(void)
{
    HqCandleEvent a, b;
    if (hq_aggregator_events_len(aggregator) != hq_aggregator_events_len(aggregator_twin) ||
        hq_aggregator_rejected(aggregator) != hq_aggregator_rejected(aggregator_twin))
        return 0;
    while (hq_aggregator_poll_events(aggregator, &a, 1) == 1)
        if (hq_aggregator_poll_events(aggregator_twin, &b, 1) != 1 || memcmp(&a, &b, sizeof a) != 0)
            return 0;
    return 1;
}

static int same_multi(void)
{
    Signal a, b;
    if (hq_multi_signals_len(multi) != hq_multi_signals_len(multi_twin) ||
        hq_multi_rejected(multi) != hq_multi_rejected(multi_twin))
        return 0;
    while (hq_multi_poll_signals(multi, &a, 1) == 1)
        if (hq_multi_poll_signals(multi_twin, &b, 1) != 1 || memcmp(&a, &b, sizeof a) != 0)
            return 0;
    for (int p = 0; p < PERIODS; p++)
        if (!same_engine(hq_multi_engine(multi, periods[p]),
                         hq_multi_engine(multi_twin, periods[p])))
            return 0;
    return 1;
}

/* Now, and after both have been told the same once more. */
static int unchanged(void)
{
    static double close = 90;
    Bar bar = {START * MINUTE, 95, 120, 80, close++, 1, 1}; /* the newest bar again */
    if (!same_aggregator() || !same_multi())
        return 0;
    CHECK(hq_aggregator_push(aggregator, bar) == HQ_OK &&
          hq_aggregator_push(aggregator_twin, bar) == HQ_OK);
    CHECK(hq_multi_feed_bar(multi, bar) == HQ_OK && hq_multi_feed_bar(multi_twin, bar) == HQ_OK);
    return same_aggregator() && same_multi();
}

int main(void)
{
    static const Hostile list[] = {FUNCTIONS(HOSTILE_ROW)};
    program_size = program_across(periods[1], program);
    make(&aggregator, &multi);
    make(&aggregator_twin, &multi_twin);
    int result = run_hostile(list, COUNT_OF(list), unchanged);
    hq_aggregator_free(aggregator);
    hq_aggregator_free(aggregator_twin);
    hq_multi_free(multi);
    hq_multi_free(multi_twin);
    return result;
}
