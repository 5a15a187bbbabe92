/* Funding payments [C4]. */
#include "base/error.h"
#include "exec/trade.h"

static int64_t floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0); }

/* Asked only while a position is held: there was a bar before this one. */
static bool is_funding_due(const HqExec *exec, const HqSymbolState *state)
{
    int64_t interval = exec->options->funding_interval_ms;
    if (interval == 0)
        return true;
    return floor_div(state->at.time, interval) > floor_div(state->before, interval);
}

static HqStatus funding_rate(const HqExec *exec, const HqSymbolState *state, double *rate)
{
    *rate = state->symbol->funding_rate[state->at.bar];
    if (!isnan(*rate))
        return HQ_OK;
    *rate = exec->options->funding_missing == HQ_FUNDING_CONSTANT
                ? exec->options->funding_constant
                : 0;
    if (exec->options->funding_missing != HQ_FUNDING_ERROR)
        return HQ_OK;
    return hq_fail(HQ_EINVAL,
                   "funding_rate: symbol %u has none (NaN) at bar %llu, where it is due and a "
                   "position is held; give it, or choose what a missing rate is: zero or a constant",
                   (unsigned)state->index, (unsigned long long)state->at.bar);
}

HqStatus hq_exec_fund(HqExec *exec, uint32_t symbol)
{
    HqSymbolState *state = &exec->symbols[symbol];
    if (!state->symbol->funding_rate)
        return HQ_OK;
    hq_exec_set_focus(exec, symbol);
    if (!(exec->account.legs[HQ_LONG].quantity + exec->account.legs[HQ_SHORT].quantity > 0) ||
        !is_funding_due(exec, state))
        return HQ_OK;
    double rate = 0;
    HqStatus status = funding_rate(exec, state, &rate);
    for (int side = HQ_LONG; side <= HQ_SHORT && status == HQ_OK; side++) {
        double paid = exec->account.legs[side].quantity * state->mark * rate;
        if (side == HQ_SHORT)
            paid = -paid;
        hq_account_pay_funding(&exec->account, paid);
        state->held[side].round.trade.funding += paid;
    }
    return status;
}
