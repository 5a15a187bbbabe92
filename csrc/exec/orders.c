/* An order's turn: what it closes, what it opens, and how it is counted. */
#include <string.h>

#include "exec/effect.h"
#include "exec/fill.h"
#include "exec/sizing.h"

/* ---------------------------------------------------------------- reach */

HqReach hq_order_reach(const HqWorking *order, double from, double to)
{
    bool buys = order->side > 0;
    if (order->type == HQ_ORDER_MARKET)
        return (HqReach){true, from};
    if (order->type == HQ_ORDER_LIMIT || order->is_triggered)
        return buys ? hq_reach_falling(order->price, from, to)
                    : hq_reach_rising(order->price, from, to);
    return buys ? hq_reach_rising(order->stop_price, from, to)
                : hq_reach_falling(order->stop_price, from, to);
}

/* A stop-limit whose stop was just reached: whether its limit is as good at once. */
static bool is_marketable(const HqWorking *order, double price)
{
    return order->side > 0 ? price <= order->price : price >= order->price;
}

static HqPlace place_of(const HqSymbolState *state, const HqWorking *order, double price)
{
    bool is_limit = order->type == HQ_ORDER_LIMIT || order->type == HQ_ORDER_STOP_LIMIT;
    bool rested = order->type == HQ_ORDER_LIMIT ? order->age > 0 || !state->is_at_open
                                                : order->is_triggered;
    return (HqPlace){price, !is_limit, is_limit && rested};
}

/* ---------------------------------------------------------------- counts */

static void filled(HqExec *exec, const HqWorking *order, bool is_partial)
{
    exec->records.counts.filled_orders++;
    exec->records.counts.partial_orders += is_partial;
    if (order->oco)
        exec->oco_done[order->oco] = 1;
}

/* An order's turn is over: it was filled, or why not. */
HQ_INLINE void count(HqExec *exec, const HqWorking *order, int reason, bool is_partial)
{
    if (reason == HQ_NO_REJECT)
        filled(exec, order, is_partial);
    else
        hq_count_rejects(&exec->records, reason, 1);
}

/* ----------------------------------------------------------------- turns */

/* One order at its place: what both kinds of it need. What a signal does is in place, for speed. */
typedef struct Turn {
    HqExec *exec;
    const HqWorking *order;
    HqPlace place;
    double price;   /* the fill's */
    HqSide side;    /* that it would open */
    HqSide other;
    bool *has_opened;
} Turn;

HQ_INLINE bool holds(const Turn *turn, HqSide side)
{
    return turn->exec->account.legs[side].quantity > 0;
}

HQ_INLINE void set_price(Turn *turn)
{
    turn->price = hq_fill_price(turn->exec, &turn->place, turn->order->side);
}

HQ_INLINE void close_other(const Turn *turn, double quantity)
{
    uint8_t reason = turn->order->index < 0 ? HQ_REASON_SIGNAL : HQ_REASON_ORDER;
    hq_close(turn->exec, turn->other, quantity, turn->price, turn->place.is_maker, reason,
             turn->order->index);
}

/* Open a size; HQ_NO_REJECT, or why not. */
HQ_INLINE int open_size(const Turn *turn, HqSize size, bool *is_partial)
{
    HqExec *exec = turn->exec;
    double rate = hq_fee_rate(exec, turn->place.is_maker);
    bool is_cut = false;
    int reason = hq_size_check(exec, turn->side, turn->price, rate,
                               turn->order->size_unit == HQ_SIZE_ALL, &size, &is_cut);
    if (reason != HQ_NO_REJECT)
        return reason;
    *is_partial = is_cut;
    hq_open(exec, turn->side, turn->order, size, turn->price, &turn->place);
    hq_visit(exec, turn->place.price);
    *turn->has_opened = true;
    return HQ_NO_REJECT;
}

HQ_INLINE HqSize wanted(const Turn *turn)
{
    return hq_size_wanted(turn->exec, turn->order->size_unit, turn->order->size, turn->price,
                          hq_fee_rate(turn->exec, turn->place.is_maker));
}

/* A signal closes the other side, whole, and opens its own. */
HQ_INLINE void signal_turn(Turn *turn)
{
    HqExec *exec = turn->exec;
    HqBacktestReport *counts = &exec->records.counts;
    const HqHolding *own = &hq_in_focus(exec)->held[turn->side];
    HqEffect what =
        hq_effect_of(exec->options, turn->side, holds(turn, turn->other), own->round.trade.entries);
    if (what.ignored_side | what.ignored_same_side) {
        counts->ignored_side += what.ignored_side;
        counts->ignored_same_side += what.ignored_same_side;
        return;
    }
    set_price(turn);
    if (what.closes)
        close_other(turn, HUGE_VAL);
    bool is_partial = false;
    int reason = HQ_NO_REJECT;
    if (what.opens)
        reason = open_size(turn, wanted(turn), &is_partial);
    count(exec, turn->order, reason, is_partial);
}

