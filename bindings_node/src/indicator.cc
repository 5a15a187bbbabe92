// hquant/indicator.h: the table, warm-up, whole columns.
#include <hquant/indicator.h>

#include <cmath>

#include "errors.h"
#include "spec.h"
#include "topics.h"

namespace {

Napi::Value text_or_null(Napi::Env env, const char *text)
{
    return text ? Napi::Value(Napi::String::New(env, text)) : Napi::Value(env.Null());
}

Napi::Object input(Napi::Env env, const HqInputInfo &info)
{
    static const char *const fields[] = {"open", "high", "low", "close", "volume", "buy_volume", "time"};
    Napi::Object out = Napi::Object::New(env);
    out.Set("name", info.name);
    out.Set("field", text_or_null(env, info.field < 0 ? nullptr : fields[info.field]));
    out.Set("is_fixed", info.is_implicit != 0);
    return out;
}

Napi::Object param(Napi::Env env, const HqParamInfo &info)
{
    Napi::Object out = Napi::Object::New(env);
    out.Set("name", info.name);
    out.Set("minimum", info.minimum);
    out.Set("maximum", info.maximum);
    out.Set("default", std::isnan(info.default_value) ? Napi::Value(env.Null())
                                                      : Napi::Number::New(env, info.default_value));
    out.Set("is_integer", info.is_integer != 0);
    return out;
}

template <typename Item, typename Make>
Napi::Array list(Napi::Env env, const Item *items, uint32_t count, Make make)
{
    Napi::Array out = Napi::Array::New(env, count);
    for (uint32_t i = 0; i < count; i++)
        out.Set(i, make(env, items[i]));
    return out;
}

Napi::Object row(Napi::Env env, const HqIndicatorInfo &info)
{
    Napi::Object out = Napi::Object::New(env);
    out.Set("name", info.name);
    out.Set("title", info.title);
    out.Set("formula", info.formula);
    out.Set("source", info.source);
    out.Set("unit", info.unit);
    out.Set("cost", info.cost);
    out.Set("group", info.group);
    out.Set("code", info.code);
    out.Set("inputs", list(env, info.inputs, info.n_inputs, input));
    out.Set("params", list(env, info.params, info.n_params, param));
    out.Set("outputs", list(env, info.outputs, info.n_outputs, text_or_null));
    out.Set("talib_name", text_or_null(env, info.talib_name));
    out.Set("talib_note", text_or_null(env, info.talib_note));
    return out;
}

Napi::Value table(const Napi::CallbackInfo &info)
{
    Napi::Array out = Napi::Array::New(info.Env());
    for (size_t i = 0; i < hq_indicator_count(); i++)
        if (hq_indicator_info(i)->is_public)
            out.Set(out.Length(), row(info.Env(), *hq_indicator_info(i)));
    return out;
}

// (spec's four, output): -1 where a parameter is out of range
Napi::Value warmup(const Napi::CallbackInfo &info)
{
    HqIndicatorSpec spec = spec_at(info, 0);
    return Napi::Number::New(info.Env(), static_cast<double>(hq_indicator_warmup(&spec, whole32(info, 4))));
}

// (spec's four, inputs, outputs): Arrays of Float64Arrays of one length
Napi::Value batch(const Napi::CallbackInfo &info)
{
    HqIndicatorSpec spec = spec_at(info, 0);
    Napi::Array arrays[] = {info[4].As<Napi::Array>(), info[5].As<Napi::Array>()};
    std::vector<double *> pointers[2];
    size_t length = doubles(arrays[0].Get(0u)).length;
    for (size_t side = 0; side < 2; side++)
        for (uint32_t i = 0; i < arrays[side].Length(); i++) {
            Span<double> column = doubles(arrays[side].Get(i));
            if (column.length != length)
                throw Napi::RangeError::New(info.Env(), "columns differ in length");
            pointers[side].push_back(column.data);
        }
    for (size_t i = 0; i < hq_indicator_count(); i++) {
        const HqIndicatorInfo *row = hq_indicator_info(i);
        if (row->code == spec.code &&
            (row->n_inputs != pointers[0].size() || row->n_outputs != pointers[1].size()))
            throw Napi::RangeError::New(info.Env(), "not as many columns as the indicator has");
    }
    check(info.Env(), hq_indicator_batch(&spec, pointers[0].data(), length, pointers[1].data()));
    return info.Env().Undefined();
}

} // namespace

void init_indicator(Napi::Object exports)
{
    add<table>(exports, "indicator_table");
    add<warmup>(exports, "hq_indicator_warmup");
    add<batch>(exports, "hq_indicator_batch");
}
