/* The engine's queue of signals, and what an engine answers to NULL and to the edges of its ranges. */
#include <math.h>
#include <string.h>

#include "check.h"
#include "engine/engine.h"
#include "spec.h"

static void push(HqSignalQueue *queue, int64_t n)
{
    hq_signals_push(queue, (uint32_t)n, (Action)(1 + n % 3), 10 * n);
}

static int is(Signal s, int64_t n)
{
    return s.strategy_id == (uint32_t)n && s.action == 1 + n % 3 && s.timestamp == 10 * n;
}

/* ------------------------------------------------------------------- queue */

static void full_queue_drops_the_oldest_and_counts(void)
{
    for (size_t capacity = 1; capacity <= 6; capacity++) {
        HqSignalQueue queue;
        CHECK(hq_signals_init(&queue, capacity) == HQ_OK);
        for (int64_t n = 0; n < 20; n++) {
            push(&queue, n);
            size_t total = (size_t)n + 1, kept = total < capacity ? total : capacity;
            CHECK(queue.len == kept && queue.dropped == total - kept);
            for (size_t i = 0; i < kept; i++)
                CHECK(is(queue.signal[hq_signals_index(&queue, i)], n - (int64_t)(kept - 1 - i)));
        }
        hq_signals_destroy(&queue);
        CHECK(queue.signal == NULL && queue.len == 0);
    }
}

static void poll_moves_the_oldest_first_in_parts_of_any_size(void)
{
    for (size_t part = 1; part <= 8; part++) {
        HqSignalQueue queue;
        Signal out[8];
        int64_t next = 0;
        CHECK(hq_signals_init(&queue, 7) == HQ_OK);
        for (int64_t n = 0; n < 100; n++) {
            push(&queue, n);
            if (n % 5 < 4)
                continue;
            size_t got = hq_signals_poll(&queue, out, part);
            CHECK(got <= part);
            if (is(out[0], next) == 0)
                next = out[0].timestamp / 10; /* some were dropped */
            for (size_t i = 0; i < got; i++)
                CHECK(is(out[i], next++));
        }
        CHECK((uint64_t)next + queue.len <= 100);
        int64_t newest = 99 - (int64_t)queue.len;
        while (hq_signals_poll(&queue, out, 1) == 1)
            CHECK(is(out[0], ++newest));
        CHECK(newest == 99 && queue.len == 0 && hq_signals_poll(&queue, out, 8) == 0);
        hq_signals_destroy(&queue);
    }
}

static void poll_into_nothing_moves_nothing(void)
{
    HqSignalQueue queue;
    Signal out;
    CHECK(hq_signals_init(&queue, 2) == HQ_OK);
    push(&queue, 1);
    CHECK(hq_signals_poll(&queue, NULL, 5) == 0 && hq_signals_poll(&queue, &out, 0) == 0);
    CHECK(queue.len == 1 && hq_signals_poll(&queue, &out, 9) == 1 && is(out, 1));
    hq_signals_destroy(&queue);
}

/* From every position of the ring, to fewer, as many and more. */
static void resize_keeps_the_newest_and_counts_the_others(void)
{
    for (size_t pushed = 0; pushed <= 9; pushed++)
        for (size_t polled = 0; polled <= 3; polled++)
            for (size_t capacity = 1; capacity <= 8; capacity++) {
                HqSignalQueue queue;
                Signal out[8];
                CHECK(hq_signals_init(&queue, 4) == HQ_OK);
                for (size_t n = 0; n < pushed; n++)
                    push(&queue, (int64_t)n);
                hq_signals_poll(&queue, out, polled);
                size_t had = queue.len, kept = had < capacity ? had : capacity;
                uint64_t dropped = queue.dropped;
                CHECK(hq_signals_resize(&queue, capacity) == HQ_OK);
                CHECK(queue.capacity == capacity && queue.len == kept);
                CHECK(queue.dropped == dropped + (had - kept));
                push(&queue, (int64_t)pushed);
                size_t got = hq_signals_poll(&queue, out, 8);
                CHECK(got == (kept < capacity ? kept + 1 : capacity));
                for (size_t i = 0; i < got; i++)
                    CHECK(is(out[i], (int64_t)(pushed + 1 - got + i)));
                hq_signals_destroy(&queue);
            }
}

static void refused_resize_changes_nothing(void)
{
    HqSignalQueue queue;
    Signal out;
    CHECK(hq_signals_init(&queue, 3) == HQ_OK);
    push(&queue, 5);
    HqSignalQueue before = queue;
    CHECK(hq_signals_resize(&queue, 0) == HQ_EINVAL);
    CHECK(hq_signals_resize(&queue, HQ_SIGNAL_CAPACITY_MAX + (size_t)1) == HQ_EINVAL);
    CHECK(hq_signals_resize(&queue, SIZE_MAX) == HQ_EINVAL);
    CHECK(strstr(hq_last_error()->message, "signal capacity") != NULL);
    CHECK(memcmp(&before, &queue, sizeof queue) == 0);
    CHECK(hq_signals_poll(&queue, &out, 1) == 1 && is(out, 5));
    hq_signals_destroy(&queue);
    CHECK(hq_signals_init(&queue, 0) == HQ_EINVAL);
}

static void padding_of_signals_stays_zero(void)
{
    HqSignalQueue queue;
    Signal out[2];
    static const unsigned char zero[3];
    CHECK(hq_signals_init(&queue, 2) == HQ_OK);
    for (int64_t n = 0; n < 9; n++)
        push(&queue, n);
    CHECK(hq_signals_poll(&queue, out, 2) == 2);
    for (int i = 0; i < 2; i++)
        CHECK(memcmp((const unsigned char *)&out[i] + 5, zero, sizeof zero) == 0);
    hq_signals_destroy(&queue);
}

