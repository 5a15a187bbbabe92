/* The HQuant functions of hquant.h and hquant/engine.h: check, take the guard, call in. */
#include "api/columns.h"
#include "base/alloc.h"
#include "engine/engine.h"
#include "graph/spec.h"
#include "indicator/list.h"

static bool enter(HQuant *handle)
{
    if (!handle) {
        hq_fail(HQ_EINVAL, "handle: expected an HQuant, found NULL");
        return false;
    }
    return hq_guard_enter(&handle->guard);
}

static void leave(HQuant *handle) { hq_guard_leave(&handle->guard); }

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

static uint32_t add(HQuant *handle, const HqRow *row, const uint32_t *fields, const double *params,
                    HqHistory history)
{
    if (!enter(handle))
        return 0;
    uint32_t id = hq_engine_add_indicator(handle, row, fields, params, history);
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
    return add(handle, row, close_field, params, HQ_HISTORY);
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

static uint32_t add_of_spec(HQuant *handle, const HqIndicatorSpec *spec, HqHistory history)
{
    double params[HQ_MAX_PARAMS] = {0};
    uint32_t fields[HQ_MAX_INPUTS] = {0};
    const HqRow *row = hq_spec_resolve(spec, params, fields);
    return row ? add(handle, row, fields, params, history) : 0;
}

uint32_t hq_add_indicator(HQuant *handle, const HqIndicatorSpec *spec)
{
    return add_of_spec(handle, spec, HQ_HISTORY);
}

uint32_t hq_add_indicator_newest(HQuant *handle, const HqIndicatorSpec *spec)
{
    return add_of_spec(handle, spec, HQ_NEWEST_ALONE);
}

/* Written in halves: a struct that is returned is copied by as much at a time, and what has been written
 * in smaller parts has to reach the cache before it can be read in larger ones. */
static inline IndicatorValue value_of(bool is_triple, double a, double b, double c)
{
    static const struct { /* an IndicatorValue's first eight bytes */
        IndicatorValueKind kind;
        uint8_t padding[7]; /* zeros, so that equal values have equal bytes */
    } heads[] = {{.kind = INDICATOR_SCALAR}, {.kind = INDICATOR_TRIPLE}};
    IndicatorValue value;
    double head;
    memcpy(&head, &heads[is_triple], sizeof head);
    const HqTwo halves[] = {{head, a}, {b, c}};
    memcpy(&value, halves, sizeof value);
    return value;
}

/* No handle, a busy one, no such indicator: the error is set. */
static HQ_RARE IndicatorValue no_value(HQuant *handle, uint32_t id)
{
    if (enter(handle)) {
        hq_engine_find(handle, id);
        leave(handle);
    }
    return value_of(false, (double)NAN, (double)NAN, (double)NAN);
}

IndicatorValue hquant_indicator_last(HQuant *handle, uint32_t id)
{
    if (HQ_UNLIKELY(!handle || !hq_guard_try(&handle->guard)))
        return no_value(handle, id);
    if (HQ_UNLIKELY(!hq_engine_has(handle, id))) {
        leave(handle);
        return no_value(handle, id);
    }
    const HqIndicator *indicator = &handle->indicators[id - 1];
    const double *values = handle->graph.line + indicator->slot;
    uint32_t n = indicator->n_outputs;
    double a = hq_shown(values[0]), b = (double)NAN, c = b;
    if (n == 1) {
        leave(handle);
        return value_of(false, a, b, c);
    }
    b = hq_shown(values[1]);
    if (n > 2)
        c = hq_shown(values[2]);
    leave(handle);
    return value_of(true, a, b, c);
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

static bool can_watch(const HqIndicatorOutput *outputs, size_t count)
{
    if (outputs && count > 0 && count <= HQ_WATCH_MAX)
        return true;
    hq_fail(HQ_EINVAL, "outputs: expected 1..%zu of them, found %zu%s", HQ_WATCH_MAX, count,
            outputs ? "" : " at NULL");
    return false;
}

const double *hq_engine_watch(HQuant *handle, const HqIndicatorOutput *outputs, size_t count)
{
    if (!can_watch(outputs, count) || !enter(handle))
        return NULL;
    const HqWatch *watch = hq_engine_watch_of(handle, outputs, count, HQ_WATCHED_COPIES);
    const double *values = watch ? watch->values : NULL;
    leave(handle);
    return values;
}

HqStatus hq_engine_newest(HQuant *handle, const HqIndicatorOutput *outputs, size_t count, HqNewest *newest)
{
    if (!newest)
        return hq_fail(HQ_EINVAL, "newest: expected where the answer goes, found NULL");
    if (!can_watch(outputs, count))
        return HQ_EINVAL;
    if (!enter(handle))
        return busy_or_null(handle);
    const HqWatch *watch = hq_engine_watch_of(handle, outputs, count, HQ_WATCHED_IN_PLACE);
    if (watch)
        *newest = (HqNewest){(const double *const *)&handle->graph.line /* only to read it */, watch->slots, count};
    HqStatus status = watch ? HQ_OK : hq_last_error()->code;
    leave(handle);
    return status;
}

HqColumnF64 hq_indicator_column(HQuant *handle, uint32_t id, uint32_t output)
{
    HqColumnF64 column = {0};
    if (!enter(handle))
        return column;
    const HqIndicator *indicator = hq_engine_find(handle, id);
    if (indicator && output >= indicator->row->info.n_outputs) {
        hq_fail(HQ_ENOTFOUND, "indicator %u has no output %u", (unsigned)id, (unsigned)output);
    } else if (indicator && !indicator->columns) {
        hq_fail(HQ_EINVAL, "indicator %u (%s): it was added without a history; add it with one for a column",
                (unsigned)id, indicator->row->info.name);
    } else if (indicator) {
        const HqCursor *cursor = &handle->bars.cursor;
        hq_engine_flush_taps(handle);
        column = (HqColumnF64){indicator->columns + output * hq_column_stride(cursor->capacity),
                               cursor->capacity, hq_cursor_len(cursor), cursor->head};
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
    if (hq_program_compile(name_utf8, name_len, dsl_utf8, dsl_len, &program) == HQ_OK)
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

static HQ_NOINLINE void evaluate(HQuant *handle)
{
    hq_engine_evaluate(handle, handle->bars.timestamp[hq_cursor_last(&handle->bars.cursor)]);
}

/* Strategies and watches, out of line: without them a push is a short function. */
static inline void answer(HQuant *handle)
{
    if (HQ_UNLIKELY(handle->n_strategies > 0))
        evaluate(handle);
    hq_engine_show(handle);
}

typedef HqStatus (*Take)(HQuant *engine, const Bar *bar);

/* Any bar, into any engine: by hq_engine_push() or hq_engine_update(). */
static HqStatus take(HQuant *handle, Take take_bar, const Bar *bar)
{
    if (handle->is_part)
        return hq_fail(HQ_EINVAL, "handle: bars reach an engine of a MultiHQuant through "
                                  "hq_multi_feed_bar() alone");
    if (!hq_bar_is_valid(bar)) {
        handle->rejected_bars++;
        return hq_bar_refuse(bar);
    }
    if (take_bar == hq_engine_update && hq_cursor_len(&handle->bars.cursor) == 0)
        return HQ_OK;
    HqStatus status = take_bar(handle, bar);
    if (status == HQ_OK)
        answer(handle);
    else
        handle->rejected_bars++;
    return status;
}

static HQ_NOINLINE HqStatus take_in(HQuant *handle, Take take_bar, const Bar *bar)
{
    if (!enter(handle))
        return busy_or_null(handle);
    HqStatus status = take(handle, take_bar, bar);
    leave(handle);
    return status;
}

/* The usual bar, in few steps: false for any other, and nothing has happened. */
HQ_INLINE bool push_usual(HQuant *handle, const Bar *bar)
{
    if (HQ_UNLIKELY(!handle || !hq_guard_try(&handle->guard)))
        return false;
    bool is_usual = hq_engine_has_line(handle) && hq_bar_is_ordinary(bar);
    if (HQ_LIKELY(is_usual)) {
        hq_engine_push_plain(handle, bar);
        answer(handle);
    }
    hq_guard_leave(&handle->guard);
    return is_usual;
}

HQ_INLINE bool update_usual(HQuant *handle, const Bar *bar)
{
    if (HQ_UNLIKELY(!handle || !hq_guard_try(&handle->guard)))
        return false;
    bool is_usual = handle->is_plain && hq_bar_is_ordinary(bar);
    if (HQ_LIKELY(is_usual)) {
        hq_engine_update_plain(handle, bar);
        answer(handle);
    }
    hq_guard_leave(&handle->guard);
    return is_usual;
}

/* Of its own: a bar whose address anybody wants is written to memory first, usual or not. */
static HQ_RARE HqStatus take_fields(HQuant *handle, Take take_bar, int64_t timestamp, double open,
                                    double high, double low, double close, double volume,
                                    double buy_volume)
{
    const Bar bar = {timestamp, open, high, low, close, volume, buy_volume};
    return take_in(handle, take_bar, &bar);
}

HQ_NOINLINE HqStatus hq_push_bar(HQuant *handle, int64_t timestamp, double open, double high,
                                 double low, double close, double volume, double buy_volume)
{
    const Bar bar = {timestamp, open, high, low, close, volume, buy_volume};
    if (HQ_LIKELY(push_usual(handle, &bar)))
        return HQ_OK;
    return take_fields(handle, hq_engine_push, timestamp, open, high, low, close, volume, buy_volume);
}

HQ_NOINLINE HqStatus hq_update_last_bar(HQuant *handle, int64_t timestamp, double open, double high,
                                        double low, double close, double volume, double buy_volume)
{
    const Bar bar = {timestamp, open, high, low, close, volume, buy_volume};
    if (HQ_LIKELY(update_usual(handle, &bar)))
        return HQ_OK;
    return take_fields(handle, hq_engine_update, timestamp, open, high, low, close, volume,
                       buy_volume);
}

/* A bar in memory, field by field: two read at once would have to wait for what its caller has just written. */
void hquant_push_bar(HQuant *handle, Bar bar)
{
    hq_push_bar(handle, bar.timestamp, bar.open, bar.high, bar.low, bar.close, bar.volume,
                bar.buy_volume);
}

void hquant_update_last_bar(HQuant *handle, Bar bar)
{
    hq_update_last_bar(handle, bar.timestamp, bar.open, bar.high, bar.low, bar.close, bar.volume,
                       bar.buy_volume);
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
        status = take(handle, hq_engine_push, &bar);
        if (i == 1 && status == HQ_OK)
            i = hq_engine_push_many(handle, bars, i);
    }
    size_t taken = status == HQ_OK || i == 0 ? i : i - 1;
    if (taken > 0 && !bars->buy_volume)
        handle->lacks_buy_volume = hq_cursor_total(&handle->bars.cursor);
    leave(handle);
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

size_t hquant_len(HQuant *handle) { READ(size_t, 0, hq_cursor_len(&handle->bars.cursor)); }
size_t hquant_capacity(HQuant *handle) { READ(size_t, 0, handle->bars.cursor.capacity); }
uint64_t hq_rejected_bars(HQuant *handle) { READ(uint64_t, 0, handle->rejected_bars); }
uint64_t hq_total_bars(HQuant *handle) { READ(uint64_t, 0, hq_cursor_total(&handle->bars.cursor)); }

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
