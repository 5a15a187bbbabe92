// What an engine and a MultiHQuant take alike: strategies, and how they are set.
#ifndef HQUANT_NODE_ENGINES_H
#define HQUANT_NODE_ENGINES_H

#include "args.h"
#include "errors.h"
#include "handle.h"

// Text, or a program's bytes.
inline std::string program_at(const Napi::CallbackInfo &info, size_t index)
{
    if (info[index].IsString())
        return text(info, index);
    Span<uint8_t> program = bytes(info, index);
    return {reinterpret_cast<const char *>(program.data), program.length};
}

inline const uint8_t *raw(const std::string &text)
{
    return reinterpret_cast<const uint8_t *>(text.data());
}

// (handle, name, text or bytes)
template <typename T, uint32_t (*Add)(T *, const uint8_t *, size_t, const uint8_t *, size_t)>
Napi::Value add_strategy(const Napi::CallbackInfo &info)
{
    std::string name = text(info, 1), program = program_at(info, 2);
    uint32_t id = Add(at<T>(info, 0), raw(name), name.size(), raw(program), program.size());
    return Napi::Number::New(info.Env(), nonzero(info.Env(), id));
}

// (handle, strategy_id, name, value)
template <typename T, HqStatus (*Set)(T *, uint32_t, const char *, double)>
Napi::Value set_param(const Napi::CallbackInfo &info)
{
    std::string name = text(info, 2);
    check(info.Env(), Set(at<T>(info, 0), whole32(info, 1), name.c_str(), number(info, 3)));
    return info.Env().Undefined();
}

// (handle, htf, bar_period_ms)
template <typename T, HqStatus (*Set)(T *, uint32_t, int64_t)>
Napi::Value set_htf(const Napi::CallbackInfo &info)
{
    check(info.Env(), Set(at<T>(info, 0), whole32(info, 1), integer64(info, 2)));
    return info.Env().Undefined();
}

// (handle, capacity)
template <typename T, HqStatus (*Set)(T *, size_t)>
Napi::Value set_signal_capacity(const Napi::CallbackInfo &info)
{
    check(info.Env(), Set(at<T>(info, 0), whole(info, 1)));
    return info.Env().Undefined();
}

// (handle)
template <typename T, typename Number, Number (*Count)(T *)>
Napi::Value count(const Napi::CallbackInfo &info)
{
    return Napi::Number::New(info.Env(), static_cast<double>(Count(at<T>(info, 0))));
}

#endif
