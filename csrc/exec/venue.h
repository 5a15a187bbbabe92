/* What a venue makes of prices and quantities: ticks, lots, slippage. */
#ifndef HQ_EXEC_VENUE_H
#define HQ_EXEC_VENUE_H

#include <math.h>
#include <stdbool.h>

#include "hquant/execution.h"

/* A quotient this near to a whole number, relative, is that number: 0.3 / 0.1 is 3. */
#define HQ_MULTIPLE_TOLERANCE 1e-9

/** The whole number below or at a quotient (above or at it with `up`). */
static inline double hq_whole(double quotient, bool up)
{
    double nearest = nearbyint(quotient);
    double allowed = HQ_MULTIPLE_TOLERANCE * (nearest > 1 ? nearest : 1);
    if (fabs(quotient - nearest) <= allowed)
        return nearest;
    return up ? ceil(quotient) : floor(quotient);
}

/**
 * A whole number of ticks or lots as it is written: 5427 ticks of 0.001 are 5.427, where the product
 * is one unit in the last place above it, and a bar's high of 5.427 would not touch it.
 */
static inline double hq_multiple(double count, double unit)
{
    double per_one = nearbyint(1 / unit);
    return 1 / per_one == unit ? count / per_one : count * unit;
}

/** A price as a multiple of the tick, rounded down or up. */
static inline double hq_to_tick(double price, double tick, bool up)
{
    return tick > 0 ? hq_multiple(hq_whole(price / tick, up), tick) : price;
}

/** A quantity as a multiple of the lot, rounded down. */
static inline double hq_to_lot(double quantity, double lot)
{
    return lot > 0 ? hq_multiple(hq_whole(quantity / lot, false), lot) : quantity;
}

/** What identifies a draw of random slippage: the same fill, the same draw. */
typedef struct HqDraw {
    uint64_t symbol, bar, number;
} HqDraw;

/** A price after slippage against the trader (side +1 buys), on the venue's ticks. */
double hq_slipped(const HqBacktestOptions *options, double tick, double price, int side,
                  HqDraw draw);

#endif
