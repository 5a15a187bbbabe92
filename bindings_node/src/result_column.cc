#include "result_column.h"

#include <cstdlib>
#include <new>

#include "memory.h"

size_t element_size(napi_typedarray_type type)
{
    static const size_t sizes[] = {1, 1, 1, 2, 2, 4, 4, 4, 8, 8, 8};
    return sizes[type];
}

ResultColumn::ResultColumn(napi_typedarray_type type, size_t length) : type_(type), length_(length)
{
    if (length > SIZE_MAX / element_size(type))
        throw std::bad_alloc();
    size_t size = length * element_size(type);
    void *memory = std::malloc(size > 0 ? size : 1);
    if (!memory)
        throw std::bad_alloc();
    memory_.reset(memory, std::free);
}

Napi::Value ResultColumn::to_js(Napi::Env env) const
{
    Napi::ArrayBuffer buffer = view(env, memory_.get(), length_ * element_size(type_), memory_);
    napi_value array = nullptr;
    if (napi_create_typedarray(env, type_, length_, buffer, 0, &array) != napi_ok)
        throw Napi::Error::New(env, "cannot make a typed array");
    return Napi::Value(env, array);
}

namespace {

template <typename T> std::vector<T> vector_of(Span<T> span)
{
    return span.length > 0 ? std::vector<T>(span.data, span.data + span.length) : std::vector<T>();
}

} // namespace

std::vector<double> double_vector(Napi::Value value)
{
    return value.IsUndefined() ? std::vector<double>() : vector_of(doubles(value));
}

std::vector<int8_t> int8_vector(Napi::Value value)
{
    return value.IsUndefined() ? std::vector<int8_t>() : vector_of(int8s(value));
}
