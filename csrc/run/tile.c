#include "run/tile.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "graph/block.h"
#include "metrics/returns.h"
#include "metrics/sides.h"
#include "run/bars.h"
#include "run/stretch.h"

enum { BLOCK_LEAST = 256, BLOCK_MOST = 1024, BLOCK_BYTES = 1 << 19 };

/* Bytes of node state beyond which no further combination joins a tile. */
enum { STATE_MOST = 1 << 24 };

/* A combination. */
typedef struct Lane {
    size_t combination;
    HqRules rules;
    HqConditions conditions;
    HqIntents intents;
    uint32_t first_node, end_node; /* nodes that no lane before it had */
    uint32_t first_constant, end_constant; /* of the tile's list: those that it alone reads */
    uint64_t warmup;
    bool is_warm;
    HqExec exec;
    HqReturns returns;
} Lane;

typedef struct Tile {
    HqSweepJob *job;
    const HqBars *bars;
    HqGraph graph;
    HqBlock block;
    HqHits hits;   /* of the lane that runs */
    bool has_time; /* a node reads the bars' times */
    uint32_t *constants; /* slots of those that one lane alone reads, lane after lane */
    double *ranges; /* of the block: least and most prices, and a lane's equity */
    Lane *lanes;
    size_t n_lanes;
    size_t taken; /* combinations: those that run and those that are refused */
} Tile;

bool hq_tile_takes(const HqSweep *sweep, const HqSweepOutput *output)
{
    const HqSymbol *symbol = sweep->symbols;
    if (sweep->n_symbols != 1 || hq_program_timeframe_count(symbol->program) > 0 ||
        output->metrics || output->equity)
        return false;
    bool may_skip = sweep->options->bad_bars == HQ_BAD_BARS_SKIP;
    for (size_t i = 0; may_skip && i < symbol->bars->length; i++)
        if (!hq_bar_is_good(symbol->bars, i))
            return false;
    return symbol->bars->length > 0;
}

/* ----------------------------------------------------------------- columns */

/* By slot: the last lane that reads it, and the lane that it is of: whose node writes it, or the first
 * to read a constant. */
typedef struct Use {
    uint32_t last, owner;
    bool is_shared; /* the bar's, or written by a node and its twin */
    bool is_memory; /* no column */
} Use;

enum { NOBODY = UINT32_MAX };

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

static void note_lane(const Tile *tile, Use *use, uint32_t lane)
{
    const Lane *own = &tile->lanes[lane];
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
    for (uint32_t r = 0; r < own->rules.count; r++) {
        const HqRule *rule = &own->rules.rule[r];
        read_by(use, rule->condition, lane);
        for (uint32_t c = 0; c < rule->n_clauses; c++)
            read_by(use, own->rules.clause[rule->first_clause + c].slot, lane);
    }
}

/* Columns that one lane alone has are the same for every lane. `taken`: by lane, how many it has. */
static size_t find_places(const Tile *tile, const Use *use, uint32_t *place, uint32_t *taken)
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
static void find_constants(Tile *tile, const Use *use)
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
static HqStatus make_conditions(Tile *tile, const Use *use, uint32_t *most)
{
    const HqGraph *graph = &tile->graph;
    bool *is_read = hq_calloc(graph->n_slots, sizeof *is_read), *needs_none = tile->block.is_left_out;
    HqStatus status = is_read ? HQ_OK : HQ_ENOMEM;
    for (uint32_t slot = 0; slot < graph->n_slots && is_read; slot++)
        is_read[slot] = is_shared(&use[slot]);
    for (size_t i = 0; i < tile->n_lanes && is_read; i++)
        hq_rules_mark_clauses(&tile->lanes[i].rules, is_read);
    if (is_read)
        hq_conditions_choose(graph, is_read, needs_none);
    free(is_read);
    for (size_t i = 0; i < tile->n_lanes && status == HQ_OK; i++) {
        Lane *lane = &tile->lanes[i];
        status = hq_conditions_init(&lane->conditions, graph, &lane->rules, needs_none,
                                    lane->first_node, lane->end_node);
        *most = lane->conditions.count > *most ? lane->conditions.count : *most;
    }
    return status;
}

