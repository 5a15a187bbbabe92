/* Options that a backtest refuses before it starts. */
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/check.h"
#include "base/error.h"
#include "exec/account.h"
#include "base/number.h"
#include "run/driver.h"

static HqStatus check_output(const HqBacktestOutput *output)
{
    HqStatus status = hq_check_size("HqBacktestOutput", output->struct_size, sizeof *output);
    if (!status && output->reserved)
        status = hq_fail(HQ_EINVAL, "HqBacktestOutput.reserved must be 0, got %u",
                         (unsigned)output->reserved);
    return status;
}

/* ----------------------------------------------------------------- options */

/* A field that must be one of 0..most. */
static HqStatus check_choice(const char *name, unsigned value, unsigned most)
{
    if (value <= most)
        return HQ_OK;
    return hq_fail(HQ_EINVAL, "%s must be 0..%u, got %u", name, most, value);
}

/* A number in [least, most], or in (least, most] with `above`. */
static HqStatus check_number(const char *name, double value, double least, double most, bool above)
{
    if (value <= most && (above ? value > least : value >= least))
        return HQ_OK;
    return hq_fail(HQ_EINVAL, "%s must be a finite number %s %s and at most %s, got %s", name,
                   above ? ">" : ">=", HQ_NUMBER(least), HQ_NUMBER(most), HQ_NUMBER(value));
}

/* A number that is read only under some choice must be 0 under the others. */
static HqStatus check_unread(const char *name, double value, const char *only)
{
    if (value == 0)
        return HQ_OK;
    return hq_fail(HQ_EINVAL, "%s is read only with %s; leave it 0, got %s", name, only,
                   HQ_NUMBER(value));
}

static HqStatus check_choices(const HqBacktestOptions *o)
{
    const struct {
        const char *name;
        unsigned value, most;
    } choices[] = {
        {"fill", o->fill, HQ_FILL_LIMIT},
        {"intrabar", o->intrabar, HQ_INTRABAR_FINER},
        {"sides", o->sides, HQ_SIDES_SHORT},
        {"hedged", o->hedged, 1},
        {"unaffordable", o->unaffordable, HQ_UNAFFORDABLE_REJECT},
        {"bad_bars", o->bad_bars, HQ_BAD_BARS_CANDLES},
        {"slippage_kind", o->slippage_kind, HQ_SLIPPAGE_RANDOM},
        {"funding_missing", o->funding_missing, HQ_FUNDING_CONSTANT},
        {"size_unit", o->size_unit, HQ_SIZE_MARGIN},
        {"stop_unit", o->stop_unit, HQ_DISTANCE_FRACTION},
        {"target_unit", o->target_unit, HQ_DISTANCE_FRACTION},
        {"trail_unit", o->trail_unit, HQ_DISTANCE_FRACTION},
        {"HqBacktestOptions.reserved", o->reserved, 0},
    };
    HqStatus status = HQ_OK;
    for (size_t i = 0; i < sizeof choices / sizeof *choices && status == HQ_OK; i++)
        status = check_choice(choices[i].name, choices[i].value, choices[i].most);
    return status;
}

static HqStatus check_limit(const HqBacktestOptions *o)
{
    if (o->fill != HQ_FILL_LIMIT) {
        HqStatus status = check_unread("limit_offset", o->limit_offset, "fill = limit");
        return status ? status : check_unread("limit_bars", o->limit_bars, "fill = limit");
    }
    if (o->limit_offset < 1)
        return check_number("limit_offset", o->limit_offset, 0, 1, false);
    return hq_fail(HQ_EINVAL, "limit_offset must be a fraction >= 0 and < 1, got %s",
                   HQ_NUMBER(o->limit_offset));
}

static HqStatus check_costs(const HqBacktestOptions *o)
{
    HqStatus status = check_number("fee_per_unit", o->fee_per_unit, 0, HQ_VALUE_MAX, false);
    if (status)
        return status;
    if (o->slippage_kind == HQ_SLIPPAGE_NONE)
        return check_unread("slippage", o->slippage, "a slippage_kind");
    if (o->slippage_kind == HQ_SLIPPAGE_TICKS)
        return check_number("slippage", o->slippage, 0, HQ_VALUE_MAX, false);
    if (o->slippage < 1)
        return check_number("slippage", o->slippage, 0, 1, false);
    return hq_fail(HQ_EINVAL, "slippage must be a fraction >= 0 and < 1, got %s",
                   HQ_NUMBER(o->slippage));
}

