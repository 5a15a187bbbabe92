/*
 * Between a bar's open and its close: the price walks a path, and what it reaches is filled [P1-P4].
 */
#include <string.h>

#include "exec/fill.h"

/* A bar of the symbol, or one of its finer bars. */
typedef struct Candle {
    double open, high, low, close;
} Candle;

/* What is left of the path, in order. */
typedef struct Path {
    double point[3];
    int n;
} Path;

typedef enum What { NOTHING, STOP, TARGET, ORDER } What;

typedef struct Event {
    What what;
    HqSide side;      /* of a STOP or a TARGET */
    HqWorking *order; /* of an ORDER */
    double at;
} Event;

static Candle candle_of(const HqBars *bars, size_t i)
{
    return (Candle){bars->open[i], bars->high[i], bars->low[i], bars->close[i]};
}

/* ----------------------------------------------------------------- events */

static HqReach stop_reach(const HqHolding *held, HqSide side, double from, double to)
{
    double level = hq_adverse_level(held, side);
    return side == HQ_LONG ? hq_reach_falling(level, from, to) : hq_reach_rising(level, from, to);
}

static HqReach target_reach(const HqHolding *held, HqSide side, double from, double to)
{
    return side == HQ_LONG ? hq_reach_rising(held->target, from, to)
                           : hq_reach_falling(held->target, from, to);
}

/* Keep the nearer of two; the one that was there first when they are equally near. */
static void consider(Event *best, Event event, HqReach reach, double from)
{
    event.at = reach.at;
    if (reach.is_reached &&
        (best->what == NOTHING || fabs(event.at - from) < fabs(best->at - from)))
        *best = event;
}

static HqReach order_reach(const HqExec *exec, const HqWorking *order, double from, double to)
{
    if (exec->oco_done[order->oco])
        return (HqReach){false, from};
    return hq_order_reach(order, from, to);
}

/* What a move from one price to another reaches first [P1: the order of what is equally near]. */
static Event first_event(HqExec *exec, double from, double to)
{
    HqSymbolState *state = hq_in_focus(exec);
    Event best = {NOTHING, HQ_LONG, NULL, 0};
    for (int side = HQ_LONG; side <= HQ_SHORT; side++)
        if (exec->account.legs[side].quantity > 0)
            consider(&best, (Event){STOP, (HqSide)side, NULL, 0},
                     stop_reach(&state->held[side], (HqSide)side, from, to), from);
    for (int side = HQ_LONG; side <= HQ_SHORT; side++)
        if (exec->account.legs[side].quantity > 0)
            consider(&best, (Event){TARGET, (HqSide)side, NULL, 0},
                     target_reach(&state->held[side], (HqSide)side, from, to), from);
    if (state->has_signal_order)
        consider(&best, (Event){ORDER, HQ_LONG, &state->signal_order, 0},
                 order_reach(exec, &state->signal_order, from, to), from);
    for (size_t i = 0; i < state->n_working; i++)
        consider(&best, (Event){ORDER, HQ_LONG, &state->working[i], 0},
                 order_reach(exec, &state->working[i], from, to), from);
    return best;
}

static void exit_side(HqExec *exec, HqSide side, What what, double at)
{
    const HqHolding *held = &hq_in_focus(exec)->held[side];
    uint8_t reason = HQ_REASON_TARGET;
    if (what == STOP)
        reason = hq_adverse_level(held, side) == held->stop ? HQ_REASON_STOP : HQ_REASON_TRAIL;
    HqPlace place = {at, what == STOP, what == TARGET};
    double price = hq_fill_price(exec, &place, side == HQ_LONG ? -1 : 1);
    hq_close(exec, side, HUGE_VAL, price, place.is_maker, reason, -1);
}

/* Fill what was reached; true when it opened a position. */
static bool act(HqExec *exec, Event event)
{
    bool has_opened = false;
    if (event.what != ORDER)
        exit_side(exec, event.side, event.what, event.at);
    else if (hq_order_take_turn(exec, event.order, event.at, &has_opened))
        hq_order_remove(exec, event.order);
    return has_opened;
}

/* ------------------------------------------------------------------- path */

