/* hq_indicator_batch: one indicator over whole columns, by the steps that an engine takes. */
#include "graph/graph.h"

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

static void run(HqGraph *graph, const HqRow *row, const double *const *inputs, uint32_t in0,
                size_t length, uint32_t slot, double *const *outputs)
{
    for (size_t t = 0; t < length; t++) {
        hq_graph_next_line(graph);
        for (uint32_t i = 0; i < row->info.n_inputs; i++)
            graph->line[in0 + i] = hq_known(inputs[i][t]);
        hq_graph_push(graph);
        for (uint32_t o = 0; o < row->info.n_outputs; o++)
            outputs[o][t] = hq_known(graph->line[slot + o]); /* HQ_VALUE_MAX bounds no input here */
    }
}

HqStatus hq_indicator_batch(const HqIndicatorSpec *spec, const double *const *inputs,
                            size_t length, double *const *outputs)
{
    static const uint32_t in[HQ_MAX_INPUTS] = {0, 1, 2, 3, 4, 5}; /* the fields' slots, borrowed */
    double params[HQ_MAX_PARAMS] = {0};
    const HqRow *row = hq_row_of_spec(spec, params);
    if (!row)
        return hq_last_error()->code;
    HqStatus status = check_columns(row, inputs, outputs);
    if (status != HQ_OK)
        return status;
    HqGraph graph;
    status = hq_graph_init(&graph, 0);
    if (status == HQ_OK) {
        uint32_t slot = hq_graph_indicator(&graph, row, in, params);
        if (slot == HQ_NO_SLOT)
            status = hq_last_error()->code;
        else
            run(&graph, row, inputs, in[0], length, slot, outputs);
    }
    hq_graph_destroy(&graph);
    return status;
}
