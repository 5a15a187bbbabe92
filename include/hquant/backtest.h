/**
 * @file backtest.h
 * The futures account beyond the seed's ABI, and a whole backtest in one call.
 */
#ifndef HQUANT_BACKTEST_H
#define HQUANT_BACKTEST_H

#include "engine.h"

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

/** Called after every 2^16 bars and after the last; a non-zero answer cancels the run. */
typedef int32_t (*HqProgressFn)(void *user, size_t done, size_t total);

/** Options of hq_backtest_run(). Begin with hq_backtest_options_init(). */
typedef struct HqBacktestOptions {
    uint32_t struct_size;       /**< sizeof(HqBacktestOptions), in bytes */
    uint32_t fill;              /**< 0: at the next bar's open; 1: at the signal bar's close */
    BacktestParams account;     /**< the account */
    HqProgressFn progress;      /**< may be NULL */
    void *progress_user;        /**< handed to progress as it is */
    const double *params;       /**< n_params values in place of the PARAMs' own; may be NULL */
    size_t n_params;            /**< 0, or hq_program_param_count() */
    int64_t bar_period_ms;      /**< of the bars, as hq_engine_set_htf(); 0: unknown */
    uint32_t htf;               /**< HQ_HTF_CLOSED or HQ_HTF_FORMING */
    uint32_t reserved;          /**< zero */
} HqBacktestOptions;

/** One closed or still open round trip. 88 bytes. */
typedef struct HqTrade {
    int64_t entry_time;   /**< timestamp of the bar it was entered on, ms */
    int64_t exit_time;    /**< timestamp of the bar it was left on, ms; of the last bar while open */
    uint64_t entry_bar;   /**< index of that bar */
    uint64_t exit_bar;    /**< index of that bar */
    double entry_price;   /**< quote currency */
    double exit_price;    /**< quote currency; of the check that liquidated it; the last close while open */
    double quantity;      /**< base asset units, > 0 */
    double pnl;           /**< after its fees, quote currency; unrealised while open */
    double fees;          /**< paid for this trade, quote currency */
    double margin;        /**< committed, quote currency */
    int8_t side;          /**< +1 long, -1 short */
    uint8_t exit_reason;  /**< 0 still open, 1 opposite signal, 2 liquidation */
    uint8_t reserved[6];  /**< zero */
} HqTrade;

/** What a run found. */
typedef struct HqBacktestReport {
    uint32_t struct_size;          /**< set by the caller: sizeof(HqBacktestReport), in bytes */
    uint32_t liquidated;           /**< 1 when the account was liquidated */
    uint64_t bars;                 /**< bars run */
    uint64_t signals;              /**< signals emitted, HOLD included */
    uint64_t buy_signals;          /**< of these BUY */
    uint64_t sell_signals;         /**< of these SELL */
    uint64_t hold_signals;         /**< of these HOLD */
    uint64_t fills;                /**< legs executed by orders: opens and closes; a liquidation is none */
    uint64_t trades;               /**< round trips closed, a liquidation included */
    uint64_t open_trades;          /**< still open after the last bar: 0 or 1 */
    uint64_t ignored_same_side;    /**< signals on the side already held (pyramiding = 0) */
    uint64_t dropped_last_bar;     /**< next-open BUY or SELL signals on the last bar: 0 or 1 */
    uint64_t rejected_orders;      /**< orders that opened nothing: no cash, or liquidated */
    double final_equity;           /**< at the last close, quote currency */
    double total_return;           /**< (final_equity - initial_margin) / initial_margin */
    double max_drawdown;           /**< of equity at the bars' closes, -1..0; -1 after a liquidation */
    double fees;                   /**< paid, quote currency */
    double realized_pnl;           /**< before fees, quote currency */
    double liquidation_loss;       /**< signed, quote currency */
} HqBacktestReport;

/**
 * Fill options with defaults: next open, 10,000 cash, leverage 1, contract 1, no fees, no
 * maintenance margin, the PARAMs' own values, closed candles, bar period unknown.
 */
HQ_API void hq_backtest_options_init(HqBacktestOptions *options);

/** Where a run puts its columns. Any pointer may be NULL. */
typedef struct HqBacktestOutput {
    uint32_t struct_size;    /**< sizeof(HqBacktestOutput), in bytes */
    uint32_t reserved;       /**< zero */
    double *equity;          /**< bars.length values: equity at each close, quote currency */
    uint8_t *actions;        /**< bars.length values: the signal of each bar, 0 for none */
    HqTrade *trades;         /**< room for trades_cap entries; the open trade comes last */
    size_t trades_cap;       /**< entries; trades beyond it are counted, not stored */
    size_t trades_len;       /**< out: entries stored */
} HqBacktestOutput;

/**
 * Run a program over bars through a futures account.
 *
 * Order inside a bar: liquidation check at the open; the order that the bar before left fills at
 * the open; liquidation check at the adverse extreme (the low for a long, the high for a short);
 * with fill = close the bar's own signal trades at the close; liquidation check at the close;
 * equity and drawdown are marked at the close; a next-open signal waits for the next bar. An
 * opening is followed by a check at its own price, as the account does. Fees: taker on both legs.
 * Size: all affordable equity after fees. When an order's turn comes, one for the side already held
 * is ignored and counted, an opposite one closes and opens. Each BUY or SELL signal ends in exactly
 * one count: an opening, ignored_same_side, dropped_last_bar or rejected_orders.
 *
 * The trades' pnl, the open one's included, add up to final_equity - initial_margin +
 * liquidation_loss. After a liquidation the strategy runs on, its orders are rejected.
 *
 * @param bars     columns; every bar must be finite and within HQ_VALUE_MAX, prices > 0, high >=
 *                 low, timestamps not falling. A program that reads buy_volume needs that column.
 * @param program  a verified program without clauses (HQ_EUNSUPPORTED).
 * @param output   may be NULL.
 * @return HQ_OK, HQ_EINVAL (options; the message names the field; a parameter out of its range; a
 *         timeframe that is no multiple of bar_period_ms), HQ_EBAR and HQ_EORDER (name the
 *         bar), HQ_EUNSUPPORTED, HQ_ENOMEM, HQ_ECANCELLED. On failure the report is untouched;
 *         only a cancelled run has written to the output's columns.
 */
HQ_API HqStatus hq_backtest_run(const HqBars *bars, const HqProgram *program,
                         const HqBacktestOptions *options, HqBacktestReport *report,
                         HqBacktestOutput *output);
/* [/cdef] */

#ifdef __cplusplus
}
#endif
#endif
