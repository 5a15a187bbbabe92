/* hquant.h, hquant/engine.h and hquant/indicator.h under hostile arguments. */
#include "hostile.h"
#include "hquant/indicator.h"
#include "program.h"
#include "twins.h"
#include "spec.h"

#define FUNCTIONS(X)                                                                              \
    X(hquant_new) X(hquant_free) X(hquant_add_rsi) X(hquant_add_ema_close)                        \
    X(hquant_add_sma_close) X(hquant_add_stddev_close) X(hquant_add_boll) X(hquant_add_macd)      \
    X(hquant_add_strategy) X(hquant_push_bar) X(hquant_update_last_bar) X(hquant_len)             \
    X(hquant_capacity) X(hquant_close_column) X(hquant_open_column) X(hquant_high_column)         \
    X(hquant_low_column) X(hquant_volume_column) X(hquant_buy_volume_column)                      \
    X(hquant_timestamp_column) X(hquant_indicator_last) X(hquant_signals_len)                     \
    X(hquant_poll_signals) X(hq_push_bar) X(hq_update_last_bar) X(hq_push_bars)                   \
    X(hq_rejected_bars) X(hq_total_bars) X(hq_add_indicator) X(hq_add_indicator_newest) X(hq_indicator_column)               \
    X(hq_set_signal_capacity) X(hq_signals_dropped) X(hq_indicator_count) X(hq_indicator_info)    \
    X(hq_indicator_find) X(hq_indicator_warmup) X(hq_indicator_batch) X(hq_indicator_spec) X(hq_indicator_values) \
    X(hq_engine_set_htf) X(hq_engine_set_param) X(hq_engine_watch) X(hq_engine_newest)

FUNCTIONS(HOSTILE_DECLARE)

static HQuant *h, *twin;
static uint64_t refused; /* bars, by `h` alone */
static uint8_t program[PROGRAM_SIZE];
static size_t program_size;

/* ----------------------------------------------------------------- lifecycle */

static void hostile_hquant_new(void)
{
    static const size_t bad[] = {0, HQ_CAPACITY_MAX + 1, (size_t)1 << 40, SIZE_MAX / 56, SIZE_MAX};
    for
        EACH(i, bad)
    EXPECT(HQ_EINVAL, hquant_new(bad[i]) == NULL);
}

static void hostile_hquant_free(void) { EXPECT_AFTER(HQ_OK, hquant_free(NULL)); }

/* ---------------------------------------------------------------- indicators */

static void check_period(uint32_t (*add)(HQuant *, size_t))
{
    EXPECT(HQ_EINVAL, add(NULL, 5) == 0);
    for
        EACH(i, bad_periods)
    EXPECT(HQ_EINVAL, add(h, bad_periods[i]) == 0);
}

static void hostile_hquant_add_rsi(void) { check_period(hquant_add_rsi); }
static void hostile_hquant_add_ema_close(void) { check_period(hquant_add_ema_close); }
static void hostile_hquant_add_sma_close(void) { check_period(hquant_add_sma_close); }
static void hostile_hquant_add_stddev_close(void) { check_period(hquant_add_stddev_close); }

static void hostile_hquant_add_boll(void)
{
    static const double bad_k[] = {NAN, INFINITY, -INFINITY, -1e-9};
    EXPECT(HQ_EINVAL, hquant_add_boll(NULL, 5, 2) == 0);
    for
        EACH(i, bad_periods)
    EXPECT(HQ_EINVAL, hquant_add_boll(h, bad_periods[i], 2) == 0);
    for
        EACH(i, bad_k)
    EXPECT(HQ_EINVAL, hquant_add_boll(h, 5, bad_k[i]) == 0);
}

