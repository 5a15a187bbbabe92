/* Every row of the table, in the order users see. Adding an indicator adds one line here. */
#ifndef HQ_INDICATOR_LIST_H
#define HQ_INDICATOR_LIST_H

#include "indicator/row.h"

#define HQ_ROW_LIST(X) \
    X(sma)             \
    X(ema)             \
    X(stddev)          \
    X(rsi)             \
    X(boll)            \
    X(macd)            \
    X(atr)             \
    X(tr)              \
    X(highest)         \
    X(lowest)          \
    X(sum)             \
    X(change)          \
    X(lag)             \
    X(crossover)       \
    X(crossunder)      \
    X(cross)           \
    X(rising)          \
    X(falling)         \
    X(barssince)       \
    X(valuewhen)

#define HQ_ROW_DECLARE(name) extern const HqRow hq_row_##name;
HQ_ROW_LIST(HQ_ROW_DECLARE)
#undef HQ_ROW_DECLARE

#endif
