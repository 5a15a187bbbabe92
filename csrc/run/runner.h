/* One program over one stream of bars, with graphs of its own: what a backtest drives. */
#ifndef HQ_RUN_RUNNER_H
#define HQ_RUN_RUNNER_H

#include "exec/exec.h"
#include "run/bars.h"
#include "vm/program.h"

typedef struct HqRunner HqRunner;

/** Settings of a run that programs need. */
typedef struct HqRunnerSettings {
    const double *params; /* n_params values; NULL for the program's own */
    size_t n_params;
    uint32_t htf;
    int64_t bar_period_ms;
    bool skips_bad_bars; /* those that hq_bar_is_good() says no to are no bars of the program */
    HqIntent fallback; /* size and distances of a rule without such clauses */
} HqRunnerSettings;

/**
 * A runner over bars that stay where they are, checked but for bad ones that are to be left out.
 * @return HQ_OK, HQ_EINVAL (a parameter or a timeframe), HQ_ENOMEM, HQ_ELIMIT.
 */
HqStatus hq_runner_new(const HqProgram *program, const HqRunnerSettings *settings,
                       const HqBars *bars, HqRunner **out);

void hq_runner_free(HqRunner *runner);

/**
 * The action of the signal at a bar's close, 0 for none. Asked for every bar that is not left
 * out, in their order. Computes a block of bars at a time; each sees those up to it alone.
 * Allocates nothing.
 */
Action hq_runner_action(HqRunner *runner, size_t bar);

/** What the signal wants that hq_runner_action() has just answered. */
HqIntent hq_runner_intent(const HqRunner *runner, size_t bar);

/** Bars before the first on which a rule's condition was known. */
uint64_t hq_runner_warmup(const HqRunner *runner);

#endif
