#include "graph/graph.h"

#include "base/alloc.h"

/* ------------------------------------------------------------------- lines */

/* Lay the lines out anew with room for at least `wanted` slots. */
static HqStatus grow_lines(HqGraph *g, uint32_t wanted)
{
    uint32_t stride = g->stride ? g->stride : 24;
    while (stride < wanted)
        stride = 2 * stride + 8;
    HqSlot *slots = hq_realloc_array(g->slots, stride, sizeof *slots);
    if (!slots)
        return HQ_ENOMEM;
    g->slots = slots;
    double *lines = hq_calloc((size_t)(g->n_lines + 1) * stride, sizeof *lines);
    if (!lines)
        return HQ_ENOMEM;
    for (size_t i = 0; g->lines && i <= g->n_lines; i++)
        memcpy(lines + i * stride, g->lines + i * g->stride, g->n_slots * sizeof *lines);
    g->line = lines + (g->lines ? hq_graph_line_index(g) : 0) * (size_t)stride;
    g->last_line = lines + g->n_lines * (size_t)stride;
    free(g->lines);
    g->lines = lines;
    g->stride = stride;
    return HQ_OK;
}

static HqStatus reserve_slots(HqGraph *g, uint32_t more)
{
    return g->lines && g->n_slots + more <= g->stride ? HQ_OK : grow_lines(g, g->n_slots + more);
}

static void forget_slots(HqGraph *g, uint32_t first, uint32_t count)
{
    for (uint32_t slot = first; slot < first + count; slot++)
        g->slots[slot].is_memory = false;
    for (size_t i = 0; i <= g->n_lines; i++)
        for (uint32_t slot = first; slot < first + count; slot++)
            g->lines[i * g->stride + slot] = (double)NAN;
}

/* Room must be reserved. Unknown in every line. */
static uint32_t take_slots(HqGraph *g, uint32_t count, bool is_bounded)
{
    uint32_t first = g->n_slots;
    g->n_slots += count;
    for (uint32_t slot = first; slot < g->n_slots; slot++)
        g->slots[slot] = (HqSlot){.is_bounded = is_bounded};
    forget_slots(g, first, count);
    return first;
}

void hq_graph_wrap(HqGraph *graph)
{
    memcpy(graph->lines, graph->line, graph->n_slots * sizeof *graph->line);
    graph->line = graph->lines;
}

void hq_graph_destroy(HqGraph *graph)
{
    for (uint32_t i = 0; i < graph->n_nodes; i++)
        free(graph->nodes[i].state);
    free(graph->lines);
    free(graph->slots);
    free(graph->nodes);
    free(graph->keys);
    free(graph->hashes);
    *graph = (HqGraph){0};
}

/* --------------------------------------------------- constants and externals */

static uint32_t find_constant(const HqGraph *g, double value)
{
    for (uint32_t slot = 0; slot < g->n_slots; slot++)
        if (g->slots[slot].is_constant &&
            memcmp(&g->slots[slot].constant, &value, sizeof value) == 0)
            return slot;
    return HQ_NO_SLOT;
}

/* Room must be reserved. A constant is known at every bar, and not before the first. */
static uint32_t take_constant(HqGraph *g, double value)
{
    uint32_t slot = take_slots(g, 1, fabs(value) <= HQ_VALUE_MAX);
    g->slots[slot].is_constant = true;
    g->slots[slot].is_steady = g->slots[slot].is_bounded;
    g->slots[slot].constant = value;
    for (size_t i = g->started ? 0 : 1; i <= g->n_lines; i++)
        g->lines[i * g->stride + slot] = value;
    return slot;
}

uint32_t hq_graph_constant(HqGraph *graph, double value)
{
    uint32_t slot = find_constant(graph, value);
    if (slot != HQ_NO_SLOT)
        return slot;
    return reserve_slots(graph, 1) == HQ_OK ? take_constant(graph, value) : HQ_NO_SLOT;
}

uint32_t hq_graph_external(HqGraph *graph)
{
    return reserve_slots(graph, 1) == HQ_OK ? take_slots(graph, 1, false) : HQ_NO_SLOT;
}

/* ------------------------------------------------------------------- nodes */

