/*
 * A graph as bytes: its slots, its nodes in order, and the two lines that a node still needs.
 *
 * A node travels as what it is — the code of its row or operation, its parameters and places — never
 * as a function. Bytes that somebody made up are refused as long as a step could read or write
 * outside the lines or the states by them; values are whatever they are.
 */
#include "base/alloc.h"
#include "graph/graph.h"
#include "indicator/list.h"

enum { IS_CONSTANT = 1, IS_BOUNDED = 2 };           /* flags of a slot */
enum { KIND_ROW = 0, KIND_OP = 1 };                 /* kinds of a node */
enum { SLOT_BYTES = 4 + 8, NODE_BYTES = 3 * 4 + 8 + 4 + 8 }; /* at least */

#define DAMAGED(...) hq_fail(HQ_ESNAPSHOT, "snapshot: " __VA_ARGS__)

/* -------------------------------------------------------------------- saving */

static void save_slots(const HqGraph *g, HqWriter *w)
{
    hq_put_u64(w, g->n_slots - HQ_BAR_SLOTS);
    for (uint32_t i = HQ_BAR_SLOTS; i < g->n_slots; i++) {
        const HqSlot *slot = &g->slots[i];
        hq_put_u32(w, (slot->is_constant ? IS_CONSTANT : 0) | (slot->is_bounded ? IS_BOUNDED : 0));
        hq_put_f64(w, slot->constant);
    }
}

static HqStatus save_what(const HqNodeKey *key, HqWriter *w)
{
    if (!key->row) {
        hq_put_u32(w, KIND_OP);
        hq_put_u32(w, ((const HqOp *)key->what)->code);
        hq_put_u32(w, HQ_MODE_SEED);
        return HQ_OK;
    }
    const HqRow *seed = hq_row_find(key->row->info.code);
    if (!seed || (key->row != seed && key->row != seed->talib))
        return hq_fail(HQ_EUNSUPPORTED, "snapshot: %s: expected a row of the indicator table",
                       key->row->info.name);
    hq_put_u32(w, KIND_ROW);
    hq_put_u32(w, key->row->info.code);
    hq_put_u32(w, key->row == seed ? HQ_MODE_SEED : HQ_MODE_TALIB);
    return HQ_OK;
}

static HqStatus save_node(const HqNodeKey *key, const HqNode *node, HqWriter *w)
{
    HqStatus status = save_what(key, w);
    if (status != HQ_OK)
        return status;
    hq_put_u64(w, key->first_bar);
    hq_put_u32(w, node->out);
    for (uint32_t i = 0; i < key->n_inputs; i++)
        hq_put_u32(w, key->in[i]);
    if (key->row && key->row->twin)
        hq_put_u32(w, node->in[HQ_TWIN]);
    hq_put_f64s(w, key->params, key->n_params);
    hq_put_u64(w, key->state_bytes);
    hq_put_bytes(w, node->state, key->state_bytes);
    return HQ_OK;
}

HqStatus hq_graph_save(const HqGraph *graph, HqWriter *writer)
{
    bool has_before = hq_graph_line_index(graph) > 0;
    hq_put_u64(writer, graph->first_bar);
    hq_put_u32(writer, graph->started);
    hq_put_u32(writer, has_before);
    save_slots(graph, writer);
    hq_put_u64(writer, graph->n_nodes);
    for (uint32_t i = 0; i < graph->n_nodes; i++) {
        HqStatus status = save_node(&graph->keys[i], &graph->nodes[i], writer);
        if (status != HQ_OK)
            return status;
    }
    if (has_before)
        hq_put_f64s(writer, graph->line - graph->stride, graph->n_slots);
    hq_put_f64s(writer, graph->line, graph->n_slots);
    return HQ_OK;
}

/* ------------------------------------------------------------------- loading */

/* What is known of a slot while the nodes are read one after the other. What one has read from
 * outside the nodes before it, no later one may write: the order is that of evaluation. */
enum { PLAIN = 0, READ = 1, WRITTEN = 2 };

typedef struct Loader {
    HqGraph *graph;
    HqReader *reader;
    uint8_t *slot; /* one of the above a slot */
} Loader;

