/* STDDEV, VAR, ZSCORE and AVGDEV: how far the values of a window lie apart. */
#include "indicator/deviation.h"
#include "indicator/halves.h"
#include "indicator/history.h"
#include "indicator/list.h"
#include "indicator/window_exact.h"
#include "indicator/window_span.h"

/* --------------------------------------------------------------------- STDDEV */

/* Behind the output: a place for the mean (HqRow.twin), then, of long windows, two sums. */
static const HqExactSums long_moments = {
    .n_inputs = 1, .n_sums = 2, .memory = 2, .terms = hq_exact_moment_terms,
};

static size_t stddev_size(const double *params)
{
    return hq_is_long(params) ? hq_exact_size(params[0], long_moments.n_sums)
                              : hq_window_moments_size(params);
}

static bool stddev_holds(const double *params, void *fresh, const void *loaded)
{
    return hq_is_long(params) ? hq_exact_holds(params, fresh, loaded)
                              : hq_window_moments_holds(params, fresh, loaded);
}

HQ_INLINE void stddev_peek(const HqNode *node, double *line, double *before)
{
    hq_stddev_peek(node, line, before);
}

HQ_NOINLINE static void stddev_fold(const HqNode *node, double *line, double *before)
{
    hq_window_moments_complete(node, before);
    stddev_peek(node, line, before);
}

static void stddev_push(const HqNode *node, double *line, double *before)
{
    if (HQ_UNLIKELY(hq_window_moments_commit(node, before)))
        stddev_fold(node, line, before);
    else
        stddev_peek(node, line, before);
}

static inline void span_stddev_push(const HqNode *node, const HqSpan *span)
{
    double *out = span->out[0], *mean = span->twin;
    HqWindowAllMoments sums;
    for (size_t from = 0, n = 1; n > 0; from += n)
        n = hq_window_all_moments(node, span, from, &sums, (HqWindowSpread){mean, out, NULL});
    span->line[HQ_SPAN_OUT] = out[span->n - 1];
}

HQ_CHAIN(stddev_push, stddev_peek)
HQ_SPAN_BUILD(span_stddev_push)

/* What a short window holds is in two sums of squares, of the segment before and of the current one. */
static bool stddev_stays_known(const HqNode *node, const double *line)
{
    const HqWindowMoments *w = node->state;
    const double most = 1e4 * HQ_VALUE_MAX * HQ_VALUE_MAX; /* and more than they come to */
    return node->push == link_push_stddev_push && fabs(w->pivot) <= HQ_VALUE_MAX &&
           line[HQ_SPAN_OUT + HQ_MOMENTS_SQUARES] <= most &&
           w->suffix[2 * (size_t)w->position + 1] <= most;
}

static inline double long_deviation_of(double n, HqPair sum, HqPair squares)
{
    return sqrt(hq_exact_square_spread(n, sum, squares)) / n;
}

static void stddev_long_peek(const HqNode *node, double *line, double *before)
{
    const HqExactWindow *w = node->state;
    HqPair total[2];
    hq_exact_totals(node, line, before, &long_moments, total);
    line[node->in[HQ_TWIN]] = hq_exact_mean(w->pivot[0], total[0], w->period);
    line[node->out] = long_deviation_of(w->period, total[0], total[1]);
}

static void stddev_long_push(const HqNode *node, double *line, double *before)
{
    hq_exact_commit(node, before, &long_moments);
    stddev_long_peek(node, line, before);
}

static inline void span_stddev_long_push(const HqNode *node, const HqSpan *span)
{
    const double period = ((const HqExactWindow *)node->state)->period;
    double *restrict out = span->out[0], *restrict mean = span->twin;
    HqExactTotals all;
    size_t n;
    for (size_t from = 0; (n = hq_exact_all_totals(node, span, from, &long_moments, &all)) > 0; from += n) {
        for (size_t i = 0; i < n; i++)
            mean[from + i] = hq_exact_mean(all.pivot[0][i], hq_exact_total(&all, 0, i), period);
        for (size_t i = 0; i < n; i++)
            out[from + i] =
                long_deviation_of(period, hq_exact_total(&all, 0, i), hq_exact_total(&all, 1, i));
    }
    span->line[HQ_SPAN_OUT] = out[span->n - 1];
}

