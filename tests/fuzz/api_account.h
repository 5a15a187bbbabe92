/* A FuturesBacktest under arbitrary calls: the books balance after each one. */
#ifndef HQ_TESTS_FUZZ_API_ACCOUNT_H
#define HQ_TESTS_FUZZ_API_ACCOUNT_H

#include "hquant/backtest.h"
#include "input.h"
#include "require.h"

typedef struct Books {
    FuturesBacktest *account;
    BacktestParams params;
    double moved; /* magnitudes of every change of any entry, added up: rounding scales with it */
    double entries[5];
    int was_liquidated;
    double drawdown;
} Books;

static void read_entries(FuturesBacktest *a, double *e)
{
    e[0] = hq_backtest_cash(a);
    e[1] = hq_backtest_locked_margin(a);
    e[2] = hq_backtest_realized_pnl(a);
    e[3] = hq_backtest_fees(a);
    e[4] = hq_backtest_liquidation_loss(a);
}

static void check_books(Books *b)
{
    double e[5];
    read_entries(b->account, e);
    for (int i = 0; i < 5; i++) {
        REQUIRE(isfinite(e[i]));
        b->moved += fabs(e[i] - b->entries[i]) + fabs(e[i]);
        b->entries[i] = e[i];
    }
    double initial = b->params.initial_margin;
    REQUIRE(fabs(initial + e[2] - e[3] - e[4] - (e[0] + e[1])) <=
            1e-12 * (initial + b->moved) + 1e-300);
    int is_flat = isnan(hq_backtest_entry_price(b->account, 1)) &&
                  isnan(hq_backtest_entry_price(b->account, -1));
    REQUIRE(e[1] >= 0 && e[3] >= 0 && (!is_flat || e[0] >= 0) && (!is_flat || e[1] == 0));
    int liquidated = (int)hq_backtest_liquidated(b->account);
    REQUIRE(liquidated >= b->was_liquidated);
    REQUIRE(!liquidated || (is_flat && e[0] == 0));
    b->was_liquidated = liquidated;
}

/* The account at a price: in range, and unchanged by being asked. */
static void check_result(Books *b, double price)
{
    double before[5], after[5];
    read_entries(b->account, before);
    BacktestResult r = hq_backtest_result(b->account, price);
    read_entries(b->account, after);
    REQUIRE(memcmp(before, after, sizeof before) == 0);
    if (!(price > 0 && price <= HQ_VALUE_MAX)) {
        REQUIRE(isnan(r.equity) && isnan(r.max_drawdown_rate) && r.liquidated == 0);
        return;
    }
    REQUIRE(r.equity >= 0 && isfinite(r.equity));
    REQUIRE(r.max_drawdown_rate >= -1 && r.max_drawdown_rate <= 0);
    REQUIRE(r.profit == r.equity - b->params.initial_margin);
    REQUIRE(r.liquidated == b->was_liquidated);
    REQUIRE(same_double(hq_backtest_equity(b->account, price), r.equity));
    REQUIRE(hq_backtest_total_notional(b->account, price) >= 0);
    REQUIRE(hq_backtest_maintenance_margin(b->account, price) >= 0);
}

static void account_trade(Books *b, Input *in)
{
    uint8_t which = take_byte(in) % 6;
    double price = take_double(in), margin = take_double(in), rate = take_double(in) / 100000;
    HqStatus status = HQ_OK;
    switch (which) {
    case 0: status = hq_backtest_open_long(b->account, price, margin, rate); break;
    case 1: status = hq_backtest_open_short(b->account, price, margin, rate); break;
    case 2: status = hq_backtest_close_long(b->account, price, rate); break;
    case 3: status = hq_backtest_close_short(b->account, price, rate); break;
    case 4: hq_backtest_on_price(b->account, price); break;
    default: hq_backtest_apply_signal(b->account, take_byte(in) % 5, price, margin);
    }
    REQUIRE(status == HQ_OK || status == HQ_EINVAL || status == HQ_ELIQUIDATED);
    REQUIRE(status != HQ_OK || which > 3 || (price > 0 && price <= HQ_VALUE_MAX && rate >= 0));
    check_books(b);
    check_result(b, price);
}

static void account_read(Books *b, Input *in)
{
    int32_t side = (int32_t)((uint32_t)take_size(in) - 2);
    double rate = take_double(in), most = hq_backtest_max_open_margin(b->account, rate);
    REQUIRE(rate >= 0 && rate <= HQ_VALUE_MAX ? most >= 0 : isnan(most));
    REQUIRE((side == 1 || side == -1) != (isnan(hq_backtest_contracts(b->account, side)) != 0));
    REQUIRE(side == 1 || side == -1 || isnan(hq_backtest_entry_price(b->account, side)));
    check_result(b, take_double(in));
    check_books(b);
}

static void fuzz_account(Input *in)
{
    BacktestParams p = {take_double(in),       take_double(in),       take_double(in),
                        take_double(in) / 1e5, take_double(in) / 1e5, take_double(in) / 1e4};
    Books b = {.account = hq_backtest_new(p), .params = p};
    if (!b.account) {
        REQUIRE(hq_last_error()->code == HQ_EINVAL);
        return;
    }
    check_books(&b);
    for (int calls = 0; in->at < in->end && calls < 256; calls++) {
        if (take_byte(in) % 4)
            account_trade(&b, in);
        else
            account_read(&b, in);
    }
    hq_backtest_free(b.account);
}

#endif
