#include "columns.h"

#include <cmath>

#include "args.h"
#include "errors.h"

namespace {

constexpr double safe_limit = 9007199254740991.0; // 2^53-1

const double *column(const Napi::CallbackInfo &info, size_t index, size_t length)
{
    Span<double> found = doubles(info, index);
    if (found.length != length)
        throw Napi::RangeError::New(info.Env(), "columns differ in length");
    return found.data;
}

} // namespace

Columns::Columns(const Napi::CallbackInfo &info, size_t first)
{
    Napi::Value times = info[first];
    bool is_double = times.IsTypedArray() &&
                     times.As<Napi::TypedArray>().TypedArrayType() == napi_float64_array;
    bars_.length = is_double ? doubles(times).length : int64s(times).length;
    const double **fields[] = {&bars_.open, &bars_.high, &bars_.low, &bars_.close, &bars_.volume};
    for (size_t i = 0; i < std::size(fields); i++)
        *fields[i] = column(info, first + 1 + i, bars_.length);
    if (!info[first + 6].IsUndefined())
        bars_.buy_volume = column(info, first + 6, bars_.length);
    if (is_double)
        convert_times(info.Env(), doubles(times).data);
    else
        bars_.timestamp = int64s(times).data;
}

void Columns::convert_times(Napi::Env env, const double *times)
{
    times_.resize(bars_.length);
    bool all_whole = true;
    for (size_t i = 0; i < bars_.length; i++) {
        double time = std::fabs(times[i]) <= safe_limit ? times[i] : 0.5; // no NaN may reach the cast
        times_[i] = static_cast<int64_t>(time);
        all_whole &= static_cast<double>(times_[i]) == time;
    }
    for (size_t i = 0; !all_whole && i < bars_.length; i++)
        if (!(std::fabs(times[i]) <= safe_limit) || times[i] != std::floor(times[i]))
            throw Napi::RangeError::New(
                env, "Expected timestamp[" + std::to_string(i) +
                         "] to be whole milliseconds within 2^53-1, or the column a BigInt64Array, but received " +
                         Napi::Number::New(env, times[i]).ToString().Utf8Value());
    bars_.timestamp = times_.data();
}

Napi::Value taken(Napi::Env env, HqStatus status, size_t count)
{
    Napi::Object out = Napi::Object::New(env);
    out.Set("count", static_cast<double>(count));
    if (status != HQ_OK)
        out.Set("error", Failure::of_this_thread().error(env).Value());
    return out;
}
