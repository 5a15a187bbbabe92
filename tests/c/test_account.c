/*
 * The futures account through the C ABI. Goldens are worked out on paper, over numbers that binary
 * floating point holds exactly, so they compare with ==. Rates are powers of two for that reason.
 */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "api/backtest_handle.h"
#include "check.h"
#include "exec/booking.h"
#include "hquant/backtest.h"

static const double R = 1.0 / 1024; /* a fee rate */

static FuturesBacktest *make(double cash, double leverage, double maker, double taker, double mm)
{
    FuturesBacktest *b = hq_backtest_new((BacktestParams){cash, leverage, 1, maker, taker, mm});
    CHECK(b != NULL);
    return b;
}

/* 48 of cash, leverage 2, a long of 2 units from 48: equity(p) = 2p - 48. */
static FuturesBacktest *make_long_of_two(double mm)
{
    FuturesBacktest *b = make(48, 2, 0, 0, mm);
    CHECK(hq_backtest_open_long(b, 48, 48, 0) == HQ_OK);
    CHECK(hq_backtest_cash(b) == 0 && hq_backtest_contracts(b, 1) == 2);
    return b;
}

static bool balances(FuturesBacktest *b)
{
    double left = b->account.params.initial_margin + hq_backtest_realized_pnl(b) -
                  hq_backtest_fees(b) - hq_backtest_liquidation_loss(b);
    double right = hq_backtest_cash(b) + hq_backtest_locked_margin(b);
    return fabs(left - right) <= 1e-12 * (1 + fabs(left));
}

/* ---------------------------------------------------------------- goldens */

static void opening_takes_margin_and_fee(void)
{
    FuturesBacktest *b = make(1000, 10, 0, 0, 0);
    /* notional 128 * 10 = 1280, units 1280 / 64 = 20, fee 1280 / 1024 = 1.25 */
    CHECK(hq_backtest_open_long(b, 64, 128, R) == HQ_OK);
    CHECK(hq_backtest_cash(b) == 870.75); /* 1000 - 128 - 1.25 */
    CHECK(hq_backtest_locked_margin(b) == 128 && hq_backtest_fees(b) == 1.25);
    CHECK(hq_backtest_contracts(b, 1) == 20 && hq_backtest_contracts(b, -1) == 0);
    CHECK(hq_backtest_entry_price(b, 1) == 64 && isnan(hq_backtest_entry_price(b, -1)));
    CHECK(hq_backtest_equity(b, 66) == 1038.75); /* 998.75 + 2 * 20 */
    CHECK(hq_backtest_total_notional(b, 66) == 1320);
    hq_backtest_free(b);
}

static void adding_merges_at_the_quantity_weighted_entry(void)
{
    FuturesBacktest *b = make(1000, 10, 0, 0, 0);
    CHECK(hq_backtest_open_long(b, 64, 128, R) == HQ_OK); /* 20 units, fee 1.25 */
    CHECK(hq_backtest_open_long(b, 80, 480, R) == HQ_OK); /* 60 units, fee 4.6875 */
    CHECK(hq_backtest_entry_price(b, 1) == 76);           /* (20*64 + 60*80) / 80 */
    CHECK(hq_backtest_contracts(b, 1) == 80 && hq_backtest_locked_margin(b) == 608);
    /* close at 80: P&L 4 * 80 = 320, notional 6400, fee at R/2 3.125 */
    CHECK(hq_backtest_close_long(b, 80, R / 2) == HQ_OK);
    CHECK(hq_backtest_realized_pnl(b) == 320 && hq_backtest_fees(b) == 9.0625);
    CHECK(hq_backtest_cash(b) == 1310.9375); /* 1000 + 320 - 9.0625 */
    CHECK(hq_backtest_contracts(b, 1) == 0 && hq_backtest_locked_margin(b) == 0);
    hq_backtest_free(b);
}

static void short_gains_as_the_price_falls(void)
{
    FuturesBacktest *b = make(1000, 10, 0, 0, 0);
    CHECK(hq_backtest_open_short(b, 64, 128, 0) == HQ_OK); /* 20 units */
    CHECK(hq_backtest_equity(b, 60) == 1080 && hq_backtest_equity(b, 70) == 880);
    CHECK(hq_backtest_close_short(b, 60, 0) == HQ_OK && hq_backtest_cash(b) == 1080);
    hq_backtest_free(b);
}

