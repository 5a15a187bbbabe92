// What is called for every bar asks for no memory, in the header or in the library. Argument: the
// program of test_hpp.cpp. malloc is counted for everything in the process, operator new beside it.
#include "check.hpp"

#include <array>
#include <fstream>
#include <iterator>
#include <new>
#include <vector>

extern "C" {
void *__libc_malloc(std::size_t size);
void *__libc_calloc(std::size_t count, std::size_t size);
void *__libc_realloc(void *old, std::size_t size);
}

static long allocations = 0;

extern "C" void *malloc(std::size_t size) noexcept
{
    allocations++;
    return __libc_malloc(size);
}
extern "C" void *calloc(std::size_t count, std::size_t size) noexcept
{
    allocations++;
    return __libc_calloc(count, size);
}
extern "C" void *realloc(void *old, std::size_t size) noexcept
{
    allocations++;
    return __libc_realloc(old, size);
}

namespace {

constexpr std::size_t BARS = 3000;
constexpr std::int64_t MINUTE = 60000;
std::vector<std::uint8_t> hqbc;

Bar bar_at(std::size_t i)
{
    const double close = 100 + 10 * std::sin(static_cast<double>(i) / 7);
    return {static_cast<std::int64_t>(i) * MINUTE, close, close + 1, close - 1, close, 10, 4};
}

void the_counter_counts()
{
    const long before = allocations;
    std::vector<double> some(100);
    CHECK(allocations == before + 1 && some.size() == 100);
    CHECK(MUST(hquant::Engine::create(4)) && allocations > before + 2);
}

void an_engine_allocates_nothing()
{
    hquant::Engine engine = MUST(hquant::Engine::create(256));
    const auto rsi = MUST(engine.add_rsi(14)), macd = MUST(engine.add_macd(12, 26, 9));
    MUST(engine.add_strategy(hqbc));
    const HqIndicatorOutput chosen[] = {{rsi, 0}, {macd, 1}};
    const hquant::span<const double> watched = MUST(engine.watch(chosen));
    const hquant::Newest newest = MUST(engine.newest(chosen));
    std::array<Signal, 4> room{};
    std::array<double, 3> lines{};
    double sum = 0;
    std::size_t polled = 0;
    const long before = allocations;
    for (std::size_t i = 0; i < BARS; i++) {
        MUST(engine.push_bar(bar_at(i)));
        MUST(engine.update_last_bar(bar_at(i)));
        sum += MUST(engine.indicator_last(rsi)) + MUST(engine.indicator_values(macd, lines))[2];
        sum += MUST(engine.indicator_value(macd)).a + watched[1] + newest[1];
        for (const Signal &signal : MUST(engine.poll_signals(room)))
            polled += signal.action == ACTION_BUY;
        for (const double close : MUST(engine.close_column()))
            sum += close;
        sum += MUST(engine.indicator_column(rsi)).back() +
               static_cast<double>(MUST(engine.size()) + MUST(engine.signals_waiting()));
    }
    CHECK(allocations == before);
    CHECK(polled > 100 && sum != 0);
#if !HQUANT_EXCEPTIONS
    Bar wrong = bar_at(BARS);
    wrong.close = -1e300;
    const bool is_refused = engine.push_bar(wrong).code() == HQ_EBAR;
    CHECK(is_refused && allocations == before); // a failure allocates nothing either
#endif
}

void several_periods_allocate_nothing()
{
    const std::array<std::int64_t, 3> periods{MINUTE, 5 * MINUTE, 60 * MINUTE};
    hquant::MultiHQuant multi = MUST(hquant::MultiHQuant::create(64, periods));
    hquant::Aggregator aggregator = MUST(hquant::Aggregator::create(periods));
    const hquant::EngineRef hour = MUST(multi.engine(periods[2]));
    MUST(multi.add_strategy(hqbc));
    std::array<Signal, 16> signals{};
    std::array<HqCandleEvent, 16> events{};
    std::size_t seen = 0;
    const long before = allocations;
    for (std::size_t i = 0; i < BARS; i++) {
        MUST(multi.feed_bar(bar_at(i)));
        MUST(aggregator.push(bar_at(i)));
        seen += MUST(multi.poll_signals(signals)).size();
        seen += MUST(aggregator.poll_events(events)).size() + MUST(hour.close_column()).size();
    }
    CHECK(allocations == before && seen > BARS);
}

void an_account_allocates_nothing()
{
    hquant::Account account = MUST(hquant::Account::create(hquant::AccountParams()));
    double sum = 0;
    const long before = allocations;
    for (std::size_t i = 0; i < BARS; i++) {
        MUST(account.apply_signal(i % 2 ? ACTION_BUY : ACTION_SELL, bar_at(i).close, 10));
        MUST(account.on_price(bar_at(i).close));
        sum += MUST(account.equity(100)) + MUST(account.result(100)).equity;
    }
    CHECK(allocations == before && sum > 0);
}

} // namespace

int main(int, char **arguments)
{
    std::ifstream file(arguments[1], std::ios::binary);
    hqbc.assign(std::istreambuf_iterator<char>(file), {});
    the_counter_counts();
    an_engine_allocates_nothing();
    several_periods_allocate_nothing();
    an_account_allocates_nothing();
    return report("the hot path");
}
