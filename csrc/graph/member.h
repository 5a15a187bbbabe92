/* A node over a block: what it reads and writes, its loop, and what it leaves. */
#ifndef HQ_GRAPH_MEMBER_H
#define HQ_GRAPH_MEMBER_H

#include "graph/block.h"

typedef struct HqMember {
    const HqNode *node;
    const HqNodeKey *key;
    uint32_t twin; /* slot, or HQ_NO_SLOT */
    HqSpan span;
    HqChain chain[HQ_CHAINS_MAX];
} HqMember;

/** Doubles that a member needs for its line. */
size_t hq_member_width(const HqGraph *graph);

/** Lead a member, whose span.line is there, to the columns of a node from bar `from` on. */
void hq_member_take(HqMember *member, const HqBlock *block, uint32_t index, size_t from, size_t n);

/** Its loop, over its next n bars. */
void hq_member_run(HqMember *member, const HqBlock *block, size_t n);

/** Leave its next n bars behind, which have been run. */
void hq_member_pass(HqMember *member, size_t n);

/** Which build of a loop this machine is to use. */
int hq_member_build(void);

/** What the block's end takes from it. */
void hq_member_leave(const HqMember *member, HqBlock *block);

#endif