static void hostile_hquant_add_macd(void)
{
    EXPECT(HQ_EINVAL, hquant_add_macd(NULL, 3, 5, 2) == 0);
    EXPECT(HQ_EINVAL, hquant_add_macd(h, 5, 5, 2) == 0);
    EXPECT(HQ_EINVAL, hquant_add_macd(h, 6, 5, 2) == 0);
    for
        EACH(i, bad_periods)
        {
            EXPECT(HQ_EINVAL, hquant_add_macd(h, bad_periods[i], 5, 2) == 0);
            EXPECT(HQ_EINVAL, hquant_add_macd(h, 3, bad_periods[i], 2) == 0);
            EXPECT(HQ_EINVAL, hquant_add_macd(h, 3, 5, bad_periods[i]) == 0);
        }
}

static void hostile_hq_add_indicator(void)
{
    static const uint32_t bad_codes[] = {0, 14, 63, 71, 4096, UINT32_MAX};
    EXPECT(HQ_EINVAL, hq_add_indicator(NULL, SPEC(1, 5)) == 0);
    EXPECT(HQ_EINVAL, hq_add_indicator(h, NULL) == 0);
    for
        EACH(i, bad_codes)
    EXPECT(HQ_ENOTFOUND, hq_add_indicator(h, SPEC(bad_codes[i], 5)) == 0);
    EXPECT(HQ_EINVAL, hq_add_indicator(h, SPEC_BARE(1)) == 0);  /* SMA has no default period */
    EXPECT(HQ_EINVAL, hq_add_indicator(h, SPEC_BARE(69)) == 0); /* BARSSINCE takes a condition */
    EXPECT(HQ_EINVAL, hq_add_indicator(h, SPEC_BARE(64)) == 0); /* CROSSOVER has no defaults */
    const double bad[] = {NAN, INFINITY, -INFINITY, 0, -1, 2.5, 1e300};
    for
        EACH(i, bad)
    EXPECT(HQ_EINVAL, hq_add_indicator(h, SPEC(1, bad[i])) == 0);
    static const struct {
        uint32_t struct_size, mode, n_params, n_fields, field;
    } odd[] = {
        {0, 0, 1, 0, 0},
        {sizeof(HqIndicatorSpec) - 1, 0, 1, 0, 0},
        {UINT32_MAX, 0, 1, 0, 0},
        {sizeof(HqIndicatorSpec), 2, 1, 0, 0},
        {sizeof(HqIndicatorSpec), UINT32_MAX, 1, 0, 0},
        {sizeof(HqIndicatorSpec), 0, 2, 0, 0},
        {sizeof(HqIndicatorSpec), 0, UINT32_MAX, 0, 0},
        {sizeof(HqIndicatorSpec), 0, 1, 2, 3},
        {sizeof(HqIndicatorSpec), 0, 1, UINT32_MAX, 3},
        {sizeof(HqIndicatorSpec), 0, 1, 1, 6},
        {sizeof(HqIndicatorSpec), 0, 1, 1, UINT32_MAX},
    };
    for
        EACH(i, odd)
        {
            HqIndicatorSpec spec = *SPEC(1, 5);
            spec.struct_size = odd[i].struct_size;
            spec.mode = odd[i].mode;
            spec.n_params = odd[i].n_params;
            spec.n_fields = odd[i].n_fields;
            spec.fields[0] = odd[i].field;
            EXPECT(HQ_EINVAL, hq_add_indicator(h, &spec) == 0);
        }
}

static void hostile_hq_add_indicator_newest(void)
{
    HqIndicatorSpec short_spec = *SPEC(1, 5);
    short_spec.struct_size--;
    EXPECT(HQ_EINVAL, hq_add_indicator_newest(NULL, SPEC(1, 5)) == 0);
    EXPECT(HQ_EINVAL, hq_add_indicator_newest(h, NULL) == 0);
    EXPECT(HQ_EINVAL, hq_add_indicator_newest(h, &short_spec) == 0);
    EXPECT(HQ_EINVAL, hq_add_indicator_newest(h, SPEC(1, -1)) == 0);
    EXPECT(HQ_ENOTFOUND, hq_add_indicator_newest(h, SPEC(4096, 5)) == 0);
}

