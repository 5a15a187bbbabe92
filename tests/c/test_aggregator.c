/* Candles through the C ABI: goldens worked out by hand, and bad input. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "engine/aggregator.h"
#include "hquant/market.h"

enum { UPDATED = 1, CLOSED = 2, MINUTE = 60000 };

_Static_assert(sizeof(HqCandle) == 72, "HqCandle is 72 bytes");
_Static_assert(sizeof(HqCandleEvent) == 88, "HqCandleEvent is 88 bytes");
_Static_assert(offsetof(HqCandleEvent, candle) == 16, "candle stands at 16");

static HqAggregator *make(const int64_t *periods, size_t count)
{
    HqAggregator *aggregator = NULL;
    CHECK(hq_aggregator_new(periods, count, &aggregator) == HQ_OK);
    return aggregator;
}

static Bar bar_at(int64_t timestamp, double price, double volume)
{
    return (Bar){timestamp, price, price + 2, price - 2, price + 1, volume, volume / 4};
}

static HqCandleEvent take_one(HqAggregator *aggregator)
{
    HqCandleEvent event = {0};
    CHECK(hq_aggregator_poll_events(aggregator, &event, 1) == 1);
    return event;
}

static int is(HqCandle c, int64_t open_time, int64_t close_time, double open, double high,
              double low, double close, double volume, double buy_volume, int64_t last)
{
    return c.open_time == open_time && c.close_time == close_time && c.open == open &&
           c.high == high && c.low == low && c.close == close && c.volume == volume &&
           c.buy_volume == buy_volume && c.last_update_ts == last;
}

static void candle_closes_where_the_next_bucket_opens(void)
{
    HqAggregator *a = make((int64_t[]){2 * MINUTE}, 1);
    CHECK(hq_aggregator_push(a, bar_at(0, 10, 4)) == HQ_OK);
    CHECK(hq_aggregator_push(a, bar_at(MINUTE, 20, 8)) == HQ_OK);
    CHECK(hq_aggregator_push(a, bar_at(2 * MINUTE, 5, 16)) == HQ_OK);
    CHECK(hq_aggregator_events_len(a) == 4);
    HqCandleEvent e = take_one(a);
    CHECK(e.kind == UPDATED && is(e.candle, 0, 2 * MINUTE, 10, 12, 8, 11, 4, 1, 0));
    CHECK(e.period_index == 0 && e.period_ms == 2 * MINUTE);
    e = take_one(a);
    CHECK(e.kind == UPDATED && is(e.candle, 0, 2 * MINUTE, 10, 22, 8, 21, 12, 3, MINUTE));
    e = take_one(a);
    CHECK(e.kind == CLOSED && is(e.candle, 0, 2 * MINUTE, 10, 22, 8, 21, 12, 3, MINUTE));
    e = take_one(a);
    CHECK(e.kind == UPDATED &&
          is(e.candle, 2 * MINUTE, 4 * MINUTE, 5, 7, 3, 6, 16, 4, 2 * MINUTE));
    hq_aggregator_free(a);
}

static void resent_bar_replaces_also_as_the_first_and_across_a_flush(void)
{
    HqAggregator *a = make((int64_t[]){2 * MINUTE}, 1);
    hq_aggregator_push(a, bar_at(0, 10, 4));
    hq_aggregator_flush(a);
    hq_aggregator_push(a, bar_at(0, 100, 8));
    hq_aggregator_push(a, bar_at(MINUTE, 1000, 0.1));
    hq_aggregator_flush(a);
    hq_aggregator_push(a, bar_at(MINUTE, 50, 16));
    hq_aggregator_flush(a);
    HqCandleEvent e[7] = {{0}};
    CHECK(hq_aggregator_poll_events(a, e, 7) == 7);
    const uint32_t kinds[] = {UPDATED, CLOSED, UPDATED, UPDATED, CLOSED, UPDATED, CLOSED};
    for (int i = 0; i < 7; i++)
        CHECK(e[i].kind == kinds[i]);
    CHECK(is(e[2].candle, 0, 2 * MINUTE, 100, 102, 98, 101, 8, 2, 0));
    CHECK(is(e[4].candle, 0, 2 * MINUTE, 100, 1002, 98, 1001, 8.1, 2.025, MINUTE));
    CHECK(is(e[6].candle, 0, 2 * MINUTE, 100, 102, 48, 51, 24, 6, MINUTE));
    hq_aggregator_free(a);
}

static void refused_bars_change_nothing_and_are_counted(void)
{
    HqAggregator *a = make((int64_t[]){MINUTE, INT64_MAX}, 2);
    hq_aggregator_push(a, bar_at(MINUTE, 10, 4));
    HqCandleEvent before[2], after[4];
    hq_aggregator_poll_events(a, before, 2);
    Bar bad = bar_at(MINUTE, 10, 4);
    bad.buy_volume = NAN;
    CHECK(hq_aggregator_push(a, bad) == HQ_EBAR);
    bad.buy_volume = -2e100;
    CHECK(hq_aggregator_push(a, bad) == HQ_EBAR);
    CHECK(hq_aggregator_push(a, bar_at(MINUTE - 1, 99, 99)) == HQ_EORDER);
    CHECK(hq_aggregator_push(a, bar_at(INT64_MIN, 99, 99)) == HQ_EORDER);
    CHECK(hq_aggregator_push(a, bar_at(INT64_MAX, 99, 99)) == HQ_EINVAL);
    CHECK(hq_aggregator_rejected(a) == 5);
    CHECK(hq_aggregator_events_len(a) == 0);
    CHECK(hq_aggregator_push(a, bar_at(MINUTE, 10, 4)) == HQ_OK);
    CHECK(hq_aggregator_poll_events(a, after, 4) == 2);
    CHECK(memcmp(before, after, sizeof before) == 0);
    hq_aggregator_free(a);
}

/* The earliest and the latest time that a period can hold go in, their neighbours do not. */
static void times_are_held_up_to_the_edge_of_int64(void)
{
    const int64_t periods[] = {1, 2, 3, MINUTE, INT64_MAX / 2 + 2, INT64_MAX};
    for (size_t i = 0; i < sizeof periods / sizeof periods[0]; i++) {
        int64_t p = periods[i], first = -(INT64_MAX / p * p), last = INT64_MAX / p * p - 1;
        if (INT64_MAX % p == p - 1)
            first -= p; /* -2^63 is itself a multiple */
        HqAggregator *a = make(&p, 1);
        if (first > INT64_MIN)
            CHECK(hq_aggregator_push(a, bar_at(first - 1, 1, 1)) == HQ_EINVAL);
        CHECK(hq_aggregator_push(a, bar_at(first, 1, 1)) == HQ_OK);
        CHECK(take_one(a).candle.open_time == first);
        CHECK(hq_aggregator_push(a, bar_at(last, 1, 1)) == HQ_OK);
        take_one(a);
        HqCandle candle = take_one(a).candle;
        CHECK(candle.open_time <= last && candle.close_time == last + 1);
        CHECK(hq_aggregator_push(a, bar_at(last + 1, 1, 1)) == HQ_EINVAL);
        hq_aggregator_free(a);
    }
}

