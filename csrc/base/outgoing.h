/*
 * Columns that are made and on their way past the caches (past_caches.h). Copied all at once they keep memory
 * busy and the core waiting. So loops whose additions wait for each other carry some lines at every turn:
 * until the place that a column was made in is wanted again, or all has to be out.
 */
#ifndef HQ_BASE_OUTGOING_H
#define HQ_BASE_OUTGOING_H

#include <stdint.h>

#include "base/past_caches.h"

enum { HQ_OUTGOING_MAX = 32 };

/** Whole lines of a column. */
typedef struct HqOutgoingColumn {
    const double *made; /* where it begins */
    const double *from; /* of the lines that are left */
    double *to;
    size_t lines;
} HqOutgoingColumn;

typedef struct HqOutgoing {
    HqOutgoingColumn column[HQ_OUTGOING_MAX];
    uint32_t first, end; /* those that are not out yet, in the order in which they were made */
} HqOutgoing;

/** Send n numbers; they stay as they are until they are out. What is no whole line goes at once. */
void hq_outgoing_send(HqOutgoing *outgoing, double *to, const double *made, size_t n);

/** The place of a column is to be written again: it is out when this returns. */
void hq_outgoing_clear(HqOutgoing *outgoing, const double *made);

/** All is out, and other threads see it. */
void hq_outgoing_finish(HqOutgoing *outgoing);

/** Lines that follow each other. */
typedef struct HqOutgoingLines {
    const double *from;
    double *to;
    size_t n;
} HqOutgoingLines;

/** The next ones, at most so many, all of one column, which whoever takes them copies; none of NULL. */
static inline HqOutgoingLines hq_outgoing_take(HqOutgoing *outgoing, size_t most)
{
    if (!outgoing || outgoing->first == outgoing->end || most == 0)
        return (HqOutgoingLines){NULL, NULL, 0};
    HqOutgoingColumn *column = &outgoing->column[outgoing->first];
    size_t n = column->lines < most ? column->lines : most;
    HqOutgoingLines lines = {column->from, column->to, n};
    column->from += n * HQ_LANES;
    column->to += n * HQ_LANES;
    column->lines -= n;
    outgoing->first += column->lines == 0;
    return lines;
}

#ifdef HQ_WIDE_BUILD
/** Copy the next lines, at most so many. */
static inline void hq_outgoing_carry(HqOutgoing *outgoing, size_t most)
{
    for (HqOutgoingLines lines; (lines = hq_outgoing_take(outgoing, most)).n > 0; most -= lines.n)
        for (size_t i = 0; i < lines.n * HQ_LANES; i += HQ_LANES)
            hq_line_copy_past_caches(lines.to + i, lines.from + i);
}
#endif

#endif
