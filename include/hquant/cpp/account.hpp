/**
 * @file account.hpp
 * A futures account that trades as its caller says.
 */
#ifndef HQUANT_CPP_ACCOUNT_HPP
#define HQUANT_CPP_ACCOUNT_HPP

#include "handle.hpp"

#include "../backtest.h"

namespace hquant {
inline namespace HQUANT_MODE {

/** A side of an account. */
enum class Side : std::int32_t { long_side = 1, short_side = -1 };

/** How an account trades: cash of 10,000, no leverage, no fees unless it is told otherwise. */
struct AccountParams : BacktestParams {
    AccountParams() noexcept : BacktestParams{10000, 1, 1, 0, 0, 0} {}
};

/**
 * A futures account with a long and a short position. Prices are quote currency per base asset
 * unit, > 0; margins quote currency, >= 0; fee rates fractions of notional, >= 0. A trade of an
 * account that is or gets liquidated fails with HQ_ELIQUIDATED.
 */
class Account : public Handle<FuturesBacktest, hq_backtest_free> {
  public:
    using Handle::Handle;

    /** Open one. HQ_EINVAL names the field. */
    static Result<Account> create(const BacktestParams &params)
    {
        return detail::owned<Account>(hq_backtest_new(params));
    }
#if HQUANT_EXCEPTIONS
    /** As create(). */
    explicit Account(const BacktestParams &params) : Account(create(params)) {}
#endif

    /** Trade at market as a signal says: ACTION_BUY, ACTION_SELL, ACTION_HOLD. */
    Result<void> apply_signal(Action action, double price, double margin)
    {
        return detail::asked(hq_backtest_apply_signal, get(), action, price, margin);
    }
    /** Mark the account at a price; it may liquidate. */
    Result<void> on_price(double price)
    {
        return detail::asked(hq_backtest_on_price, get(), price);
    }
    /** The account valued at a price; nothing changes. */
    Result<BacktestResult> result(double price) const
    {
        return detail::asked(hq_backtest_result, get(), price);
    }

    /** Open or add to the long; margin is cut to what cash affords. */
    Result<void> open_long(double price, double margin, double fee_rate)
    {
        return detail::answer(hq_backtest_open_long(get(), price, margin, fee_rate));
    }
    /** Open or add to the short; as open_long(). */
    Result<void> open_short(double price, double margin, double fee_rate)
    {
        return detail::answer(hq_backtest_open_short(get(), price, margin, fee_rate));
    }
    /** Close the whole long; nothing happens when there is none. */
    Result<void> close_long(double price, double fee_rate)
    {
        return detail::answer(hq_backtest_close_long(get(), price, fee_rate));
    }
    /** Close the whole short; nothing happens when there is none. */
    Result<void> close_short(double price, double fee_rate)
    {
        return detail::answer(hq_backtest_close_short(get(), price, fee_rate));
    }

    /** Free cash, quote currency. */
    Result<double> cash() const { return detail::asked(hq_backtest_cash, get()); }
    /** Whether it was liquidated. Without exceptions: `liquidated().has_value()`, then `*`. */
    Result<bool> liquidated() const
    {
        const detail::Asking asking;
        const bool is_liquidated = hq_backtest_liquidated(get()) != 0;
        return detail::answer(asking.outcome(), bool(is_liquidated));
    }
    /** Largest margin that cash affords at a fee rate, quote currency. */
    Result<double> max_open_margin(double fee_rate) const
    {
        return detail::asked(hq_backtest_max_open_margin, get(), fee_rate);
    }
    /** Cash, margin and unrealised P&L at a price, quote currency. */
    Result<double> equity(double price) const
    {
        return detail::asked(hq_backtest_equity, get(), price);
    }
    /** Margin of both positions, quote currency. */
    Result<double> locked_margin() const { return detail::asked(hq_backtest_locked_margin, get()); }
    /** Value of both positions at a price, quote currency. */
    Result<double> total_notional(double price) const
    {
        return detail::asked(hq_backtest_total_notional, get(), price);
    }
    /** Equity that a price must leave, quote currency. */
    Result<double> maintenance_margin(double price) const
    {
        return detail::asked(hq_backtest_maintenance_margin, get(), price);
    }
    /** Contracts held. */
    Result<double> contracts(Side side) const
    {
        return detail::asked(hq_backtest_contracts, get(), static_cast<std::int32_t>(side));
    }
    /** Quantity-weighted entry price; NaN while the side is flat. */
    Result<double> entry_price(Side side) const
    {
        return detail::asked(hq_backtest_entry_price, get(), static_cast<std::int32_t>(side));
    }
    /** Fees paid so far, quote currency. */
    Result<double> fees() const { return detail::asked(hq_backtest_fees, get()); }
    /** Realised P&L before fees so far, quote currency. */
    Result<double> realized_pnl() const { return detail::asked(hq_backtest_realized_pnl, get()); }
    /** What a liquidation took, signed, quote currency. */
    Result<double> liquidation_loss() const
    {
        return detail::asked(hq_backtest_liquidation_loss, get());
    }
};

} // namespace HQUANT_MODE
} // namespace hquant

#endif
