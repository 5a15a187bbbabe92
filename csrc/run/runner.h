/* One program over one stream of bars, with graphs of its own: what a backtest drives. */
#ifndef HQ_RUN_RUNNER_H
#define HQ_RUN_RUNNER_H

#include "hquant/backtest.h"
#include "vm/program.h"

typedef struct HqRunner HqRunner;

/**
 * A runner with the parameters, htf and bar_period_ms of a backtest's options.
 * @return HQ_OK, HQ_EUNSUPPORTED (clauses), HQ_EINVAL (a parameter or a timeframe), HQ_ENOMEM,
 *         HQ_ELIMIT.
 */
HqStatus hq_runner_new(const HqProgram *program, const HqBacktestOptions *options, HqRunner **out);

void hq_runner_free(HqRunner *runner);

/** Push a valid bar, in order; the action its signal carries, 0 for no signal. Allocates nothing. */
uint8_t hq_runner_push(HqRunner *runner, const Bar *bar);

#endif
