#include "run/tile.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/line.h"
#include "metrics/sides.h"
#include "run/bars.h"
#include "run/tile_layout.h"

/* Bytes of node state beyond which no further combination joins a tile. */
enum { STATE_MOST = 1 << 24 };

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

/* ------------------------------------------------------------------ set-up */

/* Nodes that one which is refused has left behind are those of the next lane. */
static HqStatus link_lane(HqTile *tile, HqTileLane *lane)
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
    lane->run.rules = linked.rules;
    return HQ_OK;
}

static HqStatus begin_lane(HqTile *tile, HqTileLane *lane)
{
    const HqSweep *sweep = tile->job->sweep;
    lane->is_warm = lane->run.rules.count == 0;
    hq_returns_begin(&lane->run.returns, sweep->options->account.initial_margin);
    HqStatus status = hq_intents_init(&lane->run.intents, sweep->options, &lane->run.rules, &tile->graph);
    if (status != HQ_OK)
        return status;
    return hq_exec_init(&lane->run.exec, sweep->symbols, 1, NULL, 0, sweep->options, NULL);
}

/* The next combination: a lane, or refused. One that is too large may only be so beside others. */
static HqStatus take(HqTile *tile, size_t combination)
{
    HqTileLane *lane = &tile->lanes[tile->n_lanes];
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

static HqStatus make_teams(HqTile *tile)
{
    size_t n = (tile->n_lanes + HQ_ACCOUNTS - 1) / HQ_ACCOUNTS;
    tile->teams = hq_calloc(n, sizeof *tile->teams);
    if (!tile->teams)
        return HQ_ENOMEM;
    for (; tile->n_teams < n; tile->n_teams++) {
        HqLane *lanes[HQ_ACCOUNTS];
        size_t first = tile->n_teams * HQ_ACCOUNTS, left = tile->n_lanes - first;
        size_t size = left < HQ_ACCOUNTS ? left : HQ_ACCOUNTS;
        for (size_t i = 0; i < size; i++)
            lanes[i] = &tile->lanes[first + i].run;
        hq_team_begin(&tile->teams[tile->n_teams], lanes, size);
    }
    return HQ_OK;
}

/* As many lanes as the graph may hold the state of, of a tile's combinations first..first + n - 1. */
static HqStatus set_up(HqTile *tile, size_t index, size_t first, size_t n)
{
    tile->lanes = hq_calloc(n, sizeof *tile->lanes);
    HqStatus status = tile->lanes ? hq_graph_init(&tile->graph, 0) : HQ_ENOMEM;
    while (status == HQ_OK && tile->taken < n && tile->graph.state_bytes <= STATE_MOST)
        status = take(tile, hq_deal_at(&tile->job->deal, index, first + tile->taken));
    tile->has_time = hq_graph_reads(&tile->graph, HQ_SLOT_TIME);
    if (status == HQ_OK && tile->n_lanes > 0)
        status = hq_tile_lay_out(tile);
    return status == HQ_OK ? make_teams(tile) : status;
}

static void tear_down(HqTile *tile)
{
    for (size_t i = 0; tile->lanes && i < tile->n_lanes; i++) {
        hq_exec_destroy(&tile->lanes[i].run.exec);
        hq_conditions_destroy(&tile->lanes[i].conditions);
        hq_intents_destroy(&tile->lanes[i].run.intents);
        free(tile->lanes[i].run.rules.rule);
        free(tile->lanes[i].run.rules.clause);
    }
    free(tile->lanes);
    free(tile->ranges);
    free(tile->constants);
    hq_team_room_destroy(&tile->room);
    free(tile->teams);
    hq_block_destroy(&tile->block);
    hq_graph_destroy(&tile->graph);
}

/* -------------------------------------------------------------------- a lane */

static void fill_constants(HqTile *tile, const HqTileLane *lane, size_t n)
{
    for (uint32_t i = lane->first_constant; i < lane->end_constant; i++) {
        uint32_t slot = tile->constants[i];
        for (size_t t = 0; t < n; t++)
            tile->block.column[slot][t] = tile->graph.slots[slot].constant;
    }
}

static HqStatus run_lane(HqTile *tile, HqTileLane *lane, HqTeam *team, size_t at, const HqStretch *stretch,
                         double *equity)
{
    size_t n = stretch->end - stretch->begin;
    HqHits *hits = &tile->room.hits[at];
    fill_constants(tile, lane, n);
    hq_block_run_nodes(&tile->block, n, lane->first_node, lane->end_node);
    hq_hits_find(hits, &lane->run.rules, &lane->conditions, &tile->block, n);
    hq_hits_count_warmup(hits, &lane->is_warm, &lane->warmup);
    return hq_team_take(team, &tile->room, at, stretch, equity);
}

/* A load waits for a store under way whose address ends in the same twelve bits: a lane's equity lies half of
 * that away from the prices that it is made of. */
static double *equity_room(const HqTile *tile, const double *close)
{
    double *room = tile->ranges + 2 * tile->block.capacity;
    size_t off = ((uintptr_t)close - (uintptr_t)room + HQ_PAGE / 2) % HQ_PAGE;
    return hq_first_line(room + off / sizeof *room);
}

static HqStatus run_team(HqTile *tile, size_t index, const HqStretch *stretch)
{
    HqTeam *team = &tile->teams[index];
    HqTileLane *first = &tile->lanes[index * HQ_ACCOUNTS];
    double *equity = equity_room(tile, stretch->prices.close);
    HqStatus status = HQ_OK;
    hq_team_begin_block(team, &tile->room);
    for (size_t i = 0; i < team->n && status == HQ_OK; i++)
        status = run_lane(tile, &first[i], team, i, stretch, equity);
    return status == HQ_OK ? hq_team_end_block(team, &tile->room, stretch, equity) : status;
}

static HqStatus run_block(HqTile *tile, size_t begin, size_t end)
{
    size_t room = tile->block.capacity;
    HqStretch stretch = {.bars = tile->bars,
                         .begin = begin,
                         .end = end,
                         .prices = hq_stretch_prices(tile->bars, begin, end, tile->ranges,
                                                     tile->ranges + room)};
    hq_bars_show(tile->bars, begin, end, tile->has_time, tile->block.column);
    hq_block_begin(&tile->block);
    HqStatus status = HQ_OK;
    for (size_t i = 0; i < tile->n_teams && status == HQ_OK; i++)
        status = run_team(tile, i, &stretch);
    hq_block_end(&tile->block, end - begin);
    return status;
}

static HqStatus run_blocks(HqTile *tile, bool reports)
{
    size_t length = tile->bars->length, room = tile->block.capacity;
    HqStatus status = HQ_OK;
    for (size_t begin = 0; begin < length && status == HQ_OK; begin += room) {
        size_t end = length - begin < room ? length : begin + room;
        status = run_block(tile, begin, end);
        if (status == HQ_OK && hq_sweep_stops(tile->job, reports))
            status = HQ_ECANCELLED;
    }
    for (size_t i = 0; i < tile->n_teams && status == HQ_OK; i++)
        hq_team_end(&tile->teams[i], length);
    return status;
}

/* --------------------------------------------------------------------- rows */

static HqSweepRow row_of(HqTileLane *lane, const HqSweep *sweep)
{
    hq_exec_finish(&lane->run.exec);
    const HqBacktestReport *counts = &lane->run.exec.records.counts;
    HqSidesFigures sides = hq_sides_figures(&lane->run.exec.records.sides);
    HqReturnsFigures figures =
        hq_returns_figures(&lane->run.returns, sweep->periods_per_year,
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

/* The first of *n combinations of a tile: as many as it says then. */
static HqStatus run_first(HqSweepJob *job, size_t index, size_t first, size_t *n, bool reports)
{
    HqTile tile = {.job = job, .bars = job->sweep->symbols->bars};
    HqStatus status = set_up(&tile, index, first, *n);
    *n = tile.taken;
    if (status == HQ_OK && tile.n_lanes > 0)
        status = run_blocks(&tile, reports);
    for (size_t i = 0; i < tile.n_lanes && status == HQ_OK; i++)
        job->output->rows[tile.lanes[i].combination] = row_of(&tile.lanes[i], job->sweep);
    tear_down(&tile);
    return status;
}

HqStatus hq_tile_run(HqSweepJob *job, size_t tile, bool reports)
{
    size_t n = hq_deal_size(&job->deal, tile);
    HqStatus status = HQ_OK;
    for (size_t first = 0, taken; first < n && status == HQ_OK; first += taken) {
        taken = n - first;
        status = run_first(job, tile, first, &taken, reports);
        /* A combination that needs much may not fit beside the others, and yet by itself. */
        if (status == HQ_ELIMIT && taken > 1) {
            taken--;
            status = run_first(job, tile, first, &taken, reports);
        }
        if (status == HQ_OK)
            atomic_fetch_add(&job->done, taken);
    }
    return status;
}
