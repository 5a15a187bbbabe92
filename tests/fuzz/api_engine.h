/* An HQuant under arbitrary calls: ring, ids, counters and signals stay in order. */
#ifndef HQ_TESTS_FUZZ_API_ENGINE_H
#define HQ_TESTS_FUZZ_API_ENGINE_H

#include "../c/program.h"
#include "hquant/engine.h"
#include "input.h"
#include "require.h"

enum { OUTPUTS_MAX = 5, INDICATORS_MAX = 24, STRATEGIES_MAX = 12, ROOM_MAX = 1 << 16 };

typedef struct Engine {
    HQuant *handle;
    size_t capacity;
    uint64_t total, rejected;
    uint32_t indicators, strategies; /* as many ids have been given */
    size_t queue;                    /* signals that fit */
    int reads_candles;               /* a strategy reads a higher timeframe */
    Bar newest;
    const double *close; /* where the ring's column stands */
    HqIndicatorOutput shown;
    const double *watched; /* its value; NULL until one has been watched */
    HqNewest in_place;     /* and where it stands */
} Engine;

/* Capacities that are good, and large: they test the machine's memory. */
static int is_costly(size_t capacity, size_t most)
{
    return capacity > ROOM_MAX && capacity <= most;
}

/* What the compiler hook does hangs on the text's first byte. */
static void compile(void *user, const char *name, size_t name_len, const char *text,
                    size_t text_len, HqCompileResult *result)
{
    uint8_t bytes[PROGRAM_SIZE];
    (void)user, (void)name, (void)name_len;
    switch (text_len ? text[0] % 6 : 0) {
    case 0: return;
    case 1:
        hq_compile_fail(result, text[0] % 2 ? 7 : HQ_ECOMPILE, 3, 4, text_len % 2 ? NULL : "no");
        if (text_len % 3)
            hq_compile_fail_with(result, HQ_ECOMPILE, 1, 1, "no", hq_last_error()->message,
                                 text_len % 2 ? NULL : "[0]");
        return;
    case 2: hq_compile_succeed(result, (const uint8_t *)text, text_len); return;
    case 3: hq_compile_succeed(result, NULL, text_len); return;
    case 4:
        hq_compile_fail(result, HQ_EUTF8, 0, 0, "first"); /* and then changes its mind: */
    /* fall through */
    default: hq_compile_succeed(result, bytes, program_crossing(100, bytes));
    }
}

static void check_column(const Engine *e, HqColumnF64 column)
{
    size_t len = hquant_len(e->handle);
    REQUIRE(column.ptr && column.capacity == e->capacity && column.len == len);
    REQUIRE(column.head < e->capacity && len == (e->total < e->capacity ? e->total : e->capacity));
}

/* What is watched is what can be asked for. */
static void check_watch(const Engine *e)
{
    double values[OUTPUTS_MAX];
    if (!e->watched)
        return;
    hq_indicator_values(e->handle, e->shown.id, values, OUTPUTS_MAX);
    REQUIRE(memcmp(e->watched, &values[e->shown.output], sizeof *values) == 0);
    double newest = hq_newest_value(&e->in_place, 0);
    REQUIRE(memcmp(&newest, &values[e->shown.output], sizeof newest) == 0);
}

static double newest_of(HqColumnF64 column)
{
    return column.ptr[column.head ? column.head - 1 : column.capacity - 1];
}

static void check_engine(Engine *e)
{
    HqColumnF64 close = hquant_close_column(e->handle);
    HqColumnI64 time = hquant_timestamp_column(e->handle);
    check_column(e, close);
    check_column(e, hquant_buy_volume_column(e->handle));
    check_watch(e);
    REQUIRE(close.ptr == e->close && time.len == close.len && time.head == close.head);
    REQUIRE(hquant_capacity(e->handle) == e->capacity);
    REQUIRE(hq_total_bars(e->handle) == e->total && hq_rejected_bars(e->handle) == e->rejected);
    REQUIRE(hquant_signals_len(e->handle) <= e->queue);
    if (e->total > 0) {
        size_t at = time.head ? time.head - 1 : time.capacity - 1;
        REQUIRE(newest_of(close) == e->newest.close && time.ptr[at] == e->newest.timestamp);
    }
}

static void engine_bar(Engine *e, Input *in, int is_update)
{
    Bar bar = take_bar(in, e->newest.timestamp, 60000);
    HqStatus (*call)(HQuant *, int64_t, double, double, double, double, double, double) =
        is_update ? hq_update_last_bar : hq_push_bar;
    HqStatus status = call(e->handle, bar.timestamp, bar.open, bar.high, bar.low, bar.close,
                           bar.volume, bar.buy_volume);
    int is_late = e->reads_candles && e->total > 0 &&
                  (is_update ? bar.timestamp != e->newest.timestamp
                             : bar.timestamp < e->newest.timestamp);
    REQUIRE(status == (!is_good_bar(&bar) ? HQ_EBAR : is_late ? HQ_EORDER : HQ_OK));
    e->rejected += status != HQ_OK;
    e->total += status == HQ_OK && !is_update;
    if (status == HQ_OK && e->total > 0)
        e->newest = bar;
}

