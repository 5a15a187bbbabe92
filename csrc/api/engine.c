/* The HQuant functions of hquant.h and hquant/engine.h: check, take the guard, call in. */
#include "api/columns.h"
#include "base/alloc.h"
#include "engine/engine.h"
#include "graph/spec.h"
#include "indicator/list.h"
#include "vm/compiler.h"

static bool enter(HQuant *handle)
{
    if (!handle) {
        hq_fail(HQ_EINVAL, "handle: expected an HQuant, found NULL");
        return false;
    }
    return hq_guard_enter(&handle->guard);
}

static void leave(HQuant *handle) { hq_guard_leave(&handle->guard); }

/* After bars: who watches sees the newest values. */
static inline void leave_shown(HQuant *handle)
{
    hq_engine_show(handle);
    leave(handle);
}

static inline HqStatus busy_or_null(const HQuant *handle) { return handle ? HQ_EBUSY : HQ_EINVAL; }

/* ----------------------------------------------------------------- lifecycle */

HQuant *hquant_new(size_t capacity)
{
    HQuant *handle = hq_calloc(1, sizeof *handle);
    if (handle && hq_engine_init(handle, capacity, NULL, 0) != HQ_OK) {
        free(handle);
        return NULL;
    }
    return handle;
}

void hquant_free(HQuant *handle)
{
    if (!handle || !enter(handle))
        return;
    if (handle->is_part) {
        hq_fail(HQ_EINVAL, "handle: this engine belongs to a MultiHQuant, which frees it");
        leave(handle);
        return;
    }
    hq_engine_destroy(handle);
    free(handle);
}

/* ---------------------------------------------------------------- indicators */

static uint32_t add(HQuant *handle, const HqRow *row, const uint32_t *fields, const double *params)
{
    if (!enter(handle))
        return 0;
    uint32_t id = hq_engine_add_indicator(handle, row, fields, params);
    leave(handle);
    return id;
}

/* A size_t beyond 2^53 is no exact double, and far out of every range. */
static double as_param(size_t period)
{
    return (double)period;
}

static uint32_t add_on_close(HQuant *handle, const HqRow *row, double a, double b, double c)
{
    static const uint32_t close_field[] = {HQ_FIELD_CLOSE};
    const double params[] = {a, b, c};
    return add(handle, row, close_field, params);
}

uint32_t hquant_add_rsi(HQuant *handle, size_t period)
{
    return add_on_close(handle, &hq_row_rsi, as_param(period), 0, 0);
}

uint32_t hquant_add_ema_close(HQuant *handle, size_t period)
{
    return add_on_close(handle, &hq_row_ema, as_param(period), 0, 0);
}

uint32_t hquant_add_sma_close(HQuant *handle, size_t period)
{
    return add_on_close(handle, &hq_row_sma, as_param(period), 0, 0);
}

uint32_t hquant_add_stddev_close(HQuant *handle, size_t period)
{
    return add_on_close(handle, &hq_row_stddev, as_param(period), 0, 0);
}

uint32_t hquant_add_boll(HQuant *handle, size_t period, double k)
{
    return add_on_close(handle, &hq_row_boll, as_param(period), k, 0);
}

uint32_t hquant_add_macd(HQuant *handle, size_t fast, size_t slow, size_t signal)
{
    return add_on_close(handle, &hq_row_macd, as_param(fast), as_param(slow), as_param(signal));
}

uint32_t hq_add_indicator(HQuant *handle, const HqIndicatorSpec *spec)
{
    double params[HQ_MAX_PARAMS] = {0};
    uint32_t fields[HQ_MAX_INPUTS] = {0};
    const HqRow *row = hq_spec_resolve(spec, params, fields);
    return row ? add(handle, row, fields, params) : 0;
}

IndicatorValue hquant_indicator_last(HQuant *handle, uint32_t id)
{
    IndicatorValue value;
    memset(&value, 0, sizeof value); /* the padding too: equal values have equal bytes */
    value.kind = INDICATOR_SCALAR;
    value.a = value.b = value.c = (double)NAN;
    if (!enter(handle))
        return value;
    const HqIndicator *indicator = hq_engine_find(handle, id);
    if (indicator) {
        value.a = hq_engine_value(handle, indicator->slot);
        uint32_t n = indicator->row->info.n_outputs;
        if (n > 1) {
            value.kind = INDICATOR_TRIPLE;
            value.b = hq_engine_value(handle, indicator->slot + 1);
            if (n > 2)
                value.c = hq_engine_value(handle, indicator->slot + 2);
        }
    }
    leave(handle);
    return value;
}

size_t hq_indicator_values(HQuant *handle, uint32_t id, double *values, size_t count)
{
    if (!values && count > 0) {
        hq_fail(HQ_EINVAL, "hq_indicator_values: values is NULL");
        return 0;
    }
    if (!enter(handle))
        return 0;
    const HqIndicator *indicator = hq_engine_find(handle, id);
    uint32_t n = indicator ? indicator->row->info.n_outputs : 0;
    for (uint32_t o = 0; o < n && o < count; o++)
        values[o] = hq_engine_value(handle, indicator->slot + o);
    leave(handle);
    return n;
}

