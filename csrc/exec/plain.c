/*
 * The short way of plain runs, which most are: signals' orders at opens where there is nothing else to
 * see to. What happens there is what the phases of a bar do, to the bit.
 */
#include "exec/reach.h"

bool hq_exec_is_calm(const HqExec *exec, const HqPrices *prices)
{
    return hq_is_out_of_reach(exec, exec->symbols, prices);
}

/* Whether nothing but an order is to be seen to at a bar's open. */
static bool is_open_quiet(const HqExec *exec, const HqSymbolState *state, double open)
{
    for (int side = HQ_LONG; side <= HQ_SHORT; side++)
        if (exec->account.legs[side].quantity > 0 &&
            hq_reaches_level(&state->held[side], (HqSide)side, (HqRange){open, open}))
            return false;
    return !hq_account_is_due(&exec->account, open);
}

/* As hq_exec_enter(). The time is for the lists of trades and fills. */
bool hq_exec_trade_open(HqExec *exec, const HqPrices *prices, const HqWorking *order, uint64_t bar,
                        bool *is_calm)
{
    HqSymbolState *state = exec->symbols;
    bool has_lists = hq_records_have_lists(&exec->records);
    if (!*is_calm && !is_open_quiet(exec, state, hq_state_open(state, bar)))
        return false;
    hq_state_begin(state, bar);
    if (has_lists)
        hq_state_look_up_time(state);
    if (has_lists || !*is_calm)
        hq_visit(exec, state->mark);
    hq_signal_take_turn(exec, order, state->mark);
    state->has_signal_order = false;
    *is_calm = hq_is_out_of_reach(exec, state, prices);
    if (!*is_calm)
        hq_liquidate_if_due(exec, state->mark, state->mark);
    return true;
}

void hq_exec_wait(HqExec *exec, const HqWorking *order)
{
    exec->symbols->signal_order = *order;
    exec->symbols->has_signal_order = true;
}