/* Where the chain of nodes ends. */
static void end_of_chain(const HqNode *node, double *line, double *before)
{
    (void)node;
    (void)line;
    (void)before;
}

HqNode hq_graph_chain_end(void) { return (HqNode){.push = end_of_chain, .peek = end_of_chain}; }

/* Behind the last node, which has come just now. */
static void end_chain(HqGraph *g)
{
    g->nodes[g->n_nodes] = hq_graph_chain_end();
    hq_graph_unsettle(g);
}

/* One place more than the nodes, for the end of the chain; and all of them twice, for settle.c. */
static HqStatus reserve_nodes(HqGraph *g, uint32_t more)
{
    uint32_t wanted = g->n_nodes + more + 1, cap = g->nodes_cap ? g->nodes_cap : 6;
    if (wanted <= g->nodes_cap)
        return HQ_OK;
    while (cap < wanted)
        cap *= 2;
    HqNodeKey *keys = hq_realloc_array(g->keys, cap, sizeof *keys);
    if (!keys)
        return HQ_ENOMEM;
    g->keys = keys;
    uint32_t *hashes = hq_realloc_array(g->hashes, cap, sizeof *hashes);
    if (!hashes)
        return HQ_ENOMEM;
    g->hashes = hashes;
    HqNode *nodes = hq_realloc_array(g->nodes, 2 * (size_t)cap, sizeof *nodes);
    if (!nodes)
        return HQ_ENOMEM;
    g->nodes = nodes;
    g->nodes_cap = cap;
    hq_graph_unsettle(g);
    return HQ_OK;
}

static HqStatus init(HqGraph *graph, uint64_t first_bar, uint32_t n_lines)
{
    *graph = (HqGraph){.first_bar = first_bar, .n_lines = n_lines};
    if (reserve_slots(graph, HQ_BAR_SLOTS) != HQ_OK || reserve_nodes(graph, 0) != HQ_OK) {
        hq_graph_destroy(graph);
        return HQ_ENOMEM;
    }
    take_slots(graph, HQ_BAR_SLOTS, true); /* HQ_VALUE_MAX bounds them */
    for (uint32_t slot = 0; slot < HQ_BAR_SLOTS; slot++)
        graph->slots[slot].is_steady = true;
    end_chain(graph);
    return HQ_OK;
}

HqStatus hq_graph_init(HqGraph *graph, uint64_t first_bar)
{
    return init(graph, first_bar, HQ_GRAPH_LINES);
}

HqStatus hq_graph_init_for_blocks(HqGraph *graph) { return init(graph, 0, HQ_BLOCK_LINES); }

static bool same_key(const HqNodeKey *a, const HqNodeKey *b)
{
    return a->what == b->what && a->first_bar == b->first_bar && a->n_inputs == b->n_inputs &&
           a->n_params == b->n_params &&
           memcmp(a->in, b->in, a->n_inputs * sizeof a->in[0]) == 0 &&
           memcmp(a->params, b->params, a->n_params * sizeof a->params[0]) == 0;
}

/* 64 bits at a time: bytes would take most of what adding a node takes. */
static uint64_t hash_word(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0x9E3779B97F4A7C15u; /* 2^64 over the golden ratio: Knuth, TAOCP 3, 6.4 */
    return hash ^ hash >> 32;
}

static uint32_t hash_key(const HqNodeKey *key)
{
    uint64_t hash = hash_word(0, (uintptr_t)key->what);
    for (uint32_t i = 0; i < key->n_inputs; i++)
        hash = hash_word(hash, key->in[i]);
    for (uint32_t i = 0; i < key->n_params; i++) {
        uint64_t bits;
        memcpy(&bits, &key->params[i], sizeof bits);
        hash = hash_word(hash, bits);
    }
    return (uint32_t)hash;
}

enum { HASHES_AT_ONCE = 32 }; /* two cache lines */

/* Whether one of so many is there: all are looked at, several at once. */
static bool has_hash(const uint32_t *hashes, uint32_t hash)
{
    uint32_t found = 0;
    for (int i = 0; i < HASHES_AT_ONCE; i++)
        found |= hashes[i] == hash;
    return found;
}

