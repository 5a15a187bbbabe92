#include "runner.h"

#include <atomic>
#include <mutex>
#include <new>
#include <system_error>
#include <vector>

using Clock = std::chrono::steady_clock;

// Where threads leave word for the thread of JavaScript. They may outlive its environment.
struct Mailbox {
    std::mutex lock;
    napi_threadsafe_function bell = nullptr; // nullptr: the environment is gone

    void ring()
    {
        std::lock_guard<std::mutex> guard(lock);
        if (bell)
            napi_call_threadsafe_function(bell, nullptr, napi_tsfn_nonblocking);
    }
};

// What a thread and the thread of JavaScript share of a job.
struct Work : Watch {
    std::unique_ptr<Job> job;
    std::shared_ptr<Mailbox> mailbox;
    bool is_watched = false; // somebody wants to know how far it is
    std::atomic<bool> stop{false}, has_news{false}, has_ended{false};
    std::atomic<size_t> done{0}, total{0};
    Clock::time_point last_report{};
    Failure failure; // written before has_ended, read after it

    bool report(size_t so_far, size_t in_all) override
    {
        Clock::time_point now = Clock::now();
        if (is_watched && (so_far == in_all || now - last_report >= between_reports)) {
            last_report = now;
            done = so_far;
            total = in_all;
            has_news = true;
            if (so_far < in_all) // the end rings by itself
                mailbox->ring();
        }
        return stop;
    }

    bool is_stopped() override { return stop; }
};

namespace {

// This thread's last error, as the reason for `status`.
Failure failure_of(HqStatus status)
{
    Failure failure = Failure::of_this_thread();
    if (failure.code == status)
        return failure;
    Failure plain;
    plain.code = status;
    plain.message = hq_status_text(status);
    return plain;
}

// Call a function of lib/. Those do not throw: where one fails, the environment is being ended.
void tell(napi_env env, const Napi::FunctionReference &function, napi_value first, napi_value second)
{
    try {
        call(env, function, {first, second});
    } catch (const Napi::Error &) {
    }
}

void work_in_thread(std::shared_ptr<Work> work)
{
    work->failure = outcome(*work->job);
    work->has_ended = true;
    work->mailbox->ring();
}

} // namespace

Failure outcome(Job &job)
{
    try {
        HqStatus status = job.run();
        return status == HQ_OK ? Failure() : failure_of(status);
    } catch (const std::bad_alloc &) {
        return failure_of(HQ_ENOMEM);
    } catch (const Failure &failure) {
        return failure;
    }
}

Runner::Runner(napi_env env) : env_(env), mailbox_(std::make_shared<Mailbox>()) {}

Runner *Runner::of_new_environment(napi_env env)
{
    auto *runner = new Runner(env);
    napi_value name;
    napi_threadsafe_function bell = nullptr;
    napi_create_string_utf8(env, "hquant:job", NAPI_AUTO_LENGTH, &name);
    if (napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, nullptr, nullptr, runner, answer,
                                        &bell) != napi_ok)
        throw Napi::Error::New(env, "cannot make a threadsafe function");
    napi_unref_threadsafe_function(env, bell); // only jobs keep the process alive
    runner->mailbox_->bell = bell;
    // Hooks run newest first: this one before that of the function above.
    napi_add_env_cleanup_hook(env, end, runner);
    return runner;
}

double Runner::add(std::unique_ptr<Job> job, Napi::Function done, Napi::Value progress)
{
    Task task;
    task.work = std::make_shared<Work>();
    task.work->job = std::move(job);
    task.work->job->watch = task.work.get();
    task.work->mailbox = mailbox_;
    task.done = Napi::Persistent(done);
    if (progress.IsFunction()) {
        task.progress = Napi::Persistent(progress.As<Napi::Function>());
        task.work->is_watched = true;
    }
    if (is_idle())
        napi_ref_threadsafe_function(env_, mailbox_->bell);
    double number = ++numbers_;
    line_of(task).waiting.emplace_back(number, std::move(task));
    start_waiting();
    return number;
}

