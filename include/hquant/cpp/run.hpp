/**
 * @file run.hpp
 * A program and indicators over whole columns of bars in one call.
 */
#ifndef HQUANT_CPP_RUN_HPP
#define HQUANT_CPP_RUN_HPP

#include "bars.hpp"
#include "indicator.hpp"
#include "program.hpp"

#include "../run.h"

#include <deque>
#include <type_traits>
#include <vector>

namespace hquant {
inline namespace HQUANT_MODE {

namespace detail {
template <class F> std::int32_t call_progress(void *user, std::size_t done, std::size_t total)
{
    if constexpr (std::is_function_v<F>)
        return reinterpret_cast<F *>(user)(done, total) ? 0 : 1;
    else
        return (*static_cast<F *>(user))(done, total) ? 0 : 1;
}
} // namespace detail

/**
 * Have a callable or a function told how far a run is: bool (std::size_t done, std::size_t total)
 * noexcept; false cancels the run. It must outlive the run, and must not throw: C code stands in
 * between.
 */
template <class Options, class F> void on_progress(Options &options, F &progress) noexcept
{
    static_assert(std::is_nothrow_invocable_r_v<bool, F &, std::size_t, std::size_t>,
                  "a progress callable takes (size_t done, size_t total), returns bool: go on, and "
                  "is noexcept");
    options.progress = detail::call_progress<F>;
    if constexpr (std::is_function_v<F>)
        options.progress_user = reinterpret_cast<void *>(&progress);
    else
        options.progress_user = const_cast<void *>(static_cast<const void *>(&progress));
}

/** Options of a run, at their defaults. */
struct RunOptions : HqRunOptions {
    RunOptions() noexcept : HqRunOptions{} { hq_run_options_init(this); }
};

/** What a run is asked for, and finds. May be used again. */
class Run {
  public:
    Run() = default;
    Run(const Run &) = delete; /* columns may be the library's */
    Run &operator=(const Run &) = delete;
    Run(Run &&other) : Run() { swap(other); }
    Run &operator=(Run &&other)
    {
        Run taken(std::move(other));
        swap(taken);
        return *this;
    }
    ~Run() { hq_run_release(&result_); }

    /** Ask for an indicator's output. @return the column's index. */
    std::size_t add(const HqIndicatorSpec &spec, std::uint32_t output = 0, span<double> into = {})
    {
        specs_.push_back(spec);
        return add_column(&specs_.back(), output, into);
    }
    /** Ask for a register of the program (docs/hqbc.md). @return the column's index. */
    std::size_t add_register(std::uint32_t index, span<double> into = {})
    {
        return add_column(nullptr, index, into);
    }
    /** Ask for a signal a bar: actions(). */
    void want_actions() { wants_actions_ = true; }
    /** Ask for the rule of each bar's signal: rules(). */
    void want_rules() { wants_rules_ = true; }

    /**
     * Run. A run that fails leaves no column of one before it.
     * @param program  NULL: columns of indicators alone.
     * @return as hq_run(); HQ_EINVAL also for a column's room that is not as long as the bars.
     */
    Result<void> over(const HqBars &bars, const HqProgram *program,
                      const HqRunOptions &options = RunOptions())
    {
        const detail::Outcome outcome = run(bars, program, options);
        if (outcome.code != HQ_OK)
            forget();
        return detail::answer(outcome);
    }
    /** Run a program. HQ_EINVAL also for an empty one. */
    Result<void> over(const HqBars &bars, const Program &program,
                      const HqRunOptions &options = RunOptions())
    {
        if (!program) {
            forget();
            return detail::answer({HQ_EINVAL, "run: expected a program, found an empty one"});
        }
        return over(bars, program.get(), options);
    }

    /** Values of a column that was asked for: one a bar, NaN where unknown. */
    span<const double> column(std::size_t index) const noexcept
    {
        return {columns_[index].values, columns_[index].values ? length_ : 0};
    }
    /** A signal a bar: ACTION_BUY, ACTION_SELL, ACTION_HOLD, 0 none. */
    span<const std::uint8_t> actions() const noexcept { return actions_; }
    /** The rule of a bar's signal, from 0; -1 none. */
    span<const std::int16_t> rules() const noexcept { return rules_; }
    /** Bars, warm-up and signals, counted. */
    const HqRunResult &counts() const noexcept { return result_; }

  private:
    std::size_t add_column(const HqIndicatorSpec *spec, std::uint32_t index, span<double> into)
    {
        forget();
        HqRunColumn column{};
        column.indicator = spec;
        column.index = index;
        column.values = into.data();
        columns_.push_back(column);
        rooms_.push_back(into);
        return columns_.size() - 1;
    }

    /* The library's columns go before anything that it points at moves. */
    void forget() noexcept
    {
        hq_run_release(&result_);
        result_ = HqRunResult{};
        actions_.clear();
        rules_.clear();
        length_ = 0;
    }

    void swap(Run &other) noexcept
    {
        specs_.swap(other.specs_); /* elements stay where they are: what points at them does too */
        columns_.swap(other.columns_);
        rooms_.swap(other.rooms_);
        actions_.swap(other.actions_);
        rules_.swap(other.rules_);
        std::swap(result_, other.result_);
        std::swap(length_, other.length_);
        std::swap(wants_actions_, other.wants_actions_);
        std::swap(wants_rules_, other.wants_rules_);
    }

    detail::Outcome run(const HqBars &bars, const HqProgram *program, const HqRunOptions &options)
    {
        forget();
        if (!detail::fits_memory(bars.length))
            return {HQ_EINVAL, detail::WILD_LENGTH};
        for (const span<double> &room : rooms_)
            if (room.data() && room.size() != bars.length)
                return {HQ_EINVAL, "run: expected room for a value a bar in each column"};
        result_.struct_size = sizeof result_;
        actions_.assign(wants_actions_ ? bars.length : 0, 0);
        rules_.assign(wants_rules_ ? bars.length : 0, -1);
        for (std::size_t i = 0; i < columns_.size(); i++)
            columns_[i].values = rooms_[i].data();
        result_.columns = columns_.data();
        result_.n_columns = columns_.size();
        result_.actions = wants_actions_ ? actions_.data() : nullptr;
        result_.rules = wants_rules_ ? rules_.data() : nullptr;
        length_ = bars.length;
        return hq_run(&bars, program, &options, &result_);
    }

    std::deque<HqIndicatorSpec> specs_{}; /* columns point at them: they must not move */
    std::vector<HqRunColumn> columns_{};
    std::vector<span<double>> rooms_{};
    std::vector<std::uint8_t> actions_{};
    std::vector<std::int16_t> rules_{};
    HqRunResult result_{};
    std::size_t length_ = 0;
    bool wants_actions_ = false;
    bool wants_rules_ = false;
};

} // namespace HQUANT_MODE
} // namespace hquant

#endif
