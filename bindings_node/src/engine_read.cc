// What is read from an engine: values of indicators, watched values, ring columns.
#include <hquant/engine.h>

#include <cmath>

#include "args.h"
#include "hot.h"
#include "memory.h"
#include "topics.h"

namespace {

constexpr size_t max_outputs = 5; // of any indicator

uint32_t staged_id(const Env &own) { return static_cast<uint32_t>(own.stage[STAGE_TIMESTAMP]); }

// Id in, kind and three values out.
void indicator_last(Napi::Env env, Env &own)
{
    HQuant *engine = staged<HQuant>(env, own);
    IndicatorValue value = hquant_indicator_last(engine, staged_id(own));
    if (std::isnan(value.a)) { // not yet a value, or a failure: only the error tells
        hq_clear_error();
        value = hquant_indicator_last(engine, staged_id(own));
        check_last(env);
    }
    double *out = own.stage + STAGE_OUT;
    out[0] = value.kind;
    out[1] = value.a;
    out[2] = value.b;
    out[3] = value.c;
}

// Id in; how many there are and the values out.
void indicator_values(Napi::Env env, Env &own)
{
    double *out = own.stage + STAGE_OUT;
    hq_clear_error();
    out[0] = static_cast<double>(
        hq_indicator_values(staged<HQuant>(env, own), staged_id(own), out + 1, max_outputs));
    check_last(env);
}

// Watched values where no view may show them: an array of JavaScript's own that pushes bring up to date.
Napi::ArrayBuffer mirror(Napi::Env env, Mirrors &mirrors, const double *values, size_t count)
{
    for (Mirror &known : mirrors)
        if (known.from == values && known.count == count && known.memory())
            return known.buffer.Value();
    Napi::ArrayBuffer buffer = new_buffer(env, count * sizeof(double));
    mirrors.push_back({Napi::Persistent(buffer), values, count});
    refresh(mirrors);
    return buffer;
}

// (handle, Uint32Array of id, output, id, output, ...)
Napi::Value watch(const Napi::CallbackInfo &info)
{
    Napi::Env env = info.Env();
    Handle &handle = handle_at(info, 0, Kind::engine);
    std::shared_ptr<HQuant> engine = shared_at<HQuant>(info, 0);
    Span<uint32_t> pairs = uint32s(info, 1);
    size_t count = pairs.length / 2;
    std::vector<HqIndicatorOutput> outputs(count);
    for (size_t i = 0; i < count; i++)
        outputs[i] = {pairs.data[2 * i], pairs.data[2 * i + 1]};
    const double *values = nonzero(env, hq_engine_watch(engine.get(), outputs.data(), count));
    if (Env::of(env).copies)
        return mirror(env, *handle.mirrors, values, count);
    return view(env, values, count * sizeof(double), engine);
}

// Capacity, length and head of a column into the stage; the memory itself is asked for once (column_memory).
template <typename Column> const void *put_column(Env &own, const Column &column)
{
    double *out = own.stage + STAGE_OUT;
    out[0] = static_cast<double>(column.capacity);
    out[1] = static_cast<double>(column.len);
    out[2] = static_cast<double>(column.head);
    return column.ptr;
}

using ColumnOf = HqColumnF64 (*)(HQuant *);
constexpr ColumnOf columns[] = {hquant_open_column,  hquant_high_column,   hquant_low_column,
                                hquant_close_column, hquant_volume_column, hquant_buy_volume_column};

// Columns 0..5 are the bar's fields, 6 its times; beyond that `id` and `output` name an indicator's.
const void *find_column(Env &own, HQuant *engine, uint32_t which, uint32_t id, uint32_t output)
{
    if (which < std::size(columns))
        return put_column(own, columns[which](engine));
    if (which == std::size(columns))
        return put_column(own, hquant_timestamp_column(engine));
    return put_column(own, hq_indicator_column(engine, id, output));
}

// (handle, which, id, output, whether the memory is wanted): the stage has the rest
Napi::Value column(const Napi::CallbackInfo &info)
{
    Napi::Env env = info.Env();
    Env &own = Env::of(env);
    std::shared_ptr<HQuant> engine = shared_at<HQuant>(info, 0);
    const void *memory = nonzero(env, find_column(own, engine.get(), whole32(info, 1), whole32(info, 2),
                                                  whole32(info, 3)));
    if (!info[4].ToBoolean())
        return env.Undefined();
    return view(env, memory, static_cast<size_t>(own.stage[STAGE_OUT]) * sizeof(double), engine);
}

} // namespace

void init_engine_read(Napi::Object exports)
{
    add_hot<indicator_last>(exports, "hquant_indicator_last");
    add_hot<indicator_values>(exports, "hq_indicator_values");
    add<watch>(exports, "hq_engine_watch");
    add<column>(exports, "column");
}
