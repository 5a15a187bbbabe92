/* SMA and SUM. */
#include "indicator/halves.h"
#include "indicator/list.h"
#include "indicator/window_exact.h"
#include "indicator/window_span.h"

/* ------------------------------------------------------------------- SMA, SUM */

static const HqExactSums long_sum = {
    .n_inputs = 1, .n_sums = 1, .memory = 1, .terms = hq_exact_sum_terms,
};
enum { SUM_MEMORY = 2 };

static size_t sum_size(const double *params)
{
    return hq_is_long(params) ? hq_exact_size(params[0], long_sum.n_sums) : hq_window_sum_size(params);
}

static bool sum_holds(const double *params, void *fresh, const void *loaded)
{
    return hq_is_long(params) ? hq_exact_holds(params, fresh, loaded)
                              : hq_window_sum_holds(params, fresh, loaded);
}

HQ_INLINE void sma_peek(const HqNode *node, double *line, double *before)
{
    const HqWindowSum *w = node->state;
    line[node->out] = hq_window_mean(w->pivot, hq_window_sum(node, line, before), w->period);
}

HQ_RARE static void sma_fold(const HqNode *node, double *line, double *before)
{
    hq_window_sum_complete(node, before);
    sma_peek(node, line, before);
}

static void sma_push(const HqNode *node, double *line, double *before)
{
    if (HQ_UNLIKELY(hq_window_sum_commit(node, before)))
        sma_fold(node, line, before);
    else
        sma_peek(node, line, before);
}

static inline void span_sma_push(const HqNode *node, const HqSpan *span)
{
    double *out = span->out[0];
    HqWindowSums sums;
    for (size_t from = 0, n = 1; n > 0; from += n)
        n = hq_window_sums(node, span, from, &sums, out + from);
    span->line[HQ_SPAN_OUT] = out[span->n - 1];
}

HQ_CHAIN(sma_push, sma_peek)
HQ_SPAN_BUILD(span_sma_push)

static void sma_long_peek(const HqNode *node, double *line, double *before)
{
    const HqExactWindow *w = node->state;
    HqPair sum;
    hq_exact_totals(node, line, before, &long_sum, &sum);
    line[node->out] = hq_exact_mean(w->pivot[0], sum, w->period);
}

static void sma_long_push(const HqNode *node, double *line, double *before)
{
    hq_exact_commit(node, before, &long_sum);
    sma_long_peek(node, line, before);
}

static inline void span_sma_long_push(const HqNode *node, const HqSpan *span)
{
    const double period = ((const HqExactWindow *)node->state)->period;
    double *restrict out = span->out[0];
    HqExactTotals all;
    for (size_t from = 0, n; (n = hq_exact_all_totals(node, span, from, &long_sum, &all)) > 0; from += n)
        for (size_t i = 0; i < n; i++)
            out[from + i] = hq_exact_mean(all.pivot[0][i], hq_exact_total(&all, 0, i), period);
    span->line[HQ_SPAN_OUT] = out[span->n - 1];
}

HQ_CHAIN(sma_long_push, sma_long_peek)
HQ_SPAN_BUILD(span_sma_long_push)

static void sma_init(HqNode *node, double *before, const double *params)
{
    if (!hq_is_long(params)) {
        hq_window_sum_init(node, before, params);
        return;
    }
    hq_exact_init(node, params[0], long_sum.n_sums);
    HQ_TAKE_STEPS(node, sma_long_push, sma_long_peek);
}

HQ_INLINE void sum_peek(const HqNode *node, double *line, double *before)
{
    const HqWindowSum *w = node->state;
    line[node->out] = w->pivot * w->period + hq_window_sum(node, line, before);
}

HQ_RARE static void sum_fold(const HqNode *node, double *line, double *before)
{
    hq_window_sum_complete(node, before);
    sum_peek(node, line, before);
}

static void sum_push(const HqNode *node, double *line, double *before)
{
    if (HQ_UNLIKELY(hq_window_sum_commit(node, before)))
        sum_fold(node, line, before);
    else
        sum_peek(node, line, before);
}

