/* Combinations that a strategy cannot be run with: found when it is linked, before the first bar. */
#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "run/driver.h"
#include "run/sweep.h"

/* The same symbols without a bar, with the values of a combination. */
static void empty_symbols(const HqSweep *sweep, size_t combination, HqSymbol *symbols, HqBars *bars)
{
    for (size_t s = 0; s < sweep->n_symbols; s++) {
        symbols[s] = sweep->symbols[s];
        bars[s] = *symbols[s].bars;
        bars[s].length = 0;
        symbols[s].bars = &bars[s];
        if (!symbols[s].program)
            continue;
        symbols[s].params = sweep->params + combination * sweep->n_params;
        symbols[s].n_params = sweep->n_params;
    }
}

HqStatus hq_sweep_try(const HqSweep *sweep, size_t combination)
{
    HqSymbol *symbols = hq_calloc(sweep->n_symbols, sizeof *symbols);
    HqBars *bars = hq_calloc(sweep->n_symbols, sizeof *bars);
    HqBacktestOptions options = *sweep->options;
    HqBacktestReport report = {.struct_size = sizeof report};
    HqStatus status = symbols && bars ? HQ_OK : HQ_ENOMEM;
    options.progress = NULL;
    if (status == HQ_OK) {
        empty_symbols(sweep, combination, symbols, bars);
        status = hq_run_checked(symbols, sweep->n_symbols, NULL, 0, &options, &report, NULL);
    }
    free(symbols);
    free(bars);
    return status;
}

/* The figures are the doubles from total_return on. */
static HqMetrics no_metrics(const HqSweep *sweep)
{
    enum { FIGURES = (sizeof(HqMetrics) - offsetof(HqMetrics, total_return)) / sizeof(double) };
    HqMetrics none = {.struct_size = sizeof none,
                      .periods_per_year = sweep->periods_per_year,
                      .days_per_year = sweep->days_per_year,
                      .risk_free = sweep->risk_free};
    for (size_t i = 0; i < FIGURES; i++)
        (&none.total_return)[i] = NAN;
    return none;
}

void hq_sweep_refuse(const HqSweepJob *job, size_t combination, HqStatus status)
{
    const HqSweepOutput *output = job->output;
    output->rows[combination] = (HqSweepRow){
        .final_equity = NAN, .total_return = NAN, .max_drawdown = NAN, .cagr = NAN,
        .volatility = NAN, .sharpe = NAN, .calmar = NAN, .win_rate = NAN, .profit_factor = NAN,
        .expectancy = NAN, .fees = NAN, .funding = NAN, .realized_pnl = NAN,
        .liquidation_loss = NAN, .status = status};
    if (output->metrics)
        output->metrics[combination] = no_metrics(job->sweep);
    for (size_t i = 0; output->equity && i < job->steps; i++)
        output->equity[combination * output->steps_cap + i] = NAN;
}

void hq_sweep_explain(const HqSweepJob *job)
{
    const HqSweep *sweep = job->sweep;
    for (size_t i = 0; i < sweep->n_combinations; i++)
        if (job->output->rows[i].status != HQ_OK) {
            if (hq_sweep_try(sweep, i) == HQ_ENOMEM)
                hq_fail(job->output->rows[i].status,
                        "combination %zu cannot be run, and there is no memory to find out why", i);
            return;
        }
}
