/**
 * @file bars.hpp
 * Columns of bars, and periods.
 */
#ifndef HQUANT_CPP_BARS_HPP
#define HQUANT_CPP_BARS_HPP

#include "error.hpp"
#include "span.hpp"

#include "../market.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace hquant {
inline namespace HQUANT_MODE {

/** Columns of bars that others own; copied, it shows the same. */
struct Bars : HqBars {
    Bars() noexcept : HqBars{} {}

    /**
     * Columns of the same length, oldest bar first. They must outlive their use.
     * @param timestamp   open times, milliseconds since the Unix epoch, UTC.
     * @param open        price units; high, low and close too.
     * @param volume      base asset units.
     * @param buy_volume  base asset units; left out: the data has no such column.
     * @return HQ_EINVAL for lengths that differ.
     */
    static Result<Bars> of(span<const std::int64_t> timestamp, span<const double> open,
                           span<const double> high, span<const double> low,
                           span<const double> close, span<const double> volume,
                           span<const double> buy_volume = {})
    {
        Bars bars;
        const std::size_t n = timestamp.size();
        const bool fit = open.size() == n && high.size() == n && low.size() == n &&
                         close.size() == n && volume.size() == n &&
                         (buy_volume.data() == nullptr || buy_volume.size() == n);
        static_cast<HqBars &>(bars) = {timestamp.data(), open.data(),   high.data(),
                                       low.data(),       close.data(),  volume.data(),
                                       buy_volume.data(), n};
        return detail::answer(
            {fit ? HQ_OK : HQ_EINVAL, "bars: expected columns of one length; they differ"}, bars);
    }

    /** A column that ends with the call: the view would dangle. */
    template <class... Columns, class = detail::if_temporary_owner<Columns...>>
    static Result<Bars> of(Columns &&...) = delete;

    /** Whether they are candles as market data should have them: hq_bars_check(). */
    Result<void> check() const { return detail::answer(hq_bars_check(this)); }
};

/** Whether data has a column of buy_volume. */
enum class BuyVolume : bool { absent, given };

/** Columns of bars that grow: for data that is read row by row. */
class BarTable {
  public:
    /** An empty one. BuyVolume::absent: what reads buy_volume is refused over its bars(). */
    explicit BarTable(BuyVolume buy_volume = BuyVolume::given) noexcept
        : has_buy_volume_(buy_volume == BuyVolume::given)
    {
    }

    bool has_buy_volume() const noexcept { return has_buy_volume_; }

    void reserve(std::size_t bars)
    {
        timestamp_.reserve(bars);
        for (std::size_t i = 0; i < width(); i++)
            columns_[i].reserve(bars);
    }
    /** Append a bar; its buy_volume is left out where the data has none. */
    void push_back(const Bar &bar)
    {
        const double fields[] = {bar.open,  bar.high,   bar.low,
                                 bar.close, bar.volume, bar.buy_volume};
        make_room(); /* all that may throw: no column is longer than another afterwards */
        timestamp_.push_back(bar.timestamp);
        for (std::size_t i = 0; i < width(); i++)
            columns_[i].push_back(fields[i]);
    }
    std::size_t size() const noexcept { return timestamp_.size(); }
    /** A bar; its buy_volume is 0, not known, where the data has none. */
    Bar operator[](std::size_t i) const noexcept
    {
        return {timestamp_[i],  columns_[0][i], columns_[1][i],
                columns_[2][i], columns_[3][i], columns_[4][i],
                has_buy_volume_ ? columns_[5][i] : 0};
    }

    /** The columns as they are, until the next push_back(). */
    Bars bars() const & noexcept
    {
        Bars view;
        static_cast<HqBars &>(view) = {timestamp_.data(),  columns_[0].data(),
                                       columns_[1].data(), columns_[2].data(),
                                       columns_[3].data(), columns_[4].data(),
                                       has_buy_volume_ ? columns_[5].data() : nullptr,
                                       timestamp_.size()};
        return view;
    }
    Bars bars() const && = delete; /* would dangle */

  private:
    std::size_t width() const noexcept { return has_buy_volume_ ? 6 : 5; }

    void make_room()
    {
        bool is_full = timestamp_.size() == timestamp_.capacity();
        for (std::size_t i = 0; i < width(); i++)
            is_full = is_full || columns_[i].size() == columns_[i].capacity();
        if (is_full)
            reserve(std::max<std::size_t>(64, 2 * size()));
    }

    std::vector<std::int64_t> timestamp_{};
    std::array<std::vector<double>, 6> columns_{};
    bool has_buy_volume_;
};

namespace detail {

/* Rooms for a value a bar are made before the library looks at the bars: a length that no column in
 * memory has must fail here. */
inline bool fits_memory(std::size_t length) noexcept
{
    return length <= SIZE_MAX / 2 / sizeof(double);
}

constexpr const char *WILD_LENGTH = "bars: expected a length that fits in memory, found a larger one";

} // namespace detail

/** A period as text, "500ms", "15m", "4h", in milliseconds. */
inline Result<std::int64_t> parse_period(std::string_view text)
{
    std::int64_t period_ms = 0;
    const HqStatus status = hq_period_parse(text.data(), text.size(), &period_ms);
    return detail::answer(status, std::move(period_ms));
}

/** Open time of the bucket that holds a time, both ms: hq_period_bucket_start(). */
inline std::int64_t bucket_start(std::int64_t period_ms, std::int64_t timestamp_ms) noexcept
{
    return hq_period_bucket_start(period_ms, timestamp_ms);
}

} // namespace HQUANT_MODE
} // namespace hquant

#endif
