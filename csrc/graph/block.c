#include "graph/block.h"

#include "base/alloc.h"
#include "base/cache.h"
#include "base/line.h"
#include "base/bounded.h"
#include "graph/gang.h"

/* ------------------------------------------------------------------- columns */

/* Slots that nodes write and that are no memory. */
static void mark_written(const HqGraph *graph, bool *is_written)
{
    for (uint32_t i = 0; i < graph->n_nodes; i++) {
        const HqNode *node = &graph->nodes[i];
        uint32_t twin = hq_node_twin(node, &graph->keys[i]);
        for (uint32_t k = 0; k < hq_node_outputs(&graph->keys[i]); k++)
            is_written[node->out + k] = true;
        if (twin != HQ_NO_SLOT)
            is_written[twin] = true;
    }
}

static void fill(double *column, size_t n, double value)
{
    for (size_t t = 0; t < n; t++)
        column[t] = value;
}

/* Columns do not begin a multiple of HQ_PAGE apart, where they would push each other out of cache. */
static size_t column_stride(size_t capacity)
{
    return (capacity + HQ_LINE - 1) / HQ_LINE * HQ_LINE + HQ_LINE;
}

static HqStatus lay_out(HqBlock *block, const uint32_t *place, size_t n_places)
{
    const HqGraph *graph = block->graph;
    size_t stride = column_stride(block->capacity), columns = 0;
    for (uint32_t slot = 0; slot < graph->n_slots; slot++)
        columns += !graph->slots[slot].is_memory;
    columns = place ? n_places : columns;
    block->room = hq_realloc_array(NULL, columns * stride + HQ_LINE, sizeof *block->room);
    if (!block->room)
        return HQ_ENOMEM;
    block->own = hq_first_line(block->room);
    block->own_end = block->own + columns * stride;
    columns = 0;
    for (uint32_t slot = 0; slot < graph->n_slots; slot++) {
        if (graph->slots[slot].is_memory || (place && place[slot] == HQ_NO_PLACE))
            continue;
        block->column[slot] = block->own + (place ? place[slot] : columns++) * stride;
        if (slot < HQ_BAR_SLOTS && (slot == 0 || block->column[slot] != block->column[slot - 1]))
            fill(block->column[slot], block->capacity, 0); /* until they are led elsewhere */
        else if (graph->slots[slot].is_constant)
            fill(block->column[slot], block->capacity, graph->slots[slot].constant);
        else if (slot >= HQ_BAR_SLOTS && !block->is_written[slot]) /* it stays what it is */
            fill(block->column[slot], block->capacity, graph->line[slot]);
    }
    return HQ_OK;
}

size_t hq_block_capacity(const HqGraph *graph)
{
    enum { LEAST = 64, MOST = 8192 };
    size_t columns = graph->n_slots; /* memory has none */
    for (uint32_t i = 0; i < graph->n_nodes; i++)
        columns -= graph->keys[i].n_slots - hq_node_outputs(&graph->keys[i]);
    size_t bars = hq_second_cache() / 2 / sizeof(double) / columns;
    return bars < LEAST ? LEAST : bars > MOST ? MOST : bars;
}

HqStatus hq_block_init(HqBlock *block, HqGraph *graph, size_t capacity)
{
    return hq_block_init_shared(block, graph, capacity, NULL, 0);
}

HqStatus hq_block_init_shared(HqBlock *block, HqGraph *graph, size_t capacity,
                              const uint32_t *place, size_t n_places)
{
    size_t n = graph->n_slots, width = hq_member_width(graph);
    size_t bytes = n * (2 * sizeof *block->column + sizeof *block->after + sizeof(bool));
    bytes += graph->n_nodes * sizeof(bool);
    *block = (HqBlock){.graph = graph, .capacity = capacity};
    bytes += width * sizeof *block->scratch;
    block->gang = hq_calloc(1, sizeof *block->gang + bytes);
    HqStatus status = HQ_ENOMEM;
    if (block->gang) {
        block->column = (double **)(void *)(block->gang + 1);
        block->to = block->column + n;
        block->after = (double *)(void *)(block->to + n);
        block->scratch = block->after + n;
        block->is_written = (bool *)(block->scratch + width);
        block->is_left_out = block->is_written + n;
        mark_written(graph, block->is_written);
        status = lay_out(block, place, n_places);
        if (status == HQ_OK)
            status = hq_gang_init(block->gang, block);
    }
    if (status != HQ_OK)
        hq_block_destroy(block);
    return status;
}

