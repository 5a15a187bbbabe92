/* SMA and STDDEV of windows that are two halves: MOMENTS (deviation.c), POOLED_MEAN, POOLED_DEVIATION. */
#include "indicator/halves.h"

#include "indicator/history.h"
#include "indicator/pieces.h"
#include "indicator/window_exact.h"

enum { PERIOD_MOST = 2 * (HQ_PERIOD_LONG - 1) };

static bool is_two_halves(const double *params)
{
    return params[0] >= HQ_PERIOD_LONG && params[0] <= PERIOD_MOST;
}

static double half_of(const double *params) { return floor(params[0] / 2); }

/* The older half's figures are what those of the newer one were, as many bars ago. Where halves leave a bar over
 * it is the newest, and both are a bar older. */
static double bars_behind(const double *params) { return params[0] - half_of(params); }

enum { BEHIND_MOST = PERIOD_MOST / 2 };

/* Of the pools: BEHIND_MOST is enough for these periods alone, and snapshots name what they like. */
static const HqParamInfo halves_params[] = {HQ_WHOLE_PARAM("period", HQ_PERIOD_LONG, PERIOD_MOST, NAN)};

static size_t history_size(const double *params) { return hq_history_size(HQ_LIST(bars_behind(params))); }

static int64_t pooled_warmup(const double *params) { return (int64_t)bars_behind(params); }

/* ----------------------------------------------------------------------- mean */

static void pooled_mean_init(HqNode *node, double *before, const double *params)
{
    (void)before;
    node->factor = 2 * half_of(params) < params[0] ? 1 / params[0] : 0; /* the weight of the bar left over */
    hq_history_begin(node->state, (uint32_t)bars_behind(params));
}

static inline double pooled_mean(double newer, double older, double x, double factor)
{
    double both = newer + 0.5 * (older - newer);
    return factor > 0 ? both + factor * (x - both) : both;
}

static void pooled_mean_peek(const HqNode *node, double *line, double *before)
{
    double newer = node->factor > 0 ? before[node->in[0]] : HQ_X(0);
    line[node->out] = pooled_mean(newer, hq_history_peek(node, line), HQ_X(1), node->factor);
}

static void pooled_mean_push(const HqNode *node, double *line, double *before)
{
    hq_history_commit(node, before);
    pooled_mean_peek(node, line, before);
}

static inline void span_pooled_mean_push(const HqNode *node, const HqSpan *span)
{
    const double *mean = span->in[0], *x = span->in[1], factor = node->factor;
    double *restrict out = span->out[0], early[BEHIND_MOST];
    const size_t n = span->n, left_over = factor > 0;
    size_t found = hq_history_first(node->state, span->line[0], n, early);
    hq_history_keep(node->state, mean, n);
    if (left_over)
        out[0] = pooled_mean(span->line[0], early[0], x[0], factor);
    for (size_t t = left_over; t < found; t++)
        out[t] = pooled_mean(mean[t - left_over], early[t], x[t], factor);
    for (size_t t = found; t < n; t++)
        out[t] = pooled_mean(mean[t - left_over], mean[t - found], x[t], factor);
    span->line[HQ_SPAN_OUT] = out[n - 1];
}

HQ_CHAIN(pooled_mean_push, pooled_mean_peek)
HQ_SPAN_BUILD(span_pooled_mean_push)

static const HqInputInfo mean_inputs[] = {{.name = "half", .field = -1}, {.name = "x", .field = -1}};

const HqRow hq_row_pooled_mean = {
    .info = {.code = 4164, .name = "POOLED_MEAN", .title = "Mean of a window by its halves",
             .formula = "the mean of the halves' means, and of a bar that they leave", .source = "hquant",
             .unit = "that of x", .cost = "O(1)", HQ_INPUTS(mean_inputs), HQ_PARAMS(halves_params),
             HQ_OUTPUTS(hq_output_value), .group = "statistic"},
    .keeps_range = 1, .state_size = history_size, .holds = hq_history_holds, .init = pooled_mean_init,
    HQ_STEPS(pooled_mean_push, pooled_mean_peek), .warmup = pooled_warmup,
};

