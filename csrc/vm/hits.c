#include "vm/hits.h"

#include <string.h>

#include "base/alloc.h"

HqStatus hq_hits_init(HqHits *hits, size_t capacity, uint32_t n_conditions)
{
    enum { ANY = 1, ROOM = 3, CONDITION = 2 };
    size_t words = hq_words(capacity);
    uint64_t *own = hq_calloc((ANY + ROOM + CONDITION * (size_t)n_conditions) * words, sizeof *own);
    *hits = (HqHits){.any = own};
    if (!own)
        return HQ_ENOMEM;
    hits->room = own + ANY * words;
    hits->bits = (HqBits){own + (ANY + ROOM) * words, words};
    return HQ_OK;
}

void hq_hits_destroy(HqHits *hits)
{
    free(hits->any);
    *hits = (HqHits){0};
}

static const uint64_t *holds_of(const HqHits *hits, uint32_t rule)
{
    return hq_bits_holds(&hits->bits, hits->conditions->of_rule[rule]);
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
        const uint64_t *holds = holds_of(hits, r);
        for (size_t w = 0; w < words; w++)
            hits->any[w] |= holds[w];
    }
}

size_t hq_hits_next(const HqHits *hits, size_t t)
{
    if (t >= hits->n)
        return hits->n;
    size_t word = t / 64, last = (hits->n - 1) / 64;
    uint64_t bits = hits->any[word] >> t % 64 << t % 64;
    while (bits == 0) {
        if (word == last)
            return hits->n;
        bits = hits->any[++word];
    }
    return word * 64 + (size_t)__builtin_ctzll(bits);
}

const HqRule *hq_hits_rule(const HqHits *hits, size_t t)
{
    if (!(hits->any[t / 64] >> t % 64 & 1))
        return NULL;
    uint32_t r = 0;
    while (!(holds_of(hits, r)[t / 64] >> t % 64 & 1))
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
