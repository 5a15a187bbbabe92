#include "symbols.h"

#include <new>

#include "result_column.h"
#include "structs.h"

namespace {

// Rows of three: notional_from, maintenance_rate, max_leverage.
std::vector<HqMarginTier> tiers_of(Napi::Value value)
{
    std::vector<double> numbers = double_vector(value);
    std::vector<HqMarginTier> tiers;
    for (size_t i = 0; i + 2 < numbers.size(); i += 3)
        tiers.push_back({numbers[i], numbers[i + 1], numbers[i + 2]});
    return tiers;
}

Napi::Object object_of(Napi::Value value, const char *name)
{
    if (!value.IsObject())
        throw Napi::TypeError::New(value.Env(), std::string(name) + ": expected an object");
    return value.As<Napi::Object>();
}

// What the library reads a value a bar of, whatever the length of the array is.
template <typename T>
const T *of_length(Napi::Env env, const std::vector<T> &column, size_t length, const char *name)
{
    if (column.size() != length)
        throw Napi::RangeError::New(env, std::string(name) + ": expected a value for each bar");
    static const T nothing{};
    return length > 0 ? column.data() : &nothing;
}

} // namespace

Symbols::Symbols(Napi::Object request, Arrays arrays)
{
    Napi::Object given = object_of(request.Get("options"), "options");
    hq_backtest_options_init(&options);
    set_fields(given, option_fields, &options);
    set_fields(given, account_fields, &options.account);
    tiers_ = tiers_of(given.Get("tiers"));
    options.tiers = tiers_.empty() ? nullptr : tiers_.data();
    options.n_tiers = tiers_.size();
    Napi::Object symbols = object_of(request.Get("symbols"), "symbols");
    uint32_t count = symbols.Get("length").ToNumber().Uint32Value();
    for (uint32_t i = 0; i < count; i++)
        add(object_of(symbols.Get(i), "symbols"), arrays);
}

void Symbols::add(Napi::Object request, Arrays arrays)
{
    Napi::Env env = request.Env();
    HqSymbol symbol;
    hq_symbol_init(&symbol);
    set_fields(request, symbol_fields, &symbol);
    symbol.bars = keep(request.Get("bars"), arrays);
    size_t length = symbol.bars->length;
    if (!request.Get("program").IsUndefined()) {
        programs_.push_back(shared_of<HqProgram>(request.Get("program")));
        symbol.program = programs_.back().get();
        numbers_.push_back(double_vector(request.Get("params")));
        symbol.params = numbers_.back().empty() ? nullptr : numbers_.back().data();
        symbol.n_params = numbers_.back().size();
    }
    if (!request.Get("signals").IsUndefined()) {
        signals_.push_back(int8_vector(request.Get("signals")));
        symbol.signals = of_length(env, signals_.back(), length, "signals");
    }
    if (!request.Get("funding").IsUndefined()) {
        numbers_.push_back(double_vector(request.Get("funding")));
        symbol.funding_rate = of_length(env, numbers_.back(), length, "funding");
    }
    if (!request.Get("finer").IsUndefined())
        symbol.finer = keep(request.Get("finer"), arrays);
    entries.push_back(symbol);
}

const HqBars *Symbols::keep(Napi::Value bars, Arrays arrays)
{
    bars_.push_back(read_bars(bars, arrays));
    return &bars_.back().columns;
}

size_t Symbols::bars() const
{
    size_t count = 0;
    for (const HqSymbol &symbol : entries)
        count += symbol.bars->length;
    return count;
}

size_t Symbols::steps() const
{
    hq_clear_error();
    size_t count = hq_backtest_steps(entries.data(), entries.size());
    if (count == 0 && hq_last_error()->code == HQ_ENOMEM)
        throw std::bad_alloc();
    return count;
}
