#include "graph/gang.h"

#include "base/alloc.h"
#include "base/bounded.h"

/* Bars of the very first block that every node takes alone, so that most are seeded afterwards. */
enum { SETTLING = 64 };

static const HqChains *chains_of(const HqNode *node, const HqNodeKey *key)
{
    return key->row && node->push == key->row->push ? key->row->chains : NULL;
}

/* Rooms that members may need at the same time. */
static size_t most_rooms(const HqGraph *graph)
{
    size_t n = 0;
    for (uint32_t i = 0; i < graph->n_nodes && n < HQ_GANG_CHAINS; i++) {
        const HqChains *chains = chains_of(&graph->nodes[i], &graph->keys[i]);
        n += chains && chains->needs_room;
    }
    return n;
}

HqStatus hq_gang_init(HqGang *gang, const HqBlock *block)
{
    const HqGraph *graph = block->graph;
    size_t line = hq_member_width(graph), room = (block->capacity + 7) / 8 * 8 + 8;
    size_t doubles = (HQ_GANG_CHAINS + 1) * line + most_rooms(graph) * room;
    size_t bytes = (graph->n_nodes + graph->n_slots) * sizeof(uint32_t) + 2 * (size_t)graph->n_slots;
    double *own = hq_calloc(1, doubles * sizeof *own + bytes);
    if (!own)
        return HQ_ENOMEM;
    gang->own = own;
    gang->room = own + (HQ_GANG_CHAINS + 1) * line;
    gang->room_stride = room;
    gang->waiting = (uint32_t *)(void *)(own + doubles);
    gang->bounded = gang->waiting + graph->n_nodes;
    gang->is_missing = (bool *)(gang->bounded + graph->n_slots);
    gang->is_led = gang->is_missing + graph->n_slots;
    for (size_t m = 0; m <= HQ_GANG_CHAINS; m++)
        gang->member[m].span = (HqSpan){.line = own + m * line, .ahead = &gang->ahead};
    return HQ_OK;
}

void hq_gang_destroy(HqGang *gang)
{
    free(gang->own);
}

/* ------------------------------------------------------------------- the loop */

/* A caller's columns go on where this block's end. */
static void look_ahead(HqGang *gang, const HqBlock *block, size_t n)
{
    for (uint32_t slot = 0; slot < block->graph->n_slots && gang->ahead.n < HQ_AHEAD_MAX; slot++)
        if (block->column[slot] && !hq_block_owns(block, block->column[slot]))
            gang->ahead.column[gang->ahead.n++] = block->column[slot] + n;
}

/* With the number of chains known, their averages and factors stay in registers. Of a difference is
 * at most the last. */
#if defined(__GNUC__)
__attribute__((always_inline))
#endif
static inline void run_chains(HqChain *const *chain, const HqAhead *ahead, size_t n,
                              const uint32_t n_chains, const bool has_difference)
{
    const double *x[HQ_GANG_CHAINS], *minus = chain[n_chains - 1]->minus;
    double *out[HQ_GANG_CHAINS], e[HQ_GANG_CHAINS], factor[HQ_GANG_CHAINS];
    for (uint32_t c = 0; c < n_chains; c++) {
        x[c] = chain[c]->x;
        out[c] = chain[c]->out;
        e[c] = chain[c]->e;
        factor[c] = chain[c]->factor;
    }
    for (size_t t = 0, stop; t < n;) {
        for (uint32_t k = 0; k < ahead->n; k++)
            HQ_FETCH(ahead->column[k] + t);
        for (stop = t + HQ_LINE_DOUBLES < n ? t + HQ_LINE_DOUBLES : n; t < stop; t++)
            for (uint32_t c = 0; c < n_chains; c++) {
                double value = has_difference && c == n_chains - 1 ? x[c][t] - minus[t] : x[c][t];
                e[c] += factor[c] * (value - e[c]);
                out[c][t] = e[c];
            }
    }
    for (uint32_t c = 0; c < n_chains; c++)
        chain[c]->e = e[c];
}

#define OF(count)                                                                              \
    case count: run_chains(chain, ahead, n, count, false); break;                              \
    case HQ_GANG_CHAINS + count: run_chains(chain, ahead, n, count, true); break;

static inline void run_so_many(HqChain *const *chain, const HqAhead *ahead, size_t n,
                               uint32_t n_chains, bool has_difference)
{
    switch (n_chains + (has_difference ? HQ_GANG_CHAINS : 0)) {
        OF(1) OF(2) OF(3) OF(4) OF(5) OF(6) OF(7) OF(8)
    default: break;
    }
}
#undef OF

HQ_FLATTEN static void run_plain(HqChain *const *chain, const HqAhead *ahead, size_t n,
                                 uint32_t n_chains, bool has_difference)
{
    run_so_many(chain, ahead, n, n_chains, has_difference);
}

HQ_AVX2 static void run_avx2(HqChain *const *chain, const HqAhead *ahead, size_t n,
                             uint32_t n_chains, bool has_difference)
{
    run_so_many(chain, ahead, n, n_chains, has_difference);
}

/* --------------------------------------------------------------------- members */

static void mark_outputs(bool *flags, const HqNode *node, const HqNodeKey *key, bool value)
{
    uint32_t twin = hq_member_twin(node, key);
    for (uint32_t k = 0; k < hq_member_outputs(key); k++)
        flags[node->out + k] = value;
    if (twin != HQ_NO_SLOT)
        flags[twin] = value;
}

