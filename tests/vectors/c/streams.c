/* streams.json: engines step by step. */
#include "c_vectors.h"

#include <stdio.h>
#include <string.h>

enum { MOST = 32, OUTPUTS = 8 };

typedef struct Stream {
    HQuant *engine;
    const cJSON *expected;
    const cJSON *signals; /* the next that is expected */
    const cJSON *refused;
    const cJSON *values[MOST][OUTPUTS];
    uint32_t indicators[MOST], programs[MOST];
    size_t n_outputs[MOST];
    size_t n_indicators, n_programs;
    int64_t steps;
} Stream;

static HqStatus add_indicator(Stream *s, const cJSON *given)
{
    HqIndicatorSpec spec = spec_of(given);
    size_t i = s->n_indicators++;
    s->indicators[i] = hq_add_indicator(s->engine, &spec);
    expect_whole("indicator_ids", at(s->expected, "indicator_ids", i), s->indicators[i]);
    s->n_outputs[i] = n_outputs_of(&spec);
    const cJSON *outputs = at(s->expected, "values", i);
    for (size_t output = 0; output < s->n_outputs[i]; output++)
        s->values[i][output] = cJSON_GetArrayItem(outputs, (int)output)->child;
    return s->indicators[i] ? HQ_OK : hq_last_error()->code;
}

static HqStatus add_strategy(Stream *s, const cJSON *name)
{
    size_t i = s->n_programs++;
    s->programs[i] = add_program(s->engine, name);
    expect_whole("strategy_ids", at(s->expected, "strategy_ids", i), s->programs[i]);
    return s->programs[i] ? HQ_OK : hq_last_error()->code;
}

static void expect_signals(Stream *s)
{
    Signal waiting[64];
    size_t count;
    while ((count = hquant_poll_signals(s->engine, waiting, COUNT(waiting))) > 0)
        for (size_t i = 0; i < count; i++) {
            const cJSON *row = next_of("signals", &s->signals);
            if (!row)
                return;
            expect_whole("signals: step", row->child, s->steps);
            expect_whole("signals: strategy", row->child->next, waiting[i].strategy_id);
            expect_whole("signals: action", row->child->next->next, waiting[i].action);
            expect_whole("signals: time", row->child->next->next->next, waiting[i].timestamp);
        }
}

static void expect_values(Stream *s)
{
    for (size_t i = 0; i < s->n_indicators; i++) {
        double values[OUTPUTS];
        expect_true("values",
                    hq_indicator_values(s->engine, s->indicators[i], values, OUTPUTS) ==
                        s->n_outputs[i],
                    hq_last_error()->message);
        for (size_t output = 0; output < s->n_outputs[i]; output++) {
            char place[80];
            snprintf(place, sizeof place, "values[%zu][%zu] at step %d", i, output, (int)s->steps);
            const cJSON *expected = next_of(place, &s->values[i][output]);
            if (expected)
                expect_number(place, expected, values[output]);
        }
    }
}

/** What an engine shows after a step, and whether the step was refused. */
static void done(Stream *s, HqStatus status)
{
    if (status) {
        const cJSON *row = next_of("refused", &s->refused);
        if (row) {
            expect_whole("refused: step", row->child, s->steps);
            expect_text("refused: status", row->child->next, hq_status_name(status));
        }
    }
    expect_signals(s);
    expect_values(s);
    s->steps++;
}

static HqStatus push(HQuant *engine, Bar b)
{
    return hq_push_bar(engine, b.timestamp, b.open, b.high, b.low, b.close, b.volume, b.buy_volume);
}

static HqStatus update(HQuant *engine, Bar b)
{
    return hq_update_last_bar(engine, b.timestamp, b.open, b.high, b.low, b.close, b.volume,
                              b.buy_volume);
}

static void take(Stream *s, const cJSON *step)
{
    const char *kind = text_of(step->child);
    const cJSON *first = step->child->next;
    if (!strcmp(kind, "push")) {
        const HqBars *bars = bars_of(first);
        size_t end = (size_t)whole_of(first->next->next);
        for (size_t i = (size_t)whole_of(first->next); i < end; i++)
            done(s, push(s->engine, bar_at(bars, i)));
    } else if (!strcmp(kind, "push_bars")) {
        HqBars bars = slice_of(bars_of(first), (size_t)whole_of(first->next),
                               (size_t)whole_of(first->next->next));
        done(s, hq_push_bars(s->engine, &bars, NULL));
    } else if (!strcmp(kind, "push_bar")) {
        done(s, push(s->engine, bar_of_step(step)));
    } else if (!strcmp(kind, "update_bar")) {
        done(s, update(s->engine, bar_of_step(step)));
    } else if (!strcmp(kind, "set_param")) {
        done(s, hq_engine_set_param(s->engine, s->programs[whole_of(first)], text_of(first->next),
                                    number_of(first->next->next)));
    } else if (!strcmp(kind, "add_indicator")) {
        done(s, add_indicator(s, first));
    } else if (!strcmp(kind, "add_program")) {
        done(s, add_strategy(s, first));
    } else {
        expect_true("steps", false, kind);
    }
}

static void expect_ring(const Stream *s)
{
    HqColumnF64 close = hquant_close_column(s->engine);
    HqColumnI64 time = hquant_timestamp_column(s->engine);
    size_t oldest = close.len < close.capacity ? 0 : close.head, i = 0;
    const cJSON *each, *times = member(s->expected, "timestamp")->child;
    expect_true("close", size_of(member(s->expected, "close")) == close.len, "another number");
    cJSON_ArrayForEach(each, member(s->expected, "close")) {
        size_t place = (oldest + i++) % close.capacity;
        expect_number("close", each, close.ptr[place]);
        expect_whole("timestamp", times, time.ptr[place]);
        times = times->next;
    }
}

void run_stream(const cJSON *test_case)
{
    Stream s = {.expected = member(test_case, "expect")};
    const cJSON *each;
    s.engine = hquant_new((size_t)whole_of(member(test_case, "capacity")));
    s.signals = member(s.expected, "signals")->child;
    s.refused = member(s.expected, "refused")->child;
    expect_true("htf",
                hq_engine_set_htf(s.engine, choice_of(member(test_case, "htf"), "closed forming"),
                                  whole_of(member(test_case, "bar_period_ms"))) == HQ_OK,
                hq_last_error()->message);
    cJSON_ArrayForEach(each, member(test_case, "indicators"))
        add_indicator(&s, each);
    cJSON_ArrayForEach(each, member(test_case, "programs"))
        add_strategy(&s, each);
    cJSON_ArrayForEach(each, member(test_case, "steps"))
        take(&s, each);

    expect_members(s.expected, 11);
    expect_whole("steps", member(s.expected, "steps"), s.steps);
    expect_true("signals", !s.signals, "fewer than expected");
    expect_true("refused", !s.refused, "fewer than expected");
    expect_true("values", s.n_indicators == size_of(member(s.expected, "values")), "fewer");
    expect_whole("bars", member(s.expected, "bars"), (int64_t)hquant_len(s.engine));
    expect_whole("total_bars", member(s.expected, "total_bars"), (int64_t)hq_total_bars(s.engine));
    expect_whole("rejected_bars", member(s.expected, "rejected_bars"),
                 (int64_t)hq_rejected_bars(s.engine));
    expect_ring(&s);
    hquant_free(s.engine);
}
