/* What the parts of the runner in C++ share: everything goes through hquant.hpp. */
#ifndef CPP_VECTORS_HPP
#define CPP_VECTORS_HPP

#include "vectors.h"

#include <hquant/hquant.hpp>

#include <string_view>
#include <utility>
#include <vector>

/** The entries of a list, for loops over a range. */
class Entries {
  public:
    explicit Entries(const cJSON *list) : first_(list->child) {}
    struct iterator {
        const cJSON *entry;
        const cJSON *operator*() const { return entry; }
        iterator &operator++()
        {
            entry = entry->next;
            return *this;
        }
        bool operator!=(const iterator &other) const { return entry != other.entry; }
    };
    iterator begin() const { return {first_}; }
    iterator end() const { return {nullptr}; }

  private:
    const cJSON *first_;
};

/** The cells of a row, read from the first on. */
class Cells {
  public:
    explicit Cells(const cJSON *row) : next_(row->child) {}
    const cJSON *next() { return std::exchange(next_, next_->next); }

  private:
    const cJSON *next_;
};

/** The status that a call fails with, HQ_OK when it does not. */
template <class F> HqStatus status_of(F call)
{
    try {
        call();
        return HQ_OK;
    } catch (const hquant::Error &error) {
        return error.code();
    }
}

inline std::vector<std::uint8_t> bytes_in(const cJSON *base64)
{
    std::size_t size;
    const std::uint8_t *bytes = bytes_of(base64, &size);
    return {bytes, bytes + size};
}

/** A program of programs.json. */
inline hquant::Program program_named(const cJSON *name)
{
    return hquant::Program::load(bytes_in(member(program_entry(name), "hqbc")));
}

inline hquant::IndicatorSpec indicator_of(const cJSON *given)
{
    std::vector<double> params;
    std::vector<hquant::Field> fields;
    for (const cJSON *each : Entries(member(given, "params")))
        params.push_back(number_of(each));
    for (const cJSON *each : Entries(member(given, "fields"))) {
        const std::uint8_t field = choice_of(each, "open high low close volume buy_volume time");
        fields.push_back(static_cast<hquant::Field>(field % 6)); /* the time is never asked for */
    }
    const auto mode = static_cast<hquant::Mode>(choice_of(member(given, "mode"), "seed talib"));
    return hquant::IndicatorSpec::of(text_of(member(given, "indicator")), params, fields, mode);
}

inline hquant::Htf htf_of(const cJSON *test_case)
{
    return static_cast<hquant::Htf>(choice_of(member(test_case, "htf"), "closed forming"));
}

/** Whether a step was refused, which is the next that is expected. */
inline void expect_refused(HqStatus status, int64_t step, const cJSON **expected)
{
    if (status == HQ_OK)
        return;
    if (const cJSON *row = next_of("refused", expected)) {
        expect_whole("refused: step", row->child, step);
        expect_text("refused: status", row->child->next, hquant::status_name(status));
    }
}

inline void expect_signal(const cJSON *row, int64_t step, const Signal &found)
{
    Cells cells(row);
    expect_whole("signals: step", cells.next(), step);
    expect_whole("signals: strategy", cells.next(), found.strategy_id);
    expect_whole("signals: action", cells.next(), found.action);
    expect_whole("signals: time", cells.next(), found.timestamp);
}

template <class T>
void expect_column(const char *place, const cJSON *expected, const hquant::Column<T> &found)
{
    std::size_t i = 0;
    expect_true(place, size_of(expected) == found.size(), "another number of entries");
    for (const cJSON *each : Entries(expected)) {
        if (i >= found.size())
            return;
        if constexpr (std::is_same_v<T, double>)
            expect_number(place, each, found[i++]);
        else
            expect_whole(place, each, found[i++]);
    }
}

/** A backtest of a case; its programs and bars live as long as it. */
struct Prepared {
    explicit Prepared(const cJSON *test_case);
    std::vector<hquant::Program> programs{};
    std::vector<HqSymbol> symbols{};
    std::vector<HqOrder> orders{};
    hquant::BacktestOptions options{};
};
hquant::Backtest backtest_of(const Prepared &run);

#endif
