#include "engine/aggregator.h"

#include <assert.h>
#include <string.h>

#include "base/alloc.h"
#include "engine/period.h"
#include "ring/bars.h"

enum { EVENT_UPDATED = 1, EVENT_CLOSED = 2 };

/* ------------------------------------------------------------- one candle */

static HqCandle candle_of(const Bar *bar, int64_t period_ms)
{
    int64_t open_time = hq_period_floor(period_ms, bar->timestamp);
    return (HqCandle){
        .open_time = open_time,
        .close_time = open_time > INT64_MAX - period_ms ? INT64_MAX : open_time + period_ms,
        .open = bar->open,
        .high = bar->high,
        .low = bar->low,
        .close = bar->close,
        .volume = bar->volume,
        .buy_volume = bar->buy_volume,
        .last_update_ts = bar->timestamp,
    };
}

/* The sums stay finite: fewer than 2^64 bars of at most 1e100 each is below 1e120. */
static HqCandle candle_with(HqCandle candle, const Bar *bar)
{
    if (bar->high > candle.high)
        candle.high = bar->high;
    if (bar->low < candle.low)
        candle.low = bar->low;
    candle.close = bar->close;
    candle.volume += bar->volume;
    candle.buy_volume += bar->buy_volume;
    candle.last_update_ts = bar->timestamp;
    return candle;
}

static unsigned begin_candle(HqCandleBuilder *builder, const Bar *bar, HqCandle *ended)
{
    unsigned closed = builder->has_candle && !builder->closed ? HQ_CANDLE_CLOSED : 0;
    if (closed && ended)
        *ended = builder->now;
    builder->now = candle_of(bar, builder->period_ms);
    builder->has_candle = true;
    builder->has_committed = false;
    return closed | HQ_CANDLE_OPENED | HQ_CANDLE_CHANGED;
}

/* Give the candle its newest base bar, on top of what is committed. */
static unsigned put_newest(HqCandleBuilder *builder, const HqCandle *before, const Bar *bar)
{
    builder->now = builder->has_committed ? candle_with(builder->committed, bar)
                                          : candle_of(bar, builder->period_ms);
    return memcmp(before, &builder->now, sizeof *before) != 0 ? HQ_CANDLE_CHANGED : 0;
}

static bool is_inside(const HqCandleBuilder *builder, const Bar *bar)
{
    return builder->has_candle && bar->timestamp < builder->now.close_time;
}

unsigned hq_candle_push(HqCandleBuilder *builder, const Bar *bar, HqCandle *ended)
{
    assert(!builder->has_candle || bar->timestamp >= builder->now.last_update_ts);
    unsigned done;
    if (is_inside(builder, bar)) {
        HqCandle before = builder->now;
        builder->committed = before;
        builder->has_committed = true;
        done = put_newest(builder, &before, bar);
    } else {
        done = begin_candle(builder, bar, ended);
    }
    builder->closed = false;
    return done;
}

unsigned hq_candle_replace(HqCandleBuilder *builder, const Bar *bar)
{
    assert(builder->has_candle && bar->timestamp == builder->now.last_update_ts);
    HqCandle before = builder->now;
    builder->closed = false;
    return put_newest(builder, &before, bar);
}

unsigned hq_candle_feed(HqCandleBuilder *builder, const Bar *bar, HqCandle *ended)
{
    bool again = is_inside(builder, bar) && bar->timestamp == builder->now.last_update_ts;
    return again ? hq_candle_replace(builder, bar) : hq_candle_push(builder, bar, ended);
}

bool hq_candle_flush(HqCandleBuilder *builder)
{
    bool in_progress = builder->has_candle && !builder->closed;
    builder->closed = builder->has_candle;
    return in_progress;
}

/* ---------------------------------------------------------- several periods */

