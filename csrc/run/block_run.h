/* hq_run(): a program and indicators over columns, signals and values out. */
#ifndef HQ_RUN_BLOCK_RUN_H
#define HQ_RUN_BLOCK_RUN_H

#include "hquant/run.h"
#include "run/walk.h"

/**
 * As hq_run(), with the options and the shape of the result checked, and memory behind every column.
 * @return HQ_OK, HQ_EINVAL (a register, a spec, a column of bars), HQ_EBAR, HQ_EORDER, HQ_ENOMEM,
 *         HQ_ELIMIT, HQ_ECANCELLED.
 */
HqStatus hq_block_run_all(const HqBars *bars, const HqProgram *program,
                          const HqRunOptions *options, HqRunResult *result);

#endif