/* Rounding is no order: a remainder of less than this share of a quantity is none. */
#define REMAINDER_DUST 1e-12

/* Reduce the other side by `total` units at most and open what is left, where that may be. */
static void reduce_and_open(const Turn *turn, double total, bool *is_partial)
{
    const HqWorking *order = turn->order;
    double held = turn->exec->account.legs[turn->other].quantity;
    double rest = total - held;
    bool is_all = order->size_unit == HQ_SIZE_ALL; /* total and rest have no end */
    close_other(turn, total);
    if (order->reduce_only || !hq_may_hold(turn->exec->options, turn->side))
        return;
    if (!is_all && !(rest > REMAINDER_DUST * total))
        return;
    HqSize size = is_all ? wanted(turn) : hq_size_of(turn->exec, rest, turn->price);
    open_size(turn, size, is_partial);
}

/* Reduce the other side by the order's size; HQ_NO_REJECT, or why not. */
static int reduce(const Turn *turn, bool *is_partial)
{
    double total = HUGE_VAL;
    if (turn->order->size_unit != HQ_SIZE_ALL)
        total = hq_to_lot(wanted(turn).quantity, hq_in_focus(turn->exec)->symbol->lot_size);
    if (!(total > 0))
        return HQ_REJECT_MIN_SIZE;
    reduce_and_open(turn, total, is_partial);
    return HQ_NO_REJECT;
}

/* An order of the list reduces the other side, and opens what is left [O3]. */
static HQ_NOINLINE void list_turn(Turn *turn)
{
    bool can_reduce = turn->order->reduce_only || !turn->exec->options->hedged;
    bool reduces = can_reduce && holds(turn, turn->other);
    bool is_partial = false;
    int reason = HQ_NO_REJECT;
    if (turn->order->reduce_only && !reduces)
        reason = HQ_REJECT_REDUCE_ONLY;
    else if (!reduces && !hq_may_hold(turn->exec->options, turn->side))
        reason = HQ_REJECT_SIDE;
    if (reason == HQ_NO_REJECT) {
        set_price(turn); /* a draw: only of orders that get this far [C3] */
        reason = reduces ? reduce(turn, &is_partial) : open_size(turn, wanted(turn), &is_partial);
    }
    count(turn->exec, turn->order, reason, is_partial);
}

void hq_order_remove(HqExec *exec, HqWorking *order)
{
    HqSymbolState *state = hq_in_focus(exec);
    if (order == &state->signal_order) {
        state->has_signal_order = false;
        return;
    }
    size_t behind = (size_t)(state->working + state->n_working - (order + 1));
    memmove(order, order + 1, behind * sizeof *order);
    state->n_working--;
}

/* False: it can open nothing, and that is counted. */
static bool may_trade(HqExec *exec, const HqWorking *order)
{
    if (exec->account.liquidated)
        hq_count_rejects(&exec->records, HQ_REJECT_LIQUIDATED, 1);
    else if (order->is_bad)
        hq_count_rejects(&exec->records, HQ_REJECT_CLAUSE, 1);
    return !exec->account.liquidated && !order->is_bad;
}

HQ_INLINE Turn turn_of(HqExec *exec, const HqWorking *order, HqPlace place, HqSide side,
                       bool *has_opened)
{
    HqSide other = side == HQ_LONG ? HQ_SHORT : HQ_LONG;
    return (Turn){exec, order, place, place.price, side, other, has_opened};
}

void hq_signal_take_turn(HqExec *exec, const HqWorking *order, double price)
{
    bool has_opened = false;
    HqPlace place = {price, true, false};
    if (!may_trade(exec, order))
        return;
    if (order->side > 0) { /* code of its own for either side */
        Turn turn = turn_of(exec, order, place, HQ_LONG, &has_opened);
        signal_turn(&turn);
    } else {
        Turn turn = turn_of(exec, order, place, HQ_SHORT, &has_opened);
        signal_turn(&turn);
    }
}

bool hq_order_take_turn(HqExec *exec, HqWorking *order, double price, bool *has_opened)
{
    HqSymbolState *state = hq_in_focus(exec);
    if (order->type == HQ_ORDER_STOP_LIMIT && !order->is_triggered && !is_marketable(order, price)) {
        order->is_triggered = true;
        return false;
    }
    HqSide side = order->side > 0 ? HQ_LONG : HQ_SHORT;
    Turn turn = turn_of(exec, order, place_of(state, order, price), side, has_opened);
    if (!may_trade(exec, order))
        return true;
    if (order->index < 0)
        signal_turn(&turn);
    else
        list_turn(&turn);
    return true;
}
