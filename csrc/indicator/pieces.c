/* BLEND, RATIO, PRODUCT, SKIP, ABSOLUTE: the hidden rows that composites are put together from. */
#include "indicator/pieces.h"

static const HqInputInfo two_inputs[] = {{.name = "x", .field = -1}, {.name = "y", .field = -1}};
static size_t two_numbers(const double *params)
{
    (void)params;
    return 2 * sizeof(double);
}

static void keep_params(HqNode *node, double *before, const double *params)
{
    (void)before;
    memcpy(node->state, params, 2 * sizeof(double));
}

/* ---------------------------------------------------------------------- BLEND */

static void blend(const HqNode *node, double *line, double *before)
{
    (void)before;
    const double *weight = node->state;
    line[node->out] = hq_known(weight[0] * HQ_X(0) + weight[1] * HQ_X(1));
}

HQ_CHAIN(blend, blend)
HQ_SPAN_FREE(blend, 1)

static const HqParamInfo blend_params[] = {
    HQ_NUMBER_PARAM("weight_x", -1e100, 1e100, 1),
    HQ_NUMBER_PARAM("weight_y", -1e100, 1e100, 1),
};

const HqRow hq_row_blend = {
    .info = {.code = 4098, .name = "BLEND", .title = "Weighted sum of two series",
             .formula = "weight_x * x + weight_y * y", .source = "hquant", .unit = "that of x",
             .cost = "O(1)", HQ_INPUTS(two_inputs), HQ_PARAMS(blend_params),
             HQ_OUTPUTS(hq_output_value), .group = "statistic"},
    .gives_known = 1, .state_size = two_numbers, .init = keep_params,
    HQ_STEPS(blend, blend),
};

static void affine(const HqNode *node, double *line, double *before)
{
    (void)before;
    const double *with = node->state;
    line[node->out] = hq_known(with[0] * HQ_X(0) + with[1]);
}

HQ_CHAIN(affine, affine)
HQ_SPAN_FREE(affine, 1)

static const HqParamInfo affine_params[] = {
    HQ_NUMBER_PARAM("scale", -1e100, 1e100, 1),
    HQ_NUMBER_PARAM("offset", -1e100, 1e100, 0),
};

const HqRow hq_row_affine = {
    .info = {.code = 4106, .name = "AFFINE", .title = "Scaled and shifted series",
             .formula = "scale * x + offset", .source = "hquant", .unit = "that of x",
             .cost = "O(1)", HQ_INPUTS(hq_input_close), HQ_PARAMS(affine_params),
             HQ_OUTPUTS(hq_output_value), .group = "statistic"},
    .gives_known = 1, .state_size = two_numbers, .init = keep_params, HQ_STEPS(affine, affine),
};

/* ---------------------------------------------------------------------- RATIO */

static void ratio(const HqNode *node, double *line, double *before)
{
    (void)before;
    const double *with = node->state; /* scale, value where y is 0 */
    double x = HQ_X(0), y = HQ_X(1);
    line[node->out] = y == 0 && !hq_is_unknown(x) ? with[1] : hq_known(with[0] * x / y);
}

HQ_CHAIN(ratio, ratio)
HQ_SPAN_FREE(ratio, 1)

static const HqParamInfo ratio_params[] = {
    HQ_NUMBER_PARAM("scale", -1e100, 1e100, 1),
    HQ_NUMBER_PARAM("at_zero", -1e100, 1e100, NAN),
};

const HqRow hq_row_ratio = {
    .info = {.code = 4099, .name = "RATIO", .title = "Ratio of two series",
             .formula = "scale * x / y; at_zero where y is 0", .source = "hquant", .unit = "ratio",
             .cost = "O(1)", HQ_INPUTS(two_inputs), HQ_PARAMS(ratio_params),
             HQ_OUTPUTS(hq_output_value), .group = "statistic"},
    .gives_known = 1, .state_size = two_numbers, .init = keep_params,
    HQ_STEPS(ratio, ratio),
};

/* -------------------------------------------------------- PRODUCT and ABSOLUTE */

