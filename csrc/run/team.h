/*
 * A team: lanes whose accounts stand side by side in a ledger (exec/ledger.h), so that their fills
 * are done together. A block of bars takes three steps: signals become rows of fills (fill_rows.h), one
 * lane after the other; the ledger fills them; equity and returns follow, one after the other
 * again. A lane that a ledger cannot run runs by itself; so does one to which anything else happens
 * on a block, for some blocks.
 */
#ifndef HQ_RUN_TEAM_H
#define HQ_RUN_TEAM_H

#include "run/fill_rows.h"

typedef struct HqTeam {
    HqLane *lane[HQ_ACCOUNTS];
    size_t n;
    unsigned fits;     /* a bit for each lane that the ledger can run */
    unsigned together; /* a bit for each whose account is in the ledger now, else it is in HqExec */
    uint32_t apart_for[HQ_ACCOUNTS]; /* blocks that a lane runs by itself once it leaves: doubled */
    uint32_t left_for[HQ_ACCOUNTS];  /* of these those that are still to come */
    HqTransitions transitions;
    HqLedger ledger;
    HqTaken taken[HQ_ACCOUNTS];
} HqTeam;

/** What the teams of a thread need for the block at hand, one after the other. */
typedef struct HqTeamRoom {
    HqHits hits[HQ_ACCOUNTS];
    HqFillRows rows;
    HqLedger before; /* the block */
} HqTeamRoom;

/** Room for blocks of at most `capacity` bars. HQ_OK, HQ_ENOMEM. */
HqStatus hq_team_room_init(HqTeamRoom *room, size_t capacity, uint32_t n_conditions);

void hq_team_room_destroy(HqTeamRoom *room);

/** Lanes that have not run yet: 1 to HQ_ACCOUNTS, which stay where they are. */
void hq_team_begin(HqTeam *team, HqLane *const *lanes, size_t n);

/** A block begins. */
void hq_team_begin_block(HqTeam *team, HqTeamRoom *room);

/**
 * A lane's part of the block, whose hits stand in the room.
 * @param equity  room for a value a bar.
 * @return HQ_OK, HQ_EINVAL (a funding rate is missing).
 */
HqStatus hq_team_take(HqTeam *team, HqTeamRoom *room, size_t lane, const HqStretch *stretch,
                      double *equity);

/** The rest of the block, when every lane had its part. HQ_OK, HQ_EINVAL. */
HqStatus hq_team_end_block(HqTeam *team, HqTeamRoom *room, const HqStretch *stretch,
                           double *equity);

/** After the last of all bars: each lane's HqExec says what it would say of a run of its own. */
void hq_team_end(HqTeam *team, uint64_t bars);

#endif
