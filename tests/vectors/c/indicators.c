/* numbers.json, programs.json and indicators.json. */
#include "c_vectors.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/** That this runner reads doubles right: the premise of everything else. */
void run_number(const cJSON *test_case)
{
    char hex[17] = "NaN";
    double value = number_of(member(test_case, "number"));
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    if (!isnan(value))
        snprintf(hex, sizeof hex, "%016" PRIx64, bits);
    expect_text("bits", member(test_case, "expect"), hex);
}

/** That the text gives the bytes: hq_program_compile() asks the Python compiler. */
static void expect_compiled(const cJSON *entry, const HqProgram *program)
{
    const char *text = text_of(member(entry, "text"));
    HqProgram *compiled = NULL;
    HqStatus status =
        hq_program_compile((const uint8_t *)"s", 1, (const uint8_t *)text, strlen(text), &compiled);
    expect_true("compile", status == HQ_OK, hq_last_error()->message);
    size_t size = hq_program_bytes(program, NULL, 0);
    uint8_t *wanted = keep(size), *found = keep(size);
    hq_program_bytes(program, wanted, size);
    hq_program_bytes(compiled, found, size);
    expect_true("compile",
                hq_program_bytes(compiled, NULL, 0) == size && !memcmp(wanted, found, size),
                "other bytes");
    hq_program_free(compiled);
}

/** What a program says of itself. */
void run_program(const cJSON *entry)
{
    const cJSON *each, *params = member(entry, "params"), *frames = member(entry, "timeframes_ms");
    HqProgram *program = program_of_bytes(member(entry, "hqbc"));
    size_t i = 0;
    if (size_of(params) == 1) /* some: each takes a process */
        expect_compiled(entry, program);
    expect_true("params", hq_program_param_count(program) == size_of(params), "another number");
    cJSON_ArrayForEach(each, params) {
        HqProgramParam found;
        if (hq_program_param(program, i++, &found))
            break;
        expect_text("name", member(each, "name"), found.name);
        expect_number("value", member(each, "value"), found.value);
        expect_number("minimum", member(each, "minimum"), found.minimum);
        expect_number("maximum", member(each, "maximum"), found.maximum);
        expect_number("step", member(each, "step"), found.step);
    }
    i = 0;
    expect_true("timeframes_ms", hq_program_timeframe_count(program) == size_of(frames),
                "another number");
    cJSON_ArrayForEach(each, frames)
        expect_whole("timeframes_ms", each, hq_program_timeframe(program, i++));
    expect_true("has_clauses",
                hq_program_has_clauses(program) ==
                    (uint32_t)cJSON_IsTrue(member(entry, "has_clauses")),
                "otherwise");
    expect_true("reads_buy_volume",
                hq_program_reads_buy_volume(program) ==
                    (uint32_t)cJSON_IsTrue(member(entry, "reads_buy_volume")),
                "otherwise");
}

/** A column of a bar's fields, or of open times as numbers. */
static const double *input_of(const HqBars *bars, const char *name)
{
    if (!strcmp(name, "time")) {
        double *times = keep(bars->length * sizeof *times);
        for (size_t i = 0; i < bars->length; i++)
            times[i] = (double)bars->timestamp[i];
        return times;
    }
    const struct {
        const char *name;
        const double *column;
    } fields[] = {{"open", bars->open},     {"high", bars->high},
                  {"low", bars->low},       {"close", bars->close},
                  {"volume", bars->volume}, {"buy_volume", bars->buy_volume}};
    for (size_t i = 0; i < COUNT(fields); i++)
        if (!strcmp(fields[i].name, name))
            return fields[i].column;
    return NULL;
}

static void expect_output(const cJSON *expected, const char *way, const double *found,
                          size_t length)
{
    char place[128];
    size_t first = (size_t)whole_of(member(expected, "first"));
    snprintf(place, sizeof place, "%s %s", expected->string, way);
    for (size_t i = 0; i < first && i < length; i++)
        expect_true(place, isnan(found[i]), "a value before the first");
    if (first <= length)
        expect_numbers(place, member(expected, "values"), found + first, length - first);
}

/** An indicator over whole columns, and bar by bar in an engine. */
void run_indicator(const cJSON *test_case)
{
    const HqBars *bars = bars_of(member(test_case, "tape"));
    const cJSON *each, *expected = member(test_case, "expect");
    HqIndicatorSpec spec = spec_of(test_case);
    const double *inputs[HQ_INDICATOR_INPUTS_MAX] = {NULL};
    double *outputs[8] = {NULL}, values[8];
    size_t n_inputs = 0, n_outputs = size_of(expected), length = bars->length;
    expect_true("outputs", n_outputs == n_outputs_of(&spec), "another number");
    cJSON_ArrayForEach(each, member(test_case, "fields"))
        inputs[n_inputs++] = input_of(bars, text_of(each));
    for (size_t i = 0; i < n_outputs; i++)
        outputs[i] = keep(length * sizeof **outputs);

    expect_true("batch", hq_indicator_batch(&spec, inputs, length, outputs) == HQ_OK,
                hq_last_error()->message);
    size_t k = 0;
    cJSON_ArrayForEach(each, expected)
        expect_output(each, "batch", outputs[k++], length);

    HQuant *engine = hquant_new(1);
    uint32_t id = hq_add_indicator(engine, &spec);
    for (size_t i = 0; i < length; i++) {
        hquant_push_bar(engine, bar_at(bars, i));
        expect_true("values", hq_indicator_values(engine, id, values, 8) == n_outputs,
                    hq_last_error()->message);
        for (size_t j = 0; j < n_outputs; j++)
            outputs[j][i] = values[j];
    }
    k = 0;
    cJSON_ArrayForEach(each, expected)
        expect_output(each, "stream", outputs[k++], length);
    hquant_free(engine);
}
