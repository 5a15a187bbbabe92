/**
 * @file metrics.h
 * What an equity curve and a list of trades amount to. docs/metrics.md has each figure's formula,
 * whose convention it is, and when it misleads.
 */
#ifndef HQUANT_METRICS_H
#define HQUANT_METRICS_H

#include "execution.h"

#ifdef __cplusplus
extern "C" {
#endif

/* [cdef] */
/**
 * A curve and what belongs to it. Begin with hq_metrics_input_init(). The curve is given as equity
 * or as returns: one of the two, the other NULL.
 */
typedef struct HqMetricsInput {
    uint32_t struct_size;     /**< sizeof(HqMetricsInput), in bytes */
    uint32_t reserved;        /**< zero */
    size_t length;            /**< steps, >= 1 */
    const int64_t *time;      /**< of each step, ms UTC, not falling */
    const double *equity;     /**< after each step, finite and >= 0; 0 from the first 0 on */
    const double *returns;    /**< of each step, a fraction, finite and >= -1 */
    const double *benchmark;  /**< price at each step, finite and > 0, NaN where there is none; may be NULL */
    const HqTrade *trades;    /**< n_trades of them, open ones included; may be NULL: not known */
    size_t n_trades;          /**< 0 without trades */
    double initial;           /**< equity before the first step, > 0; 0: the first equity is the start. 0 with returns */
    double periods_per_year;  /**< steps that make a year, > 0; NaN: not known, or to be found (hq_year_of()) */
    double days_per_year;     /**< daily returns that make a year, > 0; NaN as of periods_per_year */
    double risk_free;         /**< of a year, a fraction, between -1 and 1 */
} HqMetricsInput;

/**
 * The figures. What is not defined (no loss to divide by, too few returns, a year of unknown
 * length) is NaN. "Step" figures are of the returns from step to step, "daily" ones of the returns
 * from the last step of a UTC day to that of the next.
 */
typedef struct HqMetrics {
    uint32_t struct_size;        /**< set by the caller: sizeof(HqMetrics), in bytes */
    uint32_t reserved;           /**< zero */
    uint64_t returns;            /**< returns from step to step */
    uint64_t daily_returns;      /**< returns from day to day */
    uint64_t benchmark_returns;  /**< returns that the benchmark has too */
    uint64_t trades;             /**< closed trades */
    uint64_t longest_drawdown_bars; /**< steps from a peak until equity was back, or the end; the longest */
    double periods_per_year;     /**< as given, or found */
    double days_per_year;        /**< as given, or found */
    double risk_free;            /**< as given */
    double total_return;         /**< from the start to the end, a fraction */
    double cagr;                 /**< yearly growth, a fraction */
    double volatility;           /**< standard deviation of step returns, a year's */
    double sharpe;               /**< mean / standard deviation of step returns, a year's: empyrical, quantstats */
    double sortino;              /**< mean / downside deviation of step returns, a year's */
    double omega;                /**< sum of step returns above the risk-free one / sum of those below */
    double calmar;               /**< cagr / |max_drawdown| */
    double annual_return_geometric; /**< yearly growth of daily returns: backtesting.py's Return (Ann.) */
    double volatility_geometric; /**< of daily returns that compound: backtesting.py's Volatility (Ann.) */
    double sharpe_geometric;     /**< annual_return_geometric / volatility_geometric: backtesting.py's */
    double sortino_geometric;    /**< annual_return_geometric / downside deviation: backtesting.py's */
    double calmar_geometric;     /**< annual_return_geometric / |max_drawdown|: backtesting.py's */
    double max_drawdown;         /**< deepest fall from a peak, a fraction, -1..0 */
    double longest_drawdown;     /**< longest time from a peak until equity was back, or the end; days */
    double ulcer_index;          /**< root of the squared drawdowns' mean, a fraction */
    double recovery_factor;      /**< |sum of step returns| / |max_drawdown| */
    double skew;                 /**< of step returns, bias-corrected */
    double kurtosis;             /**< of step returns, excess, bias-corrected */
    double best_return;          /**< best step return */
    double worst_return;         /**< worst step return */
    double exposure;             /**< share of step returns that are not 0 */
    double bar_win_rate;         /**< share of the step returns that are not 0 which are > 0 */
    double bar_payoff_ratio;     /**< mean gain / |mean loss| of step returns */
    double bar_profit_factor;    /**< sum of gains / |sum of losses| of step returns */
    double bar_kelly;            /**< Kelly's fraction of step returns */
    double value_at_risk;        /**< 5 % quantile of daily returns, were they normal */
    double cvar;                 /**< mean of the daily returns below it, were they normal */
    double value_at_risk_historical; /**< 5 % quantile of daily returns, as they were */
    double cvar_historical;      /**< mean of the lowest 5 % of daily returns, as they were */
    double tail_ratio;           /**< |95 % quantile / 5 % quantile| of daily returns */
    double beta;                 /**< covariance with the benchmark's step returns / their variance */
    double alpha;                /**< mean step return beyond beta, a year's: the mean times the periods */
    double alpha_compounded;     /**< the same, compounded over the periods */
    double win_rate;             /**< share of the closed trades with a P&L that is not 0 which won */
    double payoff_ratio;         /**< avg_win / |avg_loss| */
    double profit_factor;        /**< sum of the winners' P&L / |sum of the losers'| */
    double kelly;                /**< Kelly's fraction of the closed trades */
    double expectancy;           /**< mean P&L of a closed trade, quote currency */
    double avg_win;              /**< mean P&L of the winners, quote currency */
    double avg_loss;             /**< mean P&L of the losers, quote currency, < 0 */
    double sqn;                  /**< root of their number * mean / standard deviation of the trades' P&L */
    double avg_trade;            /**< mean of pnl / notional at entry of the closed trades, a fraction */
    double best_trade;           /**< largest of these */
    double worst_trade;          /**< smallest of these */
    double avg_bars_held;        /**< mean of the closed trades' bars_held */
    double exposure_time;        /**< share of the steps within a trade's entry and exit, both included */
} HqMetrics;

/** What makes a year, and where that is from: "given", how it was found, or why it is not known. */
typedef struct HqYear {
    uint32_t struct_size;    /**< set by the caller: sizeof(HqYear), in bytes */
    uint32_t reserved;       /**< zero */
    double periods_per_year; /**< steps; NaN: not known */
    double days_per_year;    /**< daily returns; NaN: not known */
    char periods_from[128];  /**< of periods_per_year, in words: ASCII, ends in 0 */
    char days_from[128];     /**< of days_per_year, in words: ASCII, ends in 0 */
} HqYear;

/** Set an input to its defaults: no curve, nothing attached, years of unknown length. */
HQ_API void hq_metrics_input_init(HqMetricsInput *input);

/**
 * Work out the figures of a curve.
 *
 * @param input            not NULL; its arrays are read during the call alone.
 * @param[in,out] metrics  struct_size is read, the rest written; untouched on failure.
 * @return HQ_OK, HQ_EINVAL (a field, or a value of an array: the message names it), HQ_EORDER (a
 *         time is before the one in front of it), HQ_ENOMEM.
 * Allocates while it runs. Any thread.
 */
HQ_API HqStatus hq_metrics(const HqMetricsInput *input, HqMetrics *metrics);

/**
 * What makes a year: what the input says, and of what it leaves NaN what its times show (docs/metrics.md).
 * Fewer than two moments tell nothing, nor do times that are no ms since 1970: NaN then, and words.
 *
 * @param input          not NULL; struct_size, reserved, length, time, periods_per_year and days_per_year
 *                       are read. `length` may be 0.
 * @param market_days    days a year on which the market trades, 365 or 252; 0: what the times show. Not
 *                       asked for a number that is given.
 * @param[in,out] year   struct_size is read, the rest written; untouched on failure.
 * @return HQ_OK, HQ_EINVAL (a field: the message names it), HQ_EORDER (a time is before the one in front
 *         of it), HQ_ENOMEM.
 * Allocates while it runs. Any thread.
 */
HQ_API HqStatus hq_year_of(const HqMetricsInput *input, uint32_t market_days, HqYear *year);

/**
 * hq_metrics() by the year that hq_year_of() finds: two calls in one.
 *
 * @param input            as of hq_metrics(), but that a year's numbers that are NaN are found.
 * @param market_days      as of hq_year_of().
 * @param[in,out] year     as of hq_year_of(); untouched on failure.
 * @param[in,out] metrics  as of hq_metrics(); untouched on failure.
 * @return as hq_metrics().
 * Allocates while it runs. Any thread.
 */
HQ_API HqStatus hq_metrics_and_year(const HqMetricsInput *input, uint32_t market_days, HqYear *year,
                                    HqMetrics *metrics);

/**
 * The shortest time from one step to the next, in one look at the times.
 *
 * @param time  `length` times, ms.
 * @return ms; < 0 where times fall, INT64_MAX of fewer than two; INT64_MIN for NULL (HQ_EINVAL).
 * Allocates nothing. Any thread.
 */
HQ_API int64_t hq_shortest_step(const int64_t *time, size_t length);
/* [/cdef] */

#ifdef __cplusplus
}
#endif
#endif
