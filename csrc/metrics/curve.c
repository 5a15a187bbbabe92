/* A curve, taken in blocks: all of it in one pass, but what cannot do without the mean of its returns. */
#include "metrics/curve.h"

#include <float.h>
#include <math.h>

#include "metrics/checks.h"
#include "metrics/days.h"

static double level_before(const HqCurveReader *r, size_t i)
{
    return i > 0 ? r->level[i - 1] : r->start;
}

/* The returns of steps i .. i + n - 1, in `room` when they are not given. */
static const double *returns_at(const HqCurveReader *r, size_t i, size_t n, double *room)
{
    if (r->in.returns)
        return r->in.returns + i;
    hq_returns_of(level_before(r, i), r->level + i, n, room);
    return room;
}

static size_t block_at(size_t i, size_t n)
{
    return n - i < HQ_STEPS_BLOCK ? n - i : HQ_STEPS_BLOCK;
}

/* Whether equities are finite, not negative, and nothing comes after a 0. Their range tells it of most blocks,
 * but for what is unknown (is_known()). */
static bool are_good(const double *level, size_t i, size_t n, HqLevels levels)
{
    bool comes_back = i > 0 && level[i - 1] == 0 && level[i] != 0;
    bool are_positive = i > 0 && levels.lowest > 0 && levels.highest <= DBL_MAX;
    return !comes_back && (are_positive || HQ_WIDE_CHOOSE(hq_find_bad_equity)(level + i, n) == n);
}

/* Whether no equity is unknown: then the mean of returns would be. It can be for another reason, too. */
static bool is_known(const HqCurveReader *r)
{
    return !isnan(hq_returns_mean(&r->curve.returns)) ||
           HQ_WIDE_CHOOSE(hq_find_bad_equity)(r->level, r->in.length) == r->in.length;
}

/* Take a block's returns, which are written to `room` when they are not given. Answers how many there are:
 * one less than steps where the first is the start. */
static size_t take_returns(HqCurveReader *r, size_t i, size_t n, double *room, HqLevels *levels)
{
    if (!r->in.returns)
        return hq_returns_push_to(&r->curve.returns, r->level + i, n, room, levels);
    hq_returns_push_known(&r->curve.returns, r->in.returns + i, r->level + i, n);
    return n;
}

/* Sums of bad levels are thrown away: a block is taken first and checked then, when memory has brought it. */
static bool take_block(HqCurveReader *r, size_t i, size_t n)
{
    const HqMetricsInput *in = &r->in;
    HqCurve *c = &r->curve;
    double room[HQ_STEPS_BLOCK];
    HqLevels levels;
    size_t found = take_returns(r, i, n, room, &levels), at = i + n - found;
    if (r->checks && !in->returns && !are_good(r->level, i, n, levels))
        return false;
    if (i == 0) {
        r->start = c->returns.start;
        r->first = at;
        c->falls = hq_falls_begin(r->start, in->time[0]);
        if (r->checks && !(r->start > 0))
            return false;
    }
    hq_steps_push(&c->steps, in->returns ? in->returns + at : room, found);
    hq_falls_push(&c->falls, in->time + at, r->level + at, found);
    return hq_times_look_to(&r->times, i + n) || !r->checks;
}

static bool take_next(HqCurveReader *r, size_t n)
{
    bool is_good = take_block(r, r->taken, n);
    r->taken += n;
    return is_good;
}

void hq_curve_begin(HqCurveReader *r, const HqMetricsInput *in, bool checks, const double *level,
                    const HqTimes *times)
{
    *r = (HqCurveReader){.in = *in, .level = level, .checks = checks, .times = *times};
    hq_returns_begin(&r->curve.returns, in->returns ? 1 : in->initial);
    r->curve.steps = hq_steps_begin((HqPair){0, 0}, hq_risk_free_step(in->risk_free, in->periods_per_year));
}

/* In blocks that begin at the same steps whatever the pieces: so their sums are the same, too. */
bool hq_curve_take_to(HqCurveReader *r, size_t end)
{
    bool is_good = true;
    while (is_good && end - r->taken >= HQ_STEPS_BLOCK)
        is_good = take_next(r, HQ_STEPS_BLOCK);
    return is_good;
}

/* The powers once more, about the mean. */
static void take_powers(HqCurveReader *r)
{
    double room[HQ_STEPS_BLOCK];
    HqSteps *steps = &r->curve.steps, powers = hq_steps_begin(hq_moments_mean(&r->curve.returns.moments), 0);
    for (size_t i = r->first, n; i < r->in.length; i += n) {
        n = block_at(i, r->in.length);
        hq_steps_push(&powers, returns_at(r, i, n, room), n);
    }
    steps->center = powers.center;
    steps->third = powers.third;
    steps->fourth = powers.fourth;
}

static void take_benchmark(HqCurveReader *r)
{
    const HqMetricsInput *in = &r->in;
    HqBenchmark *found = &r->curve.benchmark;
    double room[HQ_STEPS_BLOCK];
    hq_benchmark_begin(found);
    for (int again = 0; in->benchmark && again < 2; again++)
        for (size_t i = 1, n; i < in->length; i += n) {
            n = block_at(i, in->length);
            const double *ret = returns_at(r, i, n, room);
            if (again)
                hq_benchmark_push_again(found, ret, in->benchmark + i, n);
            else
                hq_benchmark_push(found, ret, in->benchmark + i, n);
        }
}

bool hq_curve_end(HqCurveReader *r, size_t length)
{
    r->in.length = r->times.count = length;
    if (!hq_curve_take_to(r, length) || (r->taken < length && !take_next(r, length - r->taken)))
        return false;
    if (r->checks && !r->in.returns && !is_known(r))
        return false;
    hq_times_end(&r->times);
    hq_falls_end(&r->curve.falls, r->in.time[length - 1]);
    if (hq_steps_is_off(&r->curve.steps, &r->curve.returns.moments))
        take_powers(r);
    take_benchmark(r);
    return true;
}

void hq_curve_take_days(HqCurveReader *r, size_t most, double *closes, double *daily)
{
    HqCurve *c = &r->curve;
    size_t before = hq_returns_count(&c->returns) == r->times.count; /* the start is a close of its own */
    closes[0] = c->returns.start;
    size_t n = before + hq_days_closes(&r->times, r->level, most, closes + before) - 1;
    hq_returns_of(closes[0], closes + 1, n, daily);
    c->daily = (HqDaily){.first = closes[0], .last = closes[n], .steps = hq_steps_begin((HqPair){0, 0}, 0)};
    hq_moments_begin(&c->daily.returns);
    hq_moments_push(&c->daily.returns, daily, n);
    for (size_t i = 0; i < n; i += HQ_STEPS_BLOCK)
        hq_steps_push(&c->daily.steps, daily + i, block_at(i, n));
}