/* What rounding leaves of two quantities that are the same is no position. */
#define NET_DUST 1e-12

static double net_position(const HqExec *exec)
{
    double bought = exec->account.legs[HQ_LONG].quantity, sold = exec->account.legs[HQ_SHORT].quantity;
    return fabs(bought - sold) > NET_DUST * (bought + sold) ? bought - sold : 0;
}

/* Whether the low is assumed to come before the high. */
static bool is_low_first(const HqExec *exec, const Candle *bar, uint8_t rule)
{
    double net = net_position(exec);
    double up = bar->high - bar->open, down = bar->open - bar->low;
    if (net == 0 || (rule == HQ_INTRABAR_NEAREST && up != down))
        return down <= up;
    return (net > 0) != (rule == HQ_INTRABAR_BEST);
}

static Path whole_path(const HqExec *exec, const Candle *bar, uint8_t rule)
{
    if (is_low_first(exec, bar, rule))
        return (Path){{bar->low, bar->high, bar->close}, 3};
    return (Path){{bar->high, bar->low, bar->close}, 3};
}

/* The path after a position was opened while the price was rising or falling [P2]. */
static Path path_after(HqSide side, bool rising, const Candle *bar, uint8_t rule)
{
    double adverse = side == HQ_LONG ? bar->low : bar->high;
    double favourable = side == HQ_LONG ? bar->high : bar->low;
    bool is_with = rising == (side == HQ_LONG); /* the price moved the position's way */
    if (rule == HQ_INTRABAR_BEST)
        return is_with ? (Path){{favourable, bar->close}, 2}
                       : (Path){{favourable, adverse, bar->close}, 3};
    return is_with ? (Path){{adverse, favourable, bar->close}, 3}
                   : (Path){{adverse, bar->close}, 2};
}

/* -------------------------------------------------------------- ambiguity */

/* Whether a move reaches anything: orders, stops, targets, liquidation. */
static bool reaches(HqExec *exec, double from, double to)
{
    return first_event(exec, from, to).what != NOTHING || hq_account_is_due(&exec->account, to);
}

/* After the open: something lies on either side of it. What is at or beyond it comes first anyway. */
static bool has_both_sides(HqExec *exec, const Candle *bar)
{
    if (reaches(exec, bar->open, bar->open))
        return false;
    return reaches(exec, bar->open, bar->high) && reaches(exec, bar->open, bar->low);
}

/* A position opened inside the bar: whether an exit of it may have come before. */
static bool is_opening_ambiguous(HqExec *exec, HqSide side, bool rising, double at,
                                 const Candle *bar)
{
    const HqHolding *held = &hq_in_focus(exec)->held[side];
    bool stop = stop_reach(held, side, at, side == HQ_LONG ? bar->low : bar->high).is_reached;
    bool target = target_reach(held, side, at, side == HQ_LONG ? bar->high : bar->low).is_reached;
    if (stop && target)
        return true;
    bool stop_is_certain = rising == (side == HQ_SHORT); /* the price was moving to it */
    if (stop)
        return !stop_is_certain && !stop_reach(held, side, at, bar->close).is_reached;
    return target && stop_is_certain && !target_reach(held, side, at, bar->close).is_reached;
}

/* ------------------------------------------------------------------- walk */

static void walk(HqExec *exec, const Candle *bar, uint8_t rule)
{
    double from = bar->open;
    bool rising = false;
    Path path = whole_path(exec, bar, rule);
    for (int part = 0; part < path.n;) {
        double to = path.point[part];
        if (to != from) /* at the end of a part the price was still moving as it came */
            rising = to > from;
        Event event = first_event(exec, from, to);
        if (event.what == NOTHING) {
            hq_liquidate_if_due(exec, to, to);
            hq_visit(exec, to);
            from = to;
            part++;
            continue;
        }
        hq_liquidate_if_due(exec, event.at, to);
        if (exec->account.liquidated)
            return;
        hq_visit(exec, event.at);
        from = event.at;
        HqSide side = event.what == ORDER && event.order->side < 0 ? HQ_SHORT : HQ_LONG;
        bool has_opened = act(exec, event);
        if (has_opened)
            hq_in_focus(exec)->is_ambiguous |= is_opening_ambiguous(exec, side, rising, from, bar);
        hq_liquidate_if_due(exec, from, from);
        if (has_opened && rule != HQ_INTRABAR_NEAREST) {
            path = path_after(side, rising, bar, rule);
            part = 0;
        }
    }
}

