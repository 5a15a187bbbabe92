/* EMA and RMA: the exponential recurrence. */
#include "indicator/average.h"
#include "indicator/list.h"

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

static void ema_steady(const HqNode *node, double *line, double *before)
{
    hq_ema_steady(node, line[node->in[0]], line, before);
}

static bool ema_is_steady(const HqNode *node, const double *line)
{
    (void)node;
    return fabs(line[HQ_SPAN_OUT + 1]) <= HQ_VALUE_MAX;
}

static inline void ema_begin(const HqNode *node, const HqSpan *span)
{
    *span->chain = (HqChain){.x = span->in[0], .out = span->out[0],
                              .e = span->line[HQ_SPAN_OUT + 1], .factor = node->factor};
}

static inline void ema_end(const HqNode *node, const HqSpan *span)
{
    (void)node;
    span->line[HQ_SPAN_OUT] = span->line[HQ_SPAN_OUT + 1] = span->chain->e;
}

HQ_CHAIN(ema_steady, ema_steady)
HQ_SPAN_BUILD(ema_begin)
HQ_SPAN_BUILD(ema_end)

static const HqChains ema_chains = {
    .n = 1, .reads_inputs = true, .gives_chain = true, .is_steady = ema_is_steady, .steady = HQ_STEADY(ema_steady),
    .begin = HQ_SPANS(ema_begin), .end = HQ_SPANS(ema_end),
};

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
    .chains = &ema_chains,
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
    .chains = &ema_chains,
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

bool hq_seeded_is_steady(const HqNode *node, const double *line)
{
    const double *then = line + HQ_SPAN_OUT;
    (void)node;
    return then[HQ_SEEDED_LACKS] == 0 && fabs(then[HQ_SEEDED_AVERAGE]) <= HQ_VALUE_MAX;
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

static void seeded_steady(const HqNode *node, double *line, double *before)
{
    hq_seeded_steady(node, line[node->in[0]], line + node->out, before + node->out);
}

static inline void seeded_begin(const HqNode *node, const HqSpan *span)
{
    hq_seeded_chain(node, span, span->in[0]);
}

static inline void seeded_end(const HqNode *node, const HqSpan *span)
{
    (void)node;
    hq_seeded_leave(span);
}

HQ_CHAIN(seeded_steady, seeded_steady)
HQ_SPAN_BUILD(seeded_begin)
HQ_SPAN_BUILD(seeded_end)

static const HqChains seeded_chains = {
    .n = 1, .reads_inputs = true, .gives_chain = true, .is_steady = hq_seeded_is_steady, .steady = HQ_STEADY(seeded_steady),
    .begin = HQ_SPANS(seeded_begin), .end = HQ_SPANS(seeded_end),
};

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
    .init = seeded_init, HQ_STEPS(seeded_step, seeded_step), .chains = &seeded_chains, .warmup = hq_warmup_full_window,
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
