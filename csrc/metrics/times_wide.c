/* How far apart times are, over a whole column. */
#include "metrics/times.h"

bool HQ_WIDE(hq_times_look)(const int64_t *time, size_t n, int64_t *least)
{
    int64_t shortest = INT64_MAX, falls = 0;
    for (size_t i = 1; i < n; i++) {
        int64_t step = (int64_t)((uint64_t)time[i] - (uint64_t)time[i - 1]);
        shortest = step < shortest ? step : shortest;
        falls |= time[i] < time[i - 1];
    }
    *least = shortest;
    return !falls;
}
