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
    double **column;  /* by slot: where its values of the block stand; NULL for memory. The others
                       * up to `scratch` follow it */
    double **to;      /* by slot that a node fills, all NULL at first: where a caller wants the values of the
                       * block at hand, past the caches; NULL again once they are sent there */
    bool *is_written; /* by slot: it has a column that a node fills */
    bool *is_left_out; /* by node, all false at first: it is not run, its column and its line are nobody's */
    double *after;    /* by slot of a node: its value on the last bar of the block */
    double *own;      /* the columns that are not a caller's */
    double *own_end;
    double *room;     /* the memory of own columns, which begin at its first cache line */
    double *scratch;  /* a line of the widest node */
    struct HqGang *gang; /* how its nodes run (graph/gang.h) */
    size_t to_come;   /* bars that follow those of the block in a caller's columns, which are fetched meanwhile:
                       * the caller's to set, before each; 0: none are, as of a sweep, where combinations share them */
    bool is_first;    /* this block begins with the very first bar */
} HqBlock;

/** Columns for a graph that is complete: nothing may be added to it any more. HQ_OK, HQ_ENOMEM. */
HqStatus hq_block_init(HqBlock *block, HqGraph *graph, size_t capacity);

/** Of a slot that has no column of its own: it is led to one, or nobody reads it. */
#define HQ_NO_PLACE UINT32_MAX

/**
 * The same, where some nodes share columns: `place` says by slot which of `n_places` columns it has, or
 * HQ_NO_PLACE; slots of memory are not asked about. Nodes that share one are run, and read, one after
 * another.
 */
HqStatus hq_block_init_shared(HqBlock *block, HqGraph *graph, size_t capacity,
                              const uint32_t *place, size_t n_places);

void hq_block_destroy(HqBlock *block);

/** A capacity that keeps a graph's columns in the second-level cache. */
size_t hq_block_capacity(const HqGraph *graph);

/**
 * Push n bars, 1..capacity of them. Before it, the columns of the bar's slots and of externals are
 * filled, or led to a caller's; a column that a node fills may be led to a caller's, too. After it
 * every slot's values stand in its column, and the newest line is the last bar's.
 */
void hq_block_run(HqBlock *block, size_t n);

/** What was sent to a caller's columns stands there. */
void hq_block_finish(HqBlock *block);

/* The same in parts: begin, then every node once, in the graph's order, then end. */
void hq_block_begin(HqBlock *block);
void hq_block_run_nodes(HqBlock *block, size_t n, uint32_t first, uint32_t end);
void hq_block_end(HqBlock *block, size_t n);

/** The values of a slot that is not a node's have been seen to be within HQ_VALUE_MAX, of the block that
 * is to be run next. */
void hq_block_note_bounded(HqBlock *block, uint32_t slot);

/** Values of a slot over the block that has just been run, or a copy of them, as callers see them:
 * what is not finite is unknown (hq_known()). */
void hq_block_make_known(const HqBlock *block, uint32_t slot, double *values, size_t n);

static inline bool hq_block_owns(const HqBlock *block, const double *column)
{
    return column >= block->own && column < block->own_end;
}

/** The slots that a node writes and others may read: *first.. first + count - 1, and a twin or HQ_NO_SLOT. */
uint32_t hq_block_outputs(const HqGraph *graph, uint32_t node, uint32_t *first, uint32_t *twin);

#endif