static const HqNode *find_among(const HqGraph *g, const HqNodeKey *key, uint32_t hash, uint32_t from, uint32_t end)
{
    for (uint32_t i = from; i < end; i++)
        if (g->hashes[i] == hash && same_key(&g->keys[i], key))
            return &g->nodes[i];
    return NULL;
}

/* Only adding looks for nodes: a scan of the hashes will do. */
static const HqNode *find_node(const HqGraph *g, const HqNodeKey *key)
{
    uint32_t hash = hash_key(key), from = 0;
    const HqNode *found = NULL;
    for (; !found && g->n_nodes - from >= HASHES_AT_ONCE; from += HASHES_AT_ONCE)
        if (has_hash(g->hashes + from, hash))
            found = find_among(g, key, hash, from, from + HASHES_AT_ONCE);
    return found ? found : find_among(g, key, hash, from, g->n_nodes);
}

/* The node of another row over the same inputs and parameters; NULL when there is none. */
static const HqNode *find_relative(const HqGraph *g, const HqNodeKey *key, const HqRow *row)
{
    if (!row)
        return NULL;
    HqNodeKey relative = *key;
    relative.what = relative.row = row;
    return find_node(g, &relative);
}

uint32_t hq_node_outputs(const HqNodeKey *key) { return key->row ? key->row->info.n_outputs : 1; }

uint32_t hq_node_twin(const HqNode *node, const HqNodeKey *key)
{
    return key->row && key->row->twin ? node->in[HQ_TWIN] : HQ_NO_SLOT;
}

/* Slots of a node that are neither outputs nor where its twin's value stands. */
static void mark_memory(HqGraph *g, const HqNode *node, const HqNodeKey *key)
{
    uint32_t twin = hq_node_twin(node, key);
    for (uint32_t k = hq_node_outputs(key); k < key->n_slots; k++)
        g->slots[node->out + k].is_memory = node->out + k != twin;
}

/*
 * Takes node->state over; room must be reserved. Its slots are new. A node that gives its twin's
 * value too takes the twin's place, and writes to where that value is read from.
 */
static HqNode *put_node(HqGraph *g, const HqNodeKey *key, const HqNode *node)
{
    uint32_t out = take_slots(g, key->n_slots, false);
    const HqNode *twin = key->row ? find_relative(g, key, key->row->twin) : NULL;
    uint32_t index = twin ? (uint32_t)(twin - g->nodes) : g->n_nodes++;
    bool has_twin = key->row && key->row->twin;
    uint32_t twin_slot = twin ? twin->out : out + 1;
    if (twin) {
        hq_graph_unsettle(g);
        free(twin->state);
        forget_slots(g, twin->out + 1, g->keys[index].n_slots - 1); /* nobody writes them any more */
        g->state_bytes -= g->keys[index].state_bytes;
    } else {
        end_chain(g);
    }
    HqNode *place = &g->nodes[index];
    *place = *node;
    memcpy(place->in, key->in, sizeof place->in);
    if (has_twin)
        place->in[HQ_TWIN] = twin_slot;
    place->out = out;
    g->keys[index] = *key;
    g->hashes[index] = hash_key(key);
    g->state_bytes += key->state_bytes;
    mark_memory(g, place, key);
    return place;
}

static uint32_t put_op(HqGraph *g, const HqNodeKey *key, const HqOp *op)
{
    const HqNode node = {.push = op->push, .peek = op->peek};
    return put_node(g, key, &node)->out;
}

uint32_t hq_graph_op(HqGraph *graph, const HqOp *op, const uint32_t *in)
{
    HqNodeKey key = {.what = op, .n_inputs = op->operands, .n_slots = 1};
    memcpy(key.in, in, op->operands * sizeof *in);
    const HqNode *found = find_node(graph, &key);
    if (found)
        return found->out;
    if (reserve_nodes(graph, 1) != HQ_OK || reserve_slots(graph, 1) != HQ_OK)
        return HQ_NO_SLOT;
    return put_op(graph, &key, op);
}

