// Calls made for every bar: no arguments and no answer; both are in the stage (env.h, lib/staging.js).
#ifndef HQUANT_NODE_HOT_H
#define HQUANT_NODE_HOT_H

#include <cstring>

#include "env.h"
#include "errors.h"
#include "handle.h"

template <void (*Run)(Napi::Env, Env &)> napi_value hot_call(napi_env env, napi_callback_info info)
{
    void *own = nullptr;
    napi_get_cb_info(env, info, nullptr, nullptr, nullptr, &own);
    return Napi::details::WrapCallback(env, [&]() -> napi_value {
        Run(env, *static_cast<Env *>(own));
        return nullptr;
    });
}

template <void (*Run)(Napi::Env, Env &)>
void add_hot(Napi::Object exports, const char *name)
{
    Napi::Env env = exports.Env();
    napi_value function;
    if (napi_create_function(env, name, NAPI_AUTO_LENGTH, hot_call<Run>, &Env::of(env), &function) != napi_ok)
        throw Napi::Error::New(env, "cannot make a function");
    exports.Set(name, Napi::Value(env, function));
}

// The open handle that the stage names.
inline Handle &staged(Napi::Env env, const Env &own, Kind kind)
{
    Handle *handle = own.slots->at(own.stage[STAGE_SLOT]);
    if (!handle || handle->kind != kind)
        throw_closed(env, kind);
    return *handle;
}

template <typename T> T *staged(Napi::Env env, const Env &own)
{
    return static_cast<T *>(staged(env, own, kind_of<T>()).object.get());
}

inline int64_t staged_time(const Env &own)
{
    if (own.stage[STAGE_IS_BIGINT] == 0)
        return static_cast<int64_t>(own.stage[STAGE_TIMESTAMP]);
    int64_t time;
    std::memcpy(&time, own.stage + STAGE_TIMESTAMP, sizeof time);
    return time;
}

inline Bar staged_bar(const Env &own)
{
    const double *s = own.stage;
    return {staged_time(own), s[STAGE_OPEN],   s[STAGE_HIGH],      s[STAGE_LOW],
            s[STAGE_CLOSE],   s[STAGE_VOLUME], s[STAGE_BUY_VOLUME]};
}

#endif
