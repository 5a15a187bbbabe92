/* sweeps.json and metrics.json. */
#include "c_vectors.h"

#include <string.h>

void run_sweep(const cJSON *test_case)
{
    const cJSON *each, *grid = member(test_case, "grid"), *expected = member(test_case, "expect");
    size_t n_rows = size_of(grid), n_params = size_of(grid->child), i = 0;
    HqBacktestOptions options = options_of(member(test_case, "options"));
    HqSweep sweep;
    hq_sweep_init(&sweep);
    sweep.n_threads = 2;
    sweep.symbols = traded_symbols(member(test_case, "symbols"));
    sweep.n_symbols = size_of(member(test_case, "symbols"));
    sweep.options = &options;
    double *params = keep(n_rows * n_params * sizeof *params);
    cJSON_ArrayForEach(each, grid)
        memcpy(params + n_params * i++, numbers_of(each), n_params * sizeof *params);
    sweep.params = params;
    sweep.n_params = n_params;
    sweep.n_combinations = n_rows;
    sweep.periods_per_year = number_of(member(test_case, "periods_per_year"));
    sweep.days_per_year = number_of(member(test_case, "days_per_year"));
    sweep.risk_free = number_of(member(test_case, "risk_free"));

    size_t steps = hq_backtest_steps(sweep.symbols, sweep.n_symbols);
    HqSweepOutput output = {.struct_size = sizeof output, .steps_cap = steps};
    output.rows = keep(n_rows * sizeof *output.rows);
    output.equity = keep(n_rows * steps * sizeof *output.equity);
    expect_true("status", hq_sweep(&sweep, &output) == HQ_OK, hq_last_error()->message);
    for (i = 0; i < n_rows; i++)
        output.rows[i].reserved = output.rows[i].status != HQ_OK;
    expect_members(expected, 2);
    expect_columns("rows", member(expected, "rows"), &row_members, output.rows, sizeof *output.rows,
                   n_rows);
    for (i = 0; i < n_rows; i++)
        expect_numbers("equity", at(expected, "equity", i), output.equity + i * steps + steps - 1,
                       1);
}

/** The curve, the times and the trades of a backtest. */
static void take_backtest(const cJSON *run, HqMetricsInput *input)
{
    HqBacktestReport report;
    HqBacktestOutput output;
    expect_true("backtest", run_backtest(run, &report, &output) == HQ_OK, hq_last_error()->message);
    input->time = output.time;
    input->equity = output.equity;
    input->length = (size_t)report.steps;
    input->trades = output.trades;
    input->n_trades = output.trades_len;
}

void run_metrics(const cJSON *test_case)
{
    const cJSON *equity = member(test_case, "equity"), *returns = member(test_case, "returns");
    const cJSON *run = member(test_case, "backtest"), *reference = member(test_case, "benchmark");
    HqMetricsInput input;
    hq_metrics_input_init(&input);
    if (!cJSON_IsNull(run)) {
        take_backtest(run, &input);
    } else {
        input.equity = cJSON_IsNull(equity) ? NULL : numbers_of(equity);
        input.returns = cJSON_IsNull(returns) ? NULL : numbers_of(returns);
        input.time = wholes_of(member(test_case, "time"));
        input.length = size_of(member(test_case, "time"));
    }
    input.benchmark = cJSON_IsNull(reference) ? NULL : numbers_of(reference);
    input.initial = number_of(member(test_case, "initial"));
    input.periods_per_year = number_of(member(test_case, "periods_per_year"));
    input.days_per_year = number_of(member(test_case, "days_per_year"));
    input.risk_free = number_of(member(test_case, "risk_free"));
    HqMetrics found = {.struct_size = sizeof found};
    expect_true("status", hq_metrics(&input, &found) == HQ_OK, hq_last_error()->message);
    expect_fields("metrics", member(test_case, "expect"), &metric_members, 0, &found);
}
