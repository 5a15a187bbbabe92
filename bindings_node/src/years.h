// How many steps make a year: as the caller says, or as the times of the data show (docs/metrics.md).
#ifndef HQUANT_NODE_YEARS_H
#define HQUANT_NODE_YEARS_H

#include <napi.h>

#include <string>

// A number and where it comes from; NaN where it is not known.
struct YearNumber {
    double value;
    std::string source;
};

struct Year {
    YearNumber periods; // steps
    YearNumber days;    // daily returns
};

// What the caller says: {periods_per_year?, market_days?, days_per_year?}.
struct YearWanted {
    double periods; // NaN: not given
    int market;     // days a year on which the market trades; 0: not given
    double days;    // NaN: not given
    static YearWanted of(Napi::Object request);
};

// Of `length` times, ms, not falling. Where they fall, nothing is known.
Year year_of(const int64_t *time, size_t length, const YearWanted &wanted);

#endif
