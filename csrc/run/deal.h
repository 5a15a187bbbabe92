/*
 * How a sweep's combinations are dealt to its tiles.
 *
 * A grid comes as it is written: hands, in which one parameter runs through its values while the others
 * stand still. What is computed of one parameter is shared by all combinations of a tile that have its
 * value, so a tile is best as near to a square as the grid and the threads allow: it has every so
 * many-th hand, and of each every so many-th combination. That also gives each tile as many short lengths,
 * which trade more than long ones, as any other: threads are done together. A list that is no grid is cut
 * as it comes.
 */
#ifndef HQ_RUN_DEAL_H
#define HQ_RUN_DEAL_H

#include <stdbool.h>

#include "hquant/sweep.h"

typedef struct HqDeal {
    size_t hands;     /* of the grid */
    size_t hand_size; /* combinations of each */
    size_t rows;      /* of tiles: parts that the hands are dealt into */
    size_t columns;   /* and parts that each hand is dealt into */
    bool is_list;     /* no grid but one hand, which is cut in place of dealt */
} HqDeal;

/** For some threads, into tiles of at most `most` combinations. */
HqDeal hq_deal_of(const HqSweep *sweep, size_t threads, size_t most);

static inline size_t hq_deal_tiles(const HqDeal *deal) { return deal->rows * deal->columns; }

/** How many combinations a tile has, at least one. */
size_t hq_deal_size(const HqDeal *deal, size_t tile);

/** Its i-th combination. Each combination is of one tile. */
size_t hq_deal_at(const HqDeal *deal, size_t tile, size_t i);

#endif