/* Whether all that it reads is there; or is led, where one member may read what another writes. */
static bool can_run(const HqGang *gang, const HqNode *node, const HqNodeKey *key)
{
    const HqChains *chains = chains_of(node, key);
    for (uint32_t k = 0; k < key->n_inputs; k++)
        if (gang->is_missing[node->in[k]] && !(chains && chains->reads_inputs && gang->is_led[node->in[k]]))
            return false;
    return true;
}

static bool has_bounded_inputs(HqGang *gang, const HqMember *member)
{
    const HqNode *node = member->node;
    for (uint32_t k = 0; k < member->key->n_inputs; k++) {
        uint32_t *bounded = &gang->bounded[node->in[k]];
        if (*bounded == gang->run)
            continue;
        if (!hq_are_bounded(member->span.in[k], member->span.n))
            return false;
        *bounded = gang->run;
    }
    return true;
}

/* The chains of those that wait, in their order, the one of a difference last. */
static void line_up(HqGang *gang, HqChain **chain)
{
    uint32_t n = 0, n_last = gang->n_chains;
    for (uint32_t m = 0; m < gang->n_members; m++) {
        HqMember *member = &gang->member[m];
        for (uint32_t c = 0; c < chains_of(member->node, member->key)->n; c++)
            chain[member->chain[c].minus ? --n_last : n++] = &member->chain[c];
    }
}

static void run_members(HqGang *gang, HqBlock *block)
{
    HqChain *chain[HQ_GANG_CHAINS] = {0};
    if (gang->n_members == 0)
        return;
    line_up(gang, chain);
    (hq_member_build() ? run_avx2 : run_plain)(chain, &gang->ahead, gang->member[0].span.n,
                                               gang->n_chains, gang->has_difference);
    gang->ahead.n = 0;
    for (uint32_t m = 0; m < gang->n_members; m++) {
        HqMember *member = &gang->member[m];
        chains_of(member->node, member->key)->end[hq_member_build()](member->node, &member->span);
        hq_member_pass(member, member->span.n);
        hq_member_leave(member, block);
        mark_outputs(gang->is_missing, member->node, member->key, false);
        mark_outputs(gang->is_led, member->node, member->key, false);
    }
    gang->n_members = gang->n_chains = gang->n_rooms = 0;
    gang->has_difference = false;
}

/* The node at hand waits with the others. */
static void join(HqGang *gang, HqBlock *block, const HqChains *chains)
{
    HqMember *member = &gang->member[gang->n_members];
    if (chains->needs_room)
        member->span.room = gang->room + gang->room_stride * gang->n_rooms++;
    chains->begin[hq_member_build()](member->node, &member->span);
    gang->n_members++;
    gang->n_chains += chains->n;
    gang->has_difference |= chains->has_difference;
    mark_outputs(gang->is_missing, member->node, member->key, true);
    mark_outputs(gang->is_led, member->node, member->key, chains->gives_chain);
    if (chains->gives_chain) /* of bounded values, or of the differences of two */
        gang->bounded[member->node->out] = gang->run;
    if (gang->n_chains > HQ_GANG_CHAINS - HQ_CHAINS_MAX)
        run_members(gang, block);
}

static bool reads_missing(const HqGang *gang, const HqMember *member)
{
    for (uint32_t k = 0; k < member->key->n_inputs; k++)
        if (gang->is_missing[member->node->in[k]])
            return true;
    return false;
}

/* The node whose inputs are there or led: it joins those that wait, or runs alone. */
static void join_or_run(HqGang *gang, HqBlock *block, uint32_t index, size_t from, size_t n)
{
    const HqChains *chains = chains_of(&block->graph->nodes[index], &block->graph->keys[index]);
    if (chains && chains->has_difference && gang->has_difference)
        run_members(gang, block);
    HqMember *member = &gang->member[gang->n_members];
    hq_member_take(member, block, index, from, n);
    if (chains && block->is_first)
        hq_member_run(member, block, n < SETTLING ? n : SETTLING);
    if (chains && member->span.n > 0 &&
        chains->is_steady(member->node, member->span.line + HQ_SPAN_OUT) &&
        has_bounded_inputs(gang, member)) {
        join(gang, block, chains);
        return;
    }
    if (reads_missing(gang, member))
        run_members(gang, block); /* the member stays where it is */
    if (member->span.n > 0)
        hq_member_run(member, block, member->span.n);
    hq_member_leave(member, block);
    mark_outputs(gang->is_missing, member->node, member->key, false);
}

void hq_gang_run(HqGang *gang, HqBlock *block, size_t from, size_t n, uint32_t first, uint32_t end)
{
    const HqGraph *graph = block->graph;
    uint32_t left = end - first;
    gang->ahead.n = 0;
    if (first == 0)
        look_ahead(gang, block, from + n);
    for (uint32_t i = 0; i < left; i++)
        gang->waiting[i] = first + i;
    if (++gang->run == 0) { /* after 2^32 runs: what was seen in the last ones is forgotten */
        memset(gang->bounded, 0, graph->n_slots * sizeof *gang->bounded);
        gang->run = 1;
    }
    while (left > 0) {
        uint32_t n_waiting = left;
        left = 0;
        for (uint32_t i = 0; i < n_waiting; i++) {
            uint32_t index = gang->waiting[i];
            const HqNode *node = &graph->nodes[index];
            if (can_run(gang, node, &graph->keys[index])) {
                join_or_run(gang, block, index, from, n);
                continue;
            }
            mark_outputs(gang->is_missing, node, &graph->keys[index], true);
            gang->waiting[left++] = index;
        }
        run_members(gang, block);
    }
}