static HqStatus load_slots(HqGraph *g, HqReader *r)
{
    size_t more = hq_take_count(r, SLOT_BYTES);
    if (r->has_failed || more > UINT32_MAX / 2)
        return DAMAGED("slots: expected as many as follow");
    HqStatus status = hq_graph_take_up_to(g, (uint32_t)more + HQ_BAR_SLOTS);
    for (uint32_t i = HQ_BAR_SLOTS; status == HQ_OK && i < g->n_slots; i++) {
        uint32_t flags = hq_take_u32(r);
        double constant = hq_take_f64(r);
        if (flags > (IS_CONSTANT | IS_BOUNDED))
            return DAMAGED("slot %u: unknown flags %u", (unsigned)i, (unsigned)flags);
        g->slots[i] = (HqSlot){.is_constant = flags & IS_CONSTANT, .is_bounded = flags & IS_BOUNDED,
                               .constant = constant};
        for (size_t line = 1; g->slots[i].is_constant && line <= g->n_lines; line++)
            g->lines[line * g->stride + i] = constant;
    }
    return status;
}

static const HqOp *find_op(uint32_t code) { return code ? hq_op_find(code) : &hq_op_known; }

/* An unknown parameter is none of a user's: hidden rows take it for "no value". */
static bool has_valid_params(const HqRow *row, const HqNodeKey *key)
{
    HqNodeKey known = *key;
    for (uint32_t i = 0; i < key->n_params; i++)
        if (row->info.code >= HQ_HIDDEN_CODE && !row->info.params[i].is_integer &&
            hq_is_unknown(key->params[i]))
            known.params[i] = row->info.params[i].minimum;
    return hq_row_check_params(row, known.params) == HQ_OK &&
           (row->at_one == HQ_AT_ONE_NODE || key->params[0] != 1);
}

/* What the node is; its places and parameters are still to come. */
static HqStatus load_what(HqReader *r, uint32_t index, HqNodeKey *key, HqNode *node)
{
    uint32_t kind = hq_take_u32(r), code = hq_take_u32(r), mode = hq_take_u32(r);
    const HqOp *op = kind == KIND_OP && mode == HQ_MODE_SEED ? find_op(code) : NULL;
    const HqRow *row = kind == KIND_ROW ? hq_row_find(code) : NULL;
    if (row && mode != HQ_MODE_SEED)
        row = mode == HQ_MODE_TALIB ? row->talib : NULL;
    if (op) {
        *key = (HqNodeKey){.what = op, .n_inputs = op->operands, .n_slots = 1};
        *node = (HqNode){.push = op->push, .peek = op->peek};
        return HQ_OK;
    }
    if (!row || !row->push)
        return DAMAGED("node %u: kind %u, code %u, mode %u: this library has no such node",
                       (unsigned)index, (unsigned)kind, (unsigned)code, (unsigned)mode);
    *key = (HqNodeKey){.what = row, .row = row, .n_params = row->info.n_params,
                       .n_inputs = row->parts ? row->n_core : row->info.n_inputs,
                       .n_slots = row->info.n_outputs + row->n_memory};
    *node = (HqNode){.push = row->push, .peek = row->peek};
    return HQ_OK;
}

/* Nodes write slots of their own, and read what was written before them for others to read. */
static bool take_places(Loader *l, const HqNodeKey *key, HqNode *node)
{
    HqGraph *g = l->graph;
    for (uint32_t i = 0; i < key->n_inputs; i++) {
        if (!hq_graph_shows(g, key->in[i], 1))
            return false;
        if (l->slot[key->in[i]] == PLAIN)
            l->slot[key->in[i]] = READ;
    }
    if (node->out < HQ_BAR_SLOTS || node->out > g->n_slots || key->n_slots > g->n_slots - node->out)
        return false;
    for (uint32_t i = 0; i < key->n_slots; i++) {
        if (g->slots[node->out + i].is_constant || l->slot[node->out + i] != PLAIN)
            return false;
        l->slot[node->out + i] = WRITTEN;
    }
    if (!key->row || !key->row->twin)
        return true;
    uint32_t twin = node->in[HQ_TWIN];
    if (twin == node->out + 1)
        return true;
    if (twin < HQ_BAR_SLOTS || twin >= g->n_slots || g->slots[twin].is_constant ||
        l->slot[twin] != PLAIN)
        return false;
    l->slot[twin] = WRITTEN;
    return true;
}