static void sma_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    uint32_t half = hq_over(b, &hq_row_sma, in[0], half_of(params));
    core[0] = hq_build(b, &hq_row_pooled_mean, HQ_SLOTS(half, in[0]), params);
}

static const HqRow sma_of_halves = {
    .info = {.name = "SMA", HQ_INPUTS(hq_input_close), HQ_PARAMS(hq_param_one_period),
             HQ_OUTPUTS(hq_output_value)},
    .parts = sma_parts, .n_core = 1,
};

const HqRow *hq_sma_of_halves(const double *params)
{
    return is_two_halves(params) ? &sma_of_halves : NULL;
}

/* ------------------------------------------------------------------ deviation */

enum { PIVOT, OFFSET, SPREAD, MOMENTS, X = MOMENTS }; /* inputs: those of the half that ends at a bar, and x */

/* What makes a deviation of both halves, and the histories of the moments behind it. */
typedef struct Pool {
    double halves;  /* weight of each half's variance */
    double between; /* of the square of how far their means lie apart */
    double beside;  /* of the square of how far the bar left over lies from both; 0 where there is none */
    size_t stride;  /* bytes of a history */
} Pool;

/* Moments of a half, by bar. */
typedef struct Half {
    const double *of[MOMENTS];
} Half;

static HqHistory *history_of(const Pool *pool, size_t moment)
{
    return (HqHistory *)(void *)((char *)(uintptr_t)(pool + 1) + moment * pool->stride);
}

static size_t pool_size(const double *params) { return sizeof(Pool) + MOMENTS * history_size(params); }

static void pooled_deviation_init(HqNode *node, double *before, const double *params)
{
    double n = params[0], half = half_of(params), both = 2 * half;
    Pool *pool = node->state;
    (void)before;
    *pool = (Pool){.halves = half / n, .between = both / n / 4, .stride = history_size(params)};
    pool->beside = both < n ? both / (n * n) : 0;
    for (size_t k = 0; k < MOMENTS; k++)
        hq_history_begin(history_of(pool, k), (uint32_t)bars_behind(params));
}

static bool pool_holds(const double *params, void *fresh, const void *loaded)
{
    bool holds = memcmp(fresh, loaded, sizeof(Pool)) == 0; /* first: it says where histories stand */
    for (size_t k = 0; holds && k < MOMENTS; k++)
        holds = hq_history_holds(params, history_of(fresh, k), history_of(loaded, k));
    return holds;
}

/* Pivots are values of the window: what lies between two is small where the window is narrow, as the halves'
 * means themselves, rounded, would not tell. */
static inline double pooled(const Pool *pool, Half newer, size_t i, Half older, size_t k, double x)
{
    double pivot = newer.of[PIVOT][i], offset = newer.of[OFFSET][i];
    double apart = (older.of[PIVOT][k] - pivot) + (older.of[OFFSET][k] - offset);
    double spread = pool->halves * newer.of[SPREAD][i] + pool->halves * older.of[SPREAD][k] +
                    pool->between * (apart * apart);
    if (pool->beside > 0) {
        double beside = (x - pivot) - (offset + apart / 2);
        spread += pool->beside * (beside * beside);
    }
    return sqrt(spread);
}

static void pooled_deviation_peek(const HqNode *node, double *line, double *before)
{
    const Pool *pool = node->state;
    const double *from = pool->beside > 0 ? before : line;
    double then[MOMENTS];
    Half newer, older;
    for (size_t k = 0; k < MOMENTS; k++) {
        newer.of[k] = &from[node->in[k]];
        older.of[k] = &then[k];
        then[k] = hq_history_get(history_of(pool, k), 0);
    }
    line[node->out] = pooled(pool, newer, 0, older, 0, HQ_X(X));
}

