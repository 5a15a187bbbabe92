// What the library writes into room of a size that it tells first: snapshots, programs.
#ifndef HQUANT_NODE_BYTES_H
#define HQUANT_NODE_BYTES_H

#include "errors.h"
#include "handle.h"
#include "memory.h"

template <typename T, size_t (*Save)(T *, uint8_t *, size_t)>
Napi::Value save(const Napi::CallbackInfo &info)
{
    T *object = at<T>(info, 0);
    size_t size = nonzero(info.Env(), Save(object, nullptr, 0));
    Napi::ArrayBuffer memory = new_buffer(info.Env(), size);
    Save(object, static_cast<uint8_t *>(memory.Data()), size);
    return call(info.Env(), Env::of(info.Env()).buffer_from, {memory});
}

#endif
