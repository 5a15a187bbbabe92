/*
 * The loop of recurrences side by side. With vectors of four doubles, four bars of four chains at a
 * time: read by chain, turned, stepped by bar with a lane a chain, turned back and written by chain.
 * Without them bar by bar. Each step is that of one chain alone: the same bits.
 */
#include "base/four.h"
#include "graph/gang.h"

enum { LANES = HQ_GROUP_CHAINS };

#if defined(__GNUC__)
#  define ALWAYS_INLINE __attribute__((always_inline)) static inline
#else
#  define ALWAYS_INLINE static inline
#endif

/* ----------------------------------------------------------------------- bar by bar */

enum { CHAINS_MAX = 8, BARS_A_FETCH = 4 }; /* chains whose averages registers hold */

/* With the number of chains known, their averages stay in registers. */
ALWAYS_INLINE void step_chains(HqChain *const *chain, const uint32_t n_chains, size_t t, size_t end, HqAhead *ahead)
{
    const size_t pieces = (hq_ahead_left(ahead) * BARS_A_FETCH + end - t) / (end - t + 1);
    const double *x[CHAINS_MAX], *minus[CHAINS_MAX];
    double *out[CHAINS_MAX], e[CHAINS_MAX], factor[CHAINS_MAX];
    for (uint32_t c = 0; c < n_chains; c++) {
        x[c] = chain[c]->x;
        minus[c] = chain[c]->minus;
        out[c] = chain[c]->out;
        e[c] = chain[c]->e;
        factor[c] = chain[c]->factor;
    }
    for (; t < end; t++) {
        if (t % BARS_A_FETCH == 0)
            hq_fetch(ahead, pieces);
        for (uint32_t c = 0; c < n_chains; c++) {
            double value = minus[c] ? x[c][t] - minus[c][t] : x[c][t];
            e[c] += factor[c] * (value - e[c]);
            out[c][t] = e[c];
        }
    }
    for (uint32_t c = 0; c < n_chains; c++)
        chain[c]->e = e[c];
}

#define OF(count) case count: step_chains(chain, count, from, end, ahead); break;
static void step_bars(HqChain *const *chain, uint32_t n_chains, size_t from, size_t end, HqAhead *ahead)
{
    switch (n_chains) {
        OF(1) OF(2) OF(3) OF(4) OF(5) OF(6) OF(7) OF(8)
    default: break;
    }
}
#undef OF

/* ------------------------------------------------------------------ by tiles of four */

#if HQ_HAS_FOURS
/* A group's columns in reach. Lanes that it lacks repeat its first chain, for nobody. */
typedef struct Group {
    const double *x[LANES];
    const double *minus[LANES];
    double *out[LANES];
    double e[LANES];
    double factor[LANES];
    uint32_t n;
    uint32_t rank;
    bool has_differences;
} Group;

static Group take_group(const HqChainGroup *from)
{
    Group group = {.n = from->n, .rank = from->rank, .has_differences = from->has_differences};
    for (uint32_t c = 0; c < LANES; c++) {
        const HqChain *chain = from->chain[c < from->n ? c : 0];
        group.x[c] = chain->x;
        group.minus[c] = chain->minus;
        group.out[c] = chain->out;
        group.e[c] = chain->e;
        group.factor[c] = chain->factor;
    }
    return group;
}

static void leave_group(const Group *group, const HqChainGroup *to)
{
    for (uint32_t c = 0; c < group->n; c++)
        to->chain[c]->e = group->e[c];
}

enum { TILE = LANES }; /* bars of a turn */

/* Pieces that are fetched in a turn. Of more than memory brings meanwhile each is waited for, and so is what
 * the loop reads behind them: where more are wanted, fewer are fetched, and the columns' readers get the rest. */
enum { PIECES_MOST = 4, PIECES_WHERE_MORE = 3 };

enum { LINES_A_TURN = 5 }; /* that are carried to memory meanwhile: of more each would be waited for */

static size_t pieces_a_turn(const HqAhead *ahead, size_t turns)
{
    size_t all = turns ? (hq_ahead_left(ahead) + turns - 1) / turns : 0;
    return all > PIECES_MOST ? PIECES_WHERE_MORE : all;
}

/* As hq_outgoing_carry(), which is there for *_wide.c alone. */
HQ_FOUR void carry(HqOutgoing *outgoing, size_t most)
{
    for (HqOutgoingLines lines; (lines = hq_outgoing_take(outgoing, most)).n > 0; most -= lines.n)
        for (size_t i = 0; i < lines.n * HQ_LANES; i += HQ_LANES)
            hq_fours_copy_past_caches(lines.to + i, lines.from + i);
}

