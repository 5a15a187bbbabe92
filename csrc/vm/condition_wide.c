#include "vm/condition.h"

/* Bits of at most 64 bars. */
typedef struct Relation {
    uint64_t less, equal, more;
} Relation;

static inline Relation relate_vec(const double *a, const double *b)
{
    HqVec left = hq_vec_load(a), right = hq_vec_load(b);
    return (Relation){hq_mask_bits(hq_vec_less(left, right)), hq_mask_bits(hq_vec_equal(left, right)),
                      hq_mask_bits(hq_vec_less(right, left))};
}

static inline Relation relate_word(const double *a, const double *b, size_t n)
{
    Relation word = {0, 0, 0};
    size_t t = 0;
    for (; t + HQ_VEC_LANES <= n; t += HQ_VEC_LANES) {
        Relation part = relate_vec(a + t, b + t);
        word.less |= part.less << t;
        word.equal |= part.equal << t;
        word.more |= part.more << t;
    }
    for (; t < n; t++) {
        word.less |= (uint64_t)(a[t] < b[t]) << t;
        word.equal |= (uint64_t)(a[t] == b[t]) << t;
        word.more |= (uint64_t)(a[t] > b[t]) << t;
    }
    return word;
}

void HQ_WIDE(hq_relate)(const double *a, const double *b, size_t n, uint64_t *less,
                        uint64_t *equal, uint64_t *more)
{
    for (size_t t = 0; t < n; t += 64) {
        Relation word = n - t < 64 ? relate_word(a + t, b + t, n - t) : relate_word(a + t, b + t, 64);
        less[t / 64] = word.less;
        equal[t / 64] = word.equal;
        more[t / 64] = word.more;
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
