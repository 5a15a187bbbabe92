/* Setting up and the phases of a bar [T1-T5]. */
#include "exec/exec.h"

#include <string.h>

#include "base/alloc.h"
#include "exec/trade.h"

/* ------------------------------------------------------------------- setup */

/* The orders of each symbol's own, in the list's order, and room for all of them to work at once. */
static HqStatus share_out_orders(HqExec *exec)
{
    for (size_t i = 0; i < exec->n_orders; i++)
        exec->symbols[exec->orders[i].symbol].n_list++;
    for (uint32_t s = 0; s < exec->n_symbols; s++) {
        HqSymbolState *state = &exec->symbols[s];
        if (state->n_list == 0)
            continue;
        state->list = hq_calloc(state->n_list, sizeof *state->list);
        state->working = hq_calloc(state->n_list, sizeof *state->working);
        if (!state->list || !state->working)
            return HQ_ENOMEM;
        state->n_list = 0;
    }
    for (size_t i = 0; i < exec->n_orders; i++) {
        HqSymbolState *state = &exec->symbols[exec->orders[i].symbol];
        state->list[state->n_list++] = &exec->orders[i];
    }
    return HQ_OK;
}

static void attach_output(HqRecords *records, const HqBacktestOutput *output)
{
    if (!output)
        return;
    records->trades = output->trades;
    records->trades_cap = output->trades ? output->trades_cap : 0;
    records->fills = output->fills;
    records->fills_cap = output->fills ? output->fills_cap : 0;
}

static void make_account(HqAccount *account, const HqBacktestOptions *options)
{
    *account = hq_account_make(&options->account);
    account->fee_per_unit = options->fee_per_unit;
    account->tiers = options->n_tiers ? options->tiers : NULL;
    account->n_tiers = options->n_tiers;
}

/* What there may be on a bar besides signals and levels. */
static bool is_plain(const HqExec *exec)
{
    const HqSymbol *symbol = exec->symbols->symbol;
    return exec->n_symbols == 1 && exec->n_orders == 0 && exec->options->fill != HQ_FILL_LIMIT &&
           !symbol->funding_rate && !symbol->finer && !exec->account.n_tiers;
}

HqStatus hq_exec_init(HqExec *exec, const HqSymbol *symbols, size_t n_symbols,
                      const HqOrder *orders, size_t n_orders, const HqBacktestOptions *options,
                      const HqBacktestOutput *output)
{
    memset(exec, 0, sizeof *exec);
    exec->options = options;
    exec->orders = orders;
    exec->n_orders = n_orders;
    exec->records.counts.orders = n_orders;
    make_account(&exec->account, options);
    attach_output(&exec->records, output);
    exec->symbols = hq_calloc(n_symbols, sizeof *exec->symbols);
    exec->oco_done = hq_calloc(n_orders + 1, 1);
    HqStatus status = exec->symbols && exec->oco_done ? HQ_OK : HQ_ENOMEM;
    exec->n_symbols = status == HQ_OK ? (uint32_t)n_symbols : 0;
    for (uint32_t s = 0; s < exec->n_symbols; s++) {
        exec->symbols[s].symbol = &symbols[s];
        exec->symbols[s].index = s;
        hq_holding_clear(&exec->symbols[s].held[HQ_LONG], HQ_LONG);
        hq_holding_clear(&exec->symbols[s].held[HQ_SHORT], HQ_SHORT);
    }
    if (status == HQ_OK)
        status = share_out_orders(exec);
    if (status == HQ_OK)
        exec->is_plain = is_plain(exec);
    else
        hq_exec_destroy(exec);
    return status;
}

void hq_exec_destroy(HqExec *exec)
{
    for (uint32_t s = 0; s < exec->n_symbols; s++) {
        free(exec->symbols[s].list);
        free(exec->symbols[s].working);
    }
    free(exec->symbols);
    free(exec->oco_done);
    memset(exec, 0, sizeof *exec);
}

/* ------------------------------------------------------------------ phases */

void hq_exec_begin(HqExec *exec, uint32_t symbol, uint64_t bar)
{
    HqSymbolState *state = &exec->symbols[symbol];
    state->before = state->at.time;
    hq_state_begin(state, bar);
    hq_state_look_up_time(state);
}

void hq_exec_check(HqExec *exec, uint32_t symbol)
{
    hq_exec_set_focus(exec, symbol);
    double mark = exec->symbols[symbol].mark;
    hq_liquidate_if_due(exec, mark, mark);
}

