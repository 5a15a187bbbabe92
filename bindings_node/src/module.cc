// hquant.node: the C API as functions, one file a topic. Policy, messages and classes are lib/'s.
#include <hquant/status.h>

#include <cstring>

#include "env.h"
#include "errors.h"
#include "memory.h"
#include "topics.h"
#include "version.h"

namespace {

// lib/native.js calls this once an environment: what native code needs of lib/, and the shared memory.
Napi::Value start(const Napi::CallbackInfo &info)
{
    Napi::Env env = info.Env();
    Env &own = Env::of(env);
    own.make_error = Napi::Persistent(info[0].As<Napi::Function>());
    own.copies = info[1].ToBoolean() || !allows_views(env);
    Napi::Object shared = Napi::Object::New(env);
    shared.Set("stage", own.stage_buffer.Value());
    shared.Set("rows", own.rows_buffer.Value());
    shared.Set("copies", own.copies);
    return shared;
}

// The loader shares libraries of one name in a process: another version may have been there first.
void check_library(Napi::Env env)
{
    if (std::strcmp(hq_version(), HQ_VERSION) != 0 || hq_abi_version() != HQ_ABI_VERSION)
        throw Napi::Error::New(env, std::string("hquant.node is of version " HQ_VERSION
                                                " but the process has loaded libhquant ") +
                                        hq_version() + "; use one version of the package in a process");
}

Napi::Object init(Napi::Env env, Napi::Object exports)
{
    check_library(env);
    env.SetInstanceData(new Env(env));
    add<start>(exports, "start");
    for (auto topic : {init_handle, init_library, init_engine, init_engine_add, init_engine_read, init_multi,
                       init_aggregator, init_account, init_indicator, init_program, init_bars,
                       init_jobs})
        topic(exports);
    return exports;
}

} // namespace

NODE_API_MODULE(hquant, init)
