// Columns of numbers that a job makes in its thread and that become typed arrays afterwards.
#ifndef HQUANT_NODE_RESULT_COLUMN_H
#define HQUANT_NODE_RESULT_COLUMN_H

#include <napi.h>

#include <memory>
#include <vector>

#include "args.h"

class ResultColumn {
  public:
    ResultColumn() = default;
    // Not set to anything. Throws std::bad_alloc.
    ResultColumn(napi_typedarray_type type, size_t length);

    size_t length() const { return length_; }
    template <typename T> T *data() const { return static_cast<T *>(memory_.get()); }
    // Leave out what stands behind `length`.
    void cut(size_t length) { length_ = length; }

    // The typed array: a view of this memory, or a copy where views are forbidden.
    Napi::Value to_js(Napi::Env env) const;

  private:
    napi_typedarray_type type_ = napi_uint8_array;
    size_t length_ = 0;
    std::shared_ptr<void> memory_;
};

// Bytes of an element.
size_t element_size(napi_typedarray_type type);

// Copies of a Float64Array and an Int8Array; empty for undefined.
std::vector<double> double_vector(Napi::Value value);
std::vector<int8_t> int8_vector(Napi::Value value);

#endif
