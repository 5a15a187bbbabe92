/* A set of candles as bytes, and back; and the aggregator that puts a queue of events behind one. */
#include "base/alloc.h"
#include "engine/snapshot.h"

enum { BUILDER_BYTES = 24, EVENT_BYTES = 4 + 4 + 72 }; /* at least */

/* --------------------------------------------------------------- candle sets */

void hq_candle_set_save(const HqCandleSet *set, HqWriter *writer)
{
    size_t section = hq_section_begin(writer, HQ_SECTION_CANDLES);
    hq_put_u64(writer, set->rejected);
    hq_put_u64(writer, set->count);
    for (size_t i = 0; i < set->count; i++)
        hq_builder_save(&set->builders[i], writer);
    hq_section_end(writer, section);
}

/* Every builder has been fed every bar. */
static HqStatus load_builders(HqCandleBuilder *builders, int64_t *periods_ms, size_t count,
                              HqReader *r)
{
    for (size_t i = 0; i < count; i++) {
        HqStatus status = hq_builder_load(&builders[i], r);
        if (status != HQ_OK)
            return status;
        if (builders[i].has_candle != builders[0].has_candle ||
            builders[i].now.last_update_ts != builders[0].now.last_update_ts)
            return HQ_DAMAGED("candles: expected every period's to hold the newest bar");
        periods_ms[i] = builders[i].period_ms;
    }
    return HQ_OK;
}

static HqStatus make_set(HqCandleSet *set, const HqCandleBuilder *builders,
                         const int64_t *periods_ms, size_t count)
{
    HqStatus status = hq_candle_set_init(set, periods_ms, count);
    if (status != HQ_OK)
        return status == HQ_ENOMEM ? status : HQ_DAMAGED("candles: expected periods, each once");
    memcpy(set->builders, builders, count * sizeof *builders);
    int64_t newest = builders[0].now.last_update_ts;
    if (builders[0].has_candle && (newest < set->earliest || newest > set->latest))
        return HQ_DAMAGED("candles: expected times whose candles fit 64 bits");
    return HQ_OK;
}

HqStatus hq_candle_set_load(HqCandleSet *set, HqReader *reader)
{
    HqReader content;
    HqStatus status = hq_section_open(reader, HQ_SECTION_CANDLES, &content);
    if (status != HQ_OK)
        return status;
    uint64_t rejected = hq_take_u64(&content);
    size_t count = hq_take_count(&content, BUILDER_BYTES);
    HqCandleBuilder *builders = hq_calloc(count, sizeof *builders);
    int64_t *periods_ms = hq_calloc(count, sizeof *periods_ms);
    status = builders && periods_ms ? load_builders(builders, periods_ms, count, &content)
                                    : HQ_ENOMEM;
    if (status == HQ_OK)
        status = hq_section_close(&content, HQ_SECTION_CANDLES);
    if (status == HQ_OK)
        status = make_set(set, builders, periods_ms, count);
    set->rejected = rejected;
    free(builders);
    free(periods_ms);
    return status;
}

/* --------------------------------------------------------------- aggregators */

static void save_events(const HqAggregator *a, HqWriter *w)
{
    size_t section = hq_section_begin(w, HQ_SECTION_EVENTS);
    hq_put_u64(w, a->length);
    for (size_t i = 0; i < a->length; i++) {
        const HqCandleEvent *event = &a->events[(a->first + i) & (a->capacity - 1)];
        hq_put_u32(w, event->kind);
        hq_put_u32(w, event->period_index);
        hq_candle_save(&event->candle, w);
    }
    hq_section_end(w, section);
}

HqStatus hq_aggregator_write(const HqAggregator *aggregator, HqWriter *writer)
{
    HqStatus status = hq_snapshot_begin(writer, HQ_SNAPSHOT_AGGREGATOR);
    if (status != HQ_OK)
        return status;
    hq_candle_set_save(&aggregator->candles, writer);
    save_events(aggregator, writer);
    hq_snapshot_end(writer);
    return HQ_OK;
}

static HqStatus load_events(HqAggregator *a, HqReader *r)
{
    size_t count = hq_take_count(r, EVENT_BYTES);
    HqStatus status = hq_aggregator_reserve(a, count > 2 * a->candles.count
                                                   ? count
                                                   : 2 * a->candles.count);
    for (size_t i = 0; i < count && status == HQ_OK; i++) {
        HqCandleEvent event = {.kind = hq_take_u32(r), .period_index = 0};
        event.period_index = hq_take_u32(r);
        if (event.kind < 1 || event.kind > 2 || event.period_index >= a->candles.count)
            return HQ_DAMAGED("event %zu: expected a kind and a period that there are", i);
        event.period_ms = a->candles.builders[event.period_index].period_ms;
        status = hq_candle_load(&event.candle, event.period_ms, r);
        a->events[a->length++] = event;
    }
    return status;
}

static HqStatus load_aggregator(HqAggregator *a, HqReader *r)
{
    HqReader content;
    HqStatus status = hq_candle_set_load(&a->candles, r);
    if (status == HQ_OK)
        status = hq_section_open(r, HQ_SECTION_EVENTS, &content);
    if (status == HQ_OK)
        status = load_events(a, &content);
    if (status == HQ_OK)
        status = hq_section_close(&content, HQ_SECTION_EVENTS);
    return status == HQ_OK ? hq_snapshot_close(r) : status;
}

HqStatus hq_aggregator_read(const uint8_t *bytes, size_t size, HqAggregator **out)
{
    HqReader reader;
    HqStatus status = hq_snapshot_open(bytes, size, HQ_SNAPSHOT_AGGREGATOR, &reader);
    if (status != HQ_OK)
        return status;
    HqAggregator *aggregator = hq_calloc(1, sizeof *aggregator);
    if (!aggregator)
        return HQ_ENOMEM;
    hq_guard_init(&aggregator->guard);
    status = load_aggregator(aggregator, &reader);
    if (status != HQ_OK) {
        hq_aggregator_destroy(aggregator);
        return status;
    }
    *out = aggregator;
    return HQ_OK;
}
