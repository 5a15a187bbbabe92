/* hq_backtest_run(): check, prepare, drive, report. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "run/driver.h"

void hq_backtest_options_init(HqBacktestOptions *options)
{
    if (!options) {
        hq_fail(HQ_EINVAL, "options is NULL");
        return;
    }
    memset(options, 0, sizeof *options);
    options->struct_size = sizeof *options;
    options->account.initial_margin = 10000;
    options->account.leverage = 1;
    options->account.contract_size = 1;
}

void hq_symbol_init(HqSymbol *symbol)
{
    if (!symbol) {
        hq_fail(HQ_EINVAL, "symbol is NULL");
        return;
    }
    memset(symbol, 0, sizeof *symbol);
    symbol->struct_size = sizeof *symbol;
}

static HqStatus check_steps(const HqSymbol *symbols, size_t n_symbols,
                            const HqBacktestOutput *output)
{
    if (!output || !(output->time || output->equity || output->margin || output->position))
        return HQ_OK;
    size_t steps = 0;
    HqStatus status = hq_count_steps(symbols, n_symbols, &steps);
    if (status != HQ_OK || output->steps_cap >= steps)
        return status;
    return hq_fail(HQ_EINVAL,
                   "HqBacktestOutput.steps_cap must be at least the %zu steps of the bars, got %zu",
                   steps, output->steps_cap);
}

static HqStatus check(const HqRun *run, const HqOrder *orders, size_t n_orders,
                      const HqBacktestReport *report)
{
    HqStatus status = hq_check_options(run->options, report, run->output);
    if (status == HQ_OK)
        status = hq_check_symbols(run->symbols, run->n_symbols, run->options);
    if (status == HQ_OK)
        status = hq_check_orders(orders, n_orders, run->symbols, run->n_symbols);
    return status == HQ_OK ? check_steps(run->symbols, run->n_symbols, run->output) : status;
}

static HqStatus make_runners(HqRun *run)
{
    run->runners = hq_calloc(run->n_symbols, sizeof *run->runners);
    if (!run->runners)
        return HQ_ENOMEM;
    HqStatus status = HQ_OK;
    for (size_t s = 0; s < run->n_symbols && status == HQ_OK; s++) {
        const HqSymbol *symbol = &run->symbols[s];
        HqRunnerSettings settings = {symbol->params, symbol->n_params, run->options->htf,
                                     run->options->bar_period_ms,
                                     run->options->bad_bars == HQ_BAD_BARS_SKIP,
                                     hq_default_intent(run->options)};
        if (symbol->program)
            status = hq_runner_new(symbol->program, &settings, symbol->bars, &run->runners[s]);
    }
    return status;
}

static void destroy(HqRun *run)
{
    for (size_t s = 0; run->runners && s < run->n_symbols; s++)
        hq_runner_free(run->runners[s]);
    free(run->runners);
    hq_exec_destroy(&run->exec);
}

HqStatus hq_backtest_run(const HqSymbol *symbols, size_t n_symbols, const HqOrder *orders,
                         size_t n_orders, const HqBacktestOptions *options,
                         HqBacktestReport *report, HqBacktestOutput *output)
{
    HqRun run = {.symbols = symbols, .n_symbols = n_symbols, .options = options, .output = output};
    HqStatus status = check(&run, orders, n_orders, report);
    if (status != HQ_OK)
        return status;
    status = make_runners(&run);
    if (status == HQ_OK)
        status = hq_exec_init(&run.exec, symbols, n_symbols, orders, n_orders, options, output);
    if (status == HQ_OK)
        status = hq_drive(&run);
    if (status == HQ_OK) {
        *report = run.exec.records.counts;
        if (output) {
            output->trades_len = run.exec.records.trades_len;
            output->fills_len = run.exec.records.fills_len;
        }
    }
    destroy(&run);
    return status;
}