void hq_block_destroy(HqBlock *block)
{
    free(block->room);
    if (block->gang)
        hq_gang_destroy(block->gang);
    free(block->gang);
    *block = (HqBlock){0};
}

/* ---------------------------------------------------------------------- run */

uint32_t hq_block_outputs(const HqGraph *graph, uint32_t node, uint32_t *first, uint32_t *twin)
{
    *first = graph->nodes[node].out;
    *twin = hq_node_twin(&graph->nodes[node], &graph->keys[node]);
    return hq_node_outputs(&graph->keys[node]);
}

/* The bar's own, and externals. A constant's column may hold another's: its line never changes. */
static bool is_given(const HqBlock *block, uint32_t slot)
{
    return block->column[slot] && !block->is_written[slot] &&
           !block->graph->slots[slot].is_constant;
}

/* Nothing came before the very first bar: it is pushed as any stream's. */
void hq_block_begin(HqBlock *block)
{
    HqGraph *graph = block->graph;
    block->is_first = !graph->started;
    if (!block->is_first)
        return;
    hq_graph_next_line(graph);
    for (uint32_t slot = 0; slot < graph->n_slots; slot++)
        if (is_given(block, slot))
            graph->line[slot] = block->column[slot][0];
    hq_graph_push(graph);
}

static void show_first_bar(HqBlock *block, uint32_t node)
{
    const double *line = block->graph->line;
    uint32_t first, twin, n = hq_block_outputs(block->graph, node, &first, &twin);
    for (uint32_t k = 0; k < n; k++)
        block->column[first + k][0] = line[first + k];
    if (twin != HQ_NO_SLOT)
        block->column[twin][0] = line[twin];
}

void hq_block_run_nodes(HqBlock *block, size_t n, uint32_t first, uint32_t end)
{
    size_t from = block->is_first;
    for (uint32_t i = first; i < end && block->is_first; i++)
        if (!block->is_left_out[i])
            show_first_bar(block, i);
    if (from < n)
        hq_gang_run(block->gang, block, from, n - from, first, end);
}

/* The line of the block's last bar: of nodes what they left, else the columns' values. */
void hq_block_end(HqBlock *block, size_t n)
{
    HqGraph *graph = block->graph;
    if (block->is_first && n == 1)
        return; /* it has been pushed */
    for (uint32_t slot = 0; slot < graph->n_slots; slot++)
        if (is_given(block, slot))
            graph->line[slot] = block->column[slot][n - 1];
        else if (!graph->slots[slot].is_constant)
            graph->line[slot] = block->after[slot];
}

void hq_block_run(HqBlock *block, size_t n)
{
    hq_block_begin(block);
    hq_block_run_nodes(block, n, 0, block->graph->n_nodes);
    hq_block_end(block, n);
}

void hq_block_finish(HqBlock *block) { hq_gang_finish(block->gang); }

void hq_block_note_bounded(HqBlock *block, uint32_t slot) { hq_gang_note_bounded(block->gang, slot); }

void hq_block_make_known(const HqBlock *block, uint32_t slot, double *values, size_t n)
{
    size_t unsure = block->is_first ? 1 + HQ_SETTLING : 0; /* of those, the first was pushed */
    if (!hq_gang_is_known(block->gang, slot) || unsure > n)
        unsure = n;
    if (unsure > 0)
        hq_make_known(values, unsure);
}
