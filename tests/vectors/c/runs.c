/* runs.json: whole tapes in one call. */
#include "c_vectors.h"

#include <stdio.h>

static HqRunColumn column_of(const cJSON *given, size_t length)
{
    HqRunColumn column = {.values = keep(length * sizeof(double))};
    const cJSON *number = cJSON_GetObjectItem(given, "register");
    if (number) {
        column.index = (uint32_t)whole_of(number);
        return column;
    }
    HqIndicatorSpec *spec = keep(sizeof *spec);
    *spec = spec_of(given);
    column.indicator = spec;
    column.index = (uint32_t)whole_of(member(given, "output"));
    return column;
}

static void expect_rules(const cJSON *expected, const int16_t *found, size_t length)
{
    const cJSON *each;
    size_t i = 0;
    cJSON_ArrayForEach(each, expected)
        if (i < length)
            expect_whole("rules", each, found[i++]);
}

void run_block(const cJSON *test_case)
{
    const HqBars *bars = bars_of(member(test_case, "tape"));
    const cJSON *code = member(test_case, "hqbc"), *params = member(test_case, "params");
    const cJSON *each, *asked = member(test_case, "columns"),
                       *expected = member(test_case, "expect");
    HqProgram *program = cJSON_IsNull(code) ? NULL : program_of_bytes(code);
    HqRunOptions options;
    hq_run_options_init(&options);
    options.htf = choice_of(member(test_case, "htf"), "closed forming");
    options.bar_period_ms = whole_of(member(test_case, "bar_period_ms"));
    options.params = cJSON_IsNull(params) ? NULL : numbers_of(params);
    options.n_params = cJSON_IsNull(params) ? 0 : size_of(params);
    HqRunResult result = {.struct_size = sizeof result, .n_columns = size_of(asked)};
    result.columns = keep(size_of(asked) * sizeof *result.columns);
    size_t i = 0;
    cJSON_ArrayForEach(each, asked)
        result.columns[i++] = column_of(each, bars->length);
    result.actions = keep(bars->length);
    result.rules = keep(bars->length * sizeof *result.rules);

    HqStatus status = hq_run(bars, program, &options, &result);
    expect_true("status", status == HQ_OK, hq_last_error()->message);
    expect_members(expected, 8);
    expect_bytes("actions", member(expected, "actions"), result.actions, bars->length);
    expect_rules(member(expected, "rules"), result.rules, bars->length);
    expect_whole("warmup_bars", member(expected, "warmup_bars"), (int64_t)result.warmup_bars);
    expect_whole("signals", member(expected, "signals"), (int64_t)result.signals);
    expect_whole("buy_signals", member(expected, "buy_signals"), (int64_t)result.buy_signals);
    expect_whole("sell_signals", member(expected, "sell_signals"), (int64_t)result.sell_signals);
    expect_whole("hold_signals", member(expected, "hold_signals"), (int64_t)result.hold_signals);
    for (i = 0; i < result.n_columns; i++) {
        char place[32];
        snprintf(place, sizeof place, "values[%zu]", i);
        expect_numbers(place, at(expected, "values", i), result.columns[i].values, bars->length);
    }
}