static void hostile_hq_indicator_spec(void)
{
    HqIndicatorSpec spec = *SPEC(1, 5);
    EXPECT_STATUS(HQ_EINVAL, hq_indicator_spec("SMA", NULL));
    EXPECT_STATUS(HQ_ENOTFOUND, hq_indicator_spec(NULL, &spec));
    for
        EACH(i, bad_texts)
    EXPECT_STATUS(HQ_ENOTFOUND, hq_indicator_spec(bad_texts[i], &spec));
    CHECK(spec.code == 1 && spec.params[0] == 5);
}

static void hostile_hq_indicator_values(void)
{
    static const uint32_t bad_ids[] = {0, 4, 1 << 16, UINT32_MAX};
    double values[2] = {7, 7};
    EXPECT(HQ_EINVAL, hq_indicator_values(NULL, 1, values, 2) == 0);
    EXPECT(HQ_EINVAL, hq_indicator_values(h, 1, NULL, 2) == 0);
    for
        EACH(i, bad_ids)
    EXPECT(HQ_ENOTFOUND, hq_indicator_values(h, bad_ids[i], values, 2) == 0);
    CHECK(values[0] == 7 && values[1] == 7);
}

/* BOLL has id 3 and three outputs. */
static void hostile_hq_engine_watch(void)
{
    static const HqIndicatorOutput good = {1, 0};
    static const HqIndicatorOutput bad[] = {
        {0, 0}, {4, 0}, {UINT32_MAX, 0}, {1, 1}, {3, 3}, {3, UINT32_MAX}};
    static const size_t bad_counts[] = {0, HQ_WATCH_MAX + 1, SIZE_MAX / 8, SIZE_MAX};
    EXPECT(HQ_EINVAL, hq_engine_watch(NULL, &good, 1) == NULL);
    EXPECT(HQ_EINVAL, hq_engine_watch(h, NULL, 0) == NULL);
    EXPECT(HQ_EINVAL, hq_engine_watch(h, NULL, 1) == NULL);
    EXPECT(HQ_EINVAL, hq_engine_watch(h, NULL, SIZE_MAX) == NULL);
    for
        EACH(i, bad_counts)
    EXPECT(HQ_EINVAL, hq_engine_watch(h, &good, bad_counts[i]) == NULL);
    for
        EACH(i, bad)
        {
            const HqIndicatorOutput pair[] = {good, bad[i]};
            EXPECT(HQ_ENOTFOUND, hq_engine_watch(h, pair, 2) == NULL);
        }
}

static void check_not_newest(HqStatus status, HQuant *handle, const HqIndicatorOutput *outputs, size_t count)
{
    HqNewest newest = {NULL, NULL, 7};
    EXPECT(status, hq_engine_newest(handle, outputs, count, &newest) == status);
    CHECK(!newest.values && !newest.places && newest.count == 7);
}

static void hostile_hq_engine_newest(void)
{
    static const HqIndicatorOutput good = {1, 0};
    static const HqIndicatorOutput bad[] = {
        {0, 0}, {4, 0}, {UINT32_MAX, 0}, {1, 1}, {3, 3}, {3, UINT32_MAX}};
    static const size_t bad_counts[] = {0, HQ_WATCH_MAX + 1, SIZE_MAX / 4, SIZE_MAX};
    check_not_newest(HQ_EINVAL, NULL, &good, 1);
    check_not_newest(HQ_EINVAL, h, NULL, 1);
    EXPECT(HQ_EINVAL, hq_engine_newest(h, &good, 1, NULL) == HQ_EINVAL);
    for
        EACH(i, bad_counts)
    check_not_newest(HQ_EINVAL, h, &good, bad_counts[i]);
    for
        EACH(i, bad)
    check_not_newest(HQ_ENOTFOUND, h, (HqIndicatorOutput[]){good, bad[i]}, 2);
}

static void check_no_value(IndicatorValue value)
{
    CHECK(value.kind == INDICATOR_SCALAR && isnan(value.a) && isnan(value.b) && isnan(value.c));
}

