/* Places among times. */
#include "metrics/times.h"

HqTimes hq_times_begin(const int64_t *time, size_t n)
{
    return (HqTimes){.time = time, .count = n, .least = INT64_MAX};
}

bool hq_times_look_to(HqTimes *times, size_t end)
{
    if (times->are_none || end <= times->seen)
        return !times->are_none;
    const int64_t *time = times->time;
    size_t from = times->seen > 0 ? times->seen - 1 : 0; /* the step from the last one counts, too */
    int64_t least;
    bool none_falls = HQ_WIDE_CHOOSE(hq_times_look)(time + from, end - from, &least);
    times->least = least < times->least ? least : times->least;
    times->seen = end;
    times->are_none = !none_falls || time[0] < -HQ_TIME_MOST || time[end - 1] > HQ_TIME_MOST;
    return !times->are_none;
}

void hq_times_end(HqTimes *times)
{
    size_t steps = times->count > 0 ? times->count - 1 : 0;
    if (steps == 0)
        return;
    uint64_t span = (uint64_t)times->time[steps] - (uint64_t)times->time[0];
    bool is_even = span % steps == 0 && span / steps == (uint64_t)times->least;
    times->step = is_even ? times->least : 0;
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
