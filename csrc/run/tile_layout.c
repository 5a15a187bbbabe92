#include "run/tile_layout.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/line.h"

enum { BLOCK_LEAST = 256, BLOCK_MOST = 1024, BLOCK_BYTES = 1 << 19 };

/* By slot: the last lane that reads it, and the lane that it is of: whose node writes it, or the first
 * to read a constant. */
typedef struct Use {
    uint32_t last, owner;
    bool is_shared; /* the bar's, or written by a node and its twin */
    bool is_memory; /* no column */
} Use;

#define NOBODY UINT32_MAX

static void read_by(Use *use, uint32_t slot, uint32_t lane)
{
    use[slot].last = lane; /* lanes come in order */
    if (use[slot].owner == NOBODY)
        use[slot].owner = lane;
}

static bool is_shared(const Use *use)
{
    return !use->is_memory && (use->is_shared || use->last != use->owner);
}

static void note_lane(const HqTile *tile, Use *use, uint32_t lane)
{
    const HqTileLane *own = &tile->lanes[lane];
    const HqGraph *graph = &tile->graph;
    for (uint32_t i = own->first_node; i < own->end_node; i++) {
        uint32_t first, twin, n = hq_block_outputs(graph, i, &first, &twin);
        for (uint32_t k = 0; k < graph->keys[i].n_slots; k++)
            use[first + k] = (Use){.last = lane, .owner = lane, .is_memory = k >= n};
        if (twin != HQ_NO_SLOT)
            use[twin] = (Use){.is_shared = true};
        for (uint32_t k = 0; k < graph->keys[i].n_inputs; k++)
            read_by(use, graph->nodes[i].in[k], lane);
    }
    for (uint32_t r = 0; r < own->run.rules.count; r++) {
        const HqRule *rule = &own->run.rules.rule[r];
        read_by(use, rule->condition, lane);
        for (uint32_t c = 0; c < rule->n_clauses; c++)
            read_by(use, own->run.rules.clause[rule->first_clause + c].slot, lane);
    }
}

/* Columns that one lane alone has are the same for every lane. `taken`: by lane, how many it has. */
static size_t find_places(const HqTile *tile, const Use *use, uint32_t *place, uint32_t *taken)
{
    size_t shared = 0, most = 0;
    for (uint32_t slot = 0; slot < tile->graph.n_slots; slot++)
        if (is_shared(&use[slot]))
            place[slot] = (uint32_t)shared++;
    for (uint32_t slot = 0; slot < tile->graph.n_slots; slot++) {
        if (use[slot].is_memory || is_shared(&use[slot]))
            continue;
        place[slot] = (uint32_t)shared + taken[use[slot].owner]++;
        most = taken[use[slot].owner] > most ? taken[use[slot].owner] : most;
    }
    return shared + most;
}

/* Constants stand in columns that other lanes write over: whose they are fills them again. */
static void find_constants(HqTile *tile, const Use *use)
{
    uint32_t n = 0;
    for (uint32_t lane = 0; lane < tile->n_lanes; lane++) {
        tile->lanes[lane].first_constant = n;
        for (uint32_t slot = 0; slot < tile->graph.n_slots; slot++)
            if (tile->graph.slots[slot].is_constant && use[slot].owner == lane &&
                !is_shared(&use[slot]))
                tile->constants[n++] = slot;
        tile->lanes[lane].end_constant = n;
    }
}

/* Conditions that one lane alone asks for need no columns. */
static HqStatus make_conditions(HqTile *tile, const Use *use, uint32_t *most)
{
    const HqGraph *graph = &tile->graph;
    bool *is_read = hq_calloc(graph->n_slots, sizeof *is_read), *needs_none = tile->block.is_left_out;
    HqStatus status = is_read ? HQ_OK : HQ_ENOMEM;
    for (uint32_t slot = 0; slot < graph->n_slots && is_read; slot++)
        is_read[slot] = is_shared(&use[slot]);
    for (size_t i = 0; i < tile->n_lanes && is_read; i++)
        hq_rules_mark_clauses(&tile->lanes[i].run.rules, is_read);
    if (is_read)
        hq_conditions_choose(graph, is_read, needs_none);
    free(is_read);
    for (size_t i = 0; i < tile->n_lanes && status == HQ_OK; i++) {
        HqTileLane *lane = &tile->lanes[i];
        status = hq_conditions_init(&lane->conditions, graph, &lane->run.rules, needs_none,
                                    lane->first_node, lane->end_node);
        *most = lane->conditions.count > *most ? lane->conditions.count : *most;
    }
    return status;
}

static HqStatus make_block(HqTile *tile, const Use *use, uint32_t *place, uint32_t *taken)
{
    uint32_t n_conditions = 0;
    size_t places = find_places(tile, use, place, taken);
    size_t capacity = BLOCK_BYTES / sizeof(double) / places;
    capacity = capacity < BLOCK_LEAST ? BLOCK_LEAST : capacity > BLOCK_MOST ? BLOCK_MOST : capacity;
    HqStatus status =
        hq_block_init_shared(&tile->block, &tile->graph, capacity, place, places);
    if (status == HQ_OK)
        status = make_conditions(tile, use, &n_conditions);
    if (status == HQ_OK)
        status = hq_team_room_init(&tile->room, capacity, n_conditions);
    size_t room = 3 * capacity + HQ_LINE + HQ_PAGE / sizeof *tile->ranges;
    tile->ranges = status == HQ_OK ? hq_calloc(room, sizeof *tile->ranges) : NULL;
    return status == HQ_OK && !tile->ranges ? HQ_ENOMEM : status;
}

HqStatus hq_tile_lay_out(HqTile *tile)
{
    const HqGraph *graph = &tile->graph;
    Use *use = hq_calloc(graph->n_slots, sizeof *use);
    uint32_t *place = hq_calloc(graph->n_slots, sizeof *place);
    uint32_t *taken = hq_calloc(tile->n_lanes, sizeof *taken);
    tile->constants = hq_calloc(graph->n_slots, sizeof *tile->constants);
    HqStatus status = HQ_ENOMEM;
    if (use && place && taken && tile->constants) {
        for (uint32_t slot = 0; slot < graph->n_slots; slot++)
            use[slot] = (Use){.owner = NOBODY, .is_shared = !graph->slots[slot].is_constant};
        for (uint32_t lane = 0; lane < tile->n_lanes; lane++)
            note_lane(tile, use, lane);
        find_constants(tile, use);
        status = make_block(tile, use, place, taken);
    }
    free(use);
    free(place);
    free(taken);
    return status;
}
