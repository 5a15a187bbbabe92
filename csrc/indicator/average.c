/* SMA, EMA and SUM. */
#include "indicator/average.h"
#include "indicator/list.h"
#include "indicator/window_exact.h"

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

static void sma_peek(const HqNode *node, double *line, double *before)
{
    const HqWindowSum *w = node->state;
    line[node->out] = hq_window_mean(w->pivot, hq_window_sum(node, line, before), w->period);
}

static void sma_push(const HqNode *node, double *line, double *before)
{
    hq_window_sum_commit(node, before);
    sma_peek(node, line, before);
}

HQ_CHAIN(sma_push, sma_peek)
HQ_SPAN(sma_push, 1, SUM_MEMORY)

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

HQ_CHAIN(sma_long_push, sma_long_peek)

static void sma_init(HqNode *node, double *before, const double *params)
{
    if (!hq_is_long(params)) {
        hq_window_sum_init(node, before, params);
        return;
    }
    hq_exact_init(node, params[0], long_sum.n_sums);
    HQ_TAKE_STEPS(node, sma_long_push, sma_long_peek);
}

static void sum_peek(const HqNode *node, double *line, double *before)
{
    const HqWindowSum *w = node->state;
    line[node->out] = w->pivot * w->period + hq_window_sum(node, line, before);
}

static void sum_push(const HqNode *node, double *line, double *before)
{
    hq_window_sum_commit(node, before);
    sum_peek(node, line, before);
}

HQ_CHAIN(sum_push, sum_peek)
HQ_SPAN(sum_push, 1, SUM_MEMORY)

static void sum_long_peek(const HqNode *node, double *line, double *before)
{
    const HqExactWindow *w = node->state;
    HqPair sum;
    hq_exact_totals(node, line, before, &long_sum, &sum);
    line[node->out] = hq_pair_plus(hq_pair_of_product(w->pivot[0], w->period), sum).high;
}

static void sum_long_push(const HqNode *node, double *line, double *before)
{
    hq_exact_commit(node, before, &long_sum);
    sum_long_peek(node, line, before);
}

HQ_CHAIN(sum_long_push, sum_long_peek)

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
    .warmup = hq_warmup_full_window, .host = &hq_row_stddev,
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
    .warmup = hq_warmup_full_window,
};

/* ------------------------------------------------------------------------ EMA */

static void ema_init(HqNode *node, double *before, const double *params)
{
    (void)before;
    node->factor = hq_ema_factor(params[0]);
}

static void ema_step(const HqNode *node, double *line, double *before)
{
    double *now = line + node->out;
    const double *then = before + node->out;
    now[0] = hq_ema_step(node->factor, then[1], line[node->in[0]], &now[1]);
}

HQ_CHAIN(ema_step, ema_step)
HQ_SPAN(ema_step, 1, 1)

/* A row's two modes share what the table says of it. */
#define EMA_INFO                                                                                  \
    {.code = 2, .is_public = 1, .name = "EMA", .title = "Exponential moving average",             \
     .formula = "e += 2/(period+1) * (x - e), seeded with the first value",                       \
     .source = "P. Kaufman, Trading Systems and Methods (5th ed., 2013), ch. 7",                  \
     .unit = "that of x", .cost = "O(1)",                                                         \
     .n_inputs = 1, .inputs = hq_input_close, .n_params = 1, .params = hq_param_one_period,       \
     .n_outputs = 1, .outputs = hq_output_value, .group = "overlap", .talib_name = "EMA",         \
     .talib_note = "seeded with the mean of the first `period` values, at bar period-1"}

const HqRow hq_row_ema = {
    .info = EMA_INFO,
    .n_memory = 1, .keeps_range = 1, .init = ema_init, HQ_STEPS(ema_step, ema_step),
    .talib = &hq_row_ema_talib,
};

static void factor_ema_init(HqNode *node, double *before, const double *params)
{
    (void)before;
    node->factor = params[0];
}

static const HqParamInfo factor_ema_params[] = {HQ_NUMBER_PARAM("factor", 0, 1, NAN)};

const HqRow hq_row_factor_ema = {
    .info = {.code = 4110, .name = "FACTOR_EMA", .title = "Exponential average with a factor of its own",
             .formula = "e += factor * (x - e), seeded with the first value",
             .source = "TA-Lib, function MACDFIX", .unit = "that of x", .cost = "O(1)",
             HQ_INPUTS(hq_input_close), HQ_PARAMS(factor_ema_params), HQ_OUTPUTS(hq_output_value),
             .group = "overlap"},
    .n_memory = 1, .keeps_range = 1, .init = factor_ema_init, HQ_STEPS(ema_step, ema_step),
};

/* ------------------------------------------------- EMA seeded with a mean: TA-Lib */

size_t hq_seeded_size(const double *params)
{
    (void)params;
    return sizeof(double);
}

HQ_RARE double hq_seeded_seed(double period, double x, double *average, double *lacks)
{
    if (!(fabs(x) <= DBL_MAX) || *lacks == 0)
        return (double)NAN;
    *average += x;
    if (--*lacks > 0)
        return (double)NAN;
    return *average /= period;
}

static void seeded_init(HqNode *node, double *before, const double *params)
{
    hq_seeded_start(node, before, params[0], params[1] > 0 ? params[1] : hq_ema_factor(params[0]));
}

static void seeded_step(const HqNode *node, double *line, double *before)
{
    double *now = line + node->out;
    now[0] = hq_seeded_step(node, line[node->in[0]], now, before + node->out);
}

HQ_CHAIN(seeded_step, seeded_step)
HQ_SPAN(seeded_step, 1, HQ_SEEDED_MEMORY)

static const HqParamInfo seeded_params[] = {
    HQ_PERIOD_PARAM("period", NAN),
    HQ_NUMBER_PARAM("factor", 0, 1, 0),
};

const HqRow hq_row_seeded = {
    .info = {.code = 4096, .name = "SEEDED", .title = "Exponential average seeded with a mean",
             .formula = "e += factor * (x - e), seeded with the mean of the first `period` values; "
                        "factor 0 is 2/(period+1)",
             .source = "TA-Lib, functions EMA and MACDFIX", .unit = "that of x", .cost = "O(1)",
             HQ_INPUTS(hq_input_close), HQ_PARAMS(seeded_params), HQ_OUTPUTS(hq_output_value),
             .group = "overlap"},
    .n_memory = HQ_SEEDED_MEMORY, .keeps_range = 1, .state_size = hq_seeded_size,
    .init = seeded_init, HQ_STEPS(seeded_step, seeded_step), .warmup = hq_warmup_full_window,
};

static void ema_talib_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    core[0] = hq_build(b, &hq_row_seeded, in, HQ_LIST(params[0], 0));
}

const HqRow hq_row_ema_talib = {.info = EMA_INFO, .parts = ema_talib_parts, .n_core = 1};

/* ------------------------------------------------------------------------ RMA */

static void rma_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    core[0] = hq_build(b, &hq_row_seeded, in, HQ_LIST(params[0], 1 / params[0]));
}

const HqRow hq_row_rma = {
    .info = {.code = 101, .is_public = 1, .name = "RMA", .title = "Wilder's moving average",
             .formula = "a += (x - a)/period, seeded with the mean of the first `period` values",
             .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978), sec. II; "
                       "TradingView, ta.rma",
             .unit = "that of x", .cost = "O(1)",
             HQ_INPUTS(hq_input_close), HQ_PARAMS(hq_param_one_period), HQ_OUTPUTS(hq_output_value),
             .group = "overlap", .talib_name = "RMA"},
    .parts = rma_parts, .n_core = 1,
};
