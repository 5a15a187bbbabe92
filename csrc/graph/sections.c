#include "graph/sections.h"

#include <string.h>

#include "base/four.h"

#if HQ_HAS_FOURS
enum { LANES = HQ_GROUP_CHAINS, SECTIONS_MOST = 8, PARTS_MOST = HQ_GROUP_CHAINS * HQ_LOOP_GROUPS_MAX };

/* By its bars times factor: how far back an estimate looks, and how early a section begins. Of 1,000
 * sections of prices, some two do not meet with that. */
enum { LOOK_BACK = 36, LEAD = 7, LEAD_MOST = 1024 };

/* About what they take, in cycles: four bars of any group, which wait for each other, or of each group
 * when there are many; and an estimate. */
enum { TURN = 36, TURN_OF_GROUP = 11, ESTIMATE = 120, ESTIMATED_BARS_A_CYCLE = 4 };

/* Blocks that are not divided after one whose sections did not meet for this share of its bars. */
enum { REST = 16, SHARE_UNMET = 4 };

/* Chains of one rank: none reads what another writes. */
typedef struct Line {
    HqChain *chain[HQ_GANG_CHAINS];
    uint32_t n;
    bool has_differences;
} Line;

/* Sections of the same length, which overlap a little where bars do not divide by them. */
typedef struct Plan {
    uint32_t sections;
    size_t length, lead; /* bars, multiples of LANES */
    size_t cycles;
} Plan;

/* -------------------------------------------------------------------- plans */

static size_t up_to_lanes(size_t n) { return (n + LANES - 1) / LANES * LANES; }

static size_t turns_cycles(size_t bars, size_t chains)
{
    size_t all = (chains + LANES - 1) / LANES * TURN_OF_GROUP;
    return bars / LANES * (all > TURN ? all : TURN);
}

static double least_factor(const Line *line)
{
    double least = 1;
    for (uint32_t c = 0; c < line->n; c++)
        least = line->chain[c]->factor < least ? line->chain[c]->factor : least;
    return least;
}

/* Whether what sections read, and write, lies where it pushes each other out of the first-level cache: a
 * multiple of its 4096 bytes apart, or nearly so. */
static bool collide(size_t apart, uint32_t sections)
{
    enum { PAGE = 4096 / sizeof(double), LINE = 64 / sizeof(double) };
    for (size_t k = 1; k < sections; k++) {
        size_t at = k * apart % PAGE;
        if (at < LINE || at > PAGE - LINE)
            return true;
    }
    return false;
}

static Plan best_plan(const Line *line, size_t n)
{
    Plan best = {1, n, 0, turns_cycles(n, line->n)};
    double factor = least_factor(line);
    if (factor * LEAD_MOST < LEAD)
        return best;
    size_t lead = up_to_lanes((size_t)(LEAD / factor)), reach = (size_t)(LOOK_BACK / factor);
    for (uint32_t s = 2; s <= SECTIONS_MOST && s * line->n <= PARTS_MOST; s++) {
        size_t length = up_to_lanes((n + s - 1) / s), estimated = reach < n / 2 ? reach : n / 2;
        size_t apart = length < n ? (n - length) / (s - 1) : 0;
        if (apart < lead) /* the second section would begin too early */
            break;
        if (collide(apart, s))
            continue;
        size_t cycles = turns_cycles(length, s * line->n) + turns_cycles(lead, (s - 1) * line->n) +
                        (s - 1) * line->n * (ESTIMATE + estimated / ESTIMATED_BARS_A_CYCLE);
        if (cycles < best.cycles)
            best = (Plan){s, length, lead, cycles};
    }
    return best;
}

static size_t begin_of(const Plan *plan, size_t section, size_t n)
{
    return section == 0 ? 0 : (n - plan->length) * section / (plan->sections - 1);
}

/* ---------------------------------------------------------------- estimates */

HQ_FOUR __m256d values_at(const HqChain *chain, size_t t)
{
    __m256d x = _mm256_loadu_pd(chain->x + t);
    return chain->minus ? _mm256_sub_pd(x, _mm256_loadu_pd(chain->minus + t)) : x;
}

