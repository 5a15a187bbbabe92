/*
 * A stretch of one symbol's bars, run from event to event: the bars on which nothing happens pass
 * together, the others take the phases of a bar. Single runs and sweeps both run so.
 */
#ifndef HQ_RUN_STRETCH_H
#define HQ_RUN_STRETCH_H

#include "run/intent.h"

typedef struct HqStretch {
    const HqBars *bars;
    size_t begin, end;        /* bars of the stretch; all of them can be traded */
    HqPrices prices;          /* of its bars */
    const HqHits *hits;       /* of a program; NULL without one */
    const int8_t *given;      /* the caller's, by bar; NULL without them */
    const HqIntents *intents;
} HqStretch;

/** Prices of the bars begin..end-1, with room for the least and the most of each bar's four. */
HqPrices hq_stretch_prices(const HqBars *bars, size_t begin, size_t end, double *low, double *high);

/**
 * Run it.
 * @param output  curves and actions are written; may be NULL.
 * @param equity  room for a value a bar of the stretch: at its close.
 * @return HQ_OK, HQ_EINVAL (a funding rate is missing).
 */
HqStatus hq_stretch_run(const HqStretch *stretch, HqExec *exec, HqBacktestOutput *output,
                        double *equity);

#endif