static void queue_grows_and_keeps_the_order_while_it_is_polled_in_parts(void)
{
    const int64_t periods[] = {1, 7, 1000};
    HqAggregator *a = make(periods, 3);
    HqCandleEvent e[5];
    int64_t newest = INT64_MIN;
    size_t seen = 0, closed = 0;
    for (int64_t t = 0; t < 5000; t++) {
        CHECK(hq_aggregator_push(a, bar_at(t, 1, 1)) == HQ_OK);
        size_t n = hq_aggregator_poll_events(a, e, (size_t)(t % 6));
        for (size_t i = 0; i < n; i++) {
            seen++;
            closed += e[i].kind == CLOSED;
            if (e[i].kind == UPDATED) {
                CHECK(e[i].candle.last_update_ts >= newest);
                newest = e[i].candle.last_update_ts;
            }
        }
    }
    size_t waiting = hq_aggregator_events_len(a);
    CHECK(waiting > 1000);
    for (size_t n; (n = hq_aggregator_poll_events(a, e, 5)) > 0;)
        for (size_t i = 0; i < n; i++, seen++)
            closed += e[i].kind == CLOSED;
    CHECK(closed == 4999 + 4999 / 7 + 4);
    CHECK(seen == 3 * 5000 + closed);
    hq_aggregator_free(a);
}

static void null_and_bad_lists_are_refused(void)
{
    HqAggregator *a = NULL;
    HqCandleEvent e;
    int64_t ms = 77;
    CHECK(hq_aggregator_new(NULL, 0, &a) == HQ_EINVAL);
    CHECK(hq_aggregator_new(NULL, 3, &a) == HQ_EINVAL);
    CHECK(hq_aggregator_new((int64_t[]){1}, 1, NULL) == HQ_EINVAL);
    CHECK(hq_aggregator_new((int64_t[]){1, 0}, 2, &a) == HQ_EINVAL);
    CHECK(hq_aggregator_new((int64_t[]){1, -5}, 2, &a) == HQ_EINVAL);
    CHECK(hq_aggregator_new((int64_t[]){5, 1, 5}, 3, &a) == HQ_EINVAL);
    CHECK(strstr(hq_last_error()->message, "5 ms twice") != NULL);
    int64_t *many = malloc(65536 * sizeof *many);
    for (int64_t i = 0; i < 65536; i++)
        many[i] = i + 1;
    CHECK(hq_aggregator_new(many, 65536, &a) == HQ_EINVAL);
    CHECK(a == NULL);
    CHECK(hq_aggregator_new(many, 65535, &a) == HQ_OK);
    CHECK(hq_aggregator_push(a, bar_at(0, 1, 1)) == HQ_OK && hq_aggregator_events_len(a) == 65535);
    hq_aggregator_free(a);
    free(many);
    CHECK(hq_aggregator_push(NULL, bar_at(0, 1, 1)) == HQ_EINVAL);
    CHECK(hq_aggregator_flush(NULL) == HQ_EINVAL);
    CHECK(hq_aggregator_events_len(NULL) == 0 && hq_aggregator_rejected(NULL) == 0);
    CHECK(hq_aggregator_poll_events(NULL, &e, 1) == 0);
    hq_aggregator_free(NULL);
    a = make((int64_t[]){1}, 1);
    hq_aggregator_push(a, bar_at(0, 1, 1));
    CHECK(hq_aggregator_poll_events(a, NULL, 1) == 0 && hq_aggregator_poll_events(a, NULL, 0) == 0);
    CHECK(hq_aggregator_events_len(a) == 1);
    hq_aggregator_free(a);
    Bar none = hq_candle_as_bar_open_time(NULL);
    CHECK(none.timestamp == 0 && isnan(none.open) && isnan(none.buy_volume));
    CHECK(hq_period_parse(NULL, 0, &ms) == HQ_EINVAL && hq_period_parse(NULL, 5, &ms) == HQ_EINVAL);
    CHECK(hq_period_parse("1m", 2, NULL) == HQ_EINVAL && ms == 77);
}