const double *hq_engine_watch(HQuant *handle, const HqIndicatorOutput *outputs, size_t count)
{
    if (!outputs || count == 0 || count > HQ_WATCH_MAX) {
        hq_fail(HQ_EINVAL, "outputs: expected 1..%zu of them, found %zu%s", HQ_WATCH_MAX, count,
                outputs ? "" : " at NULL");
        return NULL;
    }
    if (!enter(handle))
        return NULL;
    const double *values = hq_engine_add_watch(handle, outputs, count);
    leave(handle);
    return values;
}

HqColumnF64 hq_indicator_column(HQuant *handle, uint32_t id, uint32_t output)
{
    HqColumnF64 column = {0};
    if (!enter(handle))
        return column;
    const HqIndicator *indicator = hq_engine_find(handle, id);
    if (indicator && output >= indicator->row->info.n_outputs) {
        hq_fail(HQ_ENOTFOUND, "indicator %u has no output %u", (unsigned)id, (unsigned)output);
    } else if (indicator) {
        const HqCursor *cursor = &handle->bars.cursor;
        hq_engine_flush_taps(handle);
        column = (HqColumnF64){indicator->columns + output * hq_column_stride(cursor->capacity),
                               cursor->capacity, cursor->len, cursor->head};
    }
    leave(handle);
    return column;
}

/* ---------------------------------------------------------------- strategies */

uint32_t hquant_add_strategy(HQuant *handle, const uint8_t *name_utf8, size_t name_len,
                             const uint8_t *dsl_utf8, size_t dsl_len)
{
    HqProgram *program = NULL;
    uint32_t id = 0;
    if (!enter(handle))
        return 0;
    if (hq_program_from_source(name_utf8, name_len, dsl_utf8, dsl_len, &program) == HQ_OK)
        id = hq_engine_add_strategy(handle, program);
    if (id == 0)
        hq_program_free(program);
    leave(handle);
    return id;
}

HqStatus hq_engine_set_htf(HQuant *handle, uint32_t htf, int64_t bar_period_ms)
{
    if (!enter(handle))
        return busy_or_null(handle);
    HqStatus status = hq_clocks_check_setting(htf, bar_period_ms);
    if (status == HQ_OK && handle->is_part)
        status = hq_fail(HQ_EINVAL, "handle: this engine belongs to a MultiHQuant; use "
                                    "hq_multi_set_htf()");
    if (status == HQ_OK)
        status = hq_engine_choose(handle, htf, bar_period_ms);
    leave(handle);
    return status;
}

HqStatus hq_engine_set_param(HQuant *handle, uint32_t strategy_id, const char *name, double value)
{
    if (!name)
        return hq_fail(HQ_EINVAL, "name: expected the name of a PARAM, found NULL");
    if (!enter(handle))
        return busy_or_null(handle);
    HqStatus status = hq_engine_change(handle, strategy_id, name, value);
    leave(handle);
    return status;
}

/* ----------------------------------------------------------------- ingestion */

static HqStatus refuse(HQuant *handle, const Bar *bar)
{
    handle->rejected_bars++;
    return hq_bar_refuse(bar);
}

typedef HqStatus (*Take)(HQuant *engine, const Bar *bar);

/* Into an engine that is not plain: by hq_engine_push() or hq_engine_update(). */
static HQ_RARE HqStatus take(HQuant *handle, const Bar *bar, Take take_bar)
{
    if (handle->is_part)
        return hq_fail(HQ_EINVAL, "handle: bars reach an engine of a MultiHQuant through "
                                  "hq_multi_feed_bar() alone");
    if (!hq_bar_is_valid(bar))
        return refuse(handle, bar);
    if (take_bar == hq_engine_update && handle->bars.cursor.len == 0)
        return HQ_OK;
    HqStatus status = take_bar(handle, bar);
    if (status == HQ_OK)
        hq_engine_evaluate(handle, bar->timestamp);
    else
        handle->rejected_bars++;
    return status;
}

static inline HqStatus push(HQuant *handle, const Bar *bar)
{
    if (HQ_UNLIKELY(!handle->is_plain))
        return take(handle, bar, hq_engine_push);
    if (!hq_bar_is_valid(bar))
        return refuse(handle, bar);
    hq_engine_push_plain(handle, bar);
    hq_engine_evaluate(handle, bar->timestamp);
    return HQ_OK;
}

static inline HqStatus update(HQuant *handle, const Bar *bar)
{
    if (HQ_UNLIKELY(!handle->is_plain))
        return take(handle, bar, hq_engine_update);
    if (!hq_bar_is_valid(bar))
        return refuse(handle, bar);
    if (handle->bars.cursor.len == 0)
        return HQ_OK;
    hq_engine_update_plain(handle, bar);
    hq_engine_evaluate(handle, bar->timestamp);
    return HQ_OK;
}

