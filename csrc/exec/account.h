/*
 * The futures account: cash, and the long and the short leg of the symbol in focus. Small and flat,
 * so that a sweep can hold one a lane. Arguments are checked at the API; below it they are asserted.
 *
 * Two things hold after every operation, to rounding:
 *     initial_margin + realized_pnl - fees - funding - liquidation_loss = cash + locked margins
 *     equity at that operation's price >= 0, and cash >= 0 whenever no leg is open
 */
#ifndef HQ_EXEC_ACCOUNT_H
#define HQ_EXEC_ACCOUNT_H

#include <stdbool.h>

#include "hquant/execution.h"

#define HQ_REAL double
#define HQ_FORMULA(name) hq_##name
#include "exec/formulas.h"
#undef HQ_REAL
#undef HQ_FORMULA

typedef enum HqSide { HQ_LONG = 0, HQ_SHORT = 1 } HqSide;

static inline int hq_sign_of(HqSide side) { return side == HQ_LONG ? 1 : -1; }

/** One position. All zero when flat, which makes its P&L and notional 0 without a branch. */
typedef struct HqLeg {
    double quantity; /* base asset units, so that no result depends on contract_size */
    double entry;    /* quantity-weighted entry price */
    double margin;   /* quote currency locked in it */
} HqLeg;

/** What the positions of other symbols are worth at their marks. All zero without any. */
typedef struct HqOthers {
    double value;       /* their margins and P&L, quote currency */
    double maintenance; /* quote currency */
    double quantity;    /* > 0 when there is one */
} HqOthers;

typedef struct HqAccount {
    BacktestParams params;
    double fee_per_unit;       /* quote currency per base asset unit */
    const HqMarginTier *tiers; /* NULL: params.maintenance_margin_rate */
    size_t n_tiers;
    double cash;
    HqLeg legs[2];   /* by HqSide */
    HqOthers others;
    double peak;     /* highest marked equity */
    double drawdown; /* deepest marked fall from the peak, -1..0 */
    double fees;
    double funding; /* paid, net */
    double realized_pnl;
    double liquidation_loss;
    uint64_t liquidated; /* 0 or 1 */
} HqAccount;

/** What one leg of a trade did. quantity 0: nothing was traded. */
typedef struct HqLegFill {
    double quantity;
    double margin; /* locked by an opening, released by a closing */
    double fee;
    double pnl; /* realised by a closing, before its fee */
} HqLegFill;

/** HQ_OK, or HQ_EINVAL with a message that names the field. */
HqStatus hq_account_check_params(const BacktestParams *params);

/** A fresh account over checked params. */
HqAccount hq_account_make(const BacktestParams *params);

/** The fee of trading a quantity at a price. */
static inline double hq_account_fee(const HqAccount *account, double notional, double quantity,
                                    double fee_rate)
{
    return hq_fee(notional, quantity, fee_rate, account->fee_per_unit);
}

/**
 * hq_account_book() for a margin clamped to what cash affords. Not filled when no margin is left,
 * or when the leg's quantity would be 0 or beyond HQ_VALUE_MAX.
 */
HqLegFill hq_account_open(HqAccount *account, HqSide side, double price, double margin,
                          double fee_rate);

/** Take a funding payment from cash, < 0: add it. */
void hq_account_pay_funding(HqAccount *account, double amount);

/** Maintenance margin of a position's notional by the account's tiers. */
double hq_account_tier_maintenance(const HqAccount *account, double notional);

/**
 * Drop both legs at a price, and the others at their marks, and take what is left; what is left or
 * missing is liquidation_loss.
 * @param others_pnl  P&L of the other symbols' positions at their marks.
 */
void hq_account_liquidate(HqAccount *account, double price, double others_pnl);

/**
 * Trade at market as the header says of hq_backtest_apply_signal().
 * @return the opening; not filled for HOLD, for no margin, or when liquidated.
 */
HqLegFill hq_account_apply(HqAccount *account, Action action, double price, double margin);

/** The account valued at a price; changes nothing. */
BacktestResult hq_account_result(const HqAccount *account, double price);

static inline double hq_leg_pnl(const HqLeg *leg, HqSide side, double price)
{
    return hq_pnl(hq_sign_of(side), leg->entry, leg->quantity, price);
}

static inline double hq_account_locked(const HqAccount *account)
{
    return account->legs[HQ_LONG].margin + account->legs[HQ_SHORT].margin;
}

/*
 * Equity before it is cut at 0. The order of the sum is the order of a closing: with one leg open,
 * the cash after it is this very number, so a solvent account never ends a closing below 0.
 */
static inline double hq_account_balance(const HqAccount *account, double price)
{
    double own = (account->cash + hq_account_locked(account)) +
                 (hq_leg_pnl(&account->legs[HQ_LONG], HQ_LONG, price) +
                  hq_leg_pnl(&account->legs[HQ_SHORT], HQ_SHORT, price));
    return own + account->others.value;
}

static inline double hq_account_equity(const HqAccount *account, double price)
{
    double balance = hq_account_balance(account, price);
    return balance > 0 ? balance : 0;
}

static inline double hq_account_notional(const HqAccount *account, double price)
{
    return (account->legs[HQ_LONG].quantity + account->legs[HQ_SHORT].quantity) * price;
}

/** Maintenance margin of the legs in focus. */
static inline double hq_account_own_maintenance(const HqAccount *account, double price)
{
    if (account->n_tiers)
        return hq_account_tier_maintenance(account, account->legs[HQ_LONG].quantity * price) +
               hq_account_tier_maintenance(account, account->legs[HQ_SHORT].quantity * price);
    return hq_account_notional(account, price) * account->params.maintenance_margin_rate;
}

static inline double hq_account_maintenance(const HqAccount *account, double price)
{
    return hq_account_own_maintenance(account, price) + account->others.maintenance;
}

/** Base asset units held on either side, of other symbols too: 0 only when nothing is open. */
static inline double hq_account_held(const HqAccount *account)
{
    return account->legs[HQ_LONG].quantity + account->legs[HQ_SHORT].quantity +
           account->others.quantity;
}

/**
 * Whether a price liquidates: a position is open and equity does not exceed maintenance; or nothing
 * is open and cash is below 0, as a fill that slipped beyond the bankruptcy price leaves it.
 */
static inline bool hq_account_is_due(const HqAccount *account, double price)
{
    double balance = hq_account_balance(account, price);
    if (hq_account_held(account) > 0)
        return balance <= hq_account_maintenance(account, price);
    return balance < 0;
}

static inline void hq_account_check(HqAccount *account, double price)
{
    if (hq_account_is_due(account, price))
        hq_account_liquidate(account, price, 0);
}

/** Note equity at a price: the peak and the fall from it. */
static inline double hq_account_note(HqAccount *account, double price)
{
    double equity = hq_account_equity(account, price);
    double peak = equity > account->peak ? equity : account->peak;
    double fall = (equity - peak) / peak;
    account->peak = peak;
    account->drawdown = fall < account->drawdown ? fall : account->drawdown;
    return equity;
}

/** Note equity, then liquidate when it is due. Nothing is left to note after a liquidation. */
static inline void hq_account_mark(HqAccount *account, double price)
{
    hq_account_note(account, price);
    hq_account_check(account, price);
}

#endif