HQ_FOUR __m256d step_tile(const Group *group, size_t t, __m256d e, __m256d factor)
{
    __m256d v[TILE];
    for (uint32_t c = 0; c < LANES; c++)
        v[c] = _mm256_loadu_pd(group->x[c] + t);
    if (group->has_differences)
        for (uint32_t c = 0; c < LANES; c++)
            v[c] = _mm256_sub_pd(v[c], _mm256_loadu_pd(group->minus[c] + t));
    hq_four_turn(v);
    for (uint32_t b = 0; b < TILE; b++)
        v[b] = e = _mm256_add_pd(e, _mm256_mul_pd(factor, _mm256_sub_pd(v[b], e)));
    hq_four_turn(v);
    for (uint32_t c = 0; c < LANES; c++)
        if (c < group->n)
            _mm256_storeu_pd(group->out[c] + t, v[c]);
    return e;
}

/*
 * With the number of groups known, their averages and factors stay in registers. A group is as many
 * tiles behind as its rank says: what it reads was written a turn ago, and none waits for another.
 */
HQ_FOUR void step_tiles(Group *group, const uint32_t n_groups, size_t tiles, HqAhead *ahead)
{
    __m256d e[HQ_LOOP_GROUPS_MAX], factor[HQ_LOOP_GROUPS_MAX];
    size_t turns = tiles + group[n_groups - 1].rank, pieces = pieces_a_turn(ahead, tiles);
    HqOutgoing *outgoing = ahead->outgoing;
    for (uint32_t g = 0; g < n_groups; g++) {
        e[g] = _mm256_loadu_pd(group[g].e);
        factor[g] = _mm256_loadu_pd(group[g].factor);
    }
    for (size_t i = 0; i < turns; i++) {
        hq_fetch(ahead, pieces);
        carry(outgoing, LINES_A_TURN);
        for (uint32_t g = 0; g < n_groups; g++) {
            size_t tile = i - group[g].rank; /* beyond all before its first turn */
            if (tile < tiles)
                e[g] = step_tile(&group[g], tile * TILE, e[g], factor[g]);
        }
    }
    for (uint32_t g = 0; g < n_groups; g++)
        _mm256_storeu_pd(group[g].e, e[g]);
}

#define OF(count) case count: step_tiles(taken, count, n / TILE, ahead); break;
/* The bars that this many tiles have. */
HQ_WITH_FOURS static size_t step_most(HqChainGroup *group, uint32_t n_groups, size_t n, HqAhead *ahead)
{
    Group taken[HQ_LOOP_GROUPS_MAX];
    for (uint32_t g = 0; g < n_groups; g++)
        taken[g] = take_group(&group[g]);
    _Static_assert(HQ_LOOP_GROUPS_MAX == 8, "a loop for each number of groups");
    _Static_assert((int)LANES == (int)HQ_FOUR_LANES, "a lane for each chain of a group");
    switch (n_groups) {
        OF(1) OF(2) OF(3) OF(4) OF(5) OF(6) OF(7) OF(8)
    default: break;
    }
    for (uint32_t g = 0; g < n_groups; g++)
        leave_group(&taken[g], &group[g]);
    return n / TILE * TILE;
}
#undef OF
#else
static size_t step_most(HqChainGroup *group, uint32_t n_groups, size_t n, HqAhead *ahead)
{
    (void)group, (void)n_groups, (void)n, (void)ahead;
    return 0;
}
#endif

/* Groups stand by rank: what a chain reads of another is written before it, whether in the same loop or not. */
void hq_run_groups(HqChainGroup *group, uint32_t n_groups, HqAhead *ahead, size_t n)
{
    HqChain *chain[HQ_GROUP_CHAINS * HQ_LOOP_GROUPS_MAX];
    uint32_t n_chains = 0;
    for (uint32_t g = 0; g < n_groups; g++)
        for (uint32_t c = 0; c < group[g].n; c++)
            chain[n_chains++] = group[g].chain[c];
    size_t done = hq_has_fours() ? step_most(group, n_groups, n, ahead) : 0;
    for (uint32_t c = 0; c < n_chains; c += CHAINS_MAX)
        step_bars(chain + c, n_chains - c < CHAINS_MAX ? n_chains - c : CHAINS_MAX, done, n, ahead);
}
