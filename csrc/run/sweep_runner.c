/* A combination as a run of its own, with its curve and its trades: whatever the options ask for. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "metrics/figures.h"
#include "run/driver.h"
#include "run/sweep.h"

enum { FIRST_TRADES = 64 };

/* Between the bars of a run. */
static int32_t go_on(void *user, size_t done, size_t total)
{
    (void)done;
    (void)total;
    HqSweepRunner *runner = user;
    return hq_sweep_stops(runner->job, runner->reports);
}

HqStatus hq_sweep_runner_init(HqSweepRunner *runner, HqSweepJob *job, bool reports)
{
    const HqSweep *sweep = job->sweep;
    *runner = (HqSweepRunner){.job = job, .reports = reports, .options = *sweep->options};
    runner->options.progress = go_on;
    runner->options.progress_user = runner;
    runner->symbols = hq_calloc(sweep->n_symbols, sizeof *runner->symbols);
    runner->time = hq_calloc(job->steps, sizeof *runner->time);
    runner->equity = hq_calloc(job->steps, sizeof *runner->equity);
    /* Never NULL: metrics take that as trades that nobody knows, and not as none. */
    runner->trades_cap = FIRST_TRADES;
    runner->trades = hq_calloc(runner->trades_cap, sizeof *runner->trades);
    if (!runner->symbols || !runner->time || !runner->equity || !runner->trades) {
        hq_sweep_runner_destroy(runner);
        return HQ_ENOMEM;
    }
    memcpy(runner->symbols, sweep->symbols, sweep->n_symbols * sizeof *runner->symbols);
    return HQ_OK;
}

void hq_sweep_runner_destroy(HqSweepRunner *runner)
{
    free(runner->symbols);
    free(runner->time);
    free(runner->equity);
    free(runner->trades);
    memset(runner, 0, sizeof *runner);
}

/* Run it; once more when there were more trades than room for them. */
static HqStatus run_all(HqSweepRunner *runner, HqBacktestReport *report, HqBacktestOutput *output)
{
    for (;;) {
        output->trades = runner->trades;
        output->trades_cap = runner->trades_cap;
        HqStatus status = hq_run_checked(runner->symbols, runner->job->sweep->n_symbols, NULL, 0,
                                         &runner->options, report, output);
        size_t trades = report->trades + report->open_trades;
        if (status != HQ_OK || trades <= runner->trades_cap)
            return status;
        void *room = runner->trades;
        status = hq_grow(&room, 2 * trades, sizeof *runner->trades);
        if (status != HQ_OK)
            return status;
        runner->trades = room;
        runner->trades_cap = 2 * trades;
    }
}

static HqStatus measure(const HqSweepRunner *runner, const HqBacktestReport *report,
                        const HqBacktestOutput *output, HqMetrics *metrics)
{
    const HqSweep *sweep = runner->job->sweep;
    if (report->steps == 0)
        return hq_fail(HQ_EINVAL, "there is no bar that can be traded: nothing to measure");
    HqMetricsInput input = {.struct_size = sizeof input,
                            .length = report->steps,
                            .time = output->time,
                            .equity = output->equity,
                            .trades = output->trades,
                            .n_trades = output->trades_len,
                            .initial = sweep->options->account.initial_margin,
                            .periods_per_year = sweep->periods_per_year,
                            .days_per_year = sweep->days_per_year,
                            .risk_free = sweep->risk_free};
    return hq_metrics_compute(&input, false, (HqYearWanted){0, NULL}, metrics);
}

static HqSweepRow row_of(const HqBacktestReport *report, const HqMetrics *metrics)
{
    HqSweepRow row = hq_sweep_row(report, report->warmup_bars);
    row.cagr = metrics->cagr;
    row.volatility = metrics->volatility;
    row.sharpe = metrics->sharpe;
    row.calmar = metrics->calmar;
    row.win_rate = metrics->win_rate;
    row.profit_factor = metrics->profit_factor;
    row.expectancy = metrics->expectancy;
    return row;
}

/* A run has failed: that may be the combination's fault, which is then refused. */
static HqStatus refuse(const HqSweepJob *job, size_t combination, HqStatus status)
{
    HqError error = *hq_last_error();
    HqStatus why = hq_sweep_is_refusal(status) ? hq_sweep_try(job->sweep, combination) : HQ_OK;
    if (!hq_sweep_is_refusal(why))
        return hq_fail(status, "%s", error.message);
    hq_sweep_refuse(job, combination, why);
    return HQ_OK;
}

HqStatus hq_sweep_runner_run(HqSweepRunner *runner, size_t combination)
{
    const HqSweepJob *job = runner->job;
    const HqSweep *sweep = job->sweep;
    for (size_t s = 0; s < sweep->n_symbols; s++) {
        if (!runner->symbols[s].program)
            continue;
        runner->symbols[s].params = sweep->params + combination * sweep->n_params;
        runner->symbols[s].n_params = sweep->n_params;
    }
    double *curve = job->output->equity;
    HqBacktestOutput output = {.struct_size = sizeof output,
                               .steps_cap = job->steps,
                               .time = runner->time,
                               .equity = curve ? curve + combination * job->output->steps_cap
                                               : runner->equity};
    HqBacktestReport report = {.struct_size = sizeof report};
    HqStatus status = run_all(runner, &report, &output);
    if (status != HQ_OK)
        return refuse(job, combination, status);
    HqMetrics metrics = {.struct_size = sizeof metrics};
    status = measure(runner, &report, &output, &metrics);
    if (status != HQ_OK)
        return status;
    for (size_t i = report.steps; curve && i < job->steps; i++)
        output.equity[i] = NAN;
    job->output->rows[combination] = row_of(&report, &metrics);
    if (job->output->metrics)
        job->output->metrics[combination] = metrics;
    return HQ_OK;
}
