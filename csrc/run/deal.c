#include "run/deal.h"

#include <stdbool.h>

/* Whether a combination differs from the first in no parameter in which the second does not. */
static bool is_of_first_hand(const HqSweep *sweep, size_t combination)
{
    size_t n = sweep->n_params;
    const double *first = sweep->params, *second = first + n, *now = first + combination * n;
    for (size_t i = 0; i < n; i++)
        if (now[i] != first[i] && second[i] == first[i])
            return false;
    return true;
}

HqDeal hq_deal_of(const HqSweep *sweep, size_t threads)
{
    size_t total = sweep->n_combinations, hand = 1;
    while (hand < total && is_of_first_hand(sweep, hand))
        hand++;
    if (total % hand > 0) /* a list that is no grid */
        return (HqDeal){.hand = 1, .hands = total, .threads = 1};
    return (HqDeal){.hand = hand, .hands = total / hand, .threads = threads};
}

size_t hq_deal_at(const HqDeal *deal, size_t place)
{
    size_t hand = place / deal->hand, thread = 0, threads = deal->threads;
    for (size_t has; hand >= (has = (deal->hands - thread + threads - 1) / threads); thread++)
        hand -= has;
    return (hand * threads + thread) * deal->hand + place % deal->hand;
}
