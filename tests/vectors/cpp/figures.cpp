/* accounts.json, sweeps.json and metrics.json. */
#include "cpp_vectors.hpp"

#include <cstring>

namespace {

hquant::AccountParams params_of(const cJSON *given)
{
    hquant::AccountParams params;
    params.initial_margin = number_of(member(given, "initial_margin"));
    params.leverage = number_of(member(given, "leverage"));
    params.contract_size = number_of(member(given, "contract_size"));
    params.maker_fee_rate = number_of(member(given, "maker_fee_rate"));
    params.taker_fee_rate = number_of(member(given, "taker_fee_rate"));
    params.maintenance_margin_rate = number_of(member(given, "maintenance_margin_rate"));
    return params;
}

void call(hquant::Account &account, const cJSON *given)
{
    Cells cells(given);
    const std::string_view kind = text_of(cells.next());
    const double price = number_of(cells.next());
    const auto number = [&] { return number_of(cells.next()); };
    if (kind == "apply_signal") {
        const auto action = static_cast<Action>(1 + choice_of(cells.next(), "BUY SELL HOLD"));
        account.apply_signal(action, price, number());
    } else if (kind == "on_price") {
        account.on_price(price);
    } else if (kind == "close_long") {
        account.close_long(price, number());
    } else if (kind == "close_short") {
        account.close_short(price, number());
    } else {
        const double margin = number();
        if (kind == "open_long")
            account.open_long(price, margin, number());
        else
            account.open_short(price, margin, number());
    }
}

void expect_state(const hquant::Account &account, const cJSON *expected, std::size_t i,
                  double price)
{
    using hquant::Side;
    const BacktestResult result = account.result(price);
    const std::pair<const char *, double> numbers[] = {
        {"cash", account.cash()},
        {"equity", account.equity(price)},
        {"equity", result.equity},
        {"locked_margin", account.locked_margin()},
        {"total_notional", account.total_notional(price)},
        {"maintenance_margin", account.maintenance_margin(price)},
        {"max_open_margin", account.max_open_margin(0.0004)},
        {"long_contracts", account.contracts(Side::long_side)},
        {"short_contracts", account.contracts(Side::short_side)},
        {"long_entry", account.entry_price(Side::long_side)},
        {"short_entry", account.entry_price(Side::short_side)},
        {"fees", account.fees()},
        {"realized_pnl", account.realized_pnl()},
        {"liquidation_loss", account.liquidation_loss()},
        {"profit", result.profit},
        {"profit_rate", result.profit_rate},
        {"max_drawdown_rate", result.max_drawdown_rate},
    };
    for (const auto &[name, found] : numbers)
        expect_number(name, at(expected, name, i), found);
    expect_whole("liquidated", at(expected, "liquidated", i), result.liquidated);
    expect_true("liquidated", account.liquidated() == (result.liquidated != 0), "otherwise");
    /* every number but equity once, liquidated and statuses */
    expect_members(expected, COUNT(numbers) - 1 + 2);
}

} // namespace

void run_account(const cJSON *test_case)
{
    const cJSON *expected = member(test_case, "expect");
    hquant::Account account(params_of(member(test_case, "params")));
    double price = 1;
    std::size_t i = 0;
    for (const cJSON *each : Entries(member(test_case, "calls"))) {
        const HqStatus status = status_of([&] { call(account, each); });
        const double asked = number_of(each->child->next);
        expect_text("statuses", at(expected, "statuses", i), hquant::status_name(status));
        price = asked > 0 ? asked : price; /* a refused one cannot be asked about */
        expect_state(account, expected, i++, price);
    }
    expect_true("statuses", size_of(member(expected, "statuses")) == i, "another number of calls");
}

void run_sweep(const cJSON *test_case)
{
    const cJSON *grid = member(test_case, "grid"), *expected = member(test_case, "expect");
    const Prepared run(test_case);
    std::vector<double> values;
    for (const cJSON *row : Entries(grid))
        for (const cJSON *each : Entries(row))
            values.push_back(number_of(each));
    hquant::Sweep sweep(run.symbols, run.options, values, size_of(grid->child));
    sweep.n_threads = 2;
    sweep.periods_per_year = number_of(member(test_case, "periods_per_year"));
    sweep.days_per_year = number_of(member(test_case, "days_per_year"));
    sweep.risk_free = number_of(member(test_case, "risk_free"));
    hquant::SweepResult found = sweep.run(false, true);
    for (HqSweepRow &row : found.rows)
        row.reserved = row.status != HQ_OK;
    expect_members(expected, 2);
    expect_columns("rows", member(expected, "rows"), &row_members, found.rows.data(),
                   sizeof(HqSweepRow), found.rows.size());
    for (std::size_t i = 0; i < found.rows.size(); i++)
        expect_numbers("equity", at(expected, "equity", i),
                       &found.equity.at((i + 1) * found.steps - 1), 1);
}

void run_metrics(const cJSON *test_case)
{
    const cJSON *equity = member(test_case, "equity"), *returns = member(test_case, "returns");
    const cJSON *run = member(test_case, "backtest"), *reference = member(test_case, "benchmark");
    const double periods = number_of(member(test_case, "periods_per_year"));
    const double days = number_of(member(test_case, "days_per_year"));
    const double initial = number_of(member(test_case, "initial"));
    hquant::Backtest report;
    hquant::MetricsInput input;
    if (!cJSON_IsNull(run)) {
        report = backtest_of(Prepared(run));
        input = hquant::MetricsInput(report, initial, periods, days);
    } else {
        input.equity = cJSON_IsNull(equity) ? nullptr : numbers_of(equity);
        input.returns = cJSON_IsNull(returns) ? nullptr : numbers_of(returns);
        input.time = wholes_of(member(test_case, "time"));
        input.length = size_of(member(test_case, "time"));
        input.initial = initial;
        input.periods_per_year = periods;
        input.days_per_year = days;
    }
    input.benchmark = cJSON_IsNull(reference) ? nullptr : numbers_of(reference);
    input.risk_free = number_of(member(test_case, "risk_free"));
    const HqMetrics found = hquant::metrics(input);
    expect_fields("metrics", member(test_case, "expect"), &metric_members, 0, &found);
}