HQ_CHAIN(stddev_long_push, stddev_long_peek)
HQ_SPAN_BUILD(span_stddev_long_push)

static void stddev_init(HqNode *node, double *before, const double *params)
{
    if (!hq_is_long(params)) {
        hq_window_moments_init(node, before, params);
        return;
    }
    hq_exact_init(node, params[0], long_moments.n_sums);
    HQ_TAKE_STEPS(node, stddev_long_push, stddev_long_peek);
}

const HqRow hq_row_stddev = {
    .info = {.code = 3, .is_public = 1, .name = "STDDEV", .title = "Standard deviation",
             .formula = "sqrt(mean of (x - mean)^2) over the last `period` values (population)",
             .source = "T. Chan, G. Golub, R. LeVeque, The American Statistician 37 (1983) 242; "
                       "TA-Lib, function STDDEV, without its multiplier `nbdev`",
             .unit = "that of x", .cost = "O(1) amortised, O(period) at worst",
             .n_inputs = 1, .inputs = hq_input_close,
             .n_params = 1, .params = hq_param_one_period,
             .n_outputs = 1, .outputs = hq_output_value,
             .group = "statistic", .talib_name = "STDDEV"},
    .keeps_range = 1, .n_memory = 5, .at_one = HQ_AT_ONE_ZERO, .twin = &hq_row_sma,
    .state_size = stddev_size, .holds = stddev_holds, .init = stddev_init, HQ_STEPS(stddev_push, stddev_peek),
    HQ_OTHER_STEPS(stddev_long_push), .stays_known = stddev_stays_known,
    .warmup = hq_warmup_full_window, .stand_in = hq_stddev_of_halves,
};

/* -------------------------------------------------------------------- MOMENTS */

enum { MOMENTS_PIVOT, MOMENTS_OFFSET, MOMENTS_SPREAD }; /* its outputs */

static void moments_peek(const HqNode *node, double *line, double *before)
{
    const HqWindowMoments *w = node->state;
    double sum, squares, *now = line + node->out;
    hq_window_moments(node, line, before, &sum, &squares);
    now[MOMENTS_PIVOT] = w->pivot;
    now[MOMENTS_OFFSET] = sum * node->factor;
    now[MOMENTS_SPREAD] = hq_spread_of(sum, squares, node->factor);
}

static void moments_push(const HqNode *node, double *line, double *before)
{
    if (HQ_UNLIKELY(hq_window_moments_commit(node, before)))
        hq_window_moments_complete(node, before);
    moments_peek(node, line, before);
}

static inline void span_moments_push(const HqNode *node, const HqSpan *span)
{
    const HqWindowSpread to = {span->out[MOMENTS_OFFSET], span->out[MOMENTS_SPREAD], span->out[MOMENTS_PIVOT]};
    HqWindowAllMoments sums;
    for (size_t from = 0, n = 1; n > 0; from += n)
        n = hq_window_all_moments(node, span, from, &sums, to);
    for (int k = 0; k < 3; k++)
        span->line[HQ_SPAN_OUT + k] = span->out[k][span->n - 1];
}

HQ_CHAIN(moments_push, moments_peek)
HQ_SPAN_BUILD(span_moments_push)

static const char *const moments_outputs[] = {"pivot", "offset", "spread"};

/* Its spread is squares of what it reads: nobody but POOLED_DEVIATION reads it, which takes their root. */
const HqRow hq_row_moments = {
    .info = {.code = 4160, .name = "MOMENTS", .title = "Mean and variance of a short window",
             .formula = "a value of the window, what the mean lies above it, the variance",
             .source = "T. Chan, G. Golub, R. LeVeque, The American Statistician 37 (1983) 242",
             .unit = "that of x; squared", .cost = "O(1) amortised, O(period) at worst",
             HQ_INPUTS(hq_input_close), HQ_PARAMS(hq_param_one_period), HQ_OUTPUTS(moments_outputs),
             .group = "statistic"},
    .keeps_range = 1, .n_memory = 2, .state_size = hq_window_moments_size, .holds = hq_window_moments_holds,
    .init = hq_window_moments_init, HQ_STEPS(moments_push, moments_peek), .warmup = hq_warmup_full_window,
};

