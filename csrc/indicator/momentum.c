/* RSI, MACD and CHANGE. */
#include "indicator/history.h"
#include "indicator/momentum.h"
#include "base/number.h"

/* ------------------------------------------------------------------------ RSI */

/* In the line, behind the output: sums while seeding and Wilder averages afterwards, the last known
 * value, and how many changes the seed still lacks. */
enum { RSI_GAIN = 1, RSI_LOSS, RSI_LAST, RSI_LACKS, RSI_MEMORY = 4 };

/* The same, on the way to a change of it. */
typedef struct RsiMemory {
    double gain, loss, last, lacks;
} RsiMemory;

typedef struct RsiState {
    double period;
    double at_flat; /* the value where nothing has moved yet */
} RsiState;

static size_t rsi_size(const double *params) { (void)params; return sizeof(RsiState); }

static void rsi_start(HqNode *node, double *before, const double *params, double at_flat)
{
    *(RsiState *)node->state = (RsiState){.period = params[0], .at_flat = at_flat};
    node->factor = 1.0 / params[0];
    before[RSI_GAIN] = before[RSI_LOSS] = 0;
    before[RSI_LACKS] = params[0];
}

static void rsi_init(HqNode *node, double *before, const double *params)
{
    rsi_start(node, before, params, 50);
}

static void rsi_talib_init(HqNode *node, double *before, const double *params)
{
    rsi_start(node, before, params, 0);
}

static inline double gain_of(double change) { return change > 0 ? change : 0; }
static inline double loss_of(double change) { return -change > 0 ? -change : 0; }

static inline double rsi_of(const RsiState *state, double gain, double loss)
{
    double share = 100 * gain / (gain + loss);
    return loss > 0 ? share : gain > 0 ? 100 : state->at_flat;
}

/* Off the steady path: the first value, an unknown one, and the mean that seeds the averages. */
HQ_RARE static double rsi_seed(const RsiState *state, double x, double change, RsiMemory *m)
{
    double last = m->last;
    if (hq_is_unknown(x))
        return (double)NAN;
    m->last = x;
    if (!(fabs(x - last) <= DBL_MAX))
        return (double)NAN;
    m->gain += gain_of(change);
    m->loss += loss_of(change);
    if (--m->lacks > 0)
        return (double)NAN;
    m->gain /= state->period;
    m->loss /= state->period;
    return rsi_of(state, m->gain, m->loss);
}

static void rsi_step(const HqNode *node, double *line, double *before)
{
    double *now = line + node->out;
    const double *then = before + node->out;
    double x = line[node->in[0]], change = x - then[RSI_LAST];
    if (HQ_UNLIKELY(!(fabs(change) <= DBL_MAX) || then[RSI_LACKS] > 0)) {
        RsiMemory m = {then[RSI_GAIN], then[RSI_LOSS], then[RSI_LAST], then[RSI_LACKS]};
        now[0] = rsi_seed(node->state, x, change, &m);
        now[RSI_GAIN] = m.gain;
        now[RSI_LOSS] = m.loss;
        now[RSI_LAST] = m.last;
        now[RSI_LACKS] = m.lacks;
        return;
    }
    now[RSI_GAIN] = hq_moved(node->factor, then[RSI_GAIN], gain_of(change));
    now[RSI_LOSS] = hq_moved(node->factor, then[RSI_LOSS], loss_of(change));
    now[RSI_LAST] = x;
    now[RSI_LACKS] = 0;
    now[0] = rsi_of(node->state, now[RSI_GAIN], now[RSI_LOSS]);
}

static void rsi_steady(const HqNode *node, double *line, double *before)
{
    const double *then = before + node->out;
    double *now = line + node->out, x = line[node->in[0]], change = x - then[RSI_LAST];
    HqTwo averages = hq_two_at(then + RSI_GAIN), sides = hq_two_positive((HqTwo){change, -change});
    averages += (HqTwo){node->factor, node->factor} * (sides - averages); /* hq_moved() of both */
    hq_two_put(now + RSI_GAIN, averages);
    hq_put_two(now + RSI_LAST, x, 0);
    now[0] = rsi_of(node->state, averages[0], averages[1]);
}

static bool rsi_is_steady(const HqNode *node, const double *line)
{
    const double *then = line + HQ_SPAN_OUT;
    (void)node;
    return then[RSI_LACKS] == 0 && fabs(then[RSI_LAST]) <= HQ_VALUE_MAX &&
           then[RSI_GAIN] <= HQ_VALUE_MAX && then[RSI_LOSS] <= HQ_VALUE_MAX;
}

