/* What makes a year of steps at some times. */
#ifndef HQ_METRICS_YEAR_H
#define HQ_METRICS_YEAR_H

#include "hquant/metrics.h"
#include "metrics/times.h"

/** What is asked of times besides figures. */
typedef struct HqYearWanted {
    uint32_t market_days; /* as of hq_year_of() */
    HqYear *year;         /* NULL: nothing is */
} HqYearWanted;

/**
 * As hq_year_of(), of times that have all been looked at.
 * @param are_times      whether they are any; nothing is read of what are not.
 * @param periods, days  a year's, as given; NaN: to be found.
 * @return HQ_OK; HQ_ENOMEM, and *year is untouched.
 */
HqStatus hq_year_find(const HqTimes *times, bool are_times, double periods, double days, uint32_t market_days,
                      HqYear *year);

#endif