static void engine_add_seed(Engine *e, Input *in)
{
    uint32_t id = 0;
    uint8_t which = take_byte(in) % 6;
    size_t a = take_size(in), b = take_size(in), c = take_size(in);
    int fits = e->indicators + 3 <= INDICATORS_MAX;
    if (!fits)
        a = b = c = 0; /* refused, and the engine stays small */
    switch (which) {
    case 0: id = hquant_add_rsi(e->handle, a); break;
    case 1: id = hquant_add_ema_close(e->handle, a); break;
    case 2: id = hquant_add_sma_close(e->handle, a); break;
    case 3: id = hquant_add_stddev_close(e->handle, a); break;
    case 4: id = hquant_add_boll(e->handle, a, take_double(in)); break;
    default: id = hquant_add_macd(e->handle, a, b, c);
    }
    REQUIRE(id <= e->indicators + 3 && (id || hq_last_error()->code == HQ_EINVAL));
    REQUIRE(fits || id == 0);
    e->indicators = id > e->indicators ? id : e->indicators;
}

static void engine_add_row(Engine *e, Input *in)
{
    HqIndicatorSpec spec = {.struct_size = sizeof spec, .code = (uint32_t)take_size(in) % 300,
                            .mode = take_byte(in) % 3, .n_params = take_byte(in) % 10,
                            .n_fields = take_byte(in) % 8};
    for (int i = 0; i < HQ_INDICATOR_INPUTS_MAX; i++)
        spec.fields[i] = take_byte(in) % 7;
    for (int i = 0; i < HQ_INDICATOR_PARAMS_MAX; i++) {
        spec.params[i] = take_byte(in) % 4 ? (double)(take_byte(in) % 32) : take_double(in);
        if (spec.params[i] > 4096)
            return;
    }
    if (e->indicators + 3 > INDICATORS_MAX)
        return;
    int is_newest = take_byte(in) % 4 == 0;
    uint32_t id = is_newest ? hq_add_indicator_newest(e->handle, &spec) : hq_add_indicator(e->handle, &spec);
    REQUIRE(id <= e->indicators + 3);
    e->indicators = id > e->indicators ? id : e->indicators;
}

static void engine_add_strategy(Engine *e, Input *in)
{
    static const uint8_t bad[] = {0xC0, 0x80};
    uint8_t bytes[PROGRAM_SIZE], kind = take_byte(in);
    size_t left = (size_t)(in->end - in->at), size = kind < left ? kind : left;
    uint32_t id;
    if (e->strategies >= STRATEGIES_MAX)
        return;
    if (kind % 16 == 12) {
        size = program_across(1 + (int64_t)take_size(in) % 600000, bytes);
        id = hquant_add_strategy(e->handle, NULL, 0, bytes, size);
        e->reads_candles |= id != 0;
    } else if (kind % 4 == 0) {
        size = program_crossing(take_double(in), bytes);
        bytes[take_byte(in)] ^= take_byte(in) % 2; /* half of the time a damaged one */
        id = hquant_add_strategy(e->handle, (const uint8_t *)"x", 1, bytes, size);
    } else {
        id = hquant_add_strategy(e->handle, kind % 4 == 1 ? bad : NULL, kind % 4 == 1 ? 2 : 0,
                                 in->at, size);
        in->at += size;
    }
    REQUIRE(id == 0 ? hq_last_error()->code != HQ_OK : id == e->strategies + 1);
    e->strategies += id != 0;
}

static void engine_set_param(Engine *e, Input *in)
{
    uint32_t id = take_byte(in) % (STRATEGIES_MAX + 1);
    HqStatus status = hq_engine_set_param(e->handle, id, take_byte(in) % 8 ? "n" : "nn",
                                          take_byte(in) % 4 ? 1 + take_byte(in) % 50
                                                            : take_double(in));
    REQUIRE(status == HQ_OK || status == HQ_ENOTFOUND || status == HQ_EINVAL);
    REQUIRE(id <= e->strategies || status == HQ_ENOTFOUND);
}

static void engine_set_htf(Engine *e, Input *in)
{
    int64_t period_ms = take_byte(in) % 2 ? 0 : (int64_t)take_size(in);
    HqStatus status = hq_engine_set_htf(e->handle, take_byte(in) % 3, period_ms);
    REQUIRE(status == HQ_EINVAL || (status == HQ_OK && !e->reads_candles && period_ms >= 0));
}

