/**
 * @file sweep.hpp
 * One strategy over many combinations of its PARAMs. docs/sweeps.md says how to read the result.
 */
#ifndef HQUANT_CPP_SWEEP_HPP
#define HQUANT_CPP_SWEEP_HPP

#include "metrics.hpp"

#include "../sweep.h"

namespace hquant {
inline namespace HQUANT_MODE {

/** What a sweep found: an entry a combination. */
struct SweepResult {
    std::vector<HqSweepRow> rows{};
    std::vector<HqMetrics> metrics{}; /**< empty unless they were wanted */
    std::vector<double> equity{};     /**< `steps` values a combination, NaN behind those that a run has: its
                                       *   bars less those that are left out; empty unless wanted */
    std::size_t steps = 0;            /**< values of a row of equity; 0 unless wanted */
};

/** A sweep, at its defaults; its fields are HqSweep's own. */
struct Sweep : HqSweep {
    Sweep() noexcept : HqSweep{} { hq_sweep_init(this); }

    /**
     * A sweep over symbols, which must outlive it as the options and the params must.
     * @param values         combinations, one after the other, each of `per_row` values in the
     *                       order of the PARAMs.
     * @param per_row        values of a combination: the program's PARAMs.
     */
    Sweep(span<const HqSymbol> over, const HqBacktestOptions &with, span<const double> values,
          std::size_t per_row) noexcept
        : Sweep()
    {
        symbols = over.data();
        n_symbols = over.size();
        options = &with;
        params = values.data();
        n_params = per_row;
        n_combinations = per_row == 0 ? 0 : values.size() / per_row;
        values_left = per_row == 0 ? values.size() : values.size() % per_row;
    }
    /* These would dangle. */
    Sweep(span<const HqSymbol>, HqBacktestOptions &&, span<const double>, std::size_t) = delete;
    template <class Symbols, class = detail::if_temporary_owner<Symbols>>
    Sweep(Symbols &&, const HqBacktestOptions &, span<const double>, std::size_t) = delete;
    template <class Values, class = detail::if_temporary_owner<Values>>
    Sweep(span<const HqSymbol>, const HqBacktestOptions &, Values &&, std::size_t) = delete;

    /**
     * Run it.
     * @param wants_metrics  all figures of each combination: slower.
     * @param wants_equity   the curve of each combination.
     * @return as hq_sweep(). A combination that cannot be run is no failure: its row says so.
     */
    Result<SweepResult> run(bool wants_metrics = false, bool wants_equity = false) const
    {
        SweepResult found;
        const detail::Outcome outcome = run(found, wants_metrics, wants_equity);
        return detail::answer(outcome, std::move(found));
    }

  private:
    detail::Outcome run(SweepResult &found, bool wants_metrics, bool wants_equity) const
    {
        if (values_left > 0)
            return {HQ_EINVAL, "sweep: expected a value for each PARAM in every combination; the "
                               "last one has fewer"};
        HqMetrics blank{};
        blank.struct_size = sizeof blank;
        found.rows.resize(n_combinations);
        found.metrics.assign(wants_metrics ? n_combinations : 0, blank);
        for (std::size_t i = 0; wants_equity && i < n_symbols; i++)
            if (symbols && symbols[i].bars && !detail::fits_memory(symbols[i].bars->length))
                return {HQ_EINVAL, detail::WILD_LENGTH};
        if (wants_equity) {
            const detail::Asking asking;
            found.steps = hq_backtest_steps(symbols, n_symbols);
            if (asking.outcome().code != HQ_OK)
                return asking.outcome();
            found.equity.resize(found.steps * n_combinations);
        }
        HqSweepOutput output{};
        output.struct_size = sizeof output;
        output.rows = found.rows.data();
        output.metrics = wants_metrics ? found.metrics.data() : nullptr;
        output.equity = wants_equity ? found.equity.data() : nullptr;
        output.steps_cap = found.steps;
        return hq_sweep(this, &output);
    }

    std::size_t values_left = 0;
};

} // namespace HQUANT_MODE
} // namespace hquant

#endif
