#include "vm/hits.h"

void HQ_WIDE(hq_hits_ones)(const double *values, size_t n, uint64_t *bit)
{
    HqVec one = hq_vec_all(1);
    size_t t = 0;
    for (; t + HQ_LANES <= n; t += HQ_LANES) {
        uint64_t byte = 0;
        for (int k = 0; k < HQ_VECS; k++) {
            HqVec now = hq_vec_load(values + t + k * HQ_VEC_LANES);
            byte |= (uint64_t)hq_mask_bits(hq_vec_equal(now, one)) << k * HQ_VEC_LANES;
        }
        bit[t / 64] |= byte << t % 64;
    }
    for (; t < n; t++)
        bit[t / 64] |= (uint64_t)(values[t] == 1) << t % 64;
}
