/* Bands and channels: BBANDS and what is read off them, KELTNER, DONCHIAN, ACCBANDS, MIDPOINT, MIDPRICE. */
#include "indicator/ma.h"

static const char *const band_outputs[] = {"upper", "middle", "lower"};

HQ_COPY_STEP(copy_bands, hq_copy_together, 3)

/* --------------------------------------------------------------------- BBANDS */

static void bbands(HqBuilder *b, bool talib, uint32_t x, const double *params, uint32_t *core)
{
    uint32_t middle = hq_ma(b, talib, params[3], x, params[0]);
    uint32_t deviation = hq_over(b, &hq_row_stddev, x, params[0]);
    core[0] = hq_blend(b, middle, 1, deviation, params[1]);
    core[1] = middle;
    core[2] = hq_blend(b, middle, 1, deviation, -params[2]);
}

static void bbands_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    bbands(b, false, in[0], params, core);
}

static void bbands_talib_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    bbands(b, true, in[0], params, core);
}

static const HqParamInfo bbands_params[] = {
    HQ_WHOLE_PARAM("period", 2, (double)HQ_PERIOD_MAX, 20),
    HQ_NUMBER_PARAM("nbdevup", 0, 1e6, 2),
    HQ_NUMBER_PARAM("nbdevdn", 0, 1e6, 2),
    HQ_MATYPE_PARAM("matype"),
};
#define BBANDS_INFO                                                                              \
    {.code = 118, .is_public = 1, .name = "BBANDS", .title = "Bollinger bands around any average", \
     .formula = "MA(x, period, matype) + nbdevup * STDDEV(x, period), MA, MA - nbdevdn * STDDEV", \
     .source = "J. Bollinger, Bollinger on Bollinger Bands (2001), ch. 7; TA-Lib, function BBANDS", \
     .unit = "that of x", .cost = "O(1) amortised, O(period) at worst", HQ_INPUTS(hq_input_close), \
     HQ_PARAMS(bbands_params), HQ_OUTPUTS(band_outputs), .group = "overlap",                      \
     .talib_name = "BBANDS", .talib_note = "the moving average is in talib mode"}

const HqRow hq_row_bbands_talib = {
    .info = BBANDS_INFO, .gives_known = 1, HQ_STEPS(copy_bands, copy_bands),
    .parts = bbands_talib_parts, .n_core = 3,
};
const HqRow hq_row_bbands = {
    .info = BBANDS_INFO, .gives_known = 1, HQ_STEPS(copy_bands, copy_bands),
    .parts = bbands_parts, .n_core = 3, .talib = &hq_row_bbands_talib,
};

/* ------------------------------------------------------------------- BBP, BBW */

static const HqParamInfo width_params[] = {
    HQ_WHOLE_PARAM("period", 2, (double)HQ_PERIOD_MAX, 20),
    HQ_NUMBER_PARAM("k", 1e-6, 1e6, 2),
};

/* (x - lower) / (upper - lower) = 1/2 + z / 2k: from the exact z, not from rounded bands. */
static void bbp_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    core[0] = hq_affine(b, hq_over(b, &hq_row_zscore, in[0], params[0]), 1 / (2 * params[1]), 0.5);
}

const HqRow hq_row_bbp = {
    .info = {.code = 119, .is_public = 1, .name = "BBP", .title = "Bollinger %B",
             .formula = "(x - lower) / (upper - lower) of BOLL(x, period, k)",
             .source = "J. Bollinger, Bollinger on Bollinger Bands (2001), ch. 8; TradingView, BB %b",
             .unit = "1 at the upper band, 0 at the lower", .cost = "O(1) amortised, O(period) at worst",
             HQ_INPUTS(hq_input_close), HQ_PARAMS(width_params), HQ_OUTPUTS(hq_output_value),
             .group = "overlap"},
    .parts = bbp_parts, .n_core = 1,
};

static void bbw_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    core[0] = hq_ratio(b, hq_over(b, &hq_row_stddev, in[0], params[0]),
                       hq_over(b, &hq_row_sma, in[0], params[0]), 2 * params[1], NAN);
}

