#include "graph/gang.h"

#include "base/alloc.h"
#include "base/bounded.h"
#include "graph/sections.h"

static const HqChains *chains_of(const HqNode *node, const HqNodeKey *key)
{
    return key->row && hq_node_is_plain(node, key->row) ? key->row->chains : NULL;
}

/* Members that may wait at the same time. */
static size_t most_members(const HqGraph *graph)
{
    size_t n = 0;
    for (uint32_t i = 0; i < graph->n_nodes && n < HQ_GANG_CHAINS; i++)
        n += chains_of(&graph->nodes[i], &graph->keys[i]) != NULL;
    return n;
}

/* Rooms that they may need. */
static size_t most_rooms(const HqGraph *graph)
{
    enum { MOST = HQ_ROOMS_MAX * HQ_GANG_CHAINS };
    size_t n = 0;
    for (uint32_t i = 0; i < graph->n_nodes && n < MOST; i++) {
        const HqChains *chains = chains_of(&graph->nodes[i], &graph->keys[i]);
        n += chains ? chains->rooms : 0;
    }
    return n < MOST ? n : MOST;
}

HqStatus hq_gang_init(HqGang *gang, const HqBlock *block)
{
    const HqGraph *graph = block->graph;
    size_t line = hq_member_width(graph), room = (block->capacity + 7) / 8 * 8 + 8;
    size_t members = most_members(graph) + 1, lines = members * line; /* and the node at hand */
    size_t bytes = (graph->n_nodes + 2 * (size_t)graph->n_slots) * sizeof(uint32_t) + 2 * (size_t)graph->n_slots;
    gang->member = hq_calloc(1, members * sizeof *gang->member + lines * sizeof(double) + bytes);
    size_t rooms = gang->member ? most_rooms(graph) : 0;
    if (rooms > 0)
        gang->room = hq_realloc_array(NULL, rooms * room, sizeof *gang->room);
    if (!gang->member || (rooms > 0 && !gang->room))
        return HQ_ENOMEM;
    gang->has_recurrences = members > 1; /* besides the node at hand */
    double *line_of_first = (double *)(void *)(gang->member + members);
    gang->room_stride = room;
    gang->waiting = (uint32_t *)(void *)(line_of_first + lines);
    gang->bounded = gang->waiting + graph->n_nodes;
    gang->known = gang->bounded + graph->n_slots;
    gang->is_missing = (uint8_t *)(gang->known + graph->n_slots);
    gang->led = gang->is_missing + graph->n_slots;
    for (size_t m = 0; m < members; m++) {
        gang->member[m].span.line = line_of_first + m * line;
        gang->member[m].span.ahead = &gang->ahead;
    }
    return HQ_OK;
}

void hq_gang_destroy(HqGang *gang)
{
    free(gang->member);
    free(gang->room);
}

/* A caller's columns go on where this block's end. */
static void look_ahead(HqGang *gang, const HqBlock *block, size_t n)
{
    gang->ahead.end = n < block->to_come ? n : block->to_come;
    for (uint32_t slot = 0; gang->ahead.end > 0 && slot < block->graph->n_slots && gang->ahead.n < HQ_AHEAD_MAX; slot++)
        if (block->column[slot] && !hq_block_owns(block, block->column[slot]))
            gang->ahead.column[gang->ahead.n++] = block->column[slot] + n;
    if (gang->ahead.n == 0)
        gang->ahead.end = 0;
}

/* --------------------------------------------------------------------- members */

/* A column's place is written again. */
static void clear(HqGang *gang, const HqBlock *block, const HqMember *member)
{
    for (uint32_t k = 0; k < hq_node_outputs(member->key); k++)
        hq_outgoing_clear(&gang->outgoing, block->column[member->node->out + k]);
    if (member->twin != HQ_NO_SLOT)
        hq_outgoing_clear(&gang->outgoing, block->column[member->twin]);
}

static void send_column(HqGang *gang, HqBlock *block, uint32_t slot, size_t n)
{
    if (!block->to[slot] || block->is_first || !hq_gang_is_known(gang, slot))
        return;
    hq_outgoing_send(&gang->outgoing, block->to[slot], block->column[slot], n);
    block->to[slot] = NULL;
}

