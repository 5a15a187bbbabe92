/*
 * The loop of a backtest: bars and the signals they cause, through a futures account, by the order
 * rules of hq_backtest_run(). Where the signals come from is the caller's business, so that the
 * loop can be tested with a script.
 */
#ifndef HQ_RUN_DRIVER_H
#define HQ_RUN_DRIVER_H

#include "hquant/backtest.h"

/** The action of the next bar, 0 for none. Called once for each bar, in order. */
typedef Action (*HqSignalFn)(void *source, const Bar *bar);

/** HQ_OK, or HQ_EINVAL naming the option or structure. `output` may be NULL. */
HqStatus hq_check_options(const HqBacktestOptions *options, const HqBacktestReport *report,
                          const HqBacktestOutput *output);

/** HQ_OK, HQ_EINVAL (a column is missing), HQ_EBAR or HQ_EORDER naming the bar and the field. */
HqStatus hq_check_bars(const HqBars *bars);

/**
 * Run checked bars under checked options. Allocates nothing.
 * @return HQ_OK or HQ_ECANCELLED, which leaves the report as it was.
 */
HqStatus hq_drive(const HqBars *bars, HqSignalFn next_signal, void *source,
                  const HqBacktestOptions *options, HqBacktestReport *report,
                  HqBacktestOutput *output);

#endif
