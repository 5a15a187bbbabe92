#include "vm/condition.h"

/* Of eight numbers a bit for each that is at most another, and at least. */
static inline void compare_eight(const double *a, const double *b, uint8_t *at_most, uint8_t *at_least)
{
    unsigned is_at_most = 0, is_at_least = 0;
    for (size_t i = 0; i < HQ_LANES; i += HQ_VEC_LANES) {
        HqVec left = hq_vec_load(a + i), right = hq_vec_load(b + i);
        is_at_most |= hq_mask_bits(hq_vec_at_most(left, right)) << i;
        is_at_least |= hq_mask_bits(hq_vec_at_most(right, left)) << i;
    }
    *at_most = (uint8_t)is_at_most;
    *at_least = (uint8_t)is_at_least;
}

static inline uint64_t word_of(uint64_t bytes)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return __builtin_bswap64(bytes);
#else
    return bytes;
#endif
}

/* Two comparisons tell all three, and which numbers are none. Bits are put together in memory, a byte at
 * a time: in registers that would take most of the loop. */
void HQ_WIDE(hq_relate)(const double *a, const double *b, size_t n, uint64_t *less,
                        uint64_t *equal, uint64_t *more)
{
    uint8_t *at_most = (uint8_t *)less, *at_least = (uint8_t *)more;
    size_t words = hq_words(n), t = 0;
    if (n % 64 > 0)
        less[words - 1] = more[words - 1] = 0;
    for (; t + HQ_LANES <= n; t += HQ_LANES)
        compare_eight(a + t, b + t, at_most + t / 8, at_least + t / 8);
    for (; t < n; t++) {
        at_most[t / 8] |= (uint8_t)((a[t] <= b[t]) << t % 8);
        at_least[t / 8] |= (uint8_t)((a[t] >= b[t]) << t % 8);
    }
    for (size_t w = 0; w < words; w++) {
        uint64_t is_at_most = word_of(less[w]), is_at_least = word_of(more[w]);
        less[w] = is_at_most & ~is_at_least;
        equal[w] = is_at_most & is_at_least;
        more[w] = is_at_least & ~is_at_most;
    }
}

/* Where a bit was a bar before: a word's lowest comes from the word in front of it. */
static inline uint64_t was(const uint64_t *word) { return word[0] << 1 | word[-1] >> 63; }

void HQ_WIDE(hq_cross)(const uint64_t *less, const uint64_t *equal, const uint64_t *more, size_t words,
                       uint64_t over, uint64_t under, uint64_t *restrict holds, uint64_t *restrict known)
{
    for (size_t w = 0; w < words; w++) {
        uint64_t was_less = was(less + w), was_equal = was(equal + w), was_more = was(more + w);
        holds[w] = (over & more[w] & (was_less | was_equal)) | (under & less[w] & (was_more | was_equal));
        known[w] = (less[w] | equal[w] | more[w]) & (was_less | was_equal | was_more);
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
