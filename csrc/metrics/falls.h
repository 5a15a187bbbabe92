/* How long a curve stays below its peaks, and how far. */
#ifndef HQ_METRICS_FALLS_H
#define HQ_METRICS_FALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/wide.h"
#include "base/sum.h"

typedef struct HqFalls {
    double peak;
    int64_t peak_time; /* of its last step */
    uint64_t peak_step;
    uint64_t steps; /* number of the next step; the start is 0 */
    bool under;     /* below the peak now */
    HqSum squares;  /* of (equity - peak) / peak */
    int64_t longest_ms;
    uint64_t longest_steps;
} HqFalls;

/** From a start, before the first step. */
HqFalls hq_falls_begin(double start, int64_t time);

/** A block of at most HQ_STEPS_BLOCK steps. */
HQ_WIDE_DECLARE(void, hq_falls_push,
                (HqFalls *falls, const int64_t *time, const double *level, size_t n));
static inline void hq_falls_push(HqFalls *falls, const int64_t *time, const double *level, size_t n)
{
    HQ_WIDE_CHOOSE(hq_falls_push)(falls, time, level, n);
}

/** After the last step, which was at `time`. */
void hq_falls_end(HqFalls *falls, int64_t time);

/** A fall that began at the last peak has lasted until this step. Times are not checked yet: they may wrap. */
static inline void hq_falls_note(HqFalls *falls, uint64_t step, int64_t time)
{
    int64_t length = (int64_t)((uint64_t)time - (uint64_t)falls->peak_time);
    if (length > falls->longest_ms)
        falls->longest_ms = length;
    if (step - falls->peak_step > falls->longest_steps)
        falls->longest_steps = step - falls->peak_step;
}

#endif
