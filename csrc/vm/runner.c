#include "vm/runner.h"

#include "base/alloc.h"
#include "vm/link.h"

struct HqRunner {
    HqGraph graph;
    HqLinked linked;
};

HqStatus hq_runner_new(const HqProgram *program, HqRunner **out)
{
    HqStatus status = hq_program_check_signals_only(program);
    if (status != HQ_OK)
        return status;
    HqRunner *runner = hq_calloc(1, sizeof *runner);
    if (!runner)
        return HQ_ENOMEM;
    status = hq_graph_init(&runner->graph, 0);
    if (status == HQ_OK) {
        HqGraph *graph = &runner->graph;
        status = hq_link(program, NULL, &graph, NULL, &runner->linked);
    }
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
    hq_graph_destroy(&runner->graph);
    hq_linked_destroy(&runner->linked);
    free(runner);
}

uint8_t hq_runner_push(HqRunner *runner, const Bar *bar)
{
    hq_graph_next_line(&runner->graph);
    hq_graph_set_bar(&runner->graph, bar);
    hq_graph_push(&runner->graph);
    return hq_rules_evaluate(&runner->linked.rules, runner->graph.line);
}
