/* The exported functions of hquant/market.h for bars, periods, candles and the aggregator. */
#include "hquant/market.h"

#include <math.h>

#include "api/columns.h"
#include "base/guard.h"
#include "engine/aggregator.h"
#include "engine/period.h"
#include "ring/candles.h"

HqStatus hq_bars_check(const HqBars *bars)
{
    HqStatus status = hq_columns_check(bars, false);
    return status == HQ_OK ? hq_candles_check(bars) : status;
}

HqStatus hq_period_parse(const char *text, size_t length, int64_t *period_ms)
{
    if (!period_ms || (!text && length > 0))
        return hq_fail(HQ_EINVAL, "period: expected %s, found NULL",
                       period_ms ? "a text" : "a place for the result");
    return hq_period_read(text, length, period_ms);
}

int64_t hq_period_bucket_start(int64_t period_ms, int64_t timestamp_ms)
{
    if (period_ms > 0)
        return hq_period_floor(period_ms, timestamp_ms);
    hq_fail(HQ_EINVAL, "period: expected more than 0 ms, found %lld ms", (long long)period_ms);
    return INT64_MIN;
}

Bar hq_candle_as_bar_open_time(const HqCandle *candle)
{
    if (!candle) {
        hq_fail(HQ_EINVAL, "candle: expected one, found NULL");
        return (Bar){0, NAN, NAN, NAN, NAN, NAN, NAN};
    }
    return hq_candle_bar(candle);
}

HqStatus hq_aggregator_new(const int64_t *periods_ms, size_t count, HqAggregator **out)
{
    if (!out || (!periods_ms && count > 0))
        return hq_fail(HQ_EINVAL, "aggregator: expected %s, found NULL",
                       out ? "a list of periods" : "a place for the result");
    return hq_aggregator_create(periods_ms, count, out);
}

/* The guard of a freed handle stays taken: there is nothing left to leave. */
void hq_aggregator_free(HqAggregator *aggregator)
{
    if (aggregator && hq_guard_enter(&aggregator->guard))
        hq_aggregator_destroy(aggregator);
}

static HqStatus enter(HqAggregator *aggregator)
{
    if (!aggregator)
        return hq_fail(HQ_EINVAL, "aggregator: expected a handle, found NULL");
    return hq_guard_enter(&aggregator->guard) ? HQ_OK : HQ_EBUSY;
}

HqStatus hq_aggregator_push(HqAggregator *aggregator, Bar bar)
{
    HqStatus status = enter(aggregator);
    if (status != HQ_OK)
        return status;
    status = hq_aggregator_feed(aggregator, &bar);
    hq_guard_leave(&aggregator->guard);
    return status;
}

HqStatus hq_aggregator_flush(HqAggregator *aggregator)
{
    HqStatus status = enter(aggregator);
    if (status != HQ_OK)
        return status;
    status = hq_aggregator_close_all(aggregator);
    hq_guard_leave(&aggregator->guard);
    return status;
}

size_t hq_aggregator_events_len(HqAggregator *aggregator)
{
    if (enter(aggregator) != HQ_OK)
        return 0;
    size_t length = aggregator->length;
    hq_guard_leave(&aggregator->guard);
    return length;
}

size_t hq_aggregator_poll_events(HqAggregator *aggregator, HqCandleEvent *out, size_t cap)
{
    if (!out && cap > 0) {
        hq_fail(HQ_EINVAL, "events: expected room for %zu, found NULL", cap);
        return 0;
    }
    if (enter(aggregator) != HQ_OK)
        return 0;
    size_t taken = hq_aggregator_take(aggregator, out, cap);
    hq_guard_leave(&aggregator->guard);
    return taken;
}

uint64_t hq_aggregator_rejected(HqAggregator *aggregator)
{
    if (enter(aggregator) != HQ_OK)
        return 0;
    uint64_t rejected = aggregator->candles.rejected;
    hq_guard_leave(&aggregator->guard);
    return rejected;
}
