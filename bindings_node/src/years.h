// What the caller says of a year, and what hq_year_of() makes of it (docs/metrics.md).
#ifndef HQUANT_NODE_YEARS_H
#define HQUANT_NODE_YEARS_H

#include <hquant/metrics.h>
#include <napi.h>

// {periods_per_year?, market_days?, days_per_year?}.
struct YearWanted {
    double periods;       // NaN: not given
    uint32_t market_days; // on which the market trades; 0: not given
    double days;          // NaN: not given
    static YearWanted of(Napi::Object request);
    void put(HqMetricsInput *input) const;
};

// Not known yet; for C to write to.
HqYear blank_year();

// Figures by name, and where the year is from that they go by.
Napi::Object figures_object(Napi::Env env, const HqMetrics &figures, const HqYear &year);

#endif