static void period_text_need_not_end_in_nul(void)
{
    int64_t ms = 0;
    CHECK(hq_period_parse("15ms", 3, &ms) == HQ_OK && ms == 15 * MINUTE);
    CHECK(hq_period_parse("15ms", 4, &ms) == HQ_OK && ms == 15);
    CHECK(hq_period_parse("1m\0", 3, &ms) == HQ_EINVAL && ms == 15);
    CHECK(strstr(hq_last_error()->message, "\"1m\\x00\"") != NULL);
    CHECK(hq_period_bucket_start(0, 5) == INT64_MIN && hq_period_bucket_start(-1, 5) == INT64_MIN);
    CHECK(hq_period_bucket_start(3, INT64_MIN) == INT64_MIN);
    CHECK(hq_period_bucket_start(MINUTE, -1) == -MINUTE);
}

static void candle_as_bar_carries_the_open_time(void)
{
    HqCandle candle = {60, 120, 1, 4, 0.5, 2, 8, 3, 90};
    Bar bar = hq_candle_as_bar_open_time(&candle);
    CHECK(bar.timestamp == 60 && bar.open == 1 && bar.high == 4 && bar.low == 0.5);
    CHECK(bar.close == 2 && bar.volume == 8 && bar.buy_volume == 3);
}

/* What MultiHQuant routes by: a candle opened, ended, or only looked at again. */
static void builder_tells_what_a_bar_did_to_the_candle(void)
{
    const int64_t period = 2 * MINUTE;
    HqCandleSet set;
    CHECK(hq_candle_set_init(&set, &period, 1) == HQ_OK);
    HqCandleBuilder *b = &set.builders[0];
    HqCandle ended = {0};
    Bar first = bar_at(0, 10, 4), second = bar_at(MINUTE, 20, 8), third = bar_at(4 * MINUTE, 5, 1);
    CHECK(!hq_candle_flush(b));
    CHECK(hq_candle_feed(b, &first, &ended) == (HQ_CANDLE_OPENED | HQ_CANDLE_CHANGED));
    CHECK(hq_candle_feed(b, &first, &ended) == 0);
    first.volume = 5;
    CHECK(hq_candle_feed(b, &first, &ended) == HQ_CANDLE_CHANGED);
    CHECK(hq_candle_feed(b, &second, &ended) == HQ_CANDLE_CHANGED);
    CHECK(ended.close_time == 0);
    CHECK(hq_candle_feed(b, &third, &ended) ==
          (HQ_CANDLE_CLOSED | HQ_CANDLE_OPENED | HQ_CANDLE_CHANGED));
    CHECK(is(ended, 0, 2 * MINUTE, 10, 22, 8, 21, 13, 3, MINUTE));
    CHECK(hq_candle_flush(b) && !hq_candle_flush(b));
    CHECK(hq_candle_feed(b, &third, NULL) == 0 && hq_candle_flush(b));
    third.timestamp = 8 * MINUTE;
    CHECK(hq_candle_feed(b, &third, NULL) == (HQ_CANDLE_OPENED | HQ_CANDLE_CHANGED));
    third.timestamp = 12 * MINUTE;
    CHECK(hq_candle_feed(b, &third, NULL) ==
          (HQ_CANDLE_CLOSED | HQ_CANDLE_OPENED | HQ_CANDLE_CHANGED));
    hq_candle_set_destroy(&set);
}

int main(void)
{
    candle_closes_where_the_next_bucket_opens();
    resent_bar_replaces_also_as_the_first_and_across_a_flush();
    refused_bars_change_nothing_and_are_counted();
    times_are_held_up_to_the_edge_of_int64();
    queue_grows_and_keeps_the_order_while_it_is_polled_in_parts();
    null_and_bad_lists_are_refused();
    period_text_need_not_end_in_nul();
    candle_as_bar_carries_the_open_time();
    builder_tells_what_a_bar_did_to_the_candle();
    return check_report("test_aggregator");
}
