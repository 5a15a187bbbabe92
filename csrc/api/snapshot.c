/* The functions of hquant/snapshot.h: check, take the guard, call in. */
#include "hquant/snapshot.h"

#include "engine/snapshot.h"

uint32_t hq_snapshot_version(void) { return HQ_SNAPSHOT_VERSION; }

static HqStatus check_place(const char *what, const void *handle, const void *out, size_t cap)
{
    if (handle && (out || cap == 0))
        return HQ_OK;
    return hq_fail(HQ_EINVAL, "%s: expected %s, found NULL", what,
                   handle ? "room for the answer" : "a handle");
}

static HqStatus check_bytes(const uint8_t *bytes, const void *out)
{
    if (bytes && out)
        return HQ_OK;
    return hq_fail(HQ_EINVAL, "snapshot: expected %s, found NULL",
                   bytes ? "a place for the result" : "its bytes");
}

size_t hq_engine_save(HQuant *handle, uint8_t *out, size_t cap)
{
    HqWriter writer = {out, cap, 0};
    if (check_place("snapshot", handle, out, cap) != HQ_OK || !hq_guard_enter(&handle->guard))
        return 0;
    HqStatus status = hq_engine_write(handle, &writer);
    hq_guard_leave(&handle->guard);
    return status == HQ_OK ? writer.size : 0;
}

HqStatus hq_engine_load(const uint8_t *bytes, size_t size, HQuant **out)
{
    HqStatus status = check_bytes(bytes, out);
    return status == HQ_OK ? hq_engine_read(bytes, size, out) : status;
}

size_t hq_multi_save(HqMulti *multi, uint8_t *out, size_t cap)
{
    HqWriter writer = {out, cap, 0};
    if (check_place("snapshot", multi, out, cap) != HQ_OK || !hq_guard_enter(&multi->guard))
        return 0;
    HqStatus status = hq_multi_enter_engines(multi);
    if (status == HQ_OK) {
        status = hq_multi_write(multi, &writer);
        hq_multi_leave_engines(multi);
    }
    hq_guard_leave(&multi->guard);
    return status == HQ_OK ? writer.size : 0;
}

HqStatus hq_multi_load(const uint8_t *bytes, size_t size, HqMulti **out)
{
    HqStatus status = check_bytes(bytes, out);
    return status == HQ_OK ? hq_multi_read(bytes, size, out) : status;
}

size_t hq_aggregator_save(HqAggregator *aggregator, uint8_t *out, size_t cap)
{
    HqWriter writer = {out, cap, 0};
    if (check_place("snapshot", aggregator, out, cap) != HQ_OK ||
        !hq_guard_enter(&aggregator->guard))
        return 0;
    HqStatus status = hq_aggregator_write(aggregator, &writer);
    hq_guard_leave(&aggregator->guard);
    return status == HQ_OK ? writer.size : 0;
}

HqStatus hq_aggregator_load(const uint8_t *bytes, size_t size, HqAggregator **out)
{
    HqStatus status = check_bytes(bytes, out);
    return status == HQ_OK ? hq_aggregator_read(bytes, size, out) : status;
}

/* ------------------------------------------- what a loaded handle was made with */

static size_t copy_periods(const HqCandleSet *set, int64_t *out, size_t cap)
{
    for (size_t i = 0; i < set->count && i < cap; i++)
        out[i] = set->builders[i].period_ms;
    return set->count;
}

size_t hq_multi_periods(HqMulti *multi, int64_t *out, size_t cap)
{
    if (check_place("periods", multi, out, cap) != HQ_OK || !hq_guard_enter(&multi->guard))
        return 0;
    size_t count = copy_periods(&multi->candles, out, cap);
    hq_guard_leave(&multi->guard);
    return count;
}

uint32_t hq_multi_emit(HqMulti *multi)
{
    if (check_place("emit", multi, NULL, 0) != HQ_OK || !hq_guard_enter(&multi->guard))
        return 0;
    uint32_t emit = multi->emit;
    hq_guard_leave(&multi->guard);
    return emit;
}

size_t hq_aggregator_periods(HqAggregator *aggregator, int64_t *out, size_t cap)
{
    if (check_place("periods", aggregator, out, cap) != HQ_OK ||
        !hq_guard_enter(&aggregator->guard))
        return 0;
    size_t count = copy_periods(&aggregator->candles, out, cap);
    hq_guard_leave(&aggregator->guard);
    return count;
}
