/* streams.json: engines step by step. */
#include "cpp_vectors.hpp"

#include <array>
#include <cstdio>

namespace {

class Stream {
  public:
    explicit Stream(const cJSON *test_case)
        : engine_(static_cast<std::size_t>(whole_of(member(test_case, "capacity")))),
          expected_(member(test_case, "expect")), signals_(member(expected_, "signals")->child),
          refused_(member(expected_, "refused")->child)
    {
        engine_.set_htf(htf_of(test_case), whole_of(member(test_case, "bar_period_ms")));
        for (const cJSON *each : Entries(member(test_case, "indicators")))
            add_indicator(each);
        for (const cJSON *each : Entries(member(test_case, "programs")))
            add_program(each);
    }

    void take(const cJSON *step)
    {
        Cells cells(step);
        const std::string_view kind = text_of(cells.next());
        if (kind == "push") {
            const HqBars *bars = bars_of(cells.next());
            std::size_t i = static_cast<std::size_t>(whole_of(cells.next()));
            for (const std::int64_t end = whole_of(cells.next()); i < static_cast<std::size_t>(end);
                 i++)
                done([&] { engine_.push_bar(bar_at(bars, i)); });
        } else if (kind == "push_bars") {
            const HqBars *bars = bars_of(cells.next());
            const auto from = static_cast<std::size_t>(whole_of(cells.next()));
            const HqBars slice =
                slice_of(bars, from, static_cast<std::size_t>(whole_of(cells.next())));
            done([&] { engine_.push_bars(slice); });
        } else if (kind == "push_bar") {
            done([&] { engine_.push_bar(bar_of_step(step)); });
        } else if (kind == "update_bar") {
            done([&] { engine_.update_last_bar(bar_of_step(step)); });
        } else if (kind == "set_param") {
            const std::uint32_t id = programs_.at(static_cast<std::size_t>(whole_of(cells.next())));
            const char *name = text_of(cells.next());
            done([&] { engine_.set_param(id, name, number_of(cells.next())); });
        } else if (kind == "add_indicator") {
            done([&] { add_indicator(cells.next()); });
        } else {
            expect_true("steps", kind == "add_program", kind.data());
            done([&] { add_program(cells.next()); });
        }
    }

    void expect_end() const
    {
        expect_members(expected_, 11);
        expect_whole("steps", member(expected_, "steps"), steps_);
        expect_true("signals", !signals_, "fewer than expected");
        expect_true("refused", !refused_, "fewer than expected");
        expect_true("values", indicators_.size() == size_of(member(expected_, "values")), "fewer");
        expect_whole("bars", member(expected_, "bars"), static_cast<std::int64_t>(engine_.size()));
        expect_whole("total_bars", member(expected_, "total_bars"),
                     static_cast<std::int64_t>(engine_.total_bars()));
        expect_whole("rejected_bars", member(expected_, "rejected_bars"),
                     static_cast<std::int64_t>(engine_.rejected_bars()));
        expect_column("close", member(expected_, "close"), engine_.close_column());
        expect_column("timestamp", member(expected_, "timestamp"), engine_.timestamp_column());
    }

  private:
    struct Indicator {
        std::uint32_t id;
        std::vector<const cJSON *> values; /* of each output, the next that is expected */
    };

    void add_indicator(const cJSON *given)
    {
        const std::size_t i = indicators_.size();
        Indicator added{engine_.add_indicator(indicator_of(given)), {}};
        expect_whole("indicator_ids", at(expected_, "indicator_ids", i), added.id);
        for (const cJSON *output : Entries(at(expected_, "values", i)))
            added.values.push_back(output->child);
        expect_true("outputs", added.values.size() == engine_.indicator_outputs(added.id), "other");
        indicators_.push_back(std::move(added));
    }

    void add_program(const cJSON *name)
    {
        const std::uint32_t id = engine_.add_strategy(program_named(name), text_of(name));
        expect_whole("strategy_ids", at(expected_, "strategy_ids", programs_.size()), id);
        programs_.push_back(id);
    }

    template <class F> void done(F step)
    {
        expect_refused(status_of(step), steps_, &refused_);
        expect_signals();
        expect_values();
        steps_++;
    }

    void expect_signals()
    {
        std::array<Signal, 64> room;
        for (auto found = engine_.poll_signals(room); !found.empty();
             found = engine_.poll_signals(room))
            for (const Signal &signal : found)
                if (const cJSON *row = next_of("signals", &signals_))
                    expect_signal(row, steps_, signal);
    }

    void expect_values()
    {
        for (std::size_t i = 0; i < indicators_.size(); i++) {
            std::array<double, 8> room;
            const auto found = engine_.indicator_values(indicators_[i].id, room);
            for (std::size_t output = 0; output < found.size(); output++) {
                char place[80];
                std::snprintf(place, sizeof place, "values[%zu][%zu] at step %d", i, output,
                              static_cast<int>(steps_));
                if (const cJSON *value = next_of(place, &indicators_[i].values.at(output)))
                    expect_number(place, value, found[output]);
            }
        }
    }

    hquant::Engine engine_;
    const cJSON *expected_;
    const cJSON *signals_; /* the next that is expected */
    const cJSON *refused_;
    std::vector<Indicator> indicators_{};
    std::vector<std::uint32_t> programs_{};
    std::int64_t steps_ = 0;
};

} // namespace

void run_stream(const cJSON *test_case)
{
    Stream stream(test_case);
    for (const cJSON *step : Entries(member(test_case, "steps")))
        stream.take(step);
    stream.expect_end();
}
