/*
 * Signals of a block as rows of a ledger's fills. What a signal's order does follows from the side
 * that is held alone, as long as every order is filled: so rows are made before anything is
 * computed of an account.
 */
#ifndef HQ_RUN_FILL_ROWS_H
#define HQ_RUN_FILL_ROWS_H

#include "exec/ledger.h"
#include "run/lane.h"

/** What an order does to an account that holds a side. */
typedef struct HqTransition {
    uint64_t counts; /* closings and openings, 32 bits each */
    double sign;     /* of the order: +1 buys, -1 sells */
    uint16_t closes, opens; /* all bits where it does */
    uint8_t is_filled;
    int8_t held;   /* from then on: +1, -1, 0 */
    uint16_t next; /* hq_transitions_from(held) */
} HqTransition;

/** By 1 + the side that is held and an order's side (0 sells, 1 buys): hq_transitions_from(). */
typedef struct HqTransitions {
    HqTransition of[6];
} HqTransitions;

/** Where the transitions of an account that holds a side begin. */
static inline unsigned hq_transitions_from(int held) { return 2 * (unsigned)(1 + held); }

HqTransitions hq_transitions_of(const HqBacktestOptions *options);

/** What the signals of a block come to, of one account. */
typedef struct HqTaken {
    uint64_t orders;          /* signals that make one */
    uint64_t holds;           /* signals that make none */
    uint64_t counts;          /* as those of transitions */
    const HqWorking *waited;  /* the order that the block began with; NULL: none */
    const HqWorking *waiting; /* that the next one begins with */
    uint32_t rows;            /* its fills are the rows from hq_taken_first() on, up to this one */
    int8_t held_before, held; /* before the block, and behind it */
} HqTaken;

/** An account that begins a block flat leaves row 0 out. */
static inline uint32_t hq_taken_first(const HqTaken *taken) { return taken->held_before == 0; }

/** Room for the rows of HQ_ACCOUNTS lanes. */
typedef struct HqFillRows {
    HqLedgerFills fills;
    uint32_t *from;   /* owned; by lane, `apart` apart: from when on it holds what, and the end */
    size_t apart;
    double *columns;  /* owned: those of the fills */
    uint64_t *buys;   /* owned, with `orders` and `seen`; of a lane: the signals to buy, a bit a bar */
    uint64_t *orders; /* all with an order */
    uint64_t *seen;   /* all */
    uint32_t *place;  /* owned; their bars */
} HqFillRows;

/** For blocks of at most `capacity` bars, below 65,535. HQ_OK, HQ_ENOMEM. */
HqStatus hq_fill_rows_init(HqFillRows *rows, size_t capacity);

void hq_fill_rows_destroy(HqFillRows *rows);

/** A block begins: none has a row. */
void hq_fill_rows_clear(HqFillRows *rows);

/**
 * Make those of a lane.
 * @param at     its place in the ledger.
 * @param hits   of its rules over the bars of the stretch.
 * @param sized  sizes of orders are of account.
 * @param[in,out] taken  of the block before.
 */
void hq_fill_rows_take(HqFillRows *rows, const HqTransitions *transitions, const HqLane *lane, size_t at,
                  const HqHits *hits, const HqStretch *stretch, bool sized, HqTaken *taken);

/** What an account holds over the block, when the ledger has filled the rows. */
HqWorths hq_fill_rows_worths(const HqFillRows *rows, const HqTaken *taken, size_t at);

/** Count a block whose rows have been filled: what a sweep's row says, and no more. */
void hq_fill_rows_count(const HqTaken *taken, size_t bars, HqBacktestReport *counts);

#endif
