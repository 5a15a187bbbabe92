/* A curve by the day: a UTC day's close is its last level. */
#ifndef HQ_METRICS_DAYS_H
#define HQ_METRICS_DAYS_H

#include <stddef.h>
#include <stdint.h>

/** As many days as steps at these times can lie on, n of them, at least one. */
size_t hq_days_most(const int64_t *time, size_t n);

/** Write the close of each day. Answers how many. */
size_t hq_days_closes(const int64_t *time, const double *level, size_t n, double *closes);

/**
 * The first place from `from` on whose time is at least `at`: looked for near `from` first, so that
 * many places in their order cost little each.
 */
size_t hq_first_at(const int64_t *time, size_t n, size_t from, int64_t at);

#endif
