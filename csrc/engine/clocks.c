#include "engine/clocks.h"

#include "base/alloc.h"
#include "engine/period.h"

HqStatus hq_clocks_check_setting(uint32_t htf, int64_t bar_period_ms)
{
    if (htf != HQ_HTF_CLOSED && htf != HQ_HTF_FORMING)
        return hq_fail(HQ_EINVAL, "htf: expected 0 (closed) or 1 (forming), found %u",
                       (unsigned)htf);
    if (bar_period_ms < 0)
        return hq_fail(HQ_EINVAL, "bar_period: expected a period in ms, or 0 where it is unknown, "
                                  "found %lld", (long long)bar_period_ms);
    return HQ_OK;
}

HqStatus hq_clocks_check_program(int64_t bar_period_ms, const HqProgram *program)
{
    char wanted[HQ_PERIOD_TEXT_SIZE], own[HQ_PERIOD_TEXT_SIZE];
    for (uint32_t t = 0; bar_period_ms > 0 && t < program->n_timeframes; t++) {
        int64_t period_ms = program->timeframes[t];
        if (period_ms % bar_period_ms != 0)
            return hq_fail(HQ_EINVAL,
                           "@%s: expected a multiple of the bars' own period, which is %s: "
                           "such candles cannot be made of such bars",
                           hq_period_write(period_ms, wanted), hq_period_write(bar_period_ms, own));
    }
    return HQ_OK;
}

HqStatus hq_clocks_init(HqClocks *clocks, const HqProgram *program, uint64_t first_bar,
                        uint32_t htf, int64_t bar_period_ms)
{
    *clocks = (HqClocks){.htf = htf, .bar_period_ms = bar_period_ms};
    if (program->n_timeframes == 0)
        return HQ_OK;
    clocks->clock = hq_calloc(program->n_timeframes, sizeof *clocks->clock);
    if (!clocks->clock)
        return HQ_ENOMEM;
    for (uint32_t t = 0; t < program->n_timeframes; t++) {
        HqClock *clock = &clocks->clock[t];
        clock->candle.period_ms = program->timeframes[t];
        if (hq_graph_init(&clock->graph, first_bar) != HQ_OK) {
            hq_clocks_destroy(clocks);
            return HQ_ENOMEM;
        }
        clocks->count++;
    }
    return HQ_OK;
}

void hq_clocks_destroy(HqClocks *clocks)
{
    for (size_t i = 0; i < clocks->count; i++)
        hq_graph_destroy(&clocks->clock[i].graph);
    free(clocks->clock);
    free(clocks->imports);
    clocks->clock = NULL;
    clocks->imports = NULL;
    clocks->count = clocks->n_imports = 0;
}

HqStatus hq_clocks_link(HqClocks *clocks, const HqProgram *program, const double *params,
                        const HqLinkReads *reads, HqGraph *base, HqRules *rules)
{
    HqLinked linked;
    HqGraph **graphs = hq_calloc(clocks->count + 1, sizeof *graphs);
    if (!graphs)
        return HQ_ENOMEM;
    graphs[0] = base;
    for (size_t i = 0; i < clocks->count; i++)
        graphs[i + 1] = &clocks->clock[i].graph;
    HqStatus status = hq_link(program, params, graphs, base, reads, &linked);
    free(graphs);
    if (status != HQ_OK)
        return status;
    *rules = linked.rules;
    clocks->imports = linked.imports;
    clocks->n_imports = linked.n_imports;
    return HQ_OK;
}

/* ------------------------------------------------------------------ stepping */

static bool shows(const HqClock *clock, const HqCandle *candle)
{
    return clock->graph.started && clock->shown == candle->open_time;
}

/* Make a candle the one that is seen, as it is now. */
static void show(HqClock *clock, const HqCandle *candle)
{
    HqGraph *graph = &clock->graph;
    const Bar bar = hq_candle_bar(candle);
    bool is_shown = shows(clock, candle);
    if (!is_shown)
        hq_graph_next_line(graph);
    hq_graph_set_bar(graph, &bar);
    if (is_shown)
        hq_graph_peek(graph);
    else
        hq_graph_push(graph);
    clock->shown = candle->open_time;
}

/* Whether the candle that holds the newest bar may be seen. */
static bool may_be_seen(const HqClocks *clocks, const HqCandle *candle)
{
    return clocks->htf == HQ_HTF_FORMING ||
           candle->close_time - clocks->bar_period_ms <= candle->last_update_ts;
}

static void copy_imports(const HqClocks *clocks, double *line)
{
    for (size_t i = 0; i < clocks->n_imports; i++) {
        const HqImport *import = &clocks->imports[i];
        line[import->to_slot] =
            hq_graph_value(&clocks->clock[import->from_graph - 1].graph, import->from_slot);
    }
}

HqStatus hq_clocks_admit(const HqClocks *clocks, int64_t timestamp)
{
    if (clocks->count == 0 || !clocks->clock[0].candle.has_candle)
        return HQ_OK;
    int64_t newest = clocks->clock[0].candle.now.last_update_ts;
    if (timestamp >= newest)
        return HQ_OK;
    return hq_fail(HQ_EORDER,
                   "bar at %lld ms: expected a time not before the last bar's, %lld ms: a strategy "
                   "reads a higher timeframe, whose candles are made of bars in order",
                   (long long)timestamp, (long long)newest);
}

void hq_clocks_push(HqClocks *clocks, double *line, const Bar *bar)
{
    for (size_t i = 0; i < clocks->count; i++) {
        HqClock *clock = &clocks->clock[i];
        HqCandle ended = {0};
        unsigned done = hq_candle_push(&clock->candle, bar, &ended);
        if (done & HQ_CANDLE_CLOSED && !shows(clock, &ended))
            show(clock, &ended);
        if (may_be_seen(clocks, &clock->candle.now))
            show(clock, &clock->candle.now);
    }
    copy_imports(clocks, line);
}

void hq_clocks_update(HqClocks *clocks, double *line, const Bar *bar)
{
    for (size_t i = 0; i < clocks->count; i++) {
        HqClock *clock = &clocks->clock[i];
        hq_candle_replace(&clock->candle, bar);
        if (may_be_seen(clocks, &clock->candle.now))
            show(clock, &clock->candle.now);
    }
    copy_imports(clocks, line);
}