/* It has run over the block's n bars: its columns may go where they are wanted. */
static void send(HqGang *gang, HqBlock *block, const HqMember *member, size_t n)
{
    for (uint32_t k = 0; k < hq_node_outputs(member->key); k++)
        send_column(gang, block, member->node->out + k, n);
    if (member->twin != HQ_NO_SLOT)
        send_column(gang, block, member->twin, n);
}

void hq_gang_finish(HqGang *gang) { hq_outgoing_finish(&gang->outgoing); }

static void mark_run(uint32_t *runs, const HqGang *gang, const HqMember *member)
{
    for (uint32_t k = 0; k < hq_node_outputs(member->key); k++)
        runs[member->node->out + k] = gang->run;
    if (member->twin != HQ_NO_SLOT)
        runs[member->twin] = gang->run;
}

static void mark_outputs(uint8_t *flags, const HqNode *node, const HqNodeKey *key, uint8_t value)
{
    uint32_t twin = hq_node_twin(node, key);
    for (uint32_t k = 0; k < hq_node_outputs(key); k++)
        flags[node->out + k] = value;
    if (twin != HQ_NO_SLOT)
        flags[twin] = value;
}

void hq_gang_note_bounded(HqGang *gang, uint32_t slot) { gang->bounded[slot] = gang->run + 1; }

bool hq_gang_is_known(const HqGang *gang, uint32_t slot) 
{
    return gang->bounded[slot] == gang->run || gang->known[slot] == gang->run;
}

