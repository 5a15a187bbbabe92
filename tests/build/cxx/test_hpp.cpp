// What hquant.hpp promises, with exceptions and without: each block is a claim.
// Argument: the program of STRATEGY in test_cxx.py, which is PARAM n = 3 IN 2..5 STEP 1, then BUY while
// the close is above SMA(close, n) and SELL while it is below.
#include "check.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <limits>
#include <numeric>
#include <string>
#include <vector>
#if __cplusplus >= 202002L
#  include <ranges>
#  include <span>
#endif

namespace {

constexpr std::int64_t MINUTE = 60000;
constexpr std::size_t BARS = 500;
std::vector<std::uint8_t> hqbc;

Bar bar_at(std::size_t i)
{
    const double t = static_cast<double>(i), close = 100 + 10 * std::sin(t / 7) + t / 50;
    return {static_cast<std::int64_t>(i) * MINUTE, close - 0.5, close + 1, close - 1, close, 10, 4};
}

const hquant::BarTable &table()
{
    static const hquant::BarTable made = [] {
        hquant::BarTable rows;
        rows.reserve(BARS);
        for (std::size_t i = 0; i < BARS; i++)
            rows.push_back(bar_at(i));
        return rows;
    }();
    return made;
}

// Equal to the last bit, NaN included.
bool same(double a, double b) { return std::memcmp(&a, &b, sizeof a) == 0; }

template <class A, class B> bool same_values(const A &a, const B &b)
{
    return std::equal(std::begin(a), std::end(a), std::begin(b), std::end(b),
                      [](double x, double y) { return same(x, y); });
}

void spans_view_what_they_are_made_of()
{
    std::vector<double> owned{1, 2, 3};
    const std::array<double, 2> fixed{4, 5};
    double raw[] = {6, 7, 8, 9};
    const hquant::span<double> all(owned);
    const hquant::span<const double> read = all, of_array = fixed, of_raw = raw;
    CHECK(all.size() == 3 && read.data() == owned.data() && of_array.back() == 5);
    CHECK(of_raw.last(2).front() == 8 && of_raw.first(9).size() == 4 && of_raw.size_bytes() == 32);
    CHECK(hquant::span<const int>{}.empty());
    static_assert(!std::is_constructible_v<hquant::span<double>, const std::vector<double> &>);
    static_assert(!std::is_constructible_v<hquant::span<double>, std::vector<double>>);
    static_assert(!std::is_constructible_v<hquant::span<std::uint8_t>, std::vector<char> &>);
#if __cplusplus >= 202002L
    const std::span<const double> standard = read;
    const hquant::span<const double> back = standard;
    CHECK(back.data() == owned.data() && back.size() == 3);
    static_assert(std::ranges::contiguous_range<hquant::span<double>>);
    static_assert(std::ranges::random_access_range<hquant::ColumnF64>);
#endif
}

void columns_run_from_oldest_to_newest()
{
    for (const std::size_t capacity : {1u, 2u, 7u, 500u, 600u}) {
        hquant::Engine engine = MUST(hquant::Engine::create(capacity));
        for (std::size_t i = 0; i < BARS; i++) {
            MUST(engine.push_bar(bar_at(i)));
            if (i % 97 != 3 && i + 1 != BARS)
                continue;
            const hquant::ColumnI64 time = MUST(engine.timestamp_column());
            const hquant::ColumnF64 close = MUST(engine.close_column());
            const std::size_t held = std::min(capacity, i + 1);
            CHECK(time.size() == held && close.size() == held && close.capacity() == capacity);
            CHECK(time.back() == static_cast<std::int64_t>(i) * MINUTE);
            CHECK(time.ago(0) == time.back());
            CHECK(std::is_sorted(time.begin(), time.end()) && close.back() == bar_at(i).close);
            CHECK(time.front() == static_cast<std::int64_t>(i + 1 - held) * MINUTE);
            CHECK(close.older().size() + close.newer().size() == held);
            std::vector<double> joined(close.older().begin(), close.older().end());
            joined.insert(joined.end(), close.newer().begin(), close.newer().end());
            CHECK(same_values(joined, close));
            std::vector<double> newest(3);
            const hquant::span<double> copied = close.copy_newest(newest);
            CHECK(copied.size() == std::min<std::size_t>(3, held));
            CHECK(std::equal(copied.begin(), copied.end(),
                             close.end() - static_cast<std::ptrdiff_t>(copied.size())));
            CHECK(close.end() - close.begin() == static_cast<std::ptrdiff_t>(held));
            CHECK(std::lower_bound(time.begin(), time.end(), time.back()) == time.end() - 1);
        }
        CHECK(MUST(engine.open_column()).back() == bar_at(BARS - 1).open);
        CHECK(MUST(engine.high_column()).back() == bar_at(BARS - 1).high);
        CHECK(MUST(engine.low_column()).back() == bar_at(BARS - 1).low);
        CHECK(MUST(engine.volume_column()).back() == 10);
        CHECK(MUST(engine.buy_volume_column()).back() == 4);
        CHECK(MUST(engine.size()) == std::min(capacity, BARS) && MUST(engine.total_bars()) == BARS);
        CHECK(MUST(engine.capacity()) == capacity);
    }
    CHECK(MUST(MUST(hquant::Engine::create(4)).close_column()).empty());
}

void indicators_have_one_value_however_they_are_asked_for()
{
    hquant::Engine engine = MUST(hquant::Engine::create(BARS));
    const auto rsi = MUST(engine.add_rsi(14)), sma = MUST(engine.add_sma_close(5));
    const auto ema = MUST(engine.add_ema_close(5)), deviation = MUST(engine.add_stddev_close(5));
    const auto boll = MUST(engine.add_boll(20, 2)), macd = MUST(engine.add_macd(12, 26, 9));
    const auto spec = MUST(hquant::IndicatorSpec::of("atr", {14}));
    const auto atr = MUST(engine.add_indicator(spec));
    const auto of_open =
        MUST(engine.add_indicator(MUST(hquant::IndicatorSpec::of("SMA", {5}, {hquant::Field::open}))));
    const auto highest_spec = MUST(hquant::IndicatorSpec::of("HIGHEST", {5}));
    const auto highest = MUST(engine.add_indicator_newest(highest_spec));
    const auto kept = MUST(engine.add_indicator(highest_spec));
    const std::array<HqIndicatorOutput, 3> chosen{{{rsi, 0}, {macd, 2}, {boll, 1}}};
    const hquant::span<const double> watched = MUST(engine.watch(chosen));
    const hquant::Newest newest = MUST(engine.newest(chosen)), none;
    CHECK(newest.size() == 3 && std::isnan(newest[0]) && none.empty());
    for (std::size_t i = 0; i < BARS; i++)
        MUST(engine.push_bar(bar_at(i)));
    for (std::size_t i = 0; i < watched.size(); i++)
        CHECK(same(newest[i], watched[i]));
    std::array<double, 5> room{};
    const hquant::span<double> lines = MUST(engine.indicator_values(macd, room));
    CHECK(lines.size() == 3 && MUST(engine.indicator_outputs(macd)) == 3);
    CHECK(same(MUST(engine.indicator_value(macd)).c, lines[2]) && same(watched[1], lines[2]));
    CHECK(MUST(engine.indicator_value(rsi)).kind == INDICATOR_SCALAR);
    CHECK(same(MUST(engine.indicator_last(rsi)), watched[0]) && watched[0] > 0);
    CHECK(MUST(engine.indicator_values(boll, hquant::span<double>(room).first(2))).size() == 2);
    CHECK(same(room[1], MUST(engine.indicator_last(sma)) * 0 + watched[2]));
    CHECK(MUST(engine.indicator_last(ema)) != MUST(engine.indicator_last(sma)));
    CHECK(MUST(engine.indicator_last(deviation)) > 0 && of_open != sma);
    const hquant::ColumnF64 column = MUST(engine.indicator_column(atr));
    CHECK(same(column.back(), MUST(engine.indicator_last(atr))) && std::isnan(column[0]));
    CHECK(kept != highest && MUST(engine.indicator_last(highest)) == MUST(engine.indicator_column(kept)).back());
    FAILS(HQ_EINVAL, engine.indicator_column(highest));

    const hquant::Bars bars = table().bars();
    const auto of_bars = [&](const double *field) { return hquant::span<const double>(field, BARS); };
    const auto whole =
        MUST(hquant::batch(spec, {of_bars(bars.high), of_bars(bars.low), of_bars(bars.close)}));
    CHECK(whole.size() == 1 && same_values(whole[0], column));
    const auto first = std::find_if(column.begin(), column.end(), [](double x) { return x == x; });
    CHECK(MUST(spec.warmup()) == first - column.begin());
    CHECK(spec.info() == hquant::find_indicator("ATR"));
    CHECK(hquant::params_of(*spec.info())[0].name == std::string("period"));
    CHECK(hquant::inputs_of(*spec.info()).size() == 3);
    CHECK(hquant::outputs_of(*spec.info()).size() == 1);
    CHECK(hquant::indicator_count() > 100 && hquant::indicator_info(0)->name != nullptr);

    FAILS(HQ_EINVAL, engine.add_rsi(0));
    FAILS(HQ_EINVAL, engine.add_macd(26, 12, 9));
    FAILS(HQ_ENOTFOUND, engine.indicator_last(9999));
    FAILS(HQ_ENOTFOUND, engine.indicator_value(9999));
    FAILS(HQ_ENOTFOUND, engine.indicator_column(9999));
    FAILS(HQ_ENOTFOUND, hquant::IndicatorSpec::of("NO_SUCH"));
    FAILS(HQ_ENOTFOUND, hquant::IndicatorSpec::of(std::string(200, 'x')));
    FAILS(HQ_ENOTFOUND, hquant::IndicatorSpec::of(std::string_view("RSI\0x", 5)));
    FAILS(HQ_EINVAL, hquant::IndicatorSpec::of("RSI", {1, 2, 3, 4, 5, 6, 7, 8, 9}));
    FAILS(HQ_EINVAL, engine.add_indicator(MUST(hquant::IndicatorSpec::of("RSI", {-1}))));
    FAILS(HQ_EINVAL, MUST(hquant::IndicatorSpec::of("RSI", {-1})).warmup());
    FAILS(HQ_EINVAL, hquant::batch(spec, {of_bars(bars.high)}));
    FAILS(HQ_EINVAL, hquant::batch(spec, {of_bars(bars.high), of_bars(bars.low).first(3),
                                          of_bars(bars.close)}));
    FAILS(HQ_EINVAL, engine.watch({}));
    FAILS(HQ_EINVAL, engine.newest({}));
    FAILS(HQ_ENOTFOUND, engine.newest({{rsi, 0}, {rsi, 1}}));
}

void what_c_leaves_silent_fails()
{
    hquant::Engine engine = MUST(hquant::Engine::create(4));
    Bar wrong = bar_at(0);
    wrong.close = std::numeric_limits<double>::quiet_NaN();
    FAILS(HQ_EBAR, engine.push_bar(wrong));
    FAILS(HQ_EBAR, engine.update_last_bar(wrong));
    CHECK(MUST(engine.size()) == 0 && MUST(engine.rejected_bars()) == 2);
    MUST(engine.push_bar(bar_at(1)));
    MUST(engine.update_last_bar(bar_at(2)));
    CHECK(MUST(engine.size()) == 1 && MUST(engine.close_column()).back() == bar_at(2).close);
    FAILS(HQ_EINVAL, hquant::Engine::create(0));

    hquant::Engine none;
    FAILS(HQ_EINVAL, none.size());
    FAILS(HQ_EINVAL, none.push_bar(bar_at(0)));
    FAILS(HQ_EINVAL, none.close_column());
    std::array<Signal, 2> room{};
    FAILS(HQ_EINVAL, none.poll_signals(room));
    FAILS(HQ_EINVAL, none.save());
}

void handles_move_and_do_not_copy()
{
    static_assert(!std::is_copy_constructible_v<hquant::Engine>);
    static_assert(!std::is_copy_assignable_v<hquant::Program>);
    static_assert(std::is_nothrow_move_constructible_v<hquant::MultiHQuant>);
    static_assert(std::is_nothrow_move_assignable_v<hquant::Engine>);
    hquant::Engine first = MUST(hquant::Engine::create(4)), second;
    HQuant *handle = first.get();
    second = std::move(first);
    CHECK(!first && second.get() == handle);
    hquant::Engine &itself = second;
    second = std::move(itself);
    CHECK(second.get() == handle);
    hquant::Engine third(second.release());
    CHECK(!second && third.get() == handle);
    third.reset();
    CHECK(!third);
    std::vector<hquant::Engine> many;
    for (int i = 0; i < 20; i++)
        many.push_back(MUST(hquant::Engine::create(8)));
    CHECK(std::all_of(many.begin(), many.end(), [](auto &each) { return bool(each); }));
}

void strategies_run_and_change()
{
    const hquant::Program program = MUST(hquant::Program::load(hqbc));
    CHECK(program.bytes() == hqbc && program.disassemble().size() > 20);
    const auto params = MUST(program.params());
    CHECK(params.size() == 1 && std::string(params[0].name) == "n" && params[0].maximum == 5);
    CHECK(!program.has_clauses() && !program.reads_buy_volume() && program.timeframes().empty());
    hquant::Engine engine = MUST(hquant::Engine::create(64));
    const auto id = MUST(engine.add_strategy(program, "a")), twin = MUST(engine.add_strategy(hqbc));
    CHECK(id == 1 && twin == 2);
    const std::string text(hqbc.begin(), hqbc.end()); // bytes are known by the first four of them
    CHECK(MUST(engine.add_strategy(text)) == 3);
    MUST(engine.set_param(id, "n", 5));
    MUST(engine.set_signal_capacity(8));
    std::array<Signal, 16> room{};
    for (std::size_t i = 0; i < 100; i++)
        MUST(engine.push_bar(bar_at(i)));
    CHECK(MUST(engine.signals_waiting()) == 8 && MUST(engine.signals_dropped()) > 0);
    const hquant::span<Signal> few = MUST(engine.poll_signals(hquant::span<Signal>(room).first(3)));
    CHECK(few.size() == 3 && few[0].timestamp <= few[2].timestamp);
    CHECK(MUST(engine.poll_signals(room)).size() == 5 && MUST(engine.poll_signals(room)).empty());
    MUST(engine.set_htf(hquant::Htf::forming, MINUTE));

    FAILS(HQ_ENOTFOUND, engine.set_param(id, "m", 5));
    FAILS(HQ_ENOTFOUND, engine.set_param(id, std::string_view("n\0x", 3), 5));
    FAILS(HQ_EINVAL, engine.set_param(id, "n", 50));
    FAILS(HQ_EPROGRAM, hquant::Program::load(hquant::span<const std::uint8_t>(hqbc).first(20)));
    FAILS(HQ_EPROGRAM, engine.add_strategy(text.substr(0, 20)));
    FAILS(HQ_EUTF8, engine.add_strategy("\xff\xfe"));
    CHECK(hquant::Program().bytes().empty());
    FAILS(HQ_EINVAL, engine.add_strategy(hquant::Program()));
}

// HQUANT_PYTHON names the compiler's Python.
void a_text_has_its_diagnostics()
{
    const hquant::Error error = failure([] {
        return hquant::Program::compile("x = 1\nIF close > foo THEN BUY\nIF clos < 1 THEN SELL", "bad");
    });
    CHECK(error.code() == HQ_ECOMPILE && error.line() == 2 && error.column() == 12);
    CHECK(error.diagnostics().find("bad:2:12: error[E2001]") != std::string::npos);
    CHECK(error.diagnostics().find("did you mean close?") != std::string::npos);
    CHECK(error.diagnostics_json().rfind("[{", 0) == 0 && error.diagnostics_json().back() == ']');
    const hquant::Error copy = error; // outlives the thread's last error
    const hquant::Error other = failure([] { return hquant::Engine::create(0); });
    CHECK(copy.diagnostics() == error.diagnostics() && std::string(copy.what()) == error.what());
    CHECK(other.diagnostics().empty() && other.diagnostics_json() == "[]" && other.line() == 0);
    const auto program = MUST(hquant::Program::compile("IF close > 101 THEN BUY", "good"));
    hquant::Engine engine = MUST(hquant::Engine::create(8));
    CHECK(MUST(engine.add_strategy(program)) == 1);
    CHECK(MUST(engine.add_strategy("IF close > 101 THEN BUY", "good")) == 2);
}

void snapshots_go_on_where_they_were()
{
    hquant::Engine engine = MUST(hquant::Engine::create(64));
    const auto rsi = MUST(engine.add_rsi(5));
    MUST(engine.add_strategy(hqbc));
    for (std::size_t i = 0; i < 50; i++)
        MUST(engine.push_bar(bar_at(i)));
    const std::vector<std::uint8_t> bytes = MUST(engine.save());
    std::vector<std::uint8_t> small(3);
    CHECK(MUST(engine.save(small)) == bytes.size() && small[0] == 0);
    hquant::Engine twin = MUST(hquant::Engine::load(bytes));
    MUST(engine.push_bar(bar_at(50)));
    MUST(twin.push_bar(bar_at(50)));
    CHECK(same(MUST(engine.indicator_last(rsi)), MUST(twin.indicator_last(rsi))));
    CHECK(MUST(engine.save()) == MUST(twin.save()) && hquant::snapshot_version() > 0);
    FAILS(HQ_ESNAPSHOT, hquant::Engine::load(small));

    const std::array<std::int64_t, 2> periods{MINUTE, 5 * MINUTE};
    hquant::Aggregator aggregator = MUST(hquant::Aggregator::create(periods));
    MUST(aggregator.push(bar_at(0)));
    hquant::Aggregator again = MUST(hquant::Aggregator::load(MUST(aggregator.save())));
    CHECK(MUST(again.events_waiting()) == MUST(aggregator.events_waiting()));
    hquant::MultiHQuant multi = MUST(hquant::MultiHQuant::create(8, periods));
    MUST(multi.feed_bar(bar_at(0)));
    hquant::MultiHQuant loaded = MUST(hquant::MultiHQuant::load(MUST(multi.save())));
    CHECK(MUST(loaded.periods()) == std::vector<std::int64_t>(periods.begin(), periods.end()));
}

void several_periods_come_from_one_stream()
{
    const std::array<std::int64_t, 2> periods{MINUTE, MUST(hquant::parse_period("5m"))};
    hquant::Aggregator aggregator = MUST(hquant::Aggregator::create(periods));
    hquant::MultiHQuant multi =
        MUST(hquant::MultiHQuant::create(64, periods, hquant::Emit::each_candle));
    hquant::EngineRef five = MUST(multi.engine(periods[1]));
    const auto sma = MUST(five.add_sma_close(3));
    CHECK(MUST(multi.add_strategy(hqbc)) == 1 && MUST(five.add_strategy(hqbc)) == 1);
    MUST(multi.set_param(1, "n", 4));
    MUST(multi.set_signal_capacity(100));
    std::array<HqCandleEvent, 64> events{};
    std::vector<double> closes;
    for (std::size_t i = 0; i < 23; i++) {
        MUST(aggregator.push(bar_at(i)));
        MUST(multi.feed_bar(bar_at(i)));
        for (const HqCandleEvent &event : MUST(aggregator.poll_events(events)))
            if (event.kind == 2 && event.period_index == 1)
                closes.push_back(hquant::as_bar(event.candle).close);
    }
    MUST(aggregator.flush());
    for (const HqCandleEvent &event : MUST(aggregator.poll_events(events)))
        if (event.period_index == 1)
            closes.push_back(event.candle.close);
    CHECK(closes.size() == 5 && same_values(closes, MUST(five.close_column())));
    CHECK(!std::isnan(MUST(five.indicator_last(sma))));
    MUST(multi.flush());
    std::array<Signal, 64> signals{};
    const hquant::span<Signal> found = MUST(multi.poll_signals(signals));
    CHECK(found.size() > 10 && MUST(multi.signals_waiting()) == 0);
    CHECK(MUST(multi.signals_dropped()) == 0);
    CHECK(std::any_of(found.begin(), found.end(), [](auto &s) { return s.strategy_id >> 16 == 2; }));
    CHECK(MUST(multi.period_count()) == 2 && MUST(multi.emit()) == hquant::Emit::each_candle);
    CHECK(MUST(aggregator.periods())[1] == 5 * MINUTE && MUST(aggregator.rejected_bars()) == 0);
    CHECK(hquant::bucket_start(5 * MINUTE, 7 * MINUTE) == 5 * MINUTE);

    FAILS(HQ_EORDER, multi.feed_bar(bar_at(0)));
    FAILS(HQ_EORDER, aggregator.push(bar_at(0)));
    CHECK(MUST(multi.rejected_bars()) == 1);
    FAILS(HQ_ENOTFOUND, multi.engine(7));
    FAILS(HQ_EINVAL, five.push_bar(bar_at(30)));
    FAILS(HQ_EINVAL, hquant::parse_period("1M"));
    FAILS(HQ_EINVAL, hquant::MultiHQuant::create(8, {}));
    FAILS(HQ_EINVAL, hquant::Aggregator::create({}));

    hquant::MultiHQuant columns = MUST(hquant::MultiHQuant::create(64, periods));
    MUST(columns.set_htf(hquant::Htf::closed, MINUTE));
    std::size_t fed = 0;
    CHECK(MUST(columns.feed_bars(table().bars(), &fed)) == BARS && fed == BARS);
}

void columns_are_pushed_as_bars_are()
{
    const hquant::BarTable &rows = table();
    const hquant::Bars bars = rows.bars();
    hquant::Engine one = MUST(hquant::Engine::create(BARS));
    hquant::Engine block = MUST(hquant::Engine::create(BARS));
    const auto a = MUST(one.add_rsi(9)), b = MUST(block.add_rsi(9));
    for (std::size_t i = 0; i < rows.size(); i++)
        MUST(one.push_bar(rows[i]));
    std::size_t pushed = 0;
    CHECK(MUST(block.push_bars(bars, &pushed)) == BARS && pushed == BARS);
    CHECK(same_values(MUST(one.indicator_column(a)), MUST(block.indicator_column(b))));
    MUST(bars.check());

    const hquant::span<const std::int64_t> time(bars.timestamp, BARS);
    const hquant::span<const double> open(bars.open, BARS), close(bars.close, BARS);
    CHECK(MUST(hquant::Bars::of(time, open, open, open, open, open)).length == BARS);
    FAILS(HQ_EINVAL, hquant::Bars::of(time, open, open, open, open, close.first(3)));
    FAILS(HQ_EINVAL, hquant::Bars::of(time, open, open, open, open, close, close.first(3)));
    FAILS(HQ_EBAR, MUST(hquant::Bars::of(time, open, open, close, close, open)).check());

    std::vector<double> holed(close.begin(), close.end());
    holed[5] = std::numeric_limits<double>::infinity();
    const hquant::Bars wrong = MUST(hquant::Bars::of(time, open, close, open, holed, open));
    FAILS(HQ_EBAR, block.push_bars(wrong, &pushed));
    CHECK(pushed == 5);
}

// Whether a failure's words name what it is about.
bool says(const hquant::Error &error, const char *words)
{
    return std::string(error.what()).find(words) != std::string::npos;
}

void a_table_without_buy_volume_invents_none()
{
    hquant::BarTable without(hquant::BuyVolume::absent), with;
    for (std::size_t i = 0; i < 200; i++) {
        without.push_back(bar_at(i));
        with.push_back(bar_at(i));
    }
    CHECK(!without.has_buy_volume() && without.bars().buy_volume == nullptr);
    CHECK(with.has_buy_volume() && with.bars().buy_volume != nullptr);
    CHECK(without[7].buy_volume == 0 && with[7].buy_volume == 4 && without[7].volume == 10);
    hquant::BarTable copy = without;
    copy.push_back(bar_at(200));
    CHECK(copy.size() == 201 && copy.bars().buy_volume == nullptr);

    const auto reading = MUST(hquant::Program::compile("IF buy_volume > volume / 2 THEN BUY"));
    CHECK(reading.reads_buy_volume());
    const hquant::Bars blind = without.bars(), seeing = with.bars();
    FAILS(HQ_EINVAL, hquant::backtest(blind, reading));
    MUST(hquant::backtest(seeing, reading));
    hquant::Engine engine = MUST(hquant::Engine::create(16));
    MUST(engine.add_strategy(reading));
    FAILS(HQ_EINVAL, engine.push_bars(blind));
    MUST(engine.push_bars(seeing));
}

void an_empty_program_is_refused()
{
    const hquant::Bars bars = table().bars();
    hquant::Program program = MUST(hquant::Program::load(hqbc));
    hquant::Run run;
    run.add(MUST(hquant::IndicatorSpec::of("SMA", {3})));
    MUST(run.over(bars, program));
    const hquant::Program moved = std::move(program);
    FAILS(HQ_EINVAL, hquant::backtest(bars, program));
    CHECK(says(failure([&] { return hquant::backtest(bars, hquant::Program()); }), "empty"));
    FAILS(HQ_EINVAL, hquant::backtest(hquant::Symbol(bars, program)));
    FAILS(HQ_EINVAL, run.over(bars, program));
    CHECK(run.column(0).empty());
    MUST(run.over(bars, nullptr)); // meant so
    CHECK(run.column(0).size() == BARS);
    CHECK(MUST(hquant::backtest(bars, moved)).report.bars == BARS);
}

void a_run_that_fails_leaves_nothing_to_read()
{
    const hquant::Bars bars = table().bars();
    const hquant::Program program = MUST(hquant::Program::load(hqbc));
    std::vector<double> room(BARS);
    hquant::Run run;
    run.want_actions();
    run.want_rules();
    run.add(MUST(hquant::IndicatorSpec::of("SMA", {3})));
    run.add(MUST(hquant::IndicatorSpec::of("SMA", {4})), 0, room);
    MUST(run.over(bars, program));
    CHECK(run.actions().size() == BARS && run.column(1).size() == BARS);
    hquant::Bars fewer = bars, holed = bars, wild = bars;
    fewer.length = 100; // not the room's
    std::vector<double> close(bars.close, bars.close + BARS);
    close[5] = std::numeric_limits<double>::quiet_NaN();
    holed.close = close.data();
    wild.length = std::numeric_limits<std::size_t>::max();
    for (const hquant::Bars &wrong : {fewer, holed, wild}) {
        MUST(run.over(bars, program));
        const hquant::Error why = failure([&] { return run.over(wrong, program); });
        CHECK(why.code() == HQ_EINVAL || why.code() == HQ_EBAR);
        CHECK(run.column(0).empty() && run.column(1).empty());
        CHECK(run.actions().empty() && run.rules().empty() && run.counts().bars == 0);
    }
    FAILS(HQ_EINVAL, hquant::backtest(wild, program));
    const hquant::Symbol symbol(wild, program);
    hquant::Keep keep;
    keep.curves = false;
    keep.actions = true;
    FAILS(HQ_EINVAL, hquant::backtest(symbol, hquant::BacktestOptions(), keep));
    FAILS(HQ_EINVAL, hquant::backtest({symbol, symbol}, {}, hquant::BacktestOptions(), keep));
}

void trades_that_were_not_kept_are_not_none()
{
    const hquant::Bars bars = table().bars();
    const hquant::Program program = MUST(hquant::Program::load(hqbc));
    hquant::Keep keep;
    keep.trades = false;
    const hquant::Backtest run =
        MUST(hquant::backtest(bars, program, hquant::BacktestOptions(), keep));
    CHECK(run.report.trades > 0 && run.trades.empty());
    hquant::MetricsInput input(run, 10000, 365, 365);
    FAILS(HQ_EINVAL, hquant::metrics(input));
    CHECK(says(failure([&] { return hquant::metrics(input); }), "trades"));
    input.n_trades = 0; // the curve alone, by wish
    CHECK(same(MUST(hquant::metrics(input)).max_drawdown, run.report.max_drawdown));
}

bool tell(std::size_t done, std::size_t) noexcept { return done == 0; }

void lists_and_functions_do_where_arrays_and_callables_do()
{
    hquant::MultiHQuant multi = MUST(hquant::MultiHQuant::create(100, {MINUTE, 5 * MINUTE}));
    hquant::Aggregator aggregator = MUST(hquant::Aggregator::create({0x7fff, 5 * MINUTE}));
    CHECK(MUST(multi.periods())[1] == 5 * MINUTE && MUST(aggregator.periods())[0] == 0x7fff);
#if HQUANT_EXCEPTIONS
    const hquant::MultiHQuant made(100, {60000, 300000}, hquant::Emit::each_candle);
    const hquant::Aggregator built({60000, 300000});
    CHECK(made.emit() == hquant::Emit::each_candle && built.periods()[1] == 300000);
#endif
    hquant::Engine engine = MUST(hquant::Engine::create(100));
    const auto rsi = MUST(engine.add_rsi(3)), sma = MUST(engine.add_sma_close(3));
    const hquant::span<const double> watched = MUST(engine.watch({{rsi, 0}, {sma, 0}}));
    for (std::size_t i = 0; i < 10; i++)
        MUST(engine.push_bar(bar_at(i)));
    CHECK(watched.size() == 2 && same(watched[1], MUST(engine.indicator_last(sma))));
    CHECK(same(MUST(engine.newest({{sma, 0}}))[0], watched[1]));
    const hquant::EngineRef same_engine = engine;
    CHECK(MUST(same_engine.size()) == 10);

    const hquant::Bars bars = table().bars();
    const hquant::Program program = MUST(hquant::Program::load(hqbc));
    const std::vector<hquant::Symbol> symbols{hquant::Symbol(bars, program), hquant::Symbol(bars)};
    CHECK(MUST(hquant::backtest(symbols)).report.bars == 2 * BARS);
    hquant::BacktestOptions options;
    hquant::on_progress(options, tell);
    FAILS(HQ_ECANCELLED, hquant::backtest(bars, program, options));
    const auto constant = [](std::size_t done, std::size_t) noexcept { return done == 0; };
    hquant::on_progress(options, constant);
    FAILS(HQ_ECANCELLED, hquant::backtest(bars, program, options));
}

void failures_say_what_they_are_about()
{
    CHECK(std::string(hquant::Error(HqError{}).what()).size() > 2);
    CHECK(hquant::Error(HqError{}).diagnostics_json() == "[]");
    const std::string_view with_nul("RSI\0x", 5);
    for (const std::string_view name : {with_nul, std::string_view("??????????????????????????"
                                        "???????????????????????????????????????????????")}) {
        const hquant::Error why = failure([&] { return hquant::IndicatorSpec::of(name); });
        CHECK(why.code() == HQ_ENOTFOUND && says(why, "63 bytes"));
    }
    const hquant::MultiHQuant multi;
    const hquant::Aggregator aggregator;
    CHECK(says(failure([&] { return multi.periods(); }), "periods: expected a handle"));
    CHECK(says(failure([&] { return aggregator.periods(); }), "periods: expected a handle"));
    CHECK(says(failure([&] { return multi.emit(); }), "emit: expected a handle"));
    FAILS(HQ_EINVAL, hquant::shortest_step({nullptr, 5}));
    CHECK(says(failure([] { return hquant::shortest_step({nullptr, 5}); }), "NULL"));
}

void an_account_keeps_its_books()
{
    hquant::AccountParams params;
    params.initial_margin = 1000;
    params.leverage = 10;
    hquant::Account account = MUST(hquant::Account::create(params));
    MUST(account.apply_signal(ACTION_BUY, 100, 100));
    MUST(account.on_price(110));
    CHECK(std::fabs(MUST(account.result(105)).equity - 1050) < 1e-9);
    CHECK(std::fabs(MUST(account.equity(105)) - 1050) < 1e-9 && MUST(account.cash()) == 900);
    CHECK(MUST(account.locked_margin()) == 100);
    CHECK(MUST(account.contracts(hquant::Side::long_side)) == 10);
    CHECK(std::isnan(MUST(account.entry_price(hquant::Side::short_side))));
    MUST(account.open_short(100, 50, 0.001));
    CHECK(MUST(account.fees()) == 0.5 && MUST(account.total_notional(100)) == 1500);
    CHECK(MUST(account.maintenance_margin(100)) == 0 && MUST(account.max_open_margin(0)) > 0);
    MUST(account.close_short(100, 0));
    MUST(account.close_long(120, 0));
    CHECK(std::fabs(MUST(account.realized_pnl()) - 200) < 1e-9 && !MUST(account.liquidated()));
    CHECK(MUST(account.liquidation_loss()) == 0);

    FAILS(HQ_EINVAL, account.apply_signal(ACTION_BUY, -1, 100));
    FAILS(HQ_EINVAL, account.on_price(std::numeric_limits<double>::quiet_NaN()));
    FAILS(HQ_EINVAL, account.result(0));
    FAILS(HQ_EINVAL, account.open_long(100, -1, 0));
    MUST(account.open_long(100, 500, 0));
    MUST(account.on_price(1));
    CHECK(MUST(account.liquidated()));
    FAILS(HQ_ELIQUIDATED, account.open_long(100, 1, 0));
    params.leverage = 0;
    FAILS(HQ_EINVAL, hquant::Account::create(params));
}

void a_run_has_what_an_engine_has()
{
    const hquant::Bars bars = table().bars();
    const hquant::Program program = MUST(hquant::Program::load(hqbc));
    hquant::Engine engine = MUST(hquant::Engine::create(BARS));
    const auto spec = MUST(hquant::IndicatorSpec::of("MACD", {12, 26, 9}));
    const auto id = MUST(engine.add_indicator(spec));
    MUST(engine.add_strategy(program));
    MUST(engine.push_bars(bars));

    std::vector<double> mine(BARS);
    hquant::Run run;
    const std::size_t histogram = run.add(spec, 2), line = run.add(spec, 0, mine);
    const std::size_t threshold = run.add_register(0);
    run.want_actions();
    run.want_rules();
    MUST(run.over(bars, program));
    CHECK(same_values(run.column(histogram), MUST(engine.indicator_column(id, 2))));
    CHECK(same_values(mine, MUST(engine.indicator_column(id, 0))));
    CHECK(run.column(line).data() == mine.data());
    CHECK(run.column(threshold).size() == BARS && run.counts().bars == BARS);
    CHECK(run.counts().signals == MUST(engine.signals_waiting()));
    CHECK(std::count(run.actions().begin(), run.actions().end(), ACTION_BUY) ==
          static_cast<std::ptrdiff_t>(run.counts().buy_signals));
    CHECK(*std::max_element(run.rules().begin(), run.rules().end()) == 1);
    run.add(MUST(hquant::IndicatorSpec::of("RSI", {14})));
    MUST(run.over(bars, program)); // again, with one more
    CHECK(run.column(3).size() == BARS);

    std::size_t told = 0;
    auto progress = [&told](std::size_t done, std::size_t) noexcept { return told = done, false; };
    hquant::RunOptions options;
    hquant::on_progress(options, progress);
    FAILS(HQ_ECANCELLED, run.over(bars, program, options));
    CHECK(told > 0);
    hquant::Run too_short;
    too_short.add(spec, 0, hquant::span<double>(mine).first(3));
    FAILS(HQ_EINVAL, too_short.over(bars, program));
    hquant::Run unknown;
    unknown.add(spec, 9);
    FAILS(HQ_EINVAL, unknown.over(bars, nullptr));
}

void a_backtest_keeps_all_its_trades()
{
    const hquant::Bars bars = table().bars();
    const hquant::Program program = MUST(hquant::Program::load(hqbc));
    hquant::BacktestOptions options;
    options.account.initial_margin = 5000;
    options.account.taker_fee_rate = 0.0004;
    hquant::Keep keep;
    keep.fills = keep.actions = keep.positions = true;
    const hquant::Backtest run = MUST(hquant::backtest(bars, program, options, keep));
    CHECK(run.report.bars == BARS && run.report.trades > 10 && run.equity.size() == BARS);
    CHECK(run.trades.size() == run.report.trades + run.report.open_trades);
    CHECK(run.fills.size() == run.report.fills && run.actions.size() == BARS);
    CHECK(run.position.size() == BARS && run.time.back() == bar_at(BARS - 1).timestamp);
    CHECK(same(run.equity.back(), run.report.final_equity));
    const double pnl = std::accumulate(run.trades.begin(), run.trades.end(), 0.0,
                                       [](double sum, const HqTrade &t) { return sum + t.pnl; });
    CHECK(std::fabs(5000 + pnl - run.report.final_equity) < 1e-6);

    // A trade every other bar: more than there is room for at first.
    hquant::BarTable rows;
    for (std::size_t i = 0; i < 6000; i++)
        rows.push_back(bar_at(i));
    std::vector<std::int8_t> sides(rows.size());
    for (std::size_t i = 0; i < sides.size(); i++)
        sides[i] = i % 2 ? std::int8_t(-1) : std::int8_t(1);
    const hquant::Bars many = rows.bars();
    const hquant::Symbol symbol(many, sides);
    keep.trades = true;
    const hquant::Backtest busy = MUST(hquant::backtest(symbol, options, keep));
    CHECK(busy.report.trades > 5000);
    CHECK(busy.trades.size() == busy.report.trades + busy.report.open_trades);
    CHECK(busy.fills.size() == busy.report.fills && busy.report.fills > 10000);

    const HqSymbol symbols[] = {hquant::Symbol(bars, program), hquant::Symbol(bars)};
    HqOrder order{};
    order.bar = 3;
    order.symbol = 1;
    order.type = HQ_ORDER_MARKET;
    order.side = 1;
    order.size_unit = HQ_SIZE_UNITS;
    order.size = 1;
    const hquant::Backtest both = MUST(hquant::backtest(symbols, {&order, 1}, options));
    CHECK(both.report.bars == 2 * BARS && both.fills.empty());
    CHECK(both.report.orders > run.report.orders);
    CHECK(MUST(hquant::backtest_steps(symbols)) == BARS);
    HqBacktestReport alone = MUST(hquant::backtest_into(symbols, {&order, 1}, options, nullptr));
    CHECK(same(alone.final_equity, both.report.final_equity));

    const hquant::MetricsInput input(run, 5000, 525600, 365);
    const HqMetrics figures = MUST(hquant::metrics(input));
    CHECK(same(figures.max_drawdown, run.report.max_drawdown));
    CHECK(figures.trades == run.report.trades);
    CHECK(MUST(hquant::shortest_step(run.time)) == MINUTE);
    const hquant::MetricsInput unsaid(run, 5000, std::nan(""), std::nan(""));
    const HqYear year = MUST(hquant::year_of(unsaid, 365));
    CHECK(year.periods_per_year == 525600 && year.days_per_year == 365);
    CHECK(std::string(year.days_from) == "365 days a year, as given");
    const hquant::YearMetrics by_year = MUST(hquant::metrics_and_year(unsaid, 365));
    CHECK(same(by_year.figures.sharpe, figures.sharpe) && by_year.year.periods_per_year == 525600);
    FAILS(HQ_EINVAL, hquant::year_of(unsaid, 366));
    FAILS(HQ_EINVAL, hquant::metrics_and_year(hquant::MetricsInput()));

    keep.metrics = true;
    const hquant::Backtest measured = MUST(hquant::backtest(bars, program, options, keep));
    const auto found = MUST(hquant::metrics_and_year(
        hquant::MetricsInput(measured, options.account.initial_margin, std::nan(""), std::nan(""))));
    CHECK(measured.report.trades > 0 && measured.metrics && measured.year);
    CHECK(std::memcmp(&*measured.metrics, &found.figures, sizeof found.figures) == 0);
    CHECK(std::memcmp(&*measured.year, &found.year, sizeof found.year) == 0);
    CHECK(!run.metrics && !run.year); /* nobody asked */
    const hquant::Backtest twice = MUST(hquant::backtest(symbol, options, keep));
    const auto of_twice = MUST(hquant::metrics_and_year(
        hquant::MetricsInput(twice, options.account.initial_margin, std::nan(""), std::nan(""))));
    CHECK(twice.metrics && std::memcmp(&*twice.metrics, &of_twice.figures, sizeof of_twice.figures) == 0);
    keep.trades = false;
    const hquant::Backtest untraded = MUST(hquant::backtest(bars, program, options, keep));
    hquant::MetricsInput curve(untraded, options.account.initial_margin, std::nan(""), std::nan(""));
    curve.n_trades = 0;
    const auto of_curve = MUST(hquant::metrics_and_year(curve));
    CHECK(untraded.metrics &&
          std::memcmp(&*untraded.metrics, &of_curve.figures, sizeof of_curve.figures) == 0);
    keep.trades = true;
    keep.curves = false;
    CHECK(!MUST(hquant::backtest(bars, program, options, keep)).metrics);
    const std::array<std::int64_t, 2> falling{2, 1};
    FAILS(HQ_EORDER, hquant::shortest_step(falling));
    FAILS(HQ_EINVAL, hquant::metrics(hquant::MetricsInput()));
    options.account.leverage = 0;
    FAILS(HQ_EINVAL, hquant::backtest(bars, program, options));
    FAILS(HQ_EINVAL, hquant::backtest(hquant::span<const HqSymbol>(), {}, options));
}

void a_sweep_has_what_its_runs_have()
{
    const hquant::Bars bars = table().bars();
    const hquant::Program program = MUST(hquant::Program::load(hqbc));
    const HqSymbol symbol = hquant::Symbol(bars, program);
    const hquant::BacktestOptions options;
    const std::array<double, 3> values{3, 4, 50}; // the last is out of the PARAM's range
    hquant::Sweep sweep({&symbol, 1}, options, values, 1);
    sweep.n_threads = 2;
    const hquant::SweepResult found = MUST(sweep.run(true, true));
    const hquant::Backtest run = MUST(hquant::backtest(bars, program, options));
    CHECK(found.rows.size() == 3 && found.rows[2].status == HQ_EINVAL && found.steps == BARS);
    CHECK(same(found.rows[0].final_equity, run.report.final_equity));
    CHECK(same_values(hquant::span<const double>(found.equity).first(BARS), run.equity));
    CHECK(found.metrics.size() == 3 && found.metrics[1].trades == found.rows[1].trades);
    CHECK(MUST(sweep.run()).metrics.empty());
    FAILS(HQ_EINVAL, hquant::Sweep({&symbol, 1}, options, values, 2).run());
    FAILS(HQ_EINVAL, hquant::Sweep().run());
}

void the_library_says_what_it_is()
{
    CHECK(std::strlen(hquant::version()) >= 5 && hquant::abi_version() == hq_abi_version());
    const std::uint32_t widest = hquant::simd_level();
    MUST(hquant::simd_limit(HQ_SIMD_BASELINE));
    CHECK(hquant::simd_level() == HQ_SIMD_BASELINE);
    MUST(hquant::simd_limit(widest));
    FAILS(HQ_EINVAL, hquant::simd_limit(99));
    CHECK(hquant::status_name(HQ_EBAR) == std::string("HQ_EBAR") && hquant::status_text(HQ_EBAR));
}

} // namespace

int main(int, char **arguments)
{
    std::ifstream file(arguments[1], std::ios::binary);
    hqbc.assign(std::istreambuf_iterator<char>(file), {});
    spans_view_what_they_are_made_of();
    columns_run_from_oldest_to_newest();
    indicators_have_one_value_however_they_are_asked_for();
    what_c_leaves_silent_fails();
    handles_move_and_do_not_copy();
    strategies_run_and_change();
    a_text_has_its_diagnostics();
    snapshots_go_on_where_they_were();
    several_periods_come_from_one_stream();
    columns_are_pushed_as_bars_are();
    a_table_without_buy_volume_invents_none();
    an_empty_program_is_refused();
    a_run_that_fails_leaves_nothing_to_read();
    trades_that_were_not_kept_are_not_none();
    lists_and_functions_do_where_arrays_and_callables_do();
    failures_say_what_they_are_about();
    an_account_keeps_its_books();
    a_run_has_what_an_engine_has();
    a_backtest_keeps_all_its_trades();
    a_sweep_has_what_its_runs_have();
    the_library_says_what_it_is();
    return report(HQUANT_EXCEPTIONS ? "hquant.hpp, exceptions" : "hquant.hpp, results");
}
