/**
 * @file metrics.hpp
 * What a curve and its trades amount to. docs/metrics.md has the figures.
 */
#ifndef HQUANT_CPP_METRICS_HPP
#define HQUANT_CPP_METRICS_HPP

#include "backtest.hpp"

#include "../metrics.h"

namespace hquant {
inline namespace HQUANT_MODE {

/** A curve and what belongs to it, at its defaults; its fields are HqMetricsInput's own. */
struct MetricsInput : HqMetricsInput {
    MetricsInput() noexcept : HqMetricsInput{} { hq_metrics_input_init(this); }

    /**
     * The curve and the trades of a backtest, which must outlive this. Where it had trades and did
     * not keep them, metrics() fails: n_trades = 0 asks for the figures of the curve alone.
     * @param initial_margin    of its account, quote currency.
     * @param year_periods      steps that make a year; NaN: not known, or to be found (year_of()).
     * @param year_days         daily returns that make a year; NaN as of year_periods.
     */
    MetricsInput(const Backtest &run, double initial_margin, double year_periods, double year_days)
        noexcept
        : MetricsInput()
    {
        length = run.equity.size();
        time = run.time.data();
        equity = run.equity.data();
        n_trades = static_cast<std::size_t>(run.report.trades + run.report.open_trades);
        trades = n_trades == run.trades.size() ? run.trades.data() : nullptr; /* not all, then none */
        initial = initial_margin;
        periods_per_year = year_periods;
        days_per_year = year_days;
    }
    template <class... Rest> explicit MetricsInput(Backtest &&, Rest &&...) = delete;
};

/** The figures of a curve. HQ_EINVAL names the field or the value. */
inline Result<HqMetrics> metrics(const HqMetricsInput &input)
{
    HqMetrics figures{};
    figures.struct_size = sizeof figures;
    const HqStatus status = hq_metrics(&input, &figures);
    return detail::answer(status, figures);
}

/** What makes a year, and the figures by it. */
struct YearMetrics {
    HqYear year;
    HqMetrics figures;
};

/**
 * What makes a year of an input's steps: as it says, and of what it leaves NaN what its times show.
 * @param market_days  days a year on which the market trades, 365 or 252; 0: what the times show.
 * @return HQ_EINVAL names the field; HQ_EORDER the time that is before the one in front of it.
 */
inline Result<HqYear> year_of(const HqMetricsInput &input, std::uint32_t market_days = 0)
{
    HqYear year{};
    year.struct_size = sizeof year;
    const HqStatus status = hq_year_of(&input, market_days, &year);
    return detail::answer(status, year);
}

/** The figures of a curve by the year that year_of() finds; errors as of either. */
inline Result<YearMetrics> metrics_and_year(const HqMetricsInput &input, std::uint32_t market_days = 0)
{
    YearMetrics found{};
    found.year.struct_size = sizeof found.year;
    found.figures.struct_size = sizeof found.figures;
    const HqStatus status = hq_metrics_and_year(&input, market_days, &found.year, &found.figures);
    return detail::answer(status, found);
}

/** The shortest time from one step to the next, ms; INT64_MAX of fewer than two. HQ_EORDER where
 *  times fall, HQ_EINVAL for NULL with a length. */
inline Result<std::int64_t> shortest_step(span<const std::int64_t> time)
{
    const detail::Asking asking;
    std::int64_t step = hq_shortest_step(time.data(), time.size());
    detail::Outcome outcome = asking.outcome();
    if (outcome.code == HQ_OK && step < 0)
        outcome = {HQ_EORDER, "time: expected times that do not fall; they do"};
    return detail::answer(outcome, std::move(step));
}

} // namespace HQUANT_MODE
} // namespace hquant

#endif
