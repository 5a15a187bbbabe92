/* A ring of bars as bytes: its capacity, how many were pushed, and the places that are filled. */
#include "ring/bars.h"

enum { BAR_BYTES = 8 * (HQ_FIELD_COUNT + 1) };
static const uint64_t TOTAL_MAX = INT64_MAX; /* as many again can be pushed before the count comes round */

void hq_bars_save(const HqBarRing *bars, HqWriter *writer)
{
    size_t len = hq_cursor_len(&bars->cursor);
    hq_put_u64(writer, bars->cursor.capacity);
    hq_put_u64(writer, hq_cursor_total(&bars->cursor));
    for (size_t i = 0; i < len; i++)
        hq_put_i64(writer, bars->timestamp[i]);
    for (int f = 0; f < HQ_FIELD_COUNT; f++)
        hq_put_f64s(writer, bars->field[f], len);
}

static bool is_valid(const HqBarRing *bars)
{
    for (size_t i = 0; i < hq_cursor_len(&bars->cursor); i++)
        for (int f = 0; f < HQ_FIELD_COUNT; f++)
            if (!(fabs(bars->field[f][i]) <= HQ_VALUE_MAX))
                return false;
    return true;
}

HqStatus hq_bars_load(HqBarRing *bars, HqReader *reader)
{
    uint64_t capacity = hq_take_u64(reader), total = hq_take_u64(reader);
    uint64_t len = total < capacity ? total : capacity;
    if (reader->has_failed || capacity == 0 || capacity > HQ_CAPACITY_MAX ||
        total > TOTAL_MAX || len > reader->left / BAR_BYTES)
        return hq_fail(HQ_ESNAPSHOT, "snapshot: bars: expected a ring that holds what it says");
    HqStatus status = hq_bars_init(bars, (size_t)capacity);
    if (status != HQ_OK)
        return status;
    bars->cursor = hq_cursor_after((size_t)capacity, total);
    for (size_t i = 0; i < len; i++)
        bars->timestamp[i] = hq_take_i64(reader);
    for (int f = 0; f < HQ_FIELD_COUNT; f++)
        hq_take_f64s(reader, bars->field[f], len);
    return is_valid(bars) ? HQ_OK
                          : hq_fail(HQ_ESNAPSHOT, "snapshot: bars: expected finite numbers within "
                                                  "+-1e100");
}
