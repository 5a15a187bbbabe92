/* An HqMulti under arbitrary calls: ids, counters, each engine at the newest bar's candle. */
#ifndef HQ_TESTS_FUZZ_API_MULTI_H
#define HQ_TESTS_FUZZ_API_MULTI_H

#include "../c/program.h"
#include "hquant/market.h"
#include "input.h"
#include "require.h"

enum { MULTI_PERIODS = 3, MULTI_STRATEGIES_MAX = 12 };

static const int64_t multi_periods[MULTI_PERIODS] = {60000, 180000, 3600000};

typedef struct Multi {
    HqMulti *multi;
    uint64_t rejected;
    uint32_t strategies[MULTI_PERIODS + 1]; /* by the period index of their ids */
    uint32_t indicators;
    int across; /* a strategy of a period's engine reads another period */
    int64_t before;
    size_t queue;
} Multi;

static void multi_poll(Multi *m, Input *in)
{
    static const uint8_t zero[3] = {0};
    Signal signals[9];
    size_t cap = take_byte(in) % 10, waiting = hq_multi_signals_len(m->multi);
    size_t taken = hq_multi_poll_signals(m->multi, cap ? signals : NULL, cap);
    REQUIRE(taken == (cap < waiting ? cap : waiting));
    for (size_t i = 0; i < taken; i++) {
        uint32_t period = signals[i].strategy_id >> 16, local = signals[i].strategy_id & 0xFFFF;
        REQUIRE(period <= MULTI_PERIODS && local >= 1 && local <= m->strategies[period]);
        REQUIRE(signals[i].action >= 1 && signals[i].action <= 3);
        REQUIRE(period == 0 || signals[i].timestamp % multi_periods[period - 1] == 0);
        REQUIRE(memcmp((const uint8_t *)&signals[i] + 5, zero, 3) == 0);
    }
}

static void multi_feed(Multi *m, Input *in)
{
    Bar bar = take_bar(in, m->before, 60000);
    HqStatus status = hq_multi_feed_bar(m->multi, bar);
    if (status == HQ_OK) {
        REQUIRE(is_good_bar(&bar) && bar.timestamp >= m->before);
        m->before = bar.timestamp;
    } else {
        REQUIRE(status == HQ_EINVAL || status == HQ_EBAR || status == HQ_EORDER);
        m->rejected++;
    }
}

static void multi_add(Multi *m, Input *in)
{
    uint8_t bytes[PROGRAM_SIZE], which = take_byte(in);
    uint32_t period = which % (MULTI_PERIODS + 1), id;
    size_t size =
        which & 0x80 ? program_across((int64_t[]){60000, 180000, 3600000, 7}[which >> 4 & 3], bytes)
                     : program_crossing(take_double(in), bytes);
    if (m->strategies[period] >= MULTI_STRATEGIES_MAX)
        return;
    if (period == 0)
        id = hq_multi_add_strategy(m->multi, NULL, 0, bytes, size);
    else
        id = hquant_add_strategy(hq_multi_engine(m->multi, multi_periods[period - 1]), NULL, 0,
                                 bytes, size);
    REQUIRE(id == 0 ? hq_last_error()->code != HQ_OK : (id & 0xFFFF) == m->strategies[period] + 1);
    m->across |= id != 0 && period > 0 && which & 0x80;
    m->strategies[period] += id != 0;
}

/* A part of it does not do what is the whole's business. */
static void multi_misuse(Multi *m, Input *in)
{
    HQuant *part = hq_multi_engine(m->multi, multi_periods[take_byte(in) % MULTI_PERIODS]);
    hquant_push_bar(part, take_bar(in, m->before, 60000));
    hquant_update_last_bar(part, take_bar(in, m->before, 60000));
    hquant_free(part);
    Signal one;
    REQUIRE(hquant_poll_signals(part, &one, 1) == 0 && hq_set_signal_capacity(part, 5) != HQ_OK);
    if (m->indicators++ < 8)
        REQUIRE(hquant_add_macd(part, 2, 3 + take_byte(in) % 8, 2) > 0);
}

static void multi_set_param(Multi *m, Input *in)
{
    uint32_t id = take_byte(in) % (MULTI_STRATEGIES_MAX + 1);
    double value = 1 + take_byte(in) % 60;
    HQuant *part = hq_multi_engine(m->multi, multi_periods[take_byte(in) % MULTI_PERIODS]);
    HqStatus status = take_byte(in) % 2 ? hq_multi_set_param(m->multi, id, "n", value)
                                        : hq_engine_set_param(part, id, "n", value);
    REQUIRE(status == HQ_OK || status == HQ_ENOTFOUND || (status == HQ_EINVAL && value > 50));
}

static void multi_set_htf(Multi *m, Input *in)
{
    HqStatus status = hq_multi_set_htf(m->multi, take_byte(in) % 2, take_byte(in) % 2 * 60000);
    REQUIRE(status == HQ_OK || (status == HQ_EINVAL && (m->strategies[0] > 0 || m->across)));
}

static void multi_flush(Multi *m, Input *in)
{
    (void)in;
    REQUIRE(hq_multi_flush(m->multi) == HQ_OK);
}

static void multi_resize(Multi *m, Input *in)
{
    size_t capacity = 1 + take_byte(in);
    REQUIRE(hq_multi_set_signal_capacity(m->multi, capacity) == HQ_OK);
    m->queue = capacity;
}

static void check_multi(const Multi *m, size_t capacity)
{
    REQUIRE(hq_multi_rejected(m->multi) == m->rejected &&
            hq_multi_signals_len(m->multi) <= m->queue);
    for (int p = 0; p < MULTI_PERIODS; p++) {
        HQuant *part = hq_multi_engine(m->multi, multi_periods[p]);
        HqColumnI64 time = hquant_timestamp_column(part);
        REQUIRE(time.capacity == capacity && time.len <= capacity && time.head < capacity);
        if (time.len > 0) {
            int64_t newest = time.ptr[time.head ? time.head - 1 : capacity - 1];
            REQUIRE(newest == hq_period_bucket_start(multi_periods[p], m->before));
        }
    }
}

static void fuzz_multi(Input *in)
{
    size_t capacity = 1 + take_byte(in) % 64;
    Multi m = {.before = INT64_MIN, .queue = 65536};
    REQUIRE(hq_multi_new(capacity, multi_periods, MULTI_PERIODS, take_byte(in) % 2, &m.multi) ==
            HQ_OK);
    for (int calls = 0; in->at < in->end && calls < 512; calls++) {
        uint8_t op = take_byte(in);
        if (op < 176)
            multi_feed(&m, in);
        else
            (void (*const[])(Multi *, Input *)){multi_poll, multi_add, multi_misuse, multi_flush,
                                                multi_resize, multi_set_param,
                                                multi_set_htf}[op % 7](&m, in);
        check_multi(&m, capacity);
    }
    hq_multi_free(m.multi);
}

#endif
