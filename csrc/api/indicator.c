/* hq_indicator_batch: one indicator over whole columns, by the steps that an engine takes. */
#include "graph/block.h"

static const uint32_t in_slots[HQ_MAX_INPUTS] = {0, 1, 2, 3, 4, 5}; /* the fields', borrowed */

typedef struct Job {
    const HqRow *row;
    const double *const *inputs;
    double *const *outputs;
    size_t length;
    uint32_t slot;  /* of the first output */
    double *spare;  /* a column an input, for what is not known */
    size_t stride;
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

/* Unknown where not finite: HQ_VALUE_MAX bounds no input here, so results may overflow, too. */
static void copy_known(const double *from, size_t n, double *to)
{
    for (size_t t = 0; t < n; t++)
        to[t] = hq_known(from[t]);
}

static bool are_known(const double *from, size_t n)
{
    double sum = 0; /* of zeroes, or NaN where something is not finite */
    for (size_t t = 0; t < n; t++)
        sum += from[t] * 0;
    return sum == 0;
}

/* What is finite is read where it stands; no node writes to an input. */
static void lead_inputs(HqBlock *block, const Job *job, size_t from, size_t n)
{
    for (uint32_t i = 0; i < job->row->info.n_inputs; i++) {
        const double *column = job->inputs[i] + from;
        block->column[i] = are_known(column, n) ? (double *)column : job->spare + i * job->stride;
        if (block->column[i] != column)
            copy_known(column, n, block->column[i]);
    }
}

/* Where nodes write outputs of their own, they write them to the caller. */
static void lead_outputs(HqBlock *block, const Job *job, size_t from)
{
    for (uint32_t o = 0; o < job->row->info.n_outputs; o++)
        if (block->is_written[job->slot + o])
            block->column[job->slot + o] = job->outputs[o] + from;
}

static void run(HqBlock *block, const Job *job)
{
    for (size_t from = 0, n; from < job->length; from += n) {
        n = job->length - from < block->capacity ? job->length - from : block->capacity;
        lead_inputs(block, job, from, n);
        lead_outputs(block, job, from);
        hq_block_run(block, n);
        for (uint32_t o = 0; o < job->row->info.n_outputs; o++)
            copy_known(block->column[job->slot + o], n, job->outputs[o] + from);
    }
}

static HqStatus run_graph(HqGraph *graph, const double *params, Job *job)
{
    job->slot = hq_graph_indicator(graph, job->row, in_slots, params);
    if (job->slot == HQ_NO_SLOT)
        return hq_last_error()->code;
    HqBlock block;
    size_t capacity = hq_block_capacity(graph);
    HqStatus status =
        hq_block_init(&block, graph, job->length < capacity ? job->length + 1 : capacity);
    if (status != HQ_OK)
        return status;
    job->spare = block.column[0]; /* the columns of the fields follow each other */
    job->stride = (size_t)(block.column[1] - block.column[0]);
    run(&block, job);
    hq_block_destroy(&block);
    return HQ_OK;
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
    status = hq_graph_init(&graph, 0);
    if (status == HQ_OK)
        status = run_graph(&graph, params, &job);
    hq_graph_destroy(&graph);
    return status;
}
