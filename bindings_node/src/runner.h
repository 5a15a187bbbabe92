// Jobs in threads of their own.
#ifndef HQUANT_NODE_RUNNER_H
#define HQUANT_NODE_RUNNER_H

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <thread>

#include "errors.h"
#include "job.h"

constexpr std::chrono::milliseconds between_reports{50}; // more often is not seen

// Do a job in this thread: HQ_OK, or what went wrong.
Failure outcome(Job &job);

struct Mailbox;
struct Work;

// The jobs of one environment. Lives in its thread.
class Runner {
  public:
    // Ends with its environment.
    static Runner *of_new_environment(napi_env env);

    // Run a job when its turn comes. done(error, result) and progress(done, total) do not throw.
    // Returns its number.
    double add(std::unique_ptr<Job> job, Napi::Function done, Napi::Value progress);
    void stop(double number);

  private:
    // A job as the thread of JavaScript knows it.
    struct Task {
        std::shared_ptr<Work> work;
        Napi::FunctionReference done, progress;
        std::thread thread; // once it runs
    };

    explicit Runner(napi_env env);

    // Jobs of a kind take turns. Those that compute and those that wait for another process are two
    // kinds: a text that takes long to compile holds up other texts alone.
    struct Line {
        std::deque<std::pair<double, Task>> waiting; // by number
        size_t running = 0;
    };
    Line &line_of(const Task &task);
    bool is_idle() const;

    static void answer(napi_env env, napi_value, void *runner, void *);
    static void end(void *runner);
    void start_waiting();
    void start_waiting(Line &line);
    void deliver();
    void settle(Task &task);

    napi_env env_;
    std::shared_ptr<Mailbox> mailbox_;
    std::map<double, Task> running_; // by number
    Line computing_, elsewhere_;
    const size_t running_at_most_ = std::max(1u, std::thread::hardware_concurrency()); // of a line
    double numbers_ = 0;
};

#endif
