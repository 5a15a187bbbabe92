/* LAG, BARSSINCE and VALUEWHEN: what was. */
#include "indicator/history.h"
#include "indicator/list.h"

size_t hq_history_size(const double *params)
{
    size_t n = hq_param_period(params);
    return sizeof(HqHistory) + (n ? n : 1) * sizeof(double);
}

void hq_history_begin(HqHistory *h, uint32_t n)
{
    h->n = n;
    for (uint32_t i = 0; i < (n ? n : 1); i++)
        h->value[i] = (double)NAN;
}

void hq_history_init(HqNode *node, double *before, const double *params)
{
    (void)before;
    hq_history_begin(node->state, (uint32_t)params[0]);
}

/* ------------------------------------------------------------------------ LAG */

static void lag_peek(const HqNode *node, double *line, double *before)
{
    (void)before;
    line[node->out] = hq_history_peek(node, line);
}

static void lag_push(const HqNode *node, double *line, double *before)
{
    hq_history_commit(node, before);
    lag_peek(node, line, before);
}

static inline void span_lag_push(const HqNode *node, const HqSpan *span)
{
    hq_history_all(node, span, span->out[0]);
    span->line[HQ_SPAN_OUT] = span->out[0][span->n - 1];
}

HQ_CHAIN(lag_push, lag_peek)
HQ_SPAN_BUILD(span_lag_push)

static const HqParamInfo lag_params[] = {
    {.name = "n", .minimum = 0, .maximum = (double)HQ_PERIOD_MAX, .default_value = NAN,
     .is_integer = 1},
};

const HqRow hq_row_lag = {
    .info = {.code = 13, .is_public = 1, .name = "LAG", .title = "Value n bars back",
             .formula = "x[n]", .source = "hquant, docs/language.md", .unit = "that of x",
             .cost = "O(1)",
             .n_inputs = 1, .inputs = hq_input_close, .n_params = 1, .params = lag_params,
             .n_outputs = 1, .outputs = hq_output_value,
             .group = "statistic"},
    .keeps_range = 1, .state_size = hq_history_size, .holds = hq_history_holds, .init = hq_history_init, HQ_STEPS(lag_push, lag_peek),
    .warmup = hq_warmup_period,
};

/* ------------------------------------------------------------------ BARSSINCE */

static void barssince_step(const HqNode *node, double *line, double *before)
{
    line[node->out] = line[node->in[0]] == 1 ? 0 : before[node->out] + 1;
}

HQ_CHAIN(barssince_step, barssince_step)
HQ_SPAN(barssince_step, 1, 0)

static const HqInputInfo condition_input[] = {{.name = "condition", .field = -1, .is_boolean = 1}};

const HqRow hq_row_barssince = {
    .info = {.code = 69, .name = "BARSSINCE", .title = "Bars since a condition was true",
             .formula = "0 on a true bar, else one more than before; unknown before the first",
             .source = "TradingView, ta.barssince", .unit = "bars", .cost = "O(1)",
             .n_inputs = 1, .inputs = condition_input,
             .n_outputs = 1, .outputs = hq_output_value,
             .group = "language"},
    HQ_STEPS(barssince_step, barssince_step), .warmup = hq_warmup_none,
};

/* ------------------------------------------------------------------ VALUEWHEN */

typedef struct WhenState {
    uint32_t size;   /* k + 1 */
    uint32_t oldest; /* where the k-th last true bar's value stands */
    double value[];  /* x at the last k + 1 true bars, NaN before */
} WhenState;

static size_t valuewhen_size(const double *params)
{
    return sizeof(WhenState) + (hq_param_period(params) + 1) * sizeof(double);
}

static void valuewhen_init(HqNode *node, double *before, const double *params)
{
    WhenState *s = node->state;
    (void)before;
    s->size = (uint32_t)params[0] + 1;
    for (uint32_t i = 0; i < s->size; i++)
        s->value[i] = (double)NAN;
}

static bool valuewhen_holds(const double *params, void *fresh, const void *loaded)
{
    const WhenState *a = fresh, *b = loaded;
    (void)params;
    return a->size == b->size && b->oldest < b->size;
}

static void valuewhen_peek(const HqNode *node, double *line, double *before)
{
    const WhenState *s = node->state;
    (void)before;
    if (line[node->in[0]] != 1)
        line[node->out] = s->value[s->oldest];
    else if (s->size == 1)
        line[node->out] = line[node->in[1]];
    else /* this bar is the 0-th, so the k-th is the one after the oldest */
        line[node->out] = s->value[s->oldest + 1 == s->size ? 0 : s->oldest + 1];
}

static void valuewhen_push(const HqNode *node, double *line, double *before)
{
    WhenState *s = node->state;
    if (before[node->in[0]] == 1) {
        s->value[s->oldest] = before[node->in[1]];
        if (++s->oldest == s->size)
            s->oldest = 0;
    }
    valuewhen_peek(node, line, before);
}

HQ_CHAIN(valuewhen_push, valuewhen_peek)
HQ_SPAN(valuewhen_push, 1, 0)

static const HqInputInfo valuewhen_inputs[] = {
    {.name = "condition", .field = -1, .is_boolean = 1},
    {.name = "x", .field = -1},
};
static const HqParamInfo valuewhen_params[] = {
    {.name = "k", .minimum = 0, .maximum = (double)HQ_PERIOD_MAX, .default_value = 0,
     .is_integer = 1},
};

const HqRow hq_row_valuewhen = {
    .info = {.code = 70, .name = "VALUEWHEN", .title = "Value when a condition was true",
             .formula = "x at the k-th last bar on which the condition was true",
             .source = "TradingView, ta.valuewhen", .unit = "that of x", .cost = "O(1)",
             .n_inputs = 2, .inputs = valuewhen_inputs,
             .n_params = 1, .params = valuewhen_params,
             .n_outputs = 1, .outputs = hq_output_value,
             .group = "language"},
    .state_size = valuewhen_size, .holds = valuewhen_holds, .init = valuewhen_init,
    HQ_STEPS(valuewhen_push, valuewhen_peek), .warmup = hq_warmup_none,
};
