/*
 * The deduplicated graph of everything that is computed on one clock: indicators, and the pure
 * operations of strategies over them, flat and in topological order.
 *
 * Everything known at a bar is a line of doubles (indicator/row.h); a place in it is a slot. Slots
 * 0..5 are the newest bar's fields, slot 6 its open time: the caller writes them, then calls hq_graph_push() — or
 * hq_graph_peek() when the newest bar has been replaced. A few lines are kept one behind another
 * and reused in turn; line 0 is the one before the first bar. Equal nodes — same computation,
 * same inputs, same parameters, same first bar — are one node.
 *
 * Building allocates and may fail; push and peek do neither.
 */
#ifndef HQ_GRAPH_GRAPH_H
#define HQ_GRAPH_GRAPH_H

#include <stdbool.h>

#include "base/bytes.h"
#include "graph/op.h"
#include "ring/bars.h"

/** Lines in use besides line 0: copying the last one to the front is spread over this many bars. Blocks
 * of bars need one. */
enum { HQ_GRAPH_LINES = 32, HQ_BLOCK_LINES = 1 };

/** The slot of the bar's open time, ms, and how many slots a bar takes. */
enum { HQ_SLOT_TIME = HQ_FIELD_COUNT, HQ_BAR_SLOTS };

/** Bytes of node state that one graph may hold, so that a program cannot take the machine's memory. */
#define HQ_STATE_MAX ((size_t)1 << 30)

/* What makes a node the same as another. */
typedef struct HqNodeKey {
    const void *what;   /* the HqRow or HqOp */
    const HqRow *row;   /* the row; NULL for an op */
    uint64_t first_bar; /* absolute index of the first bar it has seen; 0 for pure ones */
    double params[HQ_MAX_PARAMS];
    uint32_t in[HQ_MAX_INPUTS];
    uint32_t n_params;
    uint32_t n_inputs;
    uint32_t n_slots;   /* outputs and memory */
    size_t state_bytes;
} HqNodeKey;

typedef struct HqSlot {
    bool is_constant;
    bool is_bounded; /* within HQ_VALUE_MAX: no row's arithmetic over it can overflow */
    bool is_steady;  /* while bars are valid: within HQ_VALUE_MAX, and known at every bar to come */
    bool is_memory;  /* its node's alone: a block has no column of it, and nobody else may read it */
    double constant;
} HqSlot;

typedef struct HqGraph {
    double *line;      /* the newest bar's; HqNewest lends where this pointer is: it never moves */
    const HqNode *chain; /* what is stepped: the nodes, or what hq_graph_settle() has made of them */
    HqNode *nodes;     /* the end of the chain follows the last; behind nodes_cap as many places more, for settle.c */
    uint32_t n_nodes;
    double *last_line;   /* where lines end */
    bool started;        /* a bar has been pushed */
    bool is_settled;     /* hq_graph_settle() has nothing left to do */
    uint32_t n_lines;    /* besides line 0 */
    uint32_t stride;     /* doubles from one line to the next */
    uint32_t n_slots;
    double *lines;       /* n_lines + 1 of them; the first is of the bar before the first */
    HqSlot *slots;       /* what is known of each */
    HqNodeKey *keys;     /* one a node, off the hot path */
    uint32_t *hashes;    /* of the keys */
    uint32_t nodes_cap;
    uint64_t first_bar;  /* of the nodes that are added */
    size_t state_bytes;
} HqGraph;

/** An empty graph: the fields' slots and no nodes. On failure nothing is allocated. */
HqStatus hq_graph_init(HqGraph *graph, uint64_t first_bar);

/** The same for bars from 0 that come in blocks (graph/block.h): quickly made. */
HqStatus hq_graph_init_for_blocks(HqGraph *graph);

void hq_graph_destroy(HqGraph *graph);

/** A slot that always holds `value`. HQ_NO_SLOT on failure (HQ_ENOMEM). */
uint32_t hq_graph_constant(HqGraph *graph, double value);

