#include "env.h"

size_t Slots::take(Handle *handle)
{
    if (free_.empty()) {
        handles_.push_back(handle);
        free_.reserve(handles_.size()); // so that giving back never allocates
        return handles_.size() - 1;
    }
    size_t slot = free_.back();
    free_.pop_back();
    handles_[slot] = handle;
    return slot;
}

void Slots::give_back(size_t slot)
{
    handles_[slot] = nullptr;
    free_.push_back(slot);
}

Env::Env(Napi::Env env)
{
    array_buffer = Napi::Persistent(env.Global().Get("ArrayBuffer").As<Napi::Function>());
    Napi::Object buffer = env.Global().Get("Buffer").As<Napi::Object>();
    buffer_from = Napi::Persistent(buffer.Get("from").As<Napi::Function>());
    Napi::ArrayBuffer stage_memory = Napi::ArrayBuffer::New(env, stage_doubles * sizeof(double));
    Napi::ArrayBuffer rows_memory = Napi::ArrayBuffer::New(env, rows_doubles * sizeof(double));
    stage = static_cast<double *>(stage_memory.Data());
    rows = static_cast<double *>(rows_memory.Data());
    stage_buffer = Napi::Persistent(stage_memory);
    rows_buffer = Napi::Persistent(rows_memory);
}
