/* A curve by the day: a UTC day's close is its last level. */
#ifndef HQ_METRICS_DAYS_H
#define HQ_METRICS_DAYS_H

#include "metrics/times.h"

#define HQ_DAY_MS ((int64_t)86400000)

/** Days since 1970. */
static inline int64_t hq_day_of(int64_t time) { return time / HQ_DAY_MS - (time % HQ_DAY_MS < 0); }

/** The step behind those of step i's day, which mostly has `length` from there on. */
static inline size_t hq_day_end(const HqTimes *times, size_t i, size_t length)
{
    int64_t end = (hq_day_of(hq_time_at(times, i)) + 1) * HQ_DAY_MS;
    return hq_first_at_guess(times, i + 1, end, i + length);
}

/** As many days as steps at these times can lie on, of which there is at least one. */
size_t hq_days_most(const HqTimes *times);

/**
 * Write the close of each day, of at most hq_days_most(), which was asked before: times that somebody changes
 * meanwhile must not have more. Answers how many.
 */
size_t hq_days_closes(const HqTimes *times, const double *level, size_t most, double *closes);

#endif
