/* hq_indicator_batch: one indicator over whole columns, by the steps that an engine takes. */
#include "base/alloc.h"
#include "base/bounded.h"
#include "graph/block.h"

static const uint32_t in_slots[HQ_MAX_INPUTS] = {0, 1, 2, 3, 4, 5}; /* the fields', borrowed */

typedef struct Job {
    const HqRow *row;
    const double *const *inputs;
    double *const *outputs;
    size_t length;
    uint32_t slot;  /* of the first output */
    double *spare;  /* a column an input, for what is not known; NULL before it is needed */
} Job;

static HqStatus check_columns(const HqRow *row, const double *const *inputs,
                              double *const *outputs)
{
    const HqIndicatorInfo *info = &row->info;
    if (!inputs || !outputs)
        return hq_fail(HQ_EINVAL, "%s: expected inputs and outputs, found NULL", info->name);
    for (uint32_t i = 0; i < info->n_inputs; i++)
        if (!inputs[i])
            return hq_fail(HQ_EINVAL, "%s: input %s: expected a column, found NULL", info->name,
                           info->inputs[i].name);
    for (uint32_t i = 0; i < info->n_outputs; i++)
        if (!outputs[i])
            return hq_fail(HQ_EINVAL, "%s: output %s: expected a column, found NULL", info->name,
                           info->outputs[i]);
    return HQ_OK;
}

/* What is bounded is read where it stands; no node writes to an input. */
static HqStatus lead_inputs(HqBlock *block, Job *job, size_t from, size_t n)
{
    for (uint32_t i = 0; i < job->row->info.n_inputs; i++) {
        const double *column = job->inputs[i] + from;
        if (hq_are_bounded(column, n)) {
            block->column[i] = (double *)column;
            hq_block_note_bounded(block, i);
            continue;
        }
        if (!job->spare)
            job->spare = hq_calloc(job->row->info.n_inputs * block->capacity, sizeof *job->spare);
        if (!job->spare)
            return HQ_ENOMEM;
        block->column[i] = job->spare + i * block->capacity;
        memcpy(block->column[i], column, n * sizeof *column);
        hq_make_known(block->column[i], n);
    }
    return HQ_OK;
}

/* Where nodes write outputs of their own, they write them to the caller. */
static void lead_outputs(HqBlock *block, const Job *job, size_t from)
{
    for (uint32_t o = 0; o < job->row->info.n_outputs; o++)
        if (block->is_written[job->slot + o])
            block->column[job->slot + o] = job->outputs[o] + from;
}

static void take_outputs(const HqBlock *block, const Job *job, size_t from, size_t n)
{
    for (uint32_t o = 0; o < job->row->info.n_outputs; o++) {
        const double *column = block->column[job->slot + o];
        double *output = job->outputs[o] + from;
        if (column != output)
            memcpy(output, column, n * sizeof *output);
        hq_block_make_known(block, job->slot + o, output, n);
    }
}

static HqStatus run(HqBlock *block, Job *job)
{
    for (size_t from = 0, n; from < job->length; from += n) {
        n = job->length - from < block->capacity ? job->length - from : block->capacity;
        if (lead_inputs(block, job, from, n) != HQ_OK)
            return HQ_ENOMEM;
        lead_outputs(block, job, from);
        block->to_come = job->length - from - n;
        hq_block_run(block, n);
        take_outputs(block, job, from, n);
    }
    return HQ_OK;
}

/* Inputs and what nodes write as outputs are led to the caller's columns, and no other field is read: one
 * column stands for outputs that no node writes. */
static HqStatus lay_out(HqBlock *block, HqGraph *graph, const Job *job)
{
    size_t capacity = hq_block_capacity(graph), n_places = 1;
    uint32_t *place = hq_calloc(graph->n_slots, sizeof *place), end = job->slot + job->row->info.n_outputs;
    if (!place)
        return HQ_ENOMEM;
    for (uint32_t slot = 0; slot < HQ_BAR_SLOTS; slot++)
        place[slot] = HQ_NO_PLACE;
    for (uint32_t slot = HQ_BAR_SLOTS; slot < graph->n_slots; slot++)
        if (slot < job->slot || slot >= end || graph->slots[slot].is_constant)
            place[slot] = (uint32_t)n_places++;
    HqStatus status = hq_block_init_shared(
        block, graph, job->length < capacity ? job->length + 1 : capacity, place, n_places);
    free(place);
    return status;
}

static HqStatus run_graph(HqGraph *graph, const double *params, Job *job)
{
    job->slot = hq_graph_indicator(graph, job->row, in_slots, params);
    if (job->slot == HQ_NO_SLOT)
        return hq_last_error()->code;
    HqBlock block;
    HqStatus status = lay_out(&block, graph, job);
    if (status != HQ_OK)
        return status;
    status = run(&block, job);
    hq_block_destroy(&block);
    free(job->spare);
    return status;
}

HqStatus hq_indicator_batch(const HqIndicatorSpec *spec, const double *const *inputs,
                            size_t length, double *const *outputs)
{
    double params[HQ_MAX_PARAMS] = {0};
    const HqRow *row = hq_row_of_spec(spec, params);
    if (!row)
        return hq_last_error()->code;
    HqStatus status = check_columns(row, inputs, outputs);
    if (status != HQ_OK)
        return status;
    Job job = {.row = row, .inputs = inputs, .outputs = outputs, .length = length};
    HqGraph graph;
    status = hq_graph_init_for_blocks(&graph);
    if (status == HQ_OK)
        status = run_graph(&graph, params, &job);
    hq_graph_destroy(&graph);
    return status;
}
