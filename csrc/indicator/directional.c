/*
 * Wilder's directional movement: PLUS_DM, MINUS_DM, PLUS_DI, MINUS_DI, DX, ADX, ADXR.
 *
 * Both modes smooth the same movements and true ranges, from the second bar on. Seed mode averages
 * them as RMA does; TA-Lib keeps Wilder's running sums, begun one bar short.
 */
#include "indicator/ma.h"

/* -------------------------------------------------------------------- movement */

static void movement_step(const HqNode *node, double *line, double *before)
{
    double *now = line + node->out;
    double up = HQ_X(0) - before[node->in[0]], down = before[node->in[1]] - HQ_X(1);
    if (!(fabs(up) <= DBL_MAX && fabs(down) <= DBL_MAX)) {
        now[0] = now[1] = (double)NAN;
        return;
    }
    now[0] = up > down && up > 0 ? up : 0;
    now[1] = down > up && down > 0 ? down : 0;
}

HQ_CHAIN(movement_step, movement_step)
HQ_SPAN_FREE(movement_step, 2)

static int64_t second_bar(const double *params) { (void)params; return 1; }
static const char *const movement_outputs[] = {"plus", "minus"};

const HqRow hq_row_movement = {
    .info = {.code = 4108, .name = "MOVEMENT", .title = "Directional movement of a bar",
             .formula = "high - high[1] where above low[1] - low and 0; the other way round",
             .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978), sec. IV",
             .unit = "price", .cost = "O(1)", HQ_INPUTS(hq_input_high_low),
             HQ_OUTPUTS(movement_outputs), .group = "momentum"},
    .gives_known = 1, HQ_STEPS(movement_step, movement_step), .warmup = second_bar,
};

/* --------------------------------------------------------------- running sum */

/* Memory behind the output: the sum, and how many values it still lacks. */
enum { RUNNING_SUM = 1, RUNNING_LACKS, RUNNING_MEMORY = 2 };

static void running_init(HqNode *node, double *before, const double *params)
{
    node->factor = params[0];
    before[RUNNING_SUM] = 0;
    before[RUNNING_LACKS] = params[0] - 1;
}

/* The first period-1 values are added up; each one after replaces a share of 1/period. */
static void running_step(const HqNode *node, double *line, double *before)
{
    double *now = line + node->out, x = HQ_X(0);
    const double *then = before + node->out;
    double lacks = then[RUNNING_LACKS], sum = then[RUNNING_SUM];
    double moved = lacks > 0 ? sum + x : sum - sum / node->factor + x;
    bool is_known = fabs(moved) <= DBL_MAX;
    now[RUNNING_SUM] = is_known ? moved : sum;
    now[RUNNING_LACKS] = is_known && lacks > 0 ? lacks - 1 : lacks;
    now[0] = is_known && now[RUNNING_LACKS] <= 0 ? moved : (double)NAN;
}

HQ_CHAIN(running_step, running_step)
HQ_SPAN(running_step, 1, 2)

static int64_t running_warmup(const double *params)
{
    return params[0] > 2 ? (int64_t)params[0] - 2 : 0;
}

const HqRow hq_row_running = {
    .info = {.code = 4109, .name = "RUNNING", .title = "Wilder's running sum",
             .formula = "s += x - s/period, begun with the sum of period-1 values",
             .source = "TA-Lib, functions PLUS_DM and ADX", .unit = "that of x", .cost = "O(1)",
             HQ_INPUTS(hq_input_close), HQ_PARAMS(hq_param_one_period), HQ_OUTPUTS(hq_output_value),
             .group = "momentum"},
    .n_memory = RUNNING_MEMORY, .gives_known = 1, .init = running_init,
    HQ_STEPS(running_step, running_step), .warmup = running_warmup,
};

/* ------------------------------------------------------------------ DM and DI */

enum { PLUS, MINUS };

static uint32_t movement(HqBuilder *b, bool talib, const uint32_t *in, double period, int side)
{
    uint32_t both = hq_build(b, &hq_row_movement, in, NULL);
    if (both == HQ_NO_SLOT)
        return both;
    return hq_over(b, talib ? &hq_row_running : &hq_row_rma, both + (uint32_t)side, period);
}

