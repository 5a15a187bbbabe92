#include "run/stretch.h"

#include <string.h>

#include "base/likely.h"
#include "exec/span.h"

HqPrices hq_stretch_prices(const HqBars *bars, size_t begin, size_t end, double *low, double *high)
{
    HQ_WIDE_CHOOSE(hq_span_ranges)(bars, begin, end - begin, low, high);
    HqRange all = HQ_WIDE_CHOOSE(hq_span_extremes)(low, high, end - begin);
    return (HqPrices){bars->close + begin, low, high, begin, end, all.low, all.high};
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

/* What a bar with a signal says. */
typedef struct BarSignal {
    const HqRule *rule; /* NULL: it was given */
    Action action;
} BarSignal;

HQ_INLINE BarSignal take_signal(const HqStretch *stretch, HqBacktestOutput *output, size_t bar)
{
    const HqRule *rule = stretch->hits ? hq_hits_rule(stretch->hits, bar - stretch->begin) : NULL;
    Action action = rule ? rule->action : stretch->given[bar] > 0 ? ACTION_BUY : ACTION_SELL;
    if (output && output->actions)
        output->actions[bar] = (uint8_t)action;
    return (BarSignal){rule, action};
}

static void give_signal(const HqStretch *stretch, HqExec *exec, HqBacktestOutput *output,
                        size_t bar)
{
    HqIntent room;
    const HqIntent *intent = &stretch->intents->fallback;
    BarSignal signal = take_signal(stretch, output, bar);
    if (signal.rule)
        intent = hq_intents_at(stretch->intents, stretch->hits, signal.rule, bar - stretch->begin, &room);
    hq_exec_signal(exec, 0, signal.action, intent);
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
 * an order is waiting for is entered first, and passes from its open on as any other; so does the first
 * one where it is open already.
 */
static HqStatus run_some(const HqStretch *stretch, HqExec *exec, size_t end, double *equity,
                         size_t *bar, bool is_open)
{
    size_t begin = *bar;
    double *now = equity + (begin - stretch->begin);
    *bar = hq_exec_pass(exec, &stretch->prices, begin, end, now);
    if (*bar > begin)
        return HQ_OK;
    if (!is_open) {
        HqStatus status = hq_exec_enter(exec, begin);
        if (status != HQ_OK)
            return status;
        *bar = hq_exec_pass(exec, &stretch->prices, begin, end, now);
    }
    if (*bar == begin)
        hq_exec_leave(exec);
    return HQ_OK;
}

/*
 * Bars up to the next signal's. Where signals trade at the close, what is held from then on is noted
 * of that bar, and not what was held on its way. `is_open`: the first bar has been entered.
 */
static HqStatus run_to_signal(const HqStretch *stretch, HqExec *exec, HqBacktestOutput *output,
                              double *equity, size_t *bar, bool is_open)
{
    size_t signal = next_signal(stretch, *bar);
    bool trades_at_close = exec->options->fill == HQ_FILL_CLOSE;
    size_t end = signal < stretch->end ? signal + 1 : stretch->end;
    while (*bar < end) {
        size_t begin = *bar;
        HqStatus status = run_some(stretch, exec, end, equity, bar, is_open);
        if (status != HQ_OK)
            return status;
        bool is_noted = *bar > begin;
        is_open = false;
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

/* ---------------------------------------------------------------- plain runs */

/* Of a plain run: the order that a signal makes at its close; NULL when it makes none. */
HQ_INLINE const HqWorking *order_of(const HqStretch *stretch, HqExec *exec, HqBacktestOutput *output,
                                    size_t bar, HqWorking *room)
{
    BarSignal signal = take_signal(stretch, output, bar);
    if (!hq_count_signal(&exec->records.counts, signal.action))
        return NULL;
    if (signal.rule)
        return hq_intents_order_at(stretch->intents, stretch->hits, signal.rule, bar - stretch->begin, room);
    return signal.action == ACTION_BUY ? &stretch->intents->buy : &stretch->intents->sell;
}

/* Bars from..end-1 of a plain run: as many as pass. Answers the bar behind them. */
static size_t pass_some(const HqStretch *stretch, HqExec *exec, double *equity, size_t from, size_t end,
                        bool is_calm)
{
    const HqPrices *prices = &stretch->prices;
    double *now = equity + (from - stretch->begin);
    size_t passed = end;
    if (is_calm)
        hq_exec_pass_calm(exec, prices, from, end, now);
    else
        passed = hq_exec_pass(exec, prices, from, end, now);
    return passed;
}

/* The signal of a bar whose close is the mark, where signals trade there: what is held from then on is
 * noted of it, and not what was held on its way. */
static void trade_close(const HqStretch *stretch, HqExec *exec, HqBacktestOutput *output, double *equity,
                        size_t bar, bool *is_calm)
{
    HqWorking room;
    const HqWorking *order = order_of(stretch, exec, output, bar, &room);
    if (order) {
        hq_exec_trade_close(exec, order);
        *is_calm = hq_exec_is_calm(exec, &stretch->prices);
    }
    equity[bar - stretch->begin] = hq_exec_equity(exec);
    write_curves(stretch, exec, output, bar, bar + 1);
}

/* As run_plain(), where signals trade at the close. Answers the first bar that is left to do. */
static size_t run_plain_closes(const HqStretch *stretch, HqExec *exec, HqBacktestOutput *output,
                               double *equity, size_t bar)
{
    bool is_calm = hq_exec_is_calm(exec, &stretch->prices);
    while (bar < stretch->end) {
        size_t begin = bar, signal = next_signal(stretch, bar);
        size_t end = signal < stretch->end ? signal + 1 : stretch->end;
        bar = pass_some(stretch, exec, equity, begin, end, is_calm);
        bool is_reached = bar == end && signal < stretch->end;
        write_curves(stretch, exec, output, begin, is_reached ? signal : bar);
        if (is_reached)
            trade_close(stretch, exec, output, equity, signal, &is_calm);
        else if (bar < end)
            break;
    }
    return bar;
}

/*
 * Most of a plain run's bars: signals, their orders' fills at the opens, and bars that pass between
 * them. As run_to_signal(), with less to look at. Answers the first bar that is left to do, and whether
 * it is open.
 */
static size_t run_plain(const HqStretch *stretch, HqExec *exec, HqBacktestOutput *output,
                        double *equity, size_t bar, bool *is_open)
{
    const HqPrices *prices = &stretch->prices;
    const HqWorking *order = exec->symbols->has_signal_order ? &exec->symbols->signal_order : NULL;
    bool is_calm = hq_exec_is_calm(exec, prices);
    HqWorking room;
    *is_open = false;
    while (bar < stretch->end) {
        if (order && !hq_exec_trade_open(exec, prices, order, bar, &is_calm)) {
            hq_exec_wait(exec, order);
            break;
        }
        size_t begin = bar, signal = next_signal(stretch, bar);
        size_t end = signal < stretch->end ? signal + 1 : stretch->end;
        bar = pass_some(stretch, exec, equity, begin, end, is_calm);
        write_curves(stretch, exec, output, begin, bar);
        *is_open = order && bar == begin;
        order = NULL;
        if (bar < end)
            break;
        if (signal < stretch->end && end < stretch->end)
            order = order_of(stretch, exec, output, signal, &room);
        else if (signal < stretch->end) /* the order waits for the next stretch */
            give_signal(stretch, exec, output, signal);
    }
    return bar;
}

HqStatus hq_stretch_run(const HqStretch *stretch, HqExec *exec, HqBacktestOutput *output,
                        double *equity)
{
    if (output && output->actions)
        memset(output->actions + stretch->begin, 0, stretch->end - stretch->begin);
    HqStatus status = HQ_OK;
    for (size_t bar = stretch->begin; bar < stretch->end && status == HQ_OK;) {
        bool is_open = false;
        if (exec->is_plain && exec->options->fill == HQ_FILL_CLOSE)
            bar = run_plain_closes(stretch, exec, output, equity, bar);
        else if (exec->is_plain)
            bar = run_plain(stretch, exec, output, equity, bar, &is_open);
        if (bar < stretch->end)
            status = run_to_signal(stretch, exec, output, equity, &bar, is_open);
    }
    return status;
}
