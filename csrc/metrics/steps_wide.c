/* Blocks of returns: made of levels, and summed. */
#include "metrics/steps.h"

#include <math.h>

void HQ_WIDE(hq_returns_of)(double before, const double *level, size_t n, double *out)
{
    if (n == 0)
        return;
    out[0] = hq_return(before, level[0]);
    size_t i = 1;
    for (; i + HQ_VEC_LANES <= n; i += HQ_VEC_LANES)
        hq_vec_store(out + i, hq_vec_returns(hq_vec_load(level + i - 1), hq_vec_load(level + i)));
    for (; i < n; i++)
        out[i] = hq_return(level[i - 1], level[i]);
}

/* A register's share of the lanes. */
typedef struct Lanes {
    HqVec third, fourth, gained, lost, above, below, below_squared, least, most;
} Lanes;

typedef struct Sums {
    Lanes lanes[HQ_VECS];
    HqVec least, most;
    unsigned gains, losses;
} Sums;

typedef struct Against {
    HqVec center, center_low, risk_free;
    bool has_risk_free; /* without, what is above and below it is what is gained and lost */
} Against;

/* Of x what is in the lanes of `there`; in the others x is 0. */
static inline void take(Sums *s, Lanes *l, const Against *a, HqVec x, unsigned bits)
{
    HqVec zero = hq_vec_all(0), lost = hq_vec_min(x, zero);
    HqVec off = (x - a->center) - a->center_low, excess = x - a->risk_free;
    HqVec least = hq_vec_min(x, l->least), most = hq_vec_max(x, l->most);
    if (bits != HQ_VEC_ALL) {
        HqMask there = hq_mask_of(bits);
        off = hq_vec_choose(there, off, zero);
        excess = hq_vec_choose(there, excess, zero);
        least = hq_vec_choose(there, least, l->least);
        most = hq_vec_choose(there, most, l->most);
    }
    l->least = least;
    l->most = most;
    HqVec square = off * off, below = a->has_risk_free ? hq_vec_min(excess, zero) : lost;
    l->third += square * off;
    l->fourth += square * square;
    s->gains += hq_mask_count(hq_vec_less(zero, x));
    s->losses += hq_mask_count(hq_vec_less(x, zero));
    l->gained += hq_vec_max(x, zero);
    l->lost += lost;
    l->below_squared += below * below;
    if (a->has_risk_free) {
        l->above += hq_vec_max(excess, zero);
        l->below += below;
    }
}

static inline void take_block(Sums *s, const Against *against, const double *x, size_t n)
{
    size_t whole = n / HQ_LANES * HQ_LANES;
    for (size_t vec = 0; vec < HQ_VECS; vec++) {
        Lanes lanes;
        memset(&lanes, 0, sizeof lanes);
        lanes.least = hq_vec_all(INFINITY);
        lanes.most = hq_vec_all(-INFINITY);
        size_t i = vec * HQ_VEC_LANES;
        unsigned rest = hq_vec_part((1u << (n - whole)) - 1, vec);
        for (; i < whole; i += HQ_LANES)
            take(s, &lanes, against, hq_vec_load(x + i), HQ_VEC_ALL);
        take(s, &lanes, against, hq_vec_load_lanes(x + i, rest), rest);
        s->lanes[vec] = lanes;
        s->least = hq_vec_min(lanes.least, s->least);
        s->most = hq_vec_max(lanes.most, s->most);
    }
}

/* The lanes of one sum, over all registers. */
static double over(const HqVec *first)
{
    HqVec lanes[HQ_VECS];
    for (size_t vec = 0; vec < HQ_VECS; vec++)
        lanes[vec] = first[vec * (sizeof(Lanes) / sizeof(HqVec))];
    return hq_vecs_sum(lanes);
}

void HQ_WIDE(hq_steps_push)(HqSteps *s, const double *x, size_t n)
{
    Against against = {hq_vec_all(s->center.high), hq_vec_all(s->center.low), hq_vec_all(s->risk_free),
                       true};
    Sums sums = {.least = hq_vec_all(s->least), .most = hq_vec_all(s->most)};
    if (s->risk_free == 0) { /* once for each kind of loop: what it does not need is left out of it */
        against.has_risk_free = false;
        take_block(&sums, &against, x, n);
    } else {
        take_block(&sums, &against, x, n);
    }
    double gained = over(&sums.lanes->gained), lost = over(&sums.lanes->lost);
    s->least = hq_vec_least(sums.least) + 0.0; /* of two zeros not the one that a lane had first */
    s->most = -hq_vec_least(-sums.most) + 0.0;
    hq_sum_add(&s->third, over(&sums.lanes->third));
    hq_sum_add(&s->fourth, over(&sums.lanes->fourth));
    s->sides.gains += sums.gains;
    s->sides.losses += sums.losses;
    hq_sum_add(&s->sides.gained, gained);
    hq_sum_add(&s->sides.lost, lost);
    hq_sum_add(&s->above, against.has_risk_free ? over(&sums.lanes->above) : gained);
    hq_sum_add(&s->below, against.has_risk_free ? over(&sums.lanes->below) : lost);
    hq_sum_add(&s->below_squared, over(&sums.lanes->below_squared));
}
