/* The least-squares line through a window: LINREG and its slope, angle and intercept, and TSF. */
#include "indicator/list.h"
#include "indicator/window_exact.h"

/* ------------------------------------------------------------------- LINE_FIT */

/* One fit serves every row here: the line's middle, which is the window's mean, and its slope. */
static const HqExactSums fit_sums = {
    .n_inputs = 1, .n_sums = 2, .memory = 2, .terms = hq_exact_weighted_terms,
};

static size_t fit_size(const double *params) { return hq_exact_size(params[0], fit_sums.n_sums); }

static void fit_init(HqNode *node, double *before, const double *params)
{
    (void)before;
    hq_exact_init(node, params[0], fit_sums.n_sums);
}

/* With j the age in bars, the slope is sum(((n-1)/2 - j) * d) / (n * (n^2 - 1) / 12). */
static inline double slope_of(double n, double position, HqPair sum, HqPair weighted)
{
    HqPair aged = hq_pair_plus(weighted, hq_pair_scaled(sum, position));
    HqPair tilt = hq_pair_minus(hq_pair_scaled(sum, n - 1), hq_pair_scaled(aged, 2));
    return tilt.high * 6 / (n * (n * n - 1));
}

static void fit_peek(const HqNode *node, double *line, double *before)
{
    const HqExactWindow *w = node->state;
    double *now = line + node->out;
    HqPair total[2];
    hq_exact_totals(node, line, before, &fit_sums, total);
    now[0] = hq_exact_mean(w->pivot[0], total[0], w->period);
    now[1] = slope_of(w->period, (double)w->position, total[0], total[1]);
}

static void fit_push(const HqNode *node, double *line, double *before)
{
    hq_exact_commit(node, before, &fit_sums);
    fit_peek(node, line, before);
}

static inline void span_fit_push(const HqNode *node, const HqSpan *span)
{
    const double period = ((const HqExactWindow *)node->state)->period;
    double *restrict middle = span->out[0], *restrict slope = span->out[1];
    HqExactTotals all;
    size_t n;
    for (size_t from = 0; (n = hq_exact_all_totals(node, span, from, &fit_sums, &all)) > 0; from += n) {
        for (size_t i = 0; i < n; i++)
            middle[from + i] = hq_exact_mean(all.pivot[0][i], hq_exact_total(&all, 0, i), period);
        for (size_t i = 0; i < n; i++)
            slope[from + i] = slope_of(period, all.position[i], hq_exact_total(&all, 0, i),
                                       hq_exact_total(&all, 1, i));
    }
    span->line[HQ_SPAN_OUT] = middle[span->n - 1];
    span->line[HQ_SPAN_OUT + 1] = slope[span->n - 1];
}

HQ_CHAIN(fit_push, fit_peek)
HQ_SPAN_BUILD(span_fit_push)

static const HqParamInfo fit_params[] = {HQ_WINDOW_PARAM(14, (double)HQ_PERIOD_MAX)};
static const char *const fit_outputs[] = {"middle", "slope"};

#define FIT_SOURCE "C. F. Gauss, Theoria combinationis (1823), least squares; TA-Lib, function "

const HqRow hq_row_line_fit = {
    .info = {.code = 4210, .name = "LINE_FIT", .title = "Least-squares line",
             .formula = "middle and slope of the least-squares line through the last `period` values",
             .source = FIT_SOURCE "LINEARREG",
             .unit = "that of x", .cost = "O(1) amortised, O(period) at worst",
             .n_inputs = 1, .inputs = hq_input_close, .n_params = 1, .params = fit_params,
             .n_outputs = 2, .outputs = fit_outputs, .group = "statistic"},
    .n_memory = 4, .state_size = fit_size, .holds = hq_exact_holds, .init = fit_init, HQ_STEPS(fit_push, fit_peek),
    .warmup = hq_warmup_full_window,
};

/* ---------------------------------------------------------------- what it gives */

static void point_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    core[0] = hq_build(b, &hq_row_line_fit, in, params);
    core[1] = core[0] == HQ_NO_SLOT ? HQ_NO_SLOT : core[0] + 1;
}

static void slope_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    point_parts(b, in, params, core);
    core[0] = core[1];
}