static HqStatus check_room(const HqGraph *g, const char *what, size_t bytes)
{
    if (bytes <= HQ_STATE_MAX - g->state_bytes)
        return HQ_OK;
    return hq_fail(HQ_ELIMIT, "%s: %zu bytes of windows more; a graph holds at most %zu", what,
                   bytes, HQ_STATE_MAX);
}

static uint32_t add_indicator(HqGraph *g, const HqRow *row, HqNodeKey *key)
{
    const HqNode *found = find_node(g, key), *host = find_relative(g, key, row->host);
    if (found || host)
        return found ? found->out : host->in[HQ_TWIN];
    HqNode node = {.push = row->push, .peek = row->peek};
    if (reserve_nodes(g, 1) != HQ_OK || reserve_slots(g, key->n_slots) != HQ_OK)
        return HQ_NO_SLOT;
    if (row->state_size) {
        key->state_bytes = row->state_size(key->params);
        if (check_room(g, row->info.name, key->state_bytes) != HQ_OK ||
            !(node.state = hq_calloc(1, key->state_bytes)))
            return HQ_NO_SLOT;
    }
    HqNode *placed = put_node(g, key, &node);
    if (row->init)
        row->init(placed, g->lines + placed->out, key->params);
    return placed->out;
}

/* Where an input may be huge, results may overflow: what reads them then sees them as unknown. */
static uint32_t add_known(HqGraph *g, uint32_t out, uint32_t n_outputs)
{
    uint32_t first = HQ_NO_SLOT;
    for (uint32_t o = 0; o < n_outputs; o++) {
        uint32_t in = out + o, slot = hq_graph_op(g, &hq_op_known, &in);
        if (slot == HQ_NO_SLOT)
            return HQ_NO_SLOT;
        if (o == 0)
            first = slot;
        assert(slot == first + o); /* added together, or found together */
    }
    return first;
}

typedef struct PartAdder {
    HqBuilder builder;
    HqGraph *graph;
} PartAdder;

static uint32_t add_part(HqBuilder *builder, const HqRow *row, const uint32_t *in,
                         const double *params)
{
    for (uint32_t i = 0; i < row->info.n_inputs; i++)
        if (in[i] == HQ_NO_SLOT)
            return HQ_NO_SLOT;
    return hq_graph_indicator(((PartAdder *)builder)->graph, row, in, params);
}

/* Adds a composite's parts. HQ_OK when each of the slots that its own step reads is there. */
static HqStatus add_parts(HqGraph *g, const HqRow *row, const uint32_t *in, const double *params,
                          uint32_t *core)
{
    PartAdder adder = {{add_part}, g};
    row->parts(&adder.builder, in, params, core);
    for (uint32_t i = 0; i < row->n_core; i++)
        if (core[i] == HQ_NO_SLOT)
            return hq_last_error()->code;
    return HQ_OK;
}

uint32_t hq_graph_indicator(HqGraph *graph, const HqRow *row, const uint32_t *in,
                            const double *params)
{
    row = hq_row_for(row, params);
    const HqIndicatorInfo *info = &row->info;
    if (row->at_one == HQ_AT_ONE_INPUT && params[0] == 1)
        return in[0];
    if (row->at_one == HQ_AT_ONE_ZERO && params[0] == 1) {
        const uint32_t same[] = {in[0], in[0]};
        return hq_graph_op(graph, hq_op_find(HQ_OP_SUB), same);
    }
    HqNodeKey key = {.what = row, .row = row, .first_bar = graph->first_bar, .n_params = info->n_params,
                     .n_inputs = info->n_inputs, .n_slots = info->n_outputs + row->n_memory};
    for (uint32_t i = 0; i < key.n_params; i++)
        key.params[i] = params[i] + 0.0; /* -0 is 0 */
    memcpy(key.in, in, key.n_inputs * sizeof *in);
    bool is_bounded = true;
    for (uint32_t i = 0; i < info->n_inputs; i++)
        is_bounded &= info->inputs[i].is_boolean || graph->slots[in[i]].is_bounded;
    if (row->parts) {
        if (add_parts(graph, row, in, params, key.in) != HQ_OK)
            return HQ_NO_SLOT;
        if (!row->push)
            return key.in[0];
        key.n_inputs = row->n_core;
    }
    uint32_t out = add_indicator(graph, row, &key);
    if (out == HQ_NO_SLOT || info->is_boolean)
        return out;
    if (is_bounded) {
        for (uint32_t o = 0; o < info->n_outputs; o++)
            graph->slots[out + o].is_bounded = row->keeps_range;
        return out;
    }
    return row->gives_known ? out : add_known(graph, out, info->n_outputs);
}

