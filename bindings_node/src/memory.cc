#include "memory.h"

#include <cstring>

#include "env.h"
#include "errors.h"

namespace {

void release(napi_env, void *, void *hint) { delete static_cast<std::shared_ptr<void> *>(hint); }

void nothing(napi_env, void *, void *) {}

} // namespace

Napi::ArrayBuffer new_buffer(Napi::Env env, size_t bytes)
{
    napi_value size = Napi::Number::New(env, static_cast<double>(bytes)), buffer = nullptr;
    if (napi_new_instance(env, Env::of(env).array_buffer.Value(), 1, &size, &buffer) != napi_ok)
        throw pending(env);
    return Napi::ArrayBuffer(env, buffer);
}

Napi::ArrayBuffer view(Napi::Env env, const void *data, size_t bytes, std::shared_ptr<void> owner)
{
    if (bytes == 0 || Env::of(env).copies) {
        Napi::ArrayBuffer copy = new_buffer(env, bytes);
        if (bytes)
            std::memcpy(copy.Data(), data, bytes);
        return copy;
    }
    auto share = std::make_unique<std::shared_ptr<void>>(std::move(owner));
    napi_value buffer = nullptr;
    if (napi_create_external_arraybuffer(env, const_cast<void *>(data), bytes, release, share.get(),
                                         &buffer) != napi_ok)
        throw Napi::Error::New(env, "cannot make an ArrayBuffer");
    share.release(); // the buffer's now
    return Napi::ArrayBuffer(env, buffer);
}

bool allows_views(Napi::Env env)
{
    static char probe[8];
    napi_value buffer = nullptr;
    return napi_create_external_arraybuffer(env, probe, sizeof probe, nothing, nullptr, &buffer) == napi_ok;
}