static HqStatus make_block(Tile *tile, const Use *use, uint32_t *place, uint32_t *taken)
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
        status = hq_hits_init(&tile->hits, capacity, n_conditions);
    tile->ranges = status == HQ_OK ? hq_calloc(3 * capacity, sizeof *tile->ranges) : NULL;
    return status == HQ_OK && !tile->ranges ? HQ_ENOMEM : status;
}

static HqStatus lay_out(Tile *tile)
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

/* ------------------------------------------------------------------ set-up */

/* Nodes that one which is refused has left behind are those of the next lane. */
static HqStatus link_lane(Tile *tile, Lane *lane)
{
    const HqSweep *sweep = tile->job->sweep;
    const double *params = sweep->params + lane->combination * sweep->n_params;
    HqGraph *graphs[] = {&tile->graph};
    HqLinked linked;
    HqStatus status = hq_program_check_params(sweep->symbols->program, params);
    if (status == HQ_OK)
        status = hq_link(sweep->symbols->program, params, graphs, NULL, NULL, &linked);
    if (status != HQ_OK)
        return status;
    lane->first_node = tile->n_lanes > 0 ? lane[-1].end_node : 0;
    lane->end_node = tile->graph.n_nodes;
    lane->rules = linked.rules;
    return HQ_OK;
}

static HqStatus begin_lane(Tile *tile, Lane *lane)
{
    const HqSweep *sweep = tile->job->sweep;
    lane->is_warm = lane->rules.count == 0;
    hq_returns_begin(&lane->returns, sweep->options->account.initial_margin);
    HqStatus status = hq_intents_init(&lane->intents, sweep->options, &lane->rules, &tile->graph);
    if (status != HQ_OK)
        return status;
    return hq_exec_init(&lane->exec, sweep->symbols, 1, NULL, 0, sweep->options, NULL);
}

/* The next combination: a lane, or refused. One that is too large may only be so beside others. */
static HqStatus take(Tile *tile, size_t combination)
{
    Lane *lane = &tile->lanes[tile->n_lanes];
    bool is_first = tile->taken++ == 0;
    lane->combination = combination;
    HqStatus status = link_lane(tile, lane);
    if (status == HQ_EINVAL || (status == HQ_ELIMIT && is_first)) {
        hq_sweep_refuse(tile->job, combination, status);
        return HQ_OK;
    }
    if (status != HQ_OK)
        return status;
    tile->n_lanes++;
    return begin_lane(tile, lane);
}

/* As many lanes as the graph may hold the state of, of up to `n` combinations. */
static HqStatus set_up(Tile *tile, size_t first, size_t n)
{
    tile->lanes = hq_calloc(n, sizeof *tile->lanes);
    HqStatus status = tile->lanes ? hq_graph_init(&tile->graph, 0) : HQ_ENOMEM;
    while (status == HQ_OK && tile->taken < n && tile->graph.state_bytes <= STATE_MOST)
        status = take(tile, first + tile->taken);
    tile->has_time = hq_graph_reads(&tile->graph, HQ_SLOT_TIME);
    return status == HQ_OK && tile->n_lanes > 0 ? lay_out(tile) : status;
}

static void tear_down(Tile *tile)
{
    for (size_t i = 0; tile->lanes && i < tile->n_lanes; i++) {
        hq_exec_destroy(&tile->lanes[i].exec);
        hq_conditions_destroy(&tile->lanes[i].conditions);
        hq_intents_destroy(&tile->lanes[i].intents);
        free(tile->lanes[i].rules.rule);
        free(tile->lanes[i].rules.clause);
    }
    free(tile->lanes);
    free(tile->ranges);
    free(tile->constants);
    hq_hits_destroy(&tile->hits);
    hq_block_destroy(&tile->block);
    hq_graph_destroy(&tile->graph);
}

/* -------------------------------------------------------------------- a lane */

static void fill_constants(Tile *tile, const Lane *lane, size_t n)
{
    for (uint32_t i = lane->first_constant; i < lane->end_constant; i++) {
        uint32_t slot = tile->constants[i];
        for (size_t t = 0; t < n; t++)
            tile->block.column[slot][t] = tile->graph.slots[slot].constant;
    }
}

