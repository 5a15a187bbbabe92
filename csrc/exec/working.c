/* Orders that work: when they begin, when their time is over, what is left of them in the end. */
#include "exec/trade.h"

/* ---------------------------------------------------------------- beginning */

static HqWorking working_of(const HqOrder *order, int64_t index)
{
    HqWorking working = {.index = index,
                         .size = order->size,
                         .price = order->price,
                         .stop_price = order->stop_price,
                         .stop = {order->stop, order->stop_unit},
                         .target = {order->target, order->target_unit},
                         .trail = {order->trail, order->trail_unit},
                         .bars = order->bars,
                         .oco = order->oco,
                         .side = order->side,
                         .type = order->type,
                         .size_unit = order->size_unit,
                         .reduce_only = order->reduce_only != 0};
    return working;
}

/* Limits away from the price that has to reach them: a buy's down; stops: a buy's up [S2]. */
static void round_prices(HqWorking *order, double tick)
{
    order->price = hq_to_tick(order->price, tick, order->side < 0);
    order->stop_price = hq_to_tick(order->stop_price, tick, order->side > 0);
}

void hq_orders_take_up(HqExec *exec, HqSymbolState *state)
{
    HqBacktestReport *counts = &exec->records.counts;
    for (; state->next < state->n_list; state->next++) {
        const HqOrder *order = state->list[state->next];
        if (order->bar >= (int64_t)state->at.bar)
            return;
        if (exec->oco_done[order->oco]) {
            counts->cancelled_orders++;
        } else if (exec->account.liquidated) {
            hq_count_rejects(&exec->records, HQ_REJECT_LIQUIDATED, 1);
        } else {
            HqWorking *working = &state->working[state->n_working++];
            *working = working_of(order, order - exec->orders);
            round_prices(working, state->symbol->tick_size);
        }
    }
}

void hq_signal_order(HqWorking *order, const HqBacktestOptions *options, int side,
                     const HqIntent *intent, double close, double tick)
{
    bool is_limit = options->fill == HQ_FILL_LIMIT;
    order->index = -1;
    order->size = intent->size;
    order->price = is_limit ? close * (1 - side * options->limit_offset) : 0;
    order->stop_price = 0;
    order->stop = intent->stop;
    order->target = intent->target;
    order->trail = intent->trail;
    order->bars = is_limit ? options->limit_bars : 0;
    order->age = order->oco = 0;
    order->side = (int8_t)side;
    order->type = is_limit ? HQ_ORDER_LIMIT : HQ_ORDER_MARKET;
    order->size_unit = intent->size_unit;
    order->reduce_only = order->is_triggered = false;
    order->is_bad = intent->is_bad;
    round_prices(order, tick);
}

/* ------------------------------------------------------------------- ending */

void hq_orders_reject(HqExec *exec, HqSymbolState *state)
{
    size_t rejected = state->has_signal_order;
    for (size_t i = 0; i < state->n_working; i++) {
        bool is_cancelled = exec->oco_done[state->working[i].oco];
        exec->records.counts.cancelled_orders += is_cancelled;
        rejected += !is_cancelled;
    }
    hq_count_rejects(&exec->records, HQ_REJECT_LIQUIDATED, rejected);
    state->has_signal_order = false;
    state->n_working = 0;
}

void hq_orders_age(HqExec *exec, HqSymbolState *state)
{
    HqBacktestReport *counts = &exec->records.counts;
    HqWorking *signal = &state->signal_order;
    if (state->has_signal_order && ++signal->age == signal->bars) {
        counts->expired_orders++;
        state->has_signal_order = false;
    }
    size_t kept = 0;
    for (size_t i = 0; i < state->n_working; i++) {
        HqWorking *order = &state->working[i];
        bool is_cancelled = exec->oco_done[order->oco];
        bool is_over = !is_cancelled && ++order->age == order->bars;
        counts->cancelled_orders += is_cancelled;
        counts->expired_orders += is_over;
        if (!is_cancelled && !is_over)
            state->working[kept++] = *order;
    }
    state->n_working = kept;
}

void hq_orders_count_left(HqExec *exec, HqSymbolState *state)
{
    HqBacktestReport *counts = &exec->records.counts;
    if (state->has_signal_order) {
        counts->dropped_last_bar += state->signal_order.age == 0;
        counts->working_orders += state->signal_order.age > 0;
    }
    for (size_t i = 0; i < state->n_working; i++) {
        bool is_cancelled = exec->oco_done[state->working[i].oco];
        counts->cancelled_orders += is_cancelled;
        counts->working_orders += !is_cancelled;
    }
    for (size_t i = state->next; i < state->n_list; i++) {
        bool is_cancelled = exec->oco_done[state->list[i]->oco];
        counts->cancelled_orders += is_cancelled;
        counts->dropped_last_bar += !is_cancelled;
    }
}
