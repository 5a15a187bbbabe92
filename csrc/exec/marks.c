/*
 * The account at the marks: which symbol's legs are in focus, what the others are worth, liquidation.
 */
#include <string.h>

#include "exec/trade.h"

/* ------------------------------------------------------------------- focus */

static const HqLeg *legs_of(const HqExec *exec, uint32_t symbol)
{
    return symbol == exec->focus ? exec->account.legs : exec->symbols[symbol].parked;
}

static double pnl_at_mark(const HqExec *exec, uint32_t symbol)
{
    const HqLeg *legs = legs_of(exec, symbol);
    double mark = exec->symbols[symbol].mark;
    return hq_leg_pnl(&legs[HQ_LONG], HQ_LONG, mark) +
           hq_leg_pnl(&legs[HQ_SHORT], HQ_SHORT, mark);
}

static double maintenance_at_mark(const HqExec *exec, uint32_t symbol)
{
    HqAccount alone = exec->account;
    memcpy(alone.legs, legs_of(exec, symbol), sizeof alone.legs);
    return hq_account_own_maintenance(&alone, exec->symbols[symbol].mark);
}

static double others_pnl(const HqExec *exec)
{
    double sum = 0;
    for (uint32_t s = 0; s < exec->n_symbols; s++)
        if (s != exec->focus)
            sum += pnl_at_mark(exec, s);
    return sum;
}

static HqOthers others_at_marks(const HqExec *exec)
{
    HqOthers others = {0, 0, 0};
    for (uint32_t s = 0; s < exec->n_symbols; s++) {
        const HqLeg *legs = legs_of(exec, s);
        double quantity = legs[HQ_LONG].quantity + legs[HQ_SHORT].quantity;
        if (s == exec->focus || !(quantity > 0))
            continue;
        others.quantity += quantity;
        others.value += (legs[HQ_LONG].margin + legs[HQ_SHORT].margin) + pnl_at_mark(exec, s);
        others.maintenance += maintenance_at_mark(exec, s);
    }
    return others;
}

void hq_exec_set_focus(HqExec *exec, uint32_t symbol)
{
    if (exec->n_symbols == 1)
        return;
    if (symbol != exec->focus) {
        memcpy(exec->symbols[exec->focus].parked, exec->account.legs, sizeof exec->account.legs);
        memcpy(exec->account.legs, exec->symbols[symbol].parked, sizeof exec->account.legs);
        exec->focus = symbol;
    }
    exec->account.others = others_at_marks(exec);
}

/* -------------------------------------------------------------- liquidation */

void hq_end_rounds(HqExec *exec, uint32_t symbol, double price, uint8_t reason)
{
    HqSymbolState *state = &exec->symbols[symbol];
    for (int side = HQ_LONG; side <= HQ_SHORT; side++) {
        const HqLeg *leg = &legs_of(exec, symbol)[side];
        if (!(leg->quantity > 0))
            continue;
        HqLegFill rest = {leg->quantity, leg->margin, 0, hq_leg_pnl(leg, (HqSide)side, price)};
        hq_round_end(&state->held[side].round, &exec->records, &state->at, rest, price, reason);
        hq_holding_clear(&state->held[side], (HqSide)side);
    }
}

void hq_liquidate_if_due(HqExec *exec, double price, double leave_at)
{
    if (!hq_account_is_due(&exec->account, price))
        return;
    for (uint32_t s = 0; s < exec->n_symbols; s++)
        hq_end_rounds(exec, s, s == exec->focus ? leave_at : exec->symbols[s].mark,
                      HQ_REASON_LIQUIDATION);
    hq_account_liquidate(&exec->account, leave_at, others_pnl(exec));
    for (uint32_t s = 0; s < exec->n_symbols; s++) {
        memset(exec->symbols[s].parked, 0, sizeof exec->symbols[s].parked);
        hq_orders_reject(exec, &exec->symbols[s]);
    }
}

/* ----------------------------------------------------------------- reading */

double hq_exec_equity(HqExec *exec)
{
    hq_exec_set_focus(exec, exec->focus);
    return hq_account_equity(&exec->account, exec->symbols[exec->focus].mark);
}

double hq_exec_position(const HqExec *exec, uint32_t symbol)
{
    const HqLeg *legs = legs_of(exec, symbol);
    return legs[HQ_LONG].quantity - legs[HQ_SHORT].quantity;
}

double hq_exec_margin(const HqExec *exec)
{
    double sum = 0;
    for (uint32_t s = 0; s < exec->n_symbols; s++)
        sum += legs_of(exec, s)[HQ_LONG].margin + legs_of(exec, s)[HQ_SHORT].margin;
    return sum;
}
