/*
 * How many steps make a year, and how many daily returns: as given, or as the times show (docs/metrics.md).
 * Each number comes with a few words that say where from.
 */
#include "metrics/year.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/number.h"
#include "metrics/days.h"
#include "metrics/select.h"

enum { SATURDAY = 2, WEEK = 7 }; /* of days since 1970, which began on a Thursday */
enum { EVERY_DAY = 365, WORKDAYS = 252 }; /* a market's days a year */
#define CALENDAR 365.25
#define DAY_LEAST (5.0 / 6) /* days: what is at least as long is a daily step, */
#define DAY_MOST 1.5        /* and what is longer a long one */

/* Steps of weeks, months, quarters and years vary in length, days; the others of more than a day do not. */
static const struct {
    double least, most, a_year;
} long_steps[] = {{7, 7, 52}, {28, 31, 12}, {89, 92, 4}, {365, 366, 1}};

typedef struct Number {
    double value;
    char from[sizeof ((HqYear *)0)->periods_from];
} Number;

/* Times and what lies between them. */
typedef struct Steps {
    const HqTimes *times;
    bool are_times;
    double spacing; /* median, ms; NaN: there is none */
} Steps;

HQ_PRINTF(2, 3) static Number number(double value, const char *format, ...)
{
    Number found = {.value = value};
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(found.from, sizeof found.from, format, arguments);
    va_end(arguments);
    assert(length > 0 && (size_t)length < sizeof found.from);
    (void)length;
    return found;
}

/* ------------------------------------------------------------------------ medians */

/* Of n numbers, for as many of which there is room. */
static double median(const double *x, size_t n, double *room)
{
    if (n == 0)
        return NAN;
    double upper = hq_select(x, n, n / 2, room);
    return n % 2 ? upper : (hq_select(x, n, n / 2 - 1, room) + upper) / 2;
}

/* Of the gaps that are longer than none. */
static HqStatus median_gap(const HqTimes *times, double *found)
{
    double *gaps = hq_calloc(2 * (times->count - 1), sizeof *gaps);
    size_t n = 0;
    if (!gaps)
        return HQ_ENOMEM;
    for (size_t i = 1; i < times->count; i++)
        if (times->time[i] > times->time[i - 1])
            gaps[n++] = (double)(times->time[i] - times->time[i - 1]);
    *found = median(gaps, n, gaps + (times->count - 1));
    free(gaps);
    return HQ_OK;
}

/* What is more than half of all gaps is their median. */
static bool is_most_often(const HqTimes *times, int64_t gap)
{
    size_t count = 0;
    for (size_t i = 1; i < times->count; i++)
        count += times->time[i] - times->time[i - 1] == gap;
    return count > times->count / 2;
}

static HqStatus find_spacing(Steps *steps)
{
    const HqTimes *times = steps->times;
    if (times->count < 2 || !steps->are_times)
        return HQ_OK;
    if (times->step > 0)
        steps->spacing = (double)times->step;
    else if (times->least > 0 && is_most_often(times, times->least))
        steps->spacing = (double)times->least;
    else
        return median_gap(times, &steps->spacing);
    return HQ_OK;
}

/* Of how many steps the days have that have some. */
static HqStatus median_of_days(const HqTimes *times, double *found)
{
    size_t most = hq_days_most(times), n = 0;
    double *counts = hq_calloc(2 * most, sizeof *counts);
    if (!counts)
        return HQ_ENOMEM;
    for (size_t i = 0, end, length = 1; i < times->count && n < most; i = end) {
        end = hq_day_end(times, i, length);
        length = end - i;
        counts[n++] = (double)length;
    }
    *found = median(counts, n, counts + most);
    free(counts);
    return HQ_OK;
}

/* ------------------------------------------------------------------------- market */

/* Saturdays that the data cover whole. */
typedef struct Saturdays {
    int64_t first, end; /* days */
    int64_t count;
} Saturdays;

static Saturdays saturdays_of(const Steps *steps)
{
    const HqTimes *times = steps->times;
    int64_t first = -hq_day_of(-times->time[0]), most = WEEK - 1;
    first += ((SATURDAY - first) % WEEK + WEEK) % WEEK;
    int64_t end = hq_day_of(times->time[times->count - 1] + (int64_t)steps->spacing);
    return (Saturdays){first, end, end > first ? (end - first + most) / WEEK : 0};
}

