/* Threads of a sweep: each takes the next combinations until none is left. */
#include "run/sweep.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "run/tile.h"

enum { TILE_MOST = 512 }; /* combinations */

/* A thread and how it ended. Errors are a thread's own: they are carried to the caller's. */
typedef struct Worker {
    HqSweepJob *job;
    bool reports;
    bool is_started;
    pthread_t thread;
    HqStatus status;
    HqError error;
} Worker;

bool hq_sweep_stops(HqSweepJob *job, bool is_caller)
{
    const HqBacktestOptions *options = job->sweep->options;
    if (is_caller && options->progress &&
        options->progress(options->progress_user, atomic_load(&job->done),
                          job->sweep->n_combinations))
        atomic_store(&job->stops, true);
    return atomic_load(&job->stops);
}

HqSweepRow hq_sweep_row(const HqBacktestReport *report, uint64_t warmup)
{
    return (HqSweepRow){.signals = report->signals,
                        .orders = report->orders,
                        .rejected_orders = report->rejected_orders,
                        .fills = report->fills,
                        .trades = report->trades,
                        .open_trades = report->open_trades,
                        .ambiguous_bars = report->ambiguous_bars,
                        .warmup_bars = warmup,
                        .liquidated = report->liquidated,
                        .final_equity = report->final_equity,
                        .total_return = report->total_return,
                        .max_drawdown = report->max_drawdown,
                        .fees = report->fees,
                        .funding = report->funding,
                        .realized_pnl = report->realized_pnl,
                        .liquidation_loss = report->liquidation_loss};
}

/* --------------------------------------------------------- a thread's share */

/* Combinations one by one. */
static HqStatus run_combinations(HqSweepRunner *runner)
{
    HqSweepJob *job = runner->job;
    size_t total = job->sweep->n_combinations;
    HqStatus status = HQ_OK;
    size_t i;
    while (status == HQ_OK && !atomic_load(&job->stops) &&
           (i = atomic_fetch_add(&job->next, 1)) < total) {
        status = hq_sweep_runner_run(runner, i);
        if (status == HQ_OK)
            atomic_fetch_add(&job->done, 1);
    }
    return status;
}

static HqStatus run_alone(Worker *worker)
{
    HqSweepRunner runner;
    HqStatus status = hq_sweep_runner_init(&runner, worker->job, worker->reports);
    if (status != HQ_OK)
        return status;
    status = run_combinations(&runner);
    hq_sweep_runner_destroy(&runner);
    return status;
}

/* Combinations side by side. */
static HqStatus run_tiles(Worker *worker)
{
    HqSweepJob *job = worker->job;
    size_t total = hq_deal_tiles(&job->deal), tile;
    HqStatus status = HQ_OK;
    while (status == HQ_OK && !atomic_load(&job->stops) &&
           (tile = atomic_fetch_add(&job->next, 1)) < total)
        status = hq_tile_run(job, tile, worker->reports);
    return status;
}

static void *work(void *argument)
{
    Worker *worker = argument;
    worker->status = worker->job->has_tiles ? run_tiles(worker) : run_alone(worker);
    if (worker->status != HQ_OK) {
        worker->error = *hq_last_error();
        atomic_store(&worker->job->stops, true);
    }
    return NULL;
}

/* The first that failed by itself; one that was only stopped has nothing to say. */
static HqStatus outcome(const Worker *workers, size_t n, HqSweepJob *job)
{
    for (size_t i = 0; i < n; i++)
        if (workers[i].status != HQ_OK && workers[i].status != HQ_ECANCELLED)
            return hq_fail(workers[i].status, "%s", workers[i].error.message);
    if (atomic_load(&job->done) == job->sweep->n_combinations && !hq_sweep_stops(job, true)) {
        hq_sweep_explain(job);
        return HQ_OK; /* and the caller has heard of the last */
    }
    return hq_fail(HQ_ECANCELLED,
                   "cancelled by the progress callback after %zu of %zu combinations",
                   atomic_load(&job->done), job->sweep->n_combinations);
}

HqStatus hq_sweep_run(HqSweepJob *job)
{
    size_t n = job->sweep->n_threads;
    if (n > job->sweep->n_combinations)
        n = job->sweep->n_combinations;
    job->has_tiles = hq_tile_takes(job->sweep, job->output);
    if (job->has_tiles)
        job->deal = hq_deal_of(job->sweep, n, TILE_MOST);
    Worker *workers = hq_calloc(n, sizeof *workers);
    if (!workers)
        return HQ_ENOMEM;
    for (size_t i = 0; i < n; i++)
        workers[i] = (Worker){.job = job, .reports = i == 0};
    for (size_t i = 1; i < n; i++) /* one that does not start leaves its share to the others */
        workers[i].is_started = pthread_create(&workers[i].thread, NULL, work, &workers[i]) == 0;
    work(&workers[0]);
    for (size_t i = 1; i < n; i++)
        if (workers[i].is_started)
            pthread_join(workers[i].thread, NULL);
    HqStatus status = outcome(workers, n, job);
    free(workers);
    return status;
}