/* A point of the line is its middle and `factor` bars of slope. */
static void point_step(const HqNode *node, double *line, double *before)
{
    (void)before;
    line[node->out] = line[node->in[0]] + node->factor * line[node->in[1]];
}

HQ_CHAIN(point_step, point_step)
HQ_SPAN_FREE(point_step, 1)

static void end_init(HqNode *node, double *before, const double *params)
{
    (void)before;
    node->factor = (params[0] - 1) / 2;
}

static void start_init(HqNode *node, double *before, const double *params)
{
    (void)before;
    node->factor = -(params[0] - 1) / 2;
}

static void forecast_init(HqNode *node, double *before, const double *params)
{
    (void)before;
    node->factor = (params[0] + 1) / 2;
}

static void angle_init(HqNode *node, double *before, const double *params)
{
    (void)before;
    (void)params;
    node->factor = 180 / 3.14159265358979323846;
}

static void angle_step(const HqNode *node, double *line, double *before)
{
    (void)before;
    line[node->out] = atan(line[node->in[0]]) * node->factor;
}

HQ_CHAIN(angle_step, angle_step)
HQ_SPAN_FREE(angle_step, 1)

#define FIT_INFO(number, label, text, rule, what, as_talib)                                       \
    {.code = number, .is_public = 1, .name = label, .title = text, .formula = rule,               \
     .source = FIT_SOURCE as_talib, .unit = what, .cost = "O(1) amortised, O(period) at worst",   \
     .n_inputs = 1, .inputs = hq_input_close, .n_params = 1, .params = fit_params,                \
     .n_outputs = 1, .outputs = hq_output_value, .group = "statistic", .talib_name = as_talib}

/* Each under the usual short name and under TA-Lib's. */
#define END_ROW(number, label)                                                                    \
    {.info = FIT_INFO(number, label, "Linear regression",                                         \
                      "the least-squares line through the last `period` values, at the newest",   \
                      "that of x", "LINEARREG"),                                                  \
     .init = end_init, HQ_STEPS(point_step, point_step), .parts = point_parts, .n_core = 2}

#define SLOPE_ROW(number, label)                                                                  \
    {.info = FIT_INFO(number, label, "Linear regression slope",                                   \
                      "rise a bar of the least-squares line through the last `period` values",    \
                      "that of x", "LINEARREG_SLOPE"),                                            \
     .parts = slope_parts, .n_core = 1}

#define ANGLE_ROW(number, label)                                                                  \
    {.info = FIT_INFO(number, label, "Linear regression angle",                                   \
                      "arctangent of LINREG_SLOPE(x, period), in degrees",                        \
                      "degrees", "LINEARREG_ANGLE"),                                              \
     .init = angle_init, HQ_STEPS(angle_step, angle_step), .parts = slope_parts, .n_core = 1}

#define START_ROW(number, label)                                                                  \
    {.info = FIT_INFO(number, label, "Linear regression intercept",                               \
                      "the least-squares line through the last `period` values, at the oldest",   \
                      "that of x", "LINEARREG_INTERCEPT"),                                        \
     .init = start_init, HQ_STEPS(point_step, point_step), .parts = point_parts, .n_core = 2}

const HqRow hq_row_linreg = END_ROW(215, "LINREG");
const HqRow hq_row_linreg_slope = SLOPE_ROW(216, "LINREG_SLOPE");
const HqRow hq_row_linreg_angle = ANGLE_ROW(217, "LINREG_ANGLE");
const HqRow hq_row_linreg_intercept = START_ROW(218, "LINREG_INTERCEPT");
const HqRow hq_row_linearreg = END_ROW(219, "LINEARREG");
const HqRow hq_row_linearreg_slope = SLOPE_ROW(220, "LINEARREG_SLOPE");
const HqRow hq_row_linearreg_angle = ANGLE_ROW(221, "LINEARREG_ANGLE");
const HqRow hq_row_linearreg_intercept = START_ROW(222, "LINEARREG_INTERCEPT");

const HqRow hq_row_tsf = {
    .info = FIT_INFO(223, "TSF", "Time series forecast",
                     "the least-squares line through the last `period` values, a bar ahead",
                     "that of x", "TSF"),
    .init = forecast_init, HQ_STEPS(point_step, point_step), .parts = point_parts, .n_core = 2,
};
