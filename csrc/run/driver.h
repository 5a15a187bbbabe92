/* The loop of a run: bars of all symbols in the order of their times, step by step. */
#ifndef HQ_RUN_DRIVER_H
#define HQ_RUN_DRIVER_H

#include <stdbool.h>

#include "exec/exec.h"
#include "run/runner.h"

/** What a run is made of, checked. */
typedef struct HqRun {
    const HqSymbol *symbols;
    size_t n_symbols;
    const HqBacktestOptions *options;
    HqRunner **runners; /* by symbol; NULL where it has signals of its own or none */
    HqBacktestOutput *output; /* may be NULL */
    HqExec exec;
} HqRun;

/** HQ_OK, or HQ_EINVAL naming the option or structure. `output` may be NULL. */
HqStatus hq_check_options(const HqBacktestOptions *options, const HqBacktestReport *report,
                          const HqBacktestOutput *output);

/** HQ_OK; HQ_EINVAL, HQ_EBAR or HQ_EORDER naming the symbol's field or the bar. */
HqStatus hq_check_symbols(const HqSymbol *symbols, size_t n_symbols,
                          const HqBacktestOptions *options);

/** HQ_OK, or HQ_EINVAL naming the order and its field. */
HqStatus hq_check_orders(const HqOrder *orders, size_t n_orders, const HqSymbol *symbols,
                         size_t n_symbols);

/** How many steps the bars of checked symbols make. HQ_OK, or HQ_ENOMEM. */
HqStatus hq_count_steps(const HqSymbol *symbols, size_t n_symbols, size_t *steps);

/** Size and distances of a signal that brings none. */
HqIntent hq_default_intent(const HqBacktestOptions *options);

/**
 * Run it. Allocates nothing but room for its cursors.
 * @return HQ_OK, HQ_ENOMEM, HQ_ECANCELLED, HQ_EINVAL (a funding rate is missing).
 */
HqStatus hq_drive(HqRun *run);

#endif
