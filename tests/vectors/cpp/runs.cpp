/* runs.json and backtests.json: whole tapes in one call. */
#include "cpp_vectors.hpp"

#include <cstdio>

void run_block(const cJSON *test_case)
{
    const HqBars &bars = *bars_of(member(test_case, "tape"));
    const cJSON *code = member(test_case, "hqbc"), *params = member(test_case, "params");
    const cJSON *expected = member(test_case, "expect");
    hquant::Program program;
    if (!cJSON_IsNull(code))
        program = hquant::Program::load(bytes_in(code));
    hquant::RunOptions options;
    options.htf = static_cast<std::uint32_t>(htf_of(test_case));
    options.bar_period_ms = whole_of(member(test_case, "bar_period_ms"));
    options.params = cJSON_IsNull(params) ? nullptr : numbers_of(params);
    options.n_params = cJSON_IsNull(params) ? 0 : size_of(params);

    hquant::Run run;
    run.want_actions();
    run.want_rules();
    for (const cJSON *each : Entries(member(test_case, "columns")))
        if (const cJSON *number = cJSON_GetObjectItem(each, "register"))
            run.add_register(static_cast<std::uint32_t>(whole_of(number)));
        else
            run.add(indicator_of(each),
                    static_cast<std::uint32_t>(whole_of(member(each, "output"))));
    run.over(bars, program.get(), options); // NULL: columns of indicators alone

    const std::vector<std::int64_t> rules(run.rules().begin(), run.rules().end());
    const HqRunResult &counts = run.counts();
    expect_members(expected, 8);
    expect_bytes("actions", member(expected, "actions"), run.actions().data(),
                 run.actions().size());
    expect_wholes("rules", member(expected, "rules"), rules.data(), rules.size());
    const std::pair<const char *, std::uint64_t> wholes[] = {{"warmup_bars", counts.warmup_bars},
                                                             {"signals", counts.signals},
                                                             {"buy_signals", counts.buy_signals},
                                                             {"sell_signals", counts.sell_signals},
                                                             {"hold_signals", counts.hold_signals}};
    for (const auto &[name, found] : wholes)
        expect_whole(name, member(expected, name), static_cast<std::int64_t>(found));
    for (std::size_t i = 0; i < size_of(member(expected, "values")); i++) {
        char place[32];
        std::snprintf(place, sizeof place, "values[%zu]", i);
        expect_numbers(place, at(expected, "values", i), run.column(i).data(),
                       run.column(i).size());
    }
}

Prepared::Prepared(const cJSON *test_case)
{
    const cJSON *list = member(test_case, "symbols"),
                *given = cJSON_GetObjectItem(test_case, "orders");
    const HqSymbol *plain = symbols_of(list);
    symbols.assign(plain, plain + size_of(list));
    for (const cJSON *each : Entries(list)) {
        const cJSON *name = member(each, "program");
        programs.push_back(cJSON_IsNull(name) ? hquant::Program() : program_named(name));
        symbols[programs.size() - 1].program = programs.back().get();
    }
    for (const cJSON *order = given ? given->child : nullptr; order; order = order->next)
        orders.push_back(order_of(order));
    static_cast<HqBacktestOptions &>(options) = options_of(member(test_case, "options"));
}

hquant::Backtest backtest_of(const Prepared &run)
{
    hquant::Keep all;
    all.fills = all.positions = all.actions = true;
    return hquant::backtest(run.symbols, run.orders, run.options, all);
}

void run_backtests(const cJSON *test_case)
{
    const Prepared run(test_case);
    const hquant::Backtest found = backtest_of(run);
    const cJSON *expected = member(test_case, "expect"), *counts = member(expected, "report");
    expect_members(expected, 8);
    expect_fields("report", counts, &report_members, 1, &found.report);
    const std::vector<std::int64_t> rejects(found.report.rejects,
                                            found.report.rejects + HQ_REJECT_COUNT);
    expect_wholes("rejects", member(counts, "rejects"), rejects.data(), rejects.size());
    expect_wholes("time", member(expected, "time"), found.time.data(), found.time.size());
    expect_numbers("equity", member(expected, "equity"), found.equity.data(), found.equity.size());
    expect_numbers("margin", member(expected, "margin"), found.margin.data(), found.margin.size());
    expect_numbers("position", member(expected, "position"), found.position.data(),
                   found.position.size());
    expect_bytes("actions", member(expected, "actions"), found.actions.data(),
                 found.actions.size());
    expect_columns("trades", member(expected, "trades"), &trade_members, found.trades.data(),
                   sizeof(HqTrade), found.trades.size());
    expect_columns("fills", member(expected, "fills"), &fill_members, found.fills.data(),
                   sizeof(HqFill), found.fills.size());
}
