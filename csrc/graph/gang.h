/*
 * Recurrences side by side. e += factor * (x - e) waits for itself: one chain alone leaves most of a
 * core idle, eight take hardly longer than one. So over a block, nodes whose inputs are there and
 * whose rows say how (HqChains, indicator/span.h) wait for each other and then run as one loop, a
 * bar at a time; what reads them comes afterwards. The arithmetic is that of their steps, to the bit.
 * Off the steady path, where an input is unknown or huge or an average is not seeded yet, a node
 * takes its own loop.
 */
#ifndef HQ_GRAPH_GANG_H
#define HQ_GRAPH_GANG_H

#include "graph/member.h"

enum { HQ_GANG_CHAINS = 8 };

typedef struct HqGang {
    HqAhead ahead;
    HqMember member[HQ_GANG_CHAINS + 1]; /* those that wait, and behind them the node at hand */
    uint32_t n_members;
    uint32_t n_chains;
    bool has_difference; /* one of the chains is of a difference */
    double *own;       /* each member's line, then rooms, then what follows */
    double *room;      /* of those that wait, where their rows need one */
    size_t room_stride;
    uint32_t n_rooms;
    uint32_t *waiting; /* nodes whose inputs are not there yet */
    bool *is_missing;  /* by slot: its column is still to be written */
    bool *is_led;      /* by slot: the loop of those that wait writes it as it goes */
    uint32_t *bounded; /* by slot: the run in which its column was seen to be bounded */
    uint32_t run;
} HqGang;

/** Of zeroes, for a block that is laid out. HQ_OK, HQ_ENOMEM. */
HqStatus hq_gang_init(HqGang *gang, const HqBlock *block);

void hq_gang_destroy(HqGang *gang);

/** Run the nodes first..end - 1 over bars from.. of a block, n of them. */
void hq_gang_run(HqGang *gang, HqBlock *block, size_t from, size_t n, uint32_t first, uint32_t end);

#endif
