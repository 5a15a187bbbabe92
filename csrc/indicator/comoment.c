/* CORREL and BETA: how two series move together over a window. */
#include "indicator/list.h"
#include "indicator/window_exact.h"

static const HqExactSums comoments = {
    .n_inputs = 2, .n_sums = 5, .memory = 1, .terms = hq_exact_comoment_terms,
};
enum { COMOMENTS_MEMORY = 10 };

static size_t comoments_size(const double *params)
{
    return hq_exact_size(params[0], comoments.n_sums);
}

/* The factor is what a flat window gives: nothing is known of it, but TA-Lib says 0. */
static void comoments_init(HqNode *node, double *before, const double *params)
{
    (void)before;
    hq_exact_init(node, params[0], comoments.n_sums);
    node->factor = (double)NAN;
}

static void comoments_talib_init(HqNode *node, double *before, const double *params)
{
    comoments_init(node, before, params);
    node->factor = 0;
}

#define COMOMENTS_SPAN(step, value)                                                               \
    static inline void span_##step(const HqNode *node, const HqSpan *span)                        \
    {                                                                                             \
        const double period = ((const HqExactWindow *)node->state)->period, at_flat = node->factor; \
        double *restrict out = span->out[0];                                                      \
        HqExactTotals all;                                                                        \
        for (size_t from = 0, n; (n = hq_exact_all_totals(node, span, from, &comoments, &all)) > 0; \
             from += n)                                                                           \
            for (size_t i = 0; i < n; i++) {                                                      \
                const HqPair total[] = {hq_exact_total(&all, 0, i), hq_exact_total(&all, 1, i),   \
                                        hq_exact_total(&all, 2, i), hq_exact_total(&all, 3, i),   \
                                        hq_exact_total(&all, 4, i)};                              \
                out[from + i] = value(period, at_flat, total);                                    \
            }                                                                                     \
        span->line[HQ_SPAN_OUT] = out[span->n - 1];                                               \
    }                                                                                             \
    HQ_SPAN_BUILD(span_##step)

/* --------------------------------------------------------------------- CORREL */

static inline double correlation_of(double n, double at_flat, const HqPair *total)
{
    double x = hq_exact_square_spread(n, total[0], total[2]);
    double y = hq_exact_square_spread(n, total[1], total[3]);
    double together = hq_exact_spread(n, total[0], total[1], total[4]);
    double correlation = together / (sqrt(x) * sqrt(y));
    correlation = correlation > 1 ? 1 : correlation < -1 ? -1 : correlation;
    if (x == 0 || y == 0)
        correlation = at_flat + 0 * (x + y); /* unknown while either is */
    return hq_known(correlation);
}

static void correl_peek(const HqNode *node, double *line, double *before)
{
    const HqExactWindow *w = node->state;
    HqPair total[5];
    hq_exact_totals(node, line, before, &comoments, total);
    line[node->out] = correlation_of(w->period, node->factor, total);
}

static void correl_push(const HqNode *node, double *line, double *before)
{
    hq_exact_commit(node, before, &comoments);
    correl_peek(node, line, before);
}

COMOMENTS_SPAN(correl_push, correlation_of)
HQ_CHAIN(correl_push, correl_peek)

static const HqParamInfo correl_params[] = {HQ_WINDOW_PARAM(30, (double)HQ_PERIOD_MAX)};

#define CORREL_INFO                                                                               \
    {.code = 224, .is_public = 1, .name = "CORREL", .title = "Pearson's correlation coefficient", \
     .formula = "cov(x, y) / (STDDEV(x) * STDDEV(y)) over the last `period` values; unknown when " \
                "either is flat",                                                                 \
     .source = "K. Pearson, Proceedings of the Royal Society 58 (1895) 240; TA-Lib, function CORREL", \
     .unit = "ratio", .cost = "O(1) amortised, O(period) at worst",                               \
     .n_inputs = 2, .inputs = hq_input_pair, .n_params = 1, .params = correl_params,              \
     .n_outputs = 1, .outputs = hq_output_value,                                                  \
     .group = "statistic", .talib_name = "CORREL",                                                \
     .talib_note = "0 when x or y is flat"}

static const HqRow correl_talib = {
    .info = CORREL_INFO,
    .n_memory = COMOMENTS_MEMORY, .state_size = comoments_size, .holds = hq_exact_holds, .init = comoments_talib_init,
    HQ_STEPS(correl_push, correl_peek), .warmup = hq_warmup_full_window,
};

const HqRow hq_row_correl = {
    .info = CORREL_INFO,
    .n_memory = COMOMENTS_MEMORY, .state_size = comoments_size, .holds = hq_exact_holds, .init = comoments_init,
    HQ_STEPS(correl_push, correl_peek), .warmup = hq_warmup_full_window, .talib = &correl_talib,
};

/* ----------------------------------------------------------------------- BETA */

/* x / x[1] - 1. The factor is what a change from 0 gives. */
static void relative_change_init(HqNode *node, double *before, const double *params)
{
    (void)before;
    node->factor = params[0] ? 0 : (double)NAN;
}

static void relative_change_step(const HqNode *node, double *line, double *before)
{
    double x = line[node->in[0]], last = before[node->in[0]], change = (x - last) / last;
    line[node->out] = last == 0 ? node->factor + 0 * x : hq_known(change);
}

HQ_CHAIN(relative_change_step, relative_change_step)
HQ_SPAN_FREE(relative_change_step, 1)

static const HqParamInfo relative_change_params[] = {
    {.name = "zero", .minimum = 0, .maximum = 1, .default_value = 0, .is_integer = 1},
};

static int64_t one_bar(const double *params) { (void)params; return 1; }

const HqRow hq_row_relative_change = {
    .info = {.code = 4211, .name = "RELATIVE_CHANGE", .title = "Relative change",
             .formula = "(x - x[1]) / x[1]; from 0: unknown, or 0 when `zero` is 1",
             .source = "TA-Lib, function BETA", .unit = "ratio", .cost = "O(1)",
             .n_inputs = 1, .inputs = hq_input_close,
             .n_params = 1, .params = relative_change_params,
             .n_outputs = 1, .outputs = hq_output_value, .group = "statistic"},
    .init = relative_change_init, HQ_STEPS(relative_change_step, relative_change_step),
    .warmup = one_bar,
};

static void changes_of_both(HqBuilder *b, const uint32_t *in, double zero, uint32_t *core)
{
    core[0] = hq_build(b, &hq_row_relative_change, &in[0], &zero);
    core[1] = hq_build(b, &hq_row_relative_change, &in[1], &zero);
}

static void beta_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    (void)params;
    changes_of_both(b, in, 0, core);
}

