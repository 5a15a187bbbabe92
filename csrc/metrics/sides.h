/* What gains and losses amount to. */
#ifndef HQ_METRICS_SIDES_H
#define HQ_METRICS_SIDES_H

#include "base/sides.h"

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
