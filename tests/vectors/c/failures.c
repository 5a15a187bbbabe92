/* failures.json: what is refused, and how that is said. */
#include "c_vectors.h"

#include <stdio.h>
#include <string.h>

/** An answer of 0 or NULL is a failure, whose status is the thread's last. */
static HqStatus status_unless(bool done) { return done ? HQ_OK : hq_last_error()->code; }

static HqStatus fail_account(const cJSON *test_case)
{
    BacktestParams params;
    memcpy(&params, numbers_of(member(test_case, "params")), sizeof params);
    FuturesBacktest *account = hq_backtest_new(params);
    HqStatus status = status_unless(account != NULL);
    hq_backtest_free(account);
    return status;
}

static HqStatus fail_periods(const cJSON *test_case, const cJSON *program)
{
    const cJSON *periods = member(test_case, "periods_ms");
    HqMulti *multi = NULL;
    HqStatus status = hq_multi_new(8, wholes_of(periods), size_of(periods), 0, &multi);
    if (!status && program) {
        size_t size;
        const uint8_t *bytes = program_bytes(program, &size);
        status = status_unless(hq_multi_add_strategy(multi, NULL, 0, bytes, size) != 0);
    }
    hq_multi_free(multi);
    return status;
}

static HqStatus fail_in_engine(const char *kind, const cJSON *test_case)
{
    HQuant *engine = hquant_new(8);
    HqStatus status;
    if (!strcmp(kind, "indicator")) {
        HqIndicatorSpec spec = spec_of(test_case);
        status = status_unless(hq_add_indicator(engine, &spec) != 0);
    } else if (!strcmp(kind, "text")) {
        const char *text = text_of(member(test_case, "text"));
        status = status_unless(hquant_add_strategy(engine, (const uint8_t *)"s", 1,
                                                   (const uint8_t *)text, strlen(text)) != 0);
    } else {
        uint32_t id = add_program(engine, member(test_case, "program"));
        status = hq_engine_set_param(engine, id, text_of(member(test_case, "param")),
                                     number_of(member(test_case, "value")));
    }
    hquant_free(engine);
    return status;
}

static HqStatus fail(const char *kind, const cJSON *test_case)
{
    size_t size;
    HqProgram *program = NULL;
    HqIndicatorSpec spec;
    HqBacktestReport report;
    HqBacktestOutput output;
    int64_t period;
    if (!strcmp(kind, "engine"))
        return status_unless(hquant_new((size_t)whole_of(member(test_case, "capacity"))) != NULL);
    if (!strcmp(kind, "indicator_of_another_name"))
        return hq_indicator_spec(text_of(member(test_case, "indicator")), &spec);
    if (!strcmp(kind, "program")) {
        const uint8_t *bytes = bytes_of(member(test_case, "hqbc"), &size);
        return hq_program_load(bytes, size, &program);
    }
    if (!strcmp(kind, "account"))
        return fail_account(test_case);
    if (!strcmp(kind, "periods"))
        return fail_periods(test_case, NULL);
    if (!strcmp(kind, "cross_period"))
        return fail_periods(test_case, member(test_case, "program"));
    if (!strcmp(kind, "period")) {
        const char *text = text_of(member(test_case, "text"));
        return hq_period_parse(text, strlen(text), &period);
    }
    if (!strcmp(kind, "backtest"))
        return run_backtest(member(test_case, "run"), &report, &output);
    return fail_in_engine(kind, test_case);
}

void run_failure(const cJSON *test_case)
{
    const cJSON *expected = member(test_case, "expect");
    expect_members(expected, 3);
    hq_clear_error();
    HqStatus status = fail(text_of(member(test_case, "kind")), test_case);
    const HqError *error = hq_last_error();
    expect_text("status", member(expected, "status"), hq_status_name(status));
    expect_true("last error", error->code == status, "another status than was answered");
    expect_whole("line", member(expected, "line"), error->line);
    expect_whole("column", member(expected, "column"), error->column);
    expect_true("message", strstr(error->message, text_of(member(test_case, "words"))) != NULL,
                error->message);
}
