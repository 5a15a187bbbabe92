/* The exported futures account: check the arguments, take the guard, call in. */
#include "hquant/backtest.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "api/backtest_handle.h"
#include "base/alloc.h"
#include "base/error.h"
#include "base/number.h"
#include "exec/booking.h"

static_assert(sizeof(BacktestParams) == 48, "BacktestParams is ABI");
static_assert(sizeof(BacktestResult) == 40, "BacktestResult is ABI");

/* ----------------------------------------------------------------- checks */

static bool is_price(double price)
{
    if (price > 0 && price <= HQ_VALUE_MAX)
        return true;
    hq_fail(HQ_EINVAL, "price must be a finite number > 0 and at most 1e100, got %s",
            HQ_NUMBER(price));
    return false;
}

static bool is_amount(const char *name, double value, double most)
{
    if (value >= 0 && value <= most)
        return true;
    hq_fail(HQ_EINVAL, "%s must be a finite number >= 0 and at most %s, got %s", name,
            HQ_NUMBER(most), HQ_NUMBER(value));
    return false;
}

static bool is_margin(double margin) { return is_amount("margin", margin, DBL_MAX); }

static bool is_rate(double rate) { return is_amount("fee_rate", rate, HQ_VALUE_MAX); }

static bool enter(FuturesBacktest *handle)
{
    if (handle)
        return hq_guard_enter(&handle->guard);
    hq_fail(HQ_EINVAL, "handle is NULL; create one with hq_backtest_new()");
    return false;
}

/* The answer of a call that does not change the account. */
static double leave(FuturesBacktest *handle, double value)
{
    hq_guard_leave(&handle->guard);
    return value;
}

static HqStatus fail_liquidated(void)
{
    return hq_fail(HQ_ELIQUIDATED, "the account has been liquidated and trades no more");
}

static HqStatus fail_quantity(void)
{
    return hq_fail(HQ_EINVAL,
                   "the position would be too small or too large to hold: its quantity must be > 0 "
                   "and at most 1e100 base asset units; check price, margin and leverage");
}

/* ------------------------------------------------------------- lifecycle */

FuturesBacktest *hq_backtest_new(BacktestParams params)
{
    if (hq_account_check_params(&params))
        return NULL;
    FuturesBacktest *handle = hq_calloc(1, sizeof *handle);
    if (!handle)
        return NULL;
    hq_guard_init(&handle->guard);
    handle->account = hq_account_make(&params);
    return handle;
}

void hq_backtest_free(FuturesBacktest *handle)
{
    if (handle && hq_guard_enter(&handle->guard))
        free(handle);
}

/* --------------------------------------------------------------- trading */

/* Why nothing was opened, when a margin was asked for and there is cash for one. */
static HqStatus opening_status(const HqAccount *account, const HqLegFill *fill, double margin,
                               double fee_rate)
{
    if (fill->quantity > 0 || !(margin > 0))
        return HQ_OK;
    return hq_account_max_open_margin(account, 1, fee_rate) > 0 ? fail_quantity() : HQ_OK;
}

static void apply(HqAccount *account, Action action, double price, double margin)
{
    if (account->liquidated) {
        fail_liquidated();
        return;
    }
    HqLegFill opened = hq_account_apply(account, action, price, margin);
    if (action != ACTION_HOLD && !account->liquidated)
        opening_status(account, &opened, margin, account->params.taker_fee_rate);
}

void hq_backtest_apply_signal(FuturesBacktest *handle, Action action, double price, double margin)
{
    if (!enter(handle))
        return;
    if (action < ACTION_BUY || action > ACTION_HOLD)
        hq_fail(HQ_EINVAL, "action must be 1 (buy), 2 (sell) or 3 (hold), got %u",
                (unsigned)action);
    else if (is_price(price) && is_margin(margin))
        apply(&handle->account, action, price, margin);
    hq_guard_leave(&handle->guard);
}

void hq_backtest_on_price(FuturesBacktest *handle, double price)
{
    if (!enter(handle))
        return;
    if (is_price(price)) /* after a liquidation there is nothing left that a mark could change */
        hq_account_mark(&handle->account, price);
    hq_guard_leave(&handle->guard);
}

/* The check before and the mark after a trade; HQ_ELIQUIDATED when either ends the account. */
static HqStatus open_leg(HqAccount *account, HqSide side, double price, double margin,
                         double fee_rate)
{
    if (!account->liquidated)
        hq_account_check(account, price);
    if (account->liquidated)
        return fail_liquidated();
    HqLegFill fill = hq_account_open(account, side, price, margin, fee_rate);
    HqStatus status = opening_status(account, &fill, margin, fee_rate);
    if (status)
        return status;
    hq_account_mark(account, price);
    return account->liquidated ? fail_liquidated() : HQ_OK;
}

static HqStatus close_leg(HqAccount *account, HqSide side, double price, double fee_rate)
{
    if (!account->liquidated && !(account->legs[side].quantity > 0))
        return HQ_OK;
    if (!account->liquidated)
        hq_account_check(account, price);
    if (account->liquidated)
        return fail_liquidated();
    hq_account_close(account, side, price, HUGE_VAL, fee_rate);
    hq_account_mark(account, price);
    return account->liquidated ? fail_liquidated() : HQ_OK;
}

