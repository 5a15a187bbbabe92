#include "vm/hits.h"

/*
 * Some places of each word are written whether there are so many or not: how many there are cannot
 * be foreseen, and more than those are few words' case.
 */
size_t HQ_WIDE(hq_places)(const uint64_t *bits, size_t words, uint32_t *place)
{
    size_t count = 0;
    for (size_t w = 0; w < words; w++) {
        uint64_t left = bits[w];
        size_t n = (size_t)__builtin_popcountll(left);
        for (size_t i = 0; i < HQ_PLACES_MORE; i++, left &= left - 1)
            place[count + i] =
                (uint32_t)(w * 64 + (size_t)__builtin_ctzll(left | (uint64_t)1 << 63));
        for (size_t i = HQ_PLACES_MORE; i < n; i++, left &= left - 1)
            place[count + i] = (uint32_t)(w * 64 + (size_t)__builtin_ctzll(left));
        count += n;
    }
    return count;
}