/* On how many of them there is a step. */
static int64_t traded_of(const Steps *steps, const Saturdays *saturdays)
{
    const HqTimes *times = steps->times;
    int64_t traded = 0;
    if (times->step > 0 && times->step <= HQ_DAY_MS)
        return saturdays->count;
    for (size_t i = 0, end, length = 1; i < times->count; i = end) {
        int64_t day = hq_day_of(hq_time_at(times, i));
        end = hq_day_end(times, i, length);
        length = end - i;
        traded += day >= saturdays->first && day < saturdays->end && (day - saturdays->first) % WEEK == 0;
    }
    return traded;
}

static Number without_spacing(const Steps *steps)
{
    const char *why = steps->are_times ? "fewer than two moments" : "times are no ms since 1970";
    return number(NAN, "not known: %s", why);
}

/* Days a year on which the market trades; `name` is what is to be given where nobody knows. */
static Number market_of(const Steps *steps, uint32_t given, const char *name)
{
    if (given)
        return number(given, "%u days a year, as given", (unsigned)given);
    if (isnan(steps->spacing))
        return without_spacing(steps);
    Saturdays saturdays = saturdays_of(steps);
    if (saturdays.count == 0)
        return number(NAN, "not known: the data cover no whole Saturday; give %s", name);
    int64_t traded = traded_of(steps, &saturdays);
    int days = 2 * traded >= saturdays.count ? EVERY_DAY : WORKDAYS;
    return number(days, "%d days a year (steps on %lld of %lld Saturdays)", days, (long long)traded,
                  (long long)saturdays.count);
}

/* -------------------------------------------------------------------------- steps */

static Number of_long_steps(double days)
{
    double a_year = CALENDAR / days;
    for (size_t i = 0; i < sizeof long_steps / sizeof *long_steps; i++)
        if (long_steps[i].least <= days && days <= long_steps[i].most)
            a_year = long_steps[i].a_year;
    return number(a_year, "steps of %s days (median)", hq_number_short(days, false).text);
}

static HqStatus periods_of(const Steps *steps, const Number *market, Number *found)
{
    double length = steps->spacing / (double)HQ_DAY_MS, a_day = 1 / length;
    HqStatus status = HQ_OK;
    if (isnan(length)) {
        *found = without_spacing(steps);
    } else if (length > DAY_MOST) {
        *found = of_long_steps(length);
    } else if (isnan(market->value)) {
        *found = *market;
    } else if (length >= DAY_LEAST) {
        *found = number(market->value, "%s, a step each", market->from);
    } else if (market->value == EVERY_DAY) {
        *found = number(market->value * a_day, "%s of %s steps (median spacing %s s)", market->from,
                        hq_number_short(a_day, true).text,
                        hq_number_short(steps->spacing / 1000, false).text);
    } else {
        status = median_of_days(steps->times, &a_day);
        *found = number(market->value * a_day, "%s of %s steps (median)", market->from,
                        hq_number_short(a_day, true).text);
    }
    return status;
}

/* --------------------------------------------------------------------------- both */

static void say(const Number *found, double *value, char *from)
{
    *value = found->value;
    memcpy(from, found->from, sizeof found->from);
}

HqStatus hq_year_find(const HqTimes *times, bool are_times, double periods, double days, uint32_t market_days,
                      HqYear *year)
{
    Steps steps = {times, are_times, NAN};
    Number of_steps = number(periods, "given"), of_days = number(days, "given");
    bool is_given = !isnan(periods) && !isnan(days);
    HqStatus status = is_given ? HQ_OK : find_spacing(&steps);
    if (status == HQ_OK && isnan(periods)) {
        Number market = market_of(&steps, market_days, "periods_per_year");
        status = periods_of(&steps, &market, &of_steps);
    }
    if (status != HQ_OK)
        return status;
    /* Daily steps or longer: the steps' returns are the days'. */
    if (isnan(days))
        of_days = steps.spacing >= (double)HQ_DAY_MS * DAY_LEAST
                      ? of_steps
                      : market_of(&steps, market_days, "days_per_year");
    year->reserved = 0;
    say(&of_steps, &year->periods_per_year, year->periods_from);
    say(&of_days, &year->days_per_year, year->days_from);
    return HQ_OK;
}
