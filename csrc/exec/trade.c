/* Fills of the symbol in focus, and what they do to its position. */
#include "exec/trade.h"

#include <string.h>

static int sign_of(HqSide side) { return side == HQ_LONG ? 1 : -1; }

double hq_fill_price(HqExec *exec, HqPlace place, int sign)
{
    HqSymbolState *state = hq_in_focus(exec);
    uint64_t number = state->fills++;
    if (!place.slips)
        return place.price;
    HqDraw draw = {state->index, state->at.bar, number};
    return hq_slipped(exec->options, state->symbol->tick_size, place.price, sign, draw);
}

static void record(HqExec *exec, HqSide side, const HqLegFill *fill, double price, HqFill like)
{
    HqSymbolState *state = hq_in_focus(exec);
    const HqLeg *legs = exec->account.legs;
    like.time = state->at.time;
    like.bar = state->at.bar;
    like.symbol = state->index;
    like.price = price;
    like.quantity = fill->quantity;
    like.fee = fill->fee;
    like.pnl = fill->pnl;
    like.position = legs[HQ_LONG].quantity - legs[HQ_SHORT].quantity;
    like.side = (int8_t)(like.is_opening ? sign_of(side) : -sign_of(side));
    hq_record_fill(&exec->records, &like);
}

/* ---------------------------------------------------------------- levels */

void hq_holding_clear(HqHolding *held, HqSide side)
{
    memset(held, 0, sizeof *held);
    held->stop = held->trail_level = hq_out_of_reach(side, true);
    held->target = hq_out_of_reach(side, false);
}

void hq_holding_trail(HqHolding *held, HqSide side, double tick)
{
    held->best = held->best_now;
    if (held->trail > 0)
        held->trail_level =
            hq_to_tick(held->best - sign_of(side) * held->trail, tick, side == HQ_SHORT);
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
             HqPlace place)
{
    HqSymbolState *state = hq_in_focus(exec);
    HqHolding *held = &state->held[side];
    double tick = state->symbol->tick_size;
    bool is_first = held->round.trade.entries == 0;
    HqLegFill fill = hq_account_book(&exec->account, side, price, size.quantity, size.margin,
                                     hq_fee_rate(exec, place.is_maker));
    set_levels(held, side, order, price, tick);
    if (is_first || order->trail.unit) {
        held->best_now = price;
        hq_holding_trail(held, side, tick);
    }
    uint8_t reason = order->index < 0 ? HQ_REASON_SIGNAL : HQ_REASON_ORDER;
    hq_round_open(&held->round, side, &fill, price, risk_of(held, side, price), reason, state->at);
    HqFill like = {.order = order->index, .reason = reason, .is_maker = place.is_maker,
                   .is_opening = 1};
    record(exec, side, &fill, price, like);
}

void hq_close(HqExec *exec, HqSide side, double quantity, double price, bool is_maker,
              uint8_t reason, int64_t order)
{
    HqSymbolState *state = hq_in_focus(exec);
    HqHolding *held = &state->held[side];
    HqLegFill fill =
        hq_account_close(&exec->account, side, price, quantity, hq_fee_rate(exec, is_maker));
    hq_round_close(&held->round, &fill, price);
    HqFill like = {.order = order, .reason = reason, .is_maker = is_maker};
    record(exec, side, &fill, price, like);
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
        if (side == HQ_LONG ? price > held->best_now : price < held->best_now)
            held->best_now = price;
    }
}
