// What a backtest and a sweep read: symbols and options, with all the memory that they point into.
#ifndef HQUANT_NODE_SYMBOLS_H
#define HQUANT_NODE_SYMBOLS_H

#include <hquant/backtest.h>

#include <deque>
#include <vector>

#include "bars.h"

// Of a request {symbols: [{bars, program?, params?, signals?, funding?, finer?, tick_size, ...}],
// options: {fields of HqBacktestOptions and of its account, tiers?}}.
struct Symbols {
    Symbols(Napi::Object request, Arrays arrays);
    Symbols(const Symbols &) = delete;

    std::vector<HqSymbol> entries;
    HqBacktestOptions options;

    size_t bars() const;  // of all symbols
    size_t steps() const; // throws std::bad_alloc

  private:
    void add(Napi::Object request, Arrays arrays);
    const HqBars *keep(Napi::Value bars, Arrays arrays);

    // A deque's elements stay where they are.
    std::deque<BarsInput> bars_;
    std::deque<std::shared_ptr<HqProgram>> programs_;
    std::deque<std::vector<double>> numbers_;
    std::deque<std::vector<int8_t>> signals_;
    std::vector<HqMarginTier> tiers_;
};

#endif
