/* A curve by the day. */
#include "metrics/days.h"

static const int64_t DAY_MS = 86400000;

static int64_t day_of(int64_t time) { return time / DAY_MS - (time % DAY_MS < 0); }

size_t hq_days_most(const int64_t *time, size_t n)
{
    uint64_t days = (uint64_t)(day_of(time[n - 1]) - day_of(time[0])) + 1;
    return days < n ? (size_t)days : n;
}

size_t hq_first_at(const int64_t *time, size_t n, size_t from, int64_t at)
{
    size_t low = from, stride = 1; /* all before `low` are earlier */
    while (low < n && stride <= n - low && time[low + stride - 1] < at) {
        low += stride;
        stride *= 2;
    }
    size_t high = stride <= n - low ? low + stride - 1 : n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (time[middle] < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t hq_days_closes(const int64_t *time, const double *level, size_t n, double *closes)
{
    size_t days = 0;
    for (size_t i = 0; i < n; days++) {
        int64_t end = (day_of(time[i]) + 1) * DAY_MS;
        i++;
        if (i < n && time[i] < end) /* not of daily steps */
            i = hq_first_at(time, n, i, end);
        closes[days] = level[i - 1];
    }
    return days;
}
