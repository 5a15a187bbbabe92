/* A curve by the day: a UTC day's close is its last level. */
#ifndef HQ_METRICS_DAYS_H
#define HQ_METRICS_DAYS_H

#include "metrics/times.h"

/** As many days as steps at these times can lie on, of which there is at least one. */
size_t hq_days_most(const HqTimes *times);

/** Write the close of each day. Answers how many. */
size_t hq_days_closes(const HqTimes *times, const double *level, double *closes);

#endif