/** A slot that the caller writes before each push or peek. HQ_NO_SLOT on failure. */
uint32_t hq_graph_external(HqGraph *graph);

/** The slot of a pure operation. HQ_NO_SLOT on failure. */
uint32_t hq_graph_op(HqGraph *graph, const HqOp *op, const uint32_t *in);

/**
 * The first output's slot of an indicator; the parts it is built on are added first.
 * Parameters have been checked. HQ_NO_SLOT on failure (HQ_ENOMEM, HQ_ELIMIT).
 */
uint32_t hq_graph_indicator(HqGraph *graph, const HqRow *row, const uint32_t *in,
                            const double *params);

/**
 * Move the nodes of a graph that has seen the same bars into this one, in the state they are in.
 * Nodes that this graph has already stay as they are.
 * @param map  room for fresh->n_slots entries: where each of fresh's slots is now.
 * @return HQ_OK; or HQ_ENOMEM or HQ_ELIMIT, and neither graph has changed.
 * After HQ_OK `fresh` is only good for hq_graph_destroy().
 */
HqStatus hq_graph_adopt(HqGraph *graph, HqGraph *fresh, uint32_t *map);

/**
 * The part of hq_graph_adopt() that can fail, for a caller that adopts into several graphs or none:
 * room for everything of `fresh`. HQ_OK, HQ_ENOMEM or HQ_ELIMIT; nothing that shows has changed.
 */
HqStatus hq_graph_reserve(HqGraph *graph, const HqGraph *fresh);

/**
 * The rest of hq_graph_adopt(). Between hq_graph_reserve() and here the caller may have added as
 * many externals as `fresh` has; where those are now stands in `map` already.
 */
void hq_graph_merge(HqGraph *graph, HqGraph *fresh, uint32_t *map);

/**
 * Leave out the nodes, constants and externals that nothing reads any more.
 * @param[in,out] is_read  n_slots entries: the slots that somebody outside reads; what those are
 *                         computed from is marked too.
 * @param[out] map         n_slots entries: where each slot is now, HQ_NO_SLOT where it is gone.
 * @return HQ_OK; or HQ_ENOMEM, and the graph has not changed. Only the newest line and the one
 *         before it keep their values.
 */
HqStatus hq_graph_compact(HqGraph *graph, bool *is_read, uint32_t *map);

/** hq_graph_external() that begins with what a slot of `fresh` holds; room has been reserved. */
uint32_t hq_graph_adopt_external(HqGraph *graph, const HqGraph *fresh, uint32_t slot);

/* -------------------------------------------------------------------- save.c */

/** Write everything that hq_graph_load() needs to go on. HQ_OK, or HQ_EUNSUPPORTED for a row that no table holds. */
HqStatus hq_graph_save(const HqGraph *graph, HqWriter *writer);

/**
 * As hq_graph_init(), with what hq_graph_save() wrote. Whatever the bytes are, a graph that is given
 * back can be stepped: every place is checked.
 * @return HQ_OK, HQ_ESNAPSHOT, HQ_ENOMEM; on failure nothing is allocated.
 */
HqStatus hq_graph_load(HqGraph *graph, HqReader *reader);

/** For hq_graph_load(): an empty graph takes slots up to `n_slots`, unknown in every line. */
HqStatus hq_graph_take_up_to(HqGraph *graph, uint32_t n_slots);

/** For hq_graph_load(): room for one node more, behind the last. */
HqStatus hq_graph_reserve_node(HqGraph *graph);

/** For hq_graph_load(): a node over slots that are there already. Takes node->state over. */
void hq_graph_append(HqGraph *graph, const HqNodeKey *key, const HqNode *node);

/** Whether there are `count` slots from this one on that callers and other nodes may read: none is a node's memory. */
bool hq_graph_shows(const HqGraph *graph, uint32_t slot, uint32_t count);

