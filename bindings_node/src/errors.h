// Failures of the library as JavaScript exceptions.
#ifndef HQUANT_NODE_ERRORS_H
#define HQUANT_NODE_ERRORS_H

#include <hquant/status.h>
#include <napi.h>

#include <initializer_list>
#include <string>

// A failure, copied out of the thread that it happened in.
struct Failure {
    HqStatus code = HQ_OK;
    uint32_t line = 0;
    uint32_t column = 0;
    std::string message;
    std::string diagnostics; // of a strategy's text, for people
    std::string diagnostics_json;

    // The newest one of this thread.
    static Failure of_this_thread();
    // As lib/errors.js makes it; in the thread of the environment. Throws pending() where JavaScript is
    // interrupted in it.
    Napi::Error error(Napi::Env env) const;
};

// Thrown after a call of JavaScript has failed: unwinds to JavaScript with what is pending there. It holds
// nothing, for a Napi::Error cannot be made of the end of a worker or of the timeout of node:vm: it would end
// the process.
inline Napi::Error pending(Napi::Env env) { return Napi::Error(env, nullptr); }

// Call a function of JavaScript, with undefined as `this`. Throws pending().
Napi::Value call(napi_env env, const Napi::FunctionReference &function,
                 std::initializer_list<napi_value> arguments);

// What is pending, taken away from there; undefined for nothing, or where it is no value.
napi_value take_pending(napi_env env);

[[noreturn]] inline void throw_last(Napi::Env env) { throw Failure::of_this_thread().error(env); }

inline void check(Napi::Env env, HqStatus status)
{
    if (status != HQ_OK)
        throw_last(env);
}

// For functions that answer 0 on failure alone.
template <typename T> T nonzero(Napi::Env env, T value)
{
    if (!value)
        throw_last(env);
    return value;
}

// For functions whose answer does not tell: hq_clear_error() goes before.
inline void check_last(Napi::Env env) { check(env, hq_last_error()->code); }

// A function of the addon that may throw.
template <Napi::Value (*Run)(const Napi::CallbackInfo &)>
void add(Napi::Object exports, const char *name)
{
    exports.Set(name, Napi::Function::New<Run>(exports.Env(), name));
}

#endif