static void engine_poll(Engine *e, Input *in)
{
    static const uint8_t zero[3] = {0};
    Signal signals[9];
    size_t cap = take_byte(in) % 10, waiting = hquant_signals_len(e->handle);
    size_t taken = hquant_poll_signals(e->handle, cap ? signals : NULL, cap);
    REQUIRE(taken == (cap < waiting ? cap : waiting));
    for (size_t i = 0; i < taken; i++) {
        REQUIRE(signals[i].strategy_id >= 1 && signals[i].strategy_id <= e->strategies);
        REQUIRE(signals[i].action >= 1 && signals[i].action <= 3);
        REQUIRE(memcmp((const uint8_t *)&signals[i] + 5, zero, 3) == 0);
    }
}

static void engine_watch(Engine *e, HqIndicatorOutput output)
{
    double values[OUTPUTS_MAX];
    size_t n = hq_indicator_values(e->handle, output.id, values, OUTPUTS_MAX);
    const double *watched = hq_engine_watch(e->handle, &output, 1);
    HqNewest newest;
    REQUIRE((watched != NULL) == (output.output < n));
    REQUIRE(watched == hq_engine_watch(e->handle, &output, 1));
    REQUIRE(hq_engine_newest(e->handle, &output, 1, &newest) == (watched ? HQ_OK : HQ_ENOTFOUND));
    if (!watched)
        return;
    e->in_place = newest;
    e->shown = output;
    e->watched = watched;
}

static void engine_read(Engine *e, Input *in)
{
    uint32_t id = (uint32_t)take_size(in), output = take_byte(in) % 4;
    IndicatorValue value = hquant_indicator_last(e->handle, id);
    double values[OUTPUTS_MAX], first[] = {value.a, value.b, value.c};
    size_t n = hq_indicator_values(e->handle, id, values, OUTPUTS_MAX); /* some have more than three */
    HqColumnF64 column = hq_indicator_column(e->handle, id, output);
    HqStatus refused = column.ptr ? HQ_OK : hq_last_error()->code;
    engine_watch(e, (HqIndicatorOutput){id, output});
    REQUIRE(value.kind == INDICATOR_SCALAR || value.kind == INDICATOR_TRIPLE);
    REQUIRE(value.kind == INDICATOR_TRIPLE || (isnan(value.b) && isnan(value.c)));
    REQUIRE(!isinf(value.a) && !isinf(value.b) && !isinf(value.c));
    REQUIRE((n > 0) == (id >= 1 && id <= e->indicators));
    if (output >= n) {
        REQUIRE(refused == HQ_ENOTFOUND && column.len == 0);
        return;
    }
    REQUIRE(e->total == 0 || output >= 3 || same_double(values[output], first[output]));
    if (refused != HQ_OK) { /* without a history */
        REQUIRE(refused == HQ_EINVAL && column.len == 0);
        return;
    }
    check_column(e, column);
    REQUIRE(e->total == 0 || same_double(newest_of(column), values[output]));
}

static void engine_resize(Engine *e, Input *in)
{
    size_t capacity = take_size(in), waiting = hquant_signals_len(e->handle);
    uint64_t dropped = hq_signals_dropped(e->handle);
    if (is_costly(capacity, 1 << 24))
        return;
    HqStatus status = hq_set_signal_capacity(e->handle, capacity);
    REQUIRE(status == (capacity >= 1 && capacity <= 1 << 24 ? HQ_OK : HQ_EINVAL));
    if (status == HQ_OK)
        e->queue = capacity;
    REQUIRE(hquant_signals_len(e->handle) == (waiting < e->queue ? waiting : e->queue));
    REQUIRE(hq_signals_dropped(e->handle) == dropped + waiting - hquant_signals_len(e->handle));
}

static void fuzz_engine(Input *in)
{
    size_t capacity = take_size(in);
    if (is_costly(capacity, HQ_CAPACITY_MAX))
        return;
    Engine e = {.handle = hquant_new(capacity), .capacity = capacity, .queue = 65536};
    REQUIRE((e.handle != NULL) == (capacity >= 1 && capacity <= HQ_CAPACITY_MAX));
    if (!e.handle)
        return;
    hq_set_dsl_compiler(compile, NULL);
    e.close = hquant_close_column(e.handle).ptr;
    for (int calls = 0; in->at < in->end && calls < 512; calls++) {
        uint8_t op = take_byte(in);
        if (op < 128)
            engine_bar(&e, in, 0);
        else if (op < 176)
            engine_bar(&e, in, 1);
        else
            (void (*const[])(Engine *, Input *)){
                engine_add_seed, engine_add_row, engine_add_strategy,
                engine_poll,     engine_read,    engine_resize,
                engine_set_param, engine_set_htf}[op % 8](&e, in);
        check_engine(&e);
    }
    hquant_free(e.handle);
}

#endif