/* ---------------------------------------------------------------- VAR, ZSCORE */

static const HqExactSums moments = {
    .n_inputs = 1, .n_sums = 2, .memory = 1, .terms = hq_exact_moment_terms,
};
enum { MOMENTS_MEMORY = 4 };

static size_t exact_moments_size(const double *params) { return hq_exact_size(params[0], moments.n_sums); }

static void exact_moments_init(HqNode *node, double *before, const double *params)
{
    (void)before;
    hq_exact_init(node, params[0], moments.n_sums);
}

static inline double variance_of(double n, HqPair sum, HqPair squares)
{
    return hq_exact_square_spread(n, sum, squares) / (n * n);
}

static void var_peek(const HqNode *node, double *line, double *before)
{
    const HqExactWindow *w = node->state;
    HqPair total[2];
    hq_exact_totals(node, line, before, &moments, total);
    line[node->out] = variance_of(w->period, total[0], total[1]);
}

static void var_push(const HqNode *node, double *line, double *before)
{
    hq_exact_commit(node, before, &moments);
    var_peek(node, line, before);
}

static inline void span_var_push(const HqNode *node, const HqSpan *span)
{
    const double period = ((const HqExactWindow *)node->state)->period;
    double *restrict out = span->out[0];
    HqExactTotals all;
    for (size_t from = 0, n; (n = hq_exact_all_totals(node, span, from, &moments, &all)) > 0; from += n)
        for (size_t i = 0; i < n; i++)
            out[from + i] = variance_of(period, hq_exact_total(&all, 0, i), hq_exact_total(&all, 1, i));
    span->line[HQ_SPAN_OUT] = out[span->n - 1];
}

HQ_CHAIN(var_push, var_peek)
HQ_SPAN_BUILD(span_var_push)

static const HqParamInfo var_params[] = {HQ_PERIOD_PARAM("period", 5)};

const HqRow hq_row_var = {
    .info = {.code = 212, .is_public = 1, .name = "VAR", .title = "Variance",
             .formula = "mean of (x - mean)^2 over the last `period` values (population)",
             .source = "T. Chan, G. Golub, R. LeVeque, The American Statistician 37 (1983) 242; "
                       "TA-Lib, function VAR, whose parameter `nbdev` does nothing",
             .unit = "that of x, squared", .cost = "O(1) amortised, O(period) at worst",
             .n_inputs = 1, .inputs = hq_input_close, .n_params = 1, .params = var_params,
             .n_outputs = 1, .outputs = hq_output_value,
             .group = "statistic", .talib_name = "VAR"},
    .n_memory = MOMENTS_MEMORY, .at_one = HQ_AT_ONE_ZERO,
    .state_size = exact_moments_size, .holds = hq_exact_holds, .init = exact_moments_init, HQ_STEPS(var_push, var_peek),
    .warmup = hq_warmup_full_window,
};

/* (x - mean) / deviation, both times the period: no rounded mean or deviation on the way. */
static inline double score_of(double n, double x, double pivot, HqPair sum, HqPair squares)
{
    double spread = hq_exact_square_spread(n, sum, squares);
    double distance = hq_pair_minus(hq_pair_scaled(hq_pair_of_sum(x, -pivot), n), sum).high;
    double score = distance / sqrt(spread);
    return spread > 0 ? score : (double)NAN;
}

static void zscore_peek(const HqNode *node, double *line, double *before)
{
    const HqExactWindow *w = node->state;
    HqPair total[2];
    hq_exact_totals(node, line, before, &moments, total);
    line[node->out] = score_of(w->period, line[node->in[0]], w->pivot[0], total[0], total[1]);
}

static void zscore_push(const HqNode *node, double *line, double *before)
{
    hq_exact_commit(node, before, &moments);
    zscore_peek(node, line, before);
}

