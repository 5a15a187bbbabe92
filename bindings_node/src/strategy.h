// Strategies into an engine or a MultiHQuant.
#ifndef HQUANT_NODE_STRATEGY_H
#define HQUANT_NODE_STRATEGY_H

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

#endif
