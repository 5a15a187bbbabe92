#include "ring/bars.h"

#include "base/alloc.h"
#include "base/number.h"

_Static_assert(sizeof(Bar) == 56 && offsetof(Bar, open) == 8 && offsetof(Bar, buy_volume) == 48,
               "Bar is the seed's 56 bytes, its fields in HqField's order");
_Static_assert(sizeof(HqColumnF64) == 32 && sizeof(HqColumnI64) == 32, "column views: 32 bytes");

const char *const hq_field_name[HQ_FIELD_COUNT] = {"open",  "high",   "low",
                                                   "close", "volume", "buy_volume"};

HqStatus hq_bars_init(HqBarRing *bars, size_t capacity)
{
    if (capacity == 0 || capacity > HQ_CAPACITY_MAX)
        return hq_fail(HQ_EINVAL, "capacity: expected 1..%zu bars, found %zu", HQ_CAPACITY_MAX,
                       capacity);
    size_t stride = hq_column_stride(capacity);
    double *memory = hq_calloc((HQ_FIELD_COUNT + 1) * stride, sizeof *memory);
    if (!memory)
        return HQ_ENOMEM;
    *bars = (HqBarRing){.cursor = {.capacity = capacity}, .memory = memory};
    for (int f = 0; f < HQ_FIELD_COUNT; f++)
        bars->field[f] = memory + (size_t)f * stride;
    bars->timestamp = (int64_t *)(memory + HQ_FIELD_COUNT * stride);
    return HQ_OK;
}

void hq_bars_destroy(HqBarRing *bars)
{
    free(bars->memory);
    *bars = (HqBarRing){0};
}

Bar hq_bars_get(const HqBarRing *bars, size_t i)
{
    size_t at = hq_cursor_at(&bars->cursor, i);
    return (Bar){
        .timestamp = bars->timestamp[at],
        .open = bars->field[HQ_FIELD_OPEN][at],
        .high = bars->field[HQ_FIELD_HIGH][at],
        .low = bars->field[HQ_FIELD_LOW][at],
        .close = bars->field[HQ_FIELD_CLOSE][at],
        .volume = bars->field[HQ_FIELD_VOLUME][at],
        .buy_volume = bars->field[HQ_FIELD_BUY_VOLUME][at],
    };
}

HqStatus hq_bar_refuse(const Bar *bar)
{
    const double *field = &bar->open;
    int bad = 0;
    while (bad < HQ_FIELD_COUNT - 1 && fabs(field[bad]) <= HQ_VALUE_MAX)
        bad++;
    return hq_fail(HQ_EBAR, "bar at %lld ms: %s: expected a finite number within +-1e100, found %s",
                   (long long)bar->timestamp, hq_field_name[bad], HQ_NUMBER(field[bad]));
}

HqColumnF64 hq_bars_column(const HqBarRing *bars, HqField field)
{
    return (HqColumnF64){bars->field[field], bars->cursor.capacity, bars->cursor.len,
                         bars->cursor.head};
}

HqColumnI64 hq_bars_timestamps(const HqBarRing *bars)
{
    return (HqColumnI64){bars->timestamp, bars->cursor.capacity, bars->cursor.len,
                         bars->cursor.head};
}
