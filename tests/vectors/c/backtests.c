/* backtests.json, and the backtests that other files name. */
#include "c_vectors.h"

#include <string.h>

HqStatus run_backtest(const cJSON *test_case, HqBacktestReport *report, HqBacktestOutput *output)
{
    const cJSON *each, *given = member(test_case, "orders");
    size_t n_symbols = size_of(member(test_case, "symbols")), n_orders = 0, bars = 0;
    HqSymbol *symbols = traded_symbols(member(test_case, "symbols"));
    HqBacktestOptions options = options_of(member(test_case, "options"));
    HqOrder *orders = keep(size_of(given) * sizeof *orders);
    cJSON_ArrayForEach(each, given)
        orders[n_orders++] = order_of(each);
    for (size_t i = 0; i < n_symbols; i++)
        bars += symbols[i].bars->length;

    size_t steps = hq_backtest_steps(symbols, n_symbols), room = 3 * (bars + n_orders) + 8;
    *report = (HqBacktestReport){.struct_size = sizeof *report};
    *output = (HqBacktestOutput){
        .struct_size = sizeof *output,
        .steps_cap = steps,
        .time = keep(steps * sizeof(int64_t)),
        .equity = keep(steps * sizeof(double)),
        .margin = keep(steps * sizeof(double)),
        .position = keep(steps * n_symbols * sizeof(double)),
        .actions = keep(bars),
        .trades = keep(room * sizeof(HqTrade)),
        .trades_cap = room,
        .fills = keep(room * sizeof(HqFill)),
        .fills_cap = room,
    };
    return hq_backtest_run(symbols, n_symbols, orders, n_orders, &options, report, output);
}

void run_backtests(const cJSON *test_case)
{
    HqBacktestReport report;
    HqBacktestOutput output;
    HqStatus status = run_backtest(test_case, &report, &output);
    expect_true("status", status == HQ_OK, hq_last_error()->message);
    if (status)
        return;
    const cJSON *each, *expected = member(test_case, "expect"),
                       *counts = member(expected, "report");
    size_t steps = (size_t)report.steps, n_symbols = size_of(member(test_case, "symbols")), i = 0;
    expect_members(expected, 8);
    expect_fields("report", counts, &report_members, 1, &report);
    cJSON_ArrayForEach(each, member(counts, "rejects"))
        if (i < HQ_REJECT_COUNT)
            expect_whole("rejects", each, (int64_t)report.rejects[i++]);
    expect_wholes("time", member(expected, "time"), output.time, steps);
    expect_numbers("equity", member(expected, "equity"), output.equity, steps);
    expect_numbers("margin", member(expected, "margin"), output.margin, steps);
    expect_numbers("position", member(expected, "position"), output.position, steps * n_symbols);
    expect_bytes("actions", member(expected, "actions"), output.actions, (size_t)report.bars);
    expect_columns("trades", member(expected, "trades"), &trade_members, output.trades,
                   sizeof *output.trades, output.trades_len);
    expect_columns("fills", member(expected, "fills"), &fill_members, output.fills,
                   sizeof *output.fills, output.fills_len);
}
