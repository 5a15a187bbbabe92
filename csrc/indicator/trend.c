/* What follows a trend and flips: SAR, SAREXT, SUPERTREND; ICHIMOKU's lines. */
#include "indicator/ma.h"

/* ---------------------------------------------------------------- SAR, SAREXT */

enum { SAR_START, SAR_OFFSET, SAR_LONG, SAR_SHORT = SAR_LONG + 3, SAR_PARAMS = SAR_SHORT + 3 };
enum { ACCELERATION_FIRST, ACCELERATION_STEP, ACCELERATION_MOST };

/* Memory behind the output. `side` is 1 long, -1 short, 0 before the second bar. */
enum { SAR_LEVEL = 1, SAR_EXTREME, SAR_FACTOR, SAR_SIDE, SAR_HIGH, SAR_LOW, SAR_MEMORY = 6 };

static size_t sar_size(const double *params) { (void)params; return SAR_PARAMS * sizeof(double); }

static void sar_init(HqNode *node, double *before, const double *params)
{
    double *p = node->state;
    memcpy(p, params, SAR_PARAMS * sizeof *p);
    for (double *side = p + SAR_LONG; side <= p + SAR_SHORT; side += 3) {
        if (side[ACCELERATION_FIRST] > side[ACCELERATION_MOST])
            side[ACCELERATION_FIRST] = side[ACCELERATION_MOST];
        if (side[ACCELERATION_STEP] > side[ACCELERATION_MOST])
            side[ACCELERATION_STEP] = side[ACCELERATION_MOST];
    }
    before[SAR_SIDE] = 0;
}

/* On the second bar: which side, and a level from the first bar's extreme or as told. */
static void sar_begin(const double *p, double high, double low, const double *then, double *now)
{
    double up = high - then[SAR_HIGH], down = then[SAR_LOW] - low;
    int is_short = p[SAR_START] != 0 ? p[SAR_START] < 0 : down > 0 && up < down;
    now[SAR_SIDE] = is_short ? -1 : 1;
    now[SAR_EXTREME] = is_short ? low : high;
    now[SAR_LEVEL] = p[SAR_START] != 0 ? fabs(p[SAR_START])
                                       : is_short ? then[SAR_HIGH] : then[SAR_LOW];
    now[SAR_FACTOR] = p[(is_short ? SAR_SHORT : SAR_LONG) + ACCELERATION_FIRST];
    now[SAR_HIGH] = high; /* on this bar, as TA-Lib, the bar before counts as being this one */
    now[SAR_LOW] = low;
}

/* A level never reaches into the last two bars: above their highs when short, below their lows. */
static double outside(double level, double side, double edge, double last_edge)
{
    if (side * (level - last_edge) > 0)
        level = last_edge;
    if (side * (level - edge) > 0)
        level = edge;
    return level;
}

static void sar_step(const HqNode *node, double *line, double *before)
{
    const double *p = node->state, *then = before + node->out;
    double *now = line + node->out, high = HQ_X(0), low = HQ_X(1);
    memcpy(now + 1, then + 1, SAR_MEMORY * sizeof *now);
    now[0] = (double)NAN;
    if (!(fabs(high) <= DBL_MAX && fabs(low) <= DBL_MAX))
        return;
    now[SAR_HIGH] = high;
    now[SAR_LOW] = low;
    if (hq_is_unknown(then[SAR_HIGH]))
        return; /* the first bar */
    double begun[SAR_MEMORY + 1];
    if (then[SAR_SIDE] == 0) {
        sar_begin(p, high, low, then, begun);
        then = begun;
    }
    /* Seen from the side that is held, `edge` is what the level trails and `front` what leads. */
    double side = then[SAR_SIDE], level = then[SAR_LEVEL], extreme = then[SAR_EXTREME];
    double edge = side > 0 ? low : high, last_edge = side > 0 ? then[SAR_LOW] : then[SAR_HIGH];
    double front = side > 0 ? high : low, last_front = side > 0 ? then[SAR_HIGH] : then[SAR_LOW];
    const double *limits = p + (side > 0 ? SAR_LONG : SAR_SHORT);
    double factor = then[SAR_FACTOR];
    if (side * (edge - level) <= 0) { /* touched: the other side from here */
        side = -side;
        limits = p + (side > 0 ? SAR_LONG : SAR_SHORT);
        level = outside(extreme, side, front, last_front);
        if (p[SAR_OFFSET] != 0)
            level -= side * level * p[SAR_OFFSET];
        now[0] = side * level;
        factor = limits[ACCELERATION_FIRST];
        extreme = edge;
        level = outside(level + factor * (extreme - level), side, front, last_front);
    } else {
        now[0] = side * level;
        if (side * (front - extreme) > 0) {
            extreme = front;
            factor += limits[ACCELERATION_STEP];
            if (factor > limits[ACCELERATION_MOST])
                factor = limits[ACCELERATION_MOST];
        }
        level = outside(level + factor * (extreme - level), side, edge, last_edge);
    }
    now[0] = hq_known(now[0]);
    now[SAR_LEVEL] = level;
    now[SAR_EXTREME] = extreme;
    now[SAR_FACTOR] = factor;
    now[SAR_SIDE] = side;
}

