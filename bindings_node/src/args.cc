#include "args.h"

#include <cmath>

namespace {

constexpr double safe_limit = 9007199254740991.0; // 2^53-1

[[noreturn]] void refuse(Napi::Env env, size_t index, const char *expected)
{
    throw Napi::TypeError::New(env, "native argument " + std::to_string(index) + ": expected " +
                                        expected);
}

template <typename T> Span<T> span(Napi::Value value, napi_typedarray_type expected, const char *name)
{
    Napi::Env env = value.Env();
    bool is_array = false;
    napi_is_typedarray(env, value, &is_array);
    napi_typedarray_type type{};
    size_t length = 0;
    void *data = nullptr;
    napi_value buffer = nullptr;
    bool is_detached = true;
    if (is_array && napi_get_typedarray_info(env, value, &type, &length, &data, &buffer, nullptr) == napi_ok)
        napi_is_detached_arraybuffer(env, buffer, &is_detached);
    if (is_detached || type != expected)
        throw Napi::TypeError::New(env, std::string("expected a ") + name +
                                            " whose buffer is not detached");
    static T nothing; // an empty array may have no address, which the library takes for a missing one
    return {length ? static_cast<T *>(data) : &nothing, length};
}

} // namespace

double number(const Napi::CallbackInfo &info, size_t index)
{
    if (!info[index].IsNumber())
        refuse(info.Env(), index, "a number");
    return info[index].As<Napi::Number>().DoubleValue();
}

size_t whole(const Napi::CallbackInfo &info, size_t index)
{
    double value = number(info, index);
    if (!(value >= 0 && value <= safe_limit) || value != std::floor(value))
        refuse(info.Env(), index, "an integer in 0..2^53-1");
    return static_cast<size_t>(value);
}

uint32_t whole32(const Napi::CallbackInfo &info, size_t index)
{
    size_t value = whole(info, index);
    if (value > UINT32_MAX)
        refuse(info.Env(), index, "an integer in 0..2^32-1");
    return static_cast<uint32_t>(value);
}

int64_t integer64(const Napi::CallbackInfo &info, size_t index)
{
    if (info[index].IsBigInt()) {
        bool lossless = false;
        int64_t value = info[index].As<Napi::BigInt>().Int64Value(&lossless);
        if (!lossless)
            refuse(info.Env(), index, "a BigInt of 64 bits");
        return value;
    }
    double value = number(info, index);
    if (!(std::fabs(value) <= safe_limit) || value != std::floor(value))
        refuse(info.Env(), index, "an integer within 2^53-1, or a BigInt");
    return static_cast<int64_t>(value);
}

std::string text(const Napi::CallbackInfo &info, size_t index)
{
    if (!info[index].IsString())
        refuse(info.Env(), index, "a string");
    return info[index].As<Napi::String>().Utf8Value();
}

Napi::Value time_value(Napi::Env env, int64_t value)
{
    if (std::fabs(static_cast<double>(value)) <= safe_limit)
        return Napi::Number::New(env, static_cast<double>(value));
    return Napi::BigInt::New(env, value);
}

Span<double> doubles(Napi::Value value) { return span<double>(value, napi_float64_array, "Float64Array"); }
Span<int64_t> int64s(Napi::Value value) { return span<int64_t>(value, napi_bigint64_array, "BigInt64Array"); }
Span<int8_t> int8s(Napi::Value value) { return span<int8_t>(value, napi_int8_array, "Int8Array"); }
Span<double> doubles(const Napi::CallbackInfo &info, size_t index) { return doubles(info[index]); }
Span<int64_t> int64s(const Napi::CallbackInfo &info, size_t index) { return int64s(info[index]); }

Span<uint32_t> uint32s(const Napi::CallbackInfo &info, size_t index)
{
    return span<uint32_t>(info[index], napi_uint32_array, "Uint32Array");
}

Span<uint8_t> bytes(const Napi::CallbackInfo &info, size_t index)
{
    return span<uint8_t>(info[index], napi_uint8_array, "Uint8Array");
}
