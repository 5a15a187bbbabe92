// What one JavaScript environment (the main thread, or a worker) has of its own.
#ifndef HQUANT_NODE_ENV_H
#define HQUANT_NODE_ENV_H

#include <napi.h>

#include <memory>
#include <vector>

struct Handle;

// Numbers for the handles of the hot calls, which pass everything through `stage`.
class Slots {
  public:
    size_t take(Handle *handle);
    void give_back(size_t slot);
    Handle *at(double slot) const
    {
        return slot >= 0 && slot < static_cast<double>(handles_.size())
                   ? handles_[static_cast<size_t>(slot)]
                   : nullptr;
    }

  private:
    std::vector<Handle *> handles_;
    std::vector<size_t> free_;
};

struct Env {
    explicit Env(Napi::Env env);

    // lib/staging.js writes arguments here and reads answers: no property is read through Node-API.
    static constexpr size_t stage_doubles = 16;
    // Signals and candle events on their way out, `rows_doubles` doubles.
    static constexpr size_t rows_doubles = 4096;
    double *stage = nullptr;
    double *rows = nullptr;

    std::shared_ptr<Slots> slots = std::make_shared<Slots>(); // finalizers may outlive this object
    Napi::FunctionReference make_error;                       // of lib/errors.js
    Napi::FunctionReference array_buffer;                     // the constructor
    Napi::FunctionReference buffer_from;                      // Buffer.from
    bool copies = false; // no ArrayBuffer may show memory of ours: give copies

    Napi::Reference<Napi::ArrayBuffer> stage_buffer;
    Napi::Reference<Napi::ArrayBuffer> rows_buffer;

    static Env &of(Napi::Env env) { return *env.GetInstanceData<Env>(); }
};

// Where things stand in `stage`; lib/staging.js has the same numbers.
enum Stage : size_t {
    STAGE_SLOT = 0,
    STAGE_TIMESTAMP = 1, // a double, or an int64's bits
    STAGE_IS_BIGINT = 2,
    STAGE_OPEN = 3,
    STAGE_HIGH = 4,
    STAGE_LOW = 5,
    STAGE_CLOSE = 6,
    STAGE_VOLUME = 7,
    STAGE_BUY_VOLUME = 8,
    STAGE_OUT = 9, // answers
};

#endif
