#include "run/runner.h"

#include "base/alloc.h"
#include "engine/clocks.h"

struct HqRunner {
    HqGraph graph;
    HqClocks clocks;
    HqRules rules;
};

static HqStatus check_params(const HqProgram *program, const HqBacktestOptions *options)
{
    if (options->n_params == 0)
        return HQ_OK;
    if (!options->params || options->n_params != program->n_params)
        return hq_fail(HQ_EINVAL, "params: expected a value for each of the strategy's %u PARAMs, "
                                  "found %zu", (unsigned)program->n_params,
                       options->params ? options->n_params : 0);
    HqStatus status = HQ_OK;
    for (uint32_t i = 0; i < program->n_params && status == HQ_OK; i++)
        status = hq_program_check_param(program, i, options->params[i]);
    return status;
}

static HqStatus check(const HqProgram *program, const HqBacktestOptions *options)
{
    HqStatus status = hq_program_check_no_clauses(program);
    if (status == HQ_OK)
        status = hq_clocks_check_setting(options->htf, options->bar_period_ms);
    if (status == HQ_OK)
        status = hq_clocks_check_program(options->bar_period_ms, program);
    return status == HQ_OK ? check_params(program, options) : status;
}

HqStatus hq_runner_new(const HqProgram *program, const HqBacktestOptions *options, HqRunner **out)
{
    HqStatus status = check(program, options);
    if (status != HQ_OK)
        return status;
    HqRunner *runner = hq_calloc(1, sizeof *runner);
    if (!runner)
        return HQ_ENOMEM;
    status = hq_graph_init(&runner->graph, 0);
    if (status == HQ_OK)
        status = hq_clocks_init(&runner->clocks, program, 0, options->htf, options->bar_period_ms);
    if (status == HQ_OK)
        status = hq_clocks_link(&runner->clocks, program,
                                options->n_params > 0 ? options->params : NULL, &runner->graph,
                                &runner->rules);
    if (status != HQ_OK) {
        hq_runner_free(runner);
        return status;
    }
    *out = runner;
    return HQ_OK;
}

void hq_runner_free(HqRunner *runner)
{
    if (!runner)
        return;
    hq_clocks_destroy(&runner->clocks);
    hq_graph_destroy(&runner->graph);
    free(runner->rules.rule);
    free(runner);
}

uint8_t hq_runner_push(HqRunner *runner, const Bar *bar)
{
    HqGraph *graph = &runner->graph;
    hq_graph_next_line(graph);
    hq_graph_set_bar(graph, bar);
    if (runner->clocks.count > 0)
        hq_clocks_push(&runner->clocks, graph, bar);
    hq_graph_push(graph);
    return hq_rules_evaluate(&runner->rules, graph->line);
}
