/*
 * Openings and closings of an account, in place wherever a fill is: a sweep spends its time in them,
 * and a call would keep the processor from working on a fill while the last one is not done.
 */
#ifndef HQ_EXEC_BOOKING_H
#define HQ_EXEC_BOOKING_H

#include <assert.h>
#include <string.h>

#include "base/likely.h"
#include "exec/account.h"

/* ---------------------------------------------------------------- opening */

/** What an opening takes from cash: its margin and its fee. */
HQ_INLINE double hq_account_cost(const HqAccount *account, double price, double margin, double fee_rate)
{
    double notional = margin * account->params.leverage;
    double quantity = account->fee_per_unit > 0 ? notional / price : 0; /* a division that most save */
    return hq_cost(margin, notional, quantity, fee_rate, account->fee_per_unit);
}

/** False also where the cost overflows to infinity or, times a zero rate, to NaN. */
HQ_INLINE bool hq_account_affords(const HqAccount *account, double price, double margin, double fee_rate)
{
    return hq_account_cost(account, price, margin, fee_rate) <= account->cash;
}

static inline double hq_number_of_bits(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline uint64_t hq_bits_of_number(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/** As hq_account_max_open_margin(), where the quotient, given as its bits, is of little help. */
double hq_account_search_margin(const HqAccount *account, double price, double fee_rate,
                                uint64_t guess);

/**
 * Largest margin whose cost cash covers, rounded as an opening does; 0 when there is no cash.
 *
 * The quotient of cash and the cost of a margin of 1 is a few roundings off either way, and one too
 * high would leave cash below 0. Positive doubles are ordered as their bit patterns and the cost never
 * falls as margin grows: the largest is a few patterns from the quotient, or else, where numbers are
 * too small or too large for that, found by bisection.
 */
HQ_INLINE double hq_account_max_open_margin(const HqAccount *account, double price, double fee_rate)
{
    enum { NEXT = 4 };
    if (!(account->cash > 0))
        return 0;
    double fee = account->params.leverage * fee_rate;
    if (account->fee_per_unit > 0)
        fee += account->params.leverage / price * account->fee_per_unit;
    uint64_t guess = hq_bits_of_number(account->cash / (1 + fee));
    /* Without a branch as long as it is one of those next to the quotient: which cannot be foreseen. */
    unsigned affordable = 0;
    for (unsigned i = 0; i < NEXT && guess > NEXT; i++) {
        double margin = hq_number_of_bits(guess - NEXT / 2 + 1 + i);
        affordable += hq_account_affords(account, price, margin, fee_rate);
    }
    if (HQ_LIKELY(affordable > 0 && affordable < NEXT))
        return hq_number_of_bits(guess - NEXT / 2 + affordable);
    return hq_account_search_margin(account, price, fee_rate, guess);
}

/** Open or add to a leg: the quantity for the margin, whose cost cash must cover. */
HQ_INLINE HqLegFill hq_account_book(HqAccount *account, HqSide side, double price, double quantity,
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

/* ---------------------------------------------------------------- closing */

/* A closing that would leave less than this share of a leg closes it all: rounding is no position. */
#define HQ_LEG_DUST 1e-12

/** Split `quantity` off a leg: what leaves. */
HQ_INLINE HqLeg hq_leg_split(HqLeg *leg, double quantity)
{
    HqLeg part = *leg;
    if (leg->quantity - quantity > leg->quantity * HQ_LEG_DUST) {
        part.quantity = quantity;
        part.margin = leg->margin * (quantity / leg->quantity);
        leg->quantity -= quantity;
        leg->margin -= part.margin;
    } else {
        *leg = (HqLeg){0, 0, 0};
    }
    return part;
}

/**
 * Close a quantity of a leg, all of it when it holds no more; margin is released in proportion and
 * the fee is capped at the cash there is. Not filled when the leg is flat.
 */
HQ_INLINE HqLegFill hq_account_close(HqAccount *account, HqSide side, double price, double quantity,
                                     double fee_rate)
{
    assert(price > 0 && price <= HQ_VALUE_MAX && quantity > 0 && fee_rate >= 0);
    if (!(account->legs[side].quantity > 0))
        return (HqLegFill){0, 0, 0, 0};
    HqLeg part = hq_leg_split(&account->legs[side], quantity);
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

#endif
