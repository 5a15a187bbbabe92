/* Blocks of returns: made of levels, and summed. */
#include "metrics/steps.h"

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
    HqVec third, fourth, gains, losses, gained, lost, above, below, below_squared;
} Lanes;

typedef struct Against {
    HqVec mean, mean_low, risk_free;
} Against;

/* Of x what is in the lanes of `there`; in the others x is 0. */
static inline void take(Lanes *l, const Against *a, HqVec x, HqMask there)
{
    HqVec zero = hq_vec_all(0), one = hq_vec_all(1);
    HqVec off = hq_vec_choose(there, (x - a->mean) - a->mean_low, zero), square = off * off;
    HqVec excess = hq_vec_choose(there, x - a->risk_free, zero), below = hq_vec_min(excess, zero);
    l->third += square * off;
    l->fourth += square * square;
    l->gains += hq_vec_choose(hq_vec_less(zero, x), one, zero);
    l->losses += hq_vec_choose(hq_vec_less(x, zero), one, zero);
    l->gained += hq_vec_max(x, zero);
    l->lost += hq_vec_min(x, zero);
    l->above += hq_vec_max(excess, zero);
    l->below += below;
    l->below_squared += below * below;
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
    Against against = {hq_vec_all(s->mean.high), hq_vec_all(s->mean.low), hq_vec_all(s->risk_free)};
    Lanes lanes[HQ_VECS];
    size_t whole = n / HQ_LANES * HQ_LANES;
    unsigned rest = (1u << (n - whole)) - 1;
    for (size_t vec = 0; vec < HQ_VECS; vec++) {
        Lanes sums;
        memset(&sums, 0, sizeof sums);
        const double *at = x + vec * HQ_VEC_LANES;
        HqMask all = hq_mask_of((1u << HQ_VEC_LANES) - 1);
        for (size_t i = 0; i < whole; i += HQ_LANES)
            take(&sums, &against, hq_vec_load(at + i), all);
        unsigned bits = hq_vec_part(rest, vec);
        take(&sums, &against, hq_vec_load_lanes(at + whole, bits), hq_mask_of(bits));
        lanes[vec] = sums;
    }
    hq_sum_add(&s->third, over(&lanes->third));
    hq_sum_add(&s->fourth, over(&lanes->fourth));
    s->sides.gains += over(&lanes->gains);
    s->sides.losses += over(&lanes->losses);
    hq_sum_add(&s->sides.gained, over(&lanes->gained));
    hq_sum_add(&s->sides.lost, over(&lanes->lost));
    hq_sum_add(&s->above, over(&lanes->above));
    hq_sum_add(&s->below, over(&lanes->below));
    hq_sum_add(&s->below_squared, over(&lanes->below_squared));
}
