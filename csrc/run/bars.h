/* The bars that a run reads: columns of the caller's. */
#ifndef HQ_RUN_BARS_H
#define HQ_RUN_BARS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/wide.h"
#include "exec/span.h"
#include "hquant/backtest.h"
#include "metrics/times.h"
#include "ring/bars.h"

/** Whether a bar can be traded, whatever the one before it was. */
bool hq_bar_is_good(const HqBars *bars, size_t i);

/** HQ_OK, or HQ_EINVAL naming the column that is missing. */
HqStatus hq_check_bar_columns(const HqBars *bars);

/** These, and all bars: HQ_EBAR or HQ_EORDER naming one. @param bad_ones_too  prices may be any. */
HqStatus hq_check_bars(const HqBars *bars, bool bad_ones_too);

/** hq_check_bars() as HqBacktestOptions.bad_bars asks for it, and what else it asks for. */
HqStatus hq_check_bars_as(const HqBars *bars, uint8_t bad_bars);

/**
 * hq_check_bars_as(), where that refuses one of the bars begin..end-1, and its message; HQ_OK else. Blocks are
 * checked one after the other.
 * @param has_candles     what hq_are_candles() answers of them.
 * @param[in,out] times   of all bars, looked at up to `begin`; up to `end` then.
 */
HqStatus hq_check_bar_block(const HqBars *bars, size_t begin, size_t end, uint8_t bad_bars,
                            bool has_candles, HqTimes *times);

/** HQ_OK, or HQ_EINVAL where most bars follow each other sooner than a period > 0 says. */
HqStatus hq_bars_check_period(const HqBars *bars, int64_t period_ms);

/* hq_find_bad_bar(bars, from, n): the first of bars from..n - 1 whose prices or volume are none; n. */
HQ_WIDE_DECLARE(size_t, hq_find_bad_bar, (const HqBars *bars, size_t from, size_t n));

/*
 * hq_are_candles(bars, begin, end, range): whether of each bar 0 < low <= open, close <= high <=
 * HQ_VALUE_MAX; the least and the most of all their prices then. At least one bar.
 */
HQ_WIDE_DECLARE(bool, hq_are_candles,
                (const HqBars *bars, size_t begin, size_t end, HqRange *range));

/* hq_find_bad_amount(values, from, n): the first that is not finite or beyond HQ_VALUE_MAX; n. */
HQ_WIDE_DECLARE(size_t, hq_find_bad_amount, (const double *values, size_t from, size_t n));

/* hq_find_early_bar(time, from, n): the first whose time is before that of the one in front of it; n. */
HQ_WIDE_DECLARE(size_t, hq_find_early_bar, (const int64_t *time, size_t from, size_t n));

#endif
