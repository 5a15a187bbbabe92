/* Bars handed in as columns. */
#ifndef HQ_API_COLUMNS_H
#define HQ_API_COLUMNS_H

#include <stdbool.h>

#include "base/error.h"
#include "hquant/engine.h"

/**
 * HQ_OK when the columns can be read.
 * @param reads_buy_volume  something is computed from buy_volume: zeros in its place would be a lie.
 */
static inline HqStatus hq_columns_check(const HqBars *bars, bool reads_buy_volume)
{
    if (!bars)
        return hq_fail(HQ_EINVAL, "bars: expected columns, found NULL");
    if (bars->length > 0 && (!bars->timestamp || !bars->open || !bars->high || !bars->low ||
                             !bars->close || !bars->volume))
        return hq_fail(HQ_EINVAL, "bars: expected every column but buy_volume, found NULL");
    if (bars->length > 0 && !bars->buy_volume && reads_buy_volume)
        return hq_fail(HQ_EINVAL, "bars: a strategy or an indicator reads buy_volume and the data "
                                  "has no such column; push zeros in its place if they are meant");
    return HQ_OK;
}

#endif