static double value_at(const HqChain *chain, size_t t)
{
    return chain->minus ? chain->x[t] - chain->minus[t] : chain->x[t];
}

static double power(double x, size_t n)
{
    double result = 1;
    for (; n > 0; n /= 2, x *= x)
        result *= n % 2 ? x : 1;
    return result;
}

/*
 * About the average before bar `at`: the sum of values, each weighed by its age, sixteen at a time. It
 * is checked later, so that it may round as it likes.
 */
HQ_WITH_FOURS static double estimate(const HqChain *chain, size_t at)
{
    enum { VECTORS = 4, STEP = VECTORS * LANES };
    double factor = chain->factor, keep = 1 - factor, keep_4 = power(keep, LANES);
    size_t reach = (size_t)(LOOK_BACK / factor) / STEP * STEP + STEP;
    size_t from = at > reach ? at - reach : 0;
    double e = from > 0 ? value_at(chain, from - 1) : chain->e;
    for (; (at - from) % STEP; from++)
        e += factor * (value_at(chain, from) - e);
    e *= power(keep, at - from);
    __m256d sum[VECTORS] = {0}, fade = _mm256_set1_pd(power(keep_4, VECTORS));
    for (size_t t = from; t < at; t += STEP)
        for (int v = 0; v < VECTORS; v++)
            sum[v] = _mm256_fmadd_pd(sum[v], fade, values_at(chain, t + (size_t)(v * LANES)));
    for (int v = 1; v < VECTORS; v++)
        sum[0] = _mm256_fmadd_pd(sum[0], _mm256_set1_pd(keep_4), sum[v]);
    double lane[LANES];
    _mm256_storeu_pd(lane, sum[0]);
    for (int i = 1; i < LANES; i++)
        lane[0] = lane[0] * keep + lane[i];
    return e + factor * lane[0];
}

/* --------------------------------------------------------------------- runs */

static void run_parts(const Line *line, HqChain *part, uint32_t n_parts, HqAhead *ahead, size_t n)
{
    HqChainGroup group[HQ_LOOP_GROUPS_MAX];
    uint32_t n_groups = 0;
    for (uint32_t p = 0; p < n_parts; p++) {
        if (p % LANES == 0)
            group[n_groups++] = (HqChainGroup){.has_differences = line->has_differences};
        HqChainGroup *last = &group[n_groups - 1];
        last->chain[last->n++] = &part[p];
    }
    hq_run_groups(group, n_groups, ahead, n);
}

/* A chain from a bar on. */
static HqChain part_of(const HqChain *chain, size_t from, double e)
{
    return (HqChain){.x = chain->x + from, .minus = chain->minus ? chain->minus + from : NULL,
                     .out = chain->out + from, .e = e, .factor = chain->factor};
}

/* Parts stand by section, each section's by chain: with the averages that they begin with. */
static void begin_parts(const Line *line, const Plan *plan, HqChain *part, size_t n)
{
    double unread[LEAD_MOST + LANES];
    HqAhead none = {.n = 0};
    for (uint32_t c = 0; c < line->n; c++)
        part[c] = part_of(line->chain[c], 0, line->chain[c]->e);
    HqChain *early = part + line->n;
    uint32_t n_early = (plan->sections - 1) * line->n;
    for (uint32_t i = 0; i < n_early; i++) {
        const HqChain *chain = line->chain[i % line->n];
        size_t from = begin_of(plan, 1 + i / line->n, n) - plan->lead;
        early[i] = part_of(chain, from, estimate(chain, from));
        early[i].out = unread;
    }
    run_parts(line, early, n_early, &none, plan->lead);
    for (uint32_t i = 0; i < n_early; i++)
        early[i] = part_of(line->chain[i % line->n], begin_of(plan, 1 + i / line->n, n), early[i].e);
}

static bool is_same(double a, double b) { return memcmp(&a, &b, sizeof a) == 0; }

/* Run bars again until what stands there is what comes out. Answers how many. */
static size_t mend(const HqChain *chain, double e, size_t from, size_t end)
{
    for (size_t t = from; t < end; t++) {
        e += chain->factor * (value_at(chain, t) - e);
        if (is_same(e, chain->out[t]))
            return t - from;
        chain->out[t] = e;
    }
    return end - from;
}

