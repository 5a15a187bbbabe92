/* Change against the past and between averages: MOM, ROC and its scales, TRIX, APO, PPO, MACDFIX, MACDEXT. */
#include "indicator/ma.h"

static const HqParamInfo ten[] = {HQ_PERIOD_PARAM("period", 10)};
static const HqParamInfo thirty[] = {HQ_PERIOD_PARAM("period", 30)};

/* -------------------------------------------------------------------- MOM, ROC */

static void mom_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    core[0] = hq_over(b, &hq_row_change, in[0], params[0]);
}

const HqRow hq_row_mom = {
    .info = {.code = 168, .is_public = 1, .name = "MOM", .title = "Momentum",
             .formula = "x - x[period]", .source = "TA-Lib, function MOM", .unit = "that of x",
             .cost = "O(1)", HQ_INPUTS(hq_input_close), HQ_PARAMS(ten), HQ_OUTPUTS(hq_output_value),
             .group = "momentum", .talib_name = "MOM"},
    .parts = mom_parts, .n_core = 1,
};

/* scale * (x - x[n]) / x[n] */
static uint32_t change_rate(HqBuilder *b, uint32_t x, double n, double scale, double at_zero)
{
    return hq_ratio(b, hq_over(b, &hq_row_change, x, n), hq_over(b, &hq_row_lag, x, n), scale, at_zero);
}

/* scale * x / x[n] */
static uint32_t value_rate(HqBuilder *b, uint32_t x, double n, double scale, double at_zero)
{
    return hq_ratio(b, x, hq_over(b, &hq_row_lag, x, n), scale, at_zero);
}

#define RATE(name, id, label, long_title, meaning, units, how, scale)                              \
    static void name##_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core) \
    {                                                                                              \
        core[0] = how(b, in[0], params[0], scale, NAN);                                            \
    }                                                                                              \
    static void name##_talib_parts(HqBuilder *b, const uint32_t *in, const double *params,         \
                                   uint32_t *core)                                                 \
    {                                                                                              \
        core[0] = how(b, in[0], params[0], scale, 0);                                              \
    }                                                                                              \
    static const HqRow name##_talib = {                                                            \
        .info = RATE_INFO(id, label, long_title, meaning, units), .parts = name##_talib_parts,     \
        .n_core = 1};                                                                              \
    const HqRow hq_row_##name = {                                                                  \
        .info = RATE_INFO(id, label, long_title, meaning, units), .parts = name##_parts,           \
        .n_core = 1, .talib = &name##_talib};

#define RATE_INFO(id, label, long_title, meaning, units)                                           \
    {.code = id, .is_public = 1, .name = label, .title = long_title, .formula = meaning,           \
     .source = "TA-Lib, function " label, .unit = units, .cost = "O(1)", HQ_INPUTS(hq_input_close), \
     HQ_PARAMS(ten), HQ_OUTPUTS(hq_output_value), .group = "momentum", .talib_name = label,        \
     .talib_note = "0 where x[period] is 0"}

RATE(roc, 169, "ROC", "Rate of change", "100 * (x / x[period] - 1)", "per cent", change_rate, 100)
RATE(rocp, 170, "ROCP", "Rate of change, as a fraction", "x / x[period] - 1", "fraction", change_rate, 1)
RATE(rocr, 171, "ROCR", "Rate of change, as a ratio", "x / x[period]", "ratio", value_rate, 1)
RATE(rocr100, 172, "ROCR100", "Rate of change, as a ratio in per cent", "100 * x / x[period]",
     "per cent", value_rate, 100)

/* ----------------------------------------------------------------------- TRIX */

static uint32_t trix(HqBuilder *b, const HqRow *ema, uint32_t x, double period, double at_zero)
{
    for (int i = 0; i < 3; i++)
        x = hq_over(b, ema, x, period);
    return change_rate(b, x, 1, 100, at_zero);
}

static void trix_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    core[0] = trix(b, &hq_row_ema, in[0], params[0], NAN);
}

static void trix_talib_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    core[0] = trix(b, &hq_row_ema_talib, in[0], params[0], 0);
}

