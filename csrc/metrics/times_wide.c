/* How far apart times are, over a whole column. */
#include "metrics/times.h"

static bool none_falls(const int64_t *time, size_t n)
{
    int64_t falls = 0;
    for (size_t i = 1; i < n; i++)
        falls |= time[i] < time[i - 1];
    return !falls;
}

/* Of times within a quarter of all there are no step can wrap: the least one tells then whether one falls. */
bool HQ_WIDE(hq_times_look)(const int64_t *time, size_t n, int64_t *least)
{
    const uint64_t top = (uint64_t)1 << 63;
    int64_t shortest = INT64_MAX;
    uint64_t far = n > 0 ? (uint64_t)time[0] ^ (uint64_t)time[0] << 1 : 0;
    for (size_t i = 1; i < n; i++) {
        uint64_t now = (uint64_t)time[i];
        int64_t step = (int64_t)(now - (uint64_t)time[i - 1]);
        shortest = step < shortest ? step : shortest;
        far |= now ^ now << 1;
    }
    *least = shortest;
    return far & top ? none_falls(time, n) : shortest >= 0;
}
