/*
 * Recurrences side by side. e += factor * (x - e) waits for itself: one chain alone leaves most of a
 * core idle, sixteen take hardly longer than one. So over a block, nodes whose inputs are there and
 * whose rows say how (HqChains, indicator/span.h) wait for each other and then run as one loop, a
 * bar at a time, or in sections (graph/sections.h); what reads them comes afterwards. The arithmetic is
 * that of their steps, to the bit.
 * Off the steady path, where an input is unknown or huge or an average is not seeded yet, a node
 * takes its own loop.
 */
#ifndef HQ_GRAPH_GANG_H
#define HQ_GRAPH_GANG_H

#include "graph/member.h"

enum { HQ_GROUP_CHAINS = 4, HQ_GROUPS_MAX = 4, HQ_GANG_CHAINS = HQ_GROUP_CHAINS * HQ_GROUPS_MAX };

/** Bars of the very first block that a node with recurrences takes alone, so that most are seeded afterwards. */
enum { HQ_SETTLING = 64 };

enum { HQ_LOOP_GROUPS_MAX = 8 }; /* that one loop takes */

/** Chains that share a register, a lane each; none of them reads what another writes. */
typedef struct HqChainGroup {
    HqChain *chain[HQ_GROUP_CHAINS];
    uint32_t n;
    uint32_t rank;        /* 0, or above that of the chains that these read */
    bool has_differences; /* all are of differences; else none is */
} HqChainGroup;

/** Run the chains over n bars; what one reads of another has been written by then (gang_loop.c). */
void hq_run_groups(HqChainGroup *group, uint32_t n_groups, HqAhead *ahead, size_t n);

typedef struct HqGang {
    HqAhead ahead;
    HqOutgoing outgoing; /* columns of this block and the one before on their way to HqBlock.to */
    HqMember *member; /* those that wait, and behind them the node at hand; what follows them is theirs */
    uint32_t n_members;
    HqChainGroup group[HQ_GROUPS_MAX]; /* their chains, by rank */
    uint32_t n_groups;
    uint32_t rest; /* blocks that are not to be divided (sections.h) */
    bool has_recurrences; /* in the graph */
    bool had_one_pass; /* of recurrences, in the last run: they were not divided */
    double *room;      /* of those that wait, where their rows need one */
    size_t room_stride;
    uint32_t n_rooms;
    uint32_t *waiting; /* nodes whose inputs are not there yet */
    uint8_t *is_missing; /* by slot: its column is still to be written */
    uint8_t *led;      /* by slot: 1 + the rank of the chain that waits to write it; 0 */
    uint32_t *bounded; /* by slot: the run in which its column was seen to be bounded, or was made of
                        * what is: nothing of it overflows */
    uint32_t *known;   /* by slot: the run in which its values were seen to be numbers */
    uint32_t run;
} HqGang;

/** Of zeroes, for a block that is laid out. HQ_OK, HQ_ENOMEM. */
HqStatus hq_gang_init(HqGang *gang, const HqBlock *block);

void hq_gang_destroy(HqGang *gang);

/** Run the nodes first..end - 1 over bars from.. of a block, n of them. */
void hq_gang_run(HqGang *gang, HqBlock *block, size_t from, size_t n, uint32_t first, uint32_t end);

/** What was sent is out (HqBlock.to). */
void hq_gang_finish(HqGang *gang);

/** A slot's values over the bars of the next run have been seen to be bounded. */
void hq_gang_note_bounded(HqGang *gang, uint32_t slot);

/** Whether a slot's values over the bars of the last run are known to be numbers; else they may be. Of the
 * very first block, HQ_SETTLING bars may lack one all the same. */
bool hq_gang_is_known(const HqGang *gang, uint32_t slot);

#endif
