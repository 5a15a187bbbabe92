/*
 * A graph over a block of bars at a time: a column a slot, a loop a node. The values and the state
 * that it leaves are those of pushing the bars one by one, to the bit.
 */
#ifndef HQ_GRAPH_BLOCK_H
#define HQ_GRAPH_BLOCK_H

#include "graph/graph.h"

typedef struct HqBlock {
    HqGraph *graph;
    size_t capacity;  /* bars that one block may have */
    double **column;  /* by slot: where its values of the block stand; NULL for memory */
    bool *is_written; /* by slot: it has a column that a node fills */
    double *memory;   /* by slot: what a node remembers after its last bar */
    double *own;      /* the columns that are not a caller's */
    double *scratch;  /* two lines of the widest node */
} HqBlock;

/** Columns for a graph that is complete: nothing may be added to it any more. HQ_OK, HQ_ENOMEM. */
HqStatus hq_block_init(HqBlock *block, HqGraph *graph, size_t capacity);

void hq_block_destroy(HqBlock *block);

/** A capacity that keeps a graph's columns in the second-level cache. */
size_t hq_block_capacity(const HqGraph *graph);

/**
 * Push n bars, 1..capacity of them. Before it, the columns of the bar's slots and of externals are
 * filled, or led to a caller's; a column that a node fills may be led to a caller's, too. After it
 * every slot's values stand in its column, and the newest line is the last bar's.
 */
void hq_block_run(HqBlock *block, size_t n);

#endif
