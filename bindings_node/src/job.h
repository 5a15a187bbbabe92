// A long call of the library as an object: inputs that are read where JavaScript runs, work that runs
// in any thread, results that are made where JavaScript runs.
#ifndef HQUANT_NODE_JOB_H
#define HQUANT_NODE_JOB_H

#include <hquant/execution.h>
#include <napi.h>

// Who is told how far a job is.
class Watch {
  public:
    virtual ~Watch() = default;
    // True: stop.
    virtual bool report(size_t done, size_t total) = 0;
    // Whether to stop, without anything to tell.
    virtual bool is_stopped() { return false; }
};

// For a part of a job that has no say in how far it is.
class Quiet : public Watch {
  public:
    explicit Quiet(Watch *watch) : watch_(watch) {}
    bool report(size_t, size_t) override { return watch_->is_stopped(); }

  private:
    Watch *watch_;
};

class Job {
  public:
    virtual ~Job() = default;

    // Do the work. Calls no JavaScript. Throws std::bad_alloc or a Failure at the most.
    virtual HqStatus run() = 0;
    // What run() found, once it has answered HQ_OK.
    virtual Napi::Value result(Napi::Env env) = 0;
    // Whether run() looks at its watch: it then ends soon after it is told to stop. A job in a thread of its
    // own is told so when its environment ends. One in the thread of JavaScript is told by its progress
    // function alone: without one nothing interrupts it, and the end of a worker waits for it.
    virtual bool stops() const { return true; }
    // Whether it is another process that works: the thread waits.
    virtual bool waits() const { return false; }

    // HqProgressFn of the jobs, with the job's watch as `user`.
    static int32_t progress(void *watch, size_t done, size_t total)
    {
        return static_cast<Watch *>(watch)->report(done, total) ? 1 : 0;
    }

    Watch *watch = nullptr; // of the run; nullptr: nobody looks

  protected:
    HqProgressFn progress_function() const { return watch ? progress : nullptr; }
};

#endif
