#include "jobs.h"

#include "args.h"
#include "runner.h"
#include "topics.h"

namespace {

// Calls JavaScript between blocks. lib/ hands functions that do not throw.
class Told : public Watch {
  public:
    explicit Told(Napi::Function progress) : progress_(progress) {}

    bool report(size_t done, size_t total) override
    {
        std::chrono::steady_clock::time_point now = std::chrono::steady_clock::now();
        if (done < total && now - last_ < between_reports)
            return false;
        last_ = now;
        return is_interrupted_ || ask(done, total);
    }

    bool is_interrupted() const { return is_interrupted_; }

  private:
    // Nothing may be thrown through the frames of C, and what interrupts JavaScript has to stay pending.
    bool ask(size_t done, size_t total)
    {
        Napi::Env env = progress_.Env();
        Napi::HandleScope scope(env);
        napi_value arguments[] = {Napi::Number::New(env, static_cast<double>(done)),
                                  Napi::Number::New(env, static_cast<double>(total))};
        napi_value answer = nullptr;
        bool stops = false;
        is_interrupted_ =
            napi_call_function(env, env.Undefined(), progress_, 2, arguments, &answer) != napi_ok ||
            napi_get_value_bool(env, answer, &stops) != napi_ok;
        return is_interrupted_ || stops;
    }

    Napi::Function progress_;
    bool is_interrupted_ = false;
    std::chrono::steady_clock::time_point last_{};
};

Napi::Value job_stop(const Napi::CallbackInfo &info)
{
    static_cast<Runner *>(info.Data())->stop(number(info, 0));
    return info.Env().Undefined();
}

} // namespace

Napi::Value run_here(Napi::Env env, Job &job, Napi::Value progress)
{
    std::unique_ptr<Told> watch;
    if (progress.IsFunction())
        watch = std::make_unique<Told>(progress.As<Napi::Function>());
    job.watch = watch.get();
    Failure failure = outcome(job);
    if (watch && watch->is_interrupted())
        throw pending(env);
    if (failure.code != HQ_OK)
        throw failure.error(env);
    return job.result(env);
}

Napi::Value run_later(const Napi::CallbackInfo &info, std::unique_ptr<Job> job)
{
    if (!info[1].IsFunction())
        throw Napi::TypeError::New(info.Env(), "native argument 1: expected a function");
    auto *runner = static_cast<Runner *>(info.Data());
    return Napi::Number::New(info.Env(), runner->add(std::move(job), info[1].As<Napi::Function>(), info[2]));
}

void init_jobs(Napi::Object exports)
{
    Napi::Env env = exports.Env();
    Runner *runner = Runner::of_new_environment(env);
    exports.Set("job_stop", Napi::Function::New(env, job_stop, "job_stop", runner));
    add_run(exports, runner);
    add_backtest(exports, runner);
    add_sweep(exports, runner);
    add_metrics(exports, runner);
    add_compile(exports, runner);
}