/* ------------------------------------------------------------ open, inside */

void hq_exec_open(HqExec *exec, uint32_t symbol)
{
    hq_exec_set_focus(exec, symbol);
    HqSymbolState *state = hq_in_focus(exec);
    hq_orders_take_up(exec, state);
    if (exec->account.liquidated) {
        hq_orders_reject(exec, state);
        return;
    }
    state->is_at_open = true;
    hq_fill_at_once(exec, state->mark);
    state->is_at_open = false;
}

void hq_exec_inside(HqExec *exec, uint32_t symbol)
{
    hq_exec_set_focus(exec, symbol);
    HqSymbolState *state = hq_in_focus(exec);
    bool has_orders = state->has_signal_order || state->n_working > 0;
    if (!has_orders && !(hq_account_held(&exec->account) > 0))
        return;
    hq_walk_bar(exec);
    for (int side = HQ_LONG; side <= HQ_SHORT; side++)
        if (exec->account.legs[side].quantity > 0)
            hq_holding_trail(&state->held[side], (HqSide)side, state->symbol->tick_size);
    hq_orders_age(exec, state);
}

/* ------------------------------------------------------------------- close */

void hq_exec_close(HqExec *exec, uint32_t symbol)
{
    HqSymbolState *state = &exec->symbols[symbol];
    state->mark = state->symbol->bars->close[state->at.bar];
}

/* ---------------------------------------------------------------- one symbol */

HqStatus hq_exec_enter(HqExec *exec, uint64_t bar)
{
    hq_exec_begin(exec, 0, bar);
    HqStatus status = hq_exec_fund(exec, 0);
    if (status != HQ_OK)
        return status;
    hq_exec_check(exec, 0);
    hq_exec_open(exec, 0);
    return HQ_OK;
}

void hq_exec_leave(HqExec *exec)
{
    hq_exec_inside(exec, 0);
    hq_exec_close(exec, 0);
    hq_exec_check(exec, 0);
}

/* ------------------------------------------------------------------- signal */

void hq_exec_trade_close(HqExec *exec, const HqWorking *order)
{
    double close = hq_in_focus(exec)->mark;
    if (hq_records_have_lists(&exec->records)) /* a trip to memory */
        hq_state_look_up_time(hq_in_focus(exec));
    hq_signal_take_turn(exec, order, close);
    hq_liquidate_if_due(exec, close, close);
}

HqWorking hq_exec_market_order(const HqBacktestOptions *options, Action action, const HqIntent *intent)
{
    HqWorking order;
    hq_signal_order(&order, options, action == ACTION_BUY ? 1 : -1, intent, 0, 0);
    return order;
}

void hq_exec_signal(HqExec *exec, uint32_t symbol, Action action, const HqIntent *intent)
{
    HqBacktestReport *counts = &exec->records.counts;
    if (!hq_count_signal(counts, action))
        return;
    hq_exec_set_focus(exec, symbol);
    HqSymbolState *state = hq_in_focus(exec);
    bool trades_now = exec->options->fill == HQ_FILL_CLOSE;
    counts->replaced_orders += state->has_signal_order; /* none is left where they trade at once */
    hq_signal_order(&state->signal_order, exec->options, action == ACTION_BUY ? 1 : -1, intent,
                    state->mark, state->symbol->tick_size);
    state->has_signal_order = !trades_now;
    if (trades_now)
        hq_exec_trade_close(exec, &state->signal_order);
}

/* --------------------------------------------------------------------- end */

void hq_exec_finish(HqExec *exec)
{
    HqBacktestReport *counts = &exec->records.counts;
    HqAccount *account = &exec->account;
    hq_exec_set_focus(exec, exec->focus);
    double start = account->params.initial_margin;
    counts->final_equity = hq_account_equity(account, exec->symbols[exec->focus].mark);
    if (exec->n_symbols == 1 && counts->steps > 0)
        hq_state_look_up_time(exec->symbols);
    for (uint32_t s = 0; s < exec->n_symbols; s++) {
        hq_orders_count_left(exec, &exec->symbols[s]);
        hq_end_rounds(exec, s, exec->symbols[s].mark, HQ_REASON_NONE);
    }
    counts->liquidated = (uint32_t)account->liquidated;
    counts->total_return = (counts->final_equity - start) / start;
    counts->fees = account->fees;
    counts->funding = account->funding;
    counts->realized_pnl = account->realized_pnl;
    counts->liquidation_loss = account->liquidation_loss;
}
