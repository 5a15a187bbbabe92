/* How much an order opens: the checks of rule S4, in its order. */
#include "exec/trade.h"

/* An opening of less than this share of the starting capital is none [S3]. */
#define DUST 1e-12

HqSize hq_size_of(const HqExec *exec, double quantity, double price)
{
    return (HqSize){quantity, quantity * price / exec->account.params.leverage};
}

static HqSize of_margin(const HqExec *exec, double margin, double price)
{
    return (HqSize){margin * exec->account.params.leverage / price, margin};
}

HqSize hq_size_wanted(const HqExec *exec, uint8_t unit, double size, double price,
                      double fee_rate)
{
    const HqAccount *account = &exec->account;
    switch (unit) {
    case HQ_SIZE_UNITS:
        return hq_size_of(exec, size, price);
    case HQ_SIZE_NOTIONAL:
        return of_margin(exec, size / account->params.leverage, price);
    case HQ_SIZE_EQUITY:
        return of_margin(exec, size * hq_account_equity(account, price), price);
    case HQ_SIZE_MARGIN:
        return of_margin(exec, size, price);
    default:
        return of_margin(exec, hq_account_max_open_margin(account, price, fee_rate), price);
    }
}

static bool is_dust(const HqExec *exec, HqSize size, double price)
{
    return !(size.quantity > 0 &&
             size.quantity * price >= DUST * exec->account.params.initial_margin);
}

static HqSize in_lots(const HqExec *exec, HqSize size, double price)
{
    double lot = exec->symbols[exec->focus].symbol->lot_size;
    return lot > 0 ? hq_size_of(exec, hq_to_lot(size.quantity, lot), price) : size;
}

static bool is_below_minimum(const HqExec *exec, HqSize size, double price)
{
    const HqSymbol *rules = exec->symbols[exec->focus].symbol;
    return !(size.quantity > 0) || size.quantity < rules->min_quantity ||
           size.quantity * price < rules->min_notional;
}

/* What the tiers leave for a side at this leverage, in notional; infinity without a limit. */
static double tier_room(const HqAccount *account, HqSide side, double price)
{
    for (size_t i = 0; i < account->n_tiers; i++)
        if (account->tiers[i].max_leverage < account->params.leverage)
            return account->tiers[i].notional_from - account->legs[side].quantity * price;
    return HUGE_VAL;
}

/* What rounding takes from a quantity is no cut [S3]. */
#define ROUNDING 1e-9

/* Cut to the most there may be, in lots; false when nothing is left, or a cut is a reject. */
static bool cut_to(const HqExec *exec, HqSize most, double price, bool rejects, HqSize *size,
                   bool *is_partial)
{
    HqSize cut = in_lots(exec, most, price);
    bool is_less = cut.quantity < size->quantity * (1 - ROUNDING);
    if (is_less && rejects)
        return false;
    *size = cut;
    *is_partial |= is_less;
    return !is_dust(exec, cut, price) && !is_below_minimum(exec, cut, price);
}

int hq_size_check(const HqExec *exec, HqSide side, double price, double fee_rate, bool is_all,
                  HqSize *size, bool *is_partial)
{
    const HqAccount *account = &exec->account;
    bool rejects = exec->options->unaffordable == HQ_UNAFFORDABLE_REJECT && !is_all;
    if (is_dust(exec, *size, price))
        return HQ_REJECT_CASH;
    *size = in_lots(exec, *size, price);
    if (is_below_minimum(exec, *size, price))
        return HQ_REJECT_MIN_SIZE;

    double room = tier_room(account, side, price);
    if (size->quantity * price > room) {
        HqSize most = hq_size_of(exec, room / price, price);
        if (!(room > 0) || !cut_to(exec, most, price, rejects, size, is_partial))
            return HQ_REJECT_LEVERAGE;
    }
    if (hq_account_cost(account, price, size->margin, fee_rate) > account->cash) {
        HqSize most =
            of_margin(exec, hq_account_max_open_margin(account, price, fee_rate), price);
        if (!cut_to(exec, most, price, rejects, size, is_partial))
            return HQ_REJECT_CASH;
    }
    if (!(account->legs[side].quantity + size->quantity <= HQ_VALUE_MAX))
        return HQ_REJECT_MAX_SIZE;
    return HQ_NO_REJECT;
}