static void beta_talib_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    (void)params;
    changes_of_both(b, in, 1, core);
}

static inline double beta_of(double n, double at_flat, const HqPair *total)
{
    double x = hq_exact_square_spread(n, total[0], total[2]);
    double together = hq_exact_spread(n, total[0], total[1], total[4]), beta = together / x;
    return hq_known(x == 0 ? at_flat + 0 * together : beta);
}

static void beta_peek(const HqNode *node, double *line, double *before)
{
    const HqExactWindow *w = node->state;
    HqPair total[5];
    hq_exact_totals(node, line, before, &comoments, total);
    line[node->out] = beta_of(w->period, node->factor, total);
}

static void beta_push(const HqNode *node, double *line, double *before)
{
    hq_exact_commit(node, before, &comoments);
    beta_peek(node, line, before);
}

COMOMENTS_SPAN(beta_push, beta_of)
HQ_CHAIN(beta_push, beta_peek)

static const HqParamInfo beta_params[] = {HQ_WINDOW_PARAM(5, (double)HQ_PERIOD_MAX)};

#define BETA_INFO                                                                                 \
    {.code = 225, .is_public = 1, .name = "BETA", .title = "Beta",                                \
     .formula = "cov(a, b) / var(a) over the last `period` relative changes a of x and b of y; "  \
                "unknown when a is flat",                                                         \
     .source = "TA-Lib, function BETA", .unit = "ratio",                                          \
     .cost = "O(1) amortised, O(period) at worst",                                                \
     .n_inputs = 2, .inputs = hq_input_pair, .n_params = 1, .params = beta_params,                \
     .n_outputs = 1, .outputs = hq_output_value,                                                  \
     .group = "statistic", .talib_name = "BETA",                                                  \
     .talib_note = "0 when the changes of x are flat, and a change from 0 counts as 0"}

static const HqRow beta_talib = {
    .info = BETA_INFO,
    .n_memory = COMOMENTS_MEMORY, .state_size = comoments_size, .holds = hq_exact_holds, .init = comoments_talib_init,
    HQ_STEPS(beta_push, beta_peek), .warmup = hq_warmup_full_window,
    .parts = beta_talib_parts, .n_core = 2,
};

const HqRow hq_row_beta = {
    .info = BETA_INFO,
    .n_memory = COMOMENTS_MEMORY, .state_size = comoments_size, .holds = hq_exact_holds, .init = comoments_init,
    HQ_STEPS(beta_push, beta_peek), .warmup = hq_warmup_full_window,
    .parts = beta_parts, .n_core = 2, .talib = &beta_talib,
};
