/* Fills of the symbol in focus, and what they do to its position. */
#include "exec/trade.h"

#include <string.h>

static int sign_of(HqSide side) { return side == HQ_LONG ? 1 : -1; }

static double slipped(const HqExec *exec, const HqSymbolState *state, double price, int sign,
                      uint64_t number)
{
    HqDraw draw = {state->index, state->at.bar, number};
    return hq_slipped(exec->options, state->symbol->tick_size, price, sign, draw);
}

double hq_fill_price(HqExec *exec, const HqPlace *place, int sign)
{
    HqSymbolState *state = hq_in_focus(exec);
    uint64_t number = state->fills++;
    bool is_exact = !place->slips || exec->options->slippage_kind == HQ_SLIPPAGE_NONE;
    return is_exact ? place->price : slipped(exec, state, place->price, sign, number);
}

/* What an execution was for. */
typedef struct Cause {
    int64_t order; /* index in the list; -1: none of it */
    uint8_t reason;
    bool is_maker, is_opening;
} Cause;

static void write_down(HqExec *exec, HqSide side, const HqLegFill *fill, double price, Cause cause)
{
    const HqSymbolState *state = hq_in_focus(exec);
    const HqLeg *legs = exec->account.legs;
    HqFill *to = &exec->records.fills[exec->records.fills_len++];
    *to = (HqFill){.time = state->at.time,
                   .bar = state->at.bar,
                   .order = cause.order,
                   .price = price,
                   .quantity = fill->quantity,
                   .fee = fill->fee,
                   .pnl = fill->pnl,
                   .position = legs[HQ_LONG].quantity - legs[HQ_SHORT].quantity,
                   .symbol = state->index,
                   .side = (int8_t)(cause.is_opening ? sign_of(side) : -sign_of(side)),
                   .reason = cause.reason,
                   .is_maker = cause.is_maker,
                   .is_opening = cause.is_opening};
}

static void record(HqExec *exec, HqSide side, const HqLegFill *fill, double price, Cause cause)
{
    exec->records.counts.fills++;
    if (exec->records.fills_len < exec->records.fills_cap)
        write_down(exec, side, fill, price, cause);
}

/* ---------------------------------------------------------------- levels */

void hq_holding_clear(HqHolding *held, HqSide side)
{
    held->trail = held->best = held->best_now = 0;
    hq_round_clear(&held->round);
    held->stop = held->trail_level = hq_out_of_reach(side, true);
    held->target = hq_out_of_reach(side, false);
}

static double in_price(HqDistance distance, double price)
{
    return distance.unit == HQ_DISTANCE_FRACTION ? distance.value * price : distance.value;
}

/* Levels of an order that opened at a fill's price [O4]; what it does not bring stays. */
static void set_levels(HqHolding *held, HqSide side, const HqWorking *order, double price,
                       double tick)
{
    int sign = sign_of(side);
    if (order->stop.unit)
        held->stop = hq_to_tick(price - sign * in_price(order->stop, price), tick, side == HQ_SHORT);
    if (order->target.unit)
        held->target =
            hq_to_tick(price + sign * in_price(order->target, price), tick, side == HQ_LONG);
    if (order->trail.unit)
        held->trail = in_price(order->trail, price);
}

/* Price distance to the nearer stop; NaN without one. */
static double risk_of(const HqHolding *held, HqSide side, double price)
{
    double level = hq_adverse_level(held, side);
    return level == hq_out_of_reach(side, true) ? NAN : fabs(price - level);
}

/* ----------------------------------------------------------------- fills */

void hq_open(HqExec *exec, HqSide side, const HqWorking *order, HqSize size, double price,
             const HqPlace *place)
{
    HqSymbolState *state = hq_in_focus(exec);
    HqHolding *held = &state->held[side];
    double tick = state->symbol->tick_size;
    bool is_first = held->round.trade.entries == 0;
    HqLegFill fill = hq_account_book(&exec->account, side, price, size.quantity, size.margin,
                                     hq_fee_rate(exec, place->is_maker));
    set_levels(held, side, order, price, tick);
    if (is_first || order->trail.unit) {
        held->best_now = price;
        hq_holding_trail(held, side, tick);
    }
    uint8_t reason = order->index < 0 ? HQ_REASON_SIGNAL : HQ_REASON_ORDER;
    hq_round_open(&held->round, side, &fill, price, risk_of(held, side, price), reason, state->at);
    record(exec, side, &fill, price, (Cause){order->index, reason, place->is_maker, true});
}

void hq_close(HqExec *exec, HqSide side, double quantity, double price, bool is_maker,
              uint8_t reason, int64_t order)
{
    HqSymbolState *state = hq_in_focus(exec);
    HqHolding *held = &state->held[side];
    HqLegFill fill =
        hq_account_close(&exec->account, side, price, quantity, hq_fee_rate(exec, is_maker));
    hq_round_close(&held->round, &fill, price);
    record(exec, side, &fill, price, (Cause){order, reason, is_maker, false});
    if (exec->account.legs[side].quantity > 0)
        return;
    hq_round_end(&held->round, &exec->records, state->at, (HqLegFill){0, 0, 0, 0}, price, reason);
    hq_holding_clear(held, side);
}

void hq_visit(HqExec *exec, double price)
{
    HqSymbolState *state = hq_in_focus(exec);
    for (int side = HQ_LONG; side <= HQ_SHORT; side++) {
        const HqLeg *leg = &exec->account.legs[side];
        if (!(leg->quantity > 0))
            continue;
        HqHolding *held = &state->held[side];
        hq_round_visit(&held->round, hq_leg_pnl(leg, (HqSide)side, price));
        held->best_now = hq_better(held->best_now, (HqSide)side, price);
    }
}
