/* The exported sweep: check the arguments, call in. */
#include "hquant/sweep.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/check.h"
#include "base/error.h"
#include "base/number.h"
#include "run/driver.h"
#include "run/sweep.h"
#include "vm/program.h"

static_assert(sizeof(HqSweepRow) == 192, "HqSweepRow is ABI");

void hq_sweep_init(HqSweep *sweep)
{
    if (!sweep) {
        hq_fail(HQ_EINVAL, "sweep is NULL");
        return;
    }
    memset(sweep, 0, sizeof *sweep);
    sweep->struct_size = sizeof *sweep;
    sweep->n_threads = 1;
    sweep->periods_per_year = sweep->days_per_year = NAN;
}

static HqStatus check_fields(const HqSweep *sweep)
{
    if (sweep->n_threads == 0 || sweep->n_threads > HQ_SWEEP_THREADS_MAX)
        return hq_fail(HQ_EINVAL, "n_threads must be 1..%u, got %u", (unsigned)HQ_SWEEP_THREADS_MAX,
                       (unsigned)sweep->n_threads);
    if (!sweep->options)
        return hq_fail(HQ_EINVAL, "options is NULL");
    if (sweep->n_combinations == 0 || sweep->n_combinations > SIZE_MAX / sizeof(HqMetrics))
        return hq_fail(HQ_EINVAL, "n_combinations must be at least 1 and fit in memory, got %zu",
                       sweep->n_combinations);
    if (sweep->n_params == 0 || !sweep->params)
        return hq_fail(HQ_EINVAL, "params must be %s; a sweep is over the values of PARAMs",
                       sweep->params ? "of at least one PARAM" : "given, found NULL");
    return hq_check_year(sweep->periods_per_year, sweep->days_per_year, sweep->risk_free);
}

static HqStatus check_symbol(const HqSweep *sweep, size_t s)
{
    const HqSymbol *symbol = &sweep->symbols[s];
    if (!symbol->program)
        return HQ_OK;
    if (symbol->params || symbol->n_params)
        return hq_fail(HQ_EINVAL, "symbol %zu: params must be NULL: a sweep gives them", s);
    if (hq_program_param_count(symbol->program) != sweep->n_params)
        return hq_fail(HQ_EINVAL, "symbol %zu: its strategy has %zu PARAMs, and n_params is %zu", s,
                       hq_program_param_count(symbol->program), sweep->n_params);
    return HQ_OK;
}

static HqStatus check_programs(const HqSweep *sweep)
{
    size_t programs = 0;
    HqStatus status = HQ_OK;
    for (size_t s = 0; s < sweep->n_symbols && status == HQ_OK; s++) {
        programs += sweep->symbols[s].program != NULL;
        status = check_symbol(sweep, s);
    }
    if (status == HQ_OK && programs == 0)
        status = hq_fail(HQ_EINVAL, "no symbol has a program: there is nothing to sweep");
    return status;
}

static HqStatus check_output(const HqSweepOutput *output, size_t n_combinations, size_t steps)
{
    HqStatus status = hq_check_size("HqSweepOutput", output->struct_size, sizeof *output);
    if (status == HQ_OK && output->reserved)
        status = hq_fail(HQ_EINVAL, "HqSweepOutput.reserved must be 0, got %u",
                         (unsigned)output->reserved);
    if (status == HQ_OK && !output->rows)
        status = hq_fail(HQ_EINVAL, "HqSweepOutput.rows is NULL");
    if (status == HQ_OK && output->equity && output->steps_cap < steps)
        status = hq_fail(HQ_EINVAL,
                         "HqSweepOutput.steps_cap must be at least the %zu steps of the bars, got %zu",
                         steps, output->steps_cap);
    for (size_t i = 0; status == HQ_OK && output->metrics && i < n_combinations; i++)
        status = hq_check_size("HqMetrics", output->metrics[i].struct_size, sizeof(HqMetrics));
    return status;
}

HqStatus hq_sweep(const HqSweep *sweep, HqSweepOutput *output)
{
    if (!sweep || !output)
        return hq_fail(HQ_EINVAL, "%s is NULL", sweep ? "output" : "sweep");
    HqStatus status = hq_check_size("HqSweep", sweep->struct_size, sizeof *sweep);
    if (status == HQ_OK)
        status = check_fields(sweep);
    HqBacktestReport report = {.struct_size = sizeof report};
    if (status == HQ_OK)
        status = hq_run_check(sweep->symbols, sweep->n_symbols, NULL, 0, sweep->options, &report,
                              NULL, false);
    if (status == HQ_OK)
        status = check_programs(sweep);
    HqSweepJob job = {.sweep = sweep, .output = output};
    if (status == HQ_OK)
        status = hq_count_steps(sweep->symbols, sweep->n_symbols, &job.steps);
    if (status == HQ_OK)
        status = check_output(output, sweep->n_combinations, job.steps);
    return status == HQ_OK ? hq_sweep_run(&job) : status;
}
