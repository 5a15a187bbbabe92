/* What a signal's order does to what is held [O2]. */
#ifndef HQ_EXEC_EFFECT_H
#define HQ_EXEC_EFFECT_H

#include "base/likely.h"
#include "exec/account.h"

typedef struct HqEffect {
    bool closes;            /* the other side, whole */
    bool opens;             /* its own side */
    bool ignored_side;      /* it can do neither: its side may not be held */
    bool ignored_same_side; /* its side is held, and may not be added to */
} HqEffect;

/** Whether a side may be held. */
static inline bool hq_may_hold(const HqBacktestOptions *options, HqSide side)
{
    return options->sides == HQ_SIDES_BOTH ||
           (options->sides == HQ_SIDES_LONG) == (side == HQ_LONG);
}

/**
 * Of a signal for a side.
 * @param entries  openings of that side that are held.
 */
HQ_INLINE HqEffect hq_effect_of(const HqBacktestOptions *options, HqSide side, bool holds_other,
                            uint64_t entries)
{
    bool closes = !options->hedged & holds_other, may_open = hq_may_hold(options, side);
    bool is_full = !closes & may_open & (entries > options->pyramiding);
    return (HqEffect){.closes = closes,
                    .opens = may_open & !is_full,
                    .ignored_side = !closes & !may_open,
                    .ignored_same_side = is_full};
}

#endif