static void hostile_hquant_indicator_last(void)
{
    static const uint32_t bad_ids[] = {0, 4, 1 << 16, UINT32_MAX};
    hq_clear_error();
    check_no_value(hquant_indicator_last(NULL, 1));
    CHECK(hq_last_error()->code == HQ_EINVAL);
    for
        EACH(i, bad_ids)
        {
            check_no_value(hquant_indicator_last(h, bad_ids[i]));
            CHECK(hq_last_error()->code == HQ_ENOTFOUND);
        }
}

static int is_empty(HqColumnF64 c) { return !c.ptr && !c.capacity && !c.len && !c.head; }

static void hostile_hq_indicator_column(void)
{
    EXPECT(HQ_EINVAL, is_empty(hq_indicator_column(NULL, 1, 0)));
    EXPECT(HQ_ENOTFOUND, is_empty(hq_indicator_column(h, 0, 0)));
    EXPECT(HQ_ENOTFOUND, is_empty(hq_indicator_column(h, UINT32_MAX, 0)));
    EXPECT(HQ_ENOTFOUND, is_empty(hq_indicator_column(h, 1, 1)));
    EXPECT(HQ_ENOTFOUND, is_empty(hq_indicator_column(h, 1, UINT32_MAX)));
}

/* ---------------------------------------------------------------- strategies */

static uint32_t add(const void *name, size_t name_len, const void *text, size_t text_len)
{
    return hquant_add_strategy(h, name, name_len, text, text_len);
}

static void hostile_hquant_add_strategy(void)
{
    EXPECT(HQ_EINVAL, hquant_add_strategy(NULL, NULL, 0, program, program_size) == 0);
    EXPECT(HQ_EINVAL, add(NULL, 1, program, program_size) == 0);
    EXPECT(HQ_EINVAL, add(NULL, SIZE_MAX, program, program_size) == 0);
    EXPECT(HQ_EINVAL, add("x", 1, NULL, 1) == 0);
    EXPECT(HQ_EINVAL, add("x", 1, NULL, SIZE_MAX) == 0);
    EXPECT(HQ_ENOCOMPILER, add(NULL, 0, NULL, 0) == 0);
    EXPECT(HQ_ENOCOMPILER, add("x", 1, "IF close > 1 THEN BUY", 21) == 0);
    EXPECT(HQ_EPROGRAM, add("x", 1, "HQBC", 4) == 0);
    EXPECT(HQ_EPROGRAM, add("x", 1, program, program_size - 1) == 0);
    for
        EACH(i, bad_texts)
        {
            EXPECT(HQ_EUTF8, add(bad_texts[i], strlen(bad_texts[i]), program, program_size) == 0);
            EXPECT(HQ_EUTF8, add("x", 1, bad_texts[i], strlen(bad_texts[i])) == 0);
        }
}

static void hostile_hq_engine_set_htf(void)
{
    static const uint32_t bad[] = {2, 3, UINT32_MAX};
    EXPECT_STATUS(HQ_EINVAL, hq_engine_set_htf(NULL, 0, 0));
    for
        EACH(i, bad)
    EXPECT_STATUS(HQ_EINVAL, hq_engine_set_htf(h, bad[i], 0));
    EXPECT_STATUS(HQ_EINVAL, hq_engine_set_htf(h, HQ_HTF_CLOSED, -1));
    EXPECT_STATUS(HQ_EINVAL, hq_engine_set_htf(h, HQ_HTF_FORMING, INT64_MIN));
}

