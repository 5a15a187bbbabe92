/* Times of steps, in ms, not falling; of most curves they are evenly apart. */
#ifndef HQ_METRICS_TIMES_H
#define HQ_METRICS_TIMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/wide.h"

/** Beyond, or before it with the other sign, differences of times would not be times. */
#define HQ_TIME_MOST (INT64_MAX / 4)

typedef struct HqTimes {
    const int64_t *time;
    size_t count;
    int64_t step;  /* from each to the next, > 0; 0 where that is not the same for all */
    size_t seen;   /* times that have been looked at */
    int64_t least; /* of their steps */
    bool are_none; /* one of them falls or is beyond HQ_TIME_MOST */
} HqTimes;

/**
 * hq_times_look(time, n, least): whether none falls, and the least step, which may have wrapped where
 * one does; INT64_MAX below two.
 */
HQ_WIDE_DECLARE(bool, hq_times_look, (const int64_t *time, size_t n, int64_t *least));

/** n times, none of which has been looked at. */
HqTimes hq_times_begin(const int64_t *time, size_t n);

/** Look at the times up to `end`: whether none so far falls or is beyond HQ_TIME_MOST. */
bool hq_times_look_to(HqTimes *times, size_t end);

/** All have been looked at: places among them can be asked for. */
void hq_times_end(HqTimes *times);

/** Time i: reckoned where it can be, because to look far away takes longer. */
static inline int64_t hq_time_at(const HqTimes *times, size_t i)
{
    return times->step > 0 ? times->time[0] + (int64_t)i * times->step : times->time[i];
}

/**
 * The first place from `from` on whose time is at least `at`: looked for near `from` first, so that
 * many places in their order cost little each.
 */
size_t hq_first_at(const HqTimes *times, size_t from, int64_t at);

/** The same, where it mostly is known: the place is `guess` if there it can be. */
size_t hq_first_at_guess(const HqTimes *times, size_t from, int64_t at, uint64_t guess);

#endif
