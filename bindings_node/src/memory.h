// ArrayBuffers over memory of the library.
#ifndef HQUANT_NODE_MEMORY_H
#define HQUANT_NODE_MEMORY_H

#include <napi.h>

#include <memory>

// An ArrayBuffer of JavaScript's own, all zeros. Throws a RangeError where there is no memory for it;
// Napi::ArrayBuffer::New() would end the process.
Napi::ArrayBuffer new_buffer(Napi::Env env, size_t bytes);

// An ArrayBuffer over memory that `owner` keeps alive: it holds a share until it is collected. Where
// views are forbidden (Electron, workers, or HQUANT_NODE_COPY=1), a copy of this moment.
//
// Workers: Node gives the share back when the environment that made the buffer ends. Since Node 21
// ArrayBuffer.prototype.transfer() moves the memory to a buffer that may be posted to another thread, which
// would then read freed memory once the worker has ended. The main thread's environment ends after all
// workers have, and until then the share is given back when the last buffer of the memory is collected, in
// whichever thread that is: there a view is safe.
Napi::ArrayBuffer view(Napi::Env env, const void *data, size_t bytes, std::shared_ptr<void> owner);

// Whether this environment allows ArrayBuffers over memory of ours.
bool allows_views(Napi::Env env);

#endif
