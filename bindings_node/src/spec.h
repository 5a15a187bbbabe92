// An indicator with its parameters, as lib/indicator_table.js passes it.
#ifndef HQUANT_NODE_SPEC_H
#define HQUANT_NODE_SPEC_H

#include <hquant/indicator.h>

#include <algorithm>

#include "args.h"

// Four arguments from `first` on: code, mode, params (Float64Array), fields (Uint32Array).
inline HqIndicatorSpec spec_at(const Napi::CallbackInfo &info, size_t first)
{
    HqIndicatorSpec spec{};
    spec.struct_size = sizeof spec;
    spec.code = whole32(info, first);
    spec.mode = whole32(info, first + 1);
    Span<double> params = doubles(info, first + 2);
    Span<uint32_t> fields = uint32s(info, first + 3);
    if (params.length > std::size(spec.params) || fields.length > std::size(spec.fields))
        throw Napi::RangeError::New(info.Env(), "too many parameters or fields");
    spec.n_params = static_cast<uint32_t>(params.length);
    spec.n_fields = static_cast<uint32_t>(fields.length);
    std::copy_n(params.data, params.length, spec.params);
    std::copy_n(fields.data, fields.length, spec.fields);
    return spec;
}

#endif