/* was: P&L scaled by contract_size */
static void contract_size_changes_nothing_but_the_contract_count(void)
{
    const double sizes[] = {1, 0.001, 100};
    double cash[3];
    for (int i = 0; i < 3; i++) {
        FuturesBacktest *b = hq_backtest_new((BacktestParams){1000, 7, sizes[i], 0, 0.0004, 0.01});
        CHECK(hq_backtest_open_long(b, 123.45, 300, 0.0004) == HQ_OK);
        CHECK(fabs(hq_backtest_contracts(b, 1) / (2100 / (123.45 * sizes[i])) - 1) < 1e-14);
        CHECK(hq_backtest_close_long(b, 130.1, 0.0004) == HQ_OK);
        cash[i] = hq_backtest_cash(b);
        hq_backtest_free(b);
    }
    /* 1000 + 2100/123.45 * 6.65 - 0.84 - 0.0004 * 2100/123.45 * 130.1 = 1111.3975 */
    CHECK(fabs(cash[0] - 1111.3975) < 1e-3);
    CHECK(cash[0] == cash[1] && cash[0] == cash[2]);
}

/* was: exits billed as maker */
static void signals_pay_the_taker_fee_on_both_legs(void)
{
    FuturesBacktest *b = make(1000, 10, 0, R, 0);
    hq_backtest_apply_signal(b, ACTION_BUY, 64, 128);
    CHECK(hq_backtest_fees(b) == 1.25);
    hq_backtest_apply_signal(b, ACTION_SELL, 64, 0);
    CHECK(hq_backtest_fees(b) == 2.5);
    CHECK(hq_backtest_contracts(b, 1) == 0 && hq_backtest_contracts(b, -1) == 0);
    hq_backtest_free(b);
}

static void opposite_signal_reverses(void)
{
    FuturesBacktest *b = make(1000, 10, 0, 0, 0);
    hq_backtest_apply_signal(b, ACTION_SELL, 64, 128); /* short 20 */
    hq_backtest_apply_signal(b, ACTION_BUY, 32, 64);   /* +640, long 640/32 = 20 */
    CHECK(hq_backtest_realized_pnl(b) == 640 && hq_backtest_contracts(b, -1) == 0);
    CHECK(hq_backtest_contracts(b, 1) == 20 && hq_backtest_cash(b) == 1576);
    hq_backtest_apply_signal(b, ACTION_HOLD, 16, 500);
    CHECK(hq_backtest_cash(b) == 1576 && hq_backtest_contracts(b, 1) == 20);
    hq_backtest_free(b);
}

/* was: all-in silently refused in 15 % of random accounts */
static void all_in_is_never_refused_and_never_overdraws(void)
{
    enum { ACCOUNTS = 200000 };
    uint64_t state = 1;
    int good = 0;
    for (int i = 0; i < ACCOUNTS; i++) {
        double u[4];
        for (int k = 0; k < 4; k++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            u[k] = (double)(state >> 11) * 0x1p-53;
        }
        double cash = pow(10, 12 * u[0] - 3), leverage = 1 + 124 * u[1], rate = 0.01 * u[2];
        BacktestParams p = {cash, leverage, 1, 0, rate, 0};
        HqAccount a = hq_account_make(&p);
        double most = hq_account_max_open_margin(&a, 1, rate), next = nextafter(most, INFINITY);
        HqLegFill fill = hq_account_open(&a, HQ_LONG, 1 + 1000 * u[3], DBL_MAX, rate);
        good += fill.quantity > 0 && fill.margin == most && a.cash >= 0 && a.cash <= 1e-15 * cash &&
                most + most * leverage * rate <= cash && next + next * leverage * rate > cash;
    }
    CHECK(good == ACCOUNTS);
}

static void largest_margin_is_found_where_the_quotient_is_far_off(void)
{
    const BacktestParams odd[] = {
        {DBL_TRUE_MIN, 1, 1, 0, 0.5, 0}, {1e-310, 3, 1, 0, 1e10, 0}, {1e100, 1e100, 1, 0, 1e100, 0},
        {1, 1e100, 1, 0, 1e100, 0},      {1e100, 1, 1, 0, 0, 0},     {1e100, 1e100, 1, 0, 0, 0},
    };
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        HqAccount a = hq_account_make(&odd[i]);
        double rate = odd[i].taker_fee_rate, leverage = odd[i].leverage;
        double most = hq_account_max_open_margin(&a, 1, rate), next = nextafter(most, INFINITY);
        CHECK(most + most * leverage * rate <= a.cash && next + next * leverage * rate > a.cash);
    }
}

