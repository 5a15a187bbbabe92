/* SMA, EMA and SUM. */
#include "indicator/average.h"
#include "indicator/list.h"
#include "indicator/window.h"

/* ------------------------------------------------------------------- SMA, SUM */

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

const HqRow hq_row_sma = {
    .info = {.code = 1, .is_public = 1, .name = "SMA", .title = "Simple moving average",
             .formula = "mean of the last `period` values",
             .source = "J. J. Murphy, Technical Analysis of the Financial Markets (1999), ch. 9",
             .unit = "that of x", .cost = "O(1) amortised, O(period) at worst",
             .n_inputs = 1, .inputs = hq_input_close,
             .n_params = 1, .params = hq_param_one_period,
             .n_outputs = 1, .outputs = hq_output_value},
    .n_memory = 1, .at_one = HQ_AT_ONE_INPUT,
    .state_size = hq_window_sum_size, .init = hq_window_sum_init, HQ_STEPS(sma_push, sma_peek),
    .warmup = hq_warmup_full_window, .host = &hq_row_stddev,
};

static const HqParamInfo sum_params[] = {HQ_PERIOD_PARAM("n", NAN)};

const HqRow hq_row_sum = {
    .info = {.code = 11, .is_public = 1, .name = "SUM", .title = "Rolling sum",
             .formula = "sum of the last n values",
             .source = "TA-Lib, function SUM", .unit = "that of x",
             .cost = "O(1) amortised, O(n) at worst",
             .n_inputs = 1, .inputs = hq_input_close, .n_params = 1, .params = sum_params,
             .n_outputs = 1, .outputs = hq_output_value},
    .n_memory = 1, .at_one = HQ_AT_ONE_INPUT,
    .state_size = hq_window_sum_size, .init = hq_window_sum_init, HQ_STEPS(sum_push, sum_peek),
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

const HqRow hq_row_ema = {
    .info = {.code = 2, .is_public = 1, .name = "EMA", .title = "Exponential moving average",
             .formula = "e += 2/(period+1) * (x - e), seeded with the first value",
             .source = "P. Kaufman, Trading Systems and Methods (5th ed., 2013), ch. 7",
             .unit = "that of x", .cost = "O(1)",
             .n_inputs = 1, .inputs = hq_input_close,
             .n_params = 1, .params = hq_param_one_period,
             .n_outputs = 1, .outputs = hq_output_value},
    .n_memory = 1, .init = ema_init, HQ_STEPS(ema_step, ema_step),
    .warmup = hq_warmup_none,
};
