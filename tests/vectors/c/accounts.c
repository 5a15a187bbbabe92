/* accounts.json: futures accounts call by call. */
#include "c_vectors.h"

#include <string.h>

static HqStatus last_status(void) { return hq_last_error()->code; }

static HqStatus call(FuturesBacktest *account, const cJSON *given)
{
    const char *kind = text_of(given->child);
    double price = number_of(given->child->next);
    const cJSON *rest = given->child->next->next;
    hq_clear_error();
    if (!strcmp(kind, "apply_signal")) {
        Action action = (Action)(1 + choice_of(rest, "BUY SELL HOLD"));
        hq_backtest_apply_signal(account, action, price, number_of(rest->next));
        return last_status();
    }
    if (!strcmp(kind, "on_price")) {
        hq_backtest_on_price(account, price);
        return last_status();
    }
    if (!strcmp(kind, "open_long"))
        return hq_backtest_open_long(account, price, number_of(rest), number_of(rest->next));
    if (!strcmp(kind, "open_short"))
        return hq_backtest_open_short(account, price, number_of(rest), number_of(rest->next));
    if (!strcmp(kind, "close_long"))
        return hq_backtest_close_long(account, price, number_of(rest));
    expect_true("calls", !strcmp(kind, "close_short"), kind);
    return hq_backtest_close_short(account, price, number_of(rest));
}

static void expect_state(FuturesBacktest *account, const cJSON *expected, size_t i, double price)
{
    BacktestResult result = hq_backtest_result(account, price);
    const struct {
        const char *name;
        double found;
    } numbers[] = {
        {"cash", hq_backtest_cash(account)},
        {"equity", hq_backtest_equity(account, price)},
        {"equity", result.equity},
        {"locked_margin", hq_backtest_locked_margin(account)},
        {"total_notional", hq_backtest_total_notional(account, price)},
        {"maintenance_margin", hq_backtest_maintenance_margin(account, price)},
        {"max_open_margin", hq_backtest_max_open_margin(account, 0.0004)},
        {"long_contracts", hq_backtest_contracts(account, 1)},
        {"short_contracts", hq_backtest_contracts(account, -1)},
        {"long_entry", hq_backtest_entry_price(account, 1)},
        {"short_entry", hq_backtest_entry_price(account, -1)},
        {"fees", hq_backtest_fees(account)},
        {"realized_pnl", hq_backtest_realized_pnl(account)},
        {"liquidation_loss", hq_backtest_liquidation_loss(account)},
        {"profit", result.profit},
        {"profit_rate", result.profit_rate},
        {"max_drawdown_rate", result.max_drawdown_rate},
    };
    for (size_t k = 0; k < COUNT(numbers); k++)
        expect_number(numbers[k].name, at(expected, numbers[k].name, i), numbers[k].found);
    expect_whole("liquidated", at(expected, "liquidated", i), result.liquidated);
    expect_true("liquidated", hq_backtest_liquidated(account) == result.liquidated, "otherwise");
    /* every number but equity once, liquidated and statuses */
    expect_members(expected, COUNT(numbers) - 1 + 2);
}

void run_account(const cJSON *test_case)
{
    const cJSON *each, *given = member(test_case, "params"),
                       *expected = member(test_case, "expect");
    BacktestParams params = {
        number_of(member(given, "initial_margin")),
        number_of(member(given, "leverage")),
        number_of(member(given, "contract_size")),
        number_of(member(given, "maker_fee_rate")),
        number_of(member(given, "taker_fee_rate")),
        number_of(member(given, "maintenance_margin_rate")),
    };
    FuturesBacktest *account = hq_backtest_new(params);
    double price = 1;
    size_t i = 0;
    cJSON_ArrayForEach(each, member(test_case, "calls")) {
        HqStatus status = call(account, each);
        double asked = number_of(each->child->next);
        expect_text("statuses", at(expected, "statuses", i), hq_status_name(status));
        price = asked > 0 ? asked : price; /* a refused one cannot be asked about */
        expect_state(account, expected, i++, price);
    }
    expect_true("statuses", size_of(member(expected, "statuses")) == i, "another number of calls");
    hq_backtest_free(account);
}
