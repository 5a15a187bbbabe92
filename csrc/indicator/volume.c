/* OBV, PVT, AD, ADOSC and CMF: what volume adds up to. */
#include "indicator/pair.h"
#include "indicator/pieces.h"

/* ------------------------------------------------------------ a running total */

/* Behind the output: the total, as a pair, so that what cancels later leaves no trace. */
enum { TOTAL_HIGH = 1, TOTAL_LOW = 2, TOTAL_MEMORY = 2 };

static void total_init(HqNode *node, double *before, const double *params)
{
    (void)node;
    (void)params;
    before[TOTAL_HIGH] = before[TOTAL_LOW] = 0;
}

/* An unknown term leaves the total unmoved and is answered by unknown: false. */
static inline bool total_step(double term, double *now, const double *then)
{
    HqPair old = {then[TOTAL_HIGH], then[TOTAL_LOW]}, sum = hq_pair_add(old, (HqPair){term, 0});
    double total = sum.high + sum.low;
    if (HQ_UNLIKELY(!(fabs(total) <= DBL_MAX))) {
        now[TOTAL_HIGH] = old.high;
        now[TOTAL_LOW] = old.low;
        now[0] = (double)NAN;
        return false;
    }
    now[TOTAL_HIGH] = sum.high;
    now[TOTAL_LOW] = sum.low;
    now[0] = total;
    return true;
}

/* -------------------------------------------------------------------- OBV, PVT */

/* A total that looks at the price of the last bar it has counted. */
enum { TREND_LAST = 1 + TOTAL_MEMORY, TREND_MEMORY = TOTAL_MEMORY + 1 };

static inline void trend_add(double term, double price, double *now, const double *then)
{
    if (HQ_LIKELY(total_step(term, now, then))) /* a branch: the next bar does not wait for the sum */
        now[TREND_LAST] = price;
    else
        now[TREND_LAST] = then[TREND_LAST];
}

static void obv_step(const HqNode *node, double *line, double *before)
{
    const double *then = before + node->out;
    double x = line[node->in[0]], volume = line[node->in[1]], last = then[TREND_LAST];
    double term = (1 - 2 * (x < last) - (x == last)) * volume; /* no branch: prices are no pattern */
    trend_add(hq_is_unknown(x) ? x : term, x, line + node->out, then);
}

HQ_CHAIN(obv_step, obv_step)
HQ_SPAN(obv_step, 1, 3)

const HqRow hq_row_obv = {
    .info = {.code = 228, .is_public = 1, .name = "OBV", .title = "On-balance volume",
             .formula = "first volume; then + volume where x rises, - volume where it falls",
             .source = "J. Granville, New Key to Stock Market Profits (1963); TA-Lib, function OBV",
             .unit = "volume", .cost = "O(1)",
             .n_inputs = 2, .inputs = hq_input_close_volume,
             .n_outputs = 1, .outputs = hq_output_value, .group = "volume", .talib_name = "OBV"},
    .n_memory = TREND_MEMORY, .init = total_init, HQ_STEPS(obv_step, obv_step),
    .warmup = hq_warmup_none,
};

static void pvt_step(const HqNode *node, double *line, double *before)
{
    const double *then = before + node->out;
    double x = line[node->in[0]], volume = line[node->in[1]], last = then[TREND_LAST];
    double term = (x - last) / last * volume;
    if (HQ_UNLIKELY(hq_is_unknown(last) || last == 0))
        term = 0 * (x + volume);
    trend_add(term, x, line + node->out, then);
}

HQ_CHAIN(pvt_step, pvt_step)
HQ_SPAN(pvt_step, 1, 3)

const HqRow hq_row_pvt = {
    .info = {.code = 232, .is_public = 1, .name = "PVT", .title = "Price volume trend",
             .formula = "0; then + volume * (x - x[1]) / x[1], nothing where x[1] is 0",
             .source = "TradingView, ta.pvt; TA-Lib, function PVT",
             .unit = "volume", .cost = "O(1)",
             .n_inputs = 2, .inputs = hq_input_close_volume,
             .n_outputs = 1, .outputs = hq_output_value, .group = "volume", .talib_name = "PVT"},
    .n_memory = TREND_MEMORY, .init = total_init, HQ_STEPS(pvt_step, pvt_step),
    .warmup = hq_warmup_none,
};

/* ------------------------------------------------------------------ AD and ADOSC */

/* In all of volume where close = high, in none where it is in the middle, out where it is low. */
static void money_flow_step(const HqNode *node, double *line, double *before)
{
    double high = line[node->in[0]], low = line[node->in[1]], close = line[node->in[2]];
    double volume = line[node->in[3]], range = high - low;
    double share = ((close - low) - (high - close)) / range;
    (void)before;
    line[node->out] = (range > 0 ? share : 0 * (range + close)) * volume;
}

HQ_CHAIN(money_flow_step, money_flow_step)
HQ_SPAN_FREE(money_flow_step, 1)

