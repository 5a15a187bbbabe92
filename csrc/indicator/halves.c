/* SMA and STDDEV of windows that are two halves: MOMENTS (deviation.c), POOLED_MEAN, POOLED_DEVIATION. */
#include "indicator/halves.h"

#include "indicator/pieces.h"
#include "indicator/window_exact.h"

enum { HALVES_MOST = 2 * (HQ_PERIOD_LONG - 1) };

static bool is_two_halves(const double *params)
{
    return params[0] >= HQ_PERIOD_LONG && params[0] <= HALVES_MOST;
}

static double half_of(const double *params) { return floor(params[0] / 2); }

static uint32_t lagged(HqBuilder *b, uint32_t slot, double bars)
{
    return hq_over(b, &hq_row_lag, slot, bars);
}

static const HqParamInfo halves_params[] = {HQ_PERIOD_PARAM("first", NAN), HQ_PERIOD_PARAM("second", NAN)};

/* ----------------------------------------------------------------------- mean */

static void pooled_mean_init(HqNode *node, double *before, const double *params)
{
    (void)before;
    node->factor = params[1] / (params[0] + params[1]);
}

static void pooled_mean(const HqNode *node, double *line, double *before)
{
    (void)before;
    line[node->out] = HQ_X(0) + node->factor * (HQ_X(1) - HQ_X(0));
}

HQ_CHAIN(pooled_mean, pooled_mean)
HQ_SPAN_FREE(pooled_mean, 1)

static const HqInputInfo mean_inputs[] = {{.name = "first", .field = -1}, {.name = "second", .field = -1}};

const HqRow hq_row_pooled_mean = {
    .info = {.code = 4161, .name = "POOLED_MEAN", .title = "Mean of two groups",
             .formula = "first + second's share * (second - first)", .source = "hquant",
             .unit = "that of x", .cost = "O(1)", HQ_INPUTS(mean_inputs), HQ_PARAMS(halves_params),
             HQ_OUTPUTS(hq_output_value), .group = "statistic"},
    .keeps_range = 1, .init = pooled_mean_init, HQ_STEPS(pooled_mean, pooled_mean),
};

/* The newer half's mean and what it was; where a bar is left, the newest, it comes to what both were. */
static void sma_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    double half = half_of(params), both = 2 * half;
    uint32_t newer = hq_over(b, &hq_row_sma, in[0], half);
    core[0] = hq_build(b, &hq_row_pooled_mean, HQ_SLOTS(newer, lagged(b, newer, half)), HQ_LIST(half, half));
    if (both < params[0])
        core[0] = hq_build(b, &hq_row_pooled_mean, HQ_SLOTS(lagged(b, core[0], 1), in[0]), HQ_LIST(both, 1));
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

typedef struct Weights {
    double newer, older; /* of the halves' variances */
    double between;      /* of the square of how far their means lie apart */
} Weights;

static size_t weights_size(const double *params)
{
    (void)params;
    return sizeof(Weights);
}

static void pooled_deviation_init(HqNode *node, double *before, const double *params)
{
    double n = params[0] + params[1];
    (void)before;
    *(Weights *)node->state = (Weights){params[0] / n, params[1] / n, params[0] * params[1] / (n * n)};
}

/* Each half's pivot, offset and spread. Pivots are values of the window: what lies between two is small
 * where the window is narrow, as the halves' means themselves, rounded, would not tell. */
static void pooled_deviation(const HqNode *node, double *line, double *before)
{
    const Weights *weight = node->state;
    double apart = (HQ_X(3) - HQ_X(0)) + (HQ_X(4) - HQ_X(1));
    (void)before;
    line[node->out] = sqrt(weight->newer * HQ_X(2) + weight->older * HQ_X(5) +
                           weight->between * (apart * apart));
}

HQ_CHAIN(pooled_deviation, pooled_deviation)
HQ_SPAN_FREE(pooled_deviation, 1)

static const HqInputInfo deviation_inputs[] = {
    {.name = "newer_pivot", .field = -1}, {.name = "newer_offset", .field = -1},
    {.name = "newer_spread", .field = -1}, {.name = "older_pivot", .field = -1},
    {.name = "older_offset", .field = -1}, {.name = "older_spread", .field = -1},
};

const HqRow hq_row_pooled_deviation = {
    .info = {.code = 4162, .name = "POOLED_DEVIATION", .title = "Standard deviation of two groups",
             .formula = "sqrt of the groups' mean variance and of that between their means",
             .source = "T. Chan, G. Golub, R. LeVeque, The American Statistician 37 (1983) 242",
             .unit = "that of x", .cost = "O(1)", HQ_INPUTS(deviation_inputs), HQ_PARAMS(halves_params),
             HQ_OUTPUTS(hq_output_value), .group = "statistic"},
    .keeps_range = 1, .state_size = weights_size, .init = pooled_deviation_init,
    HQ_STEPS(pooled_deviation, pooled_deviation),
};

/* The older half has a bar more where their number is odd. */
static void stddev_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    double newer = half_of(params), older = params[0] - newer;
    uint32_t slots[6], first = hq_over(b, &hq_row_moments, in[0], newer);
    uint32_t second = hq_over(b, &hq_row_moments, in[0], older);
    for (uint32_t k = 0; k < 3; k++) {
        slots[k] = hq_output(first, k);
        slots[3 + k] = lagged(b, hq_output(second, k), newer);
    }
    core[0] = hq_build(b, &hq_row_pooled_deviation, slots, HQ_LIST(newer, older));
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
