#include "combinations.h"

#include <algorithm>
#include <string>

#include "result_column.h"

namespace {

constexpr size_t params_at_most = 256; // of a program

} // namespace

Combinations::Combinations(Napi::Object request) : width_(request.Get("n_params").ToNumber().Uint32Value())
{
    Napi::Env env = request.Env();
    if (width_ == 0 || width_ > params_at_most)
        throw Napi::RangeError::New(env, "n_params: expected 1..256");
    if (!request.Get("rows").IsUndefined()) {
        rows_ = double_vector(request.Get("rows"));
        if (rows_.size() % width_ != 0)
            throw Napi::RangeError::New(env, "rows: expected a value for each PARAM");
        count_ = rows_.size() / width_;
        return;
    }
    Napi::Object lists = request.Get("values").As<Napi::Object>();
    double count = 1;
    for (uint32_t k = 0; k < width_; k++) {
        values_.push_back(double_vector(lists.Get(k)));
        count *= static_cast<double>(values_.back().size());
    }
    if (!(count <= 1099511627776.0)) // 2^40: at a microsecond each, two weeks
        throw Napi::RangeError::New(env, "values: expected at most 2^40 combinations");
    count_ = static_cast<size_t>(count);
}

void Combinations::write(size_t start, size_t stop, double *to) const
{
    if (values_.empty()) {
        std::copy(rows_.data() + start * width_, rows_.data() + stop * width_, to);
        return;
    }
    for (size_t i = start; i < stop; i++, to += width_) {
        size_t rest = i;
        for (size_t k = width_; k-- > 0; rest /= values_[k].size())
            to[k] = values_[k][rest % values_[k].size()];
    }
}