static inline void rsi_begin(const HqNode *node, const HqSpan *span)
{
    const double *x = span->in[0], *memory = span->line + HQ_SPAN_OUT;
    double *restrict gain = span->room[0], *restrict loss = span->room[1], change = x[0] - memory[RSI_LAST];
    gain[0] = gain_of(change);
    loss[0] = loss_of(change);
    for (size_t t = 1; t < span->n; t++) {
        change = x[t] - x[t - 1];
        gain[t] = gain_of(change);
        loss[t] = loss_of(change);
    }
    span->chain[0] = (HqChain){.x = gain, .out = span->out[0], .e = memory[RSI_GAIN], .factor = node->factor};
    span->chain[1] = (HqChain){.x = loss, .out = span->room[2], .e = memory[RSI_LOSS], .factor = node->factor};
}

static inline void rsi_end(const HqNode *node, const HqSpan *span)
{
    const RsiState state = *(const RsiState *)node->state;
    double *restrict out = span->out[0], *memory = span->line + HQ_SPAN_OUT;
    const double *restrict loss = span->room[2];
    for (size_t t = 0; t < span->n; t++)
        out[t] = rsi_of(&state, out[t], loss[t]);
    memory[RSI_GAIN] = span->chain[0].e;
    memory[RSI_LOSS] = span->chain[1].e;
    memory[RSI_LAST] = span->in[0][span->n - 1];
    memory[RSI_LACKS] = 0;
}

HQ_CHAIN(rsi_steady, rsi_steady)
HQ_SPAN_BUILD(rsi_begin)
HQ_SPAN_BUILD(rsi_end)

static const HqChains rsi_chains = {
    .n = 2, .rooms = 3, .is_steady = rsi_is_steady, .steady = HQ_STEADY(rsi_steady),
    .begin = HQ_SPANS(rsi_begin), .end = HQ_SPANS(rsi_end),
};

HQ_CHAIN(rsi_step, rsi_step)
HQ_SPAN(rsi_step, 1, RSI_MEMORY)

static const HqParamInfo rsi_params[] = {HQ_PERIOD_PARAM("period", 14)};

#define RSI_INFO                                                                                   \
    {HQ_MOMENTUM(4, "RSI", "Relative strength index",                                              \
                 "100 * G/(G+L), G and L Wilder averages of gains and losses; both 0: 50",         \
                 "J. W. Wilder, New Concepts in Technical Trading Systems (1978), sec. VI",        \
                 "0..100", "O(1)", hq_input_close, hq_output_value, "0 where both averages are 0"), \
     HQ_PARAMS(rsi_params)}
#define RSI_ROW                                                                                    \
    .info = RSI_INFO, .keeps_range = 1, .n_memory = RSI_MEMORY, .state_size = rsi_size,            \
    HQ_STEPS(rsi_step, rsi_step), .chains = &rsi_chains, .warmup = hq_warmup_period

const HqRow hq_row_rsi_talib = {RSI_ROW, .init = rsi_talib_init};
const HqRow hq_row_rsi = {RSI_ROW, .init = rsi_init, .talib = &hq_row_rsi_talib};

/* ----------------------------------------------------------------------- MACD */

static void macd_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    core[0] = hq_build(b, &hq_row_ema, in, &params[0]);
    core[1] = hq_build(b, &hq_row_ema, in, &params[1]);
}

static void macd_init(HqNode *node, double *before, const double *params)
{
    (void)before;
    node->factor = hq_ema_factor(params[2]);
}

static void macd_step(const HqNode *node, double *line, double *before)
{
    double *now = line + node->out;
    const double *then = before + node->out;
    double macd = line[node->in[0]] - line[node->in[1]];
    double signal = hq_ema_step(node->factor, then[3], macd, &now[3]);
    now[0] = macd;
    now[1] = signal;
    now[2] = macd - signal;
}

static inline void macd_steady_of(const HqNode *node, double macd, double *line, const double *before)
{
    const double *then = before + node->out;
    double *now = line + node->out, signal = hq_moved(node->factor, then[3], macd);
    hq_put_two(now, macd, signal);
    hq_put_two(now + 2, macd - signal, signal);
}

static void macd_steady(const HqNode *node, double *line, double *before)
{
    macd_steady_of(node, line[node->in[0]] - line[node->in[1]], line, before);
}

