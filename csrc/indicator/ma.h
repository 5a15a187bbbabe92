/* The moving averages that rows with a matype parameter choose from, by TA-Lib's numbers. */
#ifndef HQ_INDICATOR_MA_H
#define HQ_INDICATOR_MA_H

#include <stdbool.h>

#include "indicator/pieces.h"

enum {
    HQ_MA_SMA, HQ_MA_EMA, HQ_MA_WMA, HQ_MA_DEMA, HQ_MA_TEMA, HQ_MA_TRIMA, HQ_MA_KAMA,
    HQ_MA_MAMA, HQ_MA_T3, HQ_MA_HMA, HQ_MA_DISABLED, HQ_MA_DEFAULT, HQ_MA_ZLEMA, HQ_MA_RMA,
};

/** The slot of a moving average of x; a period of 1 is x itself. */
uint32_t hq_ma(HqBuilder *builder, bool talib, double type, uint32_t x, double period);

/** Bars before its first value in talib mode. */
double hq_ma_lookback(double type, double period);

extern const HqRow hq_row_zlema_talib, hq_row_dema_talib, hq_row_tema_talib, hq_row_t3_talib, hq_row_ma_talib;

#endif
