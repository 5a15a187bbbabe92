/* BOLL, TR, TRANGE, ATR and NATR. */
#include "indicator/deviation.h"
#include "indicator/pieces.h"

/* ----------------------------------------------------------------------- BOLL */

static void boll_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    core[0] = hq_build(b, &hq_row_sma, in, params);
    core[1] = hq_build(b, &hq_row_stddev, in, params);
}

static void boll_init(HqNode *node, double *before, const double *params)
{
    (void)before;
    node->factor = params[1];
}

static inline void boll_of(const HqNode *node, double mid, double deviation, double *line)
{
    double *now = line + node->out, width = node->factor * deviation;
    now[0] = mid + width;
    now[1] = mid;
    now[2] = mid - width;
}

static void boll_step(const HqNode *node, double *line, double *before)
{
    (void)before;
    boll_of(node, line[node->in[0]], line[node->in[1]], line);
}

HQ_CHAIN(boll_step, boll_step)
HQ_SPAN_FREE(boll_step, 3)

/* STDDEV's node gives the mean, too. */
HQ_INLINE void boll_joined_peek(const HqNode *stddev, double *line, double *before)
{
    const HqNode *own = stddev + 1;
    HqDeviation of = hq_stddev_peek(stddev, line, before);
    boll_of(own, of.mean, of.deviation, line);
}

HQ_NOINLINE static void boll_joined_fold(const HqNode *stddev, double *line, double *before)
{
    hq_window_moments_complete(stddev, before);
    boll_joined_peek(stddev, line, before);
}

static void boll_joined_push(const HqNode *stddev, double *line, double *before)
{
    if (HQ_UNLIKELY(hq_window_moments_commit(stddev, before)))
        boll_joined_fold(stddev, line, before);
    else
        boll_joined_peek(stddev, line, before);
}

HQ_JOIN(2, boll_joined_push, boll_joined_peek)

static const HqJoined boll_with_deviation = {
    .part = &hq_row_stddev, .n_parts = 1, .steps = HQ_PAIR(boll_joined_push, boll_joined_peek),
};

static bool boll_stays_known(const HqNode *node, const double *line)
{
    (void)node;
    (void)line;
    return true; /* a width is at most 1e6 */
}

static const HqParamInfo boll_params[] = {
    HQ_PERIOD_PARAM("period", 20),
    {.name = "k", .minimum = 0, .maximum = 1e6, .default_value = 2},
};
static const char *const boll_outputs[] = {"upper", "mid", "lower"};

const HqRow hq_row_boll = {
    .info = {.code = 5, .is_public = 1, .name = "BOLL", .title = "Bollinger bands",
             .formula = "SMA(x, period) + k * STDDEV(x, period), SMA, SMA - k * STDDEV",
             .source = "J. Bollinger, Bollinger on Bollinger Bands (2001), ch. 7",
             .unit = "that of x", .cost = "O(1) beside its SMA and STDDEV",
             .n_inputs = 1, .inputs = hq_input_close, .n_params = 2, .params = boll_params,
             .n_outputs = 3, .outputs = boll_outputs,
             .group = "overlap"},
    .init = boll_init, HQ_STEPS(boll_step, boll_step), .stays_known = boll_stays_known,
    .parts = boll_parts, .n_core = 2, .joined = &boll_with_deviation, .parts_have_ids = 1,
};

/* -------------------------------------------------------------------- TR, ATR */

/** max(high, previous close) - min(low, previous close); high - low while there is none. */
static inline double range_of(double high, double low, double previous)
{
    if (previous > high)
        high = previous;
    if (previous < low)
        low = previous;
    return high - low;
}

static double true_range(const HqNode *node, const double *line, const double *before)
{
    return range_of(line[node->in[0]], line[node->in[1]], before[node->in[2]]);
}

static void tr_step(const HqNode *node, double *line, double *before)
{
    line[node->out] = true_range(node, line, before);
}

HQ_CHAIN(tr_step, tr_step)
HQ_SPAN_FREE(tr_step, 1)

