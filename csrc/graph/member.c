#include "graph/member.h"

#include "base/simd.h"

size_t hq_member_width(const HqGraph *graph)
{
    size_t most = 1;
    for (uint32_t i = 0; i < graph->n_nodes; i++)
        if (graph->keys[i].n_slots > most)
            most = graph->keys[i].n_slots;
    return HQ_SPAN_OUT + most + 1; /* and a place for a twin */
}

_Static_assert(HQ_SPAN_BUILDS == HQ_SIMD_AVX512 + 1, "a build of each loop for every level");

int hq_member_build(void) { return (int)hq_simd_columns(); }

void hq_member_take(HqMember *member, const HqBlock *block, uint32_t index, size_t from, size_t n)
{
    const HqGraph *graph = block->graph;
    const HqNode *node = member->node = &graph->nodes[index];
    const HqNodeKey *key = member->key = &graph->keys[index];
    HqSpan *span = &member->span;
    span->n = n;
    span->chain = member->chain;
    for (uint32_t k = 0; k < HQ_MAX_INPUTS; k++) {
        uint32_t slot = node->in[k < key->n_inputs ? k : 0];
        span->in[k] = block->column[slot] + from;
        span->line[k] = graph->line[slot];
    }
    for (uint32_t k = 0; k < hq_node_outputs(key); k++)
        span->out[k] = block->column[node->out + k] + from;
    member->twin = hq_node_twin(node, key);
    span->twin = member->twin == HQ_NO_SLOT ? NULL : block->column[member->twin] + from;
    memcpy(span->line + HQ_SPAN_OUT, graph->line + node->out, key->n_slots * sizeof(double));
}

/* The loop of a node's row; NULL: any node's. */
static HqSpanFn loop_of(const HqNode *node, const HqNodeKey *key)
{
    int build = hq_member_build();
    if (!key->row)
        return ((const HqOp *)key->what)->span[build];
    if (hq_node_is_plain(node, key->row))
        return key->row->span[build];
    return node->push == key->row->other_push ? key->row->other_span[build] : NULL;
}

/* The node's own step, whatever it is, over lines of its own. */
static void loop_over(const HqMember *member, const HqSpan *span, double *spare)
{
    HqNode chain[2] = {hq_span_node(member->node), hq_graph_chain_end()};
    double *before = span->line, *line = spare;
    uint32_t n_out = hq_node_outputs(member->key), twin_place = HQ_SPAN_OUT + member->key->n_slots;
    if (span->twin)
        chain->in[HQ_TWIN] = twin_place;
    for (size_t t = 0; t < span->n; t++) {
        for (uint32_t k = 0; k < member->key->n_inputs; k++)
            line[k] = span->in[k][t];
        chain->push(chain, line, before);
        for (uint32_t k = 0; k < n_out; k++)
            span->out[k][t] = line[HQ_SPAN_OUT + k];
        if (span->twin)
            span->twin[t] = line[twin_place];
        double *newest = line;
        line = before;
        before = newest;
    }
    if (before != span->line)
        memcpy(span->line, before, twin_place * sizeof *before);
}

void hq_member_pass(HqMember *member, size_t n)
{
    HqSpan *span = &member->span;
    span->n -= n;
    for (uint32_t k = 0; k < HQ_MAX_INPUTS; k++) {
        span->in[k] += n;
        span->line[k] = span->in[k][-1];
    }
    for (uint32_t k = 0; k < hq_node_outputs(member->key); k++)
        span->out[k] += n;
    if (span->twin)
        span->twin += n;
}

void hq_member_run(HqMember *member, const HqBlock *block, size_t n)
{
    HqSpan span = member->span;
    HqSpanFn loop = loop_of(member->node, member->key);
    span.n = n;
    if (loop)
        loop(member->node, &span);
    else
        loop_over(member, &span, block->scratch);
    hq_member_pass(member, n);
}

void hq_member_leave(const HqMember *member, HqBlock *block)
{
    const HqSpan *span = &member->span;
    double *after = block->after + member->node->out;
    memcpy(after, span->line + HQ_SPAN_OUT, member->key->n_slots * sizeof *after);
    for (uint32_t k = 0; k < hq_node_outputs(member->key); k++)
        after[k] = span->out[k][-1];
    if (member->twin != HQ_NO_SLOT)
        block->after[member->twin] = span->twin[-1];
}
