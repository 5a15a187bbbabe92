#include "vm/hits.h"

#include <string.h>

#include "base/alloc.h"

HqStatus hq_hits_init(HqHits *hits, size_t capacity, uint32_t n_conditions)
{
    enum { ROOM = 3, CONDITION = 2 };
    size_t words = hq_words(capacity), any = words + 1, room = ROOM * (words + 1); /* a word behind, before */
    uint64_t *own = hq_calloc(any + room + CONDITION * (size_t)n_conditions * words, sizeof *own);
    *hits = (HqHits){.any = own};
    if (!own)
        return HQ_ENOMEM;
    hits->room = own + any;
    hits->bits = (HqBits){hits->room + room, words};
    return HQ_OK;
}

void hq_hits_destroy(HqHits *hits)
{
    free(hits->any);
    *hits = (HqHits){0};
}

void hq_hits_find(HqHits *hits, const HqRules *rules, const HqConditions *conditions,
                  const HqBlock *block, size_t n)
{
    size_t words = hq_words(n);
    hits->rules = rules;
    hits->conditions = conditions;
    hits->column = block->column;
    hits->n = n;
    hq_conditions_find(conditions, block, n, &hits->bits, hits->room);
    memset(hits->any, 0, words * sizeof *hits->any);
    for (uint32_t r = 0; r < rules->count; r++) {
        const uint64_t *holds = hq_hits_of_rule(hits, r);
        for (size_t w = 0; w < words; w++)
            hits->any[w] |= holds[w];
    }
    hits->any[words] = 0;
}

/* 64 bars from `t` on: the next hit is most often one of them, and which word it is in is of no account. */
size_t hq_hits_next(const HqHits *hits, size_t t)
{
    for (; t < hits->n; t += 64) {
        const uint64_t *word = &hits->any[t / 64];
        uint64_t bits = word[0] >> t % 64 | word[1] << 1 << (63 - t % 64);
        if (bits != 0)
            return t + (size_t)__builtin_ctzll(bits);
    }
    return hits->n;
}

const HqRule *hq_hits_rule(const HqHits *hits, size_t t)
{
    if (!(hits->any[t / 64] >> t % 64 & 1))
        return NULL;
    uint32_t r = 0;
    while (!(hq_hits_of_rule(hits, r)[t / 64] >> t % 64 & 1))
        r++;
    return &hits->rules->rule[r];
}

static bool has_known_rule(const HqHits *hits, size_t t)
{
    for (uint32_t r = 0; r < hits->rules->count; r++)
        if (hq_bits_known(&hits->bits, hits->conditions->of_rule[r])[t / 64] >> t % 64 & 1)
            return true;
    return false;
}

void hq_hits_count_warmup(const HqHits *hits, bool *is_warm, uint64_t *bars)
{
    for (size_t t = 0; t < hits->n && !*is_warm; t++) {
        *is_warm = has_known_rule(hits, t);
        *bars += !*is_warm;
    }
}
