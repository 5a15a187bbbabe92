#include "run/outputs.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/past_caches.h"
#include "graph/spec.h"

/* Memory that the library has just made comes to it through the caches, and is written there; of a caller's
 * that is not known. */
static bool goes_past_caches(const HqRunResult *result, size_t length)
{
    for (size_t i = 0; i < result->n_columns; i++)
        if (result->columns[i].is_owned)
            return false;
    return hq_goes_past_caches(result->n_columns, length);
}

HqStatus hq_outputs_init(HqRunOutputs *outputs, const HqRunResult *result, size_t length)
{
    *outputs = (HqRunOutputs){.result = result, .past_caches = goes_past_caches(result, length)};
    outputs->output = hq_calloc(result->n_columns, sizeof *outputs->output);
    return outputs->output ? HQ_OK : HQ_ENOMEM;
}

void hq_outputs_destroy(HqRunOutputs *outputs) { free(outputs->output); }

/* -------------------------------------------------------------------- slots */

static HqStatus check_register(const HqProgram *program, size_t i, uint32_t index)
{
    if (!program)
        return hq_fail(HQ_EINVAL, "columns[%zu]: register %u of a program, and there is none; give "
                                  "an indicator", i, (unsigned)index);
    if (index >= program->n_code)
        return hq_fail(HQ_EINVAL, "columns[%zu]: expected a register 0..%u, found %u", i,
                       (unsigned)program->n_code - 1, (unsigned)index);
    uint8_t clock = program->registers[index].clock;
    if (clock != 0 && clock != HQ_CLOCK_NONE)
        return hq_fail(HQ_EINVAL, "columns[%zu]: register %u is of a higher timeframe; LAST brings "
                                  "it to the base clock", i, (unsigned)index);
    return HQ_OK;
}

HqStatus hq_outputs_registers(const HqRunOutputs *outputs, const HqProgram *program, uint32_t *registers,
                              size_t *count)
{
    *count = 0;
    for (size_t i = 0; i < outputs->result->n_columns; i++) {
        const HqRunColumn *column = &outputs->result->columns[i];
        HqStatus status = column->indicator ? HQ_OK : check_register(program, i, column->index);
        if (status != HQ_OK)
            return status;
        if (!column->indicator)
            registers[(*count)++] = column->index;
    }
    return HQ_OK;
}

static HqStatus add_indicator(HqGraph *graph, const HqRunColumn *column, size_t i, uint32_t *slot)
{
    double params[HQ_MAX_PARAMS] = {0};
    uint32_t fields[HQ_MAX_INPUTS] = {0};
    const HqRow *row = hq_spec_resolve(column->indicator, params, fields);
    if (!row)
        return hq_last_error()->code;
    if (column->index >= row->info.n_outputs)
        return hq_fail(HQ_EINVAL, "columns[%zu]: %s: expected an output 0..%u, found %u", i,
                       row->info.name, (unsigned)row->info.n_outputs - 1,
                       (unsigned)column->index);
    uint32_t first = hq_graph_indicator(graph, row, fields, params);
    if (first == HQ_NO_SLOT)
        return hq_last_error()->code;
    *slot = first + column->index;
    return HQ_OK;
}

HqStatus hq_outputs_place(const HqRunOutputs *outputs, HqGraph *graph, const uint32_t *linked, uint32_t *slots)
{
    HqStatus status = HQ_OK;
    for (size_t i = 0; i < outputs->result->n_columns && status == HQ_OK; i++) {
        const HqRunColumn *column = &outputs->result->columns[i];
        if (column->indicator)
            status = add_indicator(graph, column, i, &slots[i]);
        else
            slots[i] = *linked++;
    }
    return status;
}

HqStatus hq_outputs_take_slots(HqRunOutputs *outputs, const HqBlock *block, const uint32_t *slots)
{
    bool *is_taken = hq_calloc(block->graph->n_slots, sizeof *is_taken);
    if (!is_taken)
        return HQ_ENOMEM;
    for (size_t i = 0; i < outputs->result->n_columns; i++) {
        bool is_first = block->is_written[slots[i]] && !is_taken[slots[i]];
        outputs->output[i] = (HqRunOutput){outputs->result->columns[i].values, slots[i], is_first};
        is_taken[slots[i]] = true;
    }
    free(is_taken);
    return HQ_OK;
}

/* -------------------------------------------------------------------- a block */

void hq_outputs_lead(const HqRunOutputs *outputs, HqBlock *block, size_t begin)
{
    for (size_t i = 0; i < outputs->result->n_columns; i++) {
        const HqRunOutput *output = &outputs->output[i];
        double **place = outputs->past_caches ? block->to : block->column;
        if (output->is_first)
            place[output->slot] = output->values + begin;
    }
}

static void take(const HqRunOutputs *outputs, const HqRunOutput *output, const HqBlock *block, size_t begin,
                 size_t n)
{
    double *values = output->values + begin, *column = block->column[output->slot];
    if (outputs->past_caches && block->is_written[output->slot]) {
        if (output->is_first && !block->to[output->slot])
            return; /* it has been sent */
        hq_block_make_known(block, output->slot, column, n);
        hq_copy_past_caches(values, column, n);
        return;
    }
    if (!output->is_first)
        memcpy(values, column, n * sizeof *values);
    hq_block_make_known(block, output->slot, values, n);
}

void hq_outputs_take(const HqRunOutputs *outputs, const HqBlock *block, size_t begin, size_t n)
{
    for (size_t i = 0; i < outputs->result->n_columns; i++)
        take(outputs, &outputs->output[i], block, begin, n);
}

void hq_outputs_leave_out(const HqRunOutputs *outputs, size_t bar)
{
    for (size_t i = 0; i < outputs->result->n_columns; i++)
        outputs->output[i].values[bar] = (double)NAN;
}
