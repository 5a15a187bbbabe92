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

HqStatus hq_run_check(const HqSymbol *symbols, size_t n_symbols, const HqOrder *orders,
                      size_t n_orders, const HqBacktestOptions *options,
                      const HqBacktestReport *report, const HqBacktestOutput *output,
                      bool but_values)
{
    HqStatus status = hq_check_options(options, report, output);
    if (status == HQ_OK)
        status = hq_check_symbols(symbols, n_symbols, options, but_values);
    if (status == HQ_OK)
        status = hq_check_orders(orders, n_orders, symbols, n_symbols);
    if (status == HQ_OK)
        status = check_steps(symbols, n_symbols, output);
    if (status != HQ_OK)
        return status;
    bool has_own_times = n_symbols == 1 && options->bad_bars != HQ_BAD_BARS_SKIP;
    return hq_measured_check(output, has_own_times);
}

static HqStatus make_walk(const HqRun *run, const HqSymbol *symbol, HqWalk **out)
{
    HqWalk *walk = *out = hq_calloc(1, sizeof *walk);
    if (!walk)
        return HQ_ENOMEM;
    HqWalkSettings settings = {symbol->params, symbol->n_params, run->options->htf,
                               run->options->bar_period_ms};
    HqStatus status = hq_walk_init(walk, symbol->program, &settings, NULL, symbol->bars);
    walk->takes = run->options->bad_bars == HQ_BAD_BARS_SKIP ? hq_bar_is_good : NULL;
    return status == HQ_OK ? hq_walk_prepare(walk, 0, NULL, 0) : status;
}

static HqStatus make_walks(HqRun *run)
{
    run->walks = hq_calloc(run->n_symbols, sizeof *run->walks);
    run->intents = hq_calloc(run->n_symbols, sizeof *run->intents);
    HqStatus status = run->walks && run->intents ? HQ_OK : HQ_ENOMEM;
    for (size_t s = 0; s < run->n_symbols && status == HQ_OK; s++) {
        if (run->symbols[s].program)
            status = make_walk(run, &run->symbols[s], &run->walks[s]);
        const HqWalk *walk = run->walks[s];
        if (status == HQ_OK)
            status = hq_intents_init(&run->intents[s], run->options, walk ? &walk->rules : NULL,
                                     walk ? &walk->graph : NULL);
    }
    return status;
}

static void destroy(HqRun *run)
{
    for (size_t s = 0; run->walks && s < run->n_symbols; s++) {
        if (run->walks[s])
            hq_walk_destroy(run->walks[s]);
        free(run->walks[s]);
    }
    free(run->walks);
    for (size_t s = 0; run->intents && s < run->n_symbols; s++)
        hq_intents_destroy(&run->intents[s]);
    free(run->intents);
    hq_exec_destroy(&run->exec);
}

static HqStatus run_all(const HqSymbol *symbols, size_t n_symbols, const HqOrder *orders,
                        size_t n_orders, const HqBacktestOptions *options,
                        HqBacktestReport *report, HqBacktestOutput *output, bool checks_bars)
{
    HqRun run = {.symbols = symbols, .n_symbols = n_symbols, .options = options, .output = output,
                 .checks_bars = checks_bars,
                 .progress = {options->progress, options->progress_user, 0}};
    HqStatus status = make_walks(&run);
    if (status == HQ_OK)
        status = hq_exec_init(&run.exec, symbols, n_symbols, orders, n_orders, options, output);
    hq_measured_begin(&run.measured, symbols[0].bars, options->account.initial_margin, output);
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

HqStatus hq_run_checked(const HqSymbol *symbols, size_t n_symbols, const HqOrder *orders,
                        size_t n_orders, const HqBacktestOptions *options,
                        HqBacktestReport *report, HqBacktestOutput *output)
{
    return run_all(symbols, n_symbols, orders, n_orders, options, report, output, false);
}

/* A lone symbol's bars are checked block by block: memory is slow, and a block is read once. */
HqStatus hq_backtest_run(const HqSymbol *symbols, size_t n_symbols, const HqOrder *orders,
                         size_t n_orders, const HqBacktestOptions *options,
                         HqBacktestReport *report, HqBacktestOutput *output)
{
    bool is_alone = n_symbols == 1;
    HqStatus status = hq_run_check(symbols, n_symbols, orders, n_orders, options, report, output,
                                   is_alone);
    return status == HQ_OK ? run_all(symbols, n_symbols, orders, n_orders, options, report, output,
                                     is_alone)
                           : status;
}
