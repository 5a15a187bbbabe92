/* MEDIAN, PERCENTILE and PERCENTRANK: a window kept in order of size. */
#include "indicator/list.h"

/*
 * The committed bars of the window, by age and by size. The newest bar is never among them: its
 * place is found on the way, so that replacing it costs no sorting.
 */
typedef struct RankWindow {
    uint32_t size;    /* bars that it holds */
    uint32_t oldest;  /* where the oldest stands, and the next one goes */
    uint32_t known;   /* how many are in order; fewer than size: one is missing or unknown */
    double value[];   /* size by age, then size in ascending order */
} RankWindow;

static size_t rank_size(uint32_t size) { return sizeof(RankWindow) + 2 * (size_t)size * sizeof(double); }

static void rank_init(HqNode *node, uint32_t size)
{
    RankWindow *w = node->state;
    w->size = size;
    for (uint32_t i = 0; i < size; i++)
        w->value[i] = (double)NAN;
}

/* How many of the ordered values are below x, or, for `through`, not above it. */
static uint32_t rank_of(const RankWindow *w, double x, int through)
{
    const double *ordered = w->value + w->size;
    uint32_t low = 0, high = w->known;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (ordered[mid] < x || (through && ordered[mid] == x))
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/** The bar before is final: it joins the window, and the oldest leaves. */
static void rank_commit(RankWindow *w, double x)
{
    double *ordered = w->value + w->size, *place = &w->value[w->oldest], leaving = *place;
    *place = x + 0.0; /* -0 is 0: equal windows have equal bytes */
    if (++w->oldest == w->size)
        w->oldest = 0;
    if (!hq_is_unknown(leaving)) {
        uint32_t i = rank_of(w, leaving, 0);
        memmove(&ordered[i], &ordered[i + 1], (--w->known - i) * sizeof *ordered);
    }
    if (!hq_is_unknown(x)) {
        uint32_t i = rank_of(w, x, 0);
        memmove(&ordered[i + 1], &ordered[i], (w->known++ - i) * sizeof *ordered);
        ordered[i] = x + 0.0;
    }
}

/* The order must be that of the values by age: else one that leaves is not found in it. */
static bool rank_holds(const double *params, void *fresh, const void *loaded)
{
    RankWindow *a = fresh;
    const RankWindow *b = loaded;
    (void)params;
    if (a->size != b->size || b->oldest >= b->size)
        return false;
    for (uint32_t i = 0; i < b->size; i++)
        rank_commit(a, b->value[(b->oldest + i) % b->size]);
    return a->known == b->known &&
           memcmp(a->value + a->size, b->value + b->size, b->known * sizeof *b->value) == 0;
}

static int rank_is_whole(const RankWindow *w, double x)
{
    return w->known == w->size && !hq_is_unknown(x);
}

/* --------------------------------------------------------------------- MEDIAN */

static size_t median_size(const double *params) { return rank_size((uint32_t)params[0] - 1); }

static void median_init(HqNode *node, double *before, const double *params)
{
    (void)before;
    rank_init(node, (uint32_t)params[0] - 1);
}

/* The value at `index` of the window and x, in order: x itself, or the neighbour that bounds it. */
static double ordered_with(const RankWindow *w, double x, uint32_t index)
{
    const double *ordered = w->value + w->size;
    if (index > 0 && ordered[index - 1] > x)
        return ordered[index - 1];
    return index < w->size && ordered[index] < x ? ordered[index] : x;
}

static void median_peek(const HqNode *node, double *line, double *before)
{
    const RankWindow *w = node->state;
    double x = line[node->in[0]] + 0.0;
    uint32_t upper = (w->size + 1) / 2, lower = w->size / 2;
    (void)before;
    line[node->out] = !rank_is_whole(w, x) ? (double)NAN
                    : upper == lower       ? ordered_with(w, x, lower)
                                           : (ordered_with(w, x, lower) + ordered_with(w, x, upper)) / 2;
}

static void median_push(const HqNode *node, double *line, double *before)
{
    rank_commit(node->state, before[node->in[0]]);
    median_peek(node, line, before);
}

HQ_CHAIN(median_push, median_peek)
HQ_SPAN(median_push, 1, 0)

static const HqParamInfo median_params[] = {HQ_WINDOW_PARAM(3, 10000)};

const HqRow hq_row_median = {
    .info = {.code = 226, .is_public = 1, .name = "MEDIAN", .title = "Median",
             .formula = "middle one of the last `period` values; of an even number, the mean of both",
             .source = "J. W. Tukey, Exploratory Data Analysis (1977), ch. 2 and 7",
             .unit = "that of x", .cost = "O(log period), and `period` doubles moved at worst",
             .n_inputs = 1, .inputs = hq_input_close, .n_params = 1, .params = median_params,
             .n_outputs = 1, .outputs = hq_output_value, .group = "statistic"},
    .keeps_range = 1, .state_size = median_size, .holds = rank_holds, .init = median_init,
    HQ_STEPS(median_push, median_peek), .warmup = hq_warmup_full_window,
};

/* ----------------------------------------------------------------- PERCENTILE */

/* The factor is the place in order, by nearest rank. */
static void percentile_init(HqNode *node, double *before, const double *params)
{
    median_init(node, before, params);
    double rank = ceil(params[1] * params[0] / 100); /* 7 % of 100 are 7, not a little more */
    node->factor = rank < 1 ? 0 : rank - 1;
}

static void percentile_peek(const HqNode *node, double *line, double *before)
{
    const RankWindow *w = node->state;
    double x = line[node->in[0]] + 0.0;
    (void)before;
    line[node->out] = rank_is_whole(w, x) ? ordered_with(w, x, (uint32_t)node->factor) : (double)NAN;
}

static void percentile_push(const HqNode *node, double *line, double *before)
{
    rank_commit(node->state, before[node->in[0]]);
    percentile_peek(node, line, before);
}

HQ_CHAIN(percentile_push, percentile_peek)
HQ_SPAN(percentile_push, 1, 0)

static const HqParamInfo percentile_params[] = {
    HQ_WINDOW_PARAM(30, 10000), HQ_NUMBER_PARAM("percentile", 0, 100, 50)};

const HqRow hq_row_percentile = {
    .info = {.code = 237, .is_public = 1, .name = "PERCENTILE", .title = "Percentile",
             .formula = "the value that at least `percentile` per cent of the last `period` do not exceed "
                        "(nearest rank)",
             .source = "TA-Lib, function PERCENTILE; TradingView, ta.percentile_nearest_rank",
             .unit = "that of x", .cost = "O(log period), and `period` doubles moved at worst",
             HQ_INPUTS(hq_input_close), HQ_PARAMS(percentile_params), HQ_OUTPUTS(hq_output_value),
             .group = "statistic", .talib_name = "PERCENTILE"},
    .keeps_range = 1, .gives_known = 1, .state_size = median_size, .holds = rank_holds, .init = percentile_init,
    HQ_STEPS(percentile_push, percentile_peek), .warmup = hq_warmup_full_window,
};

/* ---------------------------------------------------------------- PERCENTRANK */

static size_t percentrank_size(const double *params) { return rank_size((uint32_t)params[0]); }

/* The factor says whether equal values count. */
static void percentrank_init(HqNode *node, double *before, const double *params)
{
    (void)before;
    rank_init(node, (uint32_t)params[0]);
    node->factor = 1;
}

static void percentrank_talib_init(HqNode *node, double *before, const double *params)
{
    percentrank_init(node, before, params);
    node->factor = 0;
}

static void percentrank_peek(const HqNode *node, double *line, double *before)
{
    const RankWindow *w = node->state;
    double x = line[node->in[0]];
    (void)before;
    line[node->out] = rank_is_whole(w, x) ? 100.0 * rank_of(w, x, node->factor != 0) / w->size
                                          : (double)NAN;
}

static void percentrank_push(const HqNode *node, double *line, double *before)
{
    rank_commit(node->state, before[node->in[0]]);
    percentrank_peek(node, line, before);
}

HQ_CHAIN(percentrank_push, percentrank_peek)
HQ_SPAN(percentrank_push, 1, 0)

static const HqParamInfo percentrank_params[] = {
    {.name = "period", .minimum = 1, .maximum = 10000, .default_value = 100, .is_integer = 1},
};

#define PERCENTRANK_INFO                                                                          \
    {.code = 227, .is_public = 1, .name = "PERCENTRANK", .title = "Percent rank",                 \
     .formula = "per cent of the `period` values before that are not above x",                    \
     .source = "TradingView, ta.percentrank; TA-Lib, function PERCENTRANK", .unit = "0..100",     \
     .cost = "O(log period), and `period` doubles moved at worst",                                \
     .n_inputs = 1, .inputs = hq_input_close, .n_params = 1, .params = percentrank_params,        \
     .n_outputs = 1, .outputs = hq_output_value,                                                  \
     .group = "statistic", .talib_name = "PERCENTRANK",                                           \
     .talib_note = "counts the values below x, not those equal to it"}

static const HqRow percentrank_talib = {
    .info = PERCENTRANK_INFO,
    .keeps_range = 1, .state_size = percentrank_size, .holds = rank_holds, .init = percentrank_talib_init,
    HQ_STEPS(percentrank_push, percentrank_peek), .warmup = hq_warmup_period,
};

const HqRow hq_row_percentrank = {
    .info = PERCENTRANK_INFO,
    .keeps_range = 1, .state_size = percentrank_size, .holds = rank_holds, .init = percentrank_init,
    HQ_STEPS(percentrank_push, percentrank_peek), .warmup = hq_warmup_period,
    .talib = &percentrank_talib,
};
