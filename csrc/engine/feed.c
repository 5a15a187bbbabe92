#include "engine/feed.h"

#include "base/alloc.h"

HqStatus hq_feed_init(HqFeed *feed, HqGraph *graph, HqClocks *clocks, size_t capacity)
{
    *feed = (HqFeed){.clocks = clocks, .has_time = hq_graph_reads(graph, HQ_SLOT_TIME)};
    capacity = capacity ? capacity : hq_block_capacity(graph);
    HqStatus status = hq_block_init(&feed->block, graph, capacity);
    if (status != HQ_OK)
        return status;
    feed->imports = hq_calloc(graph->n_slots, sizeof *feed->imports);
    if (!feed->imports) {
        hq_feed_destroy(feed);
        return HQ_ENOMEM;
    }
    /* What bars do not bring. */
    for (uint32_t slot = 0; slot < HQ_BAR_SLOTS; slot++)
        memset(feed->block.column[slot], 0, capacity * sizeof(double));
    return HQ_OK;
}

void hq_feed_destroy(HqFeed *feed)
{
    hq_block_destroy(&feed->block);
    free(feed->imports);
    feed->imports = NULL;
}

static Bar bar_at(const HqFeed *feed, const HqBars *bars, size_t begin, size_t i)
{
    double *const *column = feed->block.column;
    size_t t = i - begin;
    return (Bar){bars->timestamp[i],        column[HQ_FIELD_OPEN][t],  column[HQ_FIELD_HIGH][t],
                 column[HQ_FIELD_LOW][t],   column[HQ_FIELD_CLOSE][t], column[HQ_FIELD_VOLUME][t],
                 column[HQ_FIELD_BUY_VOLUME][t]};
}

static void run_clocks(HqFeed *feed, const HqBars *bars, size_t begin, size_t end)
{
    HqClocks *clocks = feed->clocks;
    for (size_t i = begin; clocks->count > 0 && i < end; i++) {
        Bar bar = bar_at(feed, bars, begin, i);
        hq_clocks_push(clocks, feed->imports, &bar);
        for (size_t k = 0; k < clocks->n_imports; k++) {
            uint32_t slot = clocks->imports[k].to_slot;
            feed->block.column[slot][i - begin] = feed->imports[slot];
        }
    }
}

void hq_feed_begin(HqFeed *feed, const HqBars *bars, size_t begin, size_t end)
{
    double **column = feed->block.column;
    hq_bars_show(bars, begin, end, feed->has_time, column);
    if (bars->timestamp) /* of the newest line it is right whoever reads it */
        column[HQ_SLOT_TIME][end - begin - 1] = (double)bars->timestamp[end - 1];
    run_clocks(feed, bars, begin, end);
    feed->block.to_come = bars->length - end;
    hq_block_begin(&feed->block);
    hq_block_run_nodes(&feed->block, end - begin, 0, feed->block.graph->n_nodes);
}

void hq_feed_end(HqFeed *feed, size_t n)
{
    hq_block_end(&feed->block, n);
}

void hq_feed_run(HqFeed *feed, const HqBars *bars, size_t begin, size_t end)
{
    hq_feed_begin(feed, bars, begin, end);
    hq_feed_end(feed, end - begin);
}
