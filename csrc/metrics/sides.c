/* What gains and losses amount to. */
#include "metrics/sides.h"

#include "indicator/pair.h"
#include "metrics/returns.h"

HqSidesFigures hq_sides_figures(const HqSides *s)
{
    double gained = hq_sum(s->gained), lost = hq_sum(s->lost);
    HqPair total = hq_pair_plus(hq_pair_of_sum(s->gained.value, s->gained.lost),
                                hq_pair_of_sum(s->lost.value, s->lost.lost));
    HqSidesFigures found = {
        .total = total.high,
        .win_rate = hq_defined(s->gains / (s->gains + s->losses)),
        .avg_win = hq_defined(gained / s->gains),
        .avg_loss = hq_defined(lost / s->losses),
        .profit_factor = hq_defined(gained / -lost),
    };
    found.payoff_ratio = hq_defined(found.avg_win / -found.avg_loss);
    found.kelly = hq_defined(found.win_rate - (1 - found.win_rate) / found.payoff_ratio);
    return found;
}
