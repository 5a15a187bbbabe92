/* The average that a matype names, and the rows that leave the choice to their user: MA, MAVP. */
#include "base/number.h"
#include "indicator/ma.h"

/* ------------------------------------------------------------------------- MA */

typedef struct Kind {
    const HqRow *seed;
    const HqRow *talib;
    double second; /* its second parameter, where it has one */
} Kind;

/* By TA-Lib's numbers; 10 is the series itself and 11 TA-Lib's default, an SMA. */
static const Kind kinds[] = {
    [HQ_MA_SMA] = {&hq_row_sma, &hq_row_sma, 0},
    [HQ_MA_EMA] = {&hq_row_ema, &hq_row_ema_talib, 0},
    [HQ_MA_WMA] = {&hq_row_wma, &hq_row_wma, 0},
    [HQ_MA_DEMA] = {&hq_row_dema, &hq_row_dema_talib, 0},
    [HQ_MA_TEMA] = {&hq_row_tema, &hq_row_tema_talib, 0},
    [HQ_MA_TRIMA] = {&hq_row_trima, &hq_row_trima, 0},
    [HQ_MA_KAMA] = {&hq_row_kama, &hq_row_kama, 0},
    [HQ_MA_T3] = {&hq_row_t3, &hq_row_t3_talib, 0.7},
    [HQ_MA_HMA] = {&hq_row_hma, &hq_row_hma, 0},
    [HQ_MA_DEFAULT] = {&hq_row_sma, &hq_row_sma, 0},
    [HQ_MA_ZLEMA] = {&hq_row_zlema, &hq_row_zlema_talib, 0},
    [HQ_MA_RMA] = {&hq_row_rma, &hq_row_rma, 0},
};

uint32_t hq_ma(HqBuilder *b, bool talib, double type, uint32_t x, double period)
{
    if (period == 1 || type == HQ_MA_DISABLED)
        return x;
    if (type == HQ_MA_MAMA)
        return hq_build(b, &hq_row_mama, HQ_SLOTS(x), HQ_LIST(0.5, 0.05));
    const Kind *kind = &kinds[(int)type];
    return hq_build(b, talib ? kind->talib : kind->seed, HQ_SLOTS(x), HQ_LIST(period, kind->second));
}

double hq_ma_lookback(double type, double period)
{
    if (period == 1 || type == HQ_MA_DISABLED)
        return 0;
    if (type == HQ_MA_MAMA)
        return 32;
    const Kind *kind = &kinds[(int)type];
    return (double)hq_row_warmup(kind->talib, HQ_LIST(period, kind->second), 0);
}

static void ma_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    core[0] = hq_ma(b, false, params[1], in[0], params[0]);
}

static void ma_talib_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    core[0] = hq_ma(b, true, params[1], in[0], params[0]);
}

static const HqParamInfo ma_params[] = {HQ_PERIOD_PARAM("period", 30), HQ_MATYPE_PARAM("matype")};
#define MA_INFO                                                                                      \
    {.code = 111, .is_public = 1, .name = "MA", .title = "Moving average of a kind",                 \
     .formula = "matype 0 SMA, 1 EMA, 2 WMA, 3 DEMA, 4 TEMA, 5 TRIMA, 6 KAMA, 7 MAMA, 8 T3, 9 HMA, "  \
                "10 x itself, 11 SMA, 12 ZLEMA, 13 RMA",                                             \
     .source = "TA-Lib, function MA", .unit = "that of x",                                           \
     .cost = "that of the kind: O(1) amortised, O(period) at worst", HQ_INPUTS(hq_input_close),      \
     HQ_PARAMS(ma_params), HQ_OUTPUTS(hq_output_value), .group = "overlap", .talib_name = "MA",      \
     .talib_note = "the moving average of that kind in talib mode"}

const HqRow hq_row_ma_talib = {.info = MA_INFO, .parts = ma_talib_parts, .n_core = 1};
const HqRow hq_row_ma = {.info = MA_INFO, .parts = ma_parts, .n_core = 1, .talib = &hq_row_ma_talib};

/* ----------------------------------------------------------------------- MAVP */

/* The average whose period the series `periods` asks for: one choice after the other. */
HQ_PURE_STEP(choose, floor(HQ_X(2)) == node->factor ? HQ_X(1) : HQ_X(0) + 0 * HQ_X(2))

static void choose_init(HqNode *node, double *before, const double *params)
{
    (void)before;
    node->factor = params[0];
}

static const HqInputInfo choose_inputs[] = {
    {.name = "otherwise", .field = -1}, {.name = "x", .field = -1}, {.name = "periods", .field = -1}};

const HqRow hq_row_choose = {
    .info = {.code = 4112, .name = "CHOOSE", .title = "One of two series",
             .formula = "x where the whole part of periods is `period`, else otherwise",
             .source = "TA-Lib, function MAVP", .unit = "that of x", .cost = "O(1)",
             HQ_INPUTS(choose_inputs), HQ_PARAMS(hq_param_one_period), HQ_OUTPUTS(hq_output_value),
             .group = "overlap"},
    .keeps_range = 1, .gives_known = 1, .init = choose_init, HQ_STEPS(choose, choose),
};