HQ_CHAIN(sar_step, sar_step)
HQ_SPAN(sar_step, 1, 6)

static int64_t second_bar(const double *params) { (void)params; return 1; }

static const HqParamInfo sarext_params[] = {
    HQ_NUMBER_PARAM("startvalue", -1e12, 1e12, 0),
    HQ_NUMBER_PARAM("offsetonreverse", 0, 1e6, 0),
    HQ_NUMBER_PARAM("accelerationinitlong", 0, 1e6, 0.02),
    HQ_NUMBER_PARAM("accelerationlong", 0, 1e6, 0.02),
    HQ_NUMBER_PARAM("accelerationmaxlong", 0, 1e6, 0.2),
    HQ_NUMBER_PARAM("accelerationinitshort", 0, 1e6, 0.02),
    HQ_NUMBER_PARAM("accelerationshort", 0, 1e6, 0.02),
    HQ_NUMBER_PARAM("accelerationmaxshort", 0, 1e6, 0.2),
};

const HqRow hq_row_sarext = {
    .info = {.code = 124, .is_public = 1, .name = "SAREXT", .title = "Parabolic SAR with settings for each side",
             .formula = "as SAR; negative while short; startvalue > 0 begins long there, < 0 short",
             .source = "TA-Lib, function SAREXT", .unit = "price, negative while short", .cost = "O(1)",
             HQ_INPUTS(hq_input_high_low), HQ_PARAMS(sarext_params), HQ_OUTPUTS(hq_output_value),
             .group = "overlap", .talib_name = "SAREXT"},
    .n_memory = SAR_MEMORY, .gives_known = 1, .state_size = sar_size, .init = sar_init,
    HQ_STEPS(sar_step, sar_step), .warmup = second_bar,
};

static void sar_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    double a = params[0], most = params[1];
    uint32_t signed_level = hq_build(b, &hq_row_sarext, in, HQ_LIST(0, 0, a, a, most, a, a, most));
    core[0] = hq_build(b, &hq_row_absolute, HQ_SLOTS(signed_level), NULL);
}

static const HqParamInfo sar_params[] = {
    HQ_NUMBER_PARAM("acceleration", 0, 1e6, 0.02),
    HQ_NUMBER_PARAM("maximum", 0, 1e6, 0.2),
};

const HqRow hq_row_sar = {
    .info = {.code = 123, .is_public = 1, .name = "SAR", .title = "Parabolic stop and reverse",
             .formula = "s += f * (extreme - s), f grows by acceleration at each new extreme up to maximum; "
                        "reverses when touched",
             .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978), sec. II; TA-Lib, "
                       "function SAR",
             .unit = "price", .cost = "O(1)", HQ_INPUTS(hq_input_high_low), HQ_PARAMS(sar_params),
             HQ_OUTPUTS(hq_output_value), .group = "overlap", .talib_name = "SAR"},
    .parts = sar_parts, .n_core = 1,
};

/* ----------------------------------------------------------------- SUPERTREND */

/* Memory behind both outputs: the final bands, and the direction, which begins down. */
enum { TREND_VALUE, TREND_DIRECTION, TREND_UPPER, TREND_LOWER, TREND_HELD, TREND_MEMORY = 3 };

static void supertrend_init(HqNode *node, double *before, const double *params)
{
    node->factor = params[1];
    before[TREND_HELD] = -1;
}

static void supertrend_talib_init(HqNode *node, double *before, const double *params)
{
    node->factor = params[1];
    before[TREND_HELD] = 1;
}

/* high, low, close, ATR. A band moves towards the price only, unless the close before passed it. */
static void supertrend_step(const HqNode *node, double *line, double *before)
{
    double *now = line + node->out, middle = (HQ_X(0) + HQ_X(1)) / 2, width = node->factor * HQ_X(3);
    const double *then = before + node->out;
    double close = HQ_X(2), last_close = before[node->in[2]];
    double upper = middle + width, lower = middle - width;
    if (!(fabs(upper) <= DBL_MAX && fabs(lower) <= DBL_MAX && fabs(close) <= DBL_MAX)) {
        now[TREND_VALUE] = now[TREND_DIRECTION] = (double)NAN;
        memcpy(now + TREND_UPPER, then + TREND_UPPER, TREND_MEMORY * sizeof *now);
        return;
    }
    if (then[TREND_UPPER] < upper && !(last_close > then[TREND_UPPER]))
        upper = then[TREND_UPPER];
    if (then[TREND_LOWER] > lower && !(last_close < then[TREND_LOWER]))
        lower = then[TREND_LOWER];
    double direction = then[TREND_HELD];
    int has_begun = !hq_is_unknown(then[TREND_UPPER]); /* the first bar with bands flips nothing */
    if (has_begun && direction < 0 && close > upper)
        direction = 1;
    else if (has_begun && direction > 0 && close < lower)
        direction = -1;
    now[TREND_VALUE] = direction > 0 ? lower : upper;
    now[TREND_DIRECTION] = now[TREND_HELD] = direction;
    now[TREND_UPPER] = upper;
    now[TREND_LOWER] = lower;
}