/* ------------------------------------------------------------ liquidation */

/* maintenance p / 2: 2p - 48 <= p / 2 exactly from p = 32 down */
static void liquidation_begins_where_equity_equals_maintenance(void)
{
    FuturesBacktest *b = make_long_of_two(0.25);
    hq_backtest_on_price(b, nextafter(32, 33));
    CHECK(!hq_backtest_liquidated(b));
    hq_backtest_on_price(b, 32);
    CHECK(hq_backtest_liquidated(b) && hq_backtest_cash(b) == 0);
    CHECK(hq_backtest_locked_margin(b) == 0 && hq_backtest_contracts(b, 1) == 0);
    CHECK(hq_backtest_liquidation_loss(b) == 16); /* what was left: 2 * 32 - 48 */
    CHECK(hq_backtest_realized_pnl(b) == -32 && balances(b) && b->account.drawdown == -1);
    BacktestResult r = hq_backtest_result(b, 1e9);
    CHECK(r.equity == 0 && r.profit == -48 && r.profit_rate == -1 && r.liquidated == 1);
    CHECK(r.max_drawdown_rate == -1);
    hq_backtest_free(b);
}

static void gap_beyond_bankruptcy_books_what_is_missing(void)
{
    FuturesBacktest *b = make_long_of_two(0.25);
    hq_backtest_on_price(b, 20);                  /* equity 2 * 20 - 48 = -8 */
    CHECK(hq_backtest_liquidation_loss(b) == -8); /* 48 - 56 - (-8) = 0 */
    CHECK(hq_backtest_realized_pnl(b) == -56 && hq_backtest_equity(b, 20) == 0 && balances(b));
    CHECK(hq_backtest_result(b, 20).max_drawdown_rate == -1);
    hq_backtest_free(b);
}

static void zero_maintenance_liquidates_at_zero_equity_only(void)
{
    FuturesBacktest *b = make_long_of_two(0);
    hq_backtest_on_price(b, nextafter(24, 25));
    CHECK(!hq_backtest_liquidated(b));
    hq_backtest_on_price(b, 24);
    CHECK(hq_backtest_liquidated(b) && hq_backtest_liquidation_loss(b) == 0);
    hq_backtest_free(b);
}

static void flat_account_without_cash_is_not_liquidated(void)
{
    FuturesBacktest *b = make_long_of_two(0.25);
    /* at 40 equity 32; the fee would be 2 * 40 * 0.5 = 40: capped at 32 */
    CHECK(hq_backtest_close_long(b, 40, 0.5) == HQ_OK);
    CHECK(hq_backtest_fees(b) == 32 && hq_backtest_cash(b) == 0 && balances(b));
    hq_backtest_on_price(b, 1);
    hq_clear_error();
    hq_backtest_apply_signal(b, ACTION_BUY, 40, 10); /* nothing affordable: nothing opens */
    CHECK(hq_last_error()->code == HQ_OK && !hq_backtest_liquidated(b));
    CHECK(hq_backtest_open_short(b, 40, 10, 0) == HQ_OK && hq_backtest_contracts(b, -1) == 0);
    hq_backtest_free(b);
}

static void liquidation_is_checked_before_the_close(void)
{
    FuturesBacktest *b = make_long_of_two(0.25);
    hq_backtest_apply_signal(b, ACTION_SELL, 31, 5); /* equity 14 <= 15.5: no close saves it */
    CHECK(hq_backtest_liquidated(b) && hq_backtest_liquidation_loss(b) == 14);
    CHECK(hq_backtest_contracts(b, -1) == 0);
    hq_backtest_free(b);
    b = make_long_of_two(0.25);
    CHECK(hq_backtest_close_long(b, 31, 0) == HQ_ELIQUIDATED && hq_backtest_cash(b) == 0);
    hq_backtest_free(b);
}

