/* One program over one stream of bars, with a graph of its own: what a backtest drives. */
#ifndef HQ_VM_RUNNER_H
#define HQ_VM_RUNNER_H

#include "vm/program.h"

typedef struct HqRunner HqRunner;

/** @return HQ_OK, HQ_EUNSUPPORTED (clauses or higher timeframes), HQ_ENOMEM, HQ_ELIMIT. */
HqStatus hq_runner_new(const HqProgram *program, HqRunner **out);

void hq_runner_free(HqRunner *runner);

/** Push a valid bar; the action its signal carries, 0 for no signal. Allocates nothing. */
uint8_t hq_runner_push(HqRunner *runner, const Bar *bar);

#endif
