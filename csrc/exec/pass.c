/*
 * Bars that pass: one symbol, nothing that works, and a price that reaches neither a level nor
 * liquidation, whatever its path. They leave what the phases of a bar would leave, to the bit.
 */
#include "exec/trade.h"

/* The least and the most of a bar's four prices. */
typedef struct Range {
    double low, high;
} Range;

static Range range_of(const HqBars *bars, uint64_t bar)
{
    double open = bars->open[bar], close = bars->close[bar];
    Range range = {bars->low[bar], bars->high[bar]};
    range.low = open < range.low ? open : range.low;
    range.low = close < range.low ? close : range.low;
    range.high = open > range.high ? open : range.high;
    range.high = close > range.high ? close : range.high;
    return range;
}

static bool is_simple(const HqExec *exec, const HqSymbolState *state)
{
    return exec->n_symbols == 1 && !state->has_signal_order && state->n_working == 0 &&
           state->next == state->n_list && !state->symbol->funding_rate &&
           !state->symbol->finer && !exec->account.n_tiers && !exec->account.liquidated;
}

static bool reaches_level(const HqHolding *held, HqSide side, Range range)
{
    double adverse = hq_adverse_level(held, side);
    return side == HQ_LONG ? adverse >= range.low || held->target <= range.high
                           : adverse <= range.high || held->target >= range.low;
}

/* Equity beyond maintenance is linear in the price: what holds with room at both ends holds between. */
static bool is_solvent(const HqAccount *account, double price)
{
    double balance = hq_account_balance(account, price);
    double maintenance = hq_account_maintenance(account, price);
    double room = 1e-9 * (fabs(account->cash) + hq_account_locked(account) +
                          hq_account_notional(account, price) +
                          account->legs[HQ_LONG].quantity * account->legs[HQ_LONG].entry +
                          account->legs[HQ_SHORT].quantity * account->legs[HQ_SHORT].entry);
    return balance - maintenance > room;
}

static bool may_pass(const HqExec *exec, const HqSymbolState *state, Range range)
{
    for (int side = HQ_LONG; side <= HQ_SHORT; side++)
        if (exec->account.legs[side].quantity > 0 &&
            reaches_level(&state->held[side], (HqSide)side, range))
            return false;
    return is_solvent(&exec->account, range.low) && is_solvent(&exec->account, range.high);
}

/* What the walk of a quiet bar does to what is held. */
static void visit_all(HqExec *exec, HqSymbolState *state, Range range)
{
    hq_visit(exec, range.low);
    hq_visit(exec, range.high);
    for (int side = HQ_LONG; side <= HQ_SHORT; side++)
        if (exec->account.legs[side].quantity > 0)
            hq_holding_trail(&state->held[side], (HqSide)side, state->symbol->tick_size);
}

bool hq_exec_pass(HqExec *exec, uint64_t bar)
{
    HqSymbolState *state = exec->symbols;
    const HqAccount *account = &exec->account;
    bool is_flat = !(hq_account_held(account) > 0);
    bool passes = is_simple(exec, state) && !(is_flat && account->cash < 0);
    exec->is_as_noted &= passes && is_flat; /* equity moves with what is held */
    if (!passes)
        return false;
    if (!is_flat) {
        Range range = range_of(state->symbol->bars, bar);
        if (!may_pass(exec, state, range))
            return false;
        visit_all(exec, state, range);
    }
    hq_exec_begin(exec, 0, bar);
    hq_exec_close(exec, 0);
    return true;
}