static void liquidation_is_checked_after_the_open(void)
{
    FuturesBacktest *b = make(1024, 64, 0, 0, 1.0 / 32); /* maintenance 65536 / 32 = 2048 > 1024 */
    hq_backtest_apply_signal(b, ACTION_BUY, 64, 1024);
    CHECK(hq_backtest_liquidated(b) && hq_backtest_liquidation_loss(b) == 1024 && balances(b));
    hq_backtest_free(b);
}

static void liquidated_account_trades_no_more(void)
{
    FuturesBacktest *b = make_long_of_two(0.25), before;
    hq_backtest_on_price(b, 10);
    before = *b;
    hq_clear_error();
    hq_backtest_on_price(b, 100);
    CHECK(hq_last_error()->code == HQ_OK);
    hq_backtest_apply_signal(b, ACTION_BUY, 100, 5);
    CHECK(hq_last_error()->code == HQ_ELIQUIDATED);
    CHECK(hq_backtest_open_long(b, 100, 5, 0) == HQ_ELIQUIDATED);
    CHECK(hq_backtest_open_short(b, 100, 5, 0) == HQ_ELIQUIDATED);
    CHECK(hq_backtest_close_long(b, 100, 0) == HQ_ELIQUIDATED);
    CHECK(hq_backtest_close_short(b, 100, 0) == HQ_ELIQUIDATED);
    CHECK(hq_backtest_max_open_margin(b, 0) == 0);
    CHECK(memcmp(&before.account, &b->account, sizeof before.account) == 0);
    hq_backtest_free(b);
}

/* Cash may fall below 0 while the other leg's profit covers it; the exit fee never deepens that. */
static void hedged_loss_is_covered_by_the_other_leg(void)
{
    FuturesBacktest *b = make(100, 10, 0, 0, 0);
    CHECK(hq_backtest_open_long(b, 50, 40, 0) == HQ_OK);  /* 8 units */
    CHECK(hq_backtest_open_short(b, 50, 40, 0) == HQ_OK); /* 8 units, cash 20 */
    CHECK(hq_backtest_close_long(b, 30, R) == HQ_OK);     /* 20 + 40 - 160 = -100 */
    CHECK(hq_backtest_cash(b) == -100 && hq_backtest_fees(b) == 0);
    CHECK(hq_backtest_equity(b, 30) == 100 && hq_backtest_max_open_margin(b, 0) == 0);
    CHECK(hq_backtest_close_short(b, 30, 0) == HQ_OK && hq_backtest_cash(b) == 100 && balances(b));
    hq_backtest_free(b);
}

/* --------------------------------------------------------------- drawdown */

static void drawdown_is_the_deepest_fall_from_a_peak(void)
{
    FuturesBacktest *b = make(1000, 1, 0, 0, 0);
    CHECK(hq_backtest_open_long(b, 50, 500, 0) == HQ_OK); /* 10 units, cash 500 */
    CHECK(hq_backtest_result(b, 50).max_drawdown_rate == 0);
    hq_backtest_on_price(b, 60); /* equity 1100 */
    hq_backtest_on_price(b, 38); /* equity 880: -220 / 1100 */
    hq_backtest_on_price(b, 55);
    CHECK(hq_backtest_result(b, 55).max_drawdown_rate == -0.2);
    hq_backtest_free(b);
}

/* was: result() marked the account */
static void result_changes_nothing(void)
{
    FuturesBacktest *b = make_long_of_two(0.25), before = *b;
    BacktestResult r = hq_backtest_result(b, 36); /* equity 24, half of 48 */
    CHECK(r.equity == 24 && r.profit == -24 && r.profit_rate == -0.5);
    CHECK(r.max_drawdown_rate == -0.5 && r.liquidated == 0);
    r = hq_backtest_result(b, 10); /* 2 * 10 - 48 < 0, shown as 0 */
    CHECK(r.equity == 0 && r.profit == -48 && r.max_drawdown_rate == -1 && r.liquidated == 0);
    CHECK(hq_backtest_equity(b, 10) == 0 && hq_backtest_maintenance_margin(b, 10) == 5);
    CHECK(memcmp(&before.account, &b->account, sizeof before.account) == 0);
    CHECK(hq_backtest_result(b, 48).max_drawdown_rate == 0);
    hq_backtest_free(b);
}

/* -------------------------------------------------------------- bad input */

static const double BAD_PRICES[] = {NAN, INFINITY, -INFINITY, 0, -0.0, -1, 1e101};
static const double BAD_MARGINS[] = {NAN, INFINITY, -INFINITY, -1, -DBL_TRUE_MIN};
#define COUNT(array) (sizeof(array) / sizeof *(array))

