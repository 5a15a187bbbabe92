#include "structs.h"

#include <type_traits>

namespace {

template <typename T> constexpr FieldType type_of()
{
    if (std::is_same_v<T, double>)
        return FieldType::f64;
    if (sizeof(T) == 8)
        return std::is_signed_v<T> ? FieldType::i64 : FieldType::u64;
    if (sizeof(T) == 4)
        return std::is_signed_v<T> ? FieldType::i32 : FieldType::u32;
    return std::is_signed_v<T> ? FieldType::i8 : FieldType::u8;
}

#define FIELD(type, name) {#name, type_of<decltype(type::name)>(), offsetof(type, name)}

const Field option_fields_[] = {
    FIELD(HqBacktestOptions, htf), FIELD(HqBacktestOptions, bar_period_ms),
    FIELD(HqBacktestOptions, fill), FIELD(HqBacktestOptions, intrabar),
    FIELD(HqBacktestOptions, sides), FIELD(HqBacktestOptions, hedged),
    FIELD(HqBacktestOptions, unaffordable), FIELD(HqBacktestOptions, bad_bars),
    FIELD(HqBacktestOptions, slippage_kind), FIELD(HqBacktestOptions, funding_missing),
    FIELD(HqBacktestOptions, size_unit), FIELD(HqBacktestOptions, stop_unit),
    FIELD(HqBacktestOptions, target_unit), FIELD(HqBacktestOptions, trail_unit),
    FIELD(HqBacktestOptions, pyramiding), FIELD(HqBacktestOptions, limit_bars),
    FIELD(HqBacktestOptions, limit_offset), FIELD(HqBacktestOptions, fee_per_unit),
    FIELD(HqBacktestOptions, slippage), FIELD(HqBacktestOptions, slippage_seed),
    FIELD(HqBacktestOptions, funding_interval_ms), FIELD(HqBacktestOptions, funding_constant),
    FIELD(HqBacktestOptions, size), FIELD(HqBacktestOptions, stop),
    FIELD(HqBacktestOptions, target), FIELD(HqBacktestOptions, trail),
};

const Field account_fields_[] = {
    FIELD(BacktestParams, initial_margin), FIELD(BacktestParams, leverage),
    FIELD(BacktestParams, contract_size), FIELD(BacktestParams, maker_fee_rate),
    FIELD(BacktestParams, taker_fee_rate), FIELD(BacktestParams, maintenance_margin_rate),
};

const Field order_fields_[] = {
    FIELD(HqOrder, bar), FIELD(HqOrder, symbol), FIELD(HqOrder, bars), FIELD(HqOrder, oco),
    FIELD(HqOrder, type), FIELD(HqOrder, side), FIELD(HqOrder, reduce_only),
    FIELD(HqOrder, size_unit), FIELD(HqOrder, stop_unit), FIELD(HqOrder, target_unit),
    FIELD(HqOrder, trail_unit), FIELD(HqOrder, size), FIELD(HqOrder, price),
    FIELD(HqOrder, stop_price), FIELD(HqOrder, stop), FIELD(HqOrder, target), FIELD(HqOrder, trail),
};

const Field symbol_fields_[] = {
    FIELD(HqSymbol, tick_size), FIELD(HqSymbol, lot_size), FIELD(HqSymbol, min_quantity),
    FIELD(HqSymbol, min_notional),
};

const Field report_fields_[] = {
    FIELD(HqBacktestReport, liquidated), FIELD(HqBacktestReport, bars),
    FIELD(HqBacktestReport, steps), FIELD(HqBacktestReport, rejected_bars),
    FIELD(HqBacktestReport, warmup_bars), FIELD(HqBacktestReport, signals),
    FIELD(HqBacktestReport, buy_signals), FIELD(HqBacktestReport, sell_signals),
    FIELD(HqBacktestReport, hold_signals), FIELD(HqBacktestReport, orders),
    FIELD(HqBacktestReport, filled_orders), FIELD(HqBacktestReport, ignored_same_side),
    FIELD(HqBacktestReport, ignored_side), FIELD(HqBacktestReport, rejected_orders),
    FIELD(HqBacktestReport, expired_orders), FIELD(HqBacktestReport, replaced_orders),
    FIELD(HqBacktestReport, cancelled_orders), FIELD(HqBacktestReport, dropped_last_bar),
    FIELD(HqBacktestReport, working_orders), FIELD(HqBacktestReport, partial_orders),
    FIELD(HqBacktestReport, fills), FIELD(HqBacktestReport, trades),
    FIELD(HqBacktestReport, open_trades), FIELD(HqBacktestReport, ambiguous_bars),
    FIELD(HqBacktestReport, final_equity), FIELD(HqBacktestReport, total_return),
    FIELD(HqBacktestReport, max_drawdown), FIELD(HqBacktestReport, fees),
    FIELD(HqBacktestReport, funding), FIELD(HqBacktestReport, realized_pnl),
    FIELD(HqBacktestReport, liquidation_loss),
};

const Field trade_fields_[] = {
    FIELD(HqTrade, entry_time), FIELD(HqTrade, exit_time), FIELD(HqTrade, entry_bar),
    FIELD(HqTrade, exit_bar), FIELD(HqTrade, bars_held), FIELD(HqTrade, entry_price),
    FIELD(HqTrade, exit_price), FIELD(HqTrade, quantity), FIELD(HqTrade, pnl), FIELD(HqTrade, fees),
    FIELD(HqTrade, funding), FIELD(HqTrade, margin), FIELD(HqTrade, risk),
    FIELD(HqTrade, r_multiple), FIELD(HqTrade, mae), FIELD(HqTrade, mfe), FIELD(HqTrade, entries),
    FIELD(HqTrade, symbol), FIELD(HqTrade, side), FIELD(HqTrade, entry_reason),
    FIELD(HqTrade, exit_reason),
};

const Field fill_fields_[] = {
    FIELD(HqFill, time), FIELD(HqFill, bar), FIELD(HqFill, order), FIELD(HqFill, price),
    FIELD(HqFill, quantity), FIELD(HqFill, fee), FIELD(HqFill, pnl), FIELD(HqFill, position),
    FIELD(HqFill, symbol), FIELD(HqFill, side), FIELD(HqFill, reason), FIELD(HqFill, is_maker),
    FIELD(HqFill, is_opening),
};

const Field row_fields_[] = {
    FIELD(HqSweepRow, signals), FIELD(HqSweepRow, orders), FIELD(HqSweepRow, rejected_orders),
    FIELD(HqSweepRow, fills), FIELD(HqSweepRow, trades), FIELD(HqSweepRow, open_trades),
    FIELD(HqSweepRow, ambiguous_bars), FIELD(HqSweepRow, warmup_bars),
    FIELD(HqSweepRow, liquidated), FIELD(HqSweepRow, final_equity), FIELD(HqSweepRow, total_return),
    FIELD(HqSweepRow, max_drawdown), FIELD(HqSweepRow, cagr), FIELD(HqSweepRow, volatility),
    FIELD(HqSweepRow, sharpe), FIELD(HqSweepRow, calmar), FIELD(HqSweepRow, win_rate),
    FIELD(HqSweepRow, profit_factor), FIELD(HqSweepRow, expectancy), FIELD(HqSweepRow, fees),
    FIELD(HqSweepRow, funding), FIELD(HqSweepRow, realized_pnl),
    FIELD(HqSweepRow, liquidation_loss), FIELD(HqSweepRow, status),
};

const Field metric_fields_[] = {
    FIELD(HqMetrics, returns), FIELD(HqMetrics, daily_returns), FIELD(HqMetrics, benchmark_returns),
    FIELD(HqMetrics, trades), FIELD(HqMetrics, longest_drawdown_bars),
    FIELD(HqMetrics, periods_per_year), FIELD(HqMetrics, days_per_year),
    FIELD(HqMetrics, risk_free), FIELD(HqMetrics, total_return), FIELD(HqMetrics, cagr),
    FIELD(HqMetrics, volatility), FIELD(HqMetrics, sharpe), FIELD(HqMetrics, sortino),
    FIELD(HqMetrics, omega), FIELD(HqMetrics, calmar), FIELD(HqMetrics, annual_return_geometric),
    FIELD(HqMetrics, volatility_geometric), FIELD(HqMetrics, sharpe_geometric),
    FIELD(HqMetrics, sortino_geometric), FIELD(HqMetrics, calmar_geometric),
    FIELD(HqMetrics, max_drawdown), FIELD(HqMetrics, longest_drawdown),
    FIELD(HqMetrics, ulcer_index), FIELD(HqMetrics, recovery_factor), FIELD(HqMetrics, skew),
    FIELD(HqMetrics, kurtosis), FIELD(HqMetrics, best_return), FIELD(HqMetrics, worst_return),
    FIELD(HqMetrics, exposure), FIELD(HqMetrics, bar_win_rate), FIELD(HqMetrics, bar_payoff_ratio),
    FIELD(HqMetrics, bar_profit_factor), FIELD(HqMetrics, bar_kelly),
    FIELD(HqMetrics, value_at_risk), FIELD(HqMetrics, cvar),
    FIELD(HqMetrics, value_at_risk_historical), FIELD(HqMetrics, cvar_historical),
    FIELD(HqMetrics, tail_ratio), FIELD(HqMetrics, beta), FIELD(HqMetrics, alpha),
    FIELD(HqMetrics, alpha_compounded), FIELD(HqMetrics, win_rate), FIELD(HqMetrics, payoff_ratio),
    FIELD(HqMetrics, profit_factor), FIELD(HqMetrics, kelly), FIELD(HqMetrics, expectancy),
    FIELD(HqMetrics, avg_win), FIELD(HqMetrics, avg_loss), FIELD(HqMetrics, sqn),
    FIELD(HqMetrics, avg_trade), FIELD(HqMetrics, best_trade), FIELD(HqMetrics, worst_trade),
    FIELD(HqMetrics, avg_bars_held), FIELD(HqMetrics, exposure_time),
};

const Field metric_input_fields_[] = {
    FIELD(HqMetricsInput, initial), FIELD(HqMetricsInput, periods_per_year),
    FIELD(HqMetricsInput, days_per_year), FIELD(HqMetricsInput, risk_free),
};

const Field run_option_fields_[] = {
    FIELD(HqRunOptions, htf), FIELD(HqRunOptions, bar_period_ms),
};

const Field run_result_fields_[] = {
    FIELD(HqRunResult, bars), FIELD(HqRunResult, rejected_bars), FIELD(HqRunResult, warmup_bars),
    FIELD(HqRunResult, signals), FIELD(HqRunResult, buy_signals), FIELD(HqRunResult, sell_signals),
    FIELD(HqRunResult, hold_signals),
};

} // namespace