/** How many slots a node writes that others may read. */
uint32_t hq_node_outputs(const HqNodeKey *key);

/** The slot of a twin's value that a node writes, or HQ_NO_SLOT. */
uint32_t hq_node_twin(const HqNode *node, const HqNodeKey *key);

/** Whether a node reads a slot. */
bool hq_graph_reads(const HqGraph *graph, uint32_t slot);

/** What follows the last node, where steps are chained: it does nothing. */
HqNode hq_graph_chain_end(void);

/** Copy the last line to the front and go on from there. */
void hq_graph_wrap(HqGraph *graph);

/* ------------------------------------------------------------------ settle.c */

/**
 * The newest line is final, and every bar to come is valid: from here on, nodes whose inputs are sure to
 * be known and whose averages are seeded take the steps of the steady path (HqChains), and composites
 * those that join their parts' (HqJoined). The nodes themselves stay as they are.
 */
void hq_graph_settle(HqGraph *graph);

/** Nodes have come or moved: they are stepped as they are until hq_graph_settle(). */
static inline void hq_graph_unsettle(HqGraph *graph)
{
    graph->chain = graph->nodes;
    graph->is_settled = false;
}

/** The newest line's value of a slot. */
static inline double hq_graph_value(const HqGraph *graph, uint32_t slot)
{
    return graph->line[slot];
}

/** Of the newest bar's line; 0 before the first bar. */
static inline uint32_t hq_graph_line_index(const HqGraph *graph)
{
    return (uint32_t)((size_t)(graph->line - graph->lines) / graph->stride);
}

/** True when the next push starts over at the front, so that older lines are lost. */
static inline bool hq_graph_is_last_line(const HqGraph *graph)
{
    return graph->line == graph->last_line;
}

/** hq_graph_next_line() where there is one. */
static inline double *hq_graph_take_line(HqGraph *graph)
{
    return graph->line += graph->stride;
}

/** Begin a new bar: what was the newest line is final from now on. The caller then fills it. */
static inline void hq_graph_next_line(HqGraph *graph)
{
    if (hq_graph_is_last_line(graph))
        hq_graph_wrap(graph);
    hq_graph_take_line(graph);
}

/** Write the fields of a bar into its line. */
static inline void hq_line_set_bar(double *line, const Bar *bar)
{
    hq_put_two(line + HQ_FIELD_OPEN, bar->open, bar->high);
    hq_put_two(line + HQ_FIELD_LOW, bar->low, bar->close);
    hq_put_two(line + HQ_FIELD_VOLUME, bar->volume, bar->buy_volume);
    line[HQ_SLOT_TIME] = (double)bar->timestamp;
}

/** hq_line_set_bar() of the newest bar. */
static inline void hq_graph_set_bar(HqGraph *graph, const Bar *bar)
{
    hq_line_set_bar(graph->line, bar);
}

/** The newest line's inputs have been replaced: recompute it, without moving on. */
static inline void hq_graph_peek(HqGraph *graph)
{
    double *line = graph->line, *before = line - graph->stride;
    const HqNode *node = graph->chain, *end = node + graph->n_nodes;
    do
        node->peek(node, line, before);
    while (!HQ_IS_CHAINED && (node += 1 + node->joins) < end);
}

/** hq_graph_push() of a graph that is started, whose newest lines are these. */
static inline void hq_graph_step(HqGraph *graph, double *line, double *before)
{
    const HqNode *node = graph->chain, *end = node + graph->n_nodes;
    do
        node->push(node, line, before); /* and with it those behind it, where they are a chain */
    while (!HQ_IS_CHAINED && (node += 1 + node->joins) < end);
}

/** The newest line is new and its inputs are there: compute it. */
static inline void hq_graph_push(HqGraph *graph)
{
    if (graph->started) {
        hq_graph_step(graph, graph->line, graph->line - graph->stride);
        return;
    }
    graph->started = true;
    hq_graph_peek(graph); /* there is no bar before that could become final */
}

#endif