static void macd_joined(const HqNode *fast, double *line, double *before)
{
    const HqNode *slow = fast + 1, *own = fast + 2;
    double x = line[fast->in[0]], fast_average = hq_ema_steady(fast, x, line, before);
    macd_steady_of(own, fast_average - hq_ema_steady(slow, x, line, before), line, before);
}

static bool macd_is_steady(const HqNode *node, const double *line)
{
    (void)node;
    return fabs(line[HQ_SPAN_OUT + 3]) <= HQ_VALUE_MAX;
}

static inline void macd_begin(const HqNode *node, const HqSpan *span)
{
    *span->chain = (HqChain){.x = span->in[0], .minus = span->in[1], .out = span->out[1],
                              .e = span->line[HQ_SPAN_OUT + 3], .factor = node->factor};
}

/* What is made of both averages and the signal, which is there already. */
static inline void macd_outputs_of(const HqSpan *span)
{
    const double *fast = span->in[0], *slow = span->in[1], *signal = span->out[1];
    double *restrict macd = span->out[0], *restrict hist = span->out[2];
    for (size_t t = 0; t < span->n; t++) {
        double difference = fast[t] - slow[t];
        macd[t] = difference;
        hist[t] = difference - signal[t];
    }
}

static inline void macd_end(const HqNode *node, const HqSpan *span)
{
    (void)node;
    macd_outputs_of(span);
    span->line[HQ_SPAN_OUT + 3] = span->chain->e;
}

HQ_CHAIN(macd_steady, macd_steady)
HQ_SPAN_BUILD(macd_begin)
HQ_SPAN_BUILD(macd_end)

static const HqChains macd_chains = {
    .n = 1, .has_difference = true, .reads_inputs = true, .is_steady = macd_is_steady, .steady = HQ_STEADY(macd_steady),
    .begin = HQ_SPANS(macd_begin), .end = HQ_SPANS(macd_end),
};

HQ_CHAIN(macd_step, macd_step)
HQ_SPAN(macd_step, 3, 1)
HQ_JOIN(3, macd_joined, macd_joined)

static const HqJoined macd_with_averages = {.part = &hq_row_ema, .n_parts = 2, .steps = HQ_STEADY(macd_joined)};

static HqStatus macd_check(const double *params)
{
    if (params[0] < params[1])
        return HQ_OK;
    return hq_fail(HQ_EINVAL, "MACD: fast: expected less than slow (%s), found %s",
                   HQ_NUMBER(params[1]), HQ_NUMBER(params[0]));
}

static const HqParamInfo macd_params[] = {
    HQ_PERIOD_PARAM("fast", 12),
    HQ_PERIOD_PARAM("slow", 26),
    HQ_PERIOD_PARAM("signal", 9),
};
static const char *const macd_outputs[] = {"macd", "signal", "hist"};

#define MACD_INFO                                                                                \
    {.code = 6, .is_public = 1, .name = "MACD", .title = "Moving average convergence/divergence", \
     .formula = "EMA(x, fast) - EMA(x, slow), EMA(signal) of that line, their difference",       \
     .source = "G. Appel, Technical Analysis: Power Tools for Active Investors (2005), ch. 8",   \
     .unit = "that of x", .cost = "O(1)", HQ_INPUTS(hq_input_close), HQ_PARAMS(macd_params),     \
     HQ_OUTPUTS(macd_outputs), .group = "momentum", .talib_name = "MACD",                        \
     .talib_note = "every EMA is seeded with a mean, both first ones at bar slow-1; all outputs begin " \
                   "with the signal; fast > slow is turned round"}

/* TA-Lib begins the shorter average as late as the longer one, so that its seed is from later. */
static void macd_talib_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    double fast = params[0] < params[1] ? params[0] : params[1];
    double slow = params[0] < params[1] ? params[1] : params[0];
    core[0] = hq_over(b, &hq_row_ema_talib, hq_skip(b, in[0], slow - fast), fast);
    core[1] = hq_over(b, &hq_row_ema_talib, in[0], slow);
}

/* The signal's memory follows the outputs, as if it were a SEEDED with the last of them. */
enum { MACD_SIGNAL = 2 };

static void macd_talib_init(HqNode *node, double *before, const double *params)
{
    hq_seeded_start(node, before + MACD_SIGNAL, params[2], hq_ema_factor(params[2]));
}

