/*
 * Formulas of the account, over HQ_REAL: a double, or a vector of them, an account a lane. Included
 * once for each (account.h, ledger_wide.c), with HQ_FORMULA(name) for the names of its functions. A
 * sign is +1 for a long side, -1 for a short one: the product by it is exact.
 */
#include "base/likely.h"

HQ_INLINE HQ_REAL HQ_FORMULA(fee)(HQ_REAL notional, HQ_REAL quantity, HQ_REAL rate,
                                  HQ_REAL per_unit)
{
    return notional * rate + quantity * per_unit;
}

/** What an opening takes from cash: its margin and its fee. */
HQ_INLINE HQ_REAL HQ_FORMULA(cost)(HQ_REAL margin, HQ_REAL notional, HQ_REAL quantity, HQ_REAL rate,
                                   HQ_REAL per_unit)
{
    return margin + HQ_FORMULA(fee)(notional, quantity, rate, per_unit);
}

HQ_INLINE HQ_REAL HQ_FORMULA(pnl)(HQ_REAL sign, HQ_REAL entry, HQ_REAL quantity, HQ_REAL price)
{
    return (sign * price - sign * entry) * quantity; /* not sign * (price - entry): 0 would be -0 */
}

/** The margin that a quantity locks. */
HQ_INLINE HQ_REAL HQ_FORMULA(margin_of)(HQ_REAL quantity, HQ_REAL price, HQ_REAL leverage)
{
    return quantity * price / leverage;
}

/** The quantity that a margin opens. */
HQ_INLINE HQ_REAL HQ_FORMULA(quantity_of)(HQ_REAL margin, HQ_REAL price, HQ_REAL leverage)
{
    return margin * leverage / price;
}

/** The room that rounding may take between equity and maintenance: `basis` is what legs were bought
 * for. */
HQ_INLINE HQ_REAL HQ_FORMULA(solvency_room)(HQ_REAL cash, HQ_REAL locked, HQ_REAL notional,
                                            HQ_REAL basis)
{
    return 1e-9 * ((cash + locked) + (notional + basis));
}
