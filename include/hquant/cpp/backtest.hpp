/**
 * @file backtest.hpp
 * A whole backtest in one call. docs/backtesting.md has its rules.
 */
#ifndef HQUANT_CPP_BACKTEST_HPP
#define HQUANT_CPP_BACKTEST_HPP

#include "run.hpp"

#include "../backtest.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace hquant {
inline namespace HQUANT_MODE {

/** Options of a backtest, at their defaults; its fields are HqBacktestOptions' own. */
struct BacktestOptions : HqBacktestOptions {
    BacktestOptions() noexcept : HqBacktestOptions{} { hq_backtest_options_init(this); }
};

/** One instrument of a run, at its defaults. Bars and program must outlive the run. */
struct Symbol : HqSymbol {
    Symbol() noexcept : HqSymbol{} { hq_symbol_init(this); }

    /** Bars and the program that gives their signals. An empty one leaves the symbol without bars,
     *  which every run refuses. */
    Symbol(const HqBars &columns, const Program &strategy) noexcept : Symbol()
    {
        bars = strategy ? &columns : nullptr;
        program = strategy.get();
    }
    /** Bars and a signal a bar: +1 buy, -1 sell, 0 none. As many as bars: the caller sees to it. */
    Symbol(const HqBars &columns, span<const std::int8_t> given) noexcept : Symbol()
    {
        bars = &columns;
        signals = given.data();
    }
    /** Bars alone, for orders of the caller's list. */
    explicit Symbol(const HqBars &columns) noexcept : Symbol() { bars = &columns; }

    /* These would dangle. */
    template <class... Rest> explicit Symbol(HqBars &&, Rest &&...) = delete;
    Symbol(const HqBars &, const Program &&) = delete;
    template <class Given, class = detail::if_temporary_owner<Given>>
    Symbol(const HqBars &, Given &&) = delete;
};

/** What a backtest keeps beside its report. */
struct Keep {
    bool curves = true;    /**< time, equity, margin: a value a step */
    bool trades = true;    /**< positions, closed and open */
    bool fills = false;    /**< executions */
    bool positions = false; /**< units of each symbol at each step */
    bool actions = false;  /**< a signal a bar */
    bool metrics = false;  /**< the run's figures: needs curves; without trades, those of the curve alone */
};

/** What a backtest found. */
struct Backtest {
    HqBacktestReport report{};
    std::vector<std::int64_t> time{};   /**< of each step, ms */
    std::vector<double> equity{};       /**< quote currency, at each step's close */
    std::vector<double> margin{};       /**< quote currency, locked at each step's close */
    std::vector<double> position{};     /**< base asset units: a step's symbols side by side */
    std::vector<std::uint8_t> actions{}; /**< ACTION_BUY, ... or 0 a bar, symbol after symbol */
    std::vector<HqTrade> trades{};      /**< in the order they ended, open ones last */
    std::vector<HqFill> fills{};        /**< in the order they happened */
    /** To the bit metrics_and_year() of the curve, and of the trades where they are kept; none where that refuses. */
    std::optional<HqMetrics> metrics{};
    std::optional<HqYear> year{}; /**< that metrics go by */
};

/** How many steps the bars of symbols make. */
inline Result<std::size_t> backtest_steps(span<const HqSymbol> symbols)
{
    return detail::asked(hq_backtest_steps, symbols.data(), symbols.size());
}

/**
 * A backtest into memory of the caller: hq_backtest_run().
 * @param orders  of the caller's list; may be empty.
 * @param output  may be NULL: the report alone. A run that fails may have written to its columns.
 */
inline Result<HqBacktestReport> backtest_into(span<const HqSymbol> symbols,
                                              span<const HqOrder> orders,
                                              const HqBacktestOptions &options,
                                              HqBacktestOutput *output)
{
    HqBacktestReport report{};
    report.struct_size = sizeof report;
    const HqStatus status = hq_backtest_run(symbols.data(), symbols.size(), orders.data(),
                                            orders.size(), &options, &report, output);
    return detail::answer(status, report);
}

namespace detail {

/* Nobody knows before a run how many trades there will be: this many bars each is a guess that
 * holds for nearly all. */
constexpr std::size_t BARS_A_TRADE = 16, TRADES_LEAST = 1024, FILLS_A_TRADE = 2;

class Backtester {
  public:
    Backtester(span<const HqSymbol> symbols, span<const HqOrder> orders,
               const HqBacktestOptions &options, const Keep &keep)
        : symbols_(symbols), orders_(orders), options_(options), keep_(keep)
    {
        output_.struct_size = sizeof output_;
        metrics_.struct_size = sizeof metrics_;
        year_.struct_size = sizeof year_;
        output_.metrics = keep.metrics && keep.curves ? &metrics_ : nullptr;
        output_.year = output_.metrics ? &year_ : nullptr;
        for (const HqSymbol &symbol : symbols)
            bars_ += symbol.bars ? symbol.bars->length : 0;
    }

    Outcome run(Backtest &found)
    {
        for (const HqSymbol &symbol : symbols_)
            if (symbol.bars && !fits_memory(symbol.bars->length))
                return {HQ_EINVAL, WILD_LENGTH};
        if (!fits_memory(bars_))
            return {HQ_EINVAL, WILD_LENGTH};
        HqStatus status = make_room(found);
        const std::size_t trades = std::max(TRADES_LEAST, bars_ / BARS_A_TRADE);
        if (status == HQ_OK)
            status = run_with(found, trades, trades * FILLS_A_TRADE);
        const std::uint64_t met = found.report.trades + found.report.open_trades;
        const bool fits = (!keep_.trades || met == output_.trades_len) &&
                          (!keep_.fills || found.report.fills == output_.fills_len);
        if (status == HQ_OK && !fits) /* the same again, with room for as many as there were */
            status = run_with(found, static_cast<std::size_t>(met),
                              static_cast<std::size_t>(found.report.fills));
        found.trades.resize(output_.trades_len);
        found.fills.resize(output_.fills_len);
        leave_steps(found, static_cast<std::size_t>(found.report.steps));
        if (status == HQ_OK && output_.has_metrics) {
            found.metrics = metrics_;
            found.year = year_;
        }
        return status;
    }

  private:
    HqStatus make_room(Backtest &found)
    {
        if (keep_.curves || keep_.positions) {
            const detail::Asking asking;
            const std::size_t steps = hq_backtest_steps(symbols_.data(), symbols_.size());
            if (asking.outcome().code != HQ_OK)
                return asking.outcome().code;
            found.time.resize(keep_.curves ? steps : 0);
            found.equity.resize(keep_.curves ? steps : 0);
            found.margin.resize(keep_.curves ? steps : 0);
            found.position.resize(keep_.positions ? steps * symbols_.size() : 0);
            output_.steps_cap = steps;
        }
        found.actions.resize(keep_.actions ? bars_ : 0);
        output_.time = or_null(found.time);
        output_.equity = or_null(found.equity);
        output_.margin = or_null(found.margin);
        output_.position = or_null(found.position);
        output_.actions = or_null(found.actions);
        return HQ_OK;
    }

    HqStatus run_with(Backtest &found, std::size_t trades, std::size_t fills)
    {
        found.trades.resize(keep_.trades ? trades : 0);
        found.fills.resize(keep_.fills ? fills : 0);
        output_.trades = or_null(found.trades);
        output_.trades_cap = found.trades.size();
        output_.fills = or_null(found.fills);
        output_.fills_cap = found.fills.size();
        found.report.struct_size = sizeof found.report;
        return hq_backtest_run(symbols_.data(), symbols_.size(), orders_.data(), orders_.size(),
                               &options_, &found.report, &output_);
    }

    /* A step whose bars were all left out is none: the room was for all. */
    void leave_steps(Backtest &found, std::size_t steps)
    {
        found.time.resize(keep_.curves ? steps : 0);
        found.equity.resize(keep_.curves ? steps : 0);
        found.margin.resize(keep_.curves ? steps : 0);
        found.position.resize(keep_.positions ? steps * symbols_.size() : 0);
    }

    template <class T> static T *or_null(std::vector<T> &room) noexcept
    {
        return room.empty() ? nullptr : room.data();
    }

    span<const HqSymbol> symbols_;
    span<const HqOrder> orders_;
    const HqBacktestOptions &options_;
    const Keep &keep_;
    HqBacktestOutput output_{};
    HqMetrics metrics_{};
    HqYear year_{};
    std::size_t bars_ = 0;
};

} // namespace detail

/**
 * Run strategies, signals or orders over bars through one account.
 *
 * A run that makes more than a trade every 16 bars, and more than 1,024, is run a second time when
 * trades or fills are kept; its progress is then told twice.
 */
inline Result<Backtest> backtest(span<const HqSymbol> symbols, span<const HqOrder> orders,
                                 const HqBacktestOptions &options = BacktestOptions(),
                                 const Keep &keep = Keep())
{
    Backtest found;
    const detail::Outcome outcome =
        detail::Backtester(symbols, orders, options, keep).run(found);
    return detail::answer(outcome, std::move(found));
}

/** The same with symbols of C++. */
inline Result<Backtest> backtest(const std::vector<Symbol> &symbols,
                                 span<const HqOrder> orders = {},
                                 const HqBacktestOptions &options = BacktestOptions(),
                                 const Keep &keep = Keep())
{
    const std::vector<HqSymbol> plain(symbols.begin(), symbols.end());
    return backtest(span<const HqSymbol>(plain), orders, options, keep);
}

/** Run one instrument. */
inline Result<Backtest> backtest(const HqSymbol &symbol,
                                 const HqBacktestOptions &options = BacktestOptions(),
                                 const Keep &keep = Keep())
{
    return backtest(span<const HqSymbol>(&symbol, 1), {}, options, keep);
}

/** Run a strategy over bars. HQ_EINVAL also for an empty program. */
inline Result<Backtest> backtest(const HqBars &bars, const Program &program,
                                 const HqBacktestOptions &options = BacktestOptions(),
                                 const Keep &keep = Keep())
{
    if (!program)
        return detail::answer({HQ_EINVAL, "backtest: expected a program, found an empty one"},
                              Backtest());
    return backtest(Symbol(bars, program), options, keep);
}

} // namespace HQUANT_MODE
} // namespace hquant

#endif
