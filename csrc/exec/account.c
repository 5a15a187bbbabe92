/* The futures account: params, opening, closing, liquidation. */
#include "exec/booking.h"

#include <math.h>

#include "base/error.h"
#include "base/number.h"

/* Bounds that keep every later product finite: prices, quantities and params up to 1e100. */
static HqStatus check_param(const char *name, double value, bool in_range, const char *range)
{
    if (in_range && value <= HQ_VALUE_MAX)
        return HQ_OK;
    return hq_fail(HQ_EINVAL, "%s must be a finite number %s and at most 1e100, got %s", name,
                   range, HQ_NUMBER(value));
}

HqStatus hq_account_check_params(const BacktestParams *p)
{
    HqStatus status =
        check_param("initial_margin", p->initial_margin, p->initial_margin > 0, "> 0");
    if (!status)
        status = check_param("leverage", p->leverage, p->leverage >= 1, ">= 1");
    if (!status)
        status = check_param("contract_size", p->contract_size,
                             p->contract_size >= 1 / HQ_VALUE_MAX, ">= 1e-100");
    if (!status)
        status = check_param("maker_fee_rate", p->maker_fee_rate, p->maker_fee_rate >= 0, ">= 0");
    if (!status)
        status = check_param("taker_fee_rate", p->taker_fee_rate, p->taker_fee_rate >= 0, ">= 0");
    if (!status)
        status = check_param("maintenance_margin_rate", p->maintenance_margin_rate,
                             p->maintenance_margin_rate >= 0, ">= 0");
    return status;
}

HqAccount hq_account_make(const BacktestParams *params)
{
    HqAccount account;
    memset(&account, 0, sizeof account);
    account.params = *params;
    account.cash = params->initial_margin;
    account.peak = params->initial_margin;
    return account;
}

/* ---------------------------------------------------------------- opening */

/* Positive doubles are ordered as their bit patterns, and the cost never falls as margin grows. */
static double bisect_margin(const HqAccount *account, double price, double fee_rate)
{
    uint64_t low = 0, high = hq_bits_of_number(account->cash) + 1;
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        if (hq_account_affords(account, price, hq_number_of_bits(middle), fee_rate))
            low = middle;
        else
            high = middle;
    }
    return hq_number_of_bits(low);
}

double hq_account_search_margin(const HqAccount *account, double price, double fee_rate,
                                uint64_t guess)
{
    enum { ROUNDINGS = 8 };
    if (guess <= ROUNDINGS)
        return bisect_margin(account, price, fee_rate);
    int step = hq_account_affords(account, price, hq_number_of_bits(guess), fee_rate) ? 1 : -1;
    for (int i = 1; i <= ROUNDINGS; i++) {
        uint64_t next = step > 0 ? guess + (unsigned)i : guess - (unsigned)i;
        if (hq_account_affords(account, price, hq_number_of_bits(next), fee_rate) != (step > 0))
            return hq_number_of_bits(step > 0 ? next - 1 : next);
    }
    return bisect_margin(account, price, fee_rate);
}

HqLegFill hq_account_open(HqAccount *account, HqSide side, double price, double margin,
                          double fee_rate)
{
    assert(price > 0 && price <= HQ_VALUE_MAX && margin >= 0 && fee_rate >= 0);
    double most = hq_account_max_open_margin(account, price, fee_rate);
    if (margin > most)
        margin = most;
    double quantity = hq_quantity_of(margin, price, account->params.leverage);
    if (!(quantity > 0 && account->legs[side].quantity + quantity <= HQ_VALUE_MAX))
        return (HqLegFill){0, 0, 0, 0};
    return hq_account_book(account, side, price, quantity, margin, fee_rate);
}

/* --------------------------------------------- funding, tiers, liquidation */

void hq_account_pay_funding(HqAccount *account, double amount)
{
    account->cash -= amount;
    account->funding += amount;
}

double hq_account_tier_maintenance(const HqAccount *account, double notional)
{
    double sum = 0;
    for (size_t i = 0; i < account->n_tiers && notional > account->tiers[i].notional_from; i++) {
        double end = i + 1 < account->n_tiers ? account->tiers[i + 1].notional_from : notional;
        double inside = (notional < end ? notional : end) - account->tiers[i].notional_from;
        sum += inside * account->tiers[i].maintenance_rate;
    }
    return sum;
}

void hq_account_liquidate(HqAccount *account, double price, double others_pnl)
{
    account->liquidation_loss = hq_account_balance(account, price);
    account->realized_pnl += hq_leg_pnl(&account->legs[HQ_LONG], HQ_LONG, price) +
                             hq_leg_pnl(&account->legs[HQ_SHORT], HQ_SHORT, price) + others_pnl;
    memset(account->legs, 0, sizeof account->legs);
    memset(&account->others, 0, sizeof account->others);
    account->cash = 0;
    account->drawdown = -1;
    account->liquidated = 1;
}

/* ------------------------------------------------------------------ whole */

HqLegFill hq_account_apply(HqAccount *account, Action action, double price, double margin)
{
    HqLegFill opened = {0, 0, 0, 0};
    hq_account_check(account, price);
    if (account->liquidated)
        return opened;
    if (action == ACTION_BUY || action == ACTION_SELL) {
        HqSide side = action == ACTION_BUY ? HQ_LONG : HQ_SHORT;
        HqSide other = side == HQ_LONG ? HQ_SHORT : HQ_LONG;
        double fee_rate = account->params.taker_fee_rate;
        hq_account_close(account, other, price, HUGE_VAL, fee_rate);
        opened = hq_account_open(account, side, price, margin, fee_rate);
    }
    hq_account_mark(account, price);
    return opened;
}

BacktestResult hq_account_result(const HqAccount *account, double price)
{
    HqAccount marked = *account;
    double equity = hq_account_note(&marked, price);
    BacktestResult result;
    memset(&result, 0, sizeof result);
    result.equity = equity;
    result.profit = equity - account->params.initial_margin;
    result.profit_rate = result.profit / account->params.initial_margin;
    result.max_drawdown_rate = marked.drawdown;
    result.liquidated = (uint8_t)account->liquidated;
    return result;
}