#define TRIX_INFO                                                                            \
    {.code = 176, .is_public = 1, .name = "TRIX", .title = "Change of a triple EMA",         \
     .formula = "ROC(EMA(EMA(EMA(x))), 1)",                                                  \
     .source = "J. Hutson, Technical Analysis of Stocks & Commodities, July 1983",           \
     .unit = "per cent a bar", .cost = "O(1)", HQ_INPUTS(hq_input_close), HQ_PARAMS(thirty), \
     HQ_OUTPUTS(hq_output_value), .group = "momentum", .talib_name = "TRIX",                 \
     .talib_note = "each EMA is seeded with the mean of its first `period` values"}

static const HqRow trix_talib = {.info = TRIX_INFO, .parts = trix_talib_parts, .n_core = 1};
const HqRow hq_row_trix = {.info = TRIX_INFO, .parts = trix_parts, .n_core = 1, .talib = &trix_talib};

/* ------------------------------------------------------------------- APO, PPO */

/* The average of the shorter period minus that of the longer. */
static uint32_t spread(HqBuilder *b, bool talib, uint32_t x, const double *params, uint32_t *slow)
{
    double a = params[0], z = params[1];
    uint32_t fast = hq_ma(b, talib, params[2], x, a < z ? a : z);
    *slow = hq_ma(b, talib, params[2], x, a < z ? z : a);
    return hq_minus(b, fast, *slow);
}

#define OSCILLATOR(name, id, label, long_title, meaning, units, value)                             \
    static void name##_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core) \
    {                                                                                              \
        const bool talib = false;                                                                  \
        const double at_zero = NAN;                                                                \
        uint32_t slow, difference = spread(b, talib, in[0], params, &slow);                        \
        core[0] = value;                                                                           \
        (void)at_zero;                                                                             \
    }                                                                                              \
    static void name##_talib_parts(HqBuilder *b, const uint32_t *in, const double *params,         \
                                   uint32_t *core)                                                 \
    {                                                                                              \
        const bool talib = true;                                                                   \
        const double at_zero = 0;                                                                  \
        uint32_t slow, difference = spread(b, talib, in[0], params, &slow);                        \
        core[0] = value;                                                                           \
        (void)at_zero;                                                                             \
    }                                                                                              \
    static const HqRow name##_talib = {                                                            \
        .info = OSCILLATOR_INFO(id, label, long_title, meaning, units),                            \
        .parts = name##_talib_parts, .n_core = 1};                                                 \
    const HqRow hq_row_##name = {                                                                  \
        .info = OSCILLATOR_INFO(id, label, long_title, meaning, units),                            \
        .parts = name##_parts, .n_core = 1, .talib = &name##_talib};

#define OSCILLATOR_INFO(id, label, long_title, meaning, units)                                     \
    {.code = id, .is_public = 1, .name = label, .title = long_title, .formula = meaning,           \
     .source = "TA-Lib, function " label, .unit = units, .cost = "O(1) amortised, O(slow) at worst", \
     HQ_INPUTS(hq_input_close), HQ_PARAMS(oscillator_params), HQ_OUTPUTS(hq_output_value),         \
     .group = "momentum", .talib_name = label, .talib_note = "the moving averages are in talib mode"}

static const HqParamInfo oscillator_params[] = {
    HQ_PERIOD_PARAM("fast", 12),
    HQ_PERIOD_PARAM("slow", 26),
    HQ_WHOLE_PARAM("matype", 0, 13, 1),
};

OSCILLATOR(apo, 157, "APO", "Absolute price oscillator", "MA(x, fast, matype) - MA(x, slow, matype)",
           "that of x", difference)
OSCILLATOR(ppo, 158, "PPO", "Percentage price oscillator",
           "100 * (MA(x, fast, matype) - MA(x, slow, matype)) / MA(x, slow, matype)", "per cent",
           hq_ratio(b, difference, slow, 100, at_zero))

/* ----------------------------------------------------------- MACDFIX, MACDEXT */

static const char *const macd_outputs[] = {"macd", "signal", "hist"};

HQ_COPY_STEP(macd_copy, hq_copy_together, 3)

static void macd_of(HqBuilder *b, uint32_t fast, uint32_t slow, bool talib, double type, double signal,
                    uint32_t *core)
{
    core[0] = hq_minus(b, fast, slow);
    core[1] = hq_ma(b, talib, type, core[0], signal);
    core[2] = hq_minus(b, core[0], core[1]);
}

/* Both begin as late as the longer one, as in MACD. */
static uint32_t late_ema(HqBuilder *b, uint32_t x, double period, double factor, double longest)
{
    return hq_build(b, &hq_row_seeded, HQ_SLOTS(hq_skip(b, x, longest - period)), HQ_LIST(period, factor));
}

