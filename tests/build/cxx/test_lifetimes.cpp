// What hquant.hpp refuses to compile, because it would dangle or hand an owner's handle away; and
// what is safe although it looks as if it were not. Built with AddressSanitizer.
// Argument: the program of STRATEGY in test_cxx.py.
#include "check.hpp"

#include <array>
#include <fstream>
#include <iterator>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

// How many more allocations succeed; < 0: all.
static int allocations_left = -1;

void *operator new(std::size_t size)
{
    void *memory = allocations_left == 0 ? nullptr : std::malloc(size ? size : 1);
    if (allocations_left > 0)
        allocations_left--;
#if HQUANT_EXCEPTIONS
    if (!memory)
        throw std::bad_alloc();
#endif
    return memory;
}
void operator delete(void *memory) noexcept { std::free(memory); }
void operator delete(void *memory, std::size_t) noexcept { std::free(memory); }

namespace {

using hquant::Bars;
using hquant::BarTable;
using hquant::Engine;
using hquant::EngineCalls;
using hquant::EngineRef;
using hquant::Program;
using hquant::Sweep;
using hquant::Symbol;
using Signals = std::vector<std::int8_t>;
using Symbols = std::vector<HqSymbol>;
using Values = std::vector<double>;

// ------------------------------------------------------------- views of what ends at once

static_assert(std::is_constructible_v<Symbol, Bars &, Program &>);
static_assert(std::is_constructible_v<Symbol, Bars &, const Program &>);
static_assert(!std::is_constructible_v<Symbol, Bars &, Program>);
static_assert(!std::is_constructible_v<Symbol, Bars &, const Program>);
static_assert(!std::is_constructible_v<Symbol, Bars, Program &>);
static_assert(std::is_constructible_v<Symbol, Bars &, Signals &>);
static_assert(std::is_constructible_v<Symbol, Bars &, hquant::span<const std::int8_t>>);
static_assert(!std::is_constructible_v<Symbol, Bars &, Signals>);
static_assert(!std::is_constructible_v<Symbol, Bars &, std::array<std::int8_t, 3>>);

using Options = hquant::BacktestOptions;
static_assert(std::is_constructible_v<Sweep, Symbols &, Options &, Values &, std::size_t>);
static_assert(!std::is_constructible_v<Sweep, Symbols &, Options &, Values, std::size_t>);
static_assert(!std::is_constructible_v<Sweep, Symbols, Options &, Values &, std::size_t>);
static_assert(!std::is_constructible_v<Sweep, Symbols, Options &, Values, std::size_t>);
static_assert(!std::is_constructible_v<Sweep, Symbols &, Options, Values &, std::size_t>);

template <class T, class = void> struct GivesBars : std::false_type {};
template <class T>
struct GivesBars<T, std::void_t<decltype(std::declval<T>().bars())>> : std::true_type {};
static_assert(GivesBars<BarTable &>::value && GivesBars<const BarTable &>::value);
static_assert(!GivesBars<BarTable>::value && !GivesBars<const BarTable>::value);

template <class T, class = void> struct GivesParams : std::false_type {};
template <class T>
struct GivesParams<T, std::void_t<decltype(std::declval<T>().params())>> : std::true_type {};
static_assert(GivesParams<Program &>::value && GivesParams<const Program &>::value);
static_assert(!GivesParams<Program>::value && !GivesParams<const Program>::value);

template <class Close, class = void> struct MakesBars : std::false_type {};
template <class Close>
struct MakesBars<Close, std::void_t<decltype(Bars::of(
                            std::declval<std::vector<std::int64_t> &>(), std::declval<Values &>(),
                            std::declval<Values &>(), std::declval<Values &>(),
                            std::declval<Close>(), std::declval<Values &>()))>> : std::true_type {};
static_assert(MakesBars<Values &>::value && MakesBars<hquant::span<const double>>::value);
static_assert(!MakesBars<Values>::value);

// ------------------------------------------------------- an owner keeps what it owns

static_assert(!std::is_convertible_v<Engine &, EngineRef &>);
static_assert(!std::is_assignable_v<EngineCalls &, EngineRef>);
static_assert(!std::is_assignable_v<EngineCalls &, Engine &>);
static_assert(!std::is_assignable_v<Engine &, EngineRef>);
static_assert(std::is_convertible_v<Engine &, EngineRef> && !std::is_convertible_v<Engine, EngineRef>);
static_assert(std::is_assignable_v<EngineRef &, EngineRef>);
static_assert(std::is_move_constructible_v<hquant::Run> && std::is_move_assignable_v<hquant::Run>);
static_assert(!std::is_copy_constructible_v<hquant::Run>);

#if !HQUANT_EXCEPTIONS
static_assert(!std::is_constructible_v<bool, hquant::Result<bool>>, "`if (account.liquidated())`");
static_assert(std::is_constructible_v<bool, hquant::Result<double>>);
static_assert(!std::is_reference_v<decltype(*std::declval<hquant::Result<Engine>>())>);
#endif

// A value as programs of both kinds ask for it in place.
#if HQUANT_EXCEPTIONS
#  define THE(call) (call)
#else
#  define THE(call) (*(call))
#endif

constexpr std::int64_t MINUTE = 60000;

Bar bar_at(int i)
{
    const double close = 100. + i % 7;
    return {i * MINUTE, close, close + 1, close - 1, close, 1, 1};
}

void a_range_for_runs_over_a_temporary(hquant::span<const std::uint8_t> hqbc)
{
    Engine engine = MUST(Engine::create(100));
    MUST(engine.add_strategy(hqbc));
    std::array<Signal, 16> room{};
    int signals = 0, periods = 0;
    double sum = 0;
    for (int i = 0; i < 50; i++) {
        MUST(engine.push_bar(bar_at(i)));
        for (const Signal &signal : THE(engine.poll_signals(room)))
            signals += signal.timestamp == i * MINUTE;
    }
    for (const double close : THE(engine.close_column()))
        sum += close;
    const auto multi = MUST(hquant::MultiHQuant::create(10, {MINUTE, 5 * MINUTE}));
    for (const std::int64_t period : THE(multi.periods()))
        periods += period > 0;
    CHECK(signals > 10 && sum > 5000 && periods == 2);
}

void a_run_moves_with_its_columns(hquant::span<const std::uint8_t> hqbc)
{
    BarTable rows;
    for (int i = 0; i < 100; i++)
        rows.push_back(bar_at(i));
    const Bars bars = rows.bars();
    const Program program = MUST(Program::load(hqbc));
    hquant::Run run;
    run.add(MUST(hquant::IndicatorSpec::of("SMA", {3})));
    run.want_actions();
    MUST(run.over(bars, program));
    const double last = run.column(0)[99];
    hquant::Run moved(std::move(run));
    hquant::Run assigned;
    assigned.add_register(0);
    MUST(assigned.over(bars, program));
    assigned = std::move(moved);
    CHECK(assigned.column(0)[99] == last && assigned.actions().size() == 100);
    MUST(assigned.over(bars, program)); // its specs moved with it
    CHECK(assigned.column(0)[99] == last);
    run = hquant::Run();
    CHECK(run.actions().empty());
}

#if HQUANT_EXCEPTIONS
void a_table_is_whole_when_memory_runs_out()
{
    for (int fails_after = 0; fails_after < 7; fails_after++) {
        BarTable rows;
        int kept = 0;
        allocations_left = fails_after;
        for (int i = 0; i < 3; i++)
            try {
                rows.push_back(bar_at(i));
                kept++;
            } catch (const std::bad_alloc &) {
                allocations_left = -1;
            }
        allocations_left = -1;
        const Bars bars = rows.bars();
        CHECK(kept == 2 && bars.length == 2);
        MUST(bars.check());
        CHECK(bars.close[0] == bar_at(1).close && bars.buy_volume[1] == 1 && bars.volume[1] == 1);
        CHECK(bars.timestamp[1] == 2 * MINUTE);
    }
}
#endif

} // namespace

int main(int, char **arguments)
{
    std::ifstream file(arguments[1], std::ios::binary);
    const std::vector<std::uint8_t> hqbc{std::istreambuf_iterator<char>(file), {}};
    a_range_for_runs_over_a_temporary(hqbc);
    a_run_moves_with_its_columns(hqbc);
#if HQUANT_EXCEPTIONS
    a_table_is_whole_when_memory_runs_out();
#endif
    return report("lifetimes");
}
