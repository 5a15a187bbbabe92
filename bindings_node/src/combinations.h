// Combinations of PARAMs, made when they are asked for: rows of values, a value a PARAM.
#ifndef HQUANT_NODE_COMBINATIONS_H
#define HQUANT_NODE_COMBINATIONS_H

#include <napi.h>

#include <vector>

class Combinations {
  public:
    // Of a request {n_params, rows: Float64Array} or {n_params, values: [Float64Array, ...]}: these
    // rows, or every combination, the last PARAM changing fastest.
    explicit Combinations(Napi::Object request);

    size_t width() const { return width_; }
    size_t count() const { return count_; }
    // Write rows start..stop-1 one behind the other.
    void write(size_t start, size_t stop, double *to) const;

  private:
    size_t width_, count_;
    std::vector<double> rows_; // or:
    std::vector<std::vector<double>> values_;
};

#endif