static void expect_refusal(const FuturesBacktest *before, const FuturesBacktest *after)
{
    CHECK(hq_last_error()->code == HQ_EINVAL && hq_last_error()->message[0] != '\0');
    CHECK(memcmp(before, after, sizeof *before) == 0);
    hq_clear_error();
}

/* was: a NaN margin opened all-in */
static void bad_arguments_change_not_one_byte(void)
{
    FuturesBacktest *b = make_long_of_two(0.25), before;
    CHECK(hq_backtest_close_long(b, 48, 0) == HQ_OK);
    CHECK(hq_backtest_open_long(b, 48, 10, 0) == HQ_OK);
    CHECK(hq_backtest_open_short(b, 48, 10, 0) == HQ_OK);
    memcpy(&before, b, sizeof before);
    hq_clear_error();
    for (size_t i = 0; i < COUNT(BAD_PRICES); i++) {
        double price = BAD_PRICES[i];
        for (Action action = ACTION_BUY; action <= ACTION_HOLD; action++) {
            hq_backtest_apply_signal(b, action, price, 1);
            expect_refusal(&before, b);
        }
        hq_backtest_on_price(b, price);
        expect_refusal(&before, b);
        CHECK(hq_backtest_open_long(b, price, 1, 0) == HQ_EINVAL);
        CHECK(hq_backtest_open_short(b, price, 1, 0) == HQ_EINVAL);
        CHECK(hq_backtest_close_long(b, price, 0) == HQ_EINVAL);
        CHECK(hq_backtest_close_short(b, price, 0) == HQ_EINVAL);
        CHECK(isnan(hq_backtest_equity(b, price)) && isnan(hq_backtest_total_notional(b, price)));
        CHECK(isnan(hq_backtest_maintenance_margin(b, price)));
        CHECK(isnan(hq_backtest_result(b, price).equity));
        expect_refusal(&before, b);
    }
    for (size_t i = 0; i < COUNT(BAD_MARGINS); i++) {
        for (Action action = ACTION_BUY; action <= ACTION_HOLD; action++) {
            hq_backtest_apply_signal(b, action, 48, BAD_MARGINS[i]);
            expect_refusal(&before, b);
        }
        CHECK(hq_backtest_open_long(b, 48, BAD_MARGINS[i], 0) == HQ_EINVAL);
        CHECK(hq_backtest_open_short(b, 48, 1, BAD_MARGINS[i]) == HQ_EINVAL);
        CHECK(hq_backtest_close_long(b, 48, BAD_MARGINS[i]) == HQ_EINVAL);
        CHECK(isnan(hq_backtest_max_open_margin(b, BAD_MARGINS[i])));
        expect_refusal(&before, b);
    }
    const Action actions[] = {0, 4, 5, 128, 255};
    for (size_t i = 0; i < COUNT(actions); i++) {
        hq_backtest_apply_signal(b, actions[i], 48, 1);
        CHECK(strncmp(hq_last_error()->message, "action must be", 14) == 0);
        expect_refusal(&before, b);
    }
    const int32_t sides[] = {0, 2, -2, INT32_MIN, INT32_MAX};
    for (size_t i = 0; i < COUNT(sides); i++) {
        CHECK(isnan(hq_backtest_contracts(b, sides[i])) &&
              isnan(hq_backtest_entry_price(b, sides[i])));
        expect_refusal(&before, b);
    }
    CHECK(hq_backtest_open_long(b, 1e-300, 1, 0) == HQ_EINVAL); /* more than 1e100 units */
    expect_refusal(&before, b);
    hq_backtest_free(b);
}

