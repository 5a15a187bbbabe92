#include "handle.h"

#include <algorithm>

#include "args.h"
#include "errors.h"
#include "topics.h"

namespace {

// Its address differs between copies of this addon in one process: the handles of one are foreign to the other.
char tag_of_this_copy;

napi_type_tag tag(Kind kind)
{
    return {reinterpret_cast<uintptr_t>(&tag_of_this_copy), static_cast<uint64_t>(kind)};
}

void finalize(napi_env env, void *data, void *)
{
    std::unique_ptr<Handle> handle(static_cast<Handle *>(data));
    handle->close(env);
}

// More than this says nothing new to the collector; a ring's memory is not touched before it is used.
constexpr size_t told_at_most = size_t{64} << 20;

// (handle, kind)
Napi::Value close_handle(const Napi::CallbackInfo &info)
{
    handle_at(info, 0, static_cast<Kind>(whole32(info, 1))).close(info.Env());
    return info.Env().Undefined();
}

// (handle, kind): its number in the stage of hot calls
Napi::Value slot_of(const Napi::CallbackInfo &info)
{
    Handle &handle = handle_at(info, 0, static_cast<Kind>(whole32(info, 1)));
    return Napi::Number::New(info.Env(), static_cast<double>(handle.slot));
}

} // namespace

double *Mirror::memory() const
{
    void *data = nullptr;
    size_t bytes = 0;
    bool is_whole = napi_get_arraybuffer_info(buffer.Env(), buffer.Value(), &data, &bytes) == napi_ok &&
                    bytes == count * sizeof(double);
    return is_whole ? static_cast<double *>(data) : nullptr;
}

void refresh(Mirrors &mirrors)
{
    if (mirrors.empty())
        return;
    Napi::HandleScope scope(mirrors.front().buffer.Env());
    auto is_gone = [](const Mirror &mirror) {
        double *to = mirror.memory();
        if (to)
            std::copy(mirror.from, mirror.from + mirror.count, to);
        return !to;
    };
    mirrors.erase(std::remove_if(mirrors.begin(), mirrors.end(), is_gone), mirrors.end());
}

void Handle::close(Napi::Env env)
{
    if (!object)
        return;
    slots->give_back(slot);
    object.reset();
    mirrors.reset();
    int64_t now;
    napi_adjust_external_memory(env, -bytes, &now);
}

Napi::Object wrap(Napi::Env env, Kind kind, std::shared_ptr<void> object, size_t bytes,
                  std::shared_ptr<Mirrors> mirrors)
{
    Env &own = Env::of(env);
    auto handle = std::make_unique<Handle>();
    handle->kind = kind;
    handle->object = std::move(object);
    handle->mirrors = std::move(mirrors);
    handle->slots = own.slots;
    handle->slot = own.slots->take(handle.get());
    handle->bytes = static_cast<int64_t>(std::min(bytes, told_at_most));
    Napi::Object value = Napi::Object::New(env);
    napi_type_tag own_tag = tag(kind);
    if (napi_wrap(env, value, handle.get(), finalize, nullptr, nullptr) != napi_ok) {
        own.slots->give_back(handle->slot);
        throw Napi::Error::New(env, "cannot attach a handle to an object");
    }
    Handle *kept = handle.release(); // the value's now
    if (napi_type_tag_object(env, value, &own_tag) != napi_ok)
        throw Napi::Error::New(env, "cannot tag an object");
    int64_t now;
    napi_adjust_external_memory(env, kept->bytes, &now);
    return value;
}

Handle &handle_at(const Napi::CallbackInfo &info, size_t index, Kind kind)
{
    napi_type_tag expected = tag(kind);
    bool matches = false;
    void *data = nullptr;
    if (!info[index].IsObject() ||
        napi_check_object_type_tag(info.Env(), info[index], &expected, &matches) != napi_ok || !matches ||
        napi_unwrap(info.Env(), info[index], &data) != napi_ok)
        throw Napi::TypeError::New(info.Env(), "native argument " + std::to_string(index) +
                                                   ": not a handle of this kind");
    return *static_cast<Handle *>(data);
}

bool is_handle(Napi::Value value, Kind kind)
{
    napi_type_tag expected = tag(kind);
    bool matches = false;
    return value.IsObject() &&
           napi_check_object_type_tag(value.Env(), value, &expected, &matches) == napi_ok && matches;
}

Handle &handle_of(Napi::Value value, Kind kind)
{
    void *data = nullptr;
    if (!is_handle(value, kind) || napi_unwrap(value.Env(), value, &data) != napi_ok)
        throw Napi::TypeError::New(value.Env(), "not a handle of this kind");
    return *static_cast<Handle *>(data);
}

void throw_closed(Napi::Env env, Kind kind)
{
    static const char *const names[] = {"HQuant", "MultiHQuant", "Aggregator", "FuturesBacktest", "Strategy",
                                        "Bars"};
    std::string name = names[static_cast<size_t>(kind) - 1];
    Napi::TypeError error = Napi::TypeError::New(env, "Expected an open " + name + " but received a closed one");
    error.Set("code", Napi::String::New(env, "ERR_HQUANT_CLOSED"));
    throw error;
}

void init_handle(Napi::Object exports)
{
    add<close_handle>(exports, "close");
    add<slot_of>(exports, "slot_of");
}
