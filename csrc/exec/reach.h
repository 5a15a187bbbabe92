/* What prices are of account for what is held: those that touch a level, and those that liquidate. */
#ifndef HQ_EXEC_REACH_H
#define HQ_EXEC_REACH_H

#include <math.h>

#include "exec/span.h"
#include "exec/trade.h"

#define HQ_MOST_MAINTENANCE 0.9 /* rate: beyond it a long's equity grows too slowly */

/** Equity beyond maintenance is linear in the price: what holds with room at both ends holds between. */
static inline bool hq_is_solvent(const HqAccount *account, double price)
{
    double balance = hq_account_balance(account, price);
    double maintenance = hq_account_maintenance(account, price);
    const HqLeg *bought = &account->legs[HQ_LONG], *sold = &account->legs[HQ_SHORT];
    double basis = bought->quantity * bought->entry + sold->quantity * sold->entry;
    double room = hq_solvency_room(fabs(account->cash), hq_account_locked(account),
                                   hq_account_notional(account, price), basis);
    return balance - maintenance > room;
}

/** A price well before the one that liquidates a single leg; NaN where there is none such. */
static inline double hq_safe_price(const HqAccount *account, HqSide side)
{
    if (account->params.maintenance_margin_rate > HQ_MOST_MAINTENANCE)
        return NAN;
    const HqLeg *leg = &account->legs[side];
    int sign = hq_sign_of(side);
    double own = account->cash + leg->margin - sign * leg->entry * leg->quantity;
    double price =
        -own / (leg->quantity * (sign - account->params.maintenance_margin_rate));
    double safe = price + sign * 1e-6 * (fabs(price) + leg->entry);
    if (safe > 0)
        return hq_is_solvent(account, safe) ? safe : NAN;
    return side == HQ_LONG && hq_is_solvent(account, leg->entry * 1e-9) ? leg->entry * 1e-9 : NAN;
}

/** Whether a range of prices touches a level of a side. */
static inline bool hq_reaches_level(const HqHolding *held, HqSide side, HqRange range)
{
    double adverse = hq_adverse_level(held, side);
    return side == HQ_LONG ? adverse >= range.low || held->target <= range.high
                           : adverse <= range.high || held->target >= range.low;
}

/**
 * A side alone grows richer all along, or poorer, as the price rises, and the room for rounding grows
 * by far less: of all prices one is the worst. Not so of a long with a high maintenance.
 */
static inline bool hq_is_solvent_alone(const HqAccount *account, HqSide side, HqRange range)
{
    if (account->params.maintenance_margin_rate > HQ_MOST_MAINTENANCE)
        return hq_is_solvent(account, range.low) && hq_is_solvent(account, range.high);
    return hq_is_solvent(account, side == HQ_LONG ? range.low : range.high);
}

/** Whether no price of the whole block is of account for what is held: most often so. */
static inline bool hq_is_out_of_reach(const HqExec *exec, const HqSymbolState *state,
                                      const HqPrices *prices)
{
    const HqAccount *account = &exec->account;
    bool is_long = account->legs[HQ_LONG].quantity > 0, is_short = account->legs[HQ_SHORT].quantity > 0;
    if (is_long == is_short)
        return !is_long && !(account->cash < 0);
    HqSide side = is_long ? HQ_LONG : HQ_SHORT;
    const HqHolding *held = &state->held[side];
    HqRange all = {prices->least, prices->most};
    return !(held->trail > 0) && !hq_reaches_level(held, side, all) &&
           hq_is_solvent_alone(account, side, all);
}

#endif
