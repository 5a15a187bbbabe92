#include "run/columns.h"

#include "base/number.h"

/* -------------------------------------------------------------- which are read */

static void mark_nodes(const HqGraph *graph, bool *is_read)
{
    for (uint32_t slot = 0; slot < HQ_BAR_SLOTS; slot++)
        is_read[slot] |= hq_graph_reads(graph, slot);
}

/* A candle's field is made of the bars' same field, its end of their times. */
static void mark_clocks(const HqClocks *clocks, bool *is_read)
{
    for (size_t i = 0; i < clocks->count; i++)
        mark_nodes(&clocks->clock[i].graph, is_read);
    for (size_t i = 0; i < clocks->n_imports; i++)
        if (clocks->imports[i].from_slot < HQ_BAR_SLOTS)
            is_read[clocks->imports[i].from_slot] = true;
    is_read[HQ_SLOT_TIME] |= clocks->count > 0;
}

HqStatus hq_columns_check_read(const HqWalk *walk, const uint32_t *slots, size_t n_slots)
{
    bool is_read[HQ_BAR_SLOTS] = {false};
    const double *fields[HQ_FIELD_COUNT];
    mark_nodes(&walk->graph, is_read);
    mark_clocks(&walk->clocks, is_read);
    for (size_t i = 0; i < n_slots; i++)
        if (slots[i] < HQ_BAR_SLOTS)
            is_read[slots[i]] = true;
    hq_bars_fields(walk->bars, fields);
    for (int f = 0; f < HQ_FIELD_COUNT; f++)
        if (is_read[f] && !fields[f])
            return hq_fail(HQ_EINVAL, "bars.%s is NULL, and the program or an indicator reads %s",
                           hq_field_name[f], hq_field_name[f]);
    if (is_read[HQ_SLOT_TIME] && !walk->bars->timestamp)
        return hq_fail(HQ_EINVAL, "bars.timestamp is NULL, and a higher timeframe or an indicator "
                                  "reads the bars' times");
    return HQ_OK;
}

/* ------------------------------------------------------------ whether they are good */

bool hq_columns_bar_is_good(const HqBars *bars, size_t i)
{
    const double *fields[HQ_FIELD_COUNT];
    bool is_good = true;
    hq_bars_fields(bars, fields);
    for (int f = 0; f < HQ_FIELD_COUNT; f++)
        is_good &= !fields[f] || fabs(fields[f][i]) <= HQ_VALUE_MAX;
    return is_good;
}

static HqStatus refuse(const HqBars *bars, size_t begin)
{
    const double *fields[HQ_FIELD_COUNT];
    size_t i = begin, f = 0;
    hq_bars_fields(bars, fields);
    while (hq_columns_bar_is_good(bars, i))
        i++;
    while (!fields[f] || fabs(fields[f][i]) <= HQ_VALUE_MAX)
        f++;
    return hq_fail(HQ_EBAR, "bar %zu: %s: expected a finite number within +-1e100, found %s", i,
                   hq_field_name[f], HQ_NUMBER(fields[f][i]));
}

HqStatus hq_columns_check_values(const HqBars *bars, size_t begin, size_t end)
{
    return hq_bars_are_bounded(bars, begin, end) ? HQ_OK : refuse(bars, begin);
}

HqStatus hq_columns_check_order(const HqBars *bars, size_t begin, size_t end)
{
    const int64_t *times = bars->timestamp;
    for (size_t i = begin > 0 ? begin : 1; i < end; i++)
        if (times[i] < times[i - 1])
            return hq_fail(HQ_EORDER,
                           "bar %zu: timestamp %lld is before the %lld of bar %zu: the program "
                           "reads a higher timeframe, whose candles are made of bars in order", i,
                           (long long)times[i], (long long)times[i - 1], i - 1);
    return HQ_OK;
}
