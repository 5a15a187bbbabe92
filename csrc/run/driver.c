/* Step by step: the open of every bar of the step, the inside, the close [T1]. */
#include "run/driver.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"

/* Where the loop stands. */
typedef struct Loop {
    HqRun *run;
    size_t *next;     /* by symbol: its next bar */
    uint32_t *step;   /* symbols that have a bar in this step, in their order */
    size_t n_step;
    size_t *offset;   /* by symbol: of its bars among the bars of all */
    size_t done, total;
} Loop;

/* ---------------------------------------------------------------- the clock */

/* Symbols that have a bar at the earliest time that is left; 0 when none is. */
static size_t next_step(const HqSymbol *symbols, size_t n_symbols, const size_t *next,
                        uint32_t *step)
{
    size_t n = 0;
    int64_t earliest = INT64_MAX;
    for (uint32_t s = 0; s < n_symbols; s++) {
        const HqBars *bars = symbols[s].bars;
        if (next[s] >= bars->length)
            continue;
        int64_t time = bars->timestamp[next[s]];
        if (n == 0 || time < earliest) {
            earliest = time;
            n = 0;
        }
        if (time == earliest)
            step[n++] = s;
    }
    return n;
}

HqStatus hq_count_steps(const HqSymbol *symbols, size_t n_symbols, size_t *steps)
{
    *steps = 0;
    if (n_symbols == 1) {
        *steps = symbols->bars->length;
        return HQ_OK;
    }
    size_t *next = hq_calloc(n_symbols, sizeof *next);
    uint32_t *step = hq_calloc(n_symbols, sizeof *step);
    HqStatus status = next && step ? HQ_OK : HQ_ENOMEM;
    size_t n = 0;
    while (status == HQ_OK && (n = next_step(symbols, n_symbols, next, step)) > 0) {
        for (size_t k = 0; k < n; k++)
            next[step[k]]++;
        ++*steps;
    }
    free(next);
    free(step);
    return status;
}

size_t hq_backtest_steps(const HqSymbol *symbols, size_t n_symbols)
{
    if (!symbols || n_symbols == 0 || n_symbols > HQ_SYMBOLS_MAX)
        return 0;
    for (size_t s = 0; s < n_symbols; s++)
        if (!symbols[s].bars || (symbols[s].bars->length > 0 && !symbols[s].bars->timestamp))
            return 0;
    size_t steps = 0;
    hq_count_steps(symbols, n_symbols, &steps); /* 0 without memory; the error says so */
    return steps;
}

/* ------------------------------------------------------------------ signals */

static const HqRule *rule_at(const HqRun *run, uint32_t symbol, size_t bar)
{
    HqWalk *walk = run->walks[symbol];
    if (bar >= walk->end)
        hq_walk_block(walk, bar, hq_walk_block_end(walk, bar));
    return hq_hits_rule(&walk->hits, bar - walk->begin);
}

/* The signal at a bar's close, 0 for none, and what its order is to be. */
static Action signal_at(const HqRun *run, uint32_t symbol, size_t bar, HqIntent *intent)
{
    const HqIntents *intents = &run->intents[symbol];
    const int8_t *signals = run->symbols[symbol].signals;
    *intent = intents->fallback;
    if (run->walks[symbol]) {
        const HqRule *rule = rule_at(run, symbol, bar);
        const HqWalk *walk = run->walks[symbol];
        if (rule)
            *intent = *hq_intents_at(intents, &walk->hits, rule, bar - walk->begin, intent);
        return rule ? rule->action : 0;
    }
    if (!signals || signals[bar] == 0)
        return 0;
    return signals[bar] > 0 ? ACTION_BUY : ACTION_SELL;
}

/* ------------------------------------------------------------------ a step */

static HqStatus open_all(Loop *loop)
{
    HqExec *exec = &loop->run->exec;
    for (size_t k = 0; k < loop->n_step; k++)
        hq_exec_begin(exec, loop->step[k], loop->next[loop->step[k]]);
    for (size_t k = 0; k < loop->n_step; k++) {
        HqStatus status = hq_exec_fund(exec, loop->step[k]);
        if (status != HQ_OK)
            return status;
    }
    hq_exec_check(exec, loop->step[0]);
    for (size_t k = 0; k < loop->n_step; k++)
        hq_exec_open(exec, loop->step[k]);
    return HQ_OK;
}

static void close_all(Loop *loop)
{
    HqRun *run = loop->run;
    for (size_t k = 0; k < loop->n_step; k++)
        hq_exec_close(&run->exec, loop->step[k]);
    hq_exec_check(&run->exec, loop->step[0]);
}

/* The phases of a bar, all symbols of the step in each. */
static HqStatus run_phases(Loop *loop)
{
    HqStatus status = open_all(loop);
    if (status != HQ_OK)
        return status;
    for (size_t k = 0; k < loop->n_step; k++)
        hq_exec_inside(&loop->run->exec, loop->step[k]);
    close_all(loop);
    return HQ_OK;
}

