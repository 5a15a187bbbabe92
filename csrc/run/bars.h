/* The bars that a run reads: columns of the caller's. */
#ifndef HQ_RUN_BARS_H
#define HQ_RUN_BARS_H

#include <stdbool.h>
#include <stddef.h>

#include "hquant/backtest.h"

/** Whether a bar can be traded, whatever the one before it was. */
bool hq_bar_is_good(const HqBars *bars, size_t i);

static inline Bar hq_bars_at(const HqBars *bars, size_t i)
{
    double buy_volume = bars->buy_volume ? bars->buy_volume[i] : 0;
    return (Bar){bars->timestamp[i], bars->open[i],   bars->high[i], bars->low[i],
                 bars->close[i],     bars->volume[i], buy_volume};
}

#endif