/* Whether all that it reads is there; or is led, where one member may read what another writes. */
static bool can_run(const HqGang *gang, const HqNode *node, const HqNodeKey *key)
{
    const HqChains *chains = chains_of(node, key);
    for (uint32_t k = 0; k < key->n_inputs; k++)
        if (gang->is_missing[node->in[k]] && !(chains && chains->reads_inputs && gang->led[node->in[k]] > 0))
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

/* ---------------------------------------------------------------------- groups */

/* How many of the chains that wait one of these has to follow: 0 when it reads what is there. */
static uint32_t rank_of(const HqGang *gang, const HqNode *node, const HqNodeKey *key)
{
    uint32_t rank = 0;
    for (uint32_t k = 0; k < key->n_inputs; k++)
        if (gang->led[node->in[k]] > rank)
            rank = gang->led[node->in[k]];
    return rank;
}

static bool is_of(const HqChainGroup *group, uint32_t rank, const HqChains *chains)
{
    return group->rank == rank && group->has_differences == chains->has_difference;
}

/* Whether a node's chains can run beside those that wait. */
static bool has_lanes(const HqGang *gang, uint32_t rank, const HqChains *chains)
{
    uint32_t lanes = (HQ_GROUPS_MAX - gang->n_groups) * HQ_GROUP_CHAINS;
    for (uint32_t g = 0; g < gang->n_groups; g++)
        if (is_of(&gang->group[g], rank, chains))
            lanes += HQ_GROUP_CHAINS - gang->group[g].n;
    return lanes >= chains->n;
}

/* A new group stands behind those of its rank: what it reads has been written by then. */
static HqChainGroup *open_group(HqGang *gang, uint32_t rank, const HqChains *chains)
{
    uint32_t at = gang->n_groups++;
    for (; at > 0 && gang->group[at - 1].rank > rank; at--)
        gang->group[at] = gang->group[at - 1];
    gang->group[at] = (HqChainGroup){.rank = rank, .has_differences = chains->has_difference};
    return &gang->group[at];
}

static void line_up(HqGang *gang, HqChain *chain, uint32_t rank, const HqChains *chains)
{
    HqChainGroup *group = gang->group, *end = gang->group + gang->n_groups;
    while (group < end && !(is_of(group, rank, chains) && group->n < HQ_GROUP_CHAINS))
        group++;
    if (group == end)
        group = open_group(gang, rank, chains);
    group->chain[group->n++] = chain;
}

/* ------------------------------------------------------------------------- run */

static void run_members(HqGang *gang, HqBlock *block)
{
    if (gang->n_members == 0)
        return;
    size_t n = gang->member[0].span.n;
    gang->had_one_pass |= !hq_run_sections(gang->group, gang->n_groups, &gang->ahead, n, &gang->rest);
    for (uint32_t m = 0; m < gang->n_members; m++) {
        HqMember *member = &gang->member[m];
        chains_of(member->node, member->key)->end[hq_member_build()](member->node, &member->span);
        hq_member_pass(member, member->span.n);
        hq_member_leave(member, block);
        mark_run(gang->bounded, gang, member);
        send(gang, block, member, n);
        mark_outputs(gang->is_missing, member->node, member->key, 0);
        mark_outputs(gang->led, member->node, member->key, 0);
    }
    gang->n_members = gang->n_groups = gang->n_rooms = 0;
}

/* The node at hand waits with the others. */
static void join(HqGang *gang, const HqChains *chains)
{
    HqMember *member = &gang->member[gang->n_members++];
    uint32_t rank = rank_of(gang, member->node, member->key);
    for (uint32_t r = 0; r < chains->rooms; r++)
        member->span.room[r] = gang->room + gang->room_stride * gang->n_rooms++;
    chains->begin[hq_member_build()](member->node, &member->span);
    for (uint32_t c = 0; c < chains->n; c++)
        line_up(gang, &member->chain[c], rank, chains);
    mark_outputs(gang->is_missing, member->node, member->key, 1);
    if (!chains->gives_chain)
        return;
    mark_outputs(gang->led, member->node, member->key, (uint8_t)(rank + 1));
    mark_run(gang->bounded, gang, member);
}

static bool reads_missing(const HqGang *gang, const HqMember *member)
{
    for (uint32_t k = 0; k < member->key->n_inputs; k++)
        if (gang->is_missing[member->node->in[k]])
            return true;
    return false;
}

static void run_alone(HqGang *gang, HqBlock *block, HqMember *member)
{
    const HqRow *row = member->key->row;
    bool stays_known = row && row->stays_known && !block->is_first && has_bounded_inputs(gang, member) &&
                       row->stays_known(member->node, member->span.line);
    hq_member_run(member, block, member->span.n);
    if (stays_known)
        mark_run(gang->known, gang, member);
    if (stays_known && row->keeps_range)
        mark_run(gang->bounded, gang, member);
}

/* The node whose inputs are there or led: it joins those that wait, or runs alone. */
static void join_or_run(HqGang *gang, HqBlock *block, uint32_t index, size_t from, size_t n)
{
    const HqNode *node = &block->graph->nodes[index];
    const HqNodeKey *key = &block->graph->keys[index];
    const HqChains *chains = chains_of(node, key);
    if (chains && !has_lanes(gang, rank_of(gang, node, key), chains))
        run_members(gang, block);
    HqMember *member = &gang->member[gang->n_members];
    hq_member_take(member, block, index, from, n);
    clear(gang, block, member);
    if (chains && block->is_first)
        hq_member_run(member, block, n < HQ_SETTLING ? n : HQ_SETTLING);
    if (chains && member->span.n > 0 &&
        chains->is_steady(member->node, member->span.line) &&
        has_bounded_inputs(gang, member)) {
        join(gang, chains);
        return;
    }
    if (reads_missing(gang, member))
        run_members(gang, block); /* the member stays where it is */
    if (member->span.n > 0)
        run_alone(gang, block, member);
    hq_member_leave(member, block);
    send(gang, block, member, n);
    mark_outputs(gang->is_missing, member->node, member->key, 0);
}

void hq_gang_run(HqGang *gang, HqBlock *block, size_t from, size_t n, uint32_t first, uint32_t end)
{
    const HqGraph *graph = block->graph;
    uint32_t left = 0;
    /* What an earlier part of the block has left is not this one's. */
    gang->ahead = (HqAhead){.outgoing = &gang->outgoing,
                            .has_recurrences = gang->has_recurrences,
                            .is_left_to_recurrences = gang->had_one_pass};
    gang->had_one_pass = false;
    if (first == 0)
        look_ahead(gang, block, from + n);
    for (uint32_t i = first; i < end; i++)
        if (!block->is_left_out[i])
            gang->waiting[left++] = i;
    if (++gang->run == 0) { /* after 2^32 runs: what was seen in the last ones is forgotten */
        memset(gang->bounded, 0, 2 * (size_t)graph->n_slots * sizeof *gang->bounded); /* and gang->known */
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
            mark_outputs(gang->is_missing, node, &graph->keys[index], 1);
            gang->waiting[left++] = index;
        }
        run_members(gang, block);
    }
}