/* ------------------------------------------------------------------ engine */

static Bar flat(int64_t t, double x) { return (Bar){t, x, x, x, x, 1, 0}; }

static void null_handle_is_answered_by_nothing(void)
{
    Bar bar = flat(0, 1);
    Signal out;
    hquant_free(NULL);
    hquant_push_bar(NULL, bar);
    hquant_update_last_bar(NULL, bar);
    CHECK(hq_last_error()->code == HQ_EINVAL);
    CHECK(hq_push_bar(NULL, 0, 1, 1, 1, 1, 1, 0) == HQ_EINVAL);
    CHECK(hq_update_last_bar(NULL, 0, 1, 1, 1, 1, 1, 0) == HQ_EINVAL);
    CHECK(hq_push_bars(NULL, NULL, NULL) == HQ_EINVAL);
    CHECK(hquant_len(NULL) == 0 && hquant_capacity(NULL) == 0);
    CHECK(hq_total_bars(NULL) == 0 && hq_rejected_bars(NULL) == 0);
    CHECK(hquant_signals_len(NULL) == 0 && hq_signals_dropped(NULL) == 0);
    CHECK(hquant_poll_signals(NULL, &out, 1) == 0 && hq_set_signal_capacity(NULL, 5) == HQ_EINVAL);
    CHECK(hquant_add_sma_close(NULL, 3) == 0 && hquant_add_boll(NULL, 3, 2) == 0);
    CHECK(hq_add_indicator(NULL, SPEC(1, 3)) == 0);
    CHECK(hquant_add_strategy(NULL, NULL, 0, NULL, 0) == 0);
    CHECK(hquant_close_column(NULL).ptr == NULL && hquant_timestamp_column(NULL).ptr == NULL);
    CHECK(hq_indicator_column(NULL, 1, 0).ptr == NULL);
    IndicatorValue value = hquant_indicator_last(NULL, 1);
    CHECK(value.kind == INDICATOR_SCALAR && isnan(value.a) && isnan(value.b) && isnan(value.c));
}

static void null_buffers_of_length_zero_are_no_error_and_others_are(void)
{
    HQuant *engine = hquant_new(4);
    HqBars none = {0}, holes = {.length = 3};
    size_t pushed = 77;
    CHECK(hq_push_bars(engine, &none, &pushed) == HQ_OK && pushed == 0);
    pushed = 77;
    CHECK(hq_push_bars(engine, &holes, &pushed) == HQ_EINVAL && pushed == 0);
    CHECK(hq_push_bars(engine, NULL, NULL) == HQ_EINVAL);
    CHECK(hquant_poll_signals(engine, NULL, 0) == 0 && hquant_poll_signals(engine, NULL, 3) == 0);
    CHECK(hq_last_error()->code == HQ_EINVAL);
    CHECK(hquant_add_strategy(engine, NULL, 5, NULL, 0) == 0);
    CHECK(hquant_add_strategy(engine, NULL, 0, NULL, 9) == 0);
    CHECK(hquant_len(engine) == 0 && hquant_capacity(engine) == 4);
    hquant_free(engine);
}

static void empty_engine_has_columns_of_length_zero_and_values_of_nan(void)
{
    HQuant *engine = hquant_new(3);
    uint32_t id = hquant_add_boll(engine, 2, 2);
    HqColumnF64 close = hquant_close_column(engine), upper = hq_indicator_column(engine, id, 0);
    CHECK(close.ptr != NULL && close.len == 0 && close.capacity == 3 && close.head == 0);
    CHECK(upper.ptr != NULL && upper.len == 0 && upper.capacity == 3 && upper.head == 0);
    IndicatorValue value = hquant_indicator_last(engine, id);
    CHECK(isnan(value.a) && isnan(value.b) && isnan(value.c));
    hquant_free(engine);
}

static void columns_stay_where_they_are(void)
{
    HQuant *engine = hquant_new(5);
    uint32_t id = hquant_add_sma_close(engine, 3);
    const double *close = hquant_close_column(engine).ptr;
    const double *sma = hq_indicator_column(engine, id, 0).ptr;
    for (int64_t t = 0; t < 200; t++) {
        hquant_push_bar(engine, flat(t, (double)t));
        if (t % 10 == 0)
            CHECK(hquant_add_ema_close(engine, (size_t)t + 1) > 0);
        HqColumnF64 column = hq_indicator_column(engine, id, 0);
        CHECK(hquant_close_column(engine).ptr == close && column.ptr == sma);
        CHECK(column.head == hquant_close_column(engine).head && column.len == hquant_len(engine));
        CHECK(t < 2 || sma[(size_t)t % 5] == (double)t - 1);
    }
    CHECK(hq_total_bars(engine) == 200 && hquant_len(engine) == 5);
    hquant_free(engine);
}

int main(void)
{
    full_queue_drops_the_oldest_and_counts();
    poll_moves_the_oldest_first_in_parts_of_any_size();
    poll_into_nothing_moves_nothing();
    resize_keeps_the_newest_and_counts_the_others();
    refused_resize_changes_nothing();
    padding_of_signals_stays_zero();
    null_handle_is_answered_by_nothing();
    null_buffers_of_length_zero_are_no_error_and_others_are();
    empty_engine_has_columns_of_length_zero_and_values_of_nan();
    columns_stay_where_they_are();
    return check_report("test_engine");
}
