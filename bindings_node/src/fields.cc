#include "fields.h"

#include <cstring>
#include <string>

namespace {

template <typename T> void put(void *to, size_t offset, T value)
{
    std::memcpy(static_cast<char *>(to) + offset, &value, sizeof value);
}

template <typename T> T get(const void *from, size_t offset)
{
    T value;
    std::memcpy(&value, static_cast<const char *>(from) + offset, sizeof value);
    return value;
}

uint64_t bits_of(Napi::Value value, bool is_signed)
{
    bool lossless = true;
    if (value.IsBigInt() && is_signed)
        return static_cast<uint64_t>(value.As<Napi::BigInt>().Int64Value(&lossless));
    if (value.IsBigInt())
        return value.As<Napi::BigInt>().Uint64Value(&lossless);
    return static_cast<uint64_t>(value.As<Napi::Number>().Int64Value());
}

void set_field(const Field &field, Napi::Value value, void *to)
{
    if (field.type == FieldType::f64)
        return put(to, field.offset, value.As<Napi::Number>().DoubleValue());
    uint64_t bits = bits_of(value, field.type != FieldType::u64);
    switch (field.type) {
    case FieldType::i8:
        return put(to, field.offset, static_cast<int8_t>(bits));
    case FieldType::u8:
        return put(to, field.offset, static_cast<uint8_t>(bits));
    case FieldType::i32:
        return put(to, field.offset, static_cast<int32_t>(bits));
    case FieldType::u32:
        return put(to, field.offset, static_cast<uint32_t>(bits));
    default:
        return put(to, field.offset, bits);
    }
}

} // namespace

const Field *Fields::find(const std::string &name) const
{
    for (const Field &field : *this)
        if (name == field.name)
            return &field;
    return nullptr;
}

void set_fields(Napi::Object from, const Fields &fields, void *to)
{
    for (const Field &field : fields) {
        Napi::Value value = from.Get(field.name);
        if (value.IsUndefined())
            continue;
        if (!value.IsNumber() && !value.IsBigInt())
            throw Napi::TypeError::New(from.Env(),
                                       std::string("Expected ") + field.name + " to be a number");
        set_field(field, value, to);
    }
}

double field_number(const Field &field, const void *from)
{
    switch (field.type) {
    case FieldType::i8:
        return get<int8_t>(from, field.offset);
    case FieldType::u8:
        return get<uint8_t>(from, field.offset);
    case FieldType::i32:
        return get<int32_t>(from, field.offset);
    case FieldType::u32:
        return get<uint32_t>(from, field.offset);
    case FieldType::i64:
        return static_cast<double>(get<int64_t>(from, field.offset));
    case FieldType::u64:
        return static_cast<double>(get<uint64_t>(from, field.offset));
    default:
        return get<double>(from, field.offset);
    }
}

Napi::Object fields_object(Napi::Env env, const Fields &fields, const void *from)
{
    Napi::Object object = Napi::Object::New(env);
    for (const Field &field : fields)
        object.Set(field.name, Napi::Number::New(env, field_number(field, from)));
    return object;
}

namespace {

bool is_time(const Field &field)
{
    size_t length = std::strlen(field.name);
    return length >= 4 && std::strcmp(field.name + length - 4, "time") == 0;
}

napi_typedarray_type column_type(const Field &field)
{
    switch (field.type) {
    case FieldType::i8:
        return napi_int8_array;
    case FieldType::u8:
        return napi_uint8_array;
    case FieldType::i32:
        return napi_int32_array;
    case FieldType::u32:
        return napi_uint32_array;
    default:
        return is_time(field) ? napi_bigint64_array : napi_float64_array;
    }
}

template <typename T> void gather(const ResultColumn &column, const Field &field, const void *from, size_t stride)
{
    const char *place = static_cast<const char *>(from);
    T *out = column.data<T>();
    for (size_t i = 0; i < column.length(); i++)
        out[i] = get<T>(place + i * stride, field.offset);
}

} // namespace

ResultColumn field_column(const Field &field, const void *from, size_t stride, size_t count)
{
    ResultColumn column(column_type(field), count);
    size_t size = element_size(column_type(field));
    if (field.type == FieldType::u64 || (field.type == FieldType::i64 && !is_time(field))) {
        for (size_t i = 0; i < count; i++) // counts and indices, far below 2^53
            column.data<double>()[i] = field_number(field, static_cast<const char *>(from) + i * stride);
    } else if (size == 8) {
        gather<uint64_t>(column, field, from, stride);
    } else if (size == 4) {
        gather<uint32_t>(column, field, from, stride);
    } else {
        gather<uint8_t>(column, field, from, stride);
    }
    return column;
}

void set_field_column(const Field &field, Napi::Value column, void *to, size_t stride, size_t count)
{
    napi_typedarray_type type{};
    size_t length = 0;
    void *data = nullptr;
    if (!column.IsTypedArray() ||
        napi_get_typedarray_info(column.Env(), column, &type, &length, &data, nullptr, nullptr) != napi_ok ||
        type != column_type(field) || length != count)
        throw Napi::TypeError::New(column.Env(), std::string("expected the column ") + field.name +
                                                     " as a report has it");
    for (size_t i = 0; i < count; i++) {
        void *place = static_cast<char *>(to) + i * stride;
        const char *value = static_cast<const char *>(data) + i * element_size(type);
        if (column_type(field) == napi_float64_array && field.type != FieldType::f64)
            put(place, field.offset, static_cast<int64_t>(get<double>(value, 0)));
        else
            std::memcpy(static_cast<char *>(place) + field.offset, value, element_size(type));
    }
}
