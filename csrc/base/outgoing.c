#include "base/outgoing.h"

static void bring_out(HqOutgoingColumn *column)
{
    hq_copy_past_caches(column->to, column->from, column->lines * HQ_LANES);
    column->lines = 0;
}

/* Those of first..end - 1 that stand before `until`. */
static void bring_out_until(HqOutgoing *outgoing, uint32_t until)
{
    for (; outgoing->first < until; outgoing->first++)
        bring_out(&outgoing->column[outgoing->first]);
    if (outgoing->first == outgoing->end)
        outgoing->first = outgoing->end = 0;
}

/* A place behind the last: there are as many as a block has columns, mostly fewer than places. */
static HqOutgoingColumn *next_of(HqOutgoing *outgoing)
{
    if (outgoing->first == outgoing->end || outgoing->end == HQ_OUTGOING_MAX)
        bring_out_until(outgoing, outgoing->end);
    return &outgoing->column[outgoing->end++];
}

void hq_outgoing_send(HqOutgoing *outgoing, double *to, const double *made, size_t n)
{
    size_t head = hq_head_of_line(to);
    if (head >= n || n - head < HQ_LANES) {
        memcpy(to, made, n * sizeof *to);
        return;
    }
    size_t lines = (n - head) / HQ_LANES, done = head + lines * HQ_LANES;
    memcpy(to, made, head * sizeof *to);
    memcpy(to + done, made + done, (n - done) * sizeof *to);
    *next_of(outgoing) = (HqOutgoingColumn){made, made + head, to + head, lines};
}

void hq_outgoing_clear(HqOutgoing *outgoing, const double *made)
{
    for (uint32_t i = outgoing->first; i < outgoing->end; i++)
        if (outgoing->column[i].made == made)
            bring_out_until(outgoing, i + 1);
}

void hq_outgoing_finish(HqOutgoing *outgoing)
{
    bring_out_until(outgoing, outgoing->end);
    hq_end_past_caches();
}