HQ_CHAIN(supertrend_step, supertrend_step)
HQ_SPAN(supertrend_step, 2, 3)

static void supertrend_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    memcpy(core, in, 3 * sizeof *core);
    core[3] = hq_build(b, &hq_row_atr, in, params);
}

static void supertrend_talib_parts(HqBuilder *b, const uint32_t *in, const double *params,
                                   uint32_t *core)
{
    memcpy(core, in, 3 * sizeof *core);
    core[3] = hq_build(b, &hq_row_atr_talib, in, params);
}

static const HqParamInfo supertrend_params[] = {
    HQ_PERIOD_PARAM("period", 10),
    HQ_NUMBER_PARAM("multiplier", 0, 1e6, 3),
};
static const char *const supertrend_outputs[] = {"value", "direction"};
#define SUPERTREND_INFO                                                                          \
    {.code = 125, .is_public = 1, .name = "SUPERTREND", .title = "Supertrend",                   \
     .formula = "hl2 - multiplier*ATR while up, hl2 + multiplier*ATR while down; moves towards the " \
                "price only; flips when the close passes it; direction 1 up, -1 down, which is the first",           \
     .source = "O. Seban; TradingView, ta.supertrend (whose direction has the other sign); TA-Lib, function SUPERTREND", \
     .unit = "price; 1 or -1", .cost = "O(1)", HQ_INPUTS(hq_input_high_low_close),               \
     HQ_PARAMS(supertrend_params), HQ_OUTPUTS(supertrend_outputs), .group = "overlap",           \
     .talib_name = "SUPERTREND", .talib_note = "ATR is in talib mode, and the first direction is up"}

const HqRow hq_row_supertrend_talib = {
    .info = SUPERTREND_INFO, .n_memory = TREND_MEMORY, .gives_known = 1, .init = supertrend_talib_init,
    HQ_STEPS(supertrend_step, supertrend_step), .parts = supertrend_talib_parts, .n_core = 4,
};
const HqRow hq_row_supertrend = {
    .info = SUPERTREND_INFO, .n_memory = TREND_MEMORY, .gives_known = 1, .init = supertrend_init,
    HQ_STEPS(supertrend_step, supertrend_step), .parts = supertrend_parts, .n_core = 4,
    .talib = &hq_row_supertrend_talib,
};

/* ------------------------------------------------------------------- ICHIMOKU */

static uint32_t middle(HqBuilder *b, const uint32_t *in, double period)
{
    return hq_build(b, &hq_row_midprice, in, HQ_LIST(period));
}

static void ichimoku_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    core[0] = middle(b, in, params[0]);
    core[1] = middle(b, in, params[1]);
    uint32_t span_a = hq_blend(b, core[0], 0.5, core[1], 0.5);
    core[2] = hq_over(b, &hq_row_lag, span_a, params[3]);
    core[3] = hq_over(b, &hq_row_lag, middle(b, in, params[2]), params[3]);
}

HQ_COPY_STEP(ichimoku_copy, hq_copy, 4)

static int64_t ichimoku_warmup(const double *params, uint32_t output)
{
    double longest = params[0] > params[1] ? params[0] : params[1];
    const double first[] = {params[0], params[1], longest + params[3], params[2] + params[3]};
    return (int64_t)first[output] - 1;
}

static const HqParamInfo ichimoku_params[] = {
    HQ_PERIOD_PARAM("tenkan", 9),
    HQ_PERIOD_PARAM("kijun", 26),
    HQ_PERIOD_PARAM("senkou", 52),
    HQ_WHOLE_PARAM("displacement", 0, (double)HQ_PERIOD_MAX, 26),
};
static const char *const ichimoku_outputs[] = {"tenkan", "kijun", "senkou_a", "senkou_b"};

const HqRow hq_row_ichimoku = {
    .info = {.code = 126, .is_public = 1, .name = "ICHIMOKU", .title = "Ichimoku cloud",
             .formula = "tenkan, kijun: MIDPRICE; senkou_a: their middle, senkou_b: MIDPRICE(senkou), both of "
                        "`displacement` bars ago, as drawn at this bar. The chikou line is the close, drawn "
                        "in the past: compare close with LAG(close, displacement)",
             .source = "G. Hosoda; TradingView, Ichimoku Cloud", .unit = "price",
             .cost = "O(1) amortised, O(senkou) at worst", HQ_INPUTS(hq_input_high_low),
             HQ_PARAMS(ichimoku_params), HQ_OUTPUTS(ichimoku_outputs), .group = "overlap"},
    .keeps_range = 1, .gives_known = 1, HQ_STEPS(ichimoku_copy, ichimoku_copy),
    .output_warmup = ichimoku_warmup, .parts = ichimoku_parts, .n_core = 4,
};
