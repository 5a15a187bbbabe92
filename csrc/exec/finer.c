/* Which finer bars are a bar's own [P1]. */
#include "exec/trade.h"

/* The shortest time between two bars; 0 when there are none of different times. */
static int64_t shortest_period(const HqBars *bars)
{
    uint64_t shortest = 0;
    for (size_t i = 1; i < bars->length; i++) {
        uint64_t between = (uint64_t)bars->timestamp[i] - (uint64_t)bars->timestamp[i - 1];
        if (between > 0 && (shortest == 0 || between < shortest))
            shortest = between;
    }
    return shortest < INT64_MAX ? (int64_t)shortest : INT64_MAX;
}

bool hq_bar_end(const HqExec *exec, const HqSymbolState *state, int64_t *end)
{
    const HqBars *bars = state->symbol->bars;
    uint64_t next = state->at.bar + 1;
    bool is_last = next >= bars->length;
    int64_t period = exec->options->bar_period_ms;
    if (period == 0 && is_last)
        period = shortest_period(bars);
    bool has_own = period > 0 && state->at.time <= INT64_MAX - period;
    *end = has_own ? state->at.time + period : INT64_MAX;
    if (!is_last && bars->timestamp[next] < *end)
        *end = bars->timestamp[next];
    return has_own || !is_last;
}
