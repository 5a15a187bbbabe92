/*
 * Recurrences in sections. e += factor * (x - e) waits for itself, so that one pass over a block costs
 * the latency of its steps. But it forgets: averages over the same values draw nearer with every bar,
 * and as doubles have an end they become one number, mostly within 6 / factor bars once they differ in
 * the last digits alone. So the bars of a chain are divided into sections, which run side by side. Each
 * but the first begins from an estimate, some bars early, and what it has written counts only if the
 * average at its first bar is, to the bit, the one that the section before it leads to. Else bars are
 * run again, until both are the same. The bits are those of one pass, whatever was estimated.
 */
#ifndef HQ_GRAPH_SECTIONS_H
#define HQ_GRAPH_SECTIONS_H

#include "graph/gang.h"

/**
 * Run the groups over n bars, as hq_run_groups() does; in sections where that is faster.
 * @param rest  blocks that are not to be divided, because sections did not meet lately, as over values
 *              that stand still; counted down here.
 * @return whether it was done in sections.
 */
bool hq_run_sections(HqChainGroup *group, uint32_t n_groups, HqAhead *ahead, size_t n, uint32_t *rest);

#endif
