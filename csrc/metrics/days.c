/* A curve by the day. */
#include "metrics/days.h"

static const int64_t DAY_MS = 86400000;

static int64_t day_of(int64_t time) { return time / DAY_MS - (time % DAY_MS < 0); }

size_t hq_days_most(const HqTimes *times)
{
    size_t n = times->count;
    uint64_t days = (uint64_t)(day_of(times->time[n - 1]) - day_of(times->time[0])) + 1;
    return days < n ? (size_t)days : n;
}

size_t hq_days_closes(const HqTimes *times, const double *level, double *closes)
{
    size_t days = 0, length = 1; /* of the day before: most are as long */
    for (size_t i = 0, begin = 0; i < times->count; days++, length = i - begin, begin = i) {
        int64_t end = (day_of(hq_time_at(times, i)) + 1) * DAY_MS;
        i = hq_first_at_guess(times, i + 1, end, i + length);
        closes[days] = level[i - 1];
    }
    return days;
}
