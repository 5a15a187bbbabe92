/* Symbols and orders that a backtest refuses before it starts. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/number.h"
#include "run/driver.h"

/* ----------------------------------------------------------------- symbols */

/* A number of a symbol's rules: >= 0 and finite. */
static HqStatus check_rule(size_t s, const char *name, double value)
{
    if (value >= 0 && value <= HQ_VALUE_MAX)
        return HQ_OK;
    return hq_fail(HQ_EINVAL, "symbol %zu: %s must be a finite number >= 0, got %s", s, name,
                   HQ_NUMBER(value));
}

/* Of a smaller unit than 1e-100 a price or a quantity would be a number beyond counting. */
static HqStatus check_unit(size_t s, const char *name, double unit)
{
    if (unit == 0 || unit >= 1 / HQ_VALUE_MAX)
        return HQ_OK;
    return hq_fail(HQ_EINVAL, "symbol %zu: %s must be 0 (none) or at least 1e-100, got %s", s, name,
                   HQ_NUMBER(unit));
}

static HqStatus check_rules(size_t s, const HqSymbol *symbol, const HqBacktestOptions *options)
{
    HqStatus status = check_rule(s, "tick_size", symbol->tick_size);
    if (!status)
        status = check_rule(s, "lot_size", symbol->lot_size);
    if (!status)
        status = check_rule(s, "min_quantity", symbol->min_quantity);
    if (!status)
        status = check_rule(s, "min_notional", symbol->min_notional);
    if (!status)
        status = check_unit(s, "tick_size", symbol->tick_size);
    if (!status)
        status = check_unit(s, "lot_size", symbol->lot_size);
    if (!status && options->slippage_kind == HQ_SLIPPAGE_TICKS && options->slippage > 0 &&
        !(symbol->tick_size > 0))
        status = hq_fail(HQ_EINVAL, "symbol %zu: slippage in ticks needs a tick_size > 0, got %s",
                         s, HQ_NUMBER(symbol->tick_size));
    return status;
}

static HqStatus check_program(size_t s, const HqSymbol *symbol)
{
    if (symbol->program && symbol->signals)
        return hq_fail(HQ_EINVAL, "symbol %zu: program and signals exclude each other", s);
    if (!symbol->program && symbol->n_params > 0)
        return hq_fail(HQ_EINVAL, "symbol %zu: n_params is %zu, and there is no program", s,
                       symbol->n_params);
    if (symbol->program && !symbol->bars->buy_volume &&
        hq_program_reads_buy_volume(symbol->program))
        return hq_fail(HQ_EINVAL, "the strategy reads buy_volume, and the data has no such column; "
                                  "bars.buy_volume is NULL");
    for (size_t i = 0; symbol->signals && i < symbol->bars->length; i++)
        if (symbol->signals[i] < -1 || symbol->signals[i] > 1)
            return hq_fail(HQ_EINVAL,
                           "symbol %zu: signals[%zu] must be -1 (sell), 0 (none) or 1 (buy), "
                           "got %d", s, i, (int)symbol->signals[i]);
    return HQ_OK;
}

static HqStatus check_funding_rates(size_t s, const HqSymbol *symbol)
{
    for (size_t i = 0; symbol->funding_rate && i < symbol->bars->length; i++)
        if (!isnan(symbol->funding_rate[i]) && !(fabs(symbol->funding_rate[i]) <= HQ_VALUE_MAX))
            return hq_fail(HQ_EINVAL,
                           "symbol %zu: funding_rate[%zu] must be a finite number or NaN (missing), "
                           "got %s", s, i, HQ_NUMBER(symbol->funding_rate[i]));
    return HQ_OK;
}

static HqStatus check_finer(size_t s, const HqSymbol *symbol, const HqBacktestOptions *options)
{
    if (!symbol->finer)
        return HQ_OK;
    if (options->intrabar != HQ_INTRABAR_FINER)
        return hq_fail(HQ_EINVAL, "symbol %zu: finer bars are read only with intrabar = finer", s);
    HqStatus status = hq_check_bars(symbol->finer, false);
    if (status == HQ_OK)
        return HQ_OK;
    HqError error = *hq_last_error();
    return hq_fail(status, "finer %s", error.message); /* else it were a bar of the data */
}

/* Say whose bars a message about bars is of, where there are several. */
static HqStatus name_symbol(HqStatus status, size_t s, size_t n_symbols)
{
    if (status == HQ_OK || n_symbols == 1)
        return status;
    HqError error = *hq_last_error();
    if (strncmp(error.message, "symbol ", 7) == 0)
        return status;
    return hq_fail(status, "symbol %zu: %s", s, error.message);
}

/* Bars' own period is compared with what lies between them, which is to be in order. */
static HqStatus check_bars(const HqBars *bars, const HqBacktestOptions *options, bool but_values)
{
    if (but_values && options->bar_period_ms == 0)
        return hq_check_bar_columns(bars);
    HqStatus status = hq_check_bars_as(bars, options->bad_bars);
    return status ? status : hq_bars_check_period(bars, options->bar_period_ms);
}

static HqStatus check_symbol(size_t s, const HqSymbol *symbol, const HqBacktestOptions *options,
                             bool but_values)
{
    if (symbol->struct_size != sizeof *symbol || symbol->reserved)
        return hq_fail(HQ_EINVAL,
                       "symbol %zu: struct_size must be sizeof(HqSymbol) = %zu and reserved 0, got "
                       "%u and %u; begin with hq_symbol_init()", s, sizeof *symbol,
                       (unsigned)symbol->struct_size, (unsigned)symbol->reserved);
    HqStatus status = check_bars(symbol->bars, options, but_values);
    if (!status)
        status = check_rules(s, symbol, options);
    if (!status)
        status = check_program(s, symbol);
    if (!status)
        status = check_funding_rates(s, symbol);
    return status ? status : check_finer(s, symbol, options);
}

