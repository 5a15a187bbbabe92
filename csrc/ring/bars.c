#include "ring/bars.h"

#include "base/alloc.h"
#include "base/bounded.h"
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

void hq_bars_fields(const HqBars *bars, const double **fields)
{
    fields[HQ_FIELD_OPEN] = bars->open;
    fields[HQ_FIELD_HIGH] = bars->high;
    fields[HQ_FIELD_LOW] = bars->low;
    fields[HQ_FIELD_CLOSE] = bars->close;
    fields[HQ_FIELD_VOLUME] = bars->volume;
    fields[HQ_FIELD_BUY_VOLUME] = bars->buy_volume;
}

void hq_bars_show(const HqBars *bars, size_t begin, size_t end, bool has_time, double **column)
{
    const double *fields[HQ_FIELD_COUNT];
    hq_bars_fields(bars, fields);
    for (int f = 0; f < HQ_FIELD_COUNT; f++)
        if (fields[f])
            column[f] = (double *)fields[f] + begin;
    for (size_t i = begin; has_time && bars->timestamp && i < end; i++)
        column[HQ_FIELD_COUNT][i - begin] = (double)bars->timestamp[i];
}

/* `count` elements to consecutive places of a column, from `index` on and around its end. */
static void copy_round(void *column, size_t capacity, size_t index, const void *from, size_t count,
                       size_t size)
{
    size_t until_wrap = capacity - index < count ? capacity - index : count;
    memcpy((char *)column + index * size, from, until_wrap * size);
    memcpy(column, (const char *)from + until_wrap * size, (count - until_wrap) * size);
}

static void fill_round(double *column, size_t capacity, size_t index, size_t count)
{
    for (size_t i = 0; i < count; i++, index = index + 1 == capacity ? 0 : index + 1)
        column[index] = 0;
}

void hq_bars_push_many(HqBarRing *ring, const HqBars *bars, size_t begin, size_t end)
{
    const double *fields[HQ_FIELD_COUNT];
    hq_bars_fields(bars, fields);
    size_t capacity = ring->cursor.capacity;
    size_t count = end - begin < capacity ? end - begin : capacity, first = end - count;
    hq_cursor_push_many(&ring->cursor, end - begin - count); /* that others push out again */
    size_t index = ring->cursor.head;
    hq_cursor_push_many(&ring->cursor, count);
    copy_round(ring->timestamp, capacity, index, bars->timestamp + first, count, sizeof(int64_t));
    for (int f = 0; f < HQ_FIELD_COUNT; f++) {
        if (fields[f])
            copy_round(ring->field[f], capacity, index, fields[f] + first, count, sizeof(double));
        else
            fill_round(ring->field[f], capacity, index, count);
    }
}

HqStatus hq_bar_refuse(const Bar *bar)
{
    const double *field = hq_bar_fields(bar);
    int bad = 0;
    while (bad < HQ_FIELD_COUNT - 1 && fabs(field[bad]) <= HQ_VALUE_MAX)
        bad++;
    return hq_fail(HQ_EBAR, "bar at %lld ms: %s: expected a finite number within +-1e100, found %s",
                   (long long)bar->timestamp, hq_field_name[bad], HQ_NUMBER(field[bad]));
}

HqColumnF64 hq_bars_column(const HqBarRing *bars, HqField field)
{
    return (HqColumnF64){bars->field[field], bars->cursor.capacity, hq_cursor_len(&bars->cursor),
                         bars->cursor.head};
}

HqColumnI64 hq_bars_timestamps(const HqBarRing *bars)
{
    return (HqColumnI64){bars->timestamp, bars->cursor.capacity, hq_cursor_len(&bars->cursor),
                         bars->cursor.head};
}

bool hq_bars_are_bounded(const HqBars *bars, size_t begin, size_t end)
{
    const double *fields[HQ_FIELD_COUNT];
    hq_bars_fields(bars, fields);
    for (int f = 0; f < HQ_FIELD_COUNT; f++)
        if (fields[f] && !hq_are_bounded(fields[f] + begin, end - begin))
            return false;
    return true;
}