static void macdfix_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    uint32_t fast = hq_build(b, &hq_row_factor_ema, in, HQ_LIST(0.15));
    macd_of(b, fast, hq_build(b, &hq_row_factor_ema, in, HQ_LIST(0.075)), false, HQ_MA_EMA, params[0], core);
}

static void macdfix_talib_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    macd_of(b, late_ema(b, in[0], 12, 0.15, 26), late_ema(b, in[0], 26, 0.075, 26), true, HQ_MA_EMA,
            params[0], core);
}

static const HqParamInfo macdfix_params[] = {HQ_PERIOD_PARAM("signal", 9)};
#define MACDFIX_INFO                                                                             \
    {.code = 160, .is_public = 1, .name = "MACDFIX", .title = "MACD of 12 and 26 bars with Appel's factors", \
     .formula = "averages with factors 0.15 and 0.075, EMA(signal) of their difference, and what is left", \
     .source = "TA-Lib, function MACDFIX", .unit = "that of x", .cost = "O(1)",                  \
     HQ_INPUTS(hq_input_close), HQ_PARAMS(macdfix_params), HQ_OUTPUTS(macd_outputs),             \
     .group = "momentum", .talib_name = "MACDFIX",                                               \
     .talib_note = "averages are seeded with means that end at bar 25; all outputs begin with the signal"}

static const HqRow macdfix_talib = {.info = MACDFIX_INFO, .gives_known = 1, HQ_STEPS(macd_copy, macd_copy),
                                    .parts = macdfix_talib_parts, .n_core = 3};
const HqRow hq_row_macdfix = {.info = MACDFIX_INFO, .gives_known = 1, HQ_STEPS(macd_copy, macd_copy),
                              .parts = macdfix_parts, .n_core = 3, .talib = &macdfix_talib};

static void macdext_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    uint32_t fast = hq_ma(b, false, params[1], in[0], params[0]);
    macd_of(b, fast, hq_ma(b, false, params[3], in[0], params[2]), false, params[5], params[4], core);
}

static void macdext_talib_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    bool is_swapped = params[2] < params[0];
    const double *fast = params + (is_swapped ? 2 : 0), *slow = params + (is_swapped ? 0 : 2);
    double fast_first = hq_ma_lookback(fast[1], fast[0]), slow_first = hq_ma_lookback(slow[1], slow[0]);
    double longest = fast_first > slow_first ? fast_first : slow_first;
    uint32_t late_fast = hq_skip(b, in[0], longest - fast_first);
    uint32_t late_slow = hq_skip(b, in[0], longest - slow_first);
    macd_of(b, hq_ma(b, true, fast[1], late_fast, fast[0]), hq_ma(b, true, slow[1], late_slow, slow[0]),
            true, params[5], params[4], core);
}

static const HqParamInfo macdext_params[] = {
    HQ_PERIOD_PARAM("fast", 12),  HQ_MATYPE_PARAM("fast_matype"),
    HQ_PERIOD_PARAM("slow", 26),  HQ_MATYPE_PARAM("slow_matype"),
    HQ_PERIOD_PARAM("signal", 9), HQ_MATYPE_PARAM("signal_matype"),
};
#define MACDEXT_INFO                                                                             \
    {.code = 159, .is_public = 1, .name = "MACDEXT", .title = "MACD of any averages",            \
     .formula = "MA(x, fast, fast_matype) - MA(x, slow, slow_matype), MA(signal, signal_matype) of that, " \
                "their difference",                                                              \
     .source = "TA-Lib, function MACDEXT", .unit = "that of x",                                  \
     .cost = "O(1) amortised, O(slow) at worst", HQ_INPUTS(hq_input_close),                      \
     HQ_PARAMS(macdext_params), HQ_OUTPUTS(macd_outputs), .group = "momentum",                   \
     .talib_name = "MACDEXT",                                                                    \
     .talib_note = "averages in talib mode that begin together; the longer period is the slow one"}

static const HqRow macdext_talib = {.info = MACDEXT_INFO, .gives_known = 1, HQ_STEPS(macd_copy, macd_copy),
                                    .parts = macdext_talib_parts, .n_core = 3};
const HqRow hq_row_macdext = {.info = MACDEXT_INFO, .gives_known = 1, HQ_STEPS(macd_copy, macd_copy),
                              .parts = macdext_parts, .n_core = 3, .talib = &macdext_talib};
