/*
 * The chain of a stream whose bars are valid and whose averages are seeded: the nodes, with the steps of
 * the steady path, composites beside their parts. It stands behind the nodes, in places reserved with
 * them. A change of the nodes forgets it.
 */
#include "graph/graph.h"

static bool reads_steady(const HqGraph *g, const HqNodeKey *key)
{
    for (uint32_t i = 0; i < key->n_inputs; i++)
        if (!g->slots[key->in[i]].is_steady)
            return false;
    return true;
}

/* Whether a node's averages are seeded: its newest line, laid out as over a block (HqSpan). */
static bool is_seeded(const HqGraph *g, const HqNode *node, const HqNodeKey *key)
{
    double own[HQ_SPAN_WIDTH_MAX];
    assert(HQ_SPAN_OUT + key->n_slots <= HQ_SPAN_WIDTH_MAX);
    for (uint32_t i = 0; i < HQ_MAX_INPUTS; i++)
        own[i] = i < key->n_inputs ? g->line[key->in[i]] : (double)NAN;
    memcpy(own + HQ_SPAN_OUT, g->line + node->out, key->n_slots * sizeof *own);
    return key->row->chains->is_steady(node, own);
}

static bool has_steady(const HqRow *row) { return row && row->chains && row->chains->steady.push; }

/* The steps of the steady path, where a node may take them. False: it may later. */
static bool settle_node(HqGraph *g, uint32_t index, HqNode *link)
{
    const HqNode *node = &g->nodes[index];
    const HqNodeKey *key = &g->keys[index];
    *link = *node;
    if (!has_steady(key->row) || !hq_node_is_plain(node, key->row) || !reads_steady(g, key))
        return true;
    if (!is_seeded(g, node, key))
        return false;
    link->push = key->row->chains->steady.push;
    link->peek = key->row->chains->steady.peek;
    for (uint32_t o = 0; o < key->row->info.n_outputs; o++)
        g->slots[node->out + o].is_steady = key->row->keeps_range;
    return true;
}

/* ------------------------------------------------------- composites and their parts */

/* A composite and its parts as they are to stand in the chain: parts first. */
typedef struct Unit {
    uint32_t index[HQ_JOINED_MAX + 1]; /* of the nodes */
    HqNode *at[HQ_JOINED_MAX + 1];     /* where in the chain they are */
    uint32_t n;
} Unit;

/* The node before `index` that writes a slot; `index` when none does. */
static uint32_t writer_of(const HqGraph *g, uint32_t index, uint32_t slot)
{
    for (uint32_t i = index; i-- > 0;) {
        const HqRow *row = g->keys[i].row;
        if (g->nodes[i].out == slot || (row && row->twin && g->nodes[i].in[HQ_TWIN] == slot))
            return i;
    }
    return index;
}

static HqNode *find_in_chain(HqNode *chain, const HqNode *node)
{
    while (chain->out != node->out)
        chain++;
    return chain;
}

/* Whether a node takes the steps that joined ones stand for, and by itself. */
static bool is_free(const HqRow *row, const HqNode *link)
{
    return link->joins == 0 && link->push == (has_steady(row) ? row->chains->steady.push : row->push);
}

static void add_to_unit(const HqGraph *g, HqNode *chain, uint32_t index, Unit *unit)
{
    for (uint32_t i = 0; i < unit->n; i++)
        if (unit->index[i] == index)
            return;
    unit->index[unit->n] = index;
    unit->at[unit->n++] = find_in_chain(chain, &g->nodes[index]);
}

/* Whether a composite and all that it reads can take one step. */
static bool find_unit(const HqGraph *g, HqNode *chain, uint32_t index, Unit *unit)
{
    const HqNodeKey *key = &g->keys[index];
    const HqJoined *joined = key->row->joined;
    unit->n = 0;
    for (uint32_t i = 0; i < key->n_inputs; i++) {
        uint32_t part = writer_of(g, index, key->in[i]);
        if (part == index || g->keys[part].row != joined->part || unit->n > joined->n_parts)
            return false;
        add_to_unit(g, chain, part, unit);
    }
    if (unit->n != joined->n_parts)
        return false;
    for (uint32_t i = 1; i < unit->n; i++)
        if (memcmp(g->keys[unit->index[i]].in, g->keys[unit->index[0]].in, sizeof key->in) != 0)
            return false;
    add_to_unit(g, chain, index, unit);
    for (uint32_t i = 0; i < unit->n; i++)
        if (!is_free(g->keys[unit->index[i]].row, unit->at[i]))
            return false;
    return true;
}

enum { HOLE = INT32_MAX };

/* Where the first part stands, all of what they read is there, and nobody has read them yet. */
static void join(Unit *unit, const HqStepPair *steps)
{
    HqNode moved[HQ_JOINED_MAX + 1], *first = unit->at[0], *last = unit->at[unit->n - 1];
    for (uint32_t i = 0; i < unit->n; i++) {
        moved[i] = *unit->at[i];
        moved[i].joins = unit->n - 1;
        unit->at[i]->joins = HOLE; /* to be filled by those before it */
        first = unit->at[i] < first ? unit->at[i] : first;
    }
    for (HqNode *from = last, *to = last; from >= first; from--)
        if (from->joins != HOLE)
            *to-- = *from;
    moved[0].push = steps->push;
    moved[0].peek = steps->peek;
    memcpy(first, moved, unit->n * sizeof *first);
}

void hq_graph_settle(HqGraph *graph)
{
    HqNode *chain = graph->nodes + graph->nodes_cap;
    Unit unit;
    if (graph->is_settled)
        return;
    graph->is_settled = true;
    for (uint32_t i = 0; i < graph->n_nodes; i++)
        graph->is_settled &= settle_node(graph, i, &chain[i]);
    chain[graph->n_nodes] = hq_graph_chain_end();
    for (uint32_t i = 0; i < graph->n_nodes; i++) {
        const HqRow *row = graph->keys[i].row;
        if (row && row->joined && find_unit(graph, chain, i, &unit))
            join(&unit, &row->joined->steps);
    }
    graph->chain = chain;
}
