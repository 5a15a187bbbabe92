#include "graph/block.h"

#include "base/alloc.h"

/* ------------------------------------------------------------------- columns */

static uint32_t n_outputs(const HqNodeKey *key)
{
    return key->row ? key->row->info.n_outputs : 1;
}

static uint32_t twin_slot(const HqNode *node, const HqNodeKey *key)
{
    return key->row && key->row->twin ? node->in[HQ_TWIN] : HQ_NO_SLOT;
}

/* Slots that nodes write and that are no memory. */
static void mark_written(const HqGraph *graph, bool *is_written)
{
    for (uint32_t i = 0; i < graph->n_nodes; i++) {
        const HqNode *node = &graph->nodes[i];
        uint32_t twin = twin_slot(node, &graph->keys[i]);
        for (uint32_t k = 0; k < n_outputs(&graph->keys[i]); k++)
            is_written[node->out + k] = true;
        if (twin != HQ_NO_SLOT)
            is_written[twin] = true;
    }
}

/* Of the slots of nodes, those that are neither outputs nor a twin's. */
static void mark_memory(const HqGraph *graph, const bool *is_written, bool *is_memory)
{
    for (uint32_t i = 0; i < graph->n_nodes; i++)
        for (uint32_t k = 0; k < graph->keys[i].n_slots; k++)
            is_memory[graph->nodes[i].out + k] = !is_written[graph->nodes[i].out + k];
}

static size_t widest_node(const HqGraph *graph)
{
    size_t most = 1;
    for (uint32_t i = 0; i < graph->n_nodes; i++)
        if (graph->keys[i].n_slots > most)
            most = graph->keys[i].n_slots;
    return HQ_SPAN_OUT + most + 1; /* and a place for a twin */
}

static void fill(double *column, size_t n, double value)
{
    for (size_t t = 0; t < n; t++)
        column[t] = value;
}

/* Columns do not begin a multiple of 4096 bytes apart, where they would push each other out of cache. */
static size_t column_stride(size_t capacity) { return (capacity + 7) / 8 * 8 + 8; }

static HqStatus lay_out(HqBlock *block, const bool *is_memory)
{
    const HqGraph *graph = block->graph;
    size_t stride = column_stride(block->capacity), columns = 0;
    for (uint32_t slot = 0; slot < graph->n_slots; slot++)
        columns += !is_memory[slot];
    block->own = hq_calloc(columns * stride, sizeof *block->own);
    if (!block->own)
        return HQ_ENOMEM;
    columns = 0;
    for (uint32_t slot = 0; slot < graph->n_slots; slot++) {
        if (is_memory[slot])
            continue;
        block->column[slot] = block->own + columns++ * stride;
        if (graph->slots[slot].is_constant)
            fill(block->column[slot], block->capacity, graph->slots[slot].constant);
        else /* what nobody writes stays what it is */
            fill(block->column[slot], block->capacity, graph->line[slot]);
    }
    return HQ_OK;
}

size_t hq_block_capacity(const HqGraph *graph)
{
    enum { BYTES = 1 << 18, LEAST = 64, MOST = 1024 };
    size_t bars = BYTES / sizeof(double) / graph->n_slots;
    return bars < LEAST ? LEAST : bars > MOST ? MOST : bars;
}

HqStatus hq_block_init(HqBlock *block, HqGraph *graph, size_t capacity)
{
    *block = (HqBlock){.graph = graph, .capacity = capacity};
    block->column = hq_calloc(graph->n_slots, sizeof *block->column);
    block->memory = hq_calloc(graph->n_slots, sizeof *block->memory);
    block->is_written = hq_calloc(graph->n_slots, sizeof *block->is_written);
    block->scratch = hq_calloc(2 * widest_node(graph), sizeof *block->scratch);
    bool *is_memory = hq_calloc(graph->n_slots, sizeof *is_memory);
    HqStatus status = HQ_ENOMEM;
    if (block->column && block->memory && block->is_written && block->scratch && is_memory) {
        mark_written(graph, block->is_written);
        mark_memory(graph, block->is_written, is_memory);
        status = lay_out(block, is_memory);
    }
    free(is_memory);
    if (status != HQ_OK)
        hq_block_destroy(block);
    return status;
}

