/* Gains and losses apart: of returns, or of the P&L of trades. */
#ifndef HQ_METRICS_SIDES_H
#define HQ_METRICS_SIDES_H

#include "base/sum.h"

typedef struct HqSides {
    double gains, losses; /* how many */
    HqSum gained, lost;   /* both sums; the second is <= 0 */
} HqSides;

static inline void hq_sides_add(HqSides *sides, double x)
{
    if (x > 0) {
        sides->gains += 1;
        hq_sum_add(&sides->gained, x);
    } else if (x < 0) {
        sides->losses += 1;
        hq_sum_add(&sides->lost, x);
    }
}

/** What is made of them; what is not defined is NaN. */
typedef struct HqSidesFigures {
    double total;         /* of gains and losses */
    double win_rate;      /* gains / (gains + losses) */
    double avg_win;
    double avg_loss;      /* < 0 */
    double payoff_ratio;  /* avg_win / |avg_loss| */
    double profit_factor; /* sum of gains / |sum of losses| */
    double kelly;         /* Kelly's fraction p - (1 - p) / payoff of winners p */
} HqSidesFigures;

HqSidesFigures hq_sides_figures(const HqSides *sides);

#endif
