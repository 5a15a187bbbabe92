#include "errors.h"

#include "env.h"

Failure Failure::of_this_thread()
{
    const HqError *error = hq_last_error();
    Failure failure;
    failure.code = error->code;
    failure.line = error->line;
    failure.column = error->column;
    failure.message = error->message;
    failure.diagnostics = error->diagnostics;
    failure.diagnostics_json = error->diagnostics_json;
    return failure;
}

Napi::Error Failure::error(Napi::Env env) const
{
    Napi::Value made = call(env, Env::of(env).make_error,
                            {
                                Napi::String::New(env, hq_status_name(code)),
                                Napi::String::New(env, message),
                                Napi::Number::New(env, line),
                                Napi::Number::New(env, column),
                                Napi::String::New(env, diagnostics),
                                Napi::String::New(env, diagnostics_json),
                            });
    return Napi::Error(env, made);
}

Napi::Value call(napi_env env, const Napi::FunctionReference &function,
                 std::initializer_list<napi_value> arguments)
{
    napi_value answer = nullptr;
    if (napi_call_function(env, Napi::Env(env).Undefined(), function.Value(), arguments.size(),
                           arguments.begin(), &answer) != napi_ok)
        throw pending(env);
    return Napi::Value(env, answer);
}

napi_value take_pending(napi_env env)
{
    bool is_pending = false;
    napi_value value = nullptr;
    napi_valuetype type = napi_undefined;
    if (napi_is_exception_pending(env, &is_pending) == napi_ok && is_pending &&
        napi_get_and_clear_last_exception(env, &value) == napi_ok &&
        napi_typeof(env, value, &type) == napi_ok)
        return value;
    return Napi::Env(env).Undefined();
}
