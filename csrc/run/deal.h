/*
 * How a sweep's combinations are dealt to its tiles.
 *
 * A grid comes as it is written: hands, in which one parameter runs through its values while the others
 * stand still. What is computed of one parameter is shared by all combinations of a tile that have its
 * value, so a tile is best as wide as it is high: it has every so many-th hand, and of each every so
 * many-th combination. That also gives each tile as many short lengths, which trade more than long ones, as
 * any other: threads are done together. A list that is no grid is cut as it comes.
 */
#ifndef HQ_RUN_DEAL_H
#define HQ_RUN_DEAL_H

#include <stdbool.h>

#include "hquant/sweep.h"

typedef struct HqDeal {
    size_t hands, hand;   /* how many there are, and combinations of one */
    size_t rows, columns; /* tiles: into how many parts hands are dealt, and each hand */
    bool is_list;         /* one hand, cut into pieces in place of dealt */
} HqDeal;

/** For some threads, into tiles of at most `most` combinations. */
HqDeal hq_deal_of(const HqSweep *sweep, size_t threads, size_t most);

static inline size_t hq_deal_tiles(const HqDeal *deal) { return deal->rows * deal->columns; }

/** How many combinations a tile has, at least one. */
size_t hq_deal_size(const HqDeal *deal, size_t tile);

/** Its i-th combination. Each combination is of one tile. */
size_t hq_deal_at(const HqDeal *deal, size_t tile, size_t i);

#endif
