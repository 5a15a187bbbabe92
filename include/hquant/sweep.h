/**
 * @file sweep.h
 * One strategy over many combinations of its PARAMs. docs/sweeps.md says how to read what comes out.
 */
#ifndef HQUANT_SWEEP_H
#define HQUANT_SWEEP_H

#include "backtest.h"
#include "metrics.h"

#ifdef __cplusplus
extern "C" {
#endif

/* [cdef] */
/** What a run with one combination came to: fields of its report and its metrics. 192 bytes. */
typedef struct HqSweepRow {
    uint64_t signals;          /**< as HqBacktestReport.signals, and so on */
    uint64_t orders;           /**< BUY and SELL signals */
    uint64_t rejected_orders;  /**< opened nothing */
    uint64_t fills;            /**< executions; a liquidation is none */
    uint64_t trades;           /**< positions closed */
    uint64_t open_trades;      /**< positions open after the last bar */
    uint64_t ambiguous_bars;   /**< bars whose order of prices was assumed, and mattered or may have */
    uint64_t warmup_bars;      /**< bars before the first on which a rule's condition was known */
    uint64_t liquidated;       /**< 1 when the account was liquidated */
    double final_equity;       /**< quote currency */
    double total_return;       /**< a fraction */
    double max_drawdown;       /**< -1..0 */
    double cagr;               /**< as HqMetrics.cagr, and so on: NaN where not defined */
    double volatility;         /**< of a year, a fraction */
    double sharpe;             /**< of a year */
    double calmar;             /**< cagr / |max_drawdown| */
    double win_rate;           /**< of closed trades, 0..1 */
    double profit_factor;      /**< of closed trades, >= 0 */
    double expectancy;         /**< quote currency */
    double fees;               /**< paid, quote currency; as HqBacktestReport.fees, and so on */
    double funding;            /**< paid, quote currency; < 0: received */
    double realized_pnl;       /**< before fees and funding, quote currency */
    double liquidation_loss;   /**< signed, quote currency */
    int32_t status;            /**< HQ_OK; else why it cannot be run: counts are then 0, all else is NaN */
    uint32_t reserved;         /**< zero */
} HqSweepRow;

/** A sweep. Begin with hq_sweep_init(). */
typedef struct HqSweep {
    uint32_t struct_size;             /**< sizeof(HqSweep), in bytes */
    uint32_t n_threads;               /**< 1..HQ_SWEEP_THREADS_MAX; no result depends on it */
    const HqSymbol *symbols;          /**< as of hq_backtest_run(); each has the same number of PARAMs or no program, and params NULL */
    size_t n_symbols;                 /**< 1..HQ_SYMBOLS_MAX */
    const HqBacktestOptions *options; /**< as of hq_backtest_run(); progress counts combinations */
    const double *params;             /**< n_combinations rows of n_params values, in the order of the PARAMs */
    size_t n_params;                  /**< values of a row: hq_program_param_count() */
    size_t n_combinations;            /**< rows, >= 1 */
    double periods_per_year;          /**< steps that make a year, > 0; NaN: not known; as HqMetricsInput, and so on */
    double days_per_year;             /**< daily returns that make a year, > 0; NaN: not known */
    double risk_free;                 /**< of a year, a fraction, between -1 and 1 */
} HqSweep;

/** Where a sweep puts what it finds: an entry a combination in each array. */
typedef struct HqSweepOutput {
    uint32_t struct_size;    /**< sizeof(HqSweepOutput), in bytes */
    uint32_t reserved;       /**< zero */
    HqSweepRow *rows;        /**< n_combinations of them */
    HqMetrics *metrics;      /**< n_combinations of them, struct_size set in each; may be NULL: slower */
    double *equity;          /**< n_combinations rows of steps_cap values, the curves; may be NULL */
    size_t steps_cap;        /**< at least hq_backtest_steps(), with equity */
} HqSweepOutput;

/** Set a sweep to its defaults: one thread, nothing attached, years of unknown length. */
HQ_API void hq_sweep_init(HqSweep *sweep);

/**
 * Run a strategy with every combination: each row is what hq_backtest_run() and hq_metrics() come
 * to with these params, to the last bit, on any number of threads and with any vector instructions.
 *
 * options->progress is called in the calling thread only, with the combinations done and in all,
 * between blocks of bars and after the last combination.
 * Memory does not depend on the number of combinations.
 *
 * A curve has as many values as the run has steps (HqBacktestReport.steps): hq_backtest_steps() less the
 * bars that are left out with HQ_BAD_BARS_SKIP, the same number for every combination. Those behind
 * them, up to hq_backtest_steps(), are NaN.
 *
 * A combination that the strategy cannot be run with is no failure: its row says so by its status,
 * HQ_EINVAL (a value that its PARAM or an indicator does not allow) or HQ_ELIMIT, its metrics and its
 * curve are NaN, and after the call hq_last_error() says why the first of them cannot be run.
 *
 * @return what hq_backtest_run() returns; HQ_EINVAL also for a field of `sweep` or `output`. On failure
 *         the arrays hold what was done until then.
 */
HQ_API HqStatus hq_sweep(const HqSweep *sweep, HqSweepOutput *output);
/* [/cdef] */

/** Most threads of one sweep. */
#define HQ_SWEEP_THREADS_MAX ((uint32_t)1024)

#ifdef __cplusplus
}
#endif
#endif
