/* Bars that a backtest refuses, and what it says of them. */
#include "base/error.h"
#include "base/number.h"
#include "hquant/backtest.h"
#include "ring/candles.h"
#include "run/bars.h"

static HqStatus fail_value(size_t i, const char *name, double value, const char *range)
{
    return hq_fail(HQ_EBAR, "bar %zu: %s must be a finite number %s at most 1e100, got %s", i,
                   name, range, HQ_NUMBER(value));
}

static bool is_price(double value) { return value > 0 && value <= HQ_VALUE_MAX; }

/* Say what is wrong with a bad bar. */
static HqStatus explain(const HqBars *bars, size_t i)
{
    const char *names[] = {"open", "high", "low", "close"};
    const double *prices[] = {bars->open, bars->high, bars->low, bars->close};
    for (int k = 0; k < 4; k++)
        if (!is_price(prices[k][i]))
            return fail_value(i, names[k], prices[k][i], "> 0 and");
    if (bars->high[i] < bars->low[i])
        return hq_fail(HQ_EBAR, "bar %zu: high %s is below low %s", i, HQ_NUMBER(bars->high[i]),
                       HQ_NUMBER(bars->low[i]));
    return fail_value(i, "volume", bars->volume[i], "of magnitude");
}

HqStatus hq_check_bar_columns(const HqBars *bars)
{
    if (!bars)
        return hq_fail(HQ_EINVAL, "bars is NULL");
    const char *names[] = {"timestamp", "open", "high", "low", "close", "volume"};
    const void *columns[] = {bars->timestamp, bars->open,  bars->high,
                             bars->low,       bars->close, bars->volume};
    for (int k = 0; k < 6 && bars->length > 0; k++)
        if (!columns[k])
            return hq_fail(HQ_EINVAL, "bars.%s is NULL", names[k]);
    return HQ_OK;
}

static HqStatus check_values(const HqBars *bars)
{
    size_t n = bars->length, bad = HQ_WIDE_CHOOSE(hq_find_bad_bar)(bars, 0, n);
    if (bad < n)
        return explain(bars, bad);
    bad = bars->buy_volume ? HQ_WIDE_CHOOSE(hq_find_bad_amount)(bars->buy_volume, 0, n) : n;
    return bad < n ? fail_value(bad, "buy_volume", bars->buy_volume[bad], "of magnitude") : HQ_OK;
}

static HqStatus check_order(const HqBars *bars)
{
    const int64_t *time = bars->timestamp;
    size_t i = HQ_WIDE_CHOOSE(hq_find_early_bar)(time, 0, bars->length);
    if (i >= bars->length)
        return HQ_OK;
    return hq_fail(HQ_EORDER, "bar %zu: timestamp %lld is before the %lld of bar %zu; sort the bars",
                   i, (long long)time[i], (long long)time[i - 1], i - 1);
}

static bool are_good(const HqBars *bars, size_t begin, size_t end)
{
    return HQ_WIDE_CHOOSE(hq_find_bad_bar)(bars, begin, end) == end &&
           (!bars->buy_volume ||
            HQ_WIDE_CHOOSE(hq_find_bad_amount)(bars->buy_volume, begin, end) == end);
}

bool hq_bar_is_good(const HqBars *bars, size_t i) { return are_good(bars, i, i + 1); }

HqStatus hq_check_bars(const HqBars *bars, bool bad_ones_too)
{
    HqStatus status = hq_check_bar_columns(bars);
    if (!status && !bad_ones_too)
        status = check_values(bars);
    return status ? status : check_order(bars);
}

HqStatus hq_check_bars_as(const HqBars *bars, uint8_t bad_bars)
{
    HqStatus status = hq_check_bars(bars, bad_bars == HQ_BAD_BARS_SKIP);
    return status == HQ_OK && bad_bars == HQ_BAD_BARS_CANDLES ? hq_candles_check(bars) : status;
}

/* Of candles the prices are known to be good. */
static bool have_amounts(const HqBars *bars, size_t begin, size_t end)
{
    return HQ_WIDE_CHOOSE(hq_find_bad_amount)(bars->volume, begin, end) == end &&
           (!bars->buy_volume ||
            HQ_WIDE_CHOOSE(hq_find_bad_amount)(bars->buy_volume, begin, end) == end);
}

static bool have_volumes(const HqBars *bars, size_t begin, size_t end)
{
    size_t n = end - begin;
    return HQ_WIDE_CHOOSE(hq_find_odd_volume)(bars->volume + begin, n) == n &&
           (!bars->buy_volume ||
            HQ_WIDE_CHOOSE(hq_find_odd_volume)(bars->buy_volume + begin, n) == n);
}

/* Whether the times up to `end` are in order; candles come after each other. Times that are none can be, too. */
static bool are_ordered(HqTimes *times, size_t begin, size_t end, bool are_candles)
{
    if (hq_times_look_to(times, end))
        return !are_candles || times->least > 0;
    const int64_t *time = times->time;
    for (size_t i = begin > 0 ? begin : 1; i < end; i++)
        if (time[i] < time[i - 1] || (are_candles && time[i] == time[i - 1]))
            return false;
    return true;
}

/* What the message says is what it says of all bars, whichever block is found first. */
HqStatus hq_check_bar_block(const HqBars *bars, size_t begin, size_t end, uint8_t bad_bars,
                            bool has_candles, HqTimes *times)
{
    bool is_good, asks_candles = bad_bars == HQ_BAD_BARS_CANDLES;
    if (asks_candles)
        is_good = has_candles && have_volumes(bars, begin, end);
    else
        is_good = bad_bars == HQ_BAD_BARS_SKIP ||
                  (has_candles ? have_amounts(bars, begin, end) : are_good(bars, begin, end));
    is_good = is_good && are_ordered(times, begin, end, asks_candles);
    return is_good ? HQ_OK : hq_check_bars_as(bars, bad_bars);
}

/* How long after the bar before it; what lies beyond int64 wraps. */
static uint64_t gap(const HqBars *bars, size_t i)
{
    return (uint64_t)bars->timestamp[i] - (uint64_t)bars->timestamp[i - 1];
}

static bool comes_sooner(const HqBars *bars, size_t i, int64_t period_ms)
{
    return bars->timestamp[i] < bars->timestamp[i - 1] || gap(bars, i) < (uint64_t)period_ms;
}

/* Half of the bars may come sooner, as where clocks are put forward. */
HqStatus hq_bars_check_period(const HqBars *bars, int64_t period_ms)
{
    size_t sooner = 0, an_early_one = 0;
    for (size_t i = 1; period_ms > 0 && i < bars->length; i++)
        if (comes_sooner(bars, i, period_ms)) {
            sooner++;
            an_early_one = i;
        }
    if (sooner == 0 || 2 * sooner < bars->length)
        return HQ_OK;
    return hq_fail(HQ_EINVAL,
                   "bar_period: %lld ms, but most bars follow each other sooner, as bar %zu does "
                   "%lld ms after the one before it; give the bars' own period",
                   (long long)period_ms, an_early_one,
                   (long long)gap(bars, an_early_one));
}
