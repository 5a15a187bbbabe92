/* What keeps a bar from being a candle, in words. */
#include "ring/candles.h"

#include "base/number.h"

static HqStatus refuse_outside(const char *name, double value, const Bar *bar, size_t i)
{
    return hq_fail(HQ_EBAR, "bar %zu: %s: expected a price within low %s .. high %s, found %s", i,
                   name, HQ_NUMBER(bar->low), HQ_NUMBER(bar->high), HQ_NUMBER(value));
}

static HqStatus refuse_volume(const char *name, double value, size_t i)
{
    return hq_fail(HQ_EBAR, "bar %zu: %s: expected a number >= 0, found %s", i, name,
                   HQ_NUMBER(value));
}

static HqStatus refuse_time(const int64_t *time, size_t i)
{
    return hq_fail(HQ_EORDER,
                   "bar %zu: timestamp: expected a time after the %lld of the bar before it, "
                   "found %lld", i, (long long)time[i - 1], (long long)time[i]);
}

/* The rules in the order in which the data loaders of Python name them. */
static HqStatus refuse(const HqBars *bars, size_t i)
{
    Bar bar = hq_bars_row(bars, i);
    const double *field = hq_bar_fields(&bar);
    for (int f = 0; f < HQ_FIELD_COUNT; f++)
        if (!(fabs(field[f]) <= HQ_VALUE_MAX))
            return hq_fail(HQ_EBAR, "bar %zu: %s: expected a finite number within +-1e100, found %s",
                           i, hq_field_name[f], HQ_NUMBER(field[f]));
    if (bar.high < bar.low)
        return hq_fail(HQ_EBAR, "bar %zu: high: expected at least low %s, found %s", i,
                       HQ_NUMBER(bar.low), HQ_NUMBER(bar.high));
    if (bar.open < bar.low || bar.open > bar.high)
        return refuse_outside("open", bar.open, &bar, i);
    if (bar.close < bar.low || bar.close > bar.high)
        return refuse_outside("close", bar.close, &bar, i);
    if (bar.volume < 0)
        return refuse_volume("volume", bar.volume, i);
    return bar.buy_volume < 0 ? refuse_volume("buy_volume", bar.buy_volume, i)
                              : refuse_time(bars->timestamp, i);
}

HqStatus hq_candles_check(const HqBars *bars)
{
    size_t odd = HQ_WIDE_CHOOSE(hq_find_odd_bar)(bars, bars->length);
    if (bars->buy_volume)
        odd = HQ_WIDE_CHOOSE(hq_find_odd_volume)(bars->buy_volume, odd);
    return odd < bars->length ? refuse(bars, odd) : HQ_OK;
}
