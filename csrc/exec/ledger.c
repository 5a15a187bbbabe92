/* Which runs a ledger takes, how its accounts begin, and how one leaves it. */
#include "exec/ledger.h"

#include "exec/reach.h"
#include "exec/sizing.h"

bool hq_ledger_takes(const HqExec *exec)
{
    const HqBacktestOptions *options = exec->options;
    const HqAccount *account = &exec->account;
    return exec->is_plain && !options->hedged && options->pyramiding == 0 &&
           !(exec->symbols->symbol->lot_size > 0) && account->fee_per_unit == 0 &&
           account->params.maintenance_margin_rate <= HQ_MOST_MAINTENANCE &&
           !hq_records_have_lists(&exec->records);
}

void hq_ledger_begin(HqLedger *ledger, const HqExec *exec, uint8_t size_unit)
{
    const BacktestParams *params = &exec->account.params;
    const HqSymbol *symbol = exec->symbols->symbol;
    *ledger = (HqLedger){
        .leverage = params->leverage,
        .fee_rate = params->taker_fee_rate, /* signals' orders are market orders */
        .maintenance_rate = params->maintenance_margin_rate,
        .dust = HQ_SIZE_DUST * params->initial_margin,
        .min_notional = symbol->min_notional,
        .min_quantity = symbol->min_quantity,
        .size_unit = size_unit,
        .rejects =
            exec->options->unaffordable == HQ_UNAFFORDABLE_REJECT && size_unit != HQ_SIZE_ALL,
    };
    for (size_t i = 0; i < HQ_ACCOUNTS; i++) {
        ledger->cash[i] = exec->account.cash;
        ledger->sign[i] = 1;
    }
}

void hq_ledger_leave(const HqLedger *ledger, size_t i, uint64_t last, HqExec *exec)
{
    HqSymbolState *state = exec->symbols;
    bool is_flat = !(ledger->quantity[i] > 0);
    for (int side = HQ_LONG; side <= HQ_SHORT; side++) {
        exec->account.legs[side] = (HqLeg){0, 0, 0};
        hq_holding_clear(&state->held[side], (HqSide)side);
    }
    if (!is_flat) {
        HqSide side = ledger->sign[i] > 0 ? HQ_LONG : HQ_SHORT;
        HqHolding *held = &state->held[side];
        exec->account.legs[side] =
            (HqLeg){ledger->quantity[i], ledger->entry[i], ledger->margin[i]};
        held->best = held->best_now =
            ledger->entry[i]; /* for stops that trail, which no order brings */
        hq_round_open(&held->round, ledger->round_fees[i]);
    }
    exec->account.cash = ledger->cash[i];
    exec->account.fees = ledger->fees[i];
    exec->account.realized_pnl = ledger->realized_pnl[i];
    exec->records.counts.partial_orders = (uint64_t)ledger->partial[i];
    exec->records.sides = (HqSides){ledger->gains[i],
                                    ledger->losses[i],
                                    {ledger->gained[i], ledger->gained_lost[i]},
                                    {ledger->lost[i], ledger->lost_lost[i]}};
    state->has_signal_order = false;
    hq_state_begin(state, last);
    hq_exec_close(exec, 0);
}

/* One leg at most, of one opening: what the ledger's own fills leave. */
static bool is_known(const HqExec *exec)
{
    const HqHolding *held = exec->symbols->held;
    uint64_t entries = held[HQ_LONG].round.trade.entries + held[HQ_SHORT].round.trade.entries;
    return !exec->account.liquidated && entries <= 1;
}

bool hq_ledger_join(HqLedger *ledger, size_t i, const HqExec *exec)
{
    const HqAccount *account = &exec->account;
    const HqSides *sides = &exec->records.sides;
    HqSide side = account->legs[HQ_SHORT].quantity > 0 ? HQ_SHORT : HQ_LONG;
    const HqLeg *leg = &account->legs[side];
    if (!is_known(exec))
        return false;
    ledger->cash[i] = account->cash;
    ledger->sign[i] = hq_sign_of(side);
    ledger->quantity[i] = leg->quantity;
    ledger->entry[i] = leg->entry;
    ledger->margin[i] = leg->margin;
    ledger->round_fees[i] = exec->symbols->held[side].round.trade.fees;
    ledger->fees[i] = account->fees;
    ledger->realized_pnl[i] = account->realized_pnl;
    ledger->partial[i] = (double)exec->records.counts.partial_orders;
    ledger->gains[i] = sides->gains;
    ledger->losses[i] = sides->losses;
    ledger->gained[i] = sides->gained.value;
    ledger->gained_lost[i] = sides->gained.lost;
    ledger->lost[i] = sides->lost.value;
    ledger->lost_lost[i] = sides->lost.lost;
    return true;
}
