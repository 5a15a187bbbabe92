// Jobs at work: here and now, or in a thread of their own with an answer later.
#ifndef HQUANT_NODE_JOBS_H
#define HQUANT_NODE_JOBS_H

#include "job.h"

#include "bars.h"

class Runner;

// Run a job in the caller's thread: its result, or the exception of its failure. `progress` may be
// undefined; it is called as progress(done, total), and a true answer stops the job.
Napi::Value run_here(Napi::Env env, Job &job, Napi::Value progress);

// Run a job in a thread: info[1] is done(error, result), info[2] progress(done, total) or undefined.
// Returns the job's number, for job_stop(number).
Napi::Value run_later(const Napi::CallbackInfo &info, std::unique_ptr<Job> job);

// Two functions of a kind of job, made as T(request, Arrays): NAME_sync(request, progress) and
// NAME_start(request, done, progress).
template <typename T> void add_job(Napi::Object exports, Runner *runner, const std::string &name)
{
    Napi::Env env = exports.Env();
    auto sync = [](const Napi::CallbackInfo &info) {
        T job(info[0].As<Napi::Object>(), info[1].IsUndefined() ? Arrays::allowed : Arrays::refused);
        return run_here(info.Env(), job, info[1]);
    };
    auto start = [](const Napi::CallbackInfo &info) {
        return run_later(info, std::make_unique<T>(info[0].As<Napi::Object>(), Arrays::refused));
    };
    exports.Set(name + "_sync", Napi::Function::New(env, sync, name + "_sync"));
    exports.Set(name + "_start", Napi::Function::New(env, start, name + "_start", runner));
}

// Each kind of job adds its functions.
void add_run(Napi::Object exports, Runner *runner);
void add_backtest(Napi::Object exports, Runner *runner);
void add_sweep(Napi::Object exports, Runner *runner);
void add_metrics(Napi::Object exports, Runner *runner);
void add_compile(Napi::Object exports, Runner *runner);

#endif
