// Structs of the C API by the names of their fields: written from an object, read into an object,
// and an array of them read into columns. structs.cc lists the fields.
#ifndef HQUANT_NODE_FIELDS_H
#define HQUANT_NODE_FIELDS_H

#include "result_column.h"

#include <cstdint>

enum class FieldType : uint8_t { i8, u8, u32, i32, i64, u64, f64 };

struct Field {
    const char *name;
    FieldType type;
    size_t offset;
};

// A struct's fields.
struct Fields {
    const Field *first;
    size_t count;
    const Field *begin() const { return first; }
    const Field *end() const { return first + count; }
    // The field of a name; nullptr without one.
    const Field *find(const std::string &name) const;
};

// Write the fields that the object has; TypeError for one that is no number.
void set_fields(Napi::Object from, const Fields &fields, void *to);

// An object with every field.
Napi::Object fields_object(Napi::Env env, const Fields &fields, const void *from);

// A field as a number; 64-bit counts beyond 2^53 are rounded.
double field_number(const Field &field, const void *from);

// A column of a field of `count` structs that stand `stride` bytes apart. Any thread.
ResultColumn field_column(const Field &field, const void *from, size_t stride, size_t count);

// The other way: write such a column into the structs.
void set_field_column(const Field &field, Napi::Value column, void *to, size_t stride, size_t count);

#endif
