#include "run/team.h"

#include <string.h>

#include "run/held.h"

static unsigned bit(size_t lane) { return 1u << lane; }

/* -------------------------------------------------------------------------- set-up */

HqStatus hq_team_room_init(HqTeamRoom *room, size_t capacity, uint32_t n_conditions)
{
    memset(room, 0, sizeof *room);
    HqStatus status = hq_fill_rows_init(&room->rows, capacity);
    for (size_t i = 0; i < HQ_ACCOUNTS && status == HQ_OK; i++)
        status = hq_hits_init(&room->hits[i], capacity, n_conditions);
    if (status != HQ_OK)
        hq_team_room_destroy(room);
    return status;
}

void hq_team_room_destroy(HqTeamRoom *room)
{
    for (size_t i = 0; i < HQ_ACCOUNTS; i++)
        hq_hits_destroy(&room->hits[i]);
    hq_fill_rows_destroy(&room->rows);
}

static bool has_order(const HqLane *lane, uint32_t rule)
{
    return lane->rules.rule[rule].action != ACTION_HOLD;
}

/* The unit of the sizes of a lane's orders; those of a ledger have one in common. */
static uint8_t unit_of(const HqLane *lane)
{
    for (uint32_t r = 0; r < lane->rules.count; r++)
        if (has_order(lane, r))
            return lane->intents.order[r].size_unit;
    return lane->intents.fallback.size_unit;
}

static bool fits(const HqLane *lane, uint8_t unit)
{
    for (uint32_t r = 0; r < lane->rules.count; r++) {
        const HqWorking *order = &lane->intents.order[r];
        if (has_order(lane, r) &&
            (lane->intents.varies[r] || order->size_unit != unit || !hq_ledger_fills_order(order)))
            return false;
    }
    return hq_ledger_takes(&lane->exec);
}

void hq_team_begin(HqTeam *team, HqLane *const *lanes, size_t n)
{
    uint8_t unit = unit_of(lanes[0]);
    memset(team, 0, sizeof *team);
    team->n = n;
    team->transitions = hq_transitions_of(lanes[0]->exec.options);
    hq_ledger_begin(&team->ledger, &lanes[0]->exec, unit);
    for (size_t i = 0; i < n; i++) {
        team->lane[i] = lanes[i];
        team->apart_for[i] = 1;
        if (fits(lanes[i], unit))
            team->fits |= bit(i);
    }
    team->together = team->fits;
}

/* ---------------------------------------------------------------- leaving, joining */

/* A lane's account as it was `bars` bars from the start goes on by itself. */
static void leave(HqTeam *team, const HqLedger *ledger, size_t i, const HqWorking *waiting,
                  uint64_t bars)
{
    HqExec *exec = &team->lane[i]->exec;
    if (bars > 0)
        hq_ledger_leave(ledger, i, bars - 1, exec);
    if (waiting)
        hq_exec_wait(exec, waiting);
    team->together &= ~bit(i);
}

/* Prices that are of account for what is held now may be so for a while, or for good. */
static void stay_apart(HqTeam *team, size_t i)
{
    enum { MOST = 64 };
    team->left_for[i] = team->apart_for[i];
    if (team->apart_for[i] < MOST)
        team->apart_for[i] *= 2;
}

static void join(HqTeam *team, size_t i)
{
    if (team->left_for[i] > 0 && --team->left_for[i] > 0)
        return;
    const HqExec *exec = &team->lane[i]->exec;
    if (!hq_ledger_join(&team->ledger, i, exec))
        return;
    const HqLeg *legs = exec->account.legs;
    /* An order that waits stays where HqExec has it: leave() finds it in its place. */
    team->taken[i] =
        (HqTaken){.held = (int8_t)((legs[HQ_LONG].quantity > 0) - (legs[HQ_SHORT].quantity > 0)),
                  .waiting = exec->symbols->has_signal_order ? &exec->symbols->signal_order : NULL};
    team->together |= bit(i);
}

/* -------------------------------------------------------------------------- blocks */

void hq_team_begin_block(HqTeam *team, HqTeamRoom *room)
{
    for (size_t i = 0; i < team->n && team->together != team->fits; i++)
        if (team->fits & ~team->together & bit(i))
            join(team, i);
    room->before = team->ledger;
    hq_fill_rows_clear(&room->rows);
}

HqStatus hq_team_take(HqTeam *team, HqTeamRoom *room, size_t i, const HqStretch *stretch,
                      double *equity)
{
    if (!(team->together & bit(i)))
        return hq_lane_run(team->lane[i], stretch, &room->hits[i], equity);
    bool sized = team->ledger.size_unit != HQ_SIZE_ALL;
    hq_fill_rows_take(&room->rows, &team->transitions, team->lane[i], i, &room->hits[i], stretch,
                      sized, &team->taken[i]);
    return HQ_OK;
}

/* What a lane's rows have made of its equity. */
static void run_filled(HqTeam *team, HqTeamRoom *room, size_t i, const HqStretch *stretch,
                       double *equity)
{
    HqLane *lane = team->lane[i];
    const HqTaken *taken = &team->taken[i];
    size_t n = stretch->end - stretch->begin;
    hq_fill_rows_count(taken, n, &lane->exec.records.counts);
    if (taken->held_before == 0 && taken->rows == hq_taken_first(taken)) { /* equity stood still */
        hq_returns_skip(&lane->returns, n);
        return;
    }
    HqWorths worths = hq_fill_rows_worths(&room->rows, taken, i);
    hq_held_push(&lane->returns, &worths, stretch->prices.close, equity);
}

/* Fill the rows of all lanes. Answers a bit for each that has to run the block by itself. */
static unsigned fill_rows(HqTeam *team, HqTeamRoom *room, const HqStretch *stretch)
{
    HqRange range = {stretch->prices.least, stretch->prices.most};
    size_t most = 0;
    for (size_t i = 0; i < team->n; i++)
        if (team->together & bit(i) && team->taken[i].rows > most)
            most = team->taken[i].rows;
    return HQ_WIDE_CHOOSE(hq_ledger_fill)(&team->ledger, &room->rows.fills, most, range);
}

HqStatus hq_team_end_block(HqTeam *team, HqTeamRoom *room, const HqStretch *stretch, double *equity)
{
    unsigned together = team->together, unsure = together ? fill_rows(team, room, stretch) : 0;
    HqStatus status = HQ_OK;
    for (size_t i = 0; i < team->n && status == HQ_OK; i++) {
        if (together & ~unsure & bit(i)) {
            run_filled(team, room, i, stretch, equity);
        } else if (together & bit(i)) {
            leave(team, &room->before, i, team->taken[i].waited, stretch->begin);
            stay_apart(team, i);
            status = hq_lane_run(team->lane[i], stretch, &room->hits[i], equity);
        }
    }
    return status;
}

void hq_team_end(HqTeam *team, uint64_t bars)
{
    for (size_t i = 0; i < team->n; i++)
        if (team->together & bit(i))
            leave(team, &team->ledger, i, team->taken[i].waiting, bars);
}