static HqStatus load_state(Loader *l, uint32_t index, HqNodeKey *key, HqNode *node)
{
    const HqRow *row = key->row;
    size_t size = hq_take_count(l->reader, 1);
    const uint8_t *bytes = hq_take_bytes(l->reader, size);
    key->state_bytes = row && row->state_size ? row->state_size(key->params) : 0;
    if (!bytes || size != key->state_bytes || size > HQ_STATE_MAX - l->graph->state_bytes)
        return DAMAGED("node %u: expected %zu bytes of state, found %zu", (unsigned)index,
                       key->state_bytes, size);
    if (!row)
        return HQ_OK;
    if (size > 0 && !(node->state = hq_calloc(1, size)))
        return HQ_ENOMEM;
    if (row->init)
        row->init(node, l->graph->lines + node->out, key->params);
    if (size == 0)
        return HQ_OK;
    uint8_t *loaded = hq_calloc(1, size); /* aligned, as the steps want it */
    if (!loaded)
        return HQ_ENOMEM;
    memcpy(loaded, bytes, size);
    bool holds = row->holds ? row->holds(key->params, node->state, loaded)
                            : memcmp(node->state, loaded, size) == 0;
    memcpy(node->state, loaded, size);
    free(loaded);
    return holds ? HQ_OK : DAMAGED("node %u: %s: its state is none that this row can be in",
                                   (unsigned)index, row->info.name);
}

static HqStatus load_node(Loader *l, uint32_t index)
{
    HqReader *r = l->reader;
    HqNodeKey key;
    HqNode node;
    HqStatus status = load_what(r, index, &key, &node);
    if (status != HQ_OK)
        return status;
    key.first_bar = hq_take_u64(r);
    node.out = hq_take_u32(r);
    for (uint32_t i = 0; i < key.n_inputs; i++)
        key.in[i] = hq_take_u32(r);
    memcpy(node.in, key.in, sizeof node.in);
    if (key.row && key.row->twin)
        node.in[HQ_TWIN] = hq_take_u32(r);
    hq_take_f64s(r, key.params, key.n_params);
    if (r->has_failed || !take_places(l, &key, &node))
        return DAMAGED("node %u: expected inputs that stand before it and a place of its own",
                       (unsigned)index);
    if (key.row && !has_valid_params(key.row, &key))
        return DAMAGED("node %u: %s: a parameter is out of range", (unsigned)index,
                       key.row->info.name);
    status = hq_graph_reserve_node(l->graph);
    if (status == HQ_OK)
        status = load_state(l, index, &key, &node);
    if (status == HQ_OK)
        hq_graph_append(l->graph, &key, &node);
    else
        free(node.state);
    return status;
}

static HqStatus load_nodes(Loader *l)
{
    size_t count = hq_take_count(l->reader, NODE_BYTES);
    HqStatus status = HQ_OK;
    if (l->reader->has_failed || count > UINT32_MAX / 2)
        return DAMAGED("nodes: expected as many as follow");
    for (uint32_t i = 0; i < count && status == HQ_OK; i++)
        status = load_node(l, i);
    return status;
}

static HqStatus load_lines(HqGraph *g, HqReader *r, bool has_before)
{
    if (has_before) {
        hq_take_f64s(r, g->lines, g->n_slots);
        g->line = g->lines + g->stride;
    }
    hq_take_f64s(r, g->line, g->n_slots);
    return r->has_failed ? DAMAGED("lines: expected two doubles a slot") : HQ_OK;
}

HqStatus hq_graph_load(HqGraph *graph, HqReader *reader)
{
    HqStatus status = hq_graph_init(graph, hq_take_u64(reader));
    if (status != HQ_OK)
        return status;
    Loader loader = {.graph = graph, .reader = reader};
    graph->started = hq_take_bool(reader);
    bool has_before = hq_take_bool(reader);
    if (graph->started && !has_before)
        status = DAMAGED("graph: started, and without a line");
    if (status == HQ_OK)
        status = load_slots(graph, reader);
    if (status == HQ_OK && !(loader.slot = hq_calloc(graph->n_slots, 1)))
        status = HQ_ENOMEM;
    if (status == HQ_OK)
        status = load_nodes(&loader);
    if (status == HQ_OK)
        status = load_lines(graph, reader, has_before);
    free(loader.slot);
    if (status != HQ_OK)
        hq_graph_destroy(graph);
    return status;
}
