/* Which members of structs the files have, by name. */
#include "vectors.h"

#define F(kind, name) FIELD(HqBacktestReport, kind, name)
static const Field report_fields[] = {
    F('i', liquidated), F('q', bars), F('q', steps), F('q', rejected_bars), F('q', warmup_bars),
    F('q', signals), F('q', buy_signals), F('q', sell_signals), F('q', hold_signals),
    F('q', orders), F('q', filled_orders), F('q', ignored_same_side), F('q', ignored_side),
    F('q', rejected_orders), F('q', expired_orders), F('q', replaced_orders),
    F('q', cancelled_orders), F('q', dropped_last_bar), F('q', working_orders),
    F('q', partial_orders), F('q', fills), F('q', trades), F('q', open_trades),
    F('q', ambiguous_bars), F('d', final_equity), F('d', total_return), F('d', max_drawdown),
    F('d', fees), F('d', funding), F('d', realized_pnl), F('d', liquidation_loss),
};
#undef F
const Fields report_members = {report_fields, COUNT(report_fields)};

#define F(kind, name) FIELD(HqTrade, kind, name)
static const Field trade_fields[] = {
    F('q', entry_time), F('q', exit_time), F('q', entry_bar), F('q', exit_bar), F('q', bars_held),
    F('d', entry_price), F('d', exit_price), F('d', quantity), F('d', pnl), F('d', fees),
    F('d', funding), F('d', margin), F('d', risk), F('d', r_multiple), F('d', mae), F('d', mfe),
    F('q', entries), F('i', symbol), F('b', side), F('u', entry_reason), F('u', exit_reason),
};
#undef F
const Fields trade_members = {trade_fields, COUNT(trade_fields)};

#define F(kind, name) FIELD(HqFill, kind, name)
static const Field fill_fields[] = {
    F('q', time), F('q', bar), F('q', order), F('d', price), F('d', quantity), F('d', fee),
    F('d', pnl), F('d', position), F('i', symbol), F('b', side), F('u', reason), F('u', is_maker),
    F('u', is_opening),
};
#undef F
const Fields fill_members = {fill_fields, COUNT(fill_fields)};

#define F(kind, name) FIELD(HqSweepRow, kind, name)
static const Field row_fields[] = {
    F('q', signals), F('q', orders), F('q', rejected_orders), F('q', fills), F('q', trades),
    F('q', open_trades), F('q', ambiguous_bars), F('q', warmup_bars), F('q', liquidated),
    F('d', final_equity), F('d', total_return), F('d', max_drawdown), F('d', cagr),
    F('d', volatility), F('d', sharpe), F('d', calmar), F('d', win_rate), F('d', profit_factor),
    F('d', expectancy), F('d', fees), F('d', funding), F('d', realized_pnl),
    F('d', liquidation_loss),
    /* set by the runner: whether the status is a failure */
    {"refused", offsetof(HqSweepRow, reserved), 'i'},
};
#undef F
const Fields row_members = {row_fields, COUNT(row_fields)};

#define F(kind, name) FIELD(HqMetrics, kind, name)
static const Field metric_fields[] = {
    F('q', returns), F('q', daily_returns), F('q', benchmark_returns), F('q', trades),
    F('q', longest_drawdown_bars), F('d', periods_per_year), F('d', days_per_year),
    F('d', risk_free), F('d', total_return), F('d', cagr), F('d', volatility), F('d', sharpe),
    F('d', sortino), F('d', omega), F('d', calmar), F('d', annual_return_geometric),
    F('d', volatility_geometric), F('d', sharpe_geometric), F('d', sortino_geometric),
    F('d', calmar_geometric), F('d', max_drawdown), F('d', longest_drawdown), F('d', ulcer_index),
    F('d', recovery_factor), F('d', skew), F('d', kurtosis), F('d', best_return),
    F('d', worst_return), F('d', exposure), F('d', bar_win_rate), F('d', bar_payoff_ratio),
    F('d', bar_profit_factor), F('d', bar_kelly), F('d', value_at_risk), F('d', cvar),
    F('d', value_at_risk_historical), F('d', cvar_historical), F('d', tail_ratio), F('d', beta),
    F('d', alpha), F('d', alpha_compounded), F('d', win_rate), F('d', payoff_ratio),
    F('d', profit_factor), F('d', kelly), F('d', expectancy), F('d', avg_win), F('d', avg_loss),
    F('d', sqn), F('d', avg_trade), F('d', best_trade), F('d', worst_trade), F('d', avg_bars_held),
    F('d', exposure_time),
};
#undef F
const Fields metric_members = {metric_fields, COUNT(metric_fields)};
