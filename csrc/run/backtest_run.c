/* hq_backtest_run(): a program's signals through the loop. */
#include <string.h>

#include "base/error.h"
#include "run/driver.h"
#include "run/runner.h"

void hq_backtest_options_init(HqBacktestOptions *options)
{
    if (!options) {
        hq_fail(HQ_EINVAL, "options is NULL");
        return;
    }
    memset(options, 0, sizeof *options);
    options->struct_size = sizeof *options;
    options->account.initial_margin = 10000;
    options->account.leverage = 1;
    options->account.contract_size = 1;
}

static HqStatus check_program(const HqProgram *program, const HqBars *bars)
{
    if (!program)
        return hq_fail(HQ_EINVAL, "program is NULL");
    if (hq_program_has_clauses(program))
        return hq_fail(HQ_EUNSUPPORTED,
                       "the strategy has SIZE, STOP, TARGET or TRAIL clauses, which this "
                       "backtest cannot execute; remove them");
    if (!bars->buy_volume && hq_program_reads_buy_volume(program))
        return hq_fail(HQ_EINVAL, "the strategy reads buy_volume, and the data has no such column; "
                                  "bars.buy_volume is NULL");
    return HQ_OK;
}

static Action next_signal(void *source, const Bar *bar) { return hq_runner_push(source, bar); }

HqStatus hq_backtest_run(const HqBars *bars, const HqProgram *program,
                         const HqBacktestOptions *options, HqBacktestReport *report,
                         HqBacktestOutput *output)
{
    HqStatus status = hq_check_options(options, report, output);
    if (!status)
        status = hq_check_bars(bars);
    if (!status)
        status = check_program(program, bars);
    if (status)
        return status;
    HqRunner *runner = NULL;
    status = hq_runner_new(program, options, &runner);
    if (status)
        return status;
    status = hq_drive(bars, next_signal, runner, options, report, output);
    hq_runner_free(runner);
    return status;
}