/* All outputs begin with the signal; where one is unknown, all are. */
static void macd_talib_step(const HqNode *node, double *line, double *before)
{
    double *now = line + node->out;
    const double *then = before + node->out;
    double macd = line[node->in[0]] - line[node->in[1]];
    double signal = hq_seeded_step(node, macd, now + MACD_SIGNAL, then + MACD_SIGNAL);
    double hist = macd - signal;
    now[0] = hq_is_unknown(hq_known(hist)) ? (double)NAN : macd;
    now[1] = hq_is_unknown(hq_known(hist)) ? (double)NAN : signal;
    now[2] = hq_known(hist);
}

static bool macd_talib_is_steady(const HqNode *node, const double *line)
{
    return hq_seeded_is_steady(node, line + MACD_SIGNAL);
}

static inline void macd_talib_begin(const HqNode *node, const HqSpan *span)
{
    *span->chain = (HqChain){.x = span->in[0], .minus = span->in[1], .out = span->out[1], .factor = node->factor,
                             .e = span->line[HQ_SPAN_OUT + MACD_SIGNAL + HQ_SEEDED_AVERAGE]};
}

static inline void macd_talib_end(const HqNode *node, const HqSpan *span)
{
    double *memory = span->line + HQ_SPAN_OUT + MACD_SIGNAL;
    (void)node;
    macd_outputs_of(span);
    memory[HQ_SEEDED_AVERAGE] = span->chain->e;
    memory[HQ_SEEDED_LACKS] = 0;
}

HQ_SPAN_BUILD(macd_talib_begin)
HQ_SPAN_BUILD(macd_talib_end)

static const HqChains macd_talib_chains = {
    .n = 1, .has_difference = true, .reads_inputs = true, .is_steady = macd_talib_is_steady,
    .begin = HQ_SPANS(macd_talib_begin), .end = HQ_SPANS(macd_talib_end),
};

HQ_CHAIN(macd_talib_step, macd_talib_step)
HQ_SPAN(macd_talib_step, 3, HQ_SEEDED_MEMORY)

static int64_t macd_talib_warmup(const double *params) { return (int64_t)params[2] - 1; }

static const HqRow macd_talib = {
    .info = MACD_INFO, .gives_known = 1, .n_memory = HQ_SEEDED_MEMORY, .state_size = hq_seeded_size,
    .init = macd_talib_init, HQ_STEPS(macd_talib_step, macd_talib_step), .chains = &macd_talib_chains,
    .parts = macd_talib_parts, .n_core = 2, .warmup = macd_talib_warmup,
};

const HqRow hq_row_macd = {
    .info = MACD_INFO,
    .n_memory = 1, .init = macd_init, HQ_STEPS(macd_step, macd_step), .chains = &macd_chains,
    .parts = macd_parts, .n_core = 2, .joined = &macd_with_averages, .parts_have_ids = 1,
    .check = macd_check, .talib = &macd_talib,
};

/* --------------------------------------------------------------------- CHANGE */

static void change_peek(const HqNode *node, double *line, double *before)
{
    (void)before;
    line[node->out] = line[node->in[0]] - hq_history_peek(node, line);
}

static void change_push(const HqNode *node, double *line, double *before)
{
    hq_history_commit(node, before);
    change_peek(node, line, before);
}

static inline void span_change_push(const HqNode *node, const HqSpan *span)
{
    const double *x = span->in[0];
    double *restrict out = span->out[0];
    hq_history_all(node, span, out);
    for (size_t t = 0; t < span->n; t++)
        out[t] = x[t] - out[t];
    span->line[HQ_SPAN_OUT] = out[span->n - 1];
}

HQ_CHAIN(change_push, change_peek)
HQ_SPAN_BUILD(span_change_push)

static const HqParamInfo change_params[] = {HQ_PERIOD_PARAM("n", 1)};

const HqRow hq_row_change = {
    .info = {.code = 12, .is_public = 1, .name = "CHANGE", .title = "Change",
             .formula = "x - x[n]", .source = "TradingView, ta.change; TA-Lib, MOM",
             .unit = "that of x", .cost = "O(1)",
             .n_inputs = 1, .inputs = hq_input_close, .n_params = 1, .params = change_params,
             .n_outputs = 1, .outputs = hq_output_value,
             .group = "momentum"},
    .state_size = hq_history_size, .holds = hq_history_holds, .init = hq_history_init,
    HQ_STEPS(change_push, change_peek), .warmup = hq_warmup_period,
};