static HqStatus run_lane(Tile *tile, Lane *lane, HqStretch *stretch)
{
    size_t n = stretch->end - stretch->begin, room = tile->block.capacity;
    double *equity = tile->ranges + 2 * room;
    fill_constants(tile, lane, n);
    hq_block_run_nodes(&tile->block, n, lane->first_node, lane->end_node);
    hq_hits_find(&tile->hits, &lane->rules, &lane->conditions, &tile->block, n);
    hq_hits_count_warmup(&tile->hits, &lane->is_warm, &lane->warmup);
    uint64_t fills = lane->exec.records.counts.fills;
    bool was_flat = !(hq_account_held(&lane->exec.account) > 0);
    HqStatus status = hq_stretch_run(stretch, &lane->exec, NULL, equity);
    if (was_flat && lane->exec.records.counts.fills == fills) /* equity stood still */
        hq_returns_skip(&lane->returns, n);
    else
        hq_returns_push(&lane->returns, equity, n);
    return status;
}

static HqStatus run_block(Tile *tile, size_t begin, size_t end)
{
    size_t room = tile->block.capacity;
    HqStretch stretch = {.bars = tile->bars,
                         .begin = begin,
                         .end = end,
                         .prices = hq_stretch_prices(tile->bars, begin, end, tile->ranges,
                                                     tile->ranges + room),
                         .hits = &tile->hits};
    hq_bars_show(tile->bars, begin, end, tile->has_time, tile->block.column);
    hq_block_begin(&tile->block);
    HqStatus status = HQ_OK;
    for (size_t i = 0; i < tile->n_lanes && status == HQ_OK; i++) {
        stretch.intents = &tile->lanes[i].intents;
        status = run_lane(tile, &tile->lanes[i], &stretch);
    }
    hq_block_end(&tile->block, end - begin);
    return status;
}

static HqStatus run_blocks(Tile *tile, bool reports)
{
    size_t length = tile->bars->length, room = tile->block.capacity;
    HqStatus status = HQ_OK;
    for (size_t begin = 0; begin < length && status == HQ_OK; begin += room) {
        size_t end = length - begin < room ? length : begin + room;
        status = run_block(tile, begin, end);
        if (status == HQ_OK && hq_sweep_stops(tile->job, reports))
            status = HQ_ECANCELLED;
    }
    return status;
}

/* --------------------------------------------------------------------- rows */

static HqSweepRow row_of(Lane *lane, const HqSweep *sweep)
{
    hq_exec_finish(&lane->exec);
    const HqBacktestReport *counts = &lane->exec.records.counts;
    HqSidesFigures sides = hq_sides_figures(&lane->exec.records.sides);
    HqReturnsFigures figures =
        hq_returns_figures(&lane->returns, sweep->periods_per_year,
                           hq_risk_free_step(sweep->risk_free, sweep->periods_per_year));
    HqSweepRow row = hq_sweep_row(counts, lane->warmup);
    row.max_drawdown = figures.max_drawdown;
    row.cagr = figures.cagr;
    row.volatility = figures.volatility;
    row.sharpe = figures.sharpe;
    row.calmar = figures.calmar;
    row.win_rate = sides.win_rate;
    row.profit_factor = sides.profit_factor;
    row.expectancy = hq_defined(sides.total / (double)counts->trades);
    return row;
}

/* The first combinations of *n: as many as it says then. */
static HqStatus run_first(HqSweepJob *job, size_t first, size_t *n, bool reports)
{
    Tile tile = {.job = job, .bars = job->sweep->symbols->bars};
    HqStatus status = set_up(&tile, first, *n);
    *n = tile.taken;
    if (status == HQ_OK && tile.n_lanes > 0)
        status = run_blocks(&tile, reports);
    for (size_t i = 0; i < tile.n_lanes && status == HQ_OK; i++)
        job->output->rows[tile.lanes[i].combination] = row_of(&tile.lanes[i], job->sweep);
    tear_down(&tile);
    return status;
}

HqStatus hq_tile_run(HqSweepJob *job, size_t first, size_t n, bool reports)
{
    HqStatus status = HQ_OK;
    for (size_t taken; n > 0 && status == HQ_OK; first += taken, n -= taken) {
        taken = n;
        status = run_first(job, first, &taken, reports);
        /* A combination that needs much may not fit beside the others, and yet by itself. */
        if (status == HQ_ELIMIT && taken > 1) {
            taken--;
            status = run_first(job, first, &taken, reports);
        }
        if (status == HQ_OK)
            atomic_fetch_add(&job->done, taken);
    }
    return status;
}
