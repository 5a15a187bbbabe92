/* A curve, taken in blocks: its returns first, then what needs their mean. */
#include "metrics/curve.h"

#include "metrics/checks.h"
#include "metrics/days.h"

/* A curve and where its returns begin: at step 0 when there is an equity before it, else at 1. */
typedef struct Source {
    const HqMetricsInput *in;
    const double *level;
    bool checks;
    double start;
    size_t first;
} Source;

static double level_before(const Source *source, size_t i)
{
    return i > 0 ? source->level[i - 1] : source->start;
}

/* The returns of steps i .. i + n - 1, in `room` when they are not given. */
static const double *returns_at(const Source *source, size_t i, size_t n, double *room)
{
    if (source->in->returns)
        return source->in->returns + i;
    hq_returns_of(level_before(source, i), source->level + i, n, room);
    return room;
}

static size_t block_at(size_t i, size_t n)
{
    return n - i < HQ_STEPS_BLOCK ? n - i : HQ_STEPS_BLOCK;
}

/* Whether equities are finite, not negative, and nothing comes after a 0. */
static bool are_good(const double *level, size_t i, size_t n)
{
    bool comes_back = i > 0 && level[i - 1] == 0 && level[i] != 0;
    return !comes_back && HQ_WIDE_CHOOSE(hq_find_bad_equity)(level + i, n) == n;
}

/* Sums of bad ones are thrown away: a block is taken first and checked then, when memory has brought it. */
static bool take_levels(HqReturns *returns, const Source *source)
{
    for (size_t i = 0, n, length = source->in->length; i < length; i += n) {
        n = block_at(i, length);
        hq_returns_push(returns, source->level + i, n);
        if (source->checks && !are_good(source->level, i, n))
            return false;
    }
    return true;
}

static bool take_returns(HqCurve *c, Source *source)
{
    const HqMetricsInput *in = source->in;
    hq_returns_begin(&c->returns, in->returns ? 1 : in->initial);
    if (in->returns)
        hq_returns_push_known(&c->returns, in->returns, source->level, in->length);
    else if (!take_levels(&c->returns, source))
        return false;
    source->start = c->returns.start;
    source->first = in->length - (size_t)hq_returns_count(&c->returns);
    return source->start > 0 || !source->checks;
}

static bool take_steps(HqCurve *c, const Source *source, HqTimes *times)
{
    const HqMetricsInput *in = source->in;
    c->steps = hq_steps_begin(hq_moments_mean(&c->returns.moments),
                              hq_risk_free_step(in->risk_free, in->periods_per_year));
    c->falls = hq_falls_begin(source->start, in->time[0]);
    if (!hq_times_look_to(times, source->first) && source->checks)
        return false;
    for (size_t i = source->first, n; i < in->length; i += n) {
        n = block_at(i, in->length);
        if (in->returns)
            hq_steps_push(&c->steps, in->returns + i, n);
        else
            hq_steps_push_levels(&c->steps, level_before(source, i), source->level + i, n);
        hq_falls_push(&c->falls, in->time + i, source->level + i, n);
        if (!hq_times_look_to(times, i + n) && source->checks)
            return false;
    }
    hq_times_end(times);
    hq_falls_end(&c->falls, in->time[in->length - 1]);
    return true;
}

static void take_benchmark(HqCurve *c, const Source *source)
{
    const HqMetricsInput *in = source->in;
    double room[HQ_STEPS_BLOCK];
    hq_benchmark_begin(&c->benchmark);
    for (int again = 0; in->benchmark && again < 2; again++)
        for (size_t i = 1, n; i < in->length; i += n) {
            n = block_at(i, in->length);
            const double *ret = returns_at(source, i, n, room);
            if (again)
                hq_benchmark_push_again(&c->benchmark, ret, in->benchmark + i, n);
            else
                hq_benchmark_push(&c->benchmark, ret, in->benchmark + i, n);
        }
}

bool hq_curve_take(HqCurve *c, const HqMetricsInput *in, bool checks, const double *level, HqTimes *times)
{
    Source source = {.in = in, .level = level, .checks = checks};
    if (!take_returns(c, &source) || !take_steps(c, &source, times))
        return false;
    take_benchmark(c, &source);
    return true;
}

void hq_curve_take_days(HqCurve *c, const double *level, const HqTimes *times, size_t most, double *closes,
                        double *daily)
{
    size_t before = hq_returns_count(&c->returns) == times->count; /* the start is a close of its own */
    closes[0] = c->returns.start;
    size_t n = before + hq_days_closes(times, level, most, closes + before) - 1;
    hq_returns_of(closes[0], closes + 1, n, daily);
    c->daily = (HqDaily){.first = closes[0], .last = closes[n], .steps = hq_steps_begin((HqPair){0, 0}, 0)};
    hq_moments_begin(&c->daily.returns);
    hq_moments_push(&c->daily.returns, daily, n);
    for (size_t i = 0; i < n; i += HQ_STEPS_BLOCK)
        hq_steps_push(&c->daily.steps, daily + i, block_at(i, n));
}
