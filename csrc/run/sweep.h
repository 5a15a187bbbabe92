/* Combinations of a strategy's PARAMs: shared out to threads, each as a run of its own would be. */
#ifndef HQ_RUN_SWEEP_H
#define HQ_RUN_SWEEP_H

#include <stdatomic.h>
#include <stdbool.h>

#include "hquant/sweep.h"
#include "run/deal.h"

/** What the threads of a sweep share. */
typedef struct HqSweepJob {
    const HqSweep *sweep;
    HqSweepOutput *output;
    size_t steps;        /* of a run */
    bool has_tiles;      /* of combinations that run side by side; or each runs alone */
    HqDeal deal;         /* of tiles */
    _Atomic size_t next; /* the first tile, or combination, that nobody has taken */
    _Atomic size_t done;
    _Atomic bool stops;  /* somebody failed, or the caller wants no more */
} HqSweepJob;

/**
 * Whether the sweep is to end: somebody failed, or the caller wants no more, who is asked when it is
 * the calling thread that asks.
 */
bool hq_sweep_stops(HqSweepJob *job, bool is_caller);

/** A row with what a run's report says; its metrics are not set. */
HqSweepRow hq_sweep_row(const HqBacktestReport *report, uint64_t warmup);

/** Run a checked sweep. HQ_OK, HQ_ENOMEM, HQ_ECANCELLED, HQ_EINVAL (a funding rate). */
HqStatus hq_sweep_run(HqSweepJob *job);

/* --------------------------------------------------- combinations that cannot be run (refused.c) */

/** Whether a status of linking says that it is the combination's fault. */
static inline bool hq_sweep_is_refusal(HqStatus status)
{
    return status == HQ_EINVAL || status == HQ_ELIMIT;
}

/** Try a combination without a bar: HQ_OK, HQ_ENOMEM, or why it cannot be run. */
HqStatus hq_sweep_try(const HqSweep *sweep, size_t combination);

/** Write that a combination cannot be run. */
void hq_sweep_refuse(const HqSweepJob *job, size_t combination, HqStatus status);

/** Leave in the calling thread's last error why the first of the refused cannot be run, if any is. */
void hq_sweep_explain(const HqSweepJob *job);

/* ------------------------------------------------------------ a combination */

/** One thread's means to run a combination: symbols with its params, room for a curve and trades. */
typedef struct HqSweepRunner {
    HqSweepJob *job;
    bool reports; /* this is the calling thread */
    HqBacktestOptions options;
    HqSymbol *symbols;
    int64_t *time;
    double *equity;
    HqTrade *trades;
    size_t trades_cap;
} HqSweepRunner;

HqStatus hq_sweep_runner_init(HqSweepRunner *runner, HqSweepJob *job, bool reports);
void hq_sweep_runner_destroy(HqSweepRunner *runner);

/** Run a combination and write its row, its metrics and its curve, or that it is refused. */
HqStatus hq_sweep_runner_run(HqSweepRunner *runner, size_t combination);

#endif
