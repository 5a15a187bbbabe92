/* A ring of bars as columns (struct of arrays): the last `capacity` of them. */
#ifndef HQ_RING_BARS_H
#define HQ_RING_BARS_H

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/two.h"
#include "hquant/engine.h"
#include "ring/cursor.h"

/** A bar's float64 columns, in the struct's order. */
typedef enum HqField {
    HQ_FIELD_OPEN,
    HQ_FIELD_HIGH,
    HQ_FIELD_LOW,
    HQ_FIELD_CLOSE,
    HQ_FIELD_VOLUME,
    HQ_FIELD_BUY_VOLUME,
    HQ_FIELD_COUNT
} HqField;

/** "open" .. "buy_volume", indexed by HqField. */
extern const char *const hq_field_name[HQ_FIELD_COUNT];

typedef struct HqBarRing {
    HqCursor cursor;
    int64_t *timestamp;             /* ms */
    double *field[HQ_FIELD_COUNT];  /* indexed by HqField */
    void *memory;
} HqBarRing;

/** Allocate a ring; on failure nothing is allocated. */
HqStatus hq_bars_init(HqBarRing *bars, size_t capacity);

void hq_bars_destroy(HqBarRing *bars);

/** Bar i counted from the oldest, i < len. */
Bar hq_bars_get(const HqBarRing *bars, size_t i);

/** Whether a bar is plainly valid: a NaN or a huge field shows in the sum, so one comparison clears nearly every bar. */
static inline bool hq_bar_is_ordinary(const Bar *bar)
{
    HqTwo sums = hq_two_abs((HqTwo){bar->open, bar->high}) + hq_two_abs((HqTwo){bar->low, bar->close}) +
                 hq_two_abs((HqTwo){bar->volume, bar->buy_volume});
    return sums[0] + sums[1] <= HQ_VALUE_MAX;
}

/** A bar's fields, indexed by HqField. By way of its first one alone a compiler need not see the others. */
static inline const double *hq_bar_fields(const Bar *bar)
{
    return (const double *)(const void *)((const char *)bar + offsetof(Bar, open));
}

/** Whether every field is finite and within HQ_VALUE_MAX. */
static inline bool hq_bar_is_valid(const Bar *bar)
{
    if (hq_bar_is_ordinary(bar))
        return true;
    const double *field = hq_bar_fields(bar);
    for (int i = 0; i < HQ_FIELD_COUNT; i++)
        if (!(fabs(field[i]) <= HQ_VALUE_MAX))
            return false;
    return true;
}

/** HQ_EBAR with the field that hq_bar_is_valid() found wanting. */
HqStatus hq_bar_refuse(const Bar *bar);

static inline void hq_bars_store(HqBarRing *bars, size_t index, const Bar *bar)
{
    bars->timestamp[index] = bar->timestamp;
    bars->field[HQ_FIELD_OPEN][index] = bar->open;
    bars->field[HQ_FIELD_HIGH][index] = bar->high;
    bars->field[HQ_FIELD_LOW][index] = bar->low;
    bars->field[HQ_FIELD_CLOSE][index] = bar->close;
    bars->field[HQ_FIELD_VOLUME][index] = bar->volume;
    bars->field[HQ_FIELD_BUY_VOLUME][index] = bar->buy_volume;
}

/** Bar i of columns; a column of buy_volume that there is none of reads as 0. */
static inline Bar hq_bars_row(const HqBars *bars, size_t i)
{
    return (Bar){bars->timestamp[i], bars->open[i],   bars->high[i],
                 bars->low[i],       bars->close[i],  bars->volume[i],
                 bars->buy_volume ? bars->buy_volume[i] : 0};
}

/** Columns by HqField, NULL where the bars have none. */
void hq_bars_fields(const HqBars *bars, const double **fields);

/** Whether every field of bars begin..end-1 that there is is finite and within HQ_VALUE_MAX. */
bool hq_bars_are_bounded(const HqBars *bars, size_t begin, size_t end);

/**
 * Lead a column a field, and behind them one of the times, to bars begin..end-1, where they are:
 * nobody may write to them. Columns that the bars do not have stay what they are; times are
 * written as doubles, if there are any.
 * @param has_time  something reads the times.
 */
void hq_bars_show(const HqBars *bars, size_t begin, size_t end, bool has_time, double **column);

/** As hq_bars_push() of the bars begin..end-1, which are valid. */
void hq_bars_push_many(HqBarRing *ring, const HqBars *bars, size_t begin, size_t end);

/** Append a bar, over the oldest when full. Returns the index it was written to. */
static inline size_t hq_bars_push(HqBarRing *bars, const Bar *bar)
{
    size_t index = hq_cursor_push(&bars->cursor);
    hq_bars_store(bars, index, bar);
    return index;
}

/** Replace the newest bar; the ring holds at least one. Returns its index. */
static inline size_t hq_bars_update_last(HqBarRing *bars, const Bar *bar)
{
    size_t index = hq_cursor_last(&bars->cursor);
    hq_bars_store(bars, index, bar);
    return index;
}

/* -------------------------------------------------------------------- save.c */

void hq_bars_save(const HqBarRing *bars, HqWriter *writer);

/** As hq_bars_init(), with what hq_bars_save() wrote. HQ_OK, HQ_ESNAPSHOT, HQ_ENOMEM; then zeros or hq_bars_destroy(). */
HqStatus hq_bars_load(HqBarRing *bars, HqReader *reader);

/** View of one column. */
HqColumnF64 hq_bars_column(const HqBarRing *bars, HqField field);

/** View of the timestamps. */
HqColumnI64 hq_bars_timestamps(const HqBarRing *bars);

#endif