const HqRow hq_row_bbw = {
    .info = {.code = 120, .is_public = 1, .name = "BBW", .title = "Bollinger band width",
             .formula = "(upper - lower) / mid of BOLL(x, period, k)",
             .source = "J. Bollinger, Bollinger on Bollinger Bands (2001), ch. 8; TradingView, ta.bbw",
             .unit = "ratio", .cost = "O(1) amortised, O(period) at worst",
             HQ_INPUTS(hq_input_close), HQ_PARAMS(width_params), HQ_OUTPUTS(hq_output_value),
             .group = "overlap"},
    .parts = bbw_parts, .n_core = 1,
};

/* ---------------------------------------------------------- KELTNER, DONCHIAN */

static void channel(HqBuilder *b, uint32_t middle, uint32_t range, double k, uint32_t *core)
{
    core[0] = hq_blend(b, middle, 1, range, k);
    core[1] = middle;
    core[2] = hq_blend(b, middle, 1, range, -k);
}

static void keltner_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    uint32_t middle = hq_over(b, &hq_row_ema, in[2], params[0]);
    channel(b, middle, hq_build(b, &hq_row_atr, in, &params[1]), params[2], core);
}

/* TA-Lib averages the typical price, and begins both averages at the later one's first bar. */
static void keltner_talib_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    double first = params[0] - 1 > params[1] ? params[0] - 1 : params[1];
    uint32_t price = hq_skip(b, hq_build(b, &hq_row_typprice, in, NULL), first - (params[0] - 1));
    uint32_t range = hq_skip(b, hq_build(b, &hq_row_tr_talib, in, NULL), first - params[1]);
    channel(b, hq_over(b, &hq_row_ema_talib, price, params[0]),
            hq_over(b, &hq_row_rma, range, params[1]), params[2], core);
}

static const HqParamInfo keltner_params[] = {
    HQ_PERIOD_PARAM("period", 20),
    HQ_PERIOD_PARAM("atr_period", 10),
    HQ_NUMBER_PARAM("k", 0, 1e6, 2),
};
#define KELTNER_INFO                                                                           \
    {.code = 121, .is_public = 1, .name = "KELTNER", .title = "Keltner channels",              \
     .formula = "EMA(close, period) + k * ATR(atr_period), EMA, EMA - k * ATR",                \
     .source = "C. Keltner, How to Make Money in Commodities (1960), as changed by L. Raschke; TA-Lib, function KC", \
     .unit = "price", .cost = "O(1)", HQ_INPUTS(hq_input_high_low_close),                      \
     HQ_PARAMS(keltner_params), HQ_OUTPUTS(band_outputs), .group = "overlap",                  \
     .talib_name = "KC", .talib_note = "EMA of hlc3 and ATR, seeded with means that end at the same bar"}

const HqRow hq_row_keltner_talib = {
    .info = KELTNER_INFO, .gives_known = 1, HQ_STEPS(copy_bands, copy_bands),
    .parts = keltner_talib_parts, .n_core = 3,
};
const HqRow hq_row_keltner = {
    .info = KELTNER_INFO, .gives_known = 1, HQ_STEPS(copy_bands, copy_bands),
    .parts = keltner_parts, .n_core = 3, .talib = &hq_row_keltner_talib,
};

static uint32_t middle_of(HqBuilder *b, uint32_t high, uint32_t low)
{
    return hq_blend(b, high, 0.5, low, 0.5);
}

static void donchian_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    core[0] = hq_over(b, &hq_row_highest, in[0], params[0]);
    core[2] = hq_over(b, &hq_row_lowest, in[1], params[0]);
    core[1] = middle_of(b, core[0], core[2]);
}

static const HqParamInfo donchian_params[] = {HQ_PERIOD_PARAM("period", 20)};

const HqRow hq_row_donchian = {
    .info = {.code = 122, .is_public = 1, .name = "DONCHIAN", .title = "Donchian channel",
             .formula = "HIGHEST(high, period), the middle, LOWEST(low, period); the current bar included",
             .source = "R. Donchian; TA-Lib, function DONCHIAN; TradingView, Donchian Channels",
             .unit = "price", .cost = "O(1) amortised, O(period) at worst",
             HQ_INPUTS(hq_input_high_low), HQ_PARAMS(donchian_params), HQ_OUTPUTS(band_outputs),
             .group = "overlap", .talib_name = "DONCHIAN"},
    .keeps_range = 1, .gives_known = 1, HQ_STEPS(copy_bands, copy_bands),
    .parts = donchian_parts, .n_core = 3,
};

