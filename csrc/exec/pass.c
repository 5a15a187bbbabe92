/*
 * Bars that pass: one symbol, nothing that works, and prices that reach neither a level nor
 * liquidation, whatever their path. They leave what the phases of a bar would leave, to the bit.
 */
#include "exec/reach.h"

static bool is_simple(const HqExec *exec, const HqSymbolState *state)
{
    return exec->n_symbols == 1 && !state->has_signal_order && state->n_working == 0 &&
           state->next == state->n_list && !state->symbol->funding_rate &&
           !state->symbol->finer && !exec->account.n_tiers;
}

/* -------------------------------------------------------------------- spans */

/* Prices that neither liquidate nor touch a level of a side, ends excluded. */
static HqRange bounds_of(const HqHolding *held, HqSide side, double safe)
{
    double adverse = hq_adverse_level(held, side);
    return side == HQ_LONG ? (HqRange){safe > adverse ? safe : adverse, held->target}
                           : (HqRange){held->target, safe < adverse ? safe : adverse};
}

static bool may_pass(const HqExec *exec, const HqSymbolState *state, HqRange range)
{
    for (int side = HQ_LONG; side <= HQ_SHORT; side++)
        if (exec->account.legs[side].quantity > 0 &&
            hq_reaches_level(&state->held[side], (HqSide)side, range))
            return false;
    return hq_is_solvent(&exec->account, range.low) && hq_is_solvent(&exec->account, range.high);
}

/* What the walk of quiet bars does to what is held. */
static void visit_all(HqExec *exec, HqSymbolState *state, HqRange range)
{
    hq_visit(exec, range.low);
    hq_visit(exec, range.high);
    for (int side = HQ_LONG; side <= HQ_SHORT; side++)
        if (exec->account.legs[side].quantity > 0)
            hq_holding_trail(&state->held[side], (HqSide)side, state->symbol->tick_size);
}

/* Excursions are for the list of trades. */
static void note_excursions(HqExec *exec, const double *low, const double *high, size_t n)
{
    if (n == 0 || exec->records.trades_cap == 0)
        return;
    HqRange range = HQ_WIDE_CHOOSE(hq_span_extremes)(low, high, n);
    hq_visit(exec, range.low);
    hq_visit(exec, range.high);
}

/* Levels that stay where they are: the first bar that may touch one. */
static size_t pass_still(HqExec *exec, HqHolding *held, HqSide side, double safe,
                         const double *low, const double *high, size_t n)
{
    n = HQ_WIDE_CHOOSE(hq_span_reach)(low, high, n, bounds_of(held, side, safe));
    note_excursions(exec, low, high, n);
    held->best = held->best_now;
    return n;
}

static bool is_inside(HqRange range, HqRange bounds)
{
    return bounds.low < range.low && range.high < bounds.high;
}

/* A level that follows the price: as hq_visit() and hq_holding_trail(). The first bar that may touch one. */
static size_t trail_bars(HqHolding *held, HqSide side, double safe, double tick, const double *low,
                         const double *high, size_t n)
{
    HqRange bounds = bounds_of(held, side, safe);
    for (size_t t = 0; t < n; t++) {
        if (!is_inside((HqRange){low[t], high[t]}, bounds))
            return t;
        held->best_now = hq_better(held->best_now, side, side == HQ_LONG ? high[t] : low[t]);
        if (held->best == held->best_now)
            continue;
        hq_holding_trail(held, side, tick);
        bounds = bounds_of(held, side, safe);
    }
    return n;
}

/*
 * The same where none of the bars touches a level in whatever order they come: the one that follows the
 * price goes one way, and is where the best price of all leaves it. False when that is not so.
 */
static bool trail_at_once(HqHolding *held, HqSide side, double safe, double tick, HqRange range)
{
    double best_now = held->best_now, best = held->best, level = held->trail_level;
    held->best_now = hq_better(best_now, side, side == HQ_LONG ? range.high : range.low);
    hq_holding_trail(held, side, tick);
    if (is_inside(range, bounds_of(held, side, safe)))
        return true;
    held->best_now = best_now;
    held->best = best;
    held->trail_level = level;
    return false;
}

