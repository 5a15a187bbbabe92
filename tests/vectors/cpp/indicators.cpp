/* numbers.json, programs.json and indicators.json. */
#include "cpp_vectors.hpp"

#include <cmath>
#include <cstdio>
#include <cstring>
#include <string>

/* That this program reads doubles right: the premise of everything else. */
void run_number(const cJSON *test_case)
{
    const double value = number_of(member(test_case, "number"));
    char hex[17] = "NaN";
    std::uint64_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    if (!std::isnan(value))
        std::snprintf(hex, sizeof hex, "%016llx", static_cast<unsigned long long>(bits));
    expect_text("bits", member(test_case, "expect"), hex);
}

void run_program(const cJSON *entry)
{
    const std::vector<std::uint8_t> bytes = bytes_in(member(entry, "hqbc"));
    const hquant::Program program = hquant::Program::load(bytes);
    const std::vector<HqProgramParam> params = program.params();
    const std::vector<std::int64_t> timeframes = program.timeframes();
    std::size_t i = 0;
    expect_true("bytes", program.bytes() == bytes, "others than were loaded");
    expect_true("params", params.size() == size_of(member(entry, "params")), "another number");
    for (const cJSON *each : Entries(member(entry, "params"))) {
        const HqProgramParam &found = params.at(i++);
        expect_text("name", member(each, "name"), found.name);
        expect_number("value", member(each, "value"), found.value);
        expect_number("minimum", member(each, "minimum"), found.minimum);
        expect_number("maximum", member(each, "maximum"), found.maximum);
        expect_number("step", member(each, "step"), found.step);
    }
    expect_wholes("timeframes_ms", member(entry, "timeframes_ms"), timeframes.data(),
                  timeframes.size());
    const bool has_clauses = cJSON_IsTrue(member(entry, "has_clauses"));
    const bool reads_buy_volume = cJSON_IsTrue(member(entry, "reads_buy_volume"));
    expect_true("has_clauses", program.has_clauses() == has_clauses, "otherwise");
    expect_true("reads_buy_volume", program.reads_buy_volume() == reads_buy_volume, "otherwise");
    if (params.size() == 1) /* some: each takes a process, in which the Python compiler runs */
        expect_true("compile",
                    hquant::Program::compile(text_of(member(entry, "text"))).bytes() == bytes,
                    "other bytes");
}

namespace {

hquant::span<const double> input_of(const HqBars &bars, std::string_view name)
{
    const std::pair<std::string_view, const double *> fields[] = {
        {"open", bars.open},   {"high", bars.high},     {"low", bars.low},
        {"close", bars.close}, {"volume", bars.volume}, {"buy_volume", bars.buy_volume}};
    for (const auto &[field, column] : fields)
        if (field == name)
            return {column, bars.length};
    auto *times = static_cast<double *>(keep(bars.length * sizeof(double)));
    for (std::size_t i = 0; i < bars.length; i++)
        times[i] = static_cast<double>(bars.timestamp[i]);
    return {times, bars.length};
}

void expect_outputs(const cJSON *expected, const char *way,
                    const std::vector<std::vector<double>> &found)
{
    std::size_t output = 0;
    expect_true("outputs", found.size() == size_of(expected), "another number");
    for (const cJSON *each : Entries(expected)) {
        const std::vector<double> &column = found.at(output++);
        const std::string place = std::string(each->string) + " " + way;
        const auto first = static_cast<std::size_t>(whole_of(member(each, "first")));
        for (std::size_t i = 0; i < first; i++)
            expect_true(place.c_str(), std::isnan(column.at(i)), "a value before the first");
        expect_numbers(place.c_str(), member(each, "values"), column.data() + first,
                       column.size() - first);
    }
}

} // namespace

void run_indicator(const cJSON *test_case)
{
    const HqBars &bars = *bars_of(member(test_case, "tape"));
    const hquant::IndicatorSpec spec = indicator_of(test_case);
    const std::size_t n_outputs = hquant::outputs_of(*spec.info()).size();
    std::vector<hquant::span<const double>> inputs;
    for (const cJSON *each : Entries(member(test_case, "fields")))
        inputs.push_back(input_of(bars, text_of(each)));

    std::vector<std::vector<double>> found(n_outputs, std::vector<double>(bars.length));
    hquant::batch(spec, inputs, std::vector<hquant::span<double>>(found.begin(), found.end()));
    expect_outputs(member(test_case, "expect"), "batch", found);

    hquant::Engine engine(1);
    const std::uint32_t id = engine.add_indicator(spec);
    for (std::size_t i = 0; i < bars.length; i++) {
        double values[8];
        engine.push_bar(bar_at(&bars, i));
        const auto newest = engine.indicator_values(id, values);
        for (std::size_t output = 0; output < n_outputs; output++)
            found[output][i] = newest[output];
    }
    expect_outputs(member(test_case, "expect"), "stream", found);
}
