// hquant/program.h: strategy text to a program as a job.
#include <hquant/program.h>

#include "jobs.h"
#include "engines.h"

namespace {

// Text to a program: {name, text}. The compiler is a process of its own and cannot be stopped.
class Compile : public Job {
  public:
    Compile(Napi::Object request, Arrays)
        : name_(request.Get("name").ToString()), text_(request.Get("text").ToString())
    {
    }

    HqStatus run() override
    {
        HqProgram *program = nullptr;
        HqStatus status = hq_program_compile(raw(name_), name_.size(), raw(text_), text_.size(), &program);
        if (status == HQ_OK)
            program_.reset(program, hq_program_free);
        return status;
    }

    Napi::Value result(Napi::Env env) override
    {
        return wrap(env, Kind::program, program_, hq_program_bytes(program_.get(), nullptr, 0));
    }

    bool stops() const override { return false; }
    bool waits() const override { return true; }

  private:
    std::string name_, text_;
    std::shared_ptr<HqProgram> program_;
};

} // namespace

void add_compile(Napi::Object exports, Runner *runner)
{
    add_job<Compile>(exports, runner, "compile");
}