static size_t pass_trailing(HqExec *exec, HqHolding *held, HqSide side, double safe,
                            const double *low, const double *high, size_t n)
{
    enum { PIECE = 32 }; /* bars: in more of them a price may well come back to where the level ends */
    double tick = exec->symbols->symbol->tick_size;
    size_t t = 0;
    for (size_t part = 0, passed = 0; t < n && passed == part; t += passed) {
        part = passed = n - t < PIECE ? n - t : PIECE;
        HqRange range = HQ_WIDE_CHOOSE(hq_span_extremes)(low + t, high + t, part);
        if (!trail_at_once(held, side, safe, tick, range))
            passed = trail_bars(held, side, safe, tick, low + t, high + t, part);
    }
    note_excursions(exec, low, high, t);
    return t;
}

/* Two sides at once, or one that is never safe: bar by bar. */
static size_t pass_each(HqExec *exec, HqSymbolState *state, const double *low,
                        const double *high, size_t n)
{
    for (size_t t = 0; t < n; t++) {
        HqRange range = {low[t], high[t]};
        if (!may_pass(exec, state, range))
            return t;
        visit_all(exec, state, range);
    }
    return n;
}

static void pass_out_of_reach(HqExec *exec, HqSymbolState *state, const HqPrices *prices,
                              size_t from, size_t n)
{
    if (hq_account_held(&exec->account) > 0)
        note_excursions(exec, prices->low + from, prices->high + from, n);
    for (int side = HQ_LONG; side <= HQ_SHORT; side++)
        state->held[side].best = state->held[side].best_now;
}

static size_t pass_held(HqExec *exec, HqSymbolState *state, const HqPrices *prices, size_t from,
                        size_t n)
{
    if (hq_is_out_of_reach(exec, state, prices)) {
        pass_out_of_reach(exec, state, prices, from, n);
        return n;
    }
    const double *low = prices->low + from, *high = prices->high + from;
    const HqLeg *legs = exec->account.legs;
    HqSide side = legs[HQ_LONG].quantity > 0 ? HQ_LONG : HQ_SHORT;
    bool has_both = legs[HQ_LONG].quantity > 0 && legs[HQ_SHORT].quantity > 0;
    HqHolding *held = &state->held[side];
    double safe = has_both ? NAN : hq_safe_price(&exec->account, side);
    if (isnan(safe))
        return pass_each(exec, state, low, high, n);
    return held->trail > 0 ? pass_trailing(exec, held, side, safe, low, high, n)
                           : pass_still(exec, held, side, safe, low, high, n);
}

/*
 * On to the close of a bar. Its time is not looked up, which would be a trip to memory: a bar that
 * something happens on begins anew, and who trades at its close looks for it, as hq_exec_finish() does.
 */
static void move_on(HqExec *exec, HqSymbolState *state, uint64_t last)
{
    state->fills = last > state->at.bar ? 0 : state->fills;
    state->at.bar = last;
    state->is_ambiguous = false;
    hq_exec_close(exec, 0);
}

static void value(const HqExec *exec, const HqPrices *prices, uint64_t bar, size_t n, double *equity)
{
    HQ_WIDE_CHOOSE(hq_span_equity)
    (&exec->account, prices->close + (bar - prices->first), n, prices->end - bar, equity);
}

uint64_t hq_exec_pass(HqExec *exec, const HqPrices *prices, uint64_t bar, uint64_t end,
                      double *equity)
{
    HqSymbolState *state = exec->symbols;
    const HqAccount *account = &exec->account;
    bool is_flat = !(hq_account_held(account) > 0);
    if (!is_simple(exec, state) || (is_flat && account->cash < 0))
        return bar;
    size_t n = end - bar;
    if (!is_flat)
        n = pass_held(exec, state, prices, bar - prices->first, n);
    if (n == 0)
        return bar;
    move_on(exec, state, bar + n - 1);
    value(exec, prices, bar, n, equity);
    return bar + n;
}

void hq_exec_pass_calm(HqExec *exec, const HqPrices *prices, uint64_t bar, uint64_t end,
                       double *equity)
{
    HqSymbolState *state = exec->symbols;
    pass_out_of_reach(exec, state, prices, bar - prices->first, end - bar);
    move_on(exec, state, end - 1);
    value(exec, prices, bar, end - bar, equity);
}
