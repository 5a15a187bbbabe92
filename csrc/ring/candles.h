/* Bars as market data should have them: the rules are stricter than what the core takes. */
#ifndef HQ_RING_CANDLES_H
#define HQ_RING_CANDLES_H

#include "base/wide.h"
#include "ring/bars.h"

/**
 * hq_find_odd_bar(bars, n): the first of n bars that is no candle, whatever its buy_volume is; n when
 * all are. Fields within HQ_VALUE_MAX, low <= open, close <= high, volume >= 0, a time after that of
 * the bar in front of it.
 */
HQ_WIDE_DECLARE(size_t, hq_find_odd_bar, (const HqBars *bars, size_t n));

/** hq_find_odd_volume(values, n): the first that is not within 0..HQ_VALUE_MAX; n when all are. */
HQ_WIDE_DECLARE(size_t, hq_find_odd_volume, (const double *values, size_t n));

/** HQ_OK when all bars are candles; HQ_EBAR or HQ_EORDER naming the first that is none, and why. */
HqStatus hq_candles_check(const HqBars *bars);

#endif