/* A chain's sections, one after the other, the first of which holds. Answers the bars that were mended. */
static size_t join(const HqChain *chain, const Plan *plan, const double *begun, size_t stride, size_t n)
{
    size_t mended = 0, end = plan->length;
    for (size_t s = 1; s < plan->sections; s++) {
        size_t begin = begin_of(plan, s, n), old_end = end;
        end = begin + plan->length;
        if (!is_same(chain->out[begin - 1], begun[s * stride]))
            mended += mend(chain, chain->out[old_end - 1], old_end, end);
    }
    return mended;
}

/* Whether its sections met soon. */
static bool run_line(const Line *line, const Plan *plan, HqAhead *ahead, size_t n)
{
    HqChain part[PARTS_MOST];
    double begun[PARTS_MOST];
    uint32_t n_parts = plan->sections * line->n;
    size_t mended = 0;
    begin_parts(line, plan, part, n);
    for (uint32_t p = 0; p < n_parts; p++)
        begun[p] = part[p].e;
    run_parts(line, part, n_parts, ahead, plan->length);
    for (uint32_t c = 0; c < line->n; c++) {
        mended += join(line->chain[c], plan, begun + c, line->n, n);
        line->chain[c]->e = line->chain[c]->out[n - 1];
    }
    return mended < n / SHARE_UNMET;
}

/* -------------------------------------------------------------------- lines */

static Line line_of(const HqChainGroup *group, uint32_t n_groups, uint32_t rank, bool has_differences)
{
    Line line = {.has_differences = has_differences};
    for (uint32_t g = 0; g < n_groups; g++)
        for (uint32_t c = 0; c < group[g].n; c++)
            if (group[g].rank == rank && group[g].has_differences == has_differences)
                line.chain[line.n++] = group[g].chain[c];
    return line;
}

/* By rank: what a chain reads of another has been written by then. */
static uint32_t list_lines(const HqChainGroup *group, uint32_t n_groups, Line *line)
{
    uint32_t n = 0;
    for (uint32_t rank = 0; rank <= group[n_groups - 1].rank; rank++)
        for (int differs = 0; differs < 2; differs++) {
            line[n] = line_of(group, n_groups, rank, differs);
            n += line[n].n > 0;
        }
    return n;
}

static bool run_divided(const HqChainGroup *group, uint32_t n_groups, HqAhead *ahead, size_t n, uint32_t *rest)
{
    Line line[HQ_GROUPS_MAX + 1];
    Plan plan[HQ_GROUPS_MAX];
    uint32_t n_lines = list_lines(group, n_groups, line);
    size_t cycles = 0;
    for (uint32_t i = 0; i < n_lines; i++) {
        plan[i] = best_plan(&line[i], n);
        cycles += plan[i].cycles;
    }
    if (cycles >= turns_cycles(n, LANES * n_groups))
        return false;
    for (uint32_t i = 0; i < n_lines; i++) {
        if (plan[i].sections > 1) {
            *rest = run_line(&line[i], &plan[i], ahead, n) ? *rest : REST;
            continue;
        }
        HqChain part[HQ_GANG_CHAINS];
        for (uint32_t c = 0; c < line[i].n; c++)
            part[c] = *line[i].chain[c];
        run_parts(&line[i], part, line[i].n, ahead, n);
        for (uint32_t c = 0; c < line[i].n; c++)
            line[i].chain[c]->e = part[c].e;
    }
    return true;
}

bool hq_run_sections(HqChainGroup *group, uint32_t n_groups, HqAhead *ahead, size_t n, uint32_t *rest)
{
    bool may_divide = *rest == 0 && hq_has_fours();
    *rest -= *rest > 0;
    bool is_divided = may_divide && run_divided(group, n_groups, ahead, n, rest);
    if (!is_divided)
        hq_run_groups(group, n_groups, ahead, n);
    return is_divided;
}
#else
bool hq_run_sections(HqChainGroup *group, uint32_t n_groups, HqAhead *ahead, size_t n, uint32_t *rest)
{
    (void)rest;
    hq_run_groups(group, n_groups, ahead, n);
    return false;
}
#endif
