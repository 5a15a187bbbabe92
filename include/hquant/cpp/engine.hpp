/**
 * @file engine.hpp
 * The engine of one period: bars in; columns, indicators and signals out.
 */
#ifndef HQUANT_CPP_ENGINE_HPP
#define HQUANT_CPP_ENGINE_HPP

#include "bars.hpp"
#include "column.hpp"
#include "indicator.hpp"
#include "newest.hpp"
#include "program.hpp"

#include "../engine.h"
#include "../snapshot.h"

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace hquant {
inline namespace HQUANT_MODE {

/** Which candle of a higher timeframe strategies see. */
enum class Htf : std::uint32_t {
    closed = 0, /**< HQ_HTF_CLOSED: the last that is complete */
    forming = 1 /**< HQ_HTF_FORMING: the one in progress */
};

namespace detail {

/* All bytes of a snapshot: asked for twice, first how many. */
template <class T>
Result<std::vector<std::uint8_t>> saved(std::size_t (*save)(T *, std::uint8_t *, std::size_t),
                                        T *handle)
{
    std::vector<std::uint8_t> bytes(save(handle, nullptr, 0));
    const bool is_saved = !bytes.empty() && save(handle, bytes.data(), bytes.size()) != 0;
    return answer(is_saved ? Outcome(HQ_OK) : last_outcome(), std::move(bytes));
}

template <class Owner, class T>
Result<Owner> loaded(HqStatus (*load)(const std::uint8_t *, std::size_t, T **),
                     span<const std::uint8_t> bytes)
{
    T *made = nullptr;
    const HqStatus status = load(bytes.data(), bytes.size(), &made);
    return owned<Owner>(status, made);
}

template <class T>
Result<std::vector<std::int64_t>> periods(std::size_t (*of)(T *, std::int64_t *, std::size_t),
                                          T *handle)
{
    std::vector<std::int64_t> periods(of(handle, nullptr, 0));
    const bool is_filled = !periods.empty() && of(handle, periods.data(), periods.size()) != 0;
    return answer(is_filled ? Outcome(HQ_OK) : last_outcome(), std::move(periods));
}

/* A strategy that is compiled already: by its bytes. */
template <class Target>
Result<std::uint32_t> add_program(Target &target, const Program &program, std::string_view name)
{
    const std::vector<std::uint8_t> bytes = program.bytes();
    if (bytes.empty())
        return answer({HQ_EINVAL, "add_strategy: the program is empty"}, std::uint32_t());
    return target.add_strategy(span<const std::uint8_t>(bytes), name);
}

/* C reads a name up to its first NUL: one that has more behind it is no PARAM's. */
template <class T>
Result<void> set_param(HqStatus (*set)(T *, std::uint32_t, const char *, double), T *handle,
                       std::uint32_t strategy_id, std::string_view name, double value)
{
    if (name.find('\0') != std::string_view::npos)
        return answer({HQ_ENOTFOUND, "set_param: expected the name of a PARAM, found a NUL in it"});
    return answer(set(handle, strategy_id, std::string(name).c_str(), value));
}

/* A number of items that a call moved to the front of `out`; 0 of them may be a failure. */
template <class T, class H>
Result<span<T>> polled(std::size_t (*poll)(H *, T *, std::size_t), H *handle, span<T> out)
{
    const detail::Asking asking;
    const std::size_t count = poll(handle, out.data(), out.size());
    return answer(asking.outcome(), out.first(count));
}

/* A view of a ring column, of the moment of the call. */
template <class Ring, class... A>
auto column(Ring (*of)(HQuant *, A...), HQuant *handle, std::common_type_t<A>... which)
{
    const detail::Asking asking;
    const Ring ring = of(handle, which...);
    return answer(asking.outcome(), Column(ring));
}

} // namespace detail

/**
 * Everything that an engine can do, whoever owns it: Engine and EngineRef have it. Its reading
 * functions are const; none of them may run while another thread is inside.
 */
class EngineCalls {
  public:
    /** The handle, for functions of the C ABI. */
    HQuant *get() const noexcept { return handle_; }
    explicit operator bool() const noexcept { return handle_ != nullptr; }

    /* ------------------------------------------------------------ adding: allocates */

    /** RSI of the close over `period` bars, 1..HQ_PERIOD_MAX. @return its id. */
    Result<std::uint32_t> add_rsi(std::size_t period)
    {
        return detail::unless_zero(hquant_add_rsi(get(), period));
    }
    /** EMA of the close over `period` bars. @return its id. */
    Result<std::uint32_t> add_ema_close(std::size_t period)
    {
        return detail::unless_zero(hquant_add_ema_close(get(), period));
    }
    /** SMA of the close over `period` bars. @return its id. */
    Result<std::uint32_t> add_sma_close(std::size_t period)
    {
        return detail::unless_zero(hquant_add_sma_close(get(), period));
    }
    /** Population standard deviation of the close over `period` bars. @return its id. */
    Result<std::uint32_t> add_stddev_close(std::size_t period)
    {
        return detail::unless_zero(hquant_add_stddev_close(get(), period));
    }
    /** Bollinger bands of the close: `period` bars, `k` standard deviations. @return its id. */
    Result<std::uint32_t> add_boll(std::size_t period, double k)
    {
        return detail::unless_zero(hquant_add_boll(get(), period, k));
    }
    /** MACD of the close, all in bars; fast < slow. @return its id. */
    Result<std::uint32_t> add_macd(std::size_t fast, std::size_t slow, std::size_t signal)
    {
        return detail::unless_zero(hquant_add_macd(get(), fast, slow, signal));
    }
    /** Any indicator of the table. @return its id. */
    Result<std::uint32_t> add_indicator(const HqIndicatorSpec &spec)
    {
        return detail::unless_zero(hq_add_indicator(get(), &spec));
    }
    /** Any indicator of the table without a history: no column, cheaper bars. @return its id. hq_add_indicator_newest(). */
    Result<std::uint32_t> add_indicator_newest(const HqIndicatorSpec &spec)
    {
        return detail::unless_zero(hq_add_indicator_newest(get(), &spec));
    }

    /**
     * Add a strategy.
     * @param text  the strategy's text, or the bytes of a program.
     * @param name  for messages.
     * @return its id; fails as Program::compile(), and with HQ_EORDER, HQ_EUNSUPPORTED.
     */
    Result<std::uint32_t> add_strategy(std::string_view text, std::string_view name = {})
    {
        return detail::unless_zero(hquant_add_strategy(get(), detail::bytes_of(name), name.size(),
                                                       detail::bytes_of(text), text.size()));
    }
    /** Add a strategy by the bytes of its program (HQBC): needs no compiler. */
    Result<std::uint32_t> add_strategy(span<const std::uint8_t> program, std::string_view name = {})
    {
        return detail::unless_zero(hquant_add_strategy(get(), detail::bytes_of(name), name.size(),
                                                       program.data(), program.size()));
    }
    /** Add a strategy that is compiled already. */
    Result<std::uint32_t> add_strategy(const Program &program, std::string_view name = {})
    {
        return detail::add_program(*this, program, name);
    }

    /** Set a PARAM of a strategy; it takes over at the next push. hq_engine_set_param(). */
    Result<void> set_param(std::uint32_t strategy_id, std::string_view name, double value)
    {
        return detail::set_param(hq_engine_set_param, get(), strategy_id, name, value);
    }

    /** Choose candles of higher timeframes; bar_period_ms 0: unknown. hq_engine_set_htf(). */
    Result<void> set_htf(Htf htf, std::int64_t bar_period_ms = 0)
    {
        return detail::answer(
            hq_engine_set_htf(get(), static_cast<std::uint32_t>(htf), bar_period_ms));
    }

    /** Make room for `capacity` waiting signals, 1..2^24. */
    Result<void> set_signal_capacity(std::size_t capacity)
    {
        return detail::answer(hq_set_signal_capacity(get(), capacity));
    }

    /** As below, of a list: watch({{rsi, 0}, {macd, 2}}). */
    Result<span<const double>> watch(std::initializer_list<HqIndicatorOutput> outputs)
    {
        return watch(span<const HqIndicatorOutput>(outputs.begin(), outputs.size()));
    }
    /** Keep outputs side by side in memory that every push brings up to date. hq_engine_watch(). */
    Result<span<const double>> watch(span<const HqIndicatorOutput> outputs)
    {
        const double *values = hq_engine_watch(get(), outputs.data(), outputs.size());
        return detail::answer(values ? detail::Outcome(HQ_OK) : detail::last_outcome(),
                              span<const double>(values, outputs.size()));
    }

    /** As below, of a list: newest({{rsi, 0}, {macd, 2}}). */
    Result<Newest> newest(std::initializer_list<HqIndicatorOutput> outputs)
    {
        return newest(span<const HqIndicatorOutput>(outputs.begin(), outputs.size()));
    }
    /** Where outputs' newest values are computed, to be read without a call or a copy. hq_engine_newest(). */
    Result<Newest> newest(span<const HqIndicatorOutput> outputs)
    {
        HqNewest newest{};
        const HqStatus status = hq_engine_newest(get(), outputs.data(), outputs.size(), &newest);
        return detail::answer(status, Newest(newest));
    }

    /* ------------------------------------------------------- the hot path: never allocates */

    /** Append a bar, the newest, still forming one. HQ_EBAR, HQ_EORDER: refused whole. */
    Result<void> push_bar(const Bar &bar)
    {
        return detail::answer(hq_push_bar(get(), bar.timestamp, bar.open, bar.high, bar.low,
                                          bar.close, bar.volume, bar.buy_volume));
    }
    /** Replace the newest bar; with no bar yet it does nothing. Fails as push_bar(). */
    Result<void> update_last_bar(const Bar &bar)
    {
        return detail::answer(hq_update_last_bar(get(), bar.timestamp, bar.open, bar.high, bar.low,
                                                 bar.close, bar.volume, bar.buy_volume));
    }

    /** The newest values of an indicator, at the front of `out`: as many as fit and there are. */
    Result<span<double>> indicator_values(std::uint32_t id, span<double> out) const
    {
        const std::size_t count = hq_indicator_values(get(), id, out.data(), out.size());
        return detail::answer(count ? detail::Outcome(HQ_OK) : detail::last_outcome(),
                              out.first(count));
    }
    /** The newest value of an indicator, of its first output; NaN while there is none. */
    Result<double> indicator_last(std::uint32_t id) const
    {
        double value = 0;
        const std::size_t count = hq_indicator_values(get(), id, &value, 1);
        return detail::answer(count ? detail::Outcome(HQ_OK) : detail::last_outcome(),
                              std::move(value));
    }
    /** The newest values of an indicator as the seed has them: one, or up to three. */
    Result<IndicatorValue> indicator_value(std::uint32_t id) const
    {
        return detail::asked(hquant_indicator_last, get(), id);
    }
    /** How many outputs an indicator has. */
    Result<std::size_t> indicator_outputs(std::uint32_t id) const
    {
        return detail::unless_zero(hq_indicator_values(get(), id, nullptr, 0));
    }

    /** Move waiting signals, oldest first, to the front of `out`. */
    Result<span<Signal>> poll_signals(span<Signal> out)
    {
        return detail::polled(hquant_poll_signals, get(), out);
    }

    /* ------------------------------------------------------------------ blocks of bars */

    /**
     * Push whole columns, to the bit what push_bar() does with each.
     * @param[out] pushed  bars taken, of a refused block too; may be NULL.
     * @return that number; HQ_EBAR or HQ_EORDER at the first bar that is refused.
     */
    Result<std::size_t> push_bars(const HqBars &bars, std::size_t *pushed = nullptr)
    {
        std::size_t taken = 0;
        const HqStatus status = hq_push_bars(get(), &bars, &taken);
        if (pushed)
            *pushed = taken;
        return detail::answer(status, std::move(taken));
    }

    /* ------------------------------------------------------------------------- reading */

    /** Bars held. */
    Result<std::size_t> size() const { return detail::asked(hquant_len, get()); }
    /** Bars that fit. */
    Result<std::size_t> capacity() const { return detail::asked(hquant_capacity, get()); }
    /** Bars refused so far. */
    Result<std::uint64_t> rejected_bars() const { return detail::asked(hq_rejected_bars, get()); }
    /** Bars pushed so far. */
    Result<std::uint64_t> total_bars() const { return detail::asked(hq_total_bars, get()); }
    /** Signals that wait. */
    Result<std::size_t> signals_waiting() const { return detail::asked(hquant_signals_len, get()); }
    /** Signals dropped because the queue was full. */
    Result<std::uint64_t> signals_dropped() const
    {
        return detail::asked(hq_signals_dropped, get());
    }

    /** Open times, ms. */
    Result<ColumnI64> timestamp_column() const
    {
        return detail::column(hquant_timestamp_column, get());
    }
    /** Price units. */
    Result<ColumnF64> open_column() const
    {
        return detail::column(hquant_open_column, get());
    }
    /** Price units. */
    Result<ColumnF64> high_column() const
    {
        return detail::column(hquant_high_column, get());
    }
    /** Price units. */
    Result<ColumnF64> low_column() const
    {
        return detail::column(hquant_low_column, get());
    }
    /** Price units. */
    Result<ColumnF64> close_column() const
    {
        return detail::column(hquant_close_column, get());
    }
    /** Base asset units. */
    Result<ColumnF64> volume_column() const
    {
        return detail::column(hquant_volume_column, get());
    }
    /** Base asset units, bought by takers. */
    Result<ColumnF64> buy_volume_column() const
    {
        return detail::column(hquant_buy_volume_column, get());
    }

    /** The column of an indicator's output: NaN where it had no value. hq_indicator_column(). */
    Result<ColumnF64> indicator_column(std::uint32_t id, std::uint32_t output = 0) const
    {
        return detail::column(hq_indicator_column, get(), id, output);
    }

    /* ----------------------------------------------------------------------- snapshots */

    /** The whole state as bytes. */
    Result<std::vector<std::uint8_t>> save() const { return detail::saved(hq_engine_save, get()); }

    /** The same without allocating. @return its size in bytes; written only where that fits. */
    Result<std::size_t> save(span<std::uint8_t> out) const
    {
        return detail::unless_zero(hq_engine_save(get(), out.data(), out.size()));
    }

  protected:
    EngineCalls() noexcept = default;
    explicit EngineCalls(HQuant *engine) noexcept : handle_(engine) {}
    EngineCalls(const EngineCalls &) noexcept = default;
    EngineCalls &operator=(const EngineCalls &) noexcept = default; /* would replace an owner's */
    ~EngineCalls() = default;

    HQuant *handle_ = nullptr;
};

/** An engine, owned: moves, does not copy. */
class Engine : public EngineCalls {
  public:
    /** No engine; assign one to it. */
    Engine() noexcept = default;
    /** Own a handle of the C ABI. */
    explicit Engine(HQuant *owned) noexcept : EngineCalls(owned) {}

    /** An engine whose ring keeps `capacity` bars, 1..HQ_CAPACITY_MAX. */
    static Result<Engine> create(std::size_t capacity)
    {
        return detail::owned<Engine>(hquant_new(capacity));
    }
#if HQUANT_EXCEPTIONS
    /** As create(). */
    explicit Engine(std::size_t capacity) : Engine(create(capacity)) {}
#endif

    /** An engine from what save() gave. HQ_ESNAPSHOT for anything else. */
    static Result<Engine> load(span<const std::uint8_t> bytes)
    {
        return detail::loaded<Engine>(hq_engine_load, bytes);
    }

    Engine(Engine &&other) noexcept : EngineCalls(other.release()) {}
    Engine &operator=(Engine &&other) noexcept
    {
        if (this != &other)
            reset(other.release());
        return *this;
    }
    Engine(const Engine &) = delete;
    Engine &operator=(const Engine &) = delete;
    ~Engine() { hquant_free(handle_); }

    /** The handle, owned by the caller from now on. */
    [[nodiscard]] HQuant *release() noexcept { return std::exchange(handle_, nullptr); }
    /** Free the engine and own `handle`. */
    void reset(HQuant *handle = nullptr) noexcept { hquant_free(std::exchange(handle_, handle)); }
};

/** An engine that somebody else owns: an Engine, or a MultiHQuant. Copied, it is the same engine. */
class EngineRef : public EngineCalls {
  public:
    EngineRef() noexcept = default;
    explicit EngineRef(HQuant *engine) noexcept : EngineCalls(engine) {}
    EngineRef(const Engine &engine) noexcept : EngineCalls(engine.get()) {}
    EngineRef(const Engine &&) = delete; /* would dangle */
};

} // namespace HQUANT_MODE
} // namespace hquant

#endif