static inline void span_sum_push(const HqNode *node, const HqSpan *span)
{
    const HqWindowSum *w = node->state;
    double *restrict out = span->out[0];
    HqWindowSums sums;
    for (size_t from = 0, n; (n = hq_window_sums(node, span, from, &sums, NULL)) > 0; from += n)
        for (size_t i = 0; i < n; i++)
            out[from + i] = sums.pivot[i] * w->period + sums.sum[i];
    span->line[HQ_SPAN_OUT] = out[span->n - 1];
}

HQ_CHAIN(sum_push, sum_peek)
HQ_SPAN_BUILD(span_sum_push)

static inline double long_sum_of(double pivot, HqPair sum, double period)
{
    return hq_pair_plus(hq_pair_of_product(pivot, period), sum).high;
}

static void sum_long_peek(const HqNode *node, double *line, double *before)
{
    const HqExactWindow *w = node->state;
    HqPair sum;
    hq_exact_totals(node, line, before, &long_sum, &sum);
    line[node->out] = long_sum_of(w->pivot[0], sum, w->period);
}

static void sum_long_push(const HqNode *node, double *line, double *before)
{
    hq_exact_commit(node, before, &long_sum);
    sum_long_peek(node, line, before);
}

static inline void span_sum_long_push(const HqNode *node, const HqSpan *span)
{
    const double period = ((const HqExactWindow *)node->state)->period;
    double *restrict out = span->out[0];
    HqExactTotals all;
    for (size_t from = 0, n; (n = hq_exact_all_totals(node, span, from, &long_sum, &all)) > 0; from += n)
        for (size_t i = 0; i < n; i++)
            out[from + i] = long_sum_of(all.pivot[0][i], hq_exact_total(&all, 0, i), period);
    span->line[HQ_SPAN_OUT] = out[span->n - 1];
}

HQ_CHAIN(sum_long_push, sum_long_peek)
HQ_SPAN_BUILD(span_sum_long_push)

static void sum_init(HqNode *node, double *before, const double *params)
{
    if (!hq_is_long(params)) {
        hq_window_sum_init(node, before, params);
        return;
    }
    hq_exact_init(node, params[0], long_sum.n_sums);
    HQ_TAKE_STEPS(node, sum_long_push, sum_long_peek);
}

const HqRow hq_row_sma = {
    .info = {.code = 1, .is_public = 1, .name = "SMA", .title = "Simple moving average",
             .formula = "mean of the last `period` values",
             .source = "J. J. Murphy, Technical Analysis of the Financial Markets (1999), ch. 9",
             .unit = "that of x", .cost = "O(1) amortised, O(period) at worst",
             .n_inputs = 1, .inputs = hq_input_close,
             .n_params = 1, .params = hq_param_one_period,
             .n_outputs = 1, .outputs = hq_output_value, .group = "overlap", .talib_name = "SMA"},
    .n_memory = SUM_MEMORY, .keeps_range = 1, .at_one = HQ_AT_ONE_INPUT,
    .state_size = sum_size, .holds = sum_holds, .init = sma_init, HQ_STEPS(sma_push, sma_peek),
    HQ_OTHER_STEPS(sma_long_push),
    .warmup = hq_warmup_full_window, .host = &hq_row_stddev, .stand_in = hq_sma_of_halves,
};

static const HqParamInfo sum_params[] = {HQ_PERIOD_PARAM("n", NAN)};

const HqRow hq_row_sum = {
    .info = {.code = 11, .is_public = 1, .name = "SUM", .title = "Rolling sum",
             .formula = "sum of the last n values",
             .source = "TA-Lib, function SUM", .unit = "that of x",
             .cost = "O(1) amortised, O(n) at worst",
             .n_inputs = 1, .inputs = hq_input_close, .n_params = 1, .params = sum_params,
             .n_outputs = 1, .outputs = hq_output_value, .group = "statistic", .talib_name = "SUM"},
    .n_memory = SUM_MEMORY, .at_one = HQ_AT_ONE_INPUT,
    .state_size = sum_size, .holds = sum_holds, .init = sum_init, HQ_STEPS(sum_push, sum_peek),
    HQ_OTHER_STEPS(sum_long_push),
    .warmup = hq_warmup_full_window,
};
