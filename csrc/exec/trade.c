/* The list of fills. */
#include "exec/fill.h"

void hq_fill_write(HqExec *exec, HqSide side, HqLegFill fill, double price, HqCause cause)
{
    const HqSymbolState *state = hq_in_focus(exec);
    const HqLeg *legs = exec->account.legs;
    HqFill *to = &exec->records.fills[exec->records.fills_len++];
    *to = (HqFill){.time = state->at.time,
                   .bar = state->at.bar,
                   .order = cause.order,
                   .price = price,
                   .quantity = fill.quantity,
                   .fee = fill.fee,
                   .pnl = fill.pnl,
                   .position = legs[HQ_LONG].quantity - legs[HQ_SHORT].quantity,
                   .symbol = state->index,
                   .side = (int8_t)(cause.is_opening ? hq_sign_of(side) : -hq_sign_of(side)),
                   .reason = cause.reason,
                   .is_maker = cause.is_maker,
                   .is_opening = cause.is_opening};
}
