// Columns of bars in typed arrays, as lib/columns.js has checked them.
#ifndef HQUANT_NODE_COLUMNS_H
#define HQUANT_NODE_COLUMNS_H

#include <hquant/engine.h>
#include <napi.h>

#include <vector>

// Seven arguments from `first` on: timestamp (BigInt64Array, or Float64Array of whole milliseconds), open,
// high, low, close, volume, buy_volume (or undefined). A TypeError or RangeError for anything else.
class Columns {
  public:
    Columns(const Napi::CallbackInfo &info, size_t first);
    // Valid as long as this object, and until JavaScript runs again.
    const HqBars &bars() const { return bars_; }

  private:
    void convert_times(Napi::Env env, const double *times);

    HqBars bars_{};
    std::vector<int64_t> times_; // where they were given as doubles
};

// What a call that takes bars answers to lib/columns.js: how many it took and, where it refused one, the error.
Napi::Value taken(Napi::Env env, HqStatus status, size_t count);

#endif