static void give_signals(Loop *loop)
{
    HqRun *run = loop->run;
    for (size_t k = 0; k < loop->n_step; k++) {
        uint32_t symbol = loop->step[k];
        size_t bar = loop->next[symbol];
        HqIntent intent;
        Action action = signal_at(run, symbol, bar, &intent);
        if (run->output && run->output->actions)
            run->output->actions[loop->offset[symbol] + bar] = action;
        if (action)
            hq_exec_signal(&run->exec, symbol, action, &intent);
    }
}

static void write_curves(Loop *loop, double equity)
{
    HqRun *run = loop->run;
    HqBacktestOutput *out = run->output;
    size_t i = run->exec.records.counts.steps;
    if (!out)
        return;
    if (out->time)
        out->time[i] = run->exec.symbols[loop->step[0]].at.time;
    if (out->equity)
        out->equity[i] = equity;
    if (out->margin)
        out->margin[i] = hq_exec_margin(&run->exec);
    for (uint32_t s = 0; out->position && s < run->n_symbols; s++)
        out->position[i * run->n_symbols + s] = hq_exec_position(&run->exec, s);
}

static HqStatus run_step(Loop *loop)
{
    HqExec *exec = &loop->run->exec;
    HqStatus status = run_phases(loop);
    if (status != HQ_OK)
        return status;
    give_signals(loop);
    double equity = hq_exec_equity(exec);
    write_curves(loop, equity);
    exec->records.counts.steps++;
    hq_measured_take(&loop->run->measured, &equity, 1, exec->records.counts.steps, NULL);
    return HQ_OK;
}

/* ------------------------------------------------------------------ the loop */

/* Leave out the step's bars that cannot be traded. */
static void skip_bad_bars(Loop *loop)
{
    HqRun *run = loop->run;
    size_t kept = 0;
    for (size_t k = 0; k < loop->n_step; k++) {
        uint32_t symbol = loop->step[k];
        if (hq_bar_is_good(run->symbols[symbol].bars, loop->next[symbol])) {
            loop->step[kept++] = symbol;
            continue;
        }
        run->exec.records.counts.rejected_bars++;
        if (run->output && run->output->actions)
            run->output->actions[loop->offset[symbol] + loop->next[symbol]] = 0;
        loop->next[symbol]++;
        loop->done++;
    }
    loop->n_step = kept;
}

static HqStatus run_steps(Loop *loop)
{
    HqRun *run = loop->run;
    HqStatus status = HQ_OK;
    while (status == HQ_OK &&
           (loop->n_step = next_step(run->symbols, run->n_symbols, loop->next, loop->step)) > 0) {
        if (run->options->bad_bars == HQ_BAD_BARS_SKIP)
            skip_bad_bars(loop);
        if (loop->n_step > 0)
            status = run_step(loop);
        for (size_t k = 0; k < loop->n_step; k++)
            loop->next[loop->step[k]]++;
        loop->done += loop->n_step;
        if (status == HQ_OK)
            status = hq_run_report(&run->progress, loop->done, loop->total);
    }
    return status;
}

static HqStatus finish(HqRun *run, size_t total)
{
    HqBacktestReport *counts = &run->exec.records.counts;
    hq_exec_finish(&run->exec);
    counts->struct_size = sizeof *counts;
    counts->bars = total;
    for (size_t s = 0; s < run->n_symbols; s++)
        if (run->walks[s] && run->walks[s]->warmup > counts->warmup_bars)
            counts->warmup_bars = run->walks[s]->warmup;
    return hq_measured_end(&run->measured, &run->exec.records, run->output, &counts->max_drawdown);
}

/* Several symbols: step by step. */
static HqStatus drive_together(HqRun *run, size_t *total)
{
    Loop loop = {.run = run,
                 .next = hq_calloc(run->n_symbols, sizeof *loop.next),
                 .step = hq_calloc(run->n_symbols, sizeof *loop.step),
                 .offset = hq_calloc(run->n_symbols, sizeof *loop.offset)};
    HqStatus status = loop.next && loop.step && loop.offset ? HQ_OK : HQ_ENOMEM;
    for (size_t s = 0; status == HQ_OK && s < run->n_symbols; s++) {
        loop.offset[s] = loop.total;
        loop.total += run->symbols[s].bars->length;
    }
    if (status == HQ_OK)
        status = run_steps(&loop);
    *total = loop.total;
    free(loop.next);
    free(loop.step);
    free(loop.offset);
    return status;
}

HqStatus hq_drive(HqRun *run)
{
    size_t total = 0;
    HqStatus status =
        run->n_symbols == 1 ? hq_drive_alone(run, &total) : drive_together(run, &total);
    return status == HQ_OK ? finish(run, total) : status;
}