/* Unknown where there is no close before it. */
static double true_range_talib(const HqNode *node, const double *line, const double *before)
{
    double range = true_range(node, line, before);
    return hq_is_unknown(before[node->in[2]]) ? (double)NAN : range;
}

static void tr_talib_step(const HqNode *node, double *line, double *before)
{
    line[node->out] = true_range_talib(node, line, before);
}

HQ_CHAIN(tr_talib_step, tr_talib_step)
HQ_SPAN_FREE(tr_talib_step, 1)

static int64_t one_bar(const double *params) { (void)params; return 1; }

#define TR_INFO(number, label)                                                                     \
    {.code = number, .is_public = 1, .name = label, .title = "True range",                         \
     .formula = "max(high, close[1]) - min(low, close[1]); high - low on the first bar",           \
     .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978), sec. III",         \
     .unit = "price", .cost = "O(1)",                                                              \
     .n_inputs = 3, .inputs = hq_input_high_low_close,                                             \
     .n_outputs = 1, .outputs = hq_output_value, .group = "volatility", .talib_name = "TRANGE",    \
     .talib_note = "unknown on the first bar, which has no close before it"}

const HqRow hq_row_tr_talib = {
    .info = TR_INFO(8, "TR"), HQ_STEPS(tr_talib_step, tr_talib_step), .warmup = one_bar,
};

const HqRow hq_row_tr = {
    .info = TR_INFO(8, "TR"), HQ_STEPS(tr_step, tr_step), .warmup = hq_warmup_none,
    .talib = &hq_row_tr_talib,
};

/* TR under TA-Lib's name: the same nodes. */
static void trange_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    core[0] = hq_build(b, &hq_row_tr, in, params);
}

static void trange_talib_parts(HqBuilder *b, const uint32_t *in, const double *params,
                               uint32_t *core)
{
    core[0] = hq_build(b, &hq_row_tr_talib, in, params);
}

static const HqRow trange_talib = {
    .info = TR_INFO(210, "TRANGE"), .parts = trange_talib_parts, .n_core = 1,
};

const HqRow hq_row_trange = {
    .info = TR_INFO(210, "TRANGE"), .parts = trange_parts, .n_core = 1, .talib = &trange_talib,
};

/* ------------------------------------------------------------------------ ATR */

static void atr_init(HqNode *node, double *before, const double *params)
{
    hq_seeded_start(node, before, params[0], 1.0 / params[0]);
}

static void atr_step(const HqNode *node, double *line, double *before)
{
    double range = true_range(node, line, before);
    line[node->out] = hq_seeded_step(node, range, line + node->out, before + node->out);
}

static void atr_steady(const HqNode *node, double *line, double *before)
{
    hq_seeded_steady(node, true_range(node, line, before), line + node->out, before + node->out);
}

static void atr_talib_step(const HqNode *node, double *line, double *before)
{
    double range = true_range_talib(node, line, before);
    line[node->out] = hq_seeded_step(node, range, line + node->out, before + node->out);
}

static bool atr_talib_is_steady(const HqNode *node, const double *line)
{
    return hq_seeded_is_steady(node, line) && fabs(line[2]) <= HQ_VALUE_MAX;
}

static inline void atr_begin(const HqNode *node, const HqSpan *span)
{
    const double *high = span->in[0], *low = span->in[1], *close = span->in[2];
    double *restrict range = span->room[0];
    range[0] = range_of(high[0], low[0], span->line[2]);
    for (size_t t = 1, end; t < span->n; t = end) {
        end = span->n - t < HQ_FETCH_STEP ? span->n : t + HQ_FETCH_STEP;
        hq_fetch_for(span->ahead, end - t);
        for (size_t i = t; i < end; i++)
            range[i] = range_of(high[i], low[i], close[i - 1]);
    }
    hq_seeded_chain(node, span, range);
}

static inline void atr_end(const HqNode *node, const HqSpan *span)
{
    (void)node;
    hq_seeded_leave(span);
}

