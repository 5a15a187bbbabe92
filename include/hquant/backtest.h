/**
 * @file backtest.h
 * The futures account beyond the seed's ABI, and a whole backtest in one call.
 */
#ifndef HQUANT_BACKTEST_H
#define HQUANT_BACKTEST_H

#include "execution.h"
#include "metrics.h"

#ifdef __cplusplus
extern "C" {
#endif

/* [cdef] */
/* ---------------------------------------------------------------- account */
/*
 * Prices: quote currency per base asset unit, > 0. Margins: quote currency, >= 0. fee_rate:
 * fraction of notional, >= 0 (the caller chooses maker or taker). All finite, prices and rates at
 * most HQ_VALUE_MAX. Each trade checks for liquidation at its price, trades, then marks, as
 * hq_backtest_apply_signal() does, and answers HQ_OK, HQ_EINVAL (nothing changes), HQ_ELIQUIDATED
 * (the account was, or is now, liquidated) or HQ_EBUSY.
 */

/** Free cash, quote currency; NaN for NULL. Below 0 only while an open position's profit covers it. */
HQ_API double hq_backtest_cash(FuturesBacktest *handle);

/** 1 after a liquidation; 0 otherwise or for NULL. */
HQ_API uint32_t hq_backtest_liquidated(FuturesBacktest *handle);

/** Largest margin that cash affords at a fee rate: margin + margin * leverage * fee_rate <= cash. NaN for NULL. */
HQ_API double hq_backtest_max_open_margin(FuturesBacktest *handle, double fee_rate);

/**
 * Open or add to the long; margin is clamped to what cash affords including the fee, and when that
 * is 0 nothing opens and the answer is HQ_OK. HQ_EINVAL also when the whole position would not be
 * of 0 < quantity <= HQ_VALUE_MAX base asset units.
 */
HQ_API HqStatus hq_backtest_open_long(FuturesBacktest *handle, double price, double margin, double fee_rate);
/** Open or add to the short; as hq_backtest_open_long(). */
HQ_API HqStatus hq_backtest_open_short(FuturesBacktest *handle, double price, double margin, double fee_rate);
/** Close the whole long; HQ_OK and nothing happens when there is none. */
HQ_API HqStatus hq_backtest_close_long(FuturesBacktest *handle, double price, double fee_rate);
/** Close the whole short; HQ_OK and nothing happens when there is none. */
HQ_API HqStatus hq_backtest_close_short(FuturesBacktest *handle, double price, double fee_rate);

/** Cash + margin + unrealised P&L at a price, at least 0, quote currency; NaN for NULL or a bad price. */
HQ_API double hq_backtest_equity(FuturesBacktest *handle, double price);
/** Margin locked in positions, quote currency; NaN for NULL. */
HQ_API double hq_backtest_locked_margin(FuturesBacktest *handle);
/** Value of both positions at a price, quote currency; NaN for NULL or a bad price. */
HQ_API double hq_backtest_total_notional(FuturesBacktest *handle, double price);
/** total_notional * maintenance_margin_rate, quote currency; NaN for NULL or a bad price. */
HQ_API double hq_backtest_maintenance_margin(FuturesBacktest *handle, double price);
/** Contracts held: side +1 the long, -1 the short; NaN for NULL or another side. */
HQ_API double hq_backtest_contracts(FuturesBacktest *handle, int32_t side);
/** Quantity-weighted entry price of a side; NaN when it is flat, for NULL or another side. */
HQ_API double hq_backtest_entry_price(FuturesBacktest *handle, int32_t side);
/** Fees paid since the start, quote currency; NaN for NULL. */
HQ_API double hq_backtest_fees(FuturesBacktest *handle);
/** Realised P&L before fees since the start, quote currency; NaN for NULL. */
HQ_API double hq_backtest_realized_pnl(FuturesBacktest *handle);
/**
 * What the liquidation took, signed, quote currency: the equity that was left (> 0) or missing
 * (< 0) when it came, the P&L of its positions being realised at that price. initial_margin + realized_pnl - fees -
 * liquidation_loss = cash + locked_margin at every moment; NaN for NULL, 0 before a liquidation.
 */
HQ_API double hq_backtest_liquidation_loss(FuturesBacktest *handle);

/* --------------------------------------------------------- one-call backtest */

/** What a run found. Begin with struct_size set. docs/backtesting.md says what each count counts. */
typedef struct HqBacktestReport {
    uint32_t struct_size;          /**< set by the caller: sizeof(HqBacktestReport), in bytes */
    uint32_t liquidated;           /**< 1 when the account was liquidated */
    uint64_t bars;                 /**< bars of all symbols, rejected ones included */
    uint64_t steps;                /**< moments of the curves: steps with a bar that was run */
    uint64_t rejected_bars;        /**< bars left out: HQ_BAD_BARS_SKIP */
    uint64_t warmup_bars;          /**< bars before the first on which a rule's condition was known, most of any symbol */
    uint64_t signals;              /**< signals emitted, HOLD included */
    uint64_t buy_signals;          /**< of these BUY */
    uint64_t sell_signals;         /**< of these SELL */
    uint64_t hold_signals;         /**< of these HOLD */
    uint64_t orders;               /**< BUY and SELL signals, and the caller's orders; the sum of the next nine */
    uint64_t filled_orders;        /**< done, in full or cut to what cash affords */
    uint64_t ignored_same_side;    /**< signals on the side already held */
    uint64_t ignored_side;         /**< signals of a side that may not be held, with nothing to close */
    uint64_t rejected_orders;      /**< opened nothing; by reason in `rejects` */
    uint64_t expired_orders;       /**< not reached in their time */
    uint64_t replaced_orders;      /**< a later signal's took their place */
    uint64_t cancelled_orders;     /**< another order of their group was filled */
    uint64_t dropped_last_bar;     /**< given at the last bar, whose next bar is not there */
    uint64_t working_orders;       /**< still resting at the end */
    uint64_t partial_orders;       /**< of the filled: cut to what cash or the margin tiers allow */
    uint64_t rejects[8];           /**< rejected orders by HQ_REJECT_CLAUSE .. HQ_REJECT_MAX_SIZE */
    uint64_t fills;                /**< executions; a liquidation is none */
    uint64_t trades;               /**< positions closed, a liquidation included */
    uint64_t open_trades;          /**< positions open after the last bar */
    uint64_t ambiguous_bars;       /**< bars whose order of prices was assumed, and mattered or may have */
    double final_equity;           /**< at the last close, quote currency */
    double total_return;           /**< (final_equity - initial_margin) / initial_margin */
    double max_drawdown;           /**< of equity at the steps' closes, -1..0; -1 after a liquidation */
    double fees;                   /**< paid, quote currency */
    double funding;                /**< paid, quote currency; < 0: received */
    double realized_pnl;           /**< before fees and funding, quote currency */
    double liquidation_loss;       /**< signed, quote currency */
} HqBacktestReport;

/**
 * Where a run puts its columns. Any pointer may be NULL. A step is a moment of the bars: those of
 * all symbols that have the same timestamp, one of each symbol.
 */
typedef struct HqBacktestOutput {
    uint32_t struct_size;    /**< sizeof(HqBacktestOutput), in bytes */
    uint32_t reserved;       /**< zero */
    size_t steps_cap;        /**< room of the next four, in steps; less than hq_backtest_steps() is HQ_EINVAL */
    int64_t *time;           /**< of each step, ms */
    double *equity;          /**< at each step's close, quote currency */
    double *margin;          /**< locked at each step's close, quote currency */
    double *position;        /**< signed base asset units at each step's close: steps x symbols, a step's symbols side by side */
    uint8_t *actions;        /**< a value for each bar, symbol after symbol: ACTION_BUY, ACTION_SELL, ACTION_HOLD, 0 none */
    HqTrade *trades;         /**< room for trades_cap entries; in the order they ended, open ones last */
    size_t trades_cap;       /**< entries; trades beyond it are counted, not stored */
    size_t trades_len;       /**< out: entries stored */
    HqFill *fills;           /**< room for fills_cap entries, in the order they happened */
    size_t fills_cap;        /**< entries; fills beyond it are counted, not stored */
    size_t fills_len;        /**< out: entries stored */
    HqMetrics *metrics;      /**< struct_size set: hq_metrics_and_year() of what the run writes, with no year given */
    HqYear *year;            /**< struct_size set: the year that metrics go by; NULL where metrics is */
    size_t has_metrics;      /**< out: 1 where metrics was written; 0 where hq_metrics() refuses, or not all trades were stored */
} HqBacktestOutput;

/** How many steps the bars of n_symbols symbols make, bars that are left out included; 0 for NULL, and without
 * memory to count them (HQ_ENOMEM is then the last error). */
HQ_API size_t hq_backtest_steps(const HqSymbol *symbols, size_t n_symbols);

/**
 * Run strategies, signals or orders over bars through one account, by the rules of
 * docs/backtesting.md.
 *
 * The trades' pnl, open ones' included, add up to final_equity - initial_margin + liquidation_loss.
 * There are at most 3 fills and 2 trades for each BUY or SELL signal and each order, and 2 trades
 * open at the end for each symbol.
 *
 * @param symbols  n_symbols of them, 1..HQ_SYMBOLS_MAX. Every bar must be finite and within
 *                 HQ_VALUE_MAX, prices > 0, high >= low, timestamps not falling.
 * @param orders   n_orders of them; those of one symbol by `bar`, not falling. May be NULL for 0.
 * @param options  not NULL; hq_backtest_options_init() makes the defaults.
 * @param output   may be NULL. Its metrics need its equity, and its time where there are several symbols or
 *                 bars may be left out.
 * @return HQ_OK, HQ_EINVAL (an option, a symbol's field, an order; the message names it), HQ_EBAR
 *         and HQ_EORDER (name the bar), HQ_ENOMEM, HQ_ELIMIT, HQ_ECANCELLED. On failure the report
 *         is untouched; a run that was cancelled, or met a bar that is refused or a funding rate
 *         that is missing, may have written to the output's columns.
 */
HQ_API HqStatus hq_backtest_run(const HqSymbol *symbols, size_t n_symbols, const HqOrder *orders,
                         size_t n_orders, const HqBacktestOptions *options,
                         HqBacktestReport *report, HqBacktestOutput *output);
/* [/cdef] */

/** Most symbols of one run. */
#define HQ_SYMBOLS_MAX ((uint32_t)4096)

#ifdef __cplusplus
}
#endif
#endif