/* ------------------------------------------------------------------- ACCBANDS */

/* What the bands average: high * (1 + 4w) and low * (1 - 4w), w = (high - low) / (high + low). */
static double wing(double high, double low, double side)
{
    double sum = high + low, price = side > 0 ? high : low;
    return sum == 0 ? price : price * (1 + side * 4 * (high - low) / sum);
}

HQ_PURE_STEP(wing_step, wing(HQ_X(0), HQ_X(1), node->factor))

static void wing_init(HqNode *node, double *before, const double *params)
{
    (void)before;
    node->factor = params[0];
}

static const HqParamInfo wing_params[] = {HQ_NUMBER_PARAM("side", -1, 1, 1)};

const HqRow hq_row_wing = {
    .info = {.code = 4105, .name = "WING", .title = "What an acceleration band averages",
             .formula = "high * (1 + 4w) or low * (1 - 4w), w = (high - low) / (high + low)",
             .source = "TA-Lib, function ACCBANDS", .unit = "price", .cost = "O(1)",
             HQ_INPUTS(hq_input_high_low), HQ_PARAMS(wing_params), HQ_OUTPUTS(hq_output_value),
             .group = "overlap"},
    .gives_known = 1, .init = wing_init, HQ_STEPS(wing_step, wing_step),
};

static void accbands_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    uint32_t upper = hq_build(b, &hq_row_wing, in, HQ_LIST(1));
    uint32_t lower = hq_build(b, &hq_row_wing, in, HQ_LIST(-1));
    core[0] = hq_over(b, &hq_row_sma, upper, params[0]);
    core[1] = hq_over(b, &hq_row_sma, in[2], params[0]);
    core[2] = hq_over(b, &hq_row_sma, lower, params[0]);
}

const HqRow hq_row_accbands = {
    .info = {.code = 117, .is_public = 1, .name = "ACCBANDS", .title = "Acceleration bands",
             .formula = "SMA of high*(1+4w), of close, of low*(1-4w), w = (high-low)/(high+low)",
             .source = "P. Headley, Big Trends in Trading (2002); TA-Lib, function ACCBANDS",
             .unit = "price", .cost = "O(1) amortised, O(period) at worst",
             HQ_INPUTS(hq_input_high_low_close), HQ_PARAMS(donchian_params), HQ_OUTPUTS(band_outputs),
             .group = "overlap", .talib_name = "ACCBANDS"},
    .gives_known = 1, HQ_STEPS(copy_bands, copy_bands), .parts = accbands_parts, .n_core = 3,
};

/* -------------------------------------------------------- MIDPOINT, MIDPRICE */

static void midpoint_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    core[0] = middle_of(b, hq_over(b, &hq_row_highest, in[0], params[0]),
                        hq_over(b, &hq_row_lowest, in[0], params[0]));
}

static void midprice_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    core[0] = middle_of(b, hq_over(b, &hq_row_highest, in[0], params[0]),
                        hq_over(b, &hq_row_lowest, in[1], params[0]));
}

static const HqParamInfo mid_params[] = {HQ_PERIOD_PARAM("period", 14)};

const HqRow hq_row_midpoint = {
    .info = {.code = 115, .is_public = 1, .name = "MIDPOINT", .title = "Midpoint of a window",
             .formula = "(highest + lowest of x) / 2 over the last `period` values",
             .source = "TA-Lib, function MIDPOINT", .unit = "that of x",
             .cost = "O(1) amortised, O(period) at worst", HQ_INPUTS(hq_input_close),
             HQ_PARAMS(mid_params), HQ_OUTPUTS(hq_output_value), .group = "overlap",
             .talib_name = "MIDPOINT"},
    .parts = midpoint_parts, .n_core = 1,
};
const HqRow hq_row_midprice = {
    .info = {.code = 116, .is_public = 1, .name = "MIDPRICE", .title = "Middle of the price range",
             .formula = "(highest high + lowest low) / 2 over the last `period` bars",
             .source = "TA-Lib, function MIDPRICE", .unit = "price",
             .cost = "O(1) amortised, O(period) at worst", HQ_INPUTS(hq_input_high_low),
             HQ_PARAMS(mid_params), HQ_OUTPUTS(hq_output_value), .group = "overlap",
             .talib_name = "MIDPRICE"},
    .parts = midprice_parts, .n_core = 1,
};
