/* Fills of a ledger: of as many accounts at once as a register has lanes. */
#include "exec/ledger.h"
#include "exec/sizing.h"

#define HQ_REAL          HqVec
#define HQ_FORMULA(name) vec_##name
#include "exec/formulas.h"

#define LEAST_CASH 1e-300 /* below it neighbours of a quotient are not what they are above */

/* Accounts of a register. */
typedef struct Lanes {
    HqVec cash, sign, quantity, entry, margin, round_fees;
} Lanes;

/* What is the same of all of them. */
typedef struct Terms {
    HqVec leverage, fee_rate, maintenance_rate, dust, min_notional, min_quantity;
    HqVec zero, one, low, high;
} Terms;

/* A register's part of a row. */
typedef struct Row {
    HqMask closes, opens;
    HqVec price, sign, size;
} Row;

static inline Terms terms_of(const HqLedger *ledger, HqRange range)
{
    return (Terms){hq_vec_all(ledger->leverage),
                   hq_vec_all(ledger->fee_rate),
                   hq_vec_all(ledger->maintenance_rate),
                   hq_vec_all(ledger->dust),
                   hq_vec_all(ledger->min_notional),
                   hq_vec_all(ledger->min_quantity),
                   hq_vec_all(0),
                   hq_vec_all(1),
                   hq_vec_all(range.low),
                   hq_vec_all(range.high)};
}

static inline Lanes load(const HqLedger *ledger, size_t lane)
{
    return (Lanes){hq_vec_load(ledger->cash + lane),     hq_vec_load(ledger->sign + lane),
                   hq_vec_load(ledger->quantity + lane), hq_vec_load(ledger->entry + lane),
                   hq_vec_load(ledger->margin + lane),   hq_vec_load(ledger->round_fees + lane)};
}

static inline void store(HqLedger *ledger, size_t lane, const Lanes *lanes)
{
    hq_vec_store(ledger->cash + lane, lanes->cash);
    hq_vec_store(ledger->sign + lane, lanes->sign);
    hq_vec_store(ledger->quantity + lane, lanes->quantity);
    hq_vec_store(ledger->entry + lane, lanes->entry);
    hq_vec_store(ledger->margin + lane, lanes->margin);
    hq_vec_store(ledger->round_fees + lane, lanes->round_fees);
}

static inline void hold(const HqLedgerFills *fills, size_t at, const Lanes *lanes)
{
    hq_vec_store(fills->start + at, lanes->cash + lanes->margin);
    hq_vec_store(fills->entry + at, lanes->entry);
    hq_vec_store(fills->quantity + at, lanes->sign * lanes->quantity);
}

static inline void add_to(double *column, HqMask where, HqVec x)
{
    HqVec now = hq_vec_load(column);
    hq_vec_store(column, hq_vec_choose(where, now + x, now));
}

/* hq_account_fee(): nothing is asked for a unit. */
static inline HqVec fee_of(const Terms *terms, HqVec notional, HqVec quantity)
{
    return vec_fee(notional, quantity, terms->fee_rate, terms->zero);
}

/* ------------------------------------------------------------------------ closing */

/* A number as hq_sides_add() takes it to one of its sums: 0 changes none. */
static inline void take_to(double *value, double *lost, HqVec x)
{
    HqVec sum = hq_vec_load(value), rest = hq_vec_load(lost);
    hq_vec_sum_add(&sum, &rest, x);
    hq_vec_store(value, sum);
    hq_vec_store(lost, rest);
}

static inline void end_trades(HqLedger *ledger, size_t lane, const Terms *terms, HqMask closes,
                              HqVec pnl)
{
    HqMask gains = hq_mask_and(closes, hq_vec_less(terms->zero, pnl));
    HqMask loses = hq_mask_and(closes, hq_vec_less(pnl, terms->zero));
    add_to(ledger->gains + lane, gains, terms->one);
    add_to(ledger->losses + lane, loses, terms->one);
    take_to(ledger->gained + lane, ledger->gained_lost + lane,
            hq_vec_choose(gains, pnl, terms->zero));
    take_to(ledger->lost + lane, ledger->lost_lost + lane, hq_vec_choose(loses, pnl, terms->zero));
}

/* As hq_account_close() of all that is held, and the end of the round. */
static inline void close_all(HqLedger *ledger, size_t lane, const Terms *terms, const Row *row,
                             Lanes *lanes)
{
    HqMask closes = row->closes;
    HqVec pnl = vec_pnl(lanes->sign, lanes->entry, lanes->quantity, row->price);
    HqVec cash = (lanes->cash + lanes->margin) + pnl;
    HqVec wanted = fee_of(terms, lanes->quantity * row->price, lanes->quantity);
    HqVec fee = hq_vec_min(wanted, hq_vec_max(cash, terms->zero));
    add_to(ledger->fees + lane, closes, fee);
    add_to(ledger->realized_pnl + lane, closes, pnl);
    end_trades(ledger, lane, terms, closes, pnl - (lanes->round_fees + fee));
    lanes->cash = hq_vec_choose(closes, cash - fee, lanes->cash);
    lanes->quantity = hq_vec_choose(closes, terms->zero, lanes->quantity);
    lanes->entry = hq_vec_choose(closes, terms->zero, lanes->entry);
    lanes->margin = hq_vec_choose(closes, terms->zero, lanes->margin);
    lanes->round_fees = hq_vec_choose(closes, terms->zero, lanes->round_fees);
}

