/* How much an order opens: the checks of rule S4, in its order. In place, as exec/booking.h. */
#ifndef HQ_EXEC_SIZING_H
#define HQ_EXEC_SIZING_H

#include <math.h>

#include "exec/booking.h"
#include "exec/trade.h"

/* An opening of less than this share of the starting capital is none [S3]. */
#define HQ_SIZE_DUST 1e-12

/** A quantity with its margin. */
HQ_INLINE HqSize hq_size_of(const HqExec *exec, double quantity, double price)
{
    return (HqSize){quantity, hq_margin_of(quantity, price, exec->account.params.leverage)};
}

/** A margin with its quantity. */
HQ_INLINE HqSize hq_size_of_margin(const HqExec *exec, double margin, double price)
{
    return (HqSize){hq_quantity_of(margin, price, exec->account.params.leverage), margin};
}

/** What a size wants at a price; of HQ_SIZE_ALL what cash affords. */
HQ_INLINE HqSize hq_size_wanted(const HqExec *exec, uint8_t unit, double size, double price,
                                double fee_rate)
{
    const HqAccount *account = &exec->account;
    switch (unit) {
    case HQ_SIZE_UNITS:
        return hq_size_of(exec, size, price);
    case HQ_SIZE_NOTIONAL:
        return hq_size_of_margin(exec, size / account->params.leverage, price);
    case HQ_SIZE_EQUITY:
        return hq_size_of_margin(exec, size * hq_account_equity(account, price), price);
    case HQ_SIZE_MARGIN:
        return hq_size_of_margin(exec, size, price);
    default:
        return hq_size_of_margin(exec, hq_account_max_open_margin(account, price, fee_rate), price);
    }
}

static inline bool hq_size_is_dust(const HqExec *exec, HqSize size, double price)
{
    return !(size.quantity > 0 &&
             size.quantity * price >= HQ_SIZE_DUST * exec->account.params.initial_margin);
}

static inline HqSize hq_size_in_lots(const HqExec *exec, HqSize size, double price)
{
    double lot = exec->symbols[exec->focus].symbol->lot_size;
    return lot > 0 ? hq_size_of(exec, hq_to_lot(size.quantity, lot), price) : size;
}

static inline bool hq_size_is_below_minimum(const HqExec *exec, HqSize size, double price)
{
    const HqSymbol *rules = exec->symbols[exec->focus].symbol;
    return !(size.quantity > 0) || size.quantity < rules->min_quantity ||
           size.quantity * price < rules->min_notional;
}

/* What the tiers leave for a side at this leverage, in notional; infinity without a limit. */
static inline double hq_size_tier_room(const HqAccount *account, HqSide side, double price)
{
    for (size_t i = 0; i < account->n_tiers; i++)
        if (account->tiers[i].max_leverage < account->params.leverage)
            return account->tiers[i].notional_from - account->legs[side].quantity * price;
    return HUGE_VAL;
}

/* What rounding takes from a quantity is no cut [S3]. */
#define HQ_SIZE_ROUNDING 1e-9

/* Cut to the most there may be, in lots; false when nothing is left, or a cut is a reject. */
static inline bool hq_size_cut_to(const HqExec *exec, HqSize most, double price, bool rejects,
                                  HqSize *size, bool *is_partial)
{
    HqSize cut = hq_size_in_lots(exec, most, price);
    bool is_less = cut.quantity < size->quantity * (1 - HQ_SIZE_ROUNDING);
    if (is_less && rejects)
        return false;
    *size = cut;
    *is_partial |= is_less;
    return !hq_size_is_dust(exec, cut, price) && !hq_size_is_below_minimum(exec, cut, price);
}

static inline bool hq_size_cut_to_cash(const HqExec *exec, double price, double fee_rate,
                                       bool rejects, HqSize *size, bool *is_partial)
{
    double margin = hq_account_max_open_margin(&exec->account, price, fee_rate);
    HqSize most = hq_size_of_margin(exec, margin, price);
    return hq_size_cut_to(exec, most, price, rejects, size, is_partial);
}

/**
 * Cut an opening to what venue, tiers and cash allow [S4].
 * @param[out] is_partial  set when the tiers or cash cut it.
 * @return HQ_NO_REJECT, or why it opens nothing.
 */
HQ_INLINE int hq_size_check(const HqExec *exec, HqSide side, double price, double fee_rate,
                            bool is_all, HqSize *size, bool *is_partial)
{
    const HqAccount *account = &exec->account;
    bool rejects = exec->options->unaffordable == HQ_UNAFFORDABLE_REJECT && !is_all;
    if (hq_size_is_dust(exec, *size, price))
        return HQ_REJECT_CASH;
    *size = hq_size_in_lots(exec, *size, price);
    if (hq_size_is_below_minimum(exec, *size, price))
        return HQ_REJECT_MIN_SIZE;

    double room = hq_size_tier_room(account, side, price);
    if (size->quantity * price > room) {
        HqSize most = hq_size_of(exec, room / price, price);
        if (!(room > 0) || !hq_size_cut_to(exec, most, price, rejects, size, is_partial))
            return HQ_REJECT_LEVERAGE;
    }
    if (hq_account_cost(account, price, size->margin, fee_rate) > account->cash &&
        !hq_size_cut_to_cash(exec, price, fee_rate, rejects, size, is_partial))
        return HQ_REJECT_CASH;
    if (!(account->legs[side].quantity + size->quantity <= HQ_VALUE_MAX))
        return HQ_REJECT_MAX_SIZE;
    return HQ_NO_REJECT;
}

#endif
