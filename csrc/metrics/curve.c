/* An equity curve, step by step. */
#include "metrics/curve.h"

#include <assert.h>
#include <math.h>

enum { DAY_MS = 86400000 };

static int64_t day_of(int64_t time)
{
    return time / DAY_MS - (time % DAY_MS < 0);
}

/* From one equity to the next. An account that is empty stays so: it earns 0. */
static double return_between(double from, double to)
{
    return from > 0 ? (to - from) / from : 0;
}

/* --------------------------------------------------------------- a step's parts */

static void push_sides(HqSides *sides, double ret)
{
    if (ret > 0) {
        sides->gains += 1;
        hq_sum_add(&sides->gained, ret);
    } else if (ret < 0) {
        sides->losses += 1;
        hq_sum_add(&sides->lost, ret);
    }
}

static void push_excess(HqMetricsState *s, double excess)
{
    if (excess < 0) {
        hq_sum_add(&s->excess_lost, excess);
        hq_sum_add(&s->excess_lost_squared, excess * excess);
    } else {
        hq_sum_add(&s->excess_gained, excess); /* an unknown one, too: it must show */
    }
}

/* How long it has been since the peak. */
static void note_length(HqFalls *falls, uint64_t step, int64_t time)
{
    int64_t length = time - falls->peak_time;
    if (length > falls->longest_ms)
        falls->longest_ms = length;
    if (step - falls->peak_step > falls->longest_steps)
        falls->longest_steps = step - falls->peak_step;
}

static void push_falls(HqFalls *falls, uint64_t step, int64_t time, double equity)
{
    if (falls->under)
        note_length(falls, step, time);
    falls->under = equity < falls->peak;
    if (!falls->under) {
        falls->peak = equity;
        falls->peak_time = time;
        falls->peak_step = step;
        return;
    }
    note_length(falls, step, time);
    double fall = (equity - falls->peak) / falls->peak;
    hq_sum_add(&falls->squares, fall * fall);
    if (fall < falls->deepest)
        falls->deepest = fall;
}

/* The day's last equity is known: its return, if there is a close before it. */
static bool end_day(HqDays *days, double close, double *daily)
{
    bool known = days->has_base;
    if (known) {
        double ret = return_between(days->base, close);
        hq_moments_push(&days->returns, ret);
        if (ret < 0)
            hq_sum_add(&days->losses_squared, ret * ret);
        *daily = ret;
    } else {
        days->first = close;
    }
    days->has_base = true;
    days->base = close;
    return known;
}

/* ------------------------------------------------------------------------ steps */

void hq_curve_begin(HqMetricsState *s, double initial, double risk_free)
{
    *s = (HqMetricsState){.risk_free = risk_free, .start = initial, .equity = initial};
    s->benchmark = NAN;
}

/* The first step: there is nothing before it, or the account was left as it was. */
static void start_at(HqMetricsState *s, int64_t time, double equity)
{
    s->start = equity;
    s->falls.peak = equity;
    s->falls.peak_time = time;
    s->falls.peak_step = s->steps;
}

/* The first step is a return: what was before it is a day's close of its own. */
static void start_before(HqMetricsState *s, int64_t time)
{
    start_at(s, time, s->start);
    s->days.has_base = true;
    s->days.first = s->days.base = s->start;
    s->steps = 1; /* the start is a moment of the curve */
}

static void push_benchmark(HqMetricsState *s, double ret, double benchmark)
{
    if (s->benchmark > 0 && benchmark > 0)
        hq_comoment_push(&s->benchmarked, ret, (benchmark - s->benchmark) / s->benchmark);
}

static bool push_day(HqMetricsState *s, int64_t time, double *daily)
{
    int64_t day = day_of(time);
    bool ended = s->started && day != s->days.day && end_day(&s->days, s->equity, daily);
    s->days.day = day;
    return ended;
}

bool hq_curve_push_return(HqMetricsState *s, int64_t time, double equity, double ret,
                          double benchmark, double *daily)
{
    if (!s->started)
        start_before(s, time);
    bool ended = push_day(s, time, daily);
    hq_moments_push(&s->returns, ret);
    push_sides(&s->sides, ret);
    push_excess(s, ret - s->risk_free);
    push_falls(&s->falls, s->steps, time, equity);
    push_benchmark(s, ret, benchmark);
    s->started = true;
    s->steps++;
    s->time = time;
    s->equity = equity;
    s->benchmark = benchmark;
    return ended;
}

bool hq_curve_push(HqMetricsState *s, int64_t time, double equity, double benchmark, double *daily)
{
    bool is_start = !s->started && (s->start == 0 || s->start == equity);
    if (!is_start)
        return hq_curve_push_return(s, time, equity, return_between(s->equity, equity), benchmark,
                                    daily);
    start_at(s, time, equity);
    bool ended = push_day(s, time, daily);
    s->started = true;
    s->steps = 1;
    s->time = time;
    s->equity = equity;
    s->benchmark = benchmark;
    return ended;
}

bool hq_curve_end(HqMetricsState *s, double *daily)
{
    assert(s->started);
    return end_day(&s->days, s->equity, daily);
}
