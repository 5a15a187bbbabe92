/* markets.json: several periods from one stream. */
#include "c_vectors.h"

#include <stdio.h>
#include <string.h>

enum { MOST = 16 };

/* One of the two: a MultiHQuant or an aggregator. */
typedef struct Market {
    HqMulti *multi;
    HqAggregator *aggregator;
    uint32_t programs[MOST];
    const cJSON *answers; /* the next signal or event that is expected */
    const cJSON *refused;
    int64_t steps;
} Market;

static void expect_signals(Market *m)
{
    Signal waiting[64];
    size_t count;
    while ((count = hq_multi_poll_signals(m->multi, waiting, COUNT(waiting))) > 0)
        for (size_t i = 0; i < count; i++) {
            const cJSON *row = next_of("signals", &m->answers);
            if (!row)
                return;
            expect_whole("signals: step", row->child, m->steps);
            expect_whole("signals: strategy", row->child->next, waiting[i].strategy_id);
            expect_whole("signals: action", row->child->next->next, waiting[i].action);
            expect_whole("signals: time", row->child->next->next->next, waiting[i].timestamp);
        }
}

static void expect_event(const cJSON *row, int64_t step, const HqCandleEvent *event)
{
    const HqCandle *candle = &event->candle;
    const int64_t wholes[] = {step, event->kind, event->period_index, candle->open_time,
                              candle->close_time};
    const double numbers[] = {candle->open,  candle->high,   candle->low,
                              candle->close, candle->volume, candle->buy_volume};
    const cJSON *cell = row->child;
    for (size_t i = 0; i < COUNT(wholes); i++, cell = cell->next)
        expect_whole("events", cell, wholes[i]);
    for (size_t i = 0; i < COUNT(numbers); i++, cell = cell->next)
        expect_number("events", cell, numbers[i]);
    expect_whole("events", cell, candle->last_update_ts);
}

static void expect_events(Market *m)
{
    HqCandleEvent waiting[16];
    size_t count;
    while ((count = hq_aggregator_poll_events(m->aggregator, waiting, COUNT(waiting))) > 0)
        for (size_t i = 0; i < count; i++) {
            const cJSON *row = next_of("events", &m->answers);
            if (row)
                expect_event(row, m->steps, &waiting[i]);
        }
}

static void done(Market *m, HqStatus status)
{
    if (status) {
        const cJSON *row = next_of("refused", &m->refused);
        if (row) {
            expect_whole("refused: step", row->child, m->steps);
            expect_text("refused: status", row->child->next, hq_status_name(status));
        }
    }
    if (m->multi)
        expect_signals(m);
    else
        expect_events(m);
    m->steps++;
}

static HqStatus feed(Market *m, Bar bar)
{
    return m->multi ? hq_multi_feed_bar(m->multi, bar) : hq_aggregator_push(m->aggregator, bar);
}

static void take(Market *m, const cJSON *step)
{
    const char *kind = text_of(step->child);
    const cJSON *first = step->child->next;
    if (!strcmp(kind, "feed")) {
        const HqBars *bars = bars_of(first);
        size_t end = (size_t)whole_of(first->next->next);
        for (size_t i = (size_t)whole_of(first->next); i < end; i++)
            done(m, feed(m, bar_at(bars, i)));
    } else if (!strcmp(kind, "feed_bar")) {
        done(m, feed(m, bar_of_step(step)));
    } else if (!strcmp(kind, "flush")) {
        done(m, m->multi ? hq_multi_flush(m->multi) : hq_aggregator_flush(m->aggregator));
    } else if (!strcmp(kind, "set_param")) {
        done(m, hq_multi_set_param(m->multi, m->programs[whole_of(first)], text_of(first->next),
                                   number_of(first->next->next)));
    } else {
        expect_true("steps", false, kind);
    }
}

static void take_all(Market *m, const cJSON *test_case, const char *answers)
{
    const cJSON *each, *expected = member(test_case, "expect");
    m->answers = member(expected, answers)->child;
    m->refused = member(expected, "refused")->child;
    cJSON_ArrayForEach(each, member(test_case, "steps"))
        take(m, each);
    expect_members(expected, m->multi ? 6 : 4);
    expect_whole("steps", member(expected, "steps"), m->steps);
    expect_true(answers, !m->answers, "fewer than expected");
    expect_true("refused", !m->refused, "fewer than expected");
}