void hq_block_destroy(HqBlock *block)
{
    free(block->column);
    free(block->memory);
    free(block->is_written);
    free(block->own);
    free(block->scratch);
    *block = (HqBlock){0};
}

/* --------------------------------------------------------------------- nodes */

/* What a node is, over columns. */
typedef struct Shape {
    uint32_t n_in, n_out, n_slots;
    HqSpanFn loop; /* of its row; NULL: any node's */
} Shape;

static Shape shape_of(const HqNode *node, const HqNodeKey *key)
{
    Shape shape = {key->n_inputs, n_outputs(key), key->n_slots, NULL};
    if (!key->row)
        shape.loop = ((const HqOp *)key->what)->span;
    else if (node->push == key->row->push) /* some parameters make it take other steps */
        shape.loop = key->row->span;
    return shape;
}

/* The node's own step, whatever it is, over lines of its own. */
static void loop_over(const HqNode *node, const HqSpan *span, const Shape *shape, double *spare)
{
    HqNode chain[2] = {hq_span_node(node), hq_graph_chain_end()};
    double *before = span->line, *line = spare;
    uint32_t twin_place = HQ_SPAN_OUT + shape->n_slots;
    if (span->twin)
        chain->in[HQ_TWIN] = twin_place;
    for (size_t t = 0; t < span->n; t++) {
        for (uint32_t k = 0; k < shape->n_in; k++)
            line[k] = span->in[k][t];
        chain->push(chain, line, before);
        for (uint32_t k = 0; k < shape->n_out; k++)
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

static void run_node(HqBlock *block, uint32_t index, size_t from, size_t n)
{
    HqGraph *graph = block->graph;
    const HqNode *node = &graph->nodes[index];
    const HqNodeKey *key = &graph->keys[index];
    Shape shape = shape_of(node, key);
    uint32_t twin = twin_slot(node, key);
    size_t width = HQ_SPAN_OUT + shape.n_slots + 1;
    HqSpan span = {.line = block->scratch, .n = n};
    for (uint32_t k = 0; k < HQ_MAX_INPUTS; k++) {
        span.in[k] = block->column[node->in[k < shape.n_in ? k : 0]] + from;
        span.line[k] = graph->line[node->in[k < shape.n_in ? k : 0]];
    }
    for (uint32_t k = 0; k < shape.n_out; k++)
        span.out[k] = block->column[node->out + k] + from;
    if (twin != HQ_NO_SLOT)
        span.twin = block->column[twin] + from;
    memcpy(span.line + HQ_SPAN_OUT, graph->line + node->out, shape.n_slots * sizeof(double));
    if (shape.loop)
        shape.loop(node, &span);
    else
        loop_over(node, &span, &shape, block->scratch + width);
    memcpy(block->memory + node->out, span.line + HQ_SPAN_OUT, shape.n_slots * sizeof(double));
}

/* ---------------------------------------------------------------------- run */

/* The line of bar `last` of the block: of columns their values, else what the nodes left. */
static void leave_line(HqBlock *block, size_t last)
{
    HqGraph *graph = block->graph;
    for (uint32_t slot = 0; slot < graph->n_slots; slot++)
        graph->line[slot] =
            block->column[slot] ? block->column[slot][last] : block->memory[slot];
}

/* Nothing came before the very first bar: it is pushed as any stream's. */
static void run_first_bar(HqBlock *block)
{
    HqGraph *graph = block->graph;
    hq_graph_next_line(graph);
    for (uint32_t slot = 0; slot < graph->n_slots; slot++)
        if (block->column[slot] && !block->is_written[slot])
            graph->line[slot] = block->column[slot][0];
    hq_graph_push(graph);
    for (uint32_t slot = 0; slot < graph->n_slots; slot++)
        if (block->is_written[slot])
            block->column[slot][0] = graph->line[slot];
}

void hq_block_run(HqBlock *block, size_t n)
{
    size_t from = block->graph->started ? 0 : 1;
    if (from > 0)
        run_first_bar(block);
    if (from == n)
        return;
    for (uint32_t i = 0; i < block->graph->n_nodes; i++)
        run_node(block, i, from, n - from);
    leave_line(block, n - 1);
}