/*
 * Most bars: nothing is reached and nothing is due, whatever the path. Then the bar was visited,
 * and that is all.
 */
static bool is_quiet(HqExec *exec, const Candle *bar)
{
    double low = bar->close < bar->low ? bar->close : bar->low;
    double high = bar->close > bar->high ? bar->close : bar->high;
    if (reaches(exec, bar->open, low) || reaches(exec, bar->open, high))
        return false;
    hq_visit(exec, low);
    hq_visit(exec, high);
    return true;
}

static void walk_candle(HqExec *exec, const Candle *bar, uint8_t rule)
{
    if (is_quiet(exec, bar))
        return;
    hq_in_focus(exec)->is_ambiguous |= has_both_sides(exec, bar);
    walk(exec, bar, rule);
}

/* ----------------------------------------------------------------- at once */

void hq_fill_at_once(HqExec *exec, double price)
{
    HqSymbolState *state = hq_in_focus(exec);
    hq_visit(exec, price);
    for (int what = STOP; what <= TARGET; what++)
        for (int side = HQ_LONG; side <= HQ_SHORT; side++) {
            const HqHolding *held = &state->held[side];
            if (!(exec->account.legs[side].quantity > 0))
                continue;
            HqReach reach = what == STOP ? stop_reach(held, (HqSide)side, price, price)
                                         : target_reach(held, (HqSide)side, price, price);
            if (!reach.is_reached)
                continue;
            exit_side(exec, (HqSide)side, (What)what, price);
            hq_liquidate_if_due(exec, price, price);
        }
    if (state->has_signal_order &&
        order_reach(exec, &state->signal_order, price, price).is_reached) {
        act(exec, (Event){ORDER, HQ_LONG, &state->signal_order, price});
        hq_liquidate_if_due(exec, price, price);
    }
    for (size_t i = 0; i < state->n_working;) {
        HqWorking *order = &state->working[i];
        size_t before = state->n_working;
        if (order_reach(exec, order, price, price).is_reached) {
            act(exec, (Event){ORDER, HQ_LONG, order, price});
            hq_liquidate_if_due(exec, price, price);
        }
        i += state->n_working == before; /* otherwise the next one moved up */
    }
}

/* ------------------------------------------------------------------ inside */

/* Walk the finer bars inside this bar; false when there are none. */
static bool walk_finer(HqExec *exec, HqSymbolState *state)
{
    const HqBars *finer = state->symbol->finer;
    if (exec->options->intrabar != HQ_INTRABAR_FINER || !finer)
        return false;
    int64_t end = 0;
    bool any = false, has_end = hq_bar_end(exec, state, &end);
    while (state->finer < finer->length && finer->timestamp[state->finer] < state->at.time)
        state->finer++;
    for (; state->finer < finer->length; state->finer++) {
        if (has_end && finer->timestamp[state->finer] >= end)
            break;
        Candle candle = candle_of(finer, state->finer);
        hq_liquidate_if_due(exec, candle.open, candle.open);
        hq_fill_at_once(exec, candle.open);
        walk_candle(exec, &candle, HQ_INTRABAR_WORST);
        any = true;
    }
    if (any) /* where it ends, whatever the last of them said */
        hq_visit(exec, state->symbol->bars->close[state->at.bar]);
    return any;
}

void hq_walk_bar(HqExec *exec)
{
    HqSymbolState *state = hq_in_focus(exec);
    if (!walk_finer(exec, state)) {
        Candle candle = candle_of(state->symbol->bars, state->at.bar);
        uint8_t rule = exec->options->intrabar;
        walk_candle(exec, &candle, rule == HQ_INTRABAR_FINER ? HQ_INTRABAR_WORST : rule);
    }
    exec->records.counts.ambiguous_bars += state->is_ambiguous;
}
