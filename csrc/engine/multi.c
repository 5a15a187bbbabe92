#include "engine/multi.h"

#include <stdio.h>

#include "base/alloc.h"
#include "engine/period.h"

/* ----------------------------------------------------------------- lifecycle */

void hq_multi_connect(HqMulti *multi, size_t index)
{
    multi->engines[index].engine.readers =
        (HqReaders){&multi->imports, &multi->n_imports, (uint32_t)index + 1};
}

/* Periods have been checked by the candle set. */
static HqStatus create_engines(HqMulti *multi, size_t capacity)
{
    size_t count = multi->candles.count;
    multi->engines = hq_calloc(count, sizeof *multi->engines);
    if (!multi->engines)
        return HQ_ENOMEM;
    for (size_t i = 0; i < count; i++) {
        HQuant *engine = &multi->engines[i].engine;
        HqStatus status =
            hq_engine_init(engine, capacity, &multi->queue, (uint32_t)(i + 1) << 16);
        if (status != HQ_OK)
            return status;
        engine->clocks.htf = multi->htf;
        engine->clocks.bar_period_ms = multi->candles.builders[i].period_ms;
        hq_multi_connect(multi, i);
    }
    return HQ_OK;
}

HqStatus hq_multi_create(size_t capacity, const int64_t *periods_ms, size_t count, uint32_t emit,
                         HqMulti **out)
{
    if (emit != HQ_EMIT_EVERY_UPDATE && emit != HQ_EMIT_ON_CLOSE)
        return hq_fail(HQ_EINVAL, "emit: expected 0 (every update) or 1 (on close), found %u",
                       (unsigned)emit);
    HqMulti *multi = hq_calloc(1, sizeof *multi);
    if (!multi)
        return HQ_ENOMEM;
    multi->emit = emit;
    multi->htf = HQ_HTF_FORMING;
    hq_guard_init(&multi->guard);
    HqStatus status = hq_candle_set_init(&multi->candles, periods_ms, count);
    if (status == HQ_OK)
        status = hq_signals_init(&multi->queue, HQ_SIGNAL_CAPACITY_DEFAULT);
    if (status == HQ_OK)
        status = hq_graph_init(&multi->cross, 0);
    if (status == HQ_OK)
        status = create_engines(multi, capacity);
    if (status != HQ_OK) {
        hq_multi_destroy(multi);
        return status;
    }
    *out = multi;
    return HQ_OK;
}

/* Engines that were never made, or failed to be, are zeros and own nothing. */
void hq_multi_destroy(HqMulti *multi)
{
    for (size_t i = 0; multi->engines && i < multi->candles.count; i++)
        hq_engine_destroy(&multi->engines[i].engine);
    hq_strategies_destroy(multi->strategies, multi->sources, multi->n_strategies);
    free(multi->engines);
    free(multi->imports);
    hq_graph_destroy(&multi->cross);
    hq_signals_destroy(&multi->queue);
    hq_candle_set_destroy(&multi->candles);
    free(multi);
}

HqStatus hq_multi_enter_engines(HqMulti *multi)
{
    for (size_t i = 0; i < multi->candles.count; i++)
        if (!hq_guard_enter(&multi->engines[i].engine.guard)) {
            while (i-- > 0)
                hq_guard_leave(&multi->engines[i].engine.guard);
            return HQ_EBUSY;
        }
    return HQ_OK;
}

void hq_multi_leave_engines(HqMulti *multi)
{
    for (size_t i = 0; i < multi->candles.count; i++)
        hq_guard_leave(&multi->engines[i].engine.guard);
}

/* ------------------------------------------------------------------- periods */

/* What was asked for, and as many of the periods as a message holds. */
static void fail_unknown_period(const HqMulti *multi, int64_t period_ms)
{
    enum { LISTED = 8 };
    char list[LISTED * (HQ_PERIOD_TEXT_SIZE + 2)] = "", text[HQ_PERIOD_TEXT_SIZE] = "";
    size_t length = 0, count = multi->candles.count;
    for (size_t i = 0; i < count && i < LISTED; i++)
        length += (size_t)snprintf(list + length, sizeof list - length, "%s%s", i > 0 ? ", " : "",
                                   hq_period_write(multi->candles.builders[i].period_ms, text));
    if (period_ms > 0)
        hq_period_write(period_ms, text);
    else
        snprintf(text, sizeof text, "%lldms", (long long)period_ms);
    hq_fail(HQ_ENOTFOUND, "period %s: expected one of this MultiHQuant's %zu periods, %s%s", text,
            count, list, count > LISTED ? ", ..." : "");
}

size_t hq_multi_find(const HqMulti *multi, int64_t period_ms)
{
    for (size_t i = 0; i < multi->candles.count; i++)
        if (multi->candles.builders[i].period_ms == period_ms)
            return i;
    fail_unknown_period(multi, period_ms);
    return HQ_PERIOD_COUNT_MAX;
}

/* ------------------------------------------------------------ visible candles */

HqStatus hq_multi_choose(HqMulti *multi, uint32_t htf, int64_t bar_period_ms)
{
    bool is_late = multi->n_strategies > 0;
    for (size_t i = 0; i < multi->candles.count; i++)
        is_late |= multi->engines[i].engine.clocks.count > 0;
    if (is_late)
        return hq_fail(HQ_EINVAL, "htf: a strategy reads several periods already; choose before "
                                  "it is added");
    multi->htf = htf;
    multi->bar_period_ms = bar_period_ms;
    for (size_t i = 0; i < multi->candles.count; i++)
        multi->engines[i].engine.clocks.htf = htf;
    return HQ_OK;
}

