#include "bars.h"

#include <cstring>
#include <new>

#include "args.h"
#include "errors.h"
#include "memory.h"
#include "result_column.h"
#include "topics.h"

namespace {

struct Name {
    const char *name;
    const double *HqBars::*column;
};

const Name values[] = {
    {"open", &HqBars::open},   {"high", &HqBars::high},     {"low", &HqBars::low},
    {"close", &HqBars::close}, {"volume", &HqBars::volume}, {"buy_volume", &HqBars::buy_volume},
};

constexpr size_t columns_at_most = 1 + sizeof values / sizeof *values;

const double no_bars = 0; // where an empty column begins: NULL would say that there is no column

template <typename T> const T *begin_of(Span<T> span)
{
    return span.length > 0 ? span.data : reinterpret_cast<const T *>(&no_bars);
}

// The columns of an object of typed arrays, where they lie. buy_volume may be undefined.
HqBars columns_of(Napi::Object object)
{
    HqBars bars = {};
    Span<int64_t> times = int64s(object.Get("timestamp"));
    bars.timestamp = begin_of(times);
    bars.length = times.length;
    for (const Name &each : values) {
        Napi::Value value = object.Get(each.name);
        if (each.column == &HqBars::buy_volume && value.IsUndefined())
            continue;
        Span<double> found = doubles(value);
        if (found.length != times.length)
            throw Napi::RangeError::New(object.Env(), std::string(each.name) +
                                                          ": expected as many elements as timestamp has");
        bars.*each.column = begin_of(found);
    }
    return bars;
}

std::shared_ptr<Bars> copy_of(const HqBars &from)
{
    auto bars = std::make_shared<Bars>();
    size_t length = from.length;
    bars->memory.reset(new double[columns_at_most * (length + 1)]);
    double *place = bars->memory.get();
    auto take = [&](const void *column) {
        std::memcpy(place, column, length * sizeof(double));
        place += length;
        return place - length;
    };
    bars->columns.length = length;
    bars->columns.timestamp = reinterpret_cast<const int64_t *>(take(from.timestamp));
    for (const Name &each : values)
        if (from.*each.column)
            bars->columns.*each.column = take(from.*each.column);
    return bars;
}

Napi::Value bars_new(const Napi::CallbackInfo &info)
{
    BarsInput input = read_bars(info[0], Arrays::allowed);
    try {
        std::shared_ptr<Bars> bars = copy_of(input.columns);
        size_t size = columns_at_most * bars->columns.length * sizeof(double);
        return wrap(info.Env(), Kind::bars, bars, size);
    } catch (const std::bad_alloc &) {
        throw Napi::RangeError::New(info.Env(), "out of memory for the bars");
    }
}

Napi::Value bars_length(const Napi::CallbackInfo &info)
{
    return Napi::Number::New(info.Env(), static_cast<double>(at<Bars>(info, 0)->columns.length));
}

// A column by name, as a copy: jobs in other threads may be reading the memory. null: not there.
Napi::Value bars_column(const Napi::CallbackInfo &info)
{
    std::shared_ptr<Bars> bars = shared_at<Bars>(info, 0);
    std::string name = text(info, 1);
    const void *column = name == "timestamp" ? bars->columns.timestamp : nullptr;
    for (const Name &each : values)
        if (name == each.name)
            column = bars->columns.*each.column;
    if (!column)
        return info.Env().Null();
    size_t length = bars->columns.length;
    Napi::ArrayBuffer buffer = new_buffer(info.Env(), length * sizeof(double));
    if (length > 0)
        std::memcpy(buffer.Data(), column, length * sizeof(double));
    if (name == "timestamp")
        return Napi::BigInt64Array::New(info.Env(), length, buffer, 0);
    return Napi::Float64Array::New(info.Env(), length, buffer, 0);
}

// Throws for the first bar that is no candle.
Napi::Value bars_check(const Napi::CallbackInfo &info)
{
    BarsInput input = read_bars(info[0], Arrays::allowed);
    check(info.Env(), hq_bars_check(&input.columns));
    return info.Env().Undefined();
}

} // namespace

BarsInput read_bars(Napi::Value value, Arrays arrays)
{
    BarsInput input;
    if (arrays == Arrays::refused || is_handle(value, Kind::bars)) {
        input.owner = shared_of<Bars>(value);
        input.columns = input.owner->columns;
    } else if (value.IsObject()) {
        input.columns = columns_of(value.As<Napi::Object>());
    } else {
        throw Napi::TypeError::New(value.Env(), "expected Bars or an object of typed arrays");
    }
    return input;
}

void init_bars(Napi::Object exports)
{
    add<bars_new>(exports, "bars_new");
    add<bars_length>(exports, "bars_length");
    add<bars_column>(exports, "bars_column");
    add<bars_check>(exports, "hq_bars_check");
}
