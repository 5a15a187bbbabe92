/* What a tile is made of, and where its columns stand. Inside run/tile*.c only. */
#ifndef HQ_RUN_TILE_LAYOUT_H
#define HQ_RUN_TILE_LAYOUT_H

#include "graph/block.h"
#include "run/sweep.h"
#include "run/team.h"

/* A combination. */
typedef struct HqTileLane {
    size_t combination;
    HqLane run;
    HqConditions conditions;
    uint32_t first_node, end_node; /* nodes that no lane before it had */
    uint32_t first_constant, end_constant; /* of the tile's list: those that it alone reads */
    uint64_t warmup;
    bool is_warm;
} HqTileLane;

typedef struct HqTile {
    HqSweepJob *job;
    const HqBars *bars;
    HqGraph graph;
    HqBlock block;
    bool has_time; /* a node reads the bars' times */
    uint32_t *constants; /* slots of those that one lane alone reads, lane after lane */
    double *ranges; /* of the block: least and most prices, and a lane's equity, with room to move in */
    HqTileLane *lanes;
    size_t n_lanes;
    HqTeam *teams; /* of HQ_ACCOUNTS lanes each, but for the last */
    size_t n_teams;
    HqTeamRoom room; /* of the team that runs */
    size_t taken; /* combinations: those that run and those that are refused */
} HqTile;

/** Give the columns of all lanes their places, and what a block needs its room. HQ_OK, HQ_ENOMEM. */
HqStatus hq_tile_lay_out(HqTile *tile);

#endif