HqStatus hq_check_symbols(const HqSymbol *symbols, size_t n_symbols,
                          const HqBacktestOptions *options, bool but_values)
{
    if (!symbols || n_symbols == 0 || n_symbols > HQ_SYMBOLS_MAX)
        return hq_fail(HQ_EINVAL, "symbols: expected 1..%u of them, got %zu%s",
                       (unsigned)HQ_SYMBOLS_MAX, n_symbols, symbols ? "" : " at NULL");
    HqStatus status = HQ_OK;
    bool any_finer = false;
    for (size_t s = 0; s < n_symbols && status == HQ_OK; s++) {
        status = name_symbol(check_symbol(s, &symbols[s], options, but_values), s, n_symbols);
        any_finer |= symbols[s].finer != NULL;
    }
    if (status == HQ_OK && options->intrabar == HQ_INTRABAR_FINER && !any_finer)
        status = hq_fail(HQ_EINVAL, "intrabar = finer needs the finer bars of a symbol; none has any");
    return status;
}

/* ------------------------------------------------------------------ orders */

static HqStatus fail_order(size_t i, const char *name, const char *expected, double found)
{
    return hq_fail(HQ_EINVAL, "order %zu: %s must be %s, got %s", i, name, expected,
                   HQ_NUMBER(found));
}

static bool is_price(double value) { return value > 0 && value <= HQ_VALUE_MAX; }

static bool is_distance(double value, uint8_t unit)
{
    return unit == HQ_DISTANCE_NONE || (unit <= HQ_DISTANCE_FRACTION && is_price(value));
}

static HqStatus check_order_shape(const HqOrder *o, size_t i, size_t n_orders)
{
    static const uint8_t zero[sizeof o->reserved] = {0};
    if (o->type < HQ_ORDER_MARKET || o->type > HQ_ORDER_STOP_LIMIT)
        return fail_order(i, "type", "1 (market) .. 4 (stop-limit)", o->type);
    if (o->side != 1 && o->side != -1)
        return fail_order(i, "side", "+1 (buy) or -1 (sell)", o->side);
    if (o->reduce_only > 1)
        return fail_order(i, "reduce_only", "0 or 1", o->reduce_only);
    if (o->oco > n_orders)
        return fail_order(i, "oco", "0 (none) or a group 1..n_orders", o->oco);
    if (memcmp(o->reserved, zero, sizeof zero) != 0)
        return fail_order(i, "reserved", "0", o->reserved[0]);
    return HQ_OK;
}

static HqStatus check_order_numbers(const HqOrder *o, size_t i)
{
    bool has_limit = o->type == HQ_ORDER_LIMIT || o->type == HQ_ORDER_STOP_LIMIT;
    bool has_stop = o->type == HQ_ORDER_STOP || o->type == HQ_ORDER_STOP_LIMIT;
    if (o->size_unit > HQ_SIZE_MARGIN)
        return fail_order(i, "size_unit", "0 (all) .. 4 (margin)", o->size_unit);
    if (o->size_unit != HQ_SIZE_ALL && !is_price(o->size))
        return fail_order(i, "size", "a finite number > 0", o->size);
    if (has_limit && !is_price(o->price))
        return fail_order(i, "price", "a finite number > 0", o->price);
    if (has_stop && !is_price(o->stop_price))
        return fail_order(i, "stop_price", "a finite number > 0", o->stop_price);
    if (!is_distance(o->stop, o->stop_unit))
        return fail_order(i, "stop", "a finite distance > 0 with a stop_unit of 0..2", o->stop);
    if (!is_distance(o->target, o->target_unit))
        return fail_order(i, "target", "a finite distance > 0 with a target_unit of 0..2",
                          o->target);
    if (!is_distance(o->trail, o->trail_unit))
        return fail_order(i, "trail", "a finite distance > 0 with a trail_unit of 0..2", o->trail);
    return HQ_OK;
}

static HqStatus check_order_bar(const HqOrder *o, size_t i, const HqSymbol *symbols,
                                size_t n_symbols, int64_t *latest)
{
    if (o->symbol >= n_symbols)
        return fail_order(i, "symbol", "the index of one", o->symbol);
    if (o->bar < -1 || o->bar >= (int64_t)symbols[o->symbol].bars->length)
        return fail_order(i, "bar", "-1 or the index of a bar of its symbol", (double)o->bar);
    if (o->bar < latest[o->symbol])
        return fail_order(i, "bar", "not before that of the symbol's order before it; sort them",
                          (double)o->bar);
    latest[o->symbol] = o->bar;
    return HQ_OK;
}

HqStatus hq_check_orders(const HqOrder *orders, size_t n_orders, const HqSymbol *symbols,
                         size_t n_symbols)
{
    if (n_orders == 0)
        return HQ_OK;
    if (!orders || n_orders > UINT32_MAX - 1)
        return hq_fail(HQ_EINVAL, "orders: expected fewer than 2^32, got %zu%s", n_orders,
                       orders ? "" : " at NULL");
    int64_t *latest = hq_calloc(n_symbols, sizeof *latest);
    if (!latest)
        return HQ_ENOMEM;
    for (size_t s = 0; s < n_symbols; s++)
        latest[s] = -1;
    HqStatus status = HQ_OK;
    for (size_t i = 0; i < n_orders && status == HQ_OK; i++) {
        status = check_order_shape(&orders[i], i, n_orders);
        if (status == HQ_OK)
            status = check_order_numbers(&orders[i], i);
        if (status == HQ_OK)
            status = check_order_bar(&orders[i], i, symbols, n_symbols, latest);
    }
    free(latest);
    return status;
}