/* ------------------------------------------------------------------- adopt */

static void adopt_plain_slots(HqGraph *g, const HqGraph *fresh, uint32_t *map)
{
    for (uint32_t slot = 0; slot < HQ_BAR_SLOTS; slot++)
        map[slot] = slot;
    for (uint32_t slot = HQ_BAR_SLOTS; slot < fresh->n_slots; slot++) {
        if (!fresh->slots[slot].is_constant)
            continue;
        uint32_t to = find_constant(g, fresh->slots[slot].constant);
        map[slot] = to != HQ_NO_SLOT ? to : take_constant(g, fresh->slots[slot].constant);
    }
}

/* The newest line and the one before it are all that a node still needs. */
static void copy_lines(HqGraph *g, uint32_t to, const HqGraph *fresh, uint32_t from, uint32_t n)
{
    memcpy(g->line + to, fresh->line + from, n * sizeof(double));
    if (g->started)
        memcpy(g->line - g->stride + to, fresh->line - fresh->stride + from, n * sizeof(double));
}

static void adopt_node(HqGraph *g, HqGraph *fresh, uint32_t index, uint32_t *map)
{
    HqNode *node = &fresh->nodes[index];
    HqNodeKey key = fresh->keys[index];
    for (uint32_t i = 0; i < key.n_inputs; i++)
        key.in[i] = map[key.in[i]];
    const HqNode *host = key.row ? find_relative(g, &key, key.row->host) : NULL;
    if (host) {
        map[node->out] = host->in[HQ_TWIN];
        return;
    }
    const HqNode *place = find_node(g, &key);
    if (!place) {
        place = put_node(g, &key, node);
        copy_lines(g, place->out, fresh, node->out, key.n_slots);
        node->state = NULL;
        if (key.row && key.row->twin)
            copy_lines(g, place->in[HQ_TWIN], fresh, node->in[HQ_TWIN], 1);
    }
    for (uint32_t i = 0; i < key.n_slots; i++)
        map[node->out + i] = place->out + i;
    if (key.row && key.row->twin)
        map[node->in[HQ_TWIN]] = place->in[HQ_TWIN];
}

HqStatus hq_graph_reserve(HqGraph *graph, const HqGraph *fresh)
{
    if (check_room(graph, "this addition", fresh->state_bytes) != HQ_OK)
        return HQ_ELIMIT;
    HqStatus status = reserve_slots(graph, fresh->n_slots);
    return status == HQ_OK ? reserve_nodes(graph, fresh->n_nodes) : status;
}

void hq_graph_merge(HqGraph *graph, HqGraph *fresh, uint32_t *map)
{
    assert(graph->started == fresh->started || graph->n_nodes == 0);
    adopt_plain_slots(graph, fresh, map);
    for (uint32_t i = 0; i < fresh->n_nodes; i++)
        adopt_node(graph, fresh, i, map);
}

HqStatus hq_graph_adopt(HqGraph *graph, HqGraph *fresh, uint32_t *map)
{
    HqStatus status = hq_graph_reserve(graph, fresh);
    if (status == HQ_OK)
        hq_graph_merge(graph, fresh, map);
    return status;
}

uint32_t hq_graph_adopt_external(HqGraph *graph, const HqGraph *fresh, uint32_t slot)
{
    uint32_t to = take_slots(graph, 1, false);
    copy_lines(graph, to, fresh, slot, 1);
    return to;
}

/* ----------------------------------------------------------------- compact */

static bool has_twin(const HqNodeKey *key) { return key->row && key->row->twin; }

/* Mark what a node gives: true when any of it is read. */
static bool is_node_read(const HqGraph *g, uint32_t index, const bool *is_read)
{
    const HqNode *node = &g->nodes[index];
    const HqNodeKey *key = &g->keys[index];
    for (uint32_t i = 0; i < key->n_slots; i++)
        if (is_read[node->out + i])
            return true;
    return has_twin(key) && is_read[node->in[HQ_TWIN]];
}

