#include "engine/taps.h"

static inline HqVec shown(HqVec v)
{
    return hq_vec_choose(hq_vec_equal(v, v), v, hq_vec_all((double)NAN));
}

/* As many lines as a register has lanes. */
static inline void copy_lanes(const HqTap *taps, size_t n_taps, const double *line, size_t stride,
                              size_t index)
{
    for (size_t i = 0; i < n_taps; i++)
        hq_vec_store(taps[i].column + index, shown(hq_vec_load_apart(line + taps[i].slot, stride)));
}

void HQ_WIDE(hq_taps_copy)(const HqTap *taps, size_t n_taps, const double *line, size_t stride,
                           size_t index, size_t count)
{
    size_t done = 0;
    for (; done + HQ_VEC_LANES <= count; done += HQ_VEC_LANES)
        copy_lanes(taps, n_taps, line + done * stride, stride, index + done);
    for (; done < count; done++)
        for (size_t i = 0; i < n_taps; i++)
            taps[i].column[index + done] = hq_shown(line[done * stride + taps[i].slot]);
}

void HQ_WIDE(hq_copy_shown)(const double *from, size_t n, double *to)
{
    size_t t = 0;
    for (; t + HQ_VEC_LANES <= n; t += HQ_VEC_LANES)
        hq_vec_store(to + t, shown(hq_vec_load(from + t)));
    for (; t < n; t++)
        to[t] = hq_shown(from[t]);
}
