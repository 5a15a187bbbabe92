/* All figures of an input: of its curve, its days, its trades. */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "metrics/days.h"
#include "metrics/figures.h"

/* Columns that there are while the figures are worked out. */
typedef struct Room {
    double *closes, *daily, *wealth;
} Room;

static void leave(Room *room)
{
    free(room->closes);
    free(room->daily);
    free(room->wealth);
}

static HqStatus enter(Room *room, const HqMetricsInput *in, const HqTimes *times)
{
    size_t days = hq_days_most(times) + 1;
    *room = (Room){hq_calloc(days, sizeof(double)), hq_calloc(days, sizeof(double)),
                   in->returns ? hq_calloc(in->length, sizeof(double)) : NULL};
    if (room->closes && room->daily && (room->wealth || !in->returns))
        return HQ_OK;
    leave(room);
    return HQ_ENOMEM;
}

/* Wealth is a product of many numbers near 1: in pairs of doubles nothing of it is lost. */
static void compound(const double *returns, size_t n, double *level)
{
    HqPair wealth = {1, 0};
    for (size_t i = 0; i < n; i++) {
        double ret = returns[i];
        wealth = ret > -1 ? hq_pair_times(wealth, hq_pair_of_sum(1, ret)) : (HqPair){0, 0};
        level[i] = wealth.high;
    }
}

HqStatus hq_metrics_compute(const HqMetricsInput *in, const HqTimes *times, HqMetrics *metrics)
{
    HqMetrics found = {.struct_size = sizeof found};
    HqCurve curve;
    Room room;
    HqStatus status = hq_exposure_time(in->trades, in->n_trades, times, &found.exposure_time);
    if (status == HQ_OK)
        status = enter(&room, in, times);
    if (status != HQ_OK)
        return status;
    if (in->returns)
        compound(in->returns, in->length, room.wealth);
    hq_curve_take(&curve, in, times, in->returns ? room.wealth : in->equity, room.closes,
                  room.daily);
    hq_curve_figures(&curve, in->periods_per_year, in->days_per_year, in->risk_free, &found);
    hq_tail_figures(&curve.daily.returns, room.daily, (size_t)curve.daily.returns.count, room.closes,
                    &found);
    hq_trade_figures(in->trades, in->n_trades, &found);
    leave(&room);
    *metrics = found;
    return HQ_OK;
}