bool hq_multi_shows_newest(const HqMulti *multi, size_t index)
{
    const HqCandle *newest = &multi->candles.builders[index].now;
    return index == 0 || multi->htf == HQ_HTF_FORMING || multi->engines[index].has_ended ||
           newest->close_time - multi->bar_period_ms <= newest->last_update_ts;
}

/* A slot of an engine, of the candle that is seen. */
static double visible_value(const HqMulti *multi, const HqImport *import)
{
    size_t index = import->from_graph - 1;
    const HqGraph *graph = &multi->engines[index].engine.graph;
    return hq_multi_shows_newest(multi, index) ? graph->line[import->from_slot]
                                               : (graph->line - graph->stride)[import->from_slot];
}

/* ---------------------------------------------------------------- evaluation */

/* Bring the cross graph's line of the first period's newest candle up to date. */
static void step_cross(HqMulti *multi)
{
    HqGraph *cross = &multi->cross;
    bool is_new = !multi->cross_is_current;
    if (is_new)
        hq_graph_next_line(cross);
    for (size_t i = 0; i < multi->n_imports; i++)
        cross->line[multi->imports[i].to_slot] = visible_value(multi, &multi->imports[i]);
    if (is_new)
        hq_graph_push(cross);
    else
        hq_graph_peek(cross);
    multi->cross_is_current = true;
}

static void evaluate_cross(HqMulti *multi)
{
    for (size_t i = 0; i < multi->n_strategies; i++) {
        uint8_t action = hq_rules_evaluate(&multi->strategies[i], multi->cross.line);
        if (action)
            hq_signals_push(&multi->queue, (uint32_t)i + 1, action, multi->last_timestamp);
    }
}

/* Engines in the order of the periods. Returns whether any was due. */
static bool evaluate_engines(HqMulti *multi)
{
    bool any = false;
    for (size_t i = 0; i < multi->candles.count; i++)
        if (multi->engines[i].is_due) {
            hq_engine_evaluate(&multi->engines[i].engine, multi->candles.builders[i].now.open_time);
            any = true;
        }
    return any;
}

/*
 * Candles that end here, before anything of the next bar is seen. A candle that a flush has
 * evaluated and later bars continued is not evaluated again, but its line of the cross graph is
 * brought to its final state: it is about to become history.
 */
static void evaluate_final(HqMulti *multi)
{
    bool first_ends = multi->engines[0].is_due;
    bool first_is_new = first_ends && !multi->engines[0].is_evaluated;
    for (size_t i = 0; i < multi->candles.count; i++) {
        HqPeriodEngine *part = &multi->engines[i];
        bool ends = part->is_due;
        part->is_due = ends && !part->is_evaluated;
        part->is_evaluated |= ends;
    }
    evaluate_engines(multi);
    if (first_ends)
        step_cross(multi);
    if (first_is_new)
        evaluate_cross(multi);
}

/* ------------------------------------------------------------------- feeding */

static void end_candles_before(HqMulti *multi, int64_t timestamp)
{
    for (size_t i = 0; i < multi->candles.count; i++) {
        const HqCandleBuilder *builder = &multi->candles.builders[i];
        multi->engines[i].is_due =
            builder->has_candle && !builder->closed && timestamp >= builder->now.close_time;
        multi->engines[i].has_ended = builder->has_candle && timestamp >= builder->now.close_time;
    }
    evaluate_final(multi);
}

/* The first period's next candle: the cross graph's next line, and rules that waited for it. */
static void begin_cross(HqMulti *multi)
{
    multi->cross_is_current = false;
    if (multi->has_waiting)
        hq_strategies_take_over(multi->strategies, multi->sources, multi->n_strategies);
    multi->has_waiting = false;
}

static void enter_candle(HqMulti *multi, size_t index, const Bar *bar)
{
    HqCandleBuilder *builder = &multi->candles.builders[index];
    HqPeriodEngine *part = &multi->engines[index];
    unsigned done = hq_candle_feed(builder, bar, NULL);
    const Bar candle = hq_candle_bar(&builder->now);
    part->is_due = done & HQ_CANDLE_CHANGED;
    part->has_ended = false;
    if (done & HQ_CANDLE_OPENED) {
        hq_engine_push(&part->engine, &candle); /* candles come in order: never refused */
        part->is_evaluated = false;
        if (index == 0)
            begin_cross(multi);
    } else if (part->is_due) {
        hq_engine_update(&part->engine, &candle);
    }
    hq_engine_show(&part->engine);
}

HqStatus hq_multi_feed(HqMulti *multi, const Bar *bar)
{
    HqStatus status = hq_candle_set_admit(&multi->candles, bar);
    if (status != HQ_OK)
        return status;
    if (multi->emit == HQ_EMIT_ON_CLOSE)
        end_candles_before(multi, bar->timestamp);
    for (size_t i = 0; i < multi->candles.count; i++)
        enter_candle(multi, i, bar);
    multi->last_timestamp = bar->timestamp;
    if (multi->emit == HQ_EMIT_EVERY_UPDATE && evaluate_engines(multi)) {
        step_cross(multi);
        evaluate_cross(multi);
    }
    return HQ_OK;
}

/* The engines have every candle already: only what waits for final candles is left to do. */
void hq_multi_close_all(HqMulti *multi)
{
    for (size_t i = 0; i < multi->candles.count; i++)
        multi->engines[i].is_due = hq_candle_flush(&multi->candles.builders[i]);
    if (multi->emit == HQ_EMIT_ON_CLOSE)
        evaluate_final(multi);
}
