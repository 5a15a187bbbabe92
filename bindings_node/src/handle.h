// Handles of the library as JavaScript values: plain objects that carry a type tag and a share of the
// handle. lib/ keeps them in private fields; views of a handle's memory hold shares of their own.
#ifndef HQUANT_NODE_HANDLE_H
#define HQUANT_NODE_HANDLE_H

#include <hquant/market.h>
#include <hquant/backtest.h>

#include "env.h"

enum class Kind : uint32_t { engine = 1, multi, aggregator, account, program, bars };

template <typename T> constexpr Kind kind_of();
template <> constexpr Kind kind_of<HQuant>() { return Kind::engine; }
template <> constexpr Kind kind_of<HqMulti>() { return Kind::multi; }
template <> constexpr Kind kind_of<HqAggregator>() { return Kind::aggregator; }
template <> constexpr Kind kind_of<FuturesBacktest>() { return Kind::account; }
template <> constexpr Kind kind_of<HqProgram>() { return Kind::program; }

// An array of JavaScript's own that repeats watched values, where views of our memory are forbidden. Its
// owner may transfer it away: where its memory is must be asked anew each time that JavaScript has run.
struct Mirror {
    Napi::Reference<Napi::ArrayBuffer> buffer;
    const double *from;
    size_t count;

    // nullptr once it has been transferred.
    double *memory() const;
};
using Mirrors = std::vector<Mirror>;

// Bring them up to date, and forget those that have been transferred.
void refresh(Mirrors &mirrors);

struct Handle {
    Kind kind;
    std::shared_ptr<void> object;     // empty once closed
    std::shared_ptr<Mirrors> mirrors; // engines of a MultiHQuant share its list
    std::shared_ptr<Slots> slots;
    size_t slot;
    int64_t bytes; // told to the garbage collector

    void close(Napi::Env env);
};

// What a queue of signals takes, unless told otherwise.
constexpr size_t queue_bytes = 65536 * sizeof(Signal);

// A new value for a handle. `bytes` is about what it holds, so that the collector knows.
Napi::Object wrap(Napi::Env env, Kind kind, std::shared_ptr<void> object, size_t bytes,
                  std::shared_ptr<Mirrors> mirrors = std::make_shared<Mirrors>());

// The Handle in an argument; a TypeError for any other value.
Handle &handle_at(const Napi::CallbackInfo &info, size_t index, Kind kind);

[[noreturn]] void throw_closed(Napi::Env env, Kind kind);

// The same of a value that is no argument.
Handle &handle_of(Napi::Value value, Kind kind);
bool is_handle(Napi::Value value, Kind kind);
template <typename T> std::shared_ptr<T> shared_of(Napi::Value value)
{
    Handle &handle = handle_of(value, kind_of<T>());
    if (!handle.object)
        throw_closed(value.Env(), handle.kind);
    return std::static_pointer_cast<T>(handle.object);
}

// A share of the object in an argument; a TypeError also when it has been closed.
template <typename T> std::shared_ptr<T> shared_at(const Napi::CallbackInfo &info, size_t index)
{
    Handle &handle = handle_at(info, index, kind_of<T>());
    if (!handle.object)
        throw_closed(info.Env(), handle.kind);
    return std::static_pointer_cast<T>(handle.object);
}
template <typename T> T *at(const Napi::CallbackInfo &info, size_t index)
{
    return shared_at<T>(info, index).get(); // the argument keeps it alive
}

#endif