static uint32_t indicator(HqBuilder *b, bool talib, const uint32_t *in, double period, int side)
{
    uint32_t range = hq_over(b, talib ? &hq_row_running : &hq_row_rma,
                             hq_build(b, &hq_row_tr_talib, in, NULL), period);
    uint32_t share = hq_ratio(b, movement(b, talib, in, period, side), range, 100, 0);
    return talib && period > 1 ? hq_skip(b, share, 1) : share;
}

#define SIDE(name, what, talib, side)                                                          \
    static void name(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)   \
    {                                                                                          \
        core[0] = what(b, talib, in, params[0], side);                                         \
    }

SIDE(plus_dm_parts, movement, false, PLUS)
SIDE(plus_dm_talib_parts, movement, true, PLUS)
SIDE(minus_dm_parts, movement, false, MINUS)
SIDE(minus_dm_talib_parts, movement, true, MINUS)
SIDE(plus_di_parts, indicator, false, PLUS)
SIDE(plus_di_talib_parts, indicator, true, PLUS)
SIDE(minus_di_parts, indicator, false, MINUS)
SIDE(minus_di_talib_parts, indicator, true, MINUS)

static const HqParamInfo fourteen[] = {HQ_PERIOD_PARAM("period", 14)};
static const HqParamInfo fourteen_from_2[] = {HQ_WHOLE_PARAM("period", 2, (double)HQ_PERIOD_MAX, 14)};

#define WILDER(id, label, long_title, meaning, units, list, bounds)                            \
    {.code = id, .is_public = 1, .name = label, .title = long_title, .formula = meaning,       \
     .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978), sec. IV; "     \
               "TA-Lib, function " label "; TradingView, ta.dmi",                              \
     .unit = units, .cost = "O(1)", HQ_INPUTS(list), HQ_PARAMS(bounds),                        \
     HQ_OUTPUTS(hq_output_value), .group = "momentum", .talib_name = label,                    \
     .talib_note = "smoothed by Wilder's running sums, begun with period-1 values, in place of averages"}

#define TWO_ROWS(name, information)                                                            \
    const HqRow hq_row_##name##_talib = {                                                      \
        .info = information, .parts = name##_talib_parts, .n_core = 1};                        \
    const HqRow hq_row_##name = {.info = information, .parts = name##_parts, .n_core = 1,      \
                                 .talib = &hq_row_##name##_talib};

TWO_ROWS(plus_dm, WILDER(155, "PLUS_DM", "Plus directional movement", "RMA(+DM, period)", "price",
                         hq_input_high_low, fourteen))
TWO_ROWS(minus_dm, WILDER(156, "MINUS_DM", "Minus directional movement", "RMA(-DM, period)", "price",
                          hq_input_high_low, fourteen))
TWO_ROWS(plus_di, WILDER(153, "PLUS_DI", "Plus directional indicator",
                         "100 * RMA(+DM, period) / RMA(TRANGE, period); 0 where there is no range",
                         "0..100", hq_input_high_low_close, fourteen))
TWO_ROWS(minus_di, WILDER(154, "MINUS_DI", "Minus directional indicator",
                          "100 * RMA(-DM, period) / RMA(TRANGE, period); 0 where there is no range",
                          "0..100", hq_input_high_low_close, fourteen))

/* ------------------------------------------------------------------------- DX */

/* 100 * |+DI - -DI| / (+DI + -DI); where both are 0 what it was before, 0 at first. */
static void dx_step(const HqNode *node, double *line, double *before)
{
    double plus = HQ_X(0), minus = HQ_X(1), last = before[node->out], sum = plus + minus;
    line[node->out] = sum > 0 ? 100 * fabs(plus - minus) / sum
                      : hq_is_unknown(sum) ? (double)NAN : hq_is_unknown(last) ? 0 : last;
}

HQ_CHAIN(dx_step, dx_step)
HQ_SPAN(dx_step, 1, 0)

