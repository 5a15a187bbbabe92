/* HIGHEST and LOWEST. */
#include "indicator/list.h"
#include "indicator/window_extreme.h"

#define HIGHEST_SIGN 1.0
#define LOWEST_SIGN (-1.0)

static void highest_init(HqNode *node, double *before, const double *params)
{
    hq_window_extreme_init(node, before, params);
    before[1] = -HIGHEST_SIGN * (double)INFINITY;
}

static void highest_peek(const HqNode *node, double *line, double *before)
{
    line[node->out] = hq_window_extreme(node, line, before, HIGHEST_SIGN);
}

static void highest_push(const HqNode *node, double *line, double *before)
{
    hq_window_extreme_commit(node, before, HIGHEST_SIGN);
    highest_peek(node, line, before);
}

static inline void span_highest_push(const HqNode *node, const HqSpan *span)
{
    hq_window_extremes(node, span, HIGHEST_SIGN);
}

HQ_CHAIN(highest_push, highest_peek)
HQ_SPAN_BUILD(span_highest_push)

static void lowest_init(HqNode *node, double *before, const double *params)
{
    hq_window_extreme_init(node, before, params);
    before[1] = -LOWEST_SIGN * (double)INFINITY;
}

static void lowest_peek(const HqNode *node, double *line, double *before)
{
    line[node->out] = hq_window_extreme(node, line, before, LOWEST_SIGN);
}

static void lowest_push(const HqNode *node, double *line, double *before)
{
    hq_window_extreme_commit(node, before, LOWEST_SIGN);
    lowest_peek(node, line, before);
}

static inline void span_lowest_push(const HqNode *node, const HqSpan *span)
{
    hq_window_extremes(node, span, LOWEST_SIGN);
}

HQ_CHAIN(lowest_push, lowest_peek)
HQ_SPAN_BUILD(span_lowest_push)

static const HqInputInfo input_high[] = {{.name = "x", .field = 1}};
static const HqInputInfo input_low[] = {{.name = "x", .field = 2}};
static const HqParamInfo extreme_params[] = {HQ_PERIOD_PARAM("n", NAN)};

const HqRow hq_row_highest = {
    .info = {.code = 9, .is_public = 1, .name = "HIGHEST", .title = "Highest value",
             .formula = "largest of the last n values, the current included",
             .source = "TA-Lib, MAX; M. van Herk, Pattern Recognition Letters 13 (1992) 517",
             .unit = "that of x", .cost = "O(1) amortised, O(n) at worst",
             .n_inputs = 1, .inputs = input_high, .n_params = 1, .params = extreme_params,
             .n_outputs = 1, .outputs = hq_output_value,
             .group = "statistic"},
    .keeps_range = 1, .n_memory = 1, .at_one = HQ_AT_ONE_INPUT, .state_size = hq_window_extreme_size, .holds = hq_window_extreme_holds, .init = highest_init,
    HQ_STEPS(highest_push, highest_peek), .warmup = hq_warmup_full_window,
};

const HqRow hq_row_lowest = {
    .info = {.code = 10, .is_public = 1, .name = "LOWEST", .title = "Lowest value",
             .formula = "smallest of the last n values, the current included",
             .source = "TA-Lib, MIN; M. van Herk, Pattern Recognition Letters 13 (1992) 517",
             .unit = "that of x", .cost = "O(1) amortised, O(n) at worst",
             .n_inputs = 1, .inputs = input_low, .n_params = 1, .params = extreme_params,
             .n_outputs = 1, .outputs = hq_output_value,
             .group = "statistic"},
    .keeps_range = 1, .n_memory = 1, .at_one = HQ_AT_ONE_INPUT, .state_size = hq_window_extreme_size, .holds = hq_window_extreme_holds, .init = lowest_init,
    HQ_STEPS(lowest_push, lowest_peek), .warmup = hq_warmup_full_window,
};