static inline void span_zscore_push(const HqNode *node, const HqSpan *span)
{
    const double period = ((const HqExactWindow *)node->state)->period, *x = span->in[0];
    double *restrict out = span->out[0];
    HqExactTotals all;
    for (size_t from = 0, n; (n = hq_exact_all_totals(node, span, from, &moments, &all)) > 0; from += n)
        for (size_t i = 0; i < n; i++)
            out[from + i] = score_of(period, x[from + i], all.pivot[0][i], hq_exact_total(&all, 0, i),
                                     hq_exact_total(&all, 1, i));
    span->line[HQ_SPAN_OUT] = out[span->n - 1];
}

HQ_CHAIN(zscore_push, zscore_peek)
HQ_SPAN_BUILD(span_zscore_push)

static const HqParamInfo zscore_params[] = {HQ_WINDOW_PARAM(20, (double)HQ_PERIOD_MAX)};

const HqRow hq_row_zscore = {
    .info = {.code = 213, .is_public = 1, .name = "ZSCORE", .title = "Standard score",
             .formula = "(x - SMA(x, period)) / STDDEV(x, period); unknown over a flat window",
             .source = "E. Kreyszig, Advanced Engineering Mathematics (4th ed., 1979), p. 880",
             .unit = "ratio", .cost = "O(1) amortised, O(period) at worst",
             .n_inputs = 1, .inputs = hq_input_close, .n_params = 1, .params = zscore_params,
             .n_outputs = 1, .outputs = hq_output_value, .group = "statistic"},
    .n_memory = MOMENTS_MEMORY,
    .state_size = exact_moments_size, .holds = hq_exact_holds, .init = exact_moments_init, HQ_STEPS(zscore_push, zscore_peek),
    .warmup = hq_warmup_full_window,
};

/* --------------------------------------------------------------------- AVGDEV */

static size_t avgdev_size(const double *params)
{
    return hq_history_size((const double[]){params[0] - 1});
}

static void avgdev_init(HqNode *node, double *before, const double *params)
{
    hq_history_init(node, before, (const double[]){params[0] - 1});
}

/* No sum that is carried along gives absolute distances from a mean that moves: two passes. Of
 * x - newest, so that the newest's own distance from the mean is that mean. */
static void avgdev_peek(const HqNode *node, double *line, double *before)
{
    const HqHistory *h = node->state;
    double x = line[node->in[0]], n = (double)h->n + 1, sum = 0, lost = 0;
    (void)before;
    for (uint32_t i = 0; i < h->n; i++) {
        HqPair more = hq_pair_of_sum(sum, h->value[i] - x);
        sum = more.high;
        lost += more.low;
    }
    double mean = (sum + lost) / n, distances = fabs(mean);
    for (uint32_t i = 0; i < h->n; i++)
        distances += fabs((h->value[i] - x) - mean);
    line[node->out] = distances / n;
}

static void avgdev_push(const HqNode *node, double *line, double *before)
{
    hq_history_commit(node, before);
    avgdev_peek(node, line, before);
}

HQ_CHAIN(avgdev_push, avgdev_peek)
HQ_SPAN(avgdev_push, 1, 0)

static const HqParamInfo avgdev_params[] = {HQ_WINDOW_PARAM(14, 10000)};

const HqRow hq_row_avgdev = {
    .info = {.code = 214, .is_public = 1, .name = "AVGDEV", .title = "Average deviation",
             .formula = "mean of |x - mean| over the last `period` values",
             .source = "TA-Lib, function AVGDEV", .unit = "that of x", .cost = "O(period)",
             .n_inputs = 1, .inputs = hq_input_close, .n_params = 1, .params = avgdev_params,
             .n_outputs = 1, .outputs = hq_output_value,
             .group = "statistic", .talib_name = "AVGDEV"},
    .keeps_range = 1, .state_size = avgdev_size, .holds = hq_history_holds, .init = avgdev_init,
    HQ_STEPS(avgdev_push, avgdev_peek), .warmup = hq_warmup_full_window,
};
