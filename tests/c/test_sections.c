/* Recurrences in sections leave what one pass over the bars leaves, to the bit: whatever the values, how
 * many chains there are, what they read of each other and whether their sections meet. */
#include <math.h>
#include <string.h>

#include "check.h"
#include "graph/sections.h"
#include "hquant/simd.h"
#include "random.h"

enum { BARS = 6000, CHAINS = HQ_GANG_CHAINS, TRIALS = 600 };

enum { WALK, TICKS, GAINS, CHANGES, LEVELS, FLAT, TINY, HUGE_ONES, KINDS };

static double given[CHAINS][BARS], minus[CHAINS][BARS], out[CHAINS][BARS], expected[CHAINS][BARS];

static double next_value(int kind, double *price)
{
    *price *= 1 + (uniform() - 0.5) / 100;
    switch (kind) {
    case TICKS: return round(*price * 100) / 100;
    case GAINS: return uniform() < 0.5 ? 0 : *price * uniform() / 100;
    case CHANGES: return *price * (uniform() - 0.5);
    case LEVELS: return round(*price / 40) * 40.1;
    case FLAT: return 100.1;
    case TINY: return (uniform() - 0.5) * 0x1p-1070;
    case HUGE_ONES: return (uniform() - 0.5) * 2e99;
    default: return *price;
    }
}

static void fill(double *values, int kind, size_t n)
{
    double price = 100;
    for (size_t t = 0; t < n; t++)
        values[t] = next_value(kind, &price);
}

/* The chain's own loop: the rule itself. */
static double one_pass(const HqChain *chain, const double *x, const double *less, double *to, size_t n)
{
    double e = chain->e;
    for (size_t t = 0; t < n; t++) {
        double value = less ? x[t] - less[t] : x[t];
        e += chain->factor * (value - e);
        to[t] = e;
    }
    return e;
}

typedef struct Case {
    HqChain chain[CHAINS];
    const double *read[CHAINS]; /* what the chain's own loop reads, which has no others' columns */
    HqChainGroup group[HQ_GROUPS_MAX];
    uint32_t n_chains, n_groups;
} Case;

/* A group of each rank, of values or of differences; those above rank 0 read chains of the one below. */
static void make_case(Case *c, int kind, double period, size_t n)
{
    *c = (Case){.n_groups = 1 + (uint32_t)(uniform() * HQ_GROUPS_MAX)};
    uint32_t rank = 0, below = 0;
    for (uint32_t g = 0; g < c->n_groups; g++) {
        bool reads = g > 0 && uniform() < 0.5;
        rank += reads;
        c->group[g] = (HqChainGroup){.rank = rank, .n = 1 + (uint32_t)(uniform() * HQ_GROUP_CHAINS),
                                     .has_differences = uniform() < 0.3};
        if (reads)
            below = c->n_chains - 1;
        for (uint32_t i = 0; i < c->group[g].n; i++) {
            uint32_t at = c->n_chains++;
            bool is_led = rank > 0 && i == 0;
            fill(given[at], kind, n);
            fill(minus[at], kind, n);
            c->read[at] = is_led ? expected[below] : given[at];
            c->chain[at] = (HqChain){.x = is_led ? out[below] : given[at], .out = out[at],
                                     .minus = c->group[g].has_differences ? minus[at] : NULL,
                                     .e = uniform() < 0.5 ? given[at][0] : 50,
                                     .factor = uniform() < 0.5 ? 2 / (period + 1) : 1 / period};
            c->group[g].chain[i] = &c->chain[at];
        }
    }
}

static void run_one_pass(const Case *c, double *last, size_t n)
{
    for (uint32_t i = 0; i < c->n_chains; i++)
        last[i] = one_pass(&c->chain[i], c->read[i], c->chain[i].minus, expected[i], n);
}

/* @return whether it was divided. */
static bool check_case(int kind, double period, size_t n, uint32_t *rest)
{
    Case c;
    double last[CHAINS];
    HqAhead ahead = {.n = 0};
    make_case(&c, kind, period, n);
    run_one_pass(&c, last, n);
    bool is_divided = hq_run_sections(c.group, c.n_groups, &ahead, n, rest);
    bool is_same = true;
    for (uint32_t i = 0; i < c.n_chains; i++)
        is_same = is_same && memcmp(out[i], expected[i], n * sizeof(double)) == 0 &&
                  memcmp(&c.chain[i].e, &last[i], sizeof(double)) == 0;
    CHECK(is_same);
    return is_divided;
}

static size_t some_length(void)
{
    return uniform() < 0.3 ? 1 + (size_t)(uniform() * 100) : 100 + (size_t)(uniform() * (BARS - 100));
}

static void test_whatever_there_is(bool may_divide)
{
    size_t divided = 0;
    for (int i = 0; i < TRIALS; i++) {
        uint32_t rest = 0;
        double period = uniform() < 0.1 ? 1 : 1 + floor(pow(200, uniform()));
        divided += check_case(i % KINDS, period, some_length(), &rest);
    }
    CHECK(may_divide ? divided > TRIALS / 4 : divided == 0);
}

/* Over values that stand still averages stand still too, each where it came to: sections never meet. */
static void test_flat_values_are_not_divided_for_long(void)
{
    uint32_t rest = 0, divided = 0;
    for (int i = 0; i < 100; i++)
        divided += check_case(FLAT, 14, BARS, &rest);
    CHECK(divided > 0 && divided < 50);
}

int main(void)
{
    bool has_fours = hq_simd_level() >= HQ_SIMD_AVX2;
    test_whatever_there_is(has_fours);
    if (has_fours)
        test_flat_values_are_not_divided_for_long();
    hq_simd_limit(HQ_SIMD_BASELINE);
    test_whatever_there_is(false);
    return check_report("sections");
}