static HqStatus open_side(FuturesBacktest *handle, HqSide side, double price, double margin,
                          double fee_rate)
{
    if (!enter(handle))
        return hq_last_error()->code;
    HqStatus status = HQ_EINVAL;
    if (is_price(price) && is_margin(margin) && is_rate(fee_rate))
        status = open_leg(&handle->account, side, price, margin, fee_rate);
    hq_guard_leave(&handle->guard);
    return status;
}

static HqStatus close_side(FuturesBacktest *handle, HqSide side, double price, double fee_rate)
{
    if (!enter(handle))
        return hq_last_error()->code;
    HqStatus status = HQ_EINVAL;
    if (is_price(price) && is_rate(fee_rate))
        status = close_leg(&handle->account, side, price, fee_rate);
    hq_guard_leave(&handle->guard);
    return status;
}

HqStatus hq_backtest_open_long(FuturesBacktest *handle, double price, double margin,
                               double fee_rate)
{
    return open_side(handle, HQ_LONG, price, margin, fee_rate);
}

HqStatus hq_backtest_open_short(FuturesBacktest *handle, double price, double margin,
                                double fee_rate)
{
    return open_side(handle, HQ_SHORT, price, margin, fee_rate);
}

HqStatus hq_backtest_close_long(FuturesBacktest *handle, double price, double fee_rate)
{
    return close_side(handle, HQ_LONG, price, fee_rate);
}

HqStatus hq_backtest_close_short(FuturesBacktest *handle, double price, double fee_rate)
{
    return close_side(handle, HQ_SHORT, price, fee_rate);
}

/* --------------------------------------------------------------- reading */

BacktestResult hq_backtest_result(FuturesBacktest *handle, double price)
{
    BacktestResult result = {NAN, NAN, NAN, NAN, 0};
    if (!enter(handle))
        return result;
    if (is_price(price))
        result = hq_account_result(&handle->account, price);
    hq_guard_leave(&handle->guard);
    return result;
}

double hq_backtest_cash(FuturesBacktest *handle)
{
    return enter(handle) ? leave(handle, handle->account.cash) : NAN;
}

uint32_t hq_backtest_liquidated(FuturesBacktest *handle)
{
    if (!enter(handle))
        return 0;
    uint32_t liquidated = (uint32_t)handle->account.liquidated;
    hq_guard_leave(&handle->guard);
    return liquidated;
}

double hq_backtest_max_open_margin(FuturesBacktest *handle, double fee_rate)
{
    if (!enter(handle))
        return NAN;
    return leave(handle,
                 is_rate(fee_rate) ? hq_account_max_open_margin(&handle->account, 1, fee_rate) : NAN);
}

double hq_backtest_equity(FuturesBacktest *handle, double price)
{
    if (!enter(handle))
        return NAN;
    return leave(handle, is_price(price) ? hq_account_equity(&handle->account, price) : NAN);
}

double hq_backtest_locked_margin(FuturesBacktest *handle)
{
    return enter(handle) ? leave(handle, hq_account_locked(&handle->account)) : NAN;
}

double hq_backtest_total_notional(FuturesBacktest *handle, double price)
{
    if (!enter(handle))
        return NAN;
    return leave(handle, is_price(price) ? hq_account_notional(&handle->account, price) : NAN);
}

double hq_backtest_maintenance_margin(FuturesBacktest *handle, double price)
{
    if (!enter(handle))
        return NAN;
    return leave(handle, is_price(price) ? hq_account_maintenance(&handle->account, price) : NAN);
}

/* The leg of side +1 or -1; NULL with the error set for another number. */
static const HqLeg *leg_of(const FuturesBacktest *handle, int32_t side)
{
    if (side == 1 || side == -1)
        return &handle->account.legs[side == 1 ? HQ_LONG : HQ_SHORT];
    hq_fail(HQ_EINVAL, "side must be +1 (long) or -1 (short), got %d", (int)side);
    return NULL;
}

double hq_backtest_contracts(FuturesBacktest *handle, int32_t side)
{
    if (!enter(handle))
        return NAN;
    const HqLeg *leg = leg_of(handle, side);
    return leave(handle, leg ? leg->quantity / handle->account.params.contract_size : NAN);
}

double hq_backtest_entry_price(FuturesBacktest *handle, int32_t side)
{
    if (!enter(handle))
        return NAN;
    const HqLeg *leg = leg_of(handle, side);
    return leave(handle, leg && leg->quantity > 0 ? leg->entry : NAN);
}

double hq_backtest_fees(FuturesBacktest *handle)
{
    return enter(handle) ? leave(handle, handle->account.fees) : NAN;
}

double hq_backtest_realized_pnl(FuturesBacktest *handle)
{
    return enter(handle) ? leave(handle, handle->account.realized_pnl) : NAN;
}

double hq_backtest_liquidation_loss(FuturesBacktest *handle)
{
    return enter(handle) ? leave(handle, handle->account.liquidation_loss) : NAN;
}