/* The strategy has one PARAM, n = 3 IN 1..50. */
static void hostile_hq_engine_set_param(void)
{
    static const uint32_t bad_ids[] = {0, 2, 1 << 16, UINT32_MAX};
    static const double bad_values[] = {NAN, INFINITY, -INFINITY, 0, -1, 50.001, 1e300, 2.5};
    static const char *const bad_names[] = {"", "N", "nn", "m", "\xff", "a long name of no param",
                                            "x123456789012345678901234567890123456789012345"};
    EXPECT_STATUS(HQ_EINVAL, hq_engine_set_param(NULL, 1, "n", 3));
    EXPECT_STATUS(HQ_EINVAL, hq_engine_set_param(h, 1, NULL, 3));
    for
        EACH(i, bad_ids)
    EXPECT_STATUS(HQ_ENOTFOUND, hq_engine_set_param(h, bad_ids[i], "n", 3));
    for
        EACH(i, bad_names)
    EXPECT_STATUS(HQ_ENOTFOUND, hq_engine_set_param(h, 1, bad_names[i], 3));
    for
        EACH(i, bad_values)
    EXPECT_STATUS(HQ_EINVAL, hq_engine_set_param(h, 1, "n", bad_values[i]));
}

/* ----------------------------------------------------------------- ingestion */

static Bar bar_with(int field, double value)
{
    double f[6] = {100, 101, 99, 100, 1, 0};
    f[field] = value;
    return (Bar){INT64_MIN, f[0], f[1], f[2], f[3], f[4], f[5]};
}

static HqStatus push(HQuant *to, Bar b)
{
    return hq_push_bar(to, b.timestamp, b.open, b.high, b.low, b.close, b.volume, b.buy_volume);
}

static HqStatus update(HQuant *to, Bar b)
{
    return hq_update_last_bar(to, b.timestamp, b.open, b.high, b.low, b.close, b.volume,
                              b.buy_volume);
}

static void hostile_hquant_push_bar(void)
{
    EXPECT_AFTER(HQ_EINVAL, hquant_push_bar(NULL, wavy_bar(0)));
    for (int field = 0; field < 6; field++)
        for
            EACH(i, bad_numbers)
            {
                EXPECT_AFTER(HQ_EBAR, hquant_push_bar(h, bar_with(field, bad_numbers[i])));
                refused++;
            }
}

static void hostile_hquant_update_last_bar(void)
{
    EXPECT_AFTER(HQ_EINVAL, hquant_update_last_bar(NULL, wavy_bar(0)));
    for (int field = 0; field < 6; field++)
        for
            EACH(i, bad_numbers)
            {
                EXPECT_AFTER(HQ_EBAR, hquant_update_last_bar(h, bar_with(field, bad_numbers[i])));
                refused++;
            }
    HQuant *empty = hquant_new(3);
    EXPECT_AFTER(HQ_OK, hquant_update_last_bar(empty, wavy_bar(0)));
    CHECK(hquant_len(empty) == 0 && hq_total_bars(empty) == 0);
    hquant_free(empty);
}

static void check_bar_call(HqStatus (*call)(HQuant *, Bar))
{
    EXPECT_STATUS(HQ_EINVAL, call(NULL, wavy_bar(0)));
    EXPECT_STATUS(HQ_EINVAL, call(NULL, bar_with(3, NAN)));
    for (int field = 0; field < 6; field++)
        for
            EACH(i, bad_numbers)
            {
                EXPECT_STATUS(HQ_EBAR, call(h, bar_with(field, bad_numbers[i])));
                refused++;
            }
}

static void hostile_hq_push_bar(void) { check_bar_call(push); }
static void hostile_hq_update_last_bar(void) { check_bar_call(update); }

static void hostile_hq_push_bars(void)
{
    static const int64_t times[] = {1, 2};
    static const double good[] = {1, 2}, bad[] = {NAN, 1};
    size_t pushed = 99;
    HqBars bars = {times, good, good, good, good, good, good, 2}, none = {0};
    EXPECT_STATUS(HQ_EINVAL, hq_push_bars(NULL, &bars, &pushed));
    CHECK(pushed == 0);
    EXPECT_STATUS(HQ_EINVAL, hq_push_bars(h, NULL, &pushed));
    EXPECT_STATUS(HQ_EINVAL, hq_push_bars(h, NULL, NULL));
    EXPECT_STATUS(HQ_OK, hq_push_bars(h, &none, &pushed));
    const void **columns[] = {(const void **)&bars.timestamp, (const void **)&bars.open,
                              (const void **)&bars.high,      (const void **)&bars.low,
                              (const void **)&bars.close,     (const void **)&bars.volume};
    for
        EACH(i, columns)
        {
            const void *column = *columns[i];
            *columns[i] = NULL;
            bars.length = i % 2 ? SIZE_MAX : 2;
            EXPECT_STATUS(HQ_EINVAL, hq_push_bars(h, &bars, &pushed));
            *columns[i] = column;
        }
    bars.length = 2;
    bars.buy_volume = bad;
    EXPECT_STATUS(HQ_EBAR, hq_push_bars(h, &bars, NULL));
    refused++;
}

