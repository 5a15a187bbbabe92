/* What a backtest refuses before it starts. */
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/error.h"
#include "exec/account.h"
#include "run/driver.h"
#include "base/number.h"

static HqStatus check_size(const char *name, uint32_t found, size_t expected)
{
    if (found == expected)
        return HQ_OK;
    return hq_fail(HQ_EINVAL,
                   "%s.struct_size must be sizeof(%s) = %zu, got %u; set it before the call", name,
                   name, expected, (unsigned)found);
}

static HqStatus check_output(const HqBacktestOutput *output)
{
    HqStatus status = check_size("HqBacktestOutput", output->struct_size, sizeof *output);
    if (!status && output->reserved)
        status = hq_fail(HQ_EINVAL, "HqBacktestOutput.reserved must be 0, got %u",
                         (unsigned)output->reserved);
    return status;
}

HqStatus hq_check_options(const HqBacktestOptions *options, const HqBacktestReport *report,
                          const HqBacktestOutput *output)
{
    if (!options || !report)
        return hq_fail(HQ_EINVAL, "%s is NULL", options ? "report" : "options");
    HqStatus status = check_size("HqBacktestOptions", options->struct_size, sizeof *options);
    if (!status)
        status = check_size("HqBacktestReport", report->struct_size, sizeof *report);
    if (!status && output)
        status = check_output(output);
    if (!status && options->fill > 1)
        status = hq_fail(HQ_EINVAL, "fill must be 0 (next open) or 1 (close), got %u",
                         (unsigned)options->fill);
    if (!status && options->reserved)
        status = hq_fail(HQ_EINVAL, "HqBacktestOptions.reserved must be 0, got %u",
                         (unsigned)options->reserved);
    return status ? status : hq_account_check_params(&options->account);
}

/* ------------------------------------------------------------------- bars */

/*
 * One integer comparison for a range: a positive double's bits grow with it, a negative one's are
 * beyond all of them, infinities and NaN are beyond HQ_VALUE_MAX.
 */
static inline uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline bool is_price(double value)
{
    return bits_of(value) - 1 < bits_of(HQ_VALUE_MAX); /* 0 wraps round */
}

static inline bool is_amount(double value) { return bits_of(fabs(value)) <= bits_of(HQ_VALUE_MAX); }

static inline bool is_good(const HqBars *bars, size_t i)
{
    return is_price(bars->open[i]) & is_price(bars->high[i]) & is_price(bars->low[i]) &
           is_price(bars->close[i]) & (bars->high[i] >= bars->low[i]) & is_amount(bars->volume[i]);
}

static HqStatus fail_value(size_t i, const char *name, double value, const char *range)
{
    return hq_fail(HQ_EBAR, "bar %zu: %s must be a finite number %s at most 1e100, got %s", i,
                   name, range, HQ_NUMBER(value));
}

/* Say what is wrong with bar i; HQ_OK when nothing is. */
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
    if (!is_amount(bars->volume[i]))
        return fail_value(i, "volume", bars->volume[i], "of magnitude");
    return HQ_OK;
}

static HqStatus check_present(const HqBars *bars)
{
    const char *names[] = {"timestamp", "open", "high", "low", "close", "volume"};
    const void *columns[] = {bars->timestamp, bars->open,  bars->high,
                             bars->low,       bars->close, bars->volume};
    for (int k = 0; k < 6; k++)
        if (!columns[k])
            return hq_fail(HQ_EINVAL, "bars.%s is NULL", names[k]);
    return HQ_OK;
}

static HqStatus check_buy_volume(const HqBars *bars)
{
    for (size_t i = 0; bars->buy_volume && i < bars->length; i++)
        if (!is_amount(bars->buy_volume[i]))
            return fail_value(i, "buy_volume", bars->buy_volume[i], "of magnitude");
    return HQ_OK;
}

static HqStatus check_order(const HqBars *bars)
{
    for (size_t i = 1; i < bars->length; i++)
        if (bars->timestamp[i] < bars->timestamp[i - 1])
            return hq_fail(
                HQ_EORDER, "bar %zu: timestamp %lld is before the %lld of bar %zu; sort the bars",
                i, (long long)bars->timestamp[i], (long long)bars->timestamp[i - 1], i - 1);
    return HQ_OK;
}

HqStatus hq_check_bars(const HqBars *bars)
{
    if (!bars)
        return hq_fail(HQ_EINVAL, "bars is NULL");
    if (bars->length == 0)
        return HQ_OK;
    HqStatus status = check_present(bars);
    if (status)
        return status;
    for (size_t i = 0; i < bars->length; i++)
        if (!is_good(bars, i))
            return explain(bars, i);
    status = check_buy_volume(bars);
    return status ? status : check_order(bars);
}