static void pooled_deviation_push(const HqNode *node, double *line, double *before)
{
    for (size_t k = 0; k < MOMENTS; k++)
        hq_history_put(history_of(node->state, k), before[node->in[k]]);
    pooled_deviation_peek(node, line, before);
}

/* Bars `from` .. `end` - 1: their newer halves ended `left_over` bars ago, their older halves stand from `older` on. */
static inline void pool_all(const Pool *pool, const HqSpan *span, size_t from, size_t end, size_t left_over,
                            Half older)
{
    double *restrict out = span->out[0];
    Half newer = {{span->in[PIVOT], span->in[OFFSET], span->in[SPREAD]}};
    const double *x = span->in[X];
    for (size_t t = from; t < end; t++)
        out[t] = pooled(pool, newer, t - left_over, older, t - from, x[t]);
}

static inline void span_pooled_deviation_push(const HqNode *node, const HqSpan *span)
{
    const Pool own = *(const Pool *)node->state;
    const size_t n = span->n, left_over = own.beside > 0;
    double early[MOMENTS][BEHIND_MOST];
    Half first, rest, before;
    size_t found = 0;
    for (size_t k = 0; k < MOMENTS; k++) {
        HqHistory *h = history_of(node->state, k);
        found = hq_history_first(h, span->line[k], n, early[k]);
        hq_history_keep(h, span->in[k], n);
        before.of[k] = &span->line[k];
        first.of[k] = early[k] + left_over;
        rest.of[k] = span->in[k];
    }
    if (left_over)
        span->out[0][0] = pooled(&own, before, 0, (Half){{early[PIVOT], early[OFFSET], early[SPREAD]}}, 0, span->in[X][0]);
    pool_all(&own, span, left_over, found, left_over, first);
    pool_all(&own, span, found, n, left_over, rest);
    span->line[HQ_SPAN_OUT] = span->out[0][n - 1];
}

HQ_CHAIN(pooled_deviation_push, pooled_deviation_peek)
HQ_SPAN_BUILD(span_pooled_deviation_push)

static const HqInputInfo deviation_inputs[] = {
    {.name = "pivot", .field = -1}, {.name = "offset", .field = -1},
    {.name = "spread", .field = -1}, {.name = "x", .field = -1},
};

const HqRow hq_row_pooled_deviation = {
    .info = {.code = 4163, .name = "POOLED_DEVIATION", .title = "Standard deviation of a window by its halves",
             .formula = "sqrt of the halves' mean variance and of that between their means, and a bar that they leave",
             .source = "T. Chan, G. Golub, R. LeVeque, The American Statistician 37 (1983) 242",
             .unit = "that of x", .cost = "O(1)", HQ_INPUTS(deviation_inputs), HQ_PARAMS(halves_params),
             HQ_OUTPUTS(hq_output_value), .group = "statistic"},
    .keeps_range = 1, .state_size = pool_size, .holds = pool_holds, .init = pooled_deviation_init,
    HQ_STEPS(pooled_deviation_push, pooled_deviation_peek), .warmup = pooled_warmup,
};

static void stddev_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    uint32_t half = hq_over(b, &hq_row_moments, in[0], half_of(params));
    core[0] = hq_build(b, &hq_row_pooled_deviation,
                       HQ_SLOTS(hq_output(half, PIVOT), hq_output(half, OFFSET), hq_output(half, SPREAD), in[0]),
                       params);
}

static const HqRow stddev_of_halves = {
    .info = {.name = "STDDEV", HQ_INPUTS(hq_input_close), HQ_PARAMS(hq_param_one_period),
             HQ_OUTPUTS(hq_output_value)},
    .parts = stddev_parts, .n_core = 1,
};

const HqRow *hq_stddev_of_halves(const double *params)
{
    return is_two_halves(params) ? &stddev_of_halves : NULL;
}
