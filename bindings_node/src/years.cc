#include "years.h"

#include <hquant/metrics.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <vector>

namespace {

constexpr int64_t day = 86400000;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double calendar_days = 365.25;

struct Times {
    const int64_t *first;
    size_t length;
    double spacing = nan;  // median
    bool is_even = false;  // each as far from the next
    bool is_falling = false;
};

std::string general(double value) // as %g, without the locale's say
{
    char text[40];
    std::snprintf(text, sizeof text, "%g", value);
    return text;
}

std::string grouped(double value) // 525600: 525,600
{
    std::string text = general(value);
    for (size_t end = std::min(text.find_first_of(".e"), text.size()); end > 3; end -= 3)
        text.insert(end - 3, ",");
    return text;
}

int64_t floor_divided(int64_t a, int64_t b)
{
    return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

int64_t ceiling_divided(int64_t a, int64_t b)
{
    return floor_divided(a, b) + (floor_divided(a, b) * b != a);
}

template <typename T> double median(std::vector<T> &values)
{
    if (values.empty())
        return nan;
    size_t middle = values.size() / 2;
    std::nth_element(values.begin(), values.begin() + static_cast<ptrdiff_t>(middle), values.end());
    double upper = static_cast<double>(values[middle]);
    if (values.size() % 2 == 1)
        return upper;
    T lower = *std::max_element(values.begin(), values.begin() + static_cast<ptrdiff_t>(middle));
    return (static_cast<double>(lower) + upper) / 2;
}

void measure_spacing(Times &times)
{
    if (times.length < 2)
        return;
    size_t gaps_count = times.length - 1;
    int64_t smallest = hq_shortest_step(times.first, times.length);
    if (smallest < 0) {
        times.is_falling = true;
        return;
    }
    uint64_t span = static_cast<uint64_t>(times.first[gaps_count]) - static_cast<uint64_t>(times.first[0]);
    if (smallest > 0 && span % static_cast<uint64_t>(smallest) == 0 &&
        span / static_cast<uint64_t>(smallest) == gaps_count) {
        times.spacing = static_cast<double>(smallest);
        times.is_even = true;
        return;
    }
    std::vector<int64_t> gaps;
    for (size_t i = 0; i < gaps_count; i++)
        if (times.first[i + 1] > times.first[i])
            gaps.push_back(times.first[i + 1] - times.first[i]);
    times.spacing = median(gaps);
}

// Days since 1970 that have steps, and how many each.
void count_days(const Times &times, std::vector<int64_t> &days, std::vector<int64_t> &counts)
{
    for (size_t i = 0; i < times.length; i++) {
        int64_t today = floor_divided(times.first[i], day);
        if (days.empty() || days.back() != today) {
            days.push_back(today);
            counts.push_back(0);
        }
        counts.back()++;
    }
}

YearNumber market_of(const Times &times)
{
    if (std::isnan(times.spacing))
        return {nan, times.is_falling ? "not known: times fall" : "not known: fewer than two moments"};
    double last = static_cast<double>(times.first[times.length - 1]) + times.spacing;
    int64_t first = ceiling_divided(times.first[0], day);
    int64_t end = static_cast<int64_t>(std::floor(last / static_cast<double>(day)));
    first += ((2 - first) % 7 + 7) % 7; // day 0, 1970-01-01, was a Thursday
    int64_t saturdays = std::max<int64_t>(0, ceiling_divided(end - first, 7));
    if (saturdays == 0)
        return {nan, "not known: the data cover no whole Saturday; give periods_per_year"};
    int64_t traded = saturdays; // a step on every day
    if (!times.is_even || times.spacing > static_cast<double>(day)) {
        std::vector<int64_t> days, counts;
        count_days(times, days, counts);
        traded = std::count_if(days.begin(), days.end(), [&](int64_t each) {
            return each >= first && each < end && ((each - first) % 7) == 0;
        });
    }
    int market = 2 * traded >= saturdays ? 365 : 252;
    return {static_cast<double>(market), std::to_string(market) + " days a year (steps on " +
                                             std::to_string(traded) + " of " + std::to_string(saturdays) +
                                             " Saturdays)"};
}

// Steps of weeks, months, quarters and years vary in length.
YearNumber of_long_steps(double days)
{
    static const double named[][3] = {{7, 7, 52}, {28, 31, 12}, {89, 92, 4}, {365, 366, 1}};
    std::string source = "steps of " + general(days) + " days (median)";
    for (const auto &[least, most, periods] : named)
        if (least <= days && days <= most)
            return {periods, source};
    return {calendar_days / days, source};
}

YearNumber periods_of(const Times &times, const YearNumber &market)
{
    double length = times.spacing / static_cast<double>(day);
    if (length > 1.5)
        return of_long_steps(length);
    if (std::isnan(market.value))
        return market;
    if (length >= 5.0 / 6)
        return {market.value, market.source + ", a step each"};
    double steps = 1 / length;
    std::string how = "median spacing " + general(times.spacing / 1000) + " s";
    if (market.value != 365) {
        std::vector<int64_t> days, counts;
        count_days(times, days, counts);
        steps = median(counts);
        how = "median";
    }
    return {market.value * steps, market.source + " of " + grouped(steps) + " steps (" + how + ")"};
}

double number_or_nan(Napi::Value value) { return value.IsNumber() ? value.ToNumber().DoubleValue() : nan; }

} // namespace

YearWanted YearWanted::of(Napi::Object request)
{
    return {number_or_nan(request.Get("periods_per_year")),
            request.Get("market_days").IsNumber() ? request.Get("market_days").ToNumber().Int32Value() : 0,
            number_or_nan(request.Get("days_per_year"))};
}

Year year_of(const int64_t *time, size_t length, const YearWanted &wanted)
{
    Times times = {time, length};
    measure_spacing(times);
    YearNumber market = market_of(times);
    if (wanted.market)
        market = {static_cast<double>(wanted.market), std::to_string(wanted.market) + " days a year, as given"};
    YearNumber given = {wanted.periods, "given"};
    YearNumber periods = std::isnan(wanted.periods) ? periods_of(times, market) : given;
    if (!std::isnan(wanted.days))
        return {periods, {wanted.days, "given"}};
    // Daily steps or longer: the steps' returns are the days'.
    return {periods, times.spacing >= static_cast<double>(day) * 5 / 6 ? periods : market};
}
