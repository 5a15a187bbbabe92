#include "vm/condition.h"

/* Bits of at most 64 bars: two comparisons tell all three, and which numbers are none. */
typedef struct Order {
    uint64_t at_most, at_least;
} Order;

static inline Order order_of(const double *a, const double *b, size_t n)
{
    Order word = {0, 0};
    size_t t = 0;
    for (; t + HQ_VEC_LANES <= n; t += HQ_VEC_LANES) {
        HqVec left = hq_vec_load(a + t), right = hq_vec_load(b + t);
        word.at_most |= (uint64_t)hq_mask_bits(hq_vec_at_most(left, right)) << t;
        word.at_least |= (uint64_t)hq_mask_bits(hq_vec_at_most(right, left)) << t;
    }
    for (; t < n; t++) {
        word.at_most |= (uint64_t)(a[t] <= b[t]) << t;
        word.at_least |= (uint64_t)(a[t] >= b[t]) << t;
    }
    return word;
}

void HQ_WIDE(hq_relate)(const double *a, const double *b, size_t n, uint64_t *less,
                        uint64_t *equal, uint64_t *more)
{
    for (size_t t = 0; t < n; t += 64) {
        Order word = n - t < 64 ? order_of(a + t, b + t, n - t) : order_of(a + t, b + t, 64);
        less[t / 64] = word.at_most & ~word.at_least;
        equal[t / 64] = word.at_most & word.at_least;
        more[t / 64] = word.at_least & ~word.at_most;
    }
}

void HQ_WIDE(hq_truths)(const double *x, size_t n, uint64_t *holds, uint64_t *known)
{
    HqVec one = hq_vec_all(1);
    for (size_t t = 0; t < n; t += 64) {
        size_t end = n - t < 64 ? n - t : 64, k = 0;
        uint64_t is_one = 0, is_number = 0;
        for (; k + HQ_VEC_LANES <= end; k += HQ_VEC_LANES) {
            HqVec now = hq_vec_load(x + t + k);
            is_one |= (uint64_t)hq_mask_bits(hq_vec_equal(now, one)) << k;
            is_number |= (uint64_t)hq_mask_bits(hq_vec_equal(now, now)) << k;
        }
        for (; k < end; k++) {
            is_one |= (uint64_t)(x[t + k] == 1) << k;
            is_number |= (uint64_t)(x[t + k] == x[t + k]) << k;
        }
        holds[t / 64] = is_one;
        known[t / 64] = is_number;
    }
}