HQ_CHAIN(atr_steady, atr_steady)
HQ_SPAN_BUILD(atr_begin)
HQ_SPAN_BUILD(atr_end)

static const HqChains atr_chains = {
    .n = 1, .rooms = 1, .gives_chain = true, .is_steady = hq_seeded_is_steady, .steady = HQ_STEADY(atr_steady),
    .begin = HQ_SPANS(atr_begin), .end = HQ_SPANS(atr_end),
};

static const HqChains atr_talib_chains = {
    .n = 1, .rooms = 1, .gives_chain = true, .is_steady = atr_talib_is_steady, .steady = HQ_STEADY(atr_steady),
    .begin = HQ_SPANS(atr_begin), .end = HQ_SPANS(atr_end),
};

HQ_CHAIN(atr_step, atr_step)
HQ_CHAIN(atr_talib_step, atr_talib_step)
HQ_SPAN(atr_step, 1, HQ_SEEDED_MEMORY)
HQ_SPAN(atr_talib_step, 1, HQ_SEEDED_MEMORY)

static const HqParamInfo atr_params[] = {HQ_PERIOD_PARAM("period", 14)};

#define ATR_INFO                                                                                   \
    {.code = 7, .is_public = 1, .name = "ATR", .title = "Average true range",                      \
     .formula = "a += (TR - a)/period, seeded with the mean of the first `period` TR",             \
     .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978), sec. III",         \
     .unit = "price", .cost = "O(1)",                                                              \
     .n_inputs = 3, .inputs = hq_input_high_low_close,                                             \
     .n_params = 1, .params = atr_params,                                                          \
     .n_outputs = 1, .outputs = hq_output_value,                                                   \
     .group = "volatility", .talib_name = "ATR",                                                   \
     .talib_note = "the first bar's range is left out, so it begins a bar later"}

const HqRow hq_row_atr_talib = {
    .info = ATR_INFO,
    .n_memory = HQ_SEEDED_MEMORY, .state_size = hq_seeded_size, .init = atr_init,
    HQ_STEPS(atr_talib_step, atr_talib_step), .chains = &atr_talib_chains, .warmup = hq_warmup_period,
};

const HqRow hq_row_atr = {
    .info = ATR_INFO,
    .n_memory = HQ_SEEDED_MEMORY, .state_size = hq_seeded_size, .init = atr_init,
    HQ_STEPS(atr_step, atr_step), .chains = &atr_chains, .warmup = hq_warmup_full_window, .talib = &hq_row_atr_talib,
};

/* ----------------------------------------------------------------------- NATR */

static void natr_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    core[0] = hq_ratio(b, hq_build(b, &hq_row_atr, in, params), in[2], 100, (double)NAN);
}

static void natr_talib_parts(HqBuilder *b, const uint32_t *in, const double *params,
                             uint32_t *core)
{
    core[0] = hq_ratio(b, hq_build(b, &hq_row_atr_talib, in, params), in[2], 100, 0);
}

#define NATR_INFO                                                                                  \
    {.code = 211, .is_public = 1, .name = "NATR", .title = "Normalised average true range",        \
     .formula = "100 * ATR(period) / close; unknown where close is 0",                             \
     .source = "J. Forman, Cross-Market Evaluations with Normalized Average True Range, "          \
               "Technical Analysis of Stocks & Commodities 24 (2006)",                             \
     .unit = "percent", .cost = "O(1)",                                                            \
     .n_inputs = 3, .inputs = hq_input_high_low_close,                                             \
     .n_params = 1, .params = atr_params,                                                          \
     .n_outputs = 1, .outputs = hq_output_value,                                                   \
     .group = "volatility", .talib_name = "NATR",                                                  \
     .talib_note = "of ATR as TA-Lib has it, and 0 where close is 0"}

static const HqRow natr_talib = {
    .info = NATR_INFO, .parts = natr_talib_parts, .n_core = 1,
};

const HqRow hq_row_natr = {
    .info = NATR_INFO, .parts = natr_parts, .n_core = 1, .talib = &natr_talib,
};