/* --------------------------------------------------------------------- reading */

static void hostile_hquant_len(void) { EXPECT(HQ_EINVAL, hquant_len(NULL) == 0); }
static void hostile_hquant_capacity(void) { EXPECT(HQ_EINVAL, hquant_capacity(NULL) == 0); }
static void hostile_hq_rejected_bars(void) { EXPECT(HQ_EINVAL, hq_rejected_bars(NULL) == 0); }
static void hostile_hq_total_bars(void) { EXPECT(HQ_EINVAL, hq_total_bars(NULL) == 0); }
static void hostile_hquant_signals_len(void) { EXPECT(HQ_EINVAL, hquant_signals_len(NULL) == 0); }
static void hostile_hq_signals_dropped(void) { EXPECT(HQ_EINVAL, hq_signals_dropped(NULL) == 0); }

#define HOSTILE_COLUMN(name) \
    static void hostile_##name(void) { EXPECT(HQ_EINVAL, is_empty(name(NULL))); }
HOSTILE_COLUMN(hquant_close_column)
HOSTILE_COLUMN(hquant_open_column)
HOSTILE_COLUMN(hquant_high_column)
HOSTILE_COLUMN(hquant_low_column)
HOSTILE_COLUMN(hquant_volume_column)
HOSTILE_COLUMN(hquant_buy_volume_column)

static void hostile_hquant_timestamp_column(void)
{
    HqColumnI64 c = hquant_timestamp_column(NULL);
    CHECK(!c.ptr && !c.capacity && !c.len && !c.head);
}

static void hostile_hquant_poll_signals(void)
{
    Signal one;
    EXPECT(HQ_EINVAL, hquant_poll_signals(NULL, &one, 1) == 0);
    EXPECT(HQ_EINVAL, hquant_poll_signals(NULL, NULL, 0) == 0);
    EXPECT(HQ_EINVAL, hquant_poll_signals(h, NULL, 1) == 0);
    EXPECT(HQ_EINVAL, hquant_poll_signals(h, NULL, SIZE_MAX) == 0);
    EXPECT(HQ_OK, hquant_poll_signals(h, NULL, 0) == 0);
    EXPECT(HQ_OK, hquant_poll_signals(h, &one, 0) == 0);
}

static void hostile_hq_set_signal_capacity(void)
{
    static const size_t bad[] = {0, ((size_t)1 << 24) + 1, (size_t)1 << 60, SIZE_MAX};
    EXPECT_STATUS(HQ_EINVAL, hq_set_signal_capacity(NULL, 5));
    for
        EACH(i, bad)
    EXPECT_STATUS(HQ_EINVAL, hq_set_signal_capacity(h, bad[i]));
}

/* ----------------------------------------------------------------------- table */

static void hostile_hq_indicator_count(void) { EXPECT(HQ_OK, hq_indicator_count() >= 100); }

static void hostile_hq_indicator_info(void)
{
    CHECK(hq_indicator_info(hq_indicator_count()) == NULL && hq_indicator_info(SIZE_MAX) == NULL);
}

static void hostile_hq_indicator_find(void)
{
    CHECK(hq_indicator_find(NULL) == NULL && hq_indicator_find("") == NULL);
    CHECK(hq_indicator_find("SMAX") == NULL && hq_indicator_find("SM") == NULL);
    for
        EACH(i, bad_texts)
    CHECK(hq_indicator_find(bad_texts[i]) == NULL);
}

