/* Fills of the symbol in focus, and what they do to its position: in place, as exec/booking.h. */
#ifndef HQ_EXEC_FILL_H
#define HQ_EXEC_FILL_H

#include <math.h>

#include "exec/booking.h"
#include "exec/trade.h"

static inline double hq_fee_rate(const HqExec *exec, bool is_maker)
{
    const BacktestParams *params = &exec->account.params;
    return is_maker ? params->maker_fee_rate : params->taker_fee_rate;
}

/** The price of a fill at a place; each call is a draw of its own. `sign`: +1 buys. */
HQ_INLINE double hq_fill_price(HqExec *exec, const HqPlace *place, int sign)
{
    HqSymbolState *state = hq_in_focus(exec);
    uint64_t number = state->fills++;
    if (!place->slips || exec->options->slippage_kind == HQ_SLIPPAGE_NONE)
        return place->price;
    HqDraw draw = {state->index, state->at.bar, number};
    return hq_slipped(exec->options, state->symbol->tick_size, place->price, sign, draw);
}

/** What an execution was for. */
typedef struct HqCause {
    int64_t order; /* index in the list; -1: none of it */
    uint8_t reason;
    bool is_maker, is_opening;
} HqCause;

/** Write an execution down, for which there is room. */
void hq_fill_write(HqExec *exec, HqSide side, HqLegFill fill, double price, HqCause cause);

HQ_INLINE void hq_fill_record(HqExec *exec, HqSide side, HqLegFill fill, double price,
                              HqCause cause)
{
    exec->records.counts.fills++;
    if (exec->records.fills_len < exec->records.fills_cap)
        hq_fill_write(exec, side, fill, price, cause);
}

/* ---------------------------------------------------------------- levels */

static inline double hq_distance_in_price(HqDistance distance, double price)
{
    return distance.unit == HQ_DISTANCE_FRACTION ? distance.value * price : distance.value;
}

/** Levels of an order that opened at a fill's price [O4]; what it does not bring stays. */
HQ_INLINE void hq_holding_set_levels(HqHolding *held, HqSide side, const HqWorking *order,
                                     double price, double tick)
{
    int sign = hq_sign_of(side);
    if (order->stop.unit)
        held->stop = hq_to_tick(price - sign * hq_distance_in_price(order->stop, price), tick,
                                side == HQ_SHORT);
    if (order->target.unit)
        held->target = hq_to_tick(price + sign * hq_distance_in_price(order->target, price), tick,
                                  side == HQ_LONG);
    if (order->trail.unit)
        held->trail = hq_distance_in_price(order->trail, price);
}

/** Price distance to the nearer stop; NaN without one. */
static inline double hq_holding_risk(const HqHolding *held, HqSide side, double price)
{
    double level = hq_adverse_level(held, side);
    return level == hq_out_of_reach(side, true) ? NAN : fabs(price - level);
}

/* ----------------------------------------------------------------- fills */

/** Open or add to a side by a checked size, and set the levels that the order brings. */
HQ_INLINE void hq_open(HqExec *exec, HqSide side, const HqWorking *order, HqSize size, double price,
                       const HqPlace *place)
{
    HqSymbolState *state = hq_in_focus(exec);
    HqHolding *held = &state->held[side];
    double tick = state->symbol->tick_size;
    bool is_first = held->round.trade.entries == 0;
    HqLegFill fill = hq_account_book(&exec->account, side, price, size.quantity, size.margin,
                                     hq_fee_rate(exec, place->is_maker));
    hq_holding_set_levels(held, side, order, price, tick);
    if (is_first || order->trail.unit) {
        held->best_now = price;
        hq_holding_trail(held, side, tick);
    }
    uint8_t reason = order->index < 0 ? HQ_REASON_SIGNAL : HQ_REASON_ORDER;
    if (hq_records_take_trades(&exec->records)) {
        HqEntry entry = {side, price, hq_holding_risk(held, side, price), reason, state->at};
        hq_trade_open(&held->round, &fill, &entry);
    }
    hq_round_open(&held->round, fill.fee);
    hq_fill_record(exec, side, fill, price, (HqCause){order->index, reason, place->is_maker, true});
}

/** Close a quantity of a side at a fill's price, all of it when it holds no more. */
HQ_INLINE void hq_close(HqExec *exec, HqSide side, double quantity, double price, bool is_maker,
                        uint8_t reason, int64_t order)
{
    HqSymbolState *state = hq_in_focus(exec);
    HqHolding *held = &state->held[side];
    HqLegFill fill =
        hq_account_close(&exec->account, side, price, quantity, hq_fee_rate(exec, is_maker));
    hq_round_close(&held->round, &exec->records, &fill, price);
    hq_fill_record(exec, side, fill, price, (HqCause){order, reason, is_maker, false});
    if (exec->account.legs[side].quantity > 0)
        return;
    hq_round_end(&held->round, &exec->records, &state->at, (HqLegFill){0, 0, 0, 0}, price, reason);
    hq_holding_clear(held, side);
}

#endif
