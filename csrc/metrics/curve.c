/* A curve, taken in blocks: all of it in one pass, but what cannot do without the mean of its returns. */
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

/* Take a block's returns, which are written to `room` when they are not given. Answers how many there are:
 * one less than steps where the first is the start. */
static size_t take_returns(HqCurve *c, const Source *source, size_t i, size_t n, double *room)
{
    const HqMetricsInput *in = source->in;
    if (!in->returns)
        return hq_returns_push_to(&c->returns, source->level + i, n, room);
    hq_returns_push_known(&c->returns, in->returns + i, source->level + i, n);
    return n;
}

/* Sums of bad levels are thrown away: a block is taken first and checked then, when memory has brought it. */
static bool take_block(HqCurve *c, Source *source, size_t i, size_t n, HqTimes *times)
{
    const HqMetricsInput *in = source->in;
    double room[HQ_STEPS_BLOCK];
    size_t found = take_returns(c, source, i, n, room), at = i + n - found;
    if (source->checks && !in->returns && !are_good(source->level, i, n))
        return false;
    if (i == 0) {
        source->start = c->returns.start;
        source->first = at;
        c->falls = hq_falls_begin(source->start, in->time[0]);
        if (source->checks && !(source->start > 0))
            return false;
    }
    hq_steps_push(&c->steps, in->returns ? in->returns + at : room, found);
    hq_falls_push(&c->falls, in->time + at, source->level + at, found);
    return hq_times_look_to(times, i + n) || !source->checks;
}

static bool take_blocks(HqCurve *c, Source *source, HqTimes *times)
{
    const HqMetricsInput *in = source->in;
    hq_returns_begin(&c->returns, in->returns ? 1 : in->initial);
    c->steps = hq_steps_begin((HqPair){0, 0}, hq_risk_free_step(in->risk_free, in->periods_per_year));
    for (size_t i = 0, n; i < in->length; i += n) {
        n = block_at(i, in->length);
        if (!take_block(c, source, i, n, times))
            return false;
    }
    hq_times_end(times);
    hq_falls_end(&c->falls, in->time[in->length - 1]);
    return true;
}

/* The powers once more, about the mean. */
static void take_powers(HqCurve *c, const Source *source)
{
    double room[HQ_STEPS_BLOCK];
    HqSteps powers = hq_steps_begin(hq_moments_mean(&c->returns.moments), 0);
    for (size_t i = source->first, n; i < source->in->length; i += n) {
        n = block_at(i, source->in->length);
        hq_steps_push(&powers, returns_at(source, i, n, room), n);
    }
    c->steps.center = powers.center;
    c->steps.third = powers.third;
    c->steps.fourth = powers.fourth;
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
    if (!take_blocks(c, &source, times))
        return false;
    if (hq_steps_is_off(&c->steps, &c->returns.moments))
        take_powers(c, &source);
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