void hquant_push_bar(HQuant *handle, Bar bar)
{
    if (!enter(handle))
        return;
    push(handle, &bar);
    leave_shown(handle);
}

void hquant_update_last_bar(HQuant *handle, Bar bar)
{
    if (!enter(handle))
        return;
    update(handle, &bar);
    leave_shown(handle);
}

HqStatus hq_push_bar(HQuant *handle, int64_t timestamp, double open, double high, double low,
                     double close, double volume, double buy_volume)
{
    const Bar bar = {timestamp, open, high, low, close, volume, buy_volume};
    if (!enter(handle))
        return busy_or_null(handle);
    HqStatus status = push(handle, &bar);
    leave_shown(handle);
    return status;
}

HqStatus hq_update_last_bar(HQuant *handle, int64_t timestamp, double open, double high,
                            double low, double close, double volume, double buy_volume)
{
    const Bar bar = {timestamp, open, high, low, close, volume, buy_volume};
    if (!enter(handle))
        return busy_or_null(handle);
    HqStatus status = update(handle, &bar);
    leave_shown(handle);
    return status;
}

HqStatus hq_push_bars(HQuant *handle, const HqBars *bars, size_t *pushed)
{
    size_t i = 0;
    if (pushed)
        *pushed = 0;
    if (!enter(handle))
        return busy_or_null(handle);
    HqStatus status = hq_columns_check(bars, handle->reads_buy_volume);
    while (status == HQ_OK && i < bars->length) {
        const Bar bar = hq_bars_row(bars, i++);
        status = push(handle, &bar);
        if (i == 1 && status == HQ_OK)
            i = hq_engine_push_many(handle, bars, i);
    }
    size_t taken = status == HQ_OK || i == 0 ? i : i - 1;
    if (taken > 0 && !bars->buy_volume)
        handle->lacks_buy_volume = handle->total_bars;
    leave_shown(handle);
    if (pushed)
        *pushed = taken;
    return status;
}

/* -------------------------------------------------------------- info, columns */

/* A field of the handle, read inside the guard. */
#define READ(type, missing, expression)      \
    if (!enter(handle))                      \
        return missing;                      \
    type value = (expression);               \
    leave(handle);                           \
    return value

size_t hquant_len(HQuant *handle) { READ(size_t, 0, handle->bars.cursor.len); }
size_t hquant_capacity(HQuant *handle) { READ(size_t, 0, handle->bars.cursor.capacity); }
uint64_t hq_rejected_bars(HQuant *handle) { READ(uint64_t, 0, handle->rejected_bars); }
uint64_t hq_total_bars(HQuant *handle) { READ(uint64_t, 0, handle->total_bars); }

static HqColumnF64 column(HQuant *handle, HqField field)
{
    READ(HqColumnF64, (HqColumnF64){0}, hq_bars_column(&handle->bars, field));
}

HqColumnF64 hquant_close_column(HQuant *handle) { return column(handle, HQ_FIELD_CLOSE); }
HqColumnF64 hquant_open_column(HQuant *handle) { return column(handle, HQ_FIELD_OPEN); }
HqColumnF64 hquant_high_column(HQuant *handle) { return column(handle, HQ_FIELD_HIGH); }
HqColumnF64 hquant_low_column(HQuant *handle) { return column(handle, HQ_FIELD_LOW); }
HqColumnF64 hquant_volume_column(HQuant *handle) { return column(handle, HQ_FIELD_VOLUME); }
HqColumnF64 hquant_buy_volume_column(HQuant *handle) { return column(handle, HQ_FIELD_BUY_VOLUME); }

HqColumnI64 hquant_timestamp_column(HQuant *handle)
{
    READ(HqColumnI64, (HqColumnI64){0}, hq_bars_timestamps(&handle->bars));
}

/* ------------------------------------------------------------------- signals */

size_t hquant_signals_len(HQuant *handle)
{
    READ(size_t, 0, handle->is_part ? 0 : handle->queue->len);
}

uint64_t hq_signals_dropped(HQuant *handle)
{
    READ(uint64_t, 0, handle->is_part ? 0 : handle->queue->dropped);
}

size_t hquant_poll_signals(HQuant *handle, Signal *out, size_t cap)
{
    if (!enter(handle))
        return 0;
    size_t n = 0;
    if (!out && cap > 0)
        hq_fail(HQ_EINVAL, "out: expected room for %zu signals, found NULL", cap);
    else if (!handle->is_part) /* a MultiHQuant polls the signals of its engines itself */
        n = hq_signals_poll(handle->queue, out, cap);
    leave(handle);
    return n;
}

HqStatus hq_set_signal_capacity(HQuant *handle, size_t capacity)
{
    if (!enter(handle))
        return busy_or_null(handle);
    HqStatus status = handle->is_part
                          ? hq_fail(HQ_EINVAL, "handle: the signals of this engine go to its "
                                               "MultiHQuant; set its capacity")
                          : hq_signals_resize(handle->queue, capacity);
    leave(handle);
    return status;
}