static void dx(HqBuilder *b, bool talib, const uint32_t *in, double period, uint32_t *core)
{
    core[0] = indicator(b, talib, in, period, PLUS);
    core[1] = indicator(b, talib, in, period, MINUS);
}

static void dx_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    dx(b, false, in, params[0], core);
}

static void dx_talib_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    dx(b, true, in, params[0], core);
}

#define DX_INFO                                                                            \
    WILDER(152, "DX", "Directional movement index",                                        \
           "100 * |PLUS_DI - MINUS_DI| / (PLUS_DI + MINUS_DI); as before where both are 0", \
           "0..100", hq_input_high_low_close, fourteen_from_2)

const HqRow hq_row_dx_talib = {.info = DX_INFO, .gives_known = 1, HQ_STEPS(dx_step, dx_step),
                               .parts = dx_talib_parts, .n_core = 2};
const HqRow hq_row_dx = {.info = DX_INFO, .gives_known = 1, HQ_STEPS(dx_step, dx_step),
                         .parts = dx_parts, .n_core = 2, .talib = &hq_row_dx_talib};

/* ------------------------------------------------------------------------ ADX
 * The average of the DX that there are: a bar where both indicators are 0 has none, adds nothing to
 * the seed and leaves the average unmoved. */

enum { ADX_AVERAGE = 1, ADX_LACKS, ADX_MEMORY = 2 };

static void adx_init(HqNode *node, double *before, const double *params)
{
    node->factor = params[0];
    before[ADX_AVERAGE] = 0;
    before[ADX_LACKS] = params[0];
}

static void adx_step(const HqNode *node, double *line, double *before)
{
    double *now = line + node->out, plus = HQ_X(0), minus = HQ_X(1), sum = plus + minus;
    const double *then = before + node->out;
    memcpy(now + 1, then + 1, ADX_MEMORY * sizeof *now);
    now[0] = (double)NAN;
    if (hq_is_unknown(sum))
        return;
    double period = node->factor, average = then[ADX_AVERAGE];
    double direction = sum > 0 ? 100 * fabs(plus - minus) / sum : (double)NAN;
    if (then[ADX_LACKS] > 0) {
        if (sum > 0)
            average += direction;
        now[ADX_LACKS] = then[ADX_LACKS] - 1;
        if (now[ADX_LACKS] == 0)
            average /= period;
    } else if (sum > 0) {
        average += (direction - average) / period;
    }
    now[ADX_AVERAGE] = average;
    if (now[ADX_LACKS] == 0)
        now[0] = average;
}

HQ_CHAIN(adx_step, adx_step)
HQ_SPAN(adx_step, 1, 2)

#define ADX_INFO                                                                              \
    WILDER(150, "ADX", "Average directional index", "RMA(DX, period)", "0..100",              \
           hq_input_high_low_close, fourteen_from_2)
#define ADX_ROW                                                                               \
    .info = ADX_INFO, .n_memory = ADX_MEMORY, .gives_known = 1, .init = adx_init,             \
    HQ_STEPS(adx_step, adx_step), .warmup = hq_warmup_full_window, .n_core = 2

const HqRow hq_row_adx_talib = {ADX_ROW, .parts = dx_talib_parts};
const HqRow hq_row_adx = {ADX_ROW, .parts = dx_parts, .talib = &hq_row_adx_talib};

static void adxr(HqBuilder *b, const HqRow *adx, const uint32_t *in, const double *params, uint32_t *core)
{
    uint32_t now = hq_build(b, adx, in, params);
    core[0] = hq_blend(b, now, 0.5, hq_over(b, &hq_row_lag, now, params[0] - 1), 0.5);
}

static void adxr_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    adxr(b, &hq_row_adx, in, params, core);
}

static void adxr_talib_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    adxr(b, &hq_row_adx_talib, in, params, core);
}

TWO_ROWS(adxr, WILDER(151, "ADXR", "Average directional index rating", "(ADX + ADX[period-1]) / 2",
                      "0..100", hq_input_high_low_close, fourteen_from_2))