static void bound_init(HqNode *node, double *before, const double *params)
{
    (void)before;
    node->factor = params[0];
}

/* 0 * x: what is not finite stays unknown. */
HQ_PURE_STEP(at_least, HQ_X(0) < node->factor ? node->factor + 0 * HQ_X(0) : HQ_X(0))
HQ_PURE_STEP(at_most, HQ_X(0) > node->factor ? node->factor + 0 * HQ_X(0) : HQ_X(0))

static const HqParamInfo bound_params[] = {HQ_NUMBER_PARAM("bound", -1e100, 1e100, 0)};
#define BOUND(id, label, rule, step)                                                         \
    {.info = {.code = id, .name = label, .title = "Bounded series", .formula = rule,         \
              .source = "hquant", .unit = "that of x", .cost = "O(1)",                       \
              HQ_INPUTS(hq_input_close), HQ_PARAMS(bound_params), HQ_OUTPUTS(hq_output_value), \
              .group = "statistic"},                                                         \
     .gives_known = 1, .init = bound_init, HQ_STEPS(step, step)}

const HqRow hq_row_at_least = BOUND(4113, "AT_LEAST", "max(x, bound)", at_least);
const HqRow hq_row_at_most = BOUND(4114, "AT_MOST", "min(x, bound)", at_most);

static uint32_t mavp(HqBuilder *b, bool talib, const uint32_t *in, const double *params)
{
    double least = params[0], most = params[1];
    uint32_t periods = hq_over(b, &hq_row_at_most, hq_over(b, &hq_row_at_least, in[1], least), most);
    uint32_t chosen = in[0]; /* until the first choice, which any period within the bounds overrules */
    for (double period = least; period <= most; period++) {
        double late = talib ? hq_ma_lookback(params[2], most) - hq_ma_lookback(params[2], period) : 0;
        uint32_t average = hq_ma(b, talib, params[2], hq_skip(b, in[0], late), period);
        chosen = hq_build(b, &hq_row_choose, HQ_SLOTS(chosen, average, periods), &period);
    }
    return chosen;
}

/* Nothing before the longest average has a value, whichever is asked for. */
static void mavp_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    core[0] = hq_ma(b, false, params[2], in[0], params[1]);
    core[1] = mavp(b, false, in, params);
}

static void mavp_talib_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    core[0] = hq_ma(b, true, params[2], in[0], params[1]);
    core[1] = mavp(b, true, in, params);
}

HQ_PURE_STEP(second_where_first, HQ_X(1) + 0 * HQ_X(0))

static int64_t mavp_warmup(const double *params, uint32_t output)
{
    (void)output;
    return hq_row_warmup(&hq_row_ma, HQ_LIST(params[1], params[2]), 0);
}

static int64_t mavp_talib_warmup(const double *params, uint32_t output)
{
    (void)output;
    return hq_row_warmup(&hq_row_ma_talib, HQ_LIST(params[1], params[2]), 0);
}

static HqStatus mavp_check(const double *params)
{
    if (params[0] <= params[1])
        return HQ_OK;
    return hq_fail(HQ_EINVAL, "MAVP: minperiod: expected at most maxperiod (%s), found %s",
                   HQ_NUMBER(params[1]), HQ_NUMBER(params[0]));
}

static const HqInputInfo mavp_inputs[] = {{.name = "x", .field = 3}, {.name = "periods", .field = -1}};
static const HqParamInfo mavp_params[] = {
    HQ_WHOLE_PARAM("minperiod", 2, 500, 2),
    HQ_WHOLE_PARAM("maxperiod", 2, 500, 30),
    HQ_MATYPE_PARAM("matype"),
};
#define MAVP_INFO                                                                               \
    {.code = 112, .is_public = 1, .name = "MAVP", .title = "Moving average of a varying period", \
     .formula = "MA(x, whole part of periods, within minperiod..maxperiod, matype)",            \
     .source = "TA-Lib, function MAVP", .unit = "that of x",                                    \
     .cost = "an average and a comparison for each period of the range", HQ_INPUTS(mavp_inputs), \
     HQ_PARAMS(mavp_params), HQ_OUTPUTS(hq_output_value), .group = "overlap",                   \
     .talib_name = "MAVP", .talib_note = "the averages are in talib mode and begin together"}

static const HqRow mavp_talib = {
    .info = MAVP_INFO, .gives_known = 1, HQ_STEPS(second_where_first, second_where_first),
    .output_warmup = mavp_talib_warmup, .check = mavp_check, .parts = mavp_talib_parts, .n_core = 2,
};
const HqRow hq_row_mavp = {
    .info = MAVP_INFO, .gives_known = 1, HQ_STEPS(second_where_first, second_where_first),
    .output_warmup = mavp_warmup, .check = mavp_check, .parts = mavp_parts, .n_core = 2,
    .talib = &mavp_talib,
};