static void null_handle_answers_as_the_header_says(void)
{
    hq_backtest_free(NULL);
    hq_clear_error();
    hq_backtest_apply_signal(NULL, ACTION_BUY, 1, 1);
    CHECK(hq_last_error()->code == HQ_EINVAL);
    hq_backtest_on_price(NULL, 1);
    BacktestResult r = hq_backtest_result(NULL, 1);
    CHECK(isnan(r.equity) && isnan(r.profit) && isnan(r.profit_rate) && isnan(r.max_drawdown_rate));
    CHECK(r.liquidated == 0 && hq_backtest_liquidated(NULL) == 0);
    CHECK(isnan(hq_backtest_cash(NULL)) && isnan(hq_backtest_max_open_margin(NULL, 0)));
    CHECK(hq_backtest_open_long(NULL, 1, 1, 0) == HQ_EINVAL);
    CHECK(hq_backtest_open_short(NULL, 1, 1, 0) == HQ_EINVAL);
    CHECK(hq_backtest_close_long(NULL, 1, 0) == HQ_EINVAL);
    CHECK(hq_backtest_close_short(NULL, 1, 0) == HQ_EINVAL);
    CHECK(isnan(hq_backtest_equity(NULL, 1)) && isnan(hq_backtest_locked_margin(NULL)));
    CHECK(isnan(hq_backtest_total_notional(NULL, 1)) &&
          isnan(hq_backtest_maintenance_margin(NULL, 1)));
    CHECK(isnan(hq_backtest_contracts(NULL, 1)) && isnan(hq_backtest_entry_price(NULL, 1)));
    CHECK(isnan(hq_backtest_fees(NULL)) && isnan(hq_backtest_realized_pnl(NULL)));
    CHECK(isnan(hq_backtest_liquidation_loss(NULL)));
}

static void bad_params_are_refused_by_name(void)
{
    const char *names[] = {"initial_margin", "leverage",       "contract_size",
                           "maker_fee_rate", "taker_fee_rate", "maintenance_margin_rate"};
    const double below[] = {0, 0.999, 0, -1e-9, -1e-9, -1e-9};
    for (int field = 0; field < 6; field++) {
        const double bad[] = {below[field], NAN, INFINITY, -INFINITY, 1e101};
        for (size_t i = 0; i < COUNT(bad); i++) {
            double fields[6] = {1000, 10, 1, 0, 0, 0};
            fields[field] = bad[i];
            BacktestParams params;
            memcpy(&params, fields, sizeof params);
            hq_clear_error();
            CHECK(hq_backtest_new(params) == NULL && hq_last_error()->code == HQ_EINVAL);
            CHECK(strncmp(hq_last_error()->message, names[field], strlen(names[field])) == 0);
        }
    }
}

static void busy_handle_is_left_alone(void)
{
    FuturesBacktest *b = make_long_of_two(0), before;
    CHECK(hq_guard_enter(&b->guard));
    memcpy(&before, b, sizeof before);
    hq_clear_error();
    hq_backtest_apply_signal(b, ACTION_SELL, 48, 1);
    CHECK(hq_last_error()->code == HQ_EBUSY);
    hq_backtest_on_price(b, 1);
    CHECK(hq_backtest_open_long(b, 48, 1, 0) == HQ_EBUSY);
    CHECK(hq_backtest_close_long(b, 48, 0) == HQ_EBUSY);
    CHECK(isnan(hq_backtest_cash(b)) && isnan(hq_backtest_result(b, 48).equity));
    hq_backtest_free(b); /* refused: the handle stays usable */
    CHECK(memcmp(&before, b, sizeof before) == 0);
    hq_guard_leave(&b->guard);
    CHECK(hq_backtest_cash(b) == 0);
    hq_backtest_free(b);
}

int main(void)
{
    opening_takes_margin_and_fee();
    adding_merges_at_the_quantity_weighted_entry();
    short_gains_as_the_price_falls();
    contract_size_changes_nothing_but_the_contract_count();
    signals_pay_the_taker_fee_on_both_legs();
    opposite_signal_reverses();
    all_in_is_never_refused_and_never_overdraws();
    largest_margin_is_found_where_the_quotient_is_far_off();
    liquidation_begins_where_equity_equals_maintenance();
    gap_beyond_bankruptcy_books_what_is_missing();
    zero_maintenance_liquidates_at_zero_equity_only();
    flat_account_without_cash_is_not_liquidated();
    liquidation_is_checked_before_the_close();
    liquidation_is_checked_after_the_open();
    liquidated_account_trades_no_more();
    hedged_loss_is_covered_by_the_other_leg();
    drawdown_is_the_deepest_fall_from_a_peak();
    result_changes_nothing();
    bad_arguments_change_not_one_byte();
    null_handle_answers_as_the_header_says();
    bad_params_are_refused_by_name();
    busy_handle_is_left_alone();
    return check_report("test_account");
}
