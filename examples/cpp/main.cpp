// A strategy over a file of bars: its signals bar by bar, as a live program has them, then a
// backtest of the same in one call.
//
//     strategy_cpp BARS.csv STRATEGY
//
// STRATEGY is a text (.hq), which libhquant_dsl compiles by a Python that has hquant-cffi, or a
// compiled program (.hqbc), which needs no Python.
//
// With CMake: see CMakeLists.txt. Without:
//     c++ -std=c++17 main.cpp $(pkg-config --cflags --libs hquant) -o strategy_cpp
#include "csv.hpp"

#include <array>
#include <cstdio>
#include <iostream>

namespace {

constexpr std::size_t RING_BARS = 1000;
constexpr double DAYS_PER_YEAR = 252; // daily bars of an exchange

std::string read_file(const std::string &path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file)
        throw std::runtime_error(path + ": cannot be read");
    std::string text;
    std::array<char, 4096> block;
    while (file.read(block.data(), block.size()), file.gcount() > 0)
        text.append(block.data(), static_cast<std::size_t>(file.gcount()));
    if (file.bad()) // a folder, for one, opens and cannot be read
        throw std::runtime_error(path + ": cannot be read");
    return text;
}

const char *action_name(Action action)
{
    return action == ACTION_BUY ? "buy" : action == ACTION_SELL ? "sell" : "hold";
}

void print_signals(const hquant::BarTable &table, const hquant::Program &program)
{
    hquant::Engine engine(RING_BARS);
    engine.add_strategy(program);
    std::array<Signal, 4> room;
    for (std::size_t i = 0; i < table.size(); i++) {
        // A block, of one bar here, can be without buy_volume; a Bar always has a number for it.
        const hquant::Bars bar = rows_of(table, i, 1);
        engine.push_bars(bar);
        for (const Signal &signal : engine.poll_signals(room))
            std::printf("signal %lld %s %.2f\n", static_cast<long long>(signal.timestamp),
                        action_name(signal.action), *bar.close);
    }
}

void print_backtest(const hquant::BarTable &table, const hquant::Program &program)
{
    hquant::BacktestOptions options;
    options.account.taker_fee_rate = options.account.maker_fee_rate = 0.0004;
    const hquant::Backtest run = hquant::backtest(table.bars(), program, options);
    const HqMetrics metrics = hquant::metrics(hquant::MetricsInput(
        run, options.account.initial_margin, DAYS_PER_YEAR, DAYS_PER_YEAR));
    const HqBacktestReport &report = run.report;
    std::printf("bars %llu\n", static_cast<unsigned long long>(report.bars));
    std::printf("signals %llu\n", static_cast<unsigned long long>(report.signals));
    std::printf("trades %llu closed, %llu open\n", static_cast<unsigned long long>(report.trades),
                static_cast<unsigned long long>(report.open_trades));
    std::printf("final equity %.6f\n", report.final_equity);
    std::printf("total return %.6f\n", report.total_return);
    std::printf("max drawdown %.6f\n", report.max_drawdown);
    std::printf("fees %.6f\n", report.fees);
    std::printf("cagr %.6f\n", metrics.cagr);
    std::printf("sharpe %.6f\n", metrics.sharpe);
    std::printf("win rate %.6f\n", metrics.win_rate);
    std::printf("profit factor %.6f\n", metrics.profit_factor);
}

} // namespace

int main(int count, char **arguments)
{
    if (count != 3) {
        std::cerr << "usage: " << arguments[0] << " BARS.csv STRATEGY.hq|STRATEGY.hqbc\n";
        return 2;
    }
    try {
        const hquant::BarTable table = read_csv(arguments[1]);
        const auto program = hquant::Program::compile(read_file(arguments[2]), arguments[2]);
        if (program.reads_buy_volume() && !table.has_buy_volume())
            throw std::runtime_error(std::string(arguments[2]) + ": reads buy_volume, but " +
                                     arguments[1] + " has no such column");
        print_signals(table, program);
        print_backtest(table, program);
    } catch (const hquant::Error &error) { // a text that does not compile has all its diagnostics
        std::cerr << (error.diagnostics().empty() ? error.what() : error.diagnostics()) << '\n';
        return 1;
    } catch (const std::exception &error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
    return 0;
}
