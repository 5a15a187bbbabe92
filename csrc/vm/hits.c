#include "vm/hits.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"

static size_t words(size_t bars) { return (bars + 63) / 64; }

HqStatus hq_hits_init(HqHits *hits, size_t capacity)
{
    *hits = (HqHits){.bit = hq_calloc(words(capacity), sizeof *hits->bit)};
    return hits->bit ? HQ_OK : HQ_ENOMEM;
}

void hq_hits_destroy(HqHits *hits)
{
    free(hits->bit);
    *hits = (HqHits){0};
}

void hq_hits_find(HqHits *hits, const HqRules *rules, double *const *column, size_t n)
{
    hits->rules = rules;
    hits->column = column;
    hits->n = n;
    memset(hits->bit, 0, words(n) * sizeof *hits->bit);
    for (uint32_t r = 0; r < rules->count; r++)
        HQ_WIDE_CHOOSE(hq_hits_ones)(column[rules->rule[r].condition], n, hits->bit);
}

size_t hq_hits_next(const HqHits *hits, size_t t)
{
    if (t >= hits->n)
        return hits->n;
    size_t word = t / 64, last = (hits->n - 1) / 64;
    uint64_t bits = hits->bit[word] >> t % 64 << t % 64;
    while (bits == 0) {
        if (word == last)
            return hits->n;
        bits = hits->bit[++word];
    }
    return word * 64 + (size_t)__builtin_ctzll(bits);
}

const HqRule *hq_hits_rule(const HqHits *hits, size_t t)
{
    if (!(hits->bit[t / 64] >> t % 64 & 1))
        return NULL;
    const HqRule *rule = hits->rules->rule;
    while (hits->column[rule->condition][t] != 1)
        rule++;
    return rule;
}

static bool has_known_rule(const HqHits *hits, size_t t)
{
    for (uint32_t i = 0; i < hits->rules->count; i++)
        if (!isnan(hits->column[hits->rules->rule[i].condition][t]))
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
