/* hq_run(): check the arguments, make the columns that the caller wants made, call in. */
#include "hquant/run.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "run/bars.h"
#include "run/block_run.h"

void hq_run_options_init(HqRunOptions *options)
{
    if (!options) {
        hq_fail(HQ_EINVAL, "options is NULL");
        return;
    }
    memset(options, 0, sizeof *options);
    options->struct_size = sizeof *options;
}

static HqStatus check_options(const HqRunOptions *options)
{
    if (options->struct_size != sizeof *options)
        return hq_fail(HQ_EINVAL,
                       "HqRunOptions.struct_size must be sizeof(HqRunOptions) = %zu, got %u; begin "
                       "with hq_run_options_init()", sizeof *options,
                       (unsigned)options->struct_size);
    if (options->bad_bars > HQ_BAD_BARS_SKIP)
        return hq_fail(HQ_EINVAL, "bad_bars must be 0 (error) or 1 (skip), got %u",
                       (unsigned)options->bad_bars);
    if (options->block_bars > HQ_RUN_BLOCK_MAX)
        return hq_fail(HQ_EINVAL, "block_bars must be 0 (what the cache holds) or 1..%u, got %u",
                       (unsigned)HQ_RUN_BLOCK_MAX, (unsigned)options->block_bars);
    return HQ_OK;
}

static HqStatus check_result(const HqRunResult *result)
{
    if (!result)
        return hq_fail(HQ_EINVAL, "result is NULL");
    if (result->struct_size != sizeof *result || result->reserved)
        return hq_fail(HQ_EINVAL,
                       "HqRunResult.struct_size must be sizeof(HqRunResult) = %zu and reserved 0, "
                       "got %u and %u; set them before the call", sizeof *result,
                       (unsigned)result->struct_size, (unsigned)result->reserved);
    if (result->n_columns > HQ_RUN_COLUMNS_MAX || (result->n_columns > 0 && !result->columns))
        return hq_fail(HQ_EINVAL, "columns: expected at most %u of them, got %zu%s",
                       (unsigned)HQ_RUN_COLUMNS_MAX, result->n_columns,
                       result->columns ? "" : " at NULL");
    for (size_t i = 0; i < result->n_columns; i++)
        if (result->columns[i].is_owned)
            return hq_fail(HQ_EINVAL, "columns[%zu].is_owned must be 0 before the call, got %u; "
                                      "hq_run_release() what an earlier run has made", i,
                           (unsigned)result->columns[i].is_owned);
    return HQ_OK;
}

static HqStatus check_bars(const HqBars *bars, const HqRunOptions *options)
{
    if (!bars)
        return hq_fail(HQ_EINVAL, "bars is NULL");
    if (bars->length > SIZE_MAX / sizeof(Bar))
        return hq_fail(HQ_EINVAL, "bars.length must fit in memory, got %zu", bars->length);
    return bars->timestamp ? hq_bars_check_period(bars, options->bar_period_ms) : HQ_OK;
}

static HqStatus check(const HqBars *bars, const HqProgram *program, const HqRunOptions *options,
                      const HqRunResult *result)
{
    HqStatus status = check_result(result);
    if (status == HQ_OK)
        status = check_options(options);
    if (status == HQ_OK && !program && options->n_params > 0)
        status = hq_fail(HQ_EINVAL, "n_params is %zu, and there is no program", options->n_params);
    return status == HQ_OK ? check_bars(bars, options) : status;
}

static HqStatus make_columns(HqRunResult *result, size_t length)
{
    for (size_t i = 0; i < result->n_columns; i++) {
        if (result->columns[i].values)
            continue;
        result->columns[i].values = hq_calloc(length, sizeof(double));
        if (!result->columns[i].values)
            return HQ_ENOMEM;
        result->columns[i].is_owned = 1;
    }
    return HQ_OK;
}

void hq_run_release(HqRunResult *result)
{
    for (size_t i = 0; result && i < result->n_columns; i++) {
        HqRunColumn *column = &result->columns[i];
        if (!column->is_owned)
            continue;
        free(column->values);
        column->values = NULL;
        column->is_owned = 0;
    }
}

HqStatus hq_run(const HqBars *bars, const HqProgram *program, const HqRunOptions *given,
                HqRunResult *result)
{
    HqRunOptions options;
    hq_run_options_init(&options);
    options = given ? *given : options;
    HqStatus status = check(bars, program, &options, result);
    if (status != HQ_OK)
        return status;
    status = make_columns(result, bars->length);
    if (status == HQ_OK)
        status = hq_block_run_all(bars, program, &options, result);
    if (status != HQ_OK)
        hq_run_release(result);
    return status;
}
