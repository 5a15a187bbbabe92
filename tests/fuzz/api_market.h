/* An HqAggregator under arbitrary calls: events are candles of their periods, refusals counted. */
#ifndef HQ_TESTS_FUZZ_API_MARKET_H
#define HQ_TESTS_FUZZ_API_MARKET_H

#include "hquant/market.h"
#include "input.h"
#include "require.h"

enum { PERIODS_MAX = 6 };

typedef struct Candles {
    HqAggregator *aggregator;
    int64_t periods[PERIODS_MAX];
    size_t count;
    uint64_t rejected;
    int64_t newest[PERIODS_MAX]; /* open time of the newest candle seen */
    int64_t before;              /* timestamp of the bar before */
} Candles;

static size_t take_periods(Input *in, int64_t *periods)
{
    static const int64_t usual[] = {1000, 60000, 180000,    3600000, 86400000,
                                    7,    1,     INT64_MAX, 0,       -60000};
    size_t count = take_byte(in) % (PERIODS_MAX + 1);
    for (size_t i = 0; i < count; i++) {
        uint8_t which = take_byte(in);
        periods[i] = which < 240 ? usual[which % 10] : (int64_t)take_word(in);
    }
    return count;
}

static void check_event(Candles *c, const HqCandleEvent *e)
{
    REQUIRE((e->kind == 1 || e->kind == 2) && e->period_index < c->count);
    REQUIRE(e->period_ms == c->periods[e->period_index]);
    const HqCandle *k = &e->candle;
    REQUIRE(k->open_time % e->period_ms == 0 && k->close_time - e->period_ms == k->open_time);
    REQUIRE(k->last_update_ts >= k->open_time && k->last_update_ts < k->close_time);
    REQUIRE(k->open_time >= c->newest[e->period_index]);
    c->newest[e->period_index] = k->open_time;
    REQUIRE(fabs(k->open) <= HQ_VALUE_MAX && fabs(k->close) <= HQ_VALUE_MAX);
    REQUIRE(fabs(k->high) <= HQ_VALUE_MAX && fabs(k->low) <= HQ_VALUE_MAX && isfinite(k->volume));
    Bar bar = hq_candle_as_bar_open_time(k);
    REQUIRE(bar.timestamp == k->open_time && bar.close == k->close);
}

static void market_poll(Candles *c, size_t cap)
{
    HqCandleEvent events[8];
    size_t waiting = hq_aggregator_events_len(c->aggregator);
    cap = cap < 8 ? cap : 8;
    size_t taken = hq_aggregator_poll_events(c->aggregator, events, cap);
    REQUIRE(taken == (waiting < cap ? waiting : cap));
    REQUIRE(hq_aggregator_events_len(c->aggregator) == waiting - taken);
    for (size_t i = 0; i < taken; i++)
        check_event(c, &events[i]);
}

static void market_push(Candles *c, Input *in)
{
    Bar bar = take_bar(in, c->before, 60000);
    size_t waiting = hq_aggregator_events_len(c->aggregator);
    HqStatus status = hq_aggregator_push(c->aggregator, bar);
    if (status == HQ_OK) {
        REQUIRE(is_good_bar(&bar) && bar.timestamp >= c->before);
        c->before = bar.timestamp;
    } else {
        REQUIRE(status == HQ_EINVAL || status == HQ_EBAR || status == HQ_EORDER);
        REQUIRE(status != HQ_EBAR || !is_good_bar(&bar));
        REQUIRE(hq_aggregator_events_len(c->aggregator) == waiting);
        c->rejected++;
    }
    REQUIRE(hq_aggregator_rejected(c->aggregator) == c->rejected);
}

static void fuzz_market(Input *in)
{
    Candles c = {.before = INT64_MIN};
    c.count = take_periods(in, c.periods);
    for (size_t i = 0; i < PERIODS_MAX; i++)
        c.newest[i] = INT64_MIN;
    HqStatus status = hq_aggregator_new(c.periods, c.count, &c.aggregator);
    if (status != HQ_OK) {
        REQUIRE(status == HQ_EINVAL && !c.aggregator);
        return;
    }
    for (int calls = 0; in->at < in->end && calls < 512; calls++) {
        uint8_t op = take_byte(in);
        if (op < 176) {
            market_push(&c, in);
        } else if (op < 240) {
            market_poll(&c, op % 9);
        } else {
            size_t waiting = hq_aggregator_events_len(c.aggregator);
            REQUIRE(hq_aggregator_flush(c.aggregator) == HQ_OK);
            REQUIRE(hq_aggregator_events_len(c.aggregator) <= waiting + c.count);
        }
    }
    hq_aggregator_free(c.aggregator);
}

#endif
