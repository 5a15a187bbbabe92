/* failures.json: what is refused, and how that is said. */
#include "cpp_vectors.hpp"

#include <cstring>
#include <optional>

namespace {

hquant::MultiHQuant multi_of(const cJSON *test_case)
{
    const cJSON *list = member(test_case, "periods_ms");
    return hquant::MultiHQuant(8, {wholes_of(list), size_of(list)});
}

/* What should not come to its end. */
void call(std::string_view kind, const cJSON *test_case)
{
    if (kind == "engine") {
        hquant::Engine(static_cast<std::size_t>(whole_of(member(test_case, "capacity"))));
    } else if (kind == "indicator") {
        hquant::Engine(8).add_indicator(indicator_of(test_case));
    } else if (kind == "indicator_of_another_name") {
        hquant::IndicatorSpec::of(text_of(member(test_case, "indicator")));
    } else if (kind == "program") {
        hquant::Program::load(bytes_in(member(test_case, "hqbc")));
    } else if (kind == "text") {
        hquant::Engine(8).add_strategy(text_of(member(test_case, "text")), "s");
    } else if (kind == "account") {
        hquant::AccountParams params;
        std::memcpy(static_cast<BacktestParams *>(&params), numbers_of(member(test_case, "params")),
                    sizeof(BacktestParams));
        hquant::Account account(params);
    } else if (kind == "periods") {
        multi_of(test_case);
    } else if (kind == "period") {
        hquant::parse_period(text_of(member(test_case, "text")));
    } else if (kind == "cross_period") {
        multi_of(test_case).add_strategy(program_named(member(test_case, "program")));
    } else if (kind == "param") {
        hquant::Engine engine(8);
        const std::uint32_t id = engine.add_strategy(program_named(member(test_case, "program")));
        engine.set_param(id, text_of(member(test_case, "param")),
                         number_of(member(test_case, "value")));
    } else {
        expect_true("kind", kind == "backtest", kind.data());
        backtest_of(Prepared(member(test_case, "run")));
    }
}

} // namespace

void run_failure(const cJSON *test_case)
{
    const cJSON *expected = member(test_case, "expect");
    const char *words = text_of(member(test_case, "words"));
    expect_members(expected, 3);
    try {
        call(text_of(member(test_case, "kind")), test_case);
        expect_text("status", member(expected, "status"), "HQ_OK");
    } catch (const hquant::Error &error) {
        expect_text("status", member(expected, "status"), error.name());
        expect_whole("line", member(expected, "line"), error.line());
        expect_whole("column", member(expected, "column"), error.column());
        expect_true("message", std::strstr(error.what(), words) != nullptr, error.what());
    }
}