static void hostile_hq_indicator_warmup(void)
{
    EXPECT(HQ_EINVAL, hq_indicator_warmup(NULL, 0) == -1);
    EXPECT(HQ_ENOTFOUND, hq_indicator_warmup(SPEC(0, 5), 0) == -1);
    EXPECT(HQ_ENOTFOUND, hq_indicator_warmup(SPEC_BARE(UINT32_MAX), 0) == -1);
    EXPECT(HQ_EINVAL, hq_indicator_warmup(SPEC_BARE(1), 0) == -1);
    EXPECT(HQ_ENOTFOUND, hq_indicator_warmup(SPEC(1, 5), 1) == -1);
    EXPECT(HQ_ENOTFOUND, hq_indicator_warmup(SPEC(1, 5), UINT32_MAX) == -1);
    const double bad[] = {NAN, INFINITY, 0, -1, 2.5, 1e300};
    for
        EACH(i, bad)
    EXPECT(HQ_EINVAL, hq_indicator_warmup(SPEC(1, bad[i]), 0) == -1);
}

static void hostile_hq_indicator_batch(void)
{
    const double x[] = {1, NAN, INFINITY, 1e300, 2};
    double out[5] = {7, 7, 7, 7, 7};
    const double *in[] = {x}, *no_in[] = {NULL};
    double *to[] = {out}, *no_to[] = {NULL};
    EXPECT_STATUS(HQ_EINVAL, hq_indicator_batch(NULL, in, 5, to));
    EXPECT_STATUS(HQ_ENOTFOUND, hq_indicator_batch(SPEC(0, 2), in, 5, to));
    EXPECT_STATUS(HQ_EINVAL, hq_indicator_batch(SPEC(1, 2), NULL, 5, to));
    EXPECT_STATUS(HQ_EINVAL, hq_indicator_batch(SPEC(1, 2), no_in, 5, to));
    EXPECT_STATUS(HQ_EINVAL, hq_indicator_batch(SPEC_BARE(1), in, 5, to));
    EXPECT_STATUS(HQ_EINVAL, hq_indicator_batch(SPEC(1, NAN), in, 5, to));
    EXPECT_STATUS(HQ_EINVAL, hq_indicator_batch(SPEC(1, 2), in, SIZE_MAX, NULL));
    EXPECT_STATUS(HQ_EINVAL, hq_indicator_batch(SPEC(1, 2), in, SIZE_MAX, no_to));
    EXPECT_STATUS(HQ_OK, hq_indicator_batch(SPEC(1, 2), in, 0, to));
    for
        EACH(i, out)
    CHECK(out[i] == 7);
}

/* ------------------------------------------------------------------------ main */

static HQuant *make(void)
{
    HQuant *handle = hquant_new(8);
    CHECK(hquant_add_boll(handle, 3, 2) == 3);
    CHECK(hquant_add_strategy(handle, NULL, 0, program, program_size) == 1);
    for (int i = 0; i < 12; i++)
        hquant_push_bar(handle, wavy_bar(i));
    CHECK(hquant_signals_len(handle) > 0);
    return handle;
}

/* The twin refuses as many bars by itself; then both go on. */
static int unchanged(void)
{
    static int next = 12;
    static uint64_t refused_by_twin;
    for (; refused_by_twin < refused; refused_by_twin++)
        hquant_push_bar(twin, bar_with(3, NAN));
    int same = hq_rejected_bars(h) == refused && same_engine(h, twin);
    hquant_push_bar(h, wavy_bar(next));
    hquant_push_bar(twin, wavy_bar(next++));
    return same;
}

int main(void)
{
    static const Hostile list[] = {FUNCTIONS(HOSTILE_ROW)};
    program_size = program_crossing(1, program);
    h = make();
    twin = make();
    int result = run_hostile(list, COUNT_OF(list), unchanged);
    hquant_free(h);
    hquant_free(twin);
    return result;
}