HQ_PURE_STEP(product, HQ_X(0) * HQ_X(1))
HQ_PURE_STEP(absolute, fabs(HQ_X(0)))

const HqRow hq_row_product = {
    .info = {.code = 4100, .name = "PRODUCT", .title = "Product of two series", .formula = "x * y",
             .source = "hquant", .unit = "that of x times that of y", .cost = "O(1)",
             HQ_INPUTS(two_inputs), HQ_OUTPUTS(hq_output_value), .group = "statistic"},
    .gives_known = 1, HQ_STEPS(product, product),
};

const HqRow hq_row_absolute = {
    .info = {.code = 4101, .name = "ABSOLUTE", .title = "Absolute value", .formula = "|x|",
             .source = "hquant", .unit = "that of x", .cost = "O(1)", HQ_INPUTS(hq_input_close),
             HQ_OUTPUTS(hq_output_value), .group = "statistic"},
    .keeps_range = 1, .gives_known = 1, HQ_STEPS(absolute, absolute),
};

static void parts_of(const HqNode *node, double *line, double *before)
{
    double *now = line + node->out, x = hq_known(HQ_X(0));
    (void)before;
    now[0] = x > 0 ? x : x - x; /* 0, or unknown */
    now[1] = -x > 0 ? -x : x - x;
}

HQ_CHAIN(parts_of, parts_of)
HQ_SPAN_FREE(parts_of, 2)

static const char *const parts_outputs[] = {"gain", "loss"};

const HqRow hq_row_gain_loss = {
    .info = {.code = 4107, .name = "GAIN_LOSS", .title = "Positive and negative part",
             .formula = "max(x, 0), max(-x, 0)", .source = "hquant", .unit = "that of x",
             .cost = "O(1)", HQ_INPUTS(hq_input_close), HQ_OUTPUTS(parts_outputs),
             .group = "statistic"},
    .keeps_range = 1, .gives_known = 1, HQ_STEPS(parts_of, parts_of),
};

/* ----------------------------------------------------------------------- SKIP */

enum { SKIP_LEFT = 1 }; /* memory: known values that are still to be left out */

static void skip_init(HqNode *node, double *before, const double *params)
{
    (void)node;
    before[SKIP_LEFT] = params[0];
}

static void skip(const HqNode *node, double *line, double *before)
{
    double x = HQ_X(0), left = before[node->out + SKIP_LEFT];
    line[node->out] = left > 0 ? (double)NAN : x;
    line[node->out + SKIP_LEFT] = left > 0 && !hq_is_unknown(x) ? left - 1 : left;
}

/* Nothing is left out any more of most blocks. */
static inline void span_skip(const HqNode *node, const HqSpan *span)
{
    const double *x = span->in[0];
    double *restrict out = span->out[0], left = span->line[HQ_SPAN_OUT + SKIP_LEFT];
    size_t t = 0;
    (void)node;
    for (; t < span->n && left > 0; t++) {
        out[t] = (double)NAN;
        left -= !hq_is_unknown(x[t]);
    }
    memcpy(out + t, x + t, (span->n - t) * sizeof *out);
    span->line[HQ_SPAN_OUT] = out[span->n - 1];
    span->line[HQ_SPAN_OUT + SKIP_LEFT] = left;
}

HQ_CHAIN(skip, skip)
HQ_SPAN_BUILD(span_skip)

static const HqParamInfo skip_params[] = {HQ_PERIOD_PARAM("n", NAN)};

const HqRow hq_row_skip = {
    .info = {.code = 4097, .name = "SKIP", .title = "A series that starts late",
             .formula = "x without its first n known values", .source = "hquant",
             .unit = "that of x", .cost = "O(1)", HQ_INPUTS(hq_input_close), HQ_PARAMS(skip_params),
             HQ_OUTPUTS(hq_output_value), .group = "statistic"},
    .n_memory = 1, .keeps_range = 1, .init = skip_init, HQ_STEPS(skip, skip),
    .warmup = hq_warmup_period,
};
