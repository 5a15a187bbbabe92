/**
 * @file market.hpp
 * Candles of several periods from one stream of bars, and engines over them.
 */
#ifndef HQUANT_CPP_MARKET_HPP
#define HQUANT_CPP_MARKET_HPP

#include "engine.hpp"

namespace hquant {
inline namespace HQUANT_MODE {

/** When a MultiHQuant's strategies are evaluated. */
enum class Emit : std::uint32_t {
    each_feed = 0,  /**< at each feed that changes the candle */
    each_candle = 1 /**< once a candle, when it is final */
};

/** A candle as a bar whose timestamp is its open time. */
inline Bar as_bar(const HqCandle &candle) noexcept { return hq_candle_as_bar_open_time(&candle); }

/** Builds candles of several periods. */
class Aggregator : public Handle<HqAggregator, hq_aggregator_free> {
  public:
    using Handle::Handle;

    /** One over 1..65535 distinct periods, each > 0 ms. */
    static Result<Aggregator> create(span<const std::int64_t> periods_ms)
    {
        HqAggregator *made = nullptr;
        const HqStatus status = hq_aggregator_new(periods_ms.data(), periods_ms.size(), &made);
        return detail::owned<Aggregator>(status, made);
    }
    /** The same of a list: create({60000, 300000}). */
    static Result<Aggregator> create(std::initializer_list<std::int64_t> periods_ms)
    {
        return create(span<const std::int64_t>(periods_ms.begin(), periods_ms.size()));
    }
    /** From what save() gave. */
    static Result<Aggregator> load(span<const std::uint8_t> bytes)
    {
        return detail::loaded<Aggregator>(hq_aggregator_load, bytes);
    }
#if HQUANT_EXCEPTIONS
    /** As create(). */
    explicit Aggregator(span<const std::int64_t> periods_ms) : Aggregator(create(periods_ms)) {}
    /** As create(). */
    explicit Aggregator(std::initializer_list<std::int64_t> periods_ms)
        : Aggregator(create(periods_ms))
    {
    }
#endif

    /** Feed a base bar. HQ_EBAR, HQ_EORDER, HQ_EINVAL: refused and counted. */
    Result<void> push(const Bar &bar) { return detail::answer(hq_aggregator_push(get(), bar)); }
    /** Close every candle in progress. */
    Result<void> flush() { return detail::answer(hq_aggregator_flush(get())); }
    /** Move waiting events, oldest first, to the front of `out`. */
    Result<span<HqCandleEvent>> poll_events(span<HqCandleEvent> out)
    {
        return detail::polled(hq_aggregator_poll_events, get(), out);
    }

    /** Events that wait. */
    Result<std::size_t> events_waiting() const
    {
        return detail::asked(hq_aggregator_events_len, get());
    }
    /** Bars refused so far. */
    Result<std::uint64_t> rejected_bars() const
    {
        return detail::asked(hq_aggregator_rejected, get());
    }
    /** The periods, ms, in order. */
    Result<std::vector<std::int64_t>> periods() const
    {
        return detail::periods(hq_aggregator_periods, get());
    }
    /** The whole state as bytes, waiting events too. */
    Result<std::vector<std::uint8_t>> save() const
    {
        return detail::saved(hq_aggregator_save, get());
    }
};

/** Engines over several periods fed from one stream of bars, and strategies across them. */
class MultiHQuant : public Handle<HqMulti, hq_multi_free> {
  public:
    using Handle::Handle;

    /**
     * One over distinct periods.
     * @param capacity    bars that each period's ring keeps, 1..HQ_CAPACITY_MAX.
     * @param periods_ms  1..65535 of them, each > 0 ms; the first is the strategies' own.
     */
    static Result<MultiHQuant> create(std::size_t capacity, span<const std::int64_t> periods_ms,
                                      Emit emit = Emit::each_feed)
    {
        HqMulti *made = nullptr;
        const HqStatus status = hq_multi_new(capacity, periods_ms.data(), periods_ms.size(),
                                             static_cast<std::uint32_t>(emit), &made);
        return detail::owned<MultiHQuant>(status, made);
    }
    /** The same of a list: create(1000, {60000, 300000}). */
    static Result<MultiHQuant> create(std::size_t capacity,
                                      std::initializer_list<std::int64_t> periods_ms,
                                      Emit emit = Emit::each_feed)
    {
        return create(capacity, span<const std::int64_t>(periods_ms.begin(), periods_ms.size()),
                      emit);
    }
    /** From what save() gave. */
    static Result<MultiHQuant> load(span<const std::uint8_t> bytes)
    {
        return detail::loaded<MultiHQuant>(hq_multi_load, bytes);
    }
#if HQUANT_EXCEPTIONS
    /** As create(). */
    MultiHQuant(std::size_t capacity, span<const std::int64_t> periods_ms,
                Emit emit = Emit::each_feed)
        : MultiHQuant(create(capacity, periods_ms, emit))
    {
    }
    /** As create(). */
    MultiHQuant(std::size_t capacity, std::initializer_list<std::int64_t> periods_ms,
                Emit emit = Emit::each_feed)
        : MultiHQuant(create(capacity, periods_ms, emit))
    {
    }
#endif

    /** The engine of a period, owned by this one. HQ_ENOTFOUND: not one of the periods. */
    Result<EngineRef> engine(std::int64_t period_ms) const
    {
        HQuant *engine = hq_multi_engine(get(), period_ms);
        return detail::answer(engine ? detail::Outcome(HQ_OK) : detail::last_outcome(),
                              EngineRef(engine));
    }

    /** Add a strategy across periods, as text or as the bytes of a program. @return its id. */
    Result<std::uint32_t> add_strategy(std::string_view text, std::string_view name = {})
    {
        return detail::unless_zero(hq_multi_add_strategy(
            get(), detail::bytes_of(name), name.size(), detail::bytes_of(text), text.size()));
    }
    /** The same by the bytes of its program: needs no compiler. */
    Result<std::uint32_t> add_strategy(span<const std::uint8_t> program, std::string_view name = {})
    {
        return detail::unless_zero(hq_multi_add_strategy(get(), detail::bytes_of(name), name.size(),
                                                         program.data(), program.size()));
    }
    /** The same, compiled already. */
    Result<std::uint32_t> add_strategy(const Program &program, std::string_view name = {})
    {
        return detail::add_program(*this, program, name);
    }
    /** Set a PARAM of a strategy across periods. */
    Result<void> set_param(std::uint32_t strategy_id, std::string_view name, double value)
    {
        return detail::set_param(hq_multi_set_param, get(), strategy_id, name, value);
    }
    /** Choose candles of other periods; bar_period_ms 0: unknown. hq_multi_set_htf(). */
    Result<void> set_htf(Htf htf, std::int64_t bar_period_ms = 0)
    {
        return detail::answer(
            hq_multi_set_htf(get(), static_cast<std::uint32_t>(htf), bar_period_ms));
    }
    /** Make room for `capacity` waiting signals, 1..2^24. */
    Result<void> set_signal_capacity(std::size_t capacity)
    {
        return detail::answer(hq_multi_set_signal_capacity(get(), capacity));
    }

    /** Feed a base bar to every period. Allocates nothing. */
    Result<void> feed_bar(const Bar &bar) { return detail::answer(hq_multi_feed_bar(get(), bar)); }
    /** Feed whole columns, bar by bar. @param[out] fed  bars taken; may be NULL. */
    Result<std::size_t> feed_bars(const HqBars &bars, std::size_t *fed = nullptr)
    {
        std::size_t taken = 0;
        const HqStatus status = hq_multi_feed_bars(get(), &bars, &taken);
        if (fed)
            *fed = taken;
        return detail::answer(status, std::move(taken));
    }
    /** Close every candle in progress. */
    Result<void> flush() { return detail::answer(hq_multi_flush(get())); }

    /**
     * Move waiting signals, oldest first, to the front of `out`. strategy_id >> 16 is 0 for a
     * strategy across periods and 1.. for the engines in the order of the periods; the lower 16
     * bits are the id there.
     */
    Result<span<Signal>> poll_signals(span<Signal> out)
    {
        return detail::polled(hq_multi_poll_signals, get(), out);
    }

    /** Signals that wait. */
    Result<std::size_t> signals_waiting() const
    {
        return detail::asked(hq_multi_signals_len, get());
    }
    /** Signals dropped because the queue was full. */
    Result<std::uint64_t> signals_dropped() const
    {
        return detail::asked(hq_multi_signals_dropped, get());
    }
    /** Bars refused so far. */
    Result<std::uint64_t> rejected_bars() const { return detail::asked(hq_multi_rejected, get()); }
    /** How many periods there are. */
    Result<std::size_t> period_count() const
    {
        return detail::asked(hq_multi_period_count, get());
    }
    /** The periods, ms, in order. */
    Result<std::vector<std::int64_t>> periods() const
    {
        return detail::periods(hq_multi_periods, get());
    }
    /** When strategies are evaluated, as it was made. */
    Result<Emit> emit() const
    {
        const detail::Asking asking;
        const Emit emit = static_cast<Emit>(hq_multi_emit(get()));
        return detail::answer(asking.outcome(), Emit(emit));
    }
    /** The whole state as bytes, its engines' too. */
    Result<std::vector<std::uint8_t>> save() const { return detail::saved(hq_multi_save, get()); }
};

} // namespace HQUANT_MODE
} // namespace hquant

#endif