/* ------------------------------------------------------------------------ opening */

static inline HqVec cost_of(const Terms *terms, HqVec margin)
{
    return vec_cost(margin, margin * terms->leverage, terms->zero, terms->fee_rate, terms->zero);
}

static inline HqMask is_affordable(const Terms *terms, HqVec margin, HqVec cash)
{
    return hq_vec_at_most(cost_of(terms, margin), cash);
}

/* As hq_account_max_open_margin(), where it is one of those next to the quotient. */
static inline HqVec most_margin(const Terms *terms, HqVec cash, HqMask *is_found)
{
    HqVec guess = cash / (terms->one + terms->leverage * terms->fee_rate);
    HqPatterns pattern = (HqPatterns)guess;
    HqVec below = (HqVec)(pattern - 1), above = (HqVec)(pattern + 1), beyond = (HqVec)(pattern + 2);
    HqMask is_between =
        hq_mask_and(is_affordable(terms, below, cash), hq_vec_less(cash, cost_of(terms, beyond)));
    *is_found = hq_mask_and(is_between, hq_vec_less(hq_vec_all(LEAST_CASH), guess));
    HqVec margin = hq_vec_choose(is_affordable(terms, guess, cash), guess, below);
    return hq_vec_choose(is_affordable(terms, above, cash), above, margin);
}

typedef struct Size {
    HqVec quantity, margin;
} Size;

static inline Size size_of_margin(const Terms *terms, HqVec margin, HqVec price)
{
    return (Size){vec_quantity_of(margin, price, terms->leverage), margin};
}

/* As hq_size_wanted(), of an account that is flat. `is_sure`: it is what that says. */
static inline Size size_wanted(const HqLedger *ledger, const Terms *terms, const Row *row,
                               HqVec cash, HqMask *is_sure)
{
    HqVec size = row->size, price = row->price;
    switch (ledger->size_unit) {
    case HQ_SIZE_UNITS:
        return (Size){size, vec_margin_of(size, price, terms->leverage)};
    case HQ_SIZE_NOTIONAL:
        return size_of_margin(terms, size / terms->leverage, price);
    case HQ_SIZE_EQUITY:
        return size_of_margin(terms, size * hq_vec_max(cash, terms->zero), price);
    case HQ_SIZE_MARGIN:
        return size_of_margin(terms, size, price);
    default:
        return size_of_margin(terms, most_margin(terms, cash, is_sure), price);
    }
}

/* Neither dust nor below the minimum nor more than there may be. */
static inline HqMask is_tradable(const Terms *terms, Size size, HqVec price)
{
    HqVec notional = size.quantity * price;
    HqMask is_much = hq_mask_and(hq_vec_at_most(terms->dust, notional),
                                 hq_vec_at_most(terms->min_notional, notional));
    HqMask is_many = hq_mask_and(hq_vec_less(terms->zero, size.quantity),
                                 hq_vec_at_most(terms->min_quantity, size.quantity));
    HqMask is_little = hq_vec_at_most(size.quantity, hq_vec_all(HQ_VALUE_MAX));
    return hq_mask_and(hq_mask_and(is_much, is_many), is_little);
}

/* As hq_size_check(), of sizes some of which cash does not cover. Answers where that is sure. */
static inline HqMask cut_to_cash(HqLedger *ledger, size_t lane, const Terms *terms, const Row *row,
                                 HqVec cash, HqMask fits, Size *size)
{
    HqMask is_sure;
    Size cut = size_of_margin(terms, most_margin(terms, cash, &is_sure), row->price);
    HqVec all_but_rounding = size->quantity * hq_vec_all(1 - HQ_SIZE_ROUNDING);
    HqMask too_many = hq_mask_of(~hq_mask_bits(fits) & hq_mask_bits(row->opens));
    HqMask is_less = hq_mask_and(too_many, hq_vec_less(cut.quantity, all_but_rounding));
    if (ledger->rejects)
        is_sure = hq_mask_and(is_sure, hq_vec_at_most(all_but_rounding, cut.quantity));
    add_to(ledger->partial + lane, is_less, terms->one);
    size->quantity = hq_vec_choose(fits, size->quantity, cut.quantity);
    size->margin = hq_vec_choose(fits, size->margin, cut.margin);
    return hq_mask_or(fits, hq_mask_and(is_sure, is_tradable(terms, cut, row->price)));
}

