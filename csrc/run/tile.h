/*
 * A tile: combinations that run side by side over one graph, so that what they have in common is
 * computed once. Bars go by in blocks; accounts stand in teams (team.h), returns and rules are each one's own.
 */
#ifndef HQ_RUN_TILE_H
#define HQ_RUN_TILE_H

#include "run/sweep.h"

/** Whether a sweep's combinations can run side by side: one symbol, its own bars alone, rows alone. */
bool hq_tile_takes(const HqSweep *sweep, const HqSweepOutput *output);

/**
 * Run the combinations of a tile (deal.h) and write their rows. `reports`: this is the calling thread.
 * HQ_OK, HQ_ENOMEM, HQ_EINVAL (a funding rate), HQ_ECANCELLED; what cannot be run is a row that says so.
 */
HqStatus hq_tile_run(HqSweepJob *job, size_t tile, bool reports);

#endif