#undef FIELD

const Fields option_fields = {option_fields_, sizeof option_fields_ / sizeof *option_fields_};
const Fields account_fields = {account_fields_, sizeof account_fields_ / sizeof *account_fields_};
const Fields order_fields = {order_fields_, sizeof order_fields_ / sizeof *order_fields_};
const Fields symbol_fields = {symbol_fields_, sizeof symbol_fields_ / sizeof *symbol_fields_};
const Fields report_fields = {report_fields_, sizeof report_fields_ / sizeof *report_fields_};
const Fields trade_fields = {trade_fields_, sizeof trade_fields_ / sizeof *trade_fields_};
const Fields fill_fields = {fill_fields_, sizeof fill_fields_ / sizeof *fill_fields_};
const Fields row_fields = {row_fields_, sizeof row_fields_ / sizeof *row_fields_};
const Fields metric_fields = {metric_fields_, sizeof metric_fields_ / sizeof *metric_fields_};
const Fields metric_input_fields = {metric_input_fields_, sizeof metric_input_fields_ / sizeof *metric_input_fields_};
const Fields run_option_fields = {run_option_fields_, sizeof run_option_fields_ / sizeof *run_option_fields_};
const Fields run_result_fields = {run_result_fields_, sizeof run_result_fields_ / sizeof *run_result_fields_};