/* As hq_account_book() of an account that is flat. Answers where that is what an order does. */
static inline HqMask open_side(HqLedger *ledger, size_t lane, const Terms *terms, const Row *row,
                               Lanes *lanes)
{
    HqMask opens = row->opens, is_sure = hq_mask_of(HQ_VEC_ALL);
    Size size = size_wanted(ledger, terms, row, lanes->cash, &is_sure);
    is_sure = hq_mask_and(is_sure, is_tradable(terms, size, row->price));
    HqMask fits = is_affordable(terms, size.margin, lanes->cash);
    if (hq_mask_bits(opens) & ~hq_mask_bits(fits))
        is_sure =
            hq_mask_and(is_sure, cut_to_cash(ledger, lane, terms, row, lanes->cash, fits, &size));
    HqVec fee = fee_of(terms, size.margin * terms->leverage, size.quantity);
    add_to(ledger->fees + lane, opens, fee);
    lanes->cash = hq_vec_choose(opens, lanes->cash - (size.margin + fee), lanes->cash);
    lanes->sign = hq_vec_choose(opens, row->sign, lanes->sign);
    lanes->quantity = hq_vec_choose(opens, size.quantity, lanes->quantity);
    lanes->entry = hq_vec_choose(opens, row->price, lanes->entry);
    lanes->margin = hq_vec_choose(opens, size.margin, lanes->margin);
    lanes->round_fees = hq_vec_choose(opens, fee, lanes->round_fees);
    return is_sure;
}

/* ------------------------------------------------------------------------ holding */

/* Where no price of the block is of account for what is held: as hq_is_out_of_reach(). */
static inline HqMask is_calm(const Terms *terms, const Lanes *lanes)
{
    HqMask is_long = hq_vec_less(terms->zero, lanes->sign);
    HqVec worst = hq_vec_choose(is_long, terms->low, terms->high);
    HqVec balance =
        (lanes->cash + lanes->margin) + vec_pnl(lanes->sign, lanes->entry, lanes->quantity, worst);
    HqVec notional = lanes->quantity * worst;
    HqVec room = vec_solvency_room(hq_vec_max(lanes->cash, -lanes->cash), lanes->margin, notional,
                                   lanes->quantity * lanes->entry);
    HqMask is_solvent = hq_vec_less(room, balance - notional * terms->maintenance_rate);
    HqMask is_flat = hq_vec_equal(lanes->quantity, terms->zero);
    return hq_mask_or(is_solvent, hq_mask_and(is_flat, hq_vec_at_most(terms->zero, lanes->cash)));
}

/* A register's part of a row, and what is held from then on. Answers a bit for each account that is
 * not sure. */
static inline unsigned fill_row(HqLedger *ledger, const HqLedgerFills *fills, size_t row,
                                size_t vec, const Terms *terms)
{
    unsigned closes = hq_vec_part(fills->closes[row], vec),
             opens = hq_vec_part(fills->opens[row], vec);
    if ((closes | opens) == 0)
        return 0;
    size_t lane = vec * HQ_VEC_LANES, at = row * HQ_ACCOUNTS + lane;
    Row now = {hq_mask_of(closes), hq_mask_of(opens), hq_vec_load(fills->price + at),
               hq_vec_load(fills->sign + at), hq_vec_load(fills->size + at)};
    Lanes lanes = load(ledger, lane);
    unsigned unsure = 0;
    if (closes)
        close_all(ledger, lane, terms, &now, &lanes);
    if (opens)
        unsure = opens & ~hq_mask_bits(open_side(ledger, lane, terms, &now, &lanes));
    unsure |= (closes | opens) & ~hq_mask_bits(is_calm(terms, &lanes));
    store(ledger, lane, &lanes);
    hold(fills, at + HQ_ACCOUNTS, &lanes);
    return unsure << lane;
}

unsigned HQ_WIDE(hq_ledger_fill)(HqLedger *ledger, const HqLedgerFills *fills, size_t rows,
                                 HqRange range)
{
    enum { VECS = HQ_ACCOUNTS / HQ_VEC_LANES };
    Terms terms = terms_of(ledger, range);
    unsigned unsure = 0;
    for (size_t vec = 0; vec < VECS; vec++) {
        Lanes lanes = load(ledger, vec * HQ_VEC_LANES);
        hold(fills, vec * HQ_VEC_LANES, &lanes);
        hold(fills, HQ_ACCOUNTS + vec * HQ_VEC_LANES, &lanes); /* row 0 may be left out */
        unsure |= (HQ_VEC_ALL & ~hq_mask_bits(is_calm(&terms, &lanes))) << vec * HQ_VEC_LANES;
    }
    for (size_t row = 0; row < rows; row++)
        for (size_t vec = 0; vec < VECS; vec++)
            unsure |= fill_row(ledger, fills, row, vec, &terms);
    return unsure;
}