static int ascending(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static HqStatus check_distinct(const int64_t *periods_ms, size_t count)
{
    int64_t *sorted = hq_calloc(count, sizeof *sorted);
    if (!sorted)
        return HQ_ENOMEM;
    memcpy(sorted, periods_ms, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, ascending);
    HqStatus status = HQ_OK;
    for (size_t i = 1; i < count && status == HQ_OK; i++)
        if (sorted[i] == sorted[i - 1])
            status = hq_fail(HQ_EINVAL,
                             "periods: expected each once, found %lld ms twice; leave one out",
                             (long long)sorted[i]);
    free(sorted);
    return status;
}

static HqStatus check_periods(const int64_t *periods_ms, size_t count)
{
    if (count == 0)
        return hq_fail(HQ_EINVAL, "periods: expected at least one, found an empty list");
    if (count > HQ_PERIOD_COUNT_MAX)
        return hq_fail(HQ_EINVAL, "periods: expected at most %d, found %zu", HQ_PERIOD_COUNT_MAX,
                       count);
    for (size_t i = 0; i < count; i++)
        if (periods_ms[i] <= 0)
            return hq_fail(HQ_EINVAL, "periods[%zu]: expected more than 0 ms, found %lld ms", i,
                           (long long)periods_ms[i]);
    return check_distinct(periods_ms, count);
}

/* C's division rounds toward 0, which gives the outermost multiples of a period inside int64. */
static void narrow_to(HqCandleSet *set, int64_t period_ms)
{
    int64_t earliest = INT64_MIN / period_ms * period_ms;
    int64_t latest = INT64_MAX / period_ms * period_ms - 1;
    if (earliest > set->earliest)
        set->earliest = earliest;
    if (latest < set->latest)
        set->latest = latest;
}

HqStatus hq_candle_set_init(HqCandleSet *set, const int64_t *periods_ms, size_t count)
{
    HqStatus status = check_periods(periods_ms, count);
    if (status != HQ_OK)
        return status;
    HqCandleBuilder *builders = hq_calloc(count, sizeof *builders);
    if (!builders)
        return HQ_ENOMEM;
    *set = (HqCandleSet){
        .builders = builders, .count = count, .earliest = INT64_MIN, .latest = INT64_MAX};
    for (size_t i = 0; i < count; i++) {
        builders[i].period_ms = periods_ms[i];
        narrow_to(set, periods_ms[i]);
    }
    return HQ_OK;
}

void hq_candle_set_destroy(HqCandleSet *set)
{
    free(set->builders);
    *set = (HqCandleSet){0};
}

static HqStatus check_bar(const HqCandleSet *set, const Bar *bar)
{
    if (!hq_bar_is_valid(bar))
        return hq_bar_refuse(bar);
    const HqCandleBuilder *any = &set->builders[0]; /* every builder is fed every bar */
    if (any->has_candle && bar->timestamp < any->now.last_update_ts)
        return hq_fail(HQ_EORDER,
                       "bar at %lld ms: expected a time not before the last bar's, %lld ms; "
                       "send bars in order",
                       (long long)bar->timestamp, (long long)any->now.last_update_ts);
    if (bar->timestamp < set->earliest || bar->timestamp > set->latest)
        return hq_fail(HQ_EINVAL,
                       "bar at %lld ms: expected %lld..%lld ms, where every period's candle fits "
                       "64 bits",
                       (long long)bar->timestamp, (long long)set->earliest,
                       (long long)set->latest);
    return HQ_OK;
}

HqStatus hq_candle_set_admit(HqCandleSet *set, const Bar *bar)
{
    HqStatus status = check_bar(set, bar);
    set->rejected += status != HQ_OK;
    return status;
}

/* ------------------------------------------------------------------ events */

/* Before any state changes, so that a bar whose events find no room is refused whole. */
HqStatus hq_aggregator_reserve(HqAggregator *aggregator, size_t more)
{
    if (more <= aggregator->capacity - aggregator->length)
        return HQ_OK;
    size_t capacity = aggregator->capacity ? aggregator->capacity : 1;
    while (capacity - aggregator->length < more) {
        if (capacity > SIZE_MAX / 2)
            return hq_fail_memory();
        capacity *= 2;
    }
    HqCandleEvent *events = hq_realloc_array(NULL, capacity, sizeof *events);
    if (!events)
        return HQ_ENOMEM;
    size_t waiting = aggregator->length;
    hq_aggregator_take(aggregator, events, waiting);
    free(aggregator->events);
    aggregator->events = events;
    aggregator->capacity = capacity;
    aggregator->first = 0;
    aggregator->length = waiting;
    return HQ_OK;
}

static void emit(HqAggregator *aggregator, uint32_t kind, size_t index, const HqCandle *candle)
{
    assert(aggregator->length < aggregator->capacity);
    size_t slot = (aggregator->first + aggregator->length) & (aggregator->capacity - 1);
    aggregator->events[slot] = (HqCandleEvent){
        .kind = kind,
        .period_index = (uint32_t)index,
        .period_ms = aggregator->candles.builders[index].period_ms,
        .candle = *candle,
    };
    aggregator->length++;
}

HqStatus hq_aggregator_create(const int64_t *periods_ms, size_t count, HqAggregator **out)
{
    HqAggregator *aggregator = hq_calloc(1, sizeof *aggregator);
    if (!aggregator)
        return HQ_ENOMEM;
    hq_guard_init(&aggregator->guard);
    HqStatus status = hq_candle_set_init(&aggregator->candles, periods_ms, count);
    if (status == HQ_OK)
        status = hq_aggregator_reserve(aggregator, 2 * count); /* one push; polling each never allocates again */
    if (status != HQ_OK) {
        hq_aggregator_destroy(aggregator);
        return status;
    }
    *out = aggregator;
    return HQ_OK;
}

void hq_aggregator_destroy(HqAggregator *aggregator)
{
    hq_candle_set_destroy(&aggregator->candles);
    free(aggregator->events);
    free(aggregator);
}

HqStatus hq_aggregator_feed(HqAggregator *aggregator, const Bar *bar)
{
    HqCandleSet *candles = &aggregator->candles;
    HqStatus status = hq_candle_set_admit(candles, bar);
    if (status == HQ_OK)
        status = hq_aggregator_reserve(aggregator, 2 * candles->count);
    if (status != HQ_OK)
        return status;
    for (size_t i = 0; i < candles->count; i++) {
        HqCandle ended = {0};
        if (hq_candle_feed(&candles->builders[i], bar, &ended) & HQ_CANDLE_CLOSED)
            emit(aggregator, EVENT_CLOSED, i, &ended);
        emit(aggregator, EVENT_UPDATED, i, &candles->builders[i].now);
    }
    return HQ_OK;
}

HqStatus hq_aggregator_close_all(HqAggregator *aggregator)
{
    HqCandleSet *candles = &aggregator->candles;
    HqStatus status = hq_aggregator_reserve(aggregator, candles->count);
    if (status != HQ_OK)
        return status;
    for (size_t i = 0; i < candles->count; i++)
        if (hq_candle_flush(&candles->builders[i]))
            emit(aggregator, EVENT_CLOSED, i, &candles->builders[i].now);
    return HQ_OK;
}

size_t hq_aggregator_take(HqAggregator *aggregator, HqCandleEvent *out, size_t cap)
{
    size_t taken = cap < aggregator->length ? cap : aggregator->length;
    if (taken == 0)
        return 0;
    size_t to_end = aggregator->capacity - aggregator->first;
    size_t run = taken < to_end ? taken : to_end;
    memcpy(out, aggregator->events + aggregator->first, run * sizeof *out);
    memcpy(out + run, aggregator->events, (taken - run) * sizeof *out);
    aggregator->first = (aggregator->first + taken) & (aggregator->capacity - 1);
    aggregator->length -= taken;
    return taken;
}