static HqStatus check_funding(const HqBacktestOptions *o)
{
    if (o->funding_interval_ms < 0)
        return hq_fail(HQ_EINVAL, "funding_interval_ms must be >= 0, got %lld",
                       (long long)o->funding_interval_ms);
    if (o->funding_missing == HQ_FUNDING_CONSTANT)
        return check_number("funding_constant", o->funding_constant, -HQ_VALUE_MAX, HQ_VALUE_MAX,
                            false);
    return check_unread("funding_constant", o->funding_constant, "funding_missing = constant");
}

static HqStatus check_distance(const char *name, double value, uint8_t unit)
{
    if (unit == HQ_DISTANCE_NONE)
        return check_unread(name, value, "a unit");
    return check_number(name, value, 0, HQ_VALUE_MAX, true);
}

static HqStatus check_size_number(double size, uint8_t unit)
{
    return unit == HQ_SIZE_ALL ? check_unread("size", size, "a size_unit other than all")
                               : check_number("size", size, 0, HQ_VALUE_MAX, true);
}

static HqStatus check_tier(const HqMarginTier *tiers, size_t i)
{
    const HqMarginTier *tier = &tiers[i];
    double from = i ? tiers[i - 1].notional_from : 0;
    double rate = i ? tiers[i - 1].maintenance_rate : 0;
    if (i ? !(tier->notional_from > from && tier->notional_from <= HQ_VALUE_MAX)
          : tier->notional_from != 0)
        return hq_fail(HQ_EINVAL, "tiers[%zu].notional_from must be %s, got %s", i,
                       i ? "above the one before and at most 1e100" : "0",
                       HQ_NUMBER(tier->notional_from));
    if (!(tier->maintenance_rate >= rate && tier->maintenance_rate <= HQ_VALUE_MAX))
        return hq_fail(HQ_EINVAL,
                       "tiers[%zu].maintenance_rate must be >= %s (not falling) and finite, got %s",
                       i, HQ_NUMBER(rate), HQ_NUMBER(tier->maintenance_rate));
    double most = i ? tiers[i - 1].max_leverage : HQ_VALUE_MAX;
    if (!(tier->max_leverage >= 1 && tier->max_leverage <= most))
        return hq_fail(HQ_EINVAL, "tiers[%zu].max_leverage must be >= 1 and not rise, got %s after %s",
                       i, HQ_NUMBER(tier->max_leverage), HQ_NUMBER(most));
    return HQ_OK;
}

static HqStatus check_tiers(const HqBacktestOptions *o)
{
    enum { MOST = 64 };
    if (o->n_tiers > MOST || (o->n_tiers > 0 && !o->tiers))
        return hq_fail(HQ_EINVAL, "tiers: expected at most %d of them, got %zu%s", MOST,
                       o->n_tiers, o->tiers ? "" : " at NULL");
    if (o->n_tiers > 0 && o->account.maintenance_margin_rate != 0)
        return hq_fail(HQ_EINVAL, "maintenance_margin_rate and tiers exclude each other: leave "
                                  "the rate 0, got %s",
                       HQ_NUMBER(o->account.maintenance_margin_rate));
    HqStatus status = HQ_OK;
    for (size_t i = 0; i < o->n_tiers && status == HQ_OK; i++)
        status = check_tier(o->tiers, i);
    return status;
}

HqStatus hq_check_options(const HqBacktestOptions *options, const HqBacktestReport *report,
                          const HqBacktestOutput *output)
{
    if (!options || !report)
        return hq_fail(HQ_EINVAL, "%s is NULL", options ? "report" : "options");
    HqStatus status = hq_check_size("HqBacktestOptions", options->struct_size, sizeof *options);
    if (!status)
        status = hq_check_size("HqBacktestReport", report->struct_size, sizeof *report);
    if (!status && output)
        status = check_output(output);
    if (!status)
        status = check_choices(options);
    if (!status)
        status = hq_clocks_check_setting(options->htf, options->bar_period_ms);
    if (!status)
        status = hq_account_check_params(&options->account);
    if (!status)
        status = check_tiers(options);
    if (!status)
        status = check_limit(options);
    if (!status)
        status = check_costs(options);
    if (!status)
        status = check_funding(options);
    if (!status)
        status = check_size_number(options->size, options->size_unit);
    if (!status)
        status = check_distance("stop", options->stop, options->stop_unit);
    if (!status)
        status = check_distance("target", options->target, options->target_unit);
    return status ? status : check_distance("trail", options->trail, options->trail_unit);
}