/* Nodes read only what stands before them, so one pass from the last to the first finds all. */
static void mark_inputs(const HqGraph *g, bool *is_read)
{
    for (uint32_t n = g->n_nodes; n-- > 0;)
        if (is_node_read(g, n, is_read))
            for (uint32_t i = 0; i < g->keys[n].n_inputs; i++)
                is_read[g->keys[n].in[i]] = true;
}

/* Constants and externals that are read; slots of nodes get their place with the node. */
static void keep_plain_slots(HqGraph *kept, const HqGraph *g, bool *is_read, uint32_t *map)
{
    for (uint32_t slot = 0; slot < g->n_slots; slot++)
        map[slot] = slot < HQ_BAR_SLOTS ? slot : HQ_NO_SLOT;
    for (uint32_t n = 0; n < g->n_nodes; n++)
        if (is_node_read(g, n, is_read)) {
            memset(is_read + g->nodes[n].out, 0, g->keys[n].n_slots * sizeof *is_read);
            if (has_twin(&g->keys[n]))
                is_read[g->nodes[n].in[HQ_TWIN]] = false;
            map[g->nodes[n].out] = 0; /* for now: the node is to be kept */
        }
    for (uint32_t slot = HQ_BAR_SLOTS; slot < g->n_slots; slot++)
        if (is_read[slot] && g->slots[slot].is_constant) {
            map[slot] = take_constant(kept, g->slots[slot].constant);
        } else if (is_read[slot]) {
            map[slot] = hq_graph_adopt_external(kept, g, slot);
        }
}

HqStatus hq_graph_compact(HqGraph *graph, bool *is_read, uint32_t *map)
{
    HqGraph kept;
    HqStatus status = init(&kept, graph->first_bar, graph->n_lines);
    if (status == HQ_OK)
        status = hq_graph_reserve(&kept, graph);
    if (status != HQ_OK) {
        hq_graph_destroy(&kept);
        return status;
    }
    kept.started = graph->started;
    kept.line = kept.lines + hq_graph_line_index(graph) * (size_t)kept.stride;
    copy_lines(&kept, 0, graph, 0, HQ_BAR_SLOTS);
    mark_inputs(graph, is_read);
    keep_plain_slots(&kept, graph, is_read, map);
    for (uint32_t n = 0; n < graph->n_nodes; n++)
        if (map[graph->nodes[n].out] != HQ_NO_SLOT)
            adopt_node(&kept, graph, n, map);
    hq_graph_destroy(graph);
    *graph = kept;
    return HQ_OK;
}

/* ------------------------------------------------------------ for save.c */

HqStatus hq_graph_take_up_to(HqGraph *graph, uint32_t n_slots)
{
    uint32_t more = n_slots - graph->n_slots;
    HqStatus status = reserve_slots(graph, more);
    if (status == HQ_OK)
        take_slots(graph, more, false);
    return status;
}

HqStatus hq_graph_reserve_node(HqGraph *graph) { return reserve_nodes(graph, 1); }

void hq_graph_append(HqGraph *graph, const HqNodeKey *key, const HqNode *node)
{
    uint32_t index = graph->n_nodes++;
    end_chain(graph);
    graph->nodes[index] = *node;
    graph->keys[index] = *key;
    graph->hashes[index] = hash_key(key);
    graph->state_bytes += key->state_bytes;
    mark_memory(graph, node, key);
}

bool hq_graph_shows(const HqGraph *graph, uint32_t slot, uint32_t count)
{
    if (slot >= graph->n_slots || count > graph->n_slots - slot)
        return false;
    for (uint32_t i = slot; i < slot + count; i++)
        if (graph->slots[i].is_memory)
            return false;
    return true;
}

bool hq_graph_reads(const HqGraph *graph, uint32_t slot)
{
    for (uint32_t i = 0; i < graph->n_nodes; i++)
        for (uint32_t k = 0; k < graph->keys[i].n_inputs; k++)
            if (graph->nodes[i].in[k] == slot)
                return true;
    return false;
}