const HqRow hq_row_money_flow_volume = {
    .info = {.code = 4212, .name = "MONEY_FLOW_VOLUME", .title = "Money flow volume",
             .formula = "volume * ((close - low) - (high - close)) / (high - low); 0 unless high > low",
             .source = "TA-Lib, function AD", .unit = "volume", .cost = "O(1)",
             .n_inputs = 4, .inputs = hq_input_high_low_close_volume,
             .n_outputs = 1, .outputs = hq_output_value, .group = "volume"},
    HQ_STEPS(money_flow_step, money_flow_step), .warmup = hq_warmup_none,
};

static void ad_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    core[0] = hq_build(b, &hq_row_money_flow_volume, in, params);
}

static void ad_step(const HqNode *node, double *line, double *before)
{
    double *now = line + node->out;
    total_step(line[node->in[0]], now, before + node->out);
}

HQ_CHAIN(ad_step, ad_step)
HQ_SPAN(ad_step, 1, 2)

const HqRow hq_row_ad = {
    .info = {.code = 229, .is_public = 1, .name = "AD", .title = "Accumulation/distribution line",
             .formula = "sum from the first bar of volume * ((close - low) - (high - close)) / "
                        "(high - low), nothing unless high > low",
             .source = "M. Chaikin, in S. Achelis, Technical Analysis from A to Z (2000)",
             .unit = "volume", .cost = "O(1)",
             .n_inputs = 4, .inputs = hq_input_high_low_close_volume,
             .n_outputs = 1, .outputs = hq_output_value, .group = "volume", .talib_name = "AD"},
    .n_memory = TOTAL_MEMORY, .init = total_init, HQ_STEPS(ad_step, ad_step),
    .parts = ad_parts, .n_core = 1,
};

static void adosc_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    uint32_t ad = hq_build(b, &hq_row_ad, in, NULL);
    core[0] = hq_minus(b, hq_over(b, &hq_row_ema, ad, params[0]), hq_over(b, &hq_row_ema, ad, params[1]));
}

/* TA-Lib seeds its averages as seed mode does, but holds back the first values. */
static void adosc_talib_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    adosc_parts(b, in, params, core);
    core[0] = hq_skip(b, core[0], (params[0] > params[1] ? params[0] : params[1]) - 1);
}

#define EMA_PERIOD(label, fallback)                                                               \
    {.name = label, .minimum = 2, .maximum = (double)HQ_PERIOD_MAX, .default_value = fallback,    \
     .is_integer = 1}
static const HqParamInfo adosc_params[] = {EMA_PERIOD("fast", 3), EMA_PERIOD("slow", 10)};

#define ADOSC_INFO                                                                                \
    {.code = 230, .is_public = 1, .name = "ADOSC", .title = "Chaikin oscillator",                 \
     .formula = "EMA(AD, fast) - EMA(AD, slow)",                                                  \
     .source = "M. Chaikin, in S. Achelis, Technical Analysis from A to Z (2000)",                \
     .unit = "volume", .cost = "O(1)",                                                            \
     .n_inputs = 4, .inputs = hq_input_high_low_close_volume,                                     \
     .n_params = 2, .params = adosc_params,                                                       \
     .n_outputs = 1, .outputs = hq_output_value, .group = "volume", .talib_name = "ADOSC",        \
     .talib_note = "the values before bar max(fast, slow) - 1 are held back"}

static const HqRow adosc_talib = {.info = ADOSC_INFO, .parts = adosc_talib_parts, .n_core = 1};

const HqRow hq_row_adosc = {
    .info = ADOSC_INFO, .parts = adosc_parts, .n_core = 1, .talib = &adosc_talib,
};

/* ------------------------------------------------------------------------- CMF */

static uint32_t cmf(HqBuilder *b, const uint32_t *in, double period, double without_volume)
{
    uint32_t flow = hq_build(b, &hq_row_money_flow_volume, in, NULL);
    return hq_ratio(b, hq_over(b, &hq_row_sum, flow, period), hq_over(b, &hq_row_sum, in[3], period),
                    1, without_volume);
}

static void cmf_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    core[0] = cmf(b, in, params[0], (double)NAN);
}

static void cmf_talib_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    core[0] = cmf(b, in, params[0], 0);
}

static const HqParamInfo cmf_params[] = {HQ_PERIOD_PARAM("period", 20)};

#define CMF_INFO                                                                                  \
    {.code = 231, .is_public = 1, .name = "CMF", .title = "Chaikin money flow",                   \
     .formula = "SUM(volume * ((close - low) - (high - close)) / (high - low), period) / "        \
                "SUM(volume, period); unknown without volume",                                    \
     .source = "TradingView, Chaikin Money Flow; TA-Lib, function CMF",                           \
     .unit = "ratio", .cost = "O(1) amortised, O(period) at worst",                               \
     .n_inputs = 4, .inputs = hq_input_high_low_close_volume,                                     \
     .n_params = 1, .params = cmf_params,                                                         \
     .n_outputs = 1, .outputs = hq_output_value, .group = "volume", .talib_name = "CMF",          \
     .talib_note = "0 when the window has no volume"}

static const HqRow cmf_talib = {.info = CMF_INFO, .parts = cmf_talib_parts, .n_core = 1};

const HqRow hq_row_cmf = {
    .info = CMF_INFO, .parts = cmf_parts, .n_core = 1, .talib = &cmf_talib,
};
