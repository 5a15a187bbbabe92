/* Places among times. */
#include "metrics/times.h"

bool hq_times_of(HqTimes *times, const int64_t *time, size_t n)
{
    int64_t least;
    bool none_falls = HQ_WIDE_CHOOSE(hq_times_look)(time, n, &least);
    *times = (HqTimes){.time = time, .count = n};
    if (none_falls && n > 1 && least > 0) {
        uint64_t span = (uint64_t)time[n - 1] - (uint64_t)time[0];
        bool is_even = span % (n - 1) == 0 && span / (n - 1) == (uint64_t)least;
        times->step = is_even ? least : 0;
    }
    return none_falls;
}

size_t hq_first_at(const HqTimes *times, size_t from, int64_t at)
{
    size_t n = times->count, low = from, stride = 1; /* all before `low` are earlier */
    while (low < n && stride <= n - low && hq_time_at(times, low + stride - 1) < at) {
        low += stride;
        stride *= 2;
    }
    size_t high = stride <= n - low ? low + stride - 1 : n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (hq_time_at(times, middle) < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t hq_first_at_guess(const HqTimes *times, size_t from, int64_t at, uint64_t guess)
{
    bool there = guess < times->count && hq_time_at(times, (size_t)guess) >= at &&
                 (guess == 0 || hq_time_at(times, (size_t)guess - 1) < at);
    return there ? (size_t)guess : hq_first_at(times, from, at);
}
