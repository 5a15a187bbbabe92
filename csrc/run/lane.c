#include "run/lane.h"

HqStatus hq_lane_run(HqLane *lane, const HqStretch *bars, const HqHits *hits, double *equity)
{
    HqStretch stretch = *bars;
    size_t n = bars->end - bars->begin;
    uint64_t fills = lane->exec.records.counts.fills;
    bool was_flat = !(hq_account_held(&lane->exec.account) > 0);
    stretch.hits = hits;
    stretch.intents = &lane->intents;
    HqStatus status = hq_stretch_run(&stretch, &lane->exec, NULL, equity);
    if (status != HQ_OK)
        return status;
    if (was_flat && lane->exec.records.counts.fills == fills) /* equity stood still */
        hq_returns_skip(&lane->returns, n);
    else
        hq_returns_push(&lane->returns, equity, n);
    return HQ_OK;
}
