/* markets.json: several periods from one stream. */
#include "cpp_vectors.hpp"

#include <array>

namespace {

/* What a case feeds: a MultiHQuant or an aggregator, named alike. */
class Multi {
  public:
    static constexpr std::size_t n_answers = 6;

    explicit Multi(const cJSON *test_case)
        : multi_(static_cast<std::size_t>(whole_of(member(test_case, "capacity"))),
                 periods_of(test_case),
                 static_cast<hquant::Emit>(
                     choice_of(member(test_case, "emit"), "every_update on_close"))),
          expected_(member(test_case, "expect")), answers(member(expected_, "signals")->child)
    {
        multi_.set_htf(htf_of(test_case), whole_of(member(test_case, "bar_period_ms")));
        for (const cJSON *name : Entries(member(test_case, "programs"))) {
            programs_.push_back(multi_.add_strategy(program_named(name), text_of(name)));
            expect_whole("strategy_ids", at(expected_, "strategy_ids", programs_.size() - 1),
                         programs_.back());
        }
        for (const cJSON *each : Entries(member(test_case, "engines")))
            add_engine(each);
    }

    static hquant::span<const std::int64_t> periods_of(const cJSON *test_case)
    {
        const cJSON *list = member(test_case, "periods_ms");
        return {wholes_of(list), size_of(list)};
    }

    void feed(const Bar &bar) { multi_.feed_bar(bar); }
    void flush() { multi_.flush(); }
    void set_param(std::size_t index, const char *name, double value)
    {
        multi_.set_param(programs_.at(index), name, value);
    }
    std::uint64_t rejected() const { return multi_.rejected_bars(); }

    void expect_answers(std::int64_t step)
    {
        std::array<Signal, 64> room;
        for (auto found = multi_.poll_signals(room); !found.empty();
             found = multi_.poll_signals(room))
            for (const Signal &signal : found)
                if (const cJSON *row = next_of("signals", &answers))
                    expect_signal(row, step, signal);
    }

    void expect_end() const
    {
        for (std::size_t i = 0; i < engines_.size(); i++) {
            const cJSON *expected = at(expected_, "engines", i);
            const hquant::EngineRef &engine = engines_[i];
            const cJSON *values = member(expected, "values")->child;
            expect_members(expected, 6);
            expect_column("engine.timestamp", member(expected, "timestamp"),
                          engine.timestamp_column());
            expect_column("engine.close", member(expected, "close"), engine.close_column());
            expect_column("engine.volume", member(expected, "volume"), engine.volume_column());
            for (const cJSON *id : Entries(member(expected, "indicator_ids"))) {
                const auto number = static_cast<std::uint32_t>(whole_of(id));
                expect_column("engine.values", values, engine.indicator_column(number));
                values = values->next;
            }
        }
    }

  private:
    void add_engine(const cJSON *given)
    {
        const cJSON *expected = at(expected_, "engines", engines_.size());
        hquant::EngineRef engine = multi_.engine(whole_of(member(given, "period_ms")));
        std::size_t i = 0;
        for (const cJSON *each : Entries(member(given, "indicators")))
            expect_whole("indicator_ids", at(expected, "indicator_ids", i++),
                         engine.add_indicator(indicator_of(each)));
        i = 0;
        for (const cJSON *each : Entries(member(given, "programs")))
            expect_whole("strategy_ids", at(expected, "strategy_ids", i++),
                         engine.add_strategy(program_named(each)));
        engines_.push_back(engine);
    }

    hquant::MultiHQuant multi_;
    std::vector<std::uint32_t> programs_{};
    std::vector<hquant::EngineRef> engines_{};
    const cJSON *expected_;

  public:
    const cJSON *answers; /* the next that is expected */
};

class Candles {
  public:
    static constexpr std::size_t n_answers = 4;

    explicit Candles(const cJSON *test_case)
        : aggregator_(Multi::periods_of(test_case)),
          answers(member(member(test_case, "expect"), "events")->child)
    {
    }

    void feed(const Bar &bar) { aggregator_.push(bar); }
    void flush() { aggregator_.flush(); }
    void set_param(std::size_t, const char *name, double) { expect_true("steps", false, name); }
    std::uint64_t rejected() const { return aggregator_.rejected_bars(); }

    void expect_answers(std::int64_t step)
    {
        std::array<HqCandleEvent, 16> room;
        for (auto found = aggregator_.poll_events(room); !found.empty();
             found = aggregator_.poll_events(room))
            for (const HqCandleEvent &event : found)
                if (const cJSON *row = next_of("events", &answers))
                    expect_event(row, step, event);
    }
    void expect_end() const {}

  private:
    static void expect_event(const cJSON *row, std::int64_t step, const HqCandleEvent &event)
    {
        const HqCandle &candle = event.candle;
        Cells cells(row);
        for (const std::int64_t whole :
             {step, std::int64_t(event.kind), std::int64_t(event.period_index), candle.open_time,
              candle.close_time})
            expect_whole("events", cells.next(), whole);
        for (const double value :
             {candle.open, candle.high, candle.low, candle.close, candle.volume, candle.buy_volume})
            expect_number("events", cells.next(), value);
        expect_whole("events", cells.next(), candle.last_update_ts);
    }

    hquant::Aggregator aggregator_;

  public:
    const cJSON *answers; /* the next that is expected */
};

template <class Market> class Feeding {
  public:
    explicit Feeding(const cJSON *test_case)
        : market_(test_case), expected_(member(test_case, "expect")),
          refused_(member(expected_, "refused")->child)
    {
        for (const cJSON *step : Entries(member(test_case, "steps")))
            take(step);
        expect_members(expected_, Market::n_answers);
        expect_whole("steps", member(expected_, "steps"), steps_);
        expect_true("answers", !market_.answers, "fewer than expected");
        expect_true("refused", !refused_, "fewer than expected");
        expect_whole("rejected_bars", member(expected_, "rejected_bars"),
                     static_cast<std::int64_t>(market_.rejected()));
        market_.expect_end();
    }

  private:
    void take(const cJSON *step)
    {
        Cells cells(step);
        const std::string_view kind = text_of(cells.next());
        if (kind == "feed") {
            const HqBars *bars = bars_of(cells.next());
            auto i = static_cast<std::size_t>(whole_of(cells.next()));
            for (const auto end = static_cast<std::size_t>(whole_of(cells.next())); i < end; i++)
                done([&] { market_.feed(bar_at(bars, i)); });
        } else if (kind == "feed_bar") {
            done([&] { market_.feed(bar_of_step(step)); });
        } else if (kind == "flush") {
            done([&] { market_.flush(); });
        } else {
            expect_true("steps", kind == "set_param", kind.data());
            const auto index = static_cast<std::size_t>(whole_of(cells.next()));
            const char *name = text_of(cells.next());
            done([&] { market_.set_param(index, name, number_of(cells.next())); });
        }
    }

    template <class F> void done(F step)
    {
        expect_refused(status_of(step), steps_, &refused_);
        market_.expect_answers(steps_);
        steps_++;
    }

    Market market_;
    const cJSON *expected_;
    const cJSON *refused_;
    std::int64_t steps_ = 0;
};

} // namespace

void run_market(const cJSON *test_case)
{
    if (std::string_view(text_of(member(test_case, "kind"))) == "multi")
        Feeding<Multi> fed(test_case);
    else
        Feeding<Candles> fed(test_case);
}
