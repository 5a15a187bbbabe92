/* A curve by the day. */
#include "metrics/days.h"

size_t hq_days_most(const HqTimes *times)
{
    size_t n = times->count;
    uint64_t days = (uint64_t)(hq_day_of(times->time[n - 1]) - hq_day_of(times->time[0])) + 1;
    return days < n ? (size_t)days : n;
}

size_t hq_days_closes(const HqTimes *times, const double *level, size_t most, double *closes)
{
    size_t days = 0, length = 1; /* of the day before: most are as long */
    for (size_t i = 0, begin = 0; i < times->count && days < most; days++, length = i - begin, begin = i) {
        i = hq_day_end(times, i, length);
        closes[days] = level[i - 1];
    }
    return days;
}
