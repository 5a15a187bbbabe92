#include "run/stretch.h"

#include <string.h>

#include "exec/span.h"

HqPrices hq_stretch_prices(const HqBars *bars, size_t begin, size_t end, double *low, double *high)
{
    HQ_WIDE_CHOOSE(hq_span_ranges)(bars, begin, end - begin, low, high);
    HqRange all = HQ_WIDE_CHOOSE(hq_span_extremes)(low, high, end - begin);
    return (HqPrices){bars->close + begin, low, high, begin, all.low, all.high};
}

/* ------------------------------------------------------------------ signals */

/* The first bar at or after `bar` that has a signal; the end when none does. */
static size_t next_signal(const HqStretch *stretch, size_t bar)
{
    if (stretch->hits)
        return stretch->begin + hq_hits_next(stretch->hits, bar - stretch->begin);
    while (stretch->given && bar < stretch->end && stretch->given[bar] == 0)
        bar++;
    return stretch->given ? bar : stretch->end;
}

static void give_signal(const HqStretch *stretch, HqExec *exec, HqBacktestOutput *output,
                        size_t bar)
{
    HqIntent room;
    const HqIntent *intent = &stretch->intents->fallback;
    Action action;
    if (stretch->hits) {
        size_t t = bar - stretch->begin;
        const HqRule *rule = hq_hits_rule(stretch->hits, t);
        intent = hq_intents_at(stretch->intents, stretch->hits, rule, t, &room);
        action = rule->action;
    } else {
        action = stretch->given[bar] > 0 ? ACTION_BUY : ACTION_SELL;
    }
    if (output && output->actions)
        output->actions[bar] = action;
    hq_exec_signal(exec, 0, action, intent);
}

/* ------------------------------------------------------------------- curves */

static void fill(double *column, size_t n, double value)
{
    for (size_t i = 0; i < n; i++)
        column[i] = value;
}

/* The steps of bars from..to-1, which hold what is held now. Equity stands there already. */
static void write_curves(const HqStretch *stretch, HqExec *exec, HqBacktestOutput *output,
                         size_t from, size_t to)
{
    size_t step = exec->records.counts.steps, n = to - from;
    exec->records.counts.steps += n;
    if (!output)
        return;
    if (output->time)
        memcpy(output->time + step, stretch->bars->timestamp + from, n * sizeof *output->time);
    if (output->margin)
        fill(output->margin + step, n, hq_exec_margin(exec));
    if (output->position)
        fill(output->position + step, n, hq_exec_position(exec, 0));
}

/* --------------------------------------------------------------------- bars */

/*
 * From a bar to the first that does not pass, which is run. Answers the bar behind them. A bar that
 * an order is waiting for is entered first, and passes from its open on as any other.
 */
static HqStatus run_some(const HqStretch *stretch, HqExec *exec, size_t end, double *equity,
                         size_t *bar)
{
    const HqPrices *prices = &stretch->prices;
    size_t begin = *bar, passed = begin;
    double *now = equity + (begin - stretch->begin);
    if (!hq_exec_has_orders(exec))
        passed = hq_exec_pass(exec, prices, begin, end, now);
    *bar = passed;
    if (passed > begin)
        return HQ_OK;
    HqStatus status = hq_exec_enter(exec, begin);
    if (status != HQ_OK)
        return status;
    passed = hq_exec_pass(exec, prices, begin, end, now);
    if (passed == begin)
        hq_exec_leave(exec);
    *bar = passed;
    return HQ_OK;
}

/*
 * Bars up to the next signal's. Where signals trade at the close, what is held from then on is noted
 * of that bar, and not what was held on its way.
 */
static HqStatus run_to_signal(const HqStretch *stretch, HqExec *exec, HqBacktestOutput *output,
                              double *equity, size_t *bar)
{
    size_t signal = next_signal(stretch, *bar);
    bool trades_at_close = exec->options->fill == HQ_FILL_CLOSE;
    size_t end = signal < stretch->end ? signal + 1 : signal;
    while (*bar < end) {
        size_t begin = *bar;
        HqStatus status = run_some(stretch, exec, end, equity, bar);
        if (status != HQ_OK)
            return status;
        bool is_noted = *bar > begin;
        *bar += !is_noted;
        if (*bar == end && signal < stretch->end) {
            if (trades_at_close) {
                write_curves(stretch, exec, output, begin, signal);
                begin = signal;
                is_noted = false;
            }
            give_signal(stretch, exec, output, signal);
        }
        if (!is_noted)
            equity[begin - stretch->begin] = hq_exec_equity(exec);
        write_curves(stretch, exec, output, begin, *bar);
    }
    return HQ_OK;
}

HqStatus hq_stretch_run(const HqStretch *stretch, HqExec *exec, HqBacktestOutput *output,
                        double *equity)
{
    if (output && output->actions)
        memset(output->actions + stretch->begin, 0, stretch->end - stretch->begin);
    HqStatus status = HQ_OK;
    for (size_t bar = stretch->begin; bar < stretch->end && status == HQ_OK;)
        status = run_to_signal(stretch, exec, output, equity, &bar);
    return status;
}
