/* The futures account: params, opening, closing, liquidation. */
#include "exec/account.h"

#include <assert.h>
#include <math.h>
#include <string.h>

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

double hq_account_cost(const HqAccount *account, double price, double margin, double fee_rate)
{
    double notional = margin * account->params.leverage;
    double quantity = account->fee_per_unit > 0 ? notional / price : 0; /* a division that most save */
    return margin + hq_account_fee(account, notional, quantity, fee_rate);
}

/* False also where the cost overflows to infinity or, times a zero rate, to NaN. */
static bool affords(const HqAccount *account, double price, double margin, double fee_rate)
{
    return hq_account_cost(account, price, margin, fee_rate) <= account->cash;
}

static double from_bits(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint64_t to_bits(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/*
 * The quotient of cash and the cost of a margin of 1 is a few roundings off either way, and one too
 * high would leave cash below 0. Positive doubles are ordered as their bit patterns and the cost never
 * falls as margin grows: the largest is a few patterns from the quotient, or else, where numbers are
 * too small or too large for that, found by bisection.
 */
static double bisect_margin(const HqAccount *account, double price, double fee_rate)
{
    uint64_t low = 0, high = to_bits(account->cash) + 1;
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        if (affords(account, price, from_bits(middle), fee_rate))
            low = middle;
        else
            high = middle;
    }
    return from_bits(low);
}

double hq_account_max_open_margin(const HqAccount *account, double price, double fee_rate)
{
    enum { NEXT = 4, ROUNDINGS = 8 };
    if (!(account->cash > 0))
        return 0;
    double fee = account->params.leverage * fee_rate;
    if (account->fee_per_unit > 0)
        fee += account->params.leverage / price * account->fee_per_unit;
    uint64_t guess = to_bits(account->cash / (1 + fee));
    if (guess <= ROUNDINGS)
        return bisect_margin(account, price, fee_rate);
    /* Without a branch as long as it is one of those next to the quotient: which cannot be foreseen. */
    unsigned affordable = 0;
    for (unsigned i = 0; i < NEXT; i++)
        affordable += affords(account, price, from_bits(guess - NEXT / 2 + 1 + i), fee_rate);
    if (affordable > 0 && affordable < NEXT)
        return from_bits(guess - NEXT / 2 + affordable);
    int step = affords(account, price, from_bits(guess), fee_rate) ? 1 : -1;
    for (int i = 1; i <= ROUNDINGS; i++) {
        uint64_t next = step > 0 ? guess + (unsigned)i : guess - (unsigned)i;
        if (affords(account, price, from_bits(next), fee_rate) != (step > 0))
            return from_bits(step > 0 ? next - 1 : next);
    }
    return bisect_margin(account, price, fee_rate);
}

HqLegFill hq_account_book(HqAccount *account, HqSide side, double price, double quantity,
                          double margin, double fee_rate)
{
    assert(price > 0 && quantity > 0 && margin >= 0 && fee_rate >= 0);
    HqLeg *leg = &account->legs[side];
    double total = leg->quantity + quantity;
    double fee = hq_account_fee(account, margin * account->params.leverage, quantity, fee_rate);
    account->cash -= margin + fee;
    account->fees += fee;
    leg->entry =
        leg->quantity > 0 ? leg->entry + (price - leg->entry) * (quantity / total) : price;
    leg->quantity = total;
    leg->margin += margin;
    return (HqLegFill){quantity, margin, fee, 0};
}

HqLegFill hq_account_open(HqAccount *account, HqSide side, double price, double margin,
                          double fee_rate)
{
    assert(price > 0 && price <= HQ_VALUE_MAX && margin >= 0 && fee_rate >= 0);
    double most = hq_account_max_open_margin(account, price, fee_rate);
    if (margin > most)
        margin = most;
    double quantity = margin * account->params.leverage / price;
    if (!(quantity > 0 && account->legs[side].quantity + quantity <= HQ_VALUE_MAX))
        return (HqLegFill){0, 0, 0, 0};
    return hq_account_book(account, side, price, quantity, margin, fee_rate);
}

/* ---------------------------------------------------------------- closing */

/* A closing that would leave less than this share of a leg closes it all: rounding is no position. */
#define DUST 1e-12

/* Split `quantity` off a leg: what leaves. */
static HqLeg split(HqLeg *leg, double quantity)
{
    HqLeg part = *leg;
    if (leg->quantity - quantity > leg->quantity * DUST) {
        part.quantity = quantity;
        part.margin = leg->margin * (quantity / leg->quantity);
        leg->quantity -= quantity;
        leg->margin -= part.margin;
    } else {
        memset(leg, 0, sizeof *leg);
    }
    return part;
}

HqLegFill hq_account_close(HqAccount *account, HqSide side, double price, double quantity,
                           double fee_rate)
{
    assert(price > 0 && price <= HQ_VALUE_MAX && quantity > 0 && fee_rate >= 0);
    if (!(account->legs[side].quantity > 0))
        return (HqLegFill){0, 0, 0, 0};
    HqLeg part = split(&account->legs[side], quantity);
    HqLegFill fill = {part.quantity, part.margin, 0, hq_leg_pnl(&part, side, price)};
    account->cash = (account->cash + fill.margin) + fill.pnl;
    double wanted = hq_account_fee(account, fill.quantity * price, fill.quantity, fee_rate);
    double covered = account->cash > 0 ? account->cash : 0;
    fill.fee = wanted < covered ? wanted : covered;
    account->cash -= fill.fee;
    account->fees += fill.fee;
    account->realized_pnl += fill.pnl;
    return fill;
}

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