static void expect_column(const char *place, const cJSON *expected, HqColumnF64 column)
{
    double *ordered = keep(column.len * sizeof *ordered);
    size_t oldest = column.len < column.capacity ? 0 : column.head;
    for (size_t i = 0; i < column.len; i++)
        ordered[i] = column.ptr[(oldest + i) % column.capacity];
    expect_numbers(place, expected, ordered, column.len);
}

static void expect_engine(const cJSON *expected, HQuant *engine)
{
    const cJSON *each = member(expected, "values")->child, *id;
    HqColumnI64 time = hquant_timestamp_column(engine);
    size_t oldest = time.len < time.capacity ? 0 : time.head, i = 0;
    expect_members(expected, 6);
    expect_column("engine.close", member(expected, "close"), hquant_close_column(engine));
    expect_column("engine.volume", member(expected, "volume"), hquant_volume_column(engine));
    cJSON_ArrayForEach(id, member(expected, "indicator_ids")) {
        expect_column("engine.values", each,
                      hq_indicator_column(engine, (uint32_t)whole_of(id), 0));
        each = each->next;
    }
    expect_true("engine.timestamp", size_of(member(expected, "timestamp")) == time.len,
                "other bars");
    cJSON_ArrayForEach(each, member(expected, "timestamp"))
        expect_whole("engine.timestamp", each, time.ptr[(oldest + i++) % time.capacity]);
}

static void add_to_engine(HQuant *engine, const cJSON *given, const cJSON *expected)
{
    const cJSON *each;
    size_t i = 0;
    cJSON_ArrayForEach(each, member(given, "indicators")) {
        HqIndicatorSpec spec = spec_of(each);
        expect_whole("indicator_ids", at(expected, "indicator_ids", i++),
                     hq_add_indicator(engine, &spec));
    }
    i = 0;
    cJSON_ArrayForEach(each, member(given, "programs"))
        expect_whole("strategy_ids", at(expected, "strategy_ids", i++), add_program(engine, each));
}

static void run_multi(const cJSON *test_case)
{
    const cJSON *each, *list = member(test_case, "periods_ms"),
                       *expected = member(test_case, "expect");
    Market m = {0};
    HQuant *engines[MOST];
    size_t n_engines = 0, n_programs = 0, size;
    HqStatus status = hq_multi_new(
        (size_t)whole_of(member(test_case, "capacity")), wholes_of(list), size_of(list),
        choice_of(member(test_case, "emit"), "every_update on_close"), &m.multi);
    expect_true("multi", status == HQ_OK, hq_last_error()->message);
    status = hq_multi_set_htf(m.multi, choice_of(member(test_case, "htf"), "closed forming"),
                              whole_of(member(test_case, "bar_period_ms")));
    expect_true("htf", status == HQ_OK, hq_last_error()->message);
    cJSON_ArrayForEach(each, member(test_case, "programs")) {
        const uint8_t *bytes = program_bytes(each, &size);
        m.programs[n_programs] = hq_multi_add_strategy(m.multi, NULL, 0, bytes, size);
        expect_whole("strategy_ids", at(expected, "strategy_ids", n_programs),
                     m.programs[n_programs]);
        n_programs++;
    }
    cJSON_ArrayForEach(each, member(test_case, "engines")) {
        HQuant *engine = hq_multi_engine(m.multi, whole_of(member(each, "period_ms")));
        add_to_engine(engine, each, at(expected, "engines", n_engines));
        engines[n_engines++] = engine;
    }
    take_all(&m, test_case, "signals");
    expect_whole("rejected_bars", member(expected, "rejected_bars"),
                 (int64_t)hq_multi_rejected(m.multi));
    for (size_t i = 0; i < n_engines; i++)
        expect_engine(at(expected, "engines", i), engines[i]);
    hq_multi_free(m.multi);
}

void run_market(const cJSON *test_case)
{
    if (!strcmp(text_of(member(test_case, "kind")), "multi")) {
        run_multi(test_case);
        return;
    }
    const cJSON *list = member(test_case, "periods_ms");
    Market m = {0};
    HqStatus status = hq_aggregator_new(wholes_of(list), size_of(list), &m.aggregator);
    expect_true("aggregator", status == HQ_OK, hq_last_error()->message);
    take_all(&m, test_case, "events");
    expect_whole("rejected_bars", member(member(test_case, "expect"), "rejected_bars"),
                 (int64_t)hq_aggregator_rejected(m.aggregator));
    hq_aggregator_free(m.aggregator);
}
