// The futures account: hquant.h and hquant/backtest.h.
#include <hquant/backtest.h>

#include <cmath>

#include "args.h"
#include "errors.h"
#include "handle.h"
#include "topics.h"

namespace {

FuturesBacktest *account(const Napi::CallbackInfo &info) { return at<FuturesBacktest>(info, 0); }

// (initial_margin, leverage, contract_size, maker_fee_rate, taker_fee_rate, maintenance_margin_rate)
Napi::Value account_new(const Napi::CallbackInfo &info)
{
    BacktestParams params = {number(info, 0), number(info, 1), number(info, 2),
                             number(info, 3), number(info, 4), number(info, 5)};
    std::shared_ptr<FuturesBacktest> owner(nonzero(info.Env(), hq_backtest_new(params)), hq_backtest_free);
    return wrap(info.Env(), Kind::account, owner, 0);
}

// (handle, action, price, margin)
Napi::Value apply_signal(const Napi::CallbackInfo &info)
{
    hq_clear_error();
    hq_backtest_apply_signal(account(info), static_cast<Action>(whole32(info, 1)), number(info, 2),
                             number(info, 3));
    check_last(info.Env());
    return info.Env().Undefined();
}

Napi::Value on_price(const Napi::CallbackInfo &info)
{
    hq_clear_error();
    hq_backtest_on_price(account(info), number(info, 1));
    check_last(info.Env());
    return info.Env().Undefined();
}

Napi::Value result(const Napi::CallbackInfo &info)
{
    Napi::Env env = info.Env();
    hq_clear_error();
    BacktestResult found = hq_backtest_result(account(info), number(info, 1));
    check_last(env);
    Napi::Object out = Napi::Object::New(env);
    out.Set("equity", found.equity);
    out.Set("profit", found.profit);
    out.Set("profit_rate", found.profit_rate);
    out.Set("max_drawdown_rate", found.max_drawdown_rate);
    out.Set("liquidated", found.liquidated != 0);
    return out;
}

template <HqStatus (*Open)(FuturesBacktest *, double, double, double)>
Napi::Value open(const Napi::CallbackInfo &info)
{
    check(info.Env(), Open(account(info), number(info, 1), number(info, 2), number(info, 3)));
    return info.Env().Undefined();
}

template <HqStatus (*Close)(FuturesBacktest *, double, double)>
Napi::Value close(const Napi::CallbackInfo &info)
{
    check(info.Env(), Close(account(info), number(info, 1), number(info, 2)));
    return info.Env().Undefined();
}

Napi::Value liquidated(const Napi::CallbackInfo &info)
{
    return Napi::Boolean::New(info.Env(), hq_backtest_liquidated(account(info)) != 0);
}

// Where NaN may be a failure.
Napi::Value amount(Napi::Env env, double found)
{
    if (std::isnan(found))
        check_last(env);
    return Napi::Number::New(env, found);
}

template <double (*Read)(FuturesBacktest *)> Napi::Value read(const Napi::CallbackInfo &info)
{
    hq_clear_error();
    return amount(info.Env(), Read(account(info)));
}

template <double (*Read)(FuturesBacktest *, double)> Napi::Value read_at(const Napi::CallbackInfo &info)
{
    hq_clear_error();
    return amount(info.Env(), Read(account(info), number(info, 1)));
}

// (handle, whether it is the long)
template <double (*Read)(FuturesBacktest *, int32_t)>
Napi::Value read_side(const Napi::CallbackInfo &info)
{
    hq_clear_error();
    return amount(info.Env(), Read(account(info), info[1].ToBoolean() ? 1 : -1));
}

} // namespace

void init_account(Napi::Object exports)
{
    add<account_new>(exports, "hq_backtest_new");
    add<apply_signal>(exports, "hq_backtest_apply_signal");
    add<on_price>(exports, "hq_backtest_on_price");
    add<result>(exports, "hq_backtest_result");
    add<open<hq_backtest_open_long>>(exports, "hq_backtest_open_long");
    add<open<hq_backtest_open_short>>(exports, "hq_backtest_open_short");
    add<close<hq_backtest_close_long>>(exports, "hq_backtest_close_long");
    add<close<hq_backtest_close_short>>(exports, "hq_backtest_close_short");
    add<liquidated>(exports, "hq_backtest_liquidated");
    add<read<hq_backtest_cash>>(exports, "hq_backtest_cash");
    add<read<hq_backtest_locked_margin>>(exports, "hq_backtest_locked_margin");
    add<read<hq_backtest_fees>>(exports, "hq_backtest_fees");
    add<read<hq_backtest_realized_pnl>>(exports, "hq_backtest_realized_pnl");
    add<read<hq_backtest_liquidation_loss>>(exports, "hq_backtest_liquidation_loss");
    add<read_at<hq_backtest_max_open_margin>>(exports, "hq_backtest_max_open_margin");
    add<read_at<hq_backtest_equity>>(exports, "hq_backtest_equity");
    add<read_at<hq_backtest_total_notional>>(exports, "hq_backtest_total_notional");
    add<read_at<hq_backtest_maintenance_margin>>(exports, "hq_backtest_maintenance_margin");
    add<read_side<hq_backtest_contracts>>(exports, "hq_backtest_contracts");
    add<read_side<hq_backtest_entry_price>>(exports, "hq_backtest_entry_price");
}
