// The table of a sweep: the rows that are kept, a column a PARAM and a figure.
#ifndef HQUANT_NODE_SWEEP_TABLE_H
#define HQUANT_NODE_SWEEP_TABLE_H

#include <algorithm>
#include <new>
#include <vector>

#include "result_column.h"

class Table {
  public:
    void make(size_t width, size_t room, size_t steps)
    {
        columns_.clear();
        for (size_t i = 0; i < width; i++)
            columns_.emplace_back(napi_float64_array, room);
        steps_ = steps;
        if (steps > 0)
            curves_ = ResultColumn(napi_float64_array, multiplied(room, steps));
    }

    double *column(size_t index) const { return columns_[index].data<double>(); }
    double *curve(size_t row) const { return curves_.data<double>() + row * steps_; }
    size_t length() const { return length_; }
    void lengthen(size_t count) { length_ += count; }

    // Keep the first `most` rows of an order.
    void keep(const std::vector<size_t> &order, size_t most)
    {
        size_t kept = std::min(order.size(), most);
        std::vector<double> old(length_);
        for (const ResultColumn &column : columns_) {
            double *values = column.data<double>();
            std::copy(values, values + length_, old.begin());
            for (size_t i = 0; i < kept; i++)
                values[i] = old[order[i]];
        }
        if (steps_ > 0)
            keep_curves(order, kept);
        length_ = kept;
    }

    Napi::Value column_to_js(Napi::Env env, size_t index)
    {
        columns_[index].cut(length_);
        return columns_[index].to_js(env);
    }

    Napi::Value curves_to_js(Napi::Env env)
    {
        curves_.cut(length_ * steps_);
        return curves_.to_js(env);
    }

  private:
    static size_t multiplied(size_t a, size_t b)
    {
        if (b > 0 && a > SIZE_MAX / b)
            throw std::bad_alloc();
        return a * b;
    }

    void keep_curves(const std::vector<size_t> &order, size_t kept)
    {
        std::vector<double> old(curve(0), curve(length_));
        for (size_t i = 0; i < kept; i++)
            std::copy_n(old.data() + order[i] * steps_, steps_, curve(i));
    }

    std::vector<ResultColumn> columns_;
    ResultColumn curves_;
    size_t length_ = 0, steps_ = 0;
};

#endif