Runner::Line &Runner::line_of(const Task &task)
{
    return task.work->job->waits() ? elsewhere_ : computing_;
}

bool Runner::is_idle() const
{
    return running_.empty() && computing_.waiting.empty() && elsewhere_.waiting.empty();
}

void Runner::start_waiting()
{
    start_waiting(computing_);
    start_waiting(elsewhere_);
    if (is_idle() && mailbox_->bell)
        napi_unref_threadsafe_function(env_, mailbox_->bell);
}

void Runner::start_waiting(Line &line)
{
    while (!line.waiting.empty() && line.running < running_at_most_) {
        auto [place, _] = running_.emplace(std::move(line.waiting.front()));
        line.waiting.pop_front();
        line.running++;
        Task &task = place->second;
        try {
            task.thread = std::thread(work_in_thread, task.work);
        } catch (const std::system_error &) { // no thread to be had: it is done here, and told later
            work_in_thread(task.work);
        }
    }
}

// A job that runs ends soon, one that waits ends when its turn comes.
void Runner::stop(double number)
{
    auto found = running_.find(number);
    if (found != running_.end())
        found->second.work->stop = true;
    for (Line *line : {&computing_, &elsewhere_}) {
        auto waits = std::find_if(line->waiting.begin(), line->waiting.end(),
                                  [&](const auto &each) { return each.first == number; });
        if (waits != line->waiting.end())
            line->waiting.erase(waits);
    }
}

void Runner::answer(napi_env env, napi_value, void *runner, void *)
{
    if (!env) // it is being torn down
        return;
    try {
        static_cast<Runner *>(runner)->deliver();
    } catch (const Napi::Error &) { // functions of lib/ do not throw: the environment is being ended
    }
}

// Tell what there is to tell. JavaScript may add and stop jobs meanwhile.
void Runner::deliver()
{
    std::vector<double> numbers;
    for (auto &[number, task] : running_)
        numbers.push_back(number);
    for (double number : numbers) {
        auto found = running_.find(number);
        if (found == running_.end())
            continue;
        Task &task = found->second;
        bool has_ended = task.work->has_ended; // before the news, of which there are none after it
        if (task.work->has_news.exchange(false) && !task.work->stop) {
            Napi::HandleScope scope(env_);
            tell(env_, task.progress, Napi::Number::New(env_, static_cast<double>(task.work->done)),
                 Napi::Number::New(env_, static_cast<double>(task.work->total)));
        }
        if (!has_ended)
            continue;
        Task ended = std::move(task);
        running_.erase(number);
        line_of(ended).running--;
        start_waiting();
        settle(ended);
    }
}

void Runner::settle(Task &task)
{
    Napi::HandleScope scope(env_);
    Napi::Env env(env_);
    if (task.thread.joinable())
        task.thread.join();
    napi_value error = env.Undefined(), result = env.Undefined();
    try {
        const Failure &failure = task.work->failure;
        if (failure.code == HQ_OK)
            result = task.work->job->result(env);
        else
            error = failure.error(env).Value();
    } catch (const Napi::Error &thrown) {
        error = thrown.IsEmpty() ? take_pending(env_) : napi_value(thrown.Value());
    }
    tell(env_, task.done, error, result);
}

// The environment ends: jobs that can be stopped are, and waited for; the others are left alone with
// what they own.
void Runner::end(void *data)
{
    std::unique_ptr<Runner> runner(static_cast<Runner *>(data));
    {
        std::lock_guard<std::mutex> guard(runner->mailbox_->lock);
        runner->mailbox_->bell = nullptr;
    }
    for (auto &[number, task] : runner->running_)
        task.work->stop = true;
    for (auto &[number, task] : runner->running_) {
        if (!task.thread.joinable())
            continue;
        if (task.work->job->stops())
            task.thread.join();
        else
            task.thread.detach();
    }
}
