/* The loop of a run: bars of all symbols in the order of their times, step by step. */
#ifndef HQ_RUN_DRIVER_H
#define HQ_RUN_DRIVER_H

#include <stdbool.h>

#include "exec/exec.h"
#include "run/intent.h"
#include "run/measured.h"
#include "run/progress.h"
#include "run/walk.h"

/** What a run is made of, checked. */
typedef struct HqRun {
    const HqSymbol *symbols;
    size_t n_symbols;
    const HqBacktestOptions *options;
    HqWalk **walks; /* by symbol, of its program; NULL where it has signals of its own or none */
    HqIntents *intents; /* by symbol */
    HqBacktestOutput *output; /* may be NULL */
    HqExec exec;
    bool checks_bars; /* a lone symbol's, a block before it is run: nobody has done so yet */
    HqRunProgress progress;
    HqMeasured measured;
} HqRun;

/** HQ_OK, or HQ_EINVAL naming the option or structure. `output` may be NULL. */
HqStatus hq_check_options(const HqBacktestOptions *options, const HqBacktestReport *report,
                          const HqBacktestOutput *output);

/**
 * HQ_OK; HQ_EINVAL, HQ_EBAR or HQ_EORDER naming the symbol's field or the bar.
 * @param but_values  what stands in the bars' columns is left to the run (HqRun.checks_bars).
 */
HqStatus hq_check_symbols(const HqSymbol *symbols, size_t n_symbols,
                          const HqBacktestOptions *options, bool but_values);

/** HQ_OK, or HQ_EINVAL naming the order and its field. */
HqStatus hq_check_orders(const HqOrder *orders, size_t n_orders, const HqSymbol *symbols,
                         size_t n_symbols);

/** How many steps the bars of checked symbols make. HQ_OK, or HQ_ENOMEM. */
HqStatus hq_count_steps(const HqSymbol *symbols, size_t n_symbols, size_t *steps);

/** What every call of a run checks: options, symbols, orders, and the room of the curves. */
HqStatus hq_run_check(const HqSymbol *symbols, size_t n_symbols, const HqOrder *orders,
                      size_t n_orders, const HqBacktestOptions *options,
                      const HqBacktestReport *report, const HqBacktestOutput *output,
                      bool but_values);

/** hq_backtest_run() of what was checked. */
HqStatus hq_run_checked(const HqSymbol *symbols, size_t n_symbols, const HqOrder *orders,
                        size_t n_orders, const HqBacktestOptions *options,
                        HqBacktestReport *report, HqBacktestOutput *output);

/** The loop for one symbol. As hq_drive(). */
HqStatus hq_drive_alone(HqRun *run, size_t *total);

/**
 * Run it. Allocates nothing but room for its cursors and a block.
 * @return HQ_OK, HQ_ENOMEM, HQ_ECANCELLED, HQ_EINVAL (a funding rate is missing), HQ_EBAR, HQ_EORDER.
 */
HqStatus hq_drive(HqRun *run);

#endif
