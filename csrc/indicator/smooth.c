/* WMA and averages of averages: DEMA, TEMA, T3, TRIMA, HMA, ZLEMA. */
#include "indicator/ma.h"

#define AVERAGE_INFO(id, label, long_title, meaning, where, params_list, work, note)            \
    {.code = id, .is_public = 1, .name = label, .title = long_title, .formula = meaning,        \
     .source = where, .unit = "that of x", .cost = work, HQ_INPUTS(hq_input_close),             \
     HQ_PARAMS(params_list), HQ_OUTPUTS(hq_output_value), .group = "overlap",                   \
     .talib_name = label, .talib_note = note}

#define WINDOWED "O(1) amortised, O(period) at worst"

static const HqParamInfo thirty[] = {HQ_PERIOD_PARAM("period", 30)};
static const HqParamInfo twenty[] = {HQ_PERIOD_PARAM("period", 20)};

/* ------------------------------------------------------------------------ WMA
 * Weights that grow by 1 a bar put it a third of the way from the middle of the least-squares line
 * to its end, so that both come from one fit. */

static void wma_init(HqNode *node, double *before, const double *params)
{
    (void)before;
    node->factor = (params[0] - 1) / 6;
}

HQ_PURE_STEP(wma_step, HQ_X(0) + node->factor * HQ_X(1))

/* A long window's plain sums lose digits when the pivot is its outlier. */
enum { WMA_PLAIN_MOST = 128 };

static void wma_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    core[0] = hq_build(b, params[0] <= WMA_PLAIN_MOST ? &hq_row_line : &hq_row_line_fit, in, params);
    core[1] = hq_output(core[0], 1);
}

const HqRow hq_row_wma = {
    .info = {.code = 100, .is_public = 1, .name = "WMA", .title = "Weighted moving average",
             .formula = "mean of the last `period` values weighted by 1 (oldest) to period (newest)",
             .source = "TA-Lib, function WMA", .unit = "that of x",
             .cost = "O(1) amortised, O(period) at worst", HQ_INPUTS(hq_input_close),
             HQ_PARAMS(hq_param_one_period), HQ_OUTPUTS(hq_output_value), .group = "overlap",
             .talib_name = "WMA"},
    .at_one = HQ_AT_ONE_INPUT, .keeps_range = 1, .gives_known = 1, .init = wma_init,
    HQ_STEPS(wma_step, wma_step), .parts = wma_parts, .n_core = 2,
};

/* ---------------------------------------------------------- EMAs of EMAs, in either mode */

/* e[0] = EMA(x), e[1] = EMA(e[0]), .. */
static void ema_chain(HqBuilder *b, const HqRow *ema, uint32_t x, double period, uint32_t *e, int n)
{
    for (int i = 0; i < n; i++)
        x = e[i] = hq_over(b, ema, x, period);
}

static uint32_t dema(HqBuilder *b, const HqRow *ema, uint32_t x, double period)
{
    uint32_t e[2];
    ema_chain(b, ema, x, period, e, 2);
    return hq_blend(b, e[0], 2, e[1], -1);
}

static uint32_t tema(HqBuilder *b, const HqRow *ema, uint32_t x, double period)
{
    uint32_t e[3];
    ema_chain(b, ema, x, period, e, 3);
    return hq_blend(b, hq_blend(b, e[0], 3, e[1], -3), 1, e[2], 1);
}

static uint32_t t3(HqBuilder *b, const HqRow *ema, uint32_t x, double period, double v)
{
    uint32_t e[6];
    ema_chain(b, ema, x, period, e, 6);
    double v2 = v * v, v3 = v2 * v;
    uint32_t low = hq_blend(b, e[5], -v3, e[4], 3 * (v2 + v3));
    uint32_t high = hq_blend(b, e[3], -6 * v2 - 3 * (v + v3), e[2], 1 + 3 * v + v3 + 3 * v2);
    return hq_blend(b, low, 1, high, 1);
}

#define TWO_MODES(name, call)                                                                     \
    static void name##_parts(HqBuilder *b, const uint32_t *in, const double *params,              \
                             uint32_t *core)                                                      \
    {                                                                                             \
        const HqRow *ema = &hq_row_ema;                                                           \
        core[0] = call;                                                                           \
    }                                                                                             \
    static void name##_talib_parts(HqBuilder *b, const uint32_t *in, const double *params,        \
                                   uint32_t *core)                                                \
    {                                                                                             \
        const HqRow *ema = &hq_row_ema_talib;                                                     \
        core[0] = call;                                                                           \
    }

TWO_MODES(dema, dema(b, ema, in[0], params[0]))
TWO_MODES(tema, tema(b, ema, in[0], params[0]))
TWO_MODES(t3, t3(b, ema, in[0], params[0], params[1]))

#define EMA_NOTE "each EMA is seeded with the mean of its first `period` values"
#define DEMA_INFO \
    AVERAGE_INFO(102, "DEMA", "Double exponential moving average", "2*e1 - e2, e1 = EMA(x), e2 = EMA(e1)", \
                 "P. Mulloy, Technical Analysis of Stocks & Commodities, January 1994", thirty, "O(1)", EMA_NOTE)
#define TEMA_INFO \
    AVERAGE_INFO(103, "TEMA", "Triple exponential moving average", \
                 "3*e1 - 3*e2 + e3, e1 = EMA(x), e2 = EMA(e1), e3 = EMA(e2)", \
                 "P. Mulloy, Technical Analysis of Stocks & Commodities, January 1994", thirty, "O(1)", EMA_NOTE)
static const HqParamInfo t3_params[] = {HQ_PERIOD_PARAM("period", 5), HQ_NUMBER_PARAM("vfactor", 0, 1, 0.7)};
#define T3_INFO \
    AVERAGE_INFO(107, "T3", "Tillson's T3", \
                 "-v^3*e6 + 3(v^2+v^3)*e5 - (6v^2+3v+3v^3)*e4 + (1+3v+v^3+3v^2)*e3, e1..e6 EMAs of each other", \
                 "T. Tillson, Technical Analysis of Stocks & Commodities, January 1998", t3_params, "O(1)", EMA_NOTE)

const HqRow hq_row_dema_talib = {.info = DEMA_INFO, .parts = dema_talib_parts, .n_core = 1};
const HqRow hq_row_dema = {.info = DEMA_INFO, .parts = dema_parts, .n_core = 1, .talib = &hq_row_dema_talib};
const HqRow hq_row_tema_talib = {.info = TEMA_INFO, .parts = tema_talib_parts, .n_core = 1};
const HqRow hq_row_tema = {.info = TEMA_INFO, .parts = tema_parts, .n_core = 1, .talib = &hq_row_tema_talib};
const HqRow hq_row_t3_talib = {.info = T3_INFO, .parts = t3_talib_parts, .n_core = 1};
const HqRow hq_row_t3 = {.info = T3_INFO, .parts = t3_parts, .n_core = 1, .talib = &hq_row_t3_talib};

/* --------------------------------------------------------------- TRIMA, HMA, ZLEMA */

static void trima_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    double half = floor((params[0] + 1) / 2), rest = params[0] + 1 - half;
    core[0] = hq_over(b, &hq_row_sma, hq_over(b, &hq_row_sma, in[0], half), rest);
}

const HqRow hq_row_trima = {
    .info = AVERAGE_INFO(104, "TRIMA", "Triangular moving average",
                         "SMA of SMA: lengths (period+1)/2 both, or period/2 and period/2+1 for an even one",
                         "TA-Lib, function TRIMA", thirty, WINDOWED, NULL),
    .parts = trima_parts, .n_core = 1,
};

static void hma_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    double half = floor(params[0] / 2), root = floor(sqrt(params[0]));
    uint32_t fast = hq_over(b, &hq_row_wma, in[0], half < 1 ? 1 : half);
    uint32_t slow = hq_over(b, &hq_row_wma, in[0], params[0]);
    core[0] = hq_over(b, &hq_row_wma, hq_blend(b, fast, 2, slow, -1), root);
}

const HqRow hq_row_hma = {
    .info = AVERAGE_INFO(106, "HMA", "Hull moving average",
                         "WMA(2*WMA(x, period/2) - WMA(x, period), sqrt(period)), lengths rounded down",
                         "A. Hull, alanhull.com/hull-moving-average; TradingView, ta.hma", twenty, WINDOWED, NULL),
    .parts = hma_parts, .n_core = 1,
};

static uint32_t zlema(HqBuilder *b, const HqRow *ema, uint32_t x, double period)
{
    uint32_t late = hq_over(b, &hq_row_lag, x, floor((period - 1) / 2));
    return hq_over(b, ema, hq_blend(b, x, 2, late, -1), period);
}

TWO_MODES(zlema, zlema(b, ema, in[0], params[0]))

#define ZLEMA_INFO \
    AVERAGE_INFO(127, "ZLEMA", "Zero-lag exponential moving average", \
                 "EMA(2*x - x[(period-1)/2], period), the lag rounded down", \
                 "J. Ehlers and R. Way, Zero Lag (Well, Almost), 2010; TA-Lib, function ZLEMA", thirty, "O(1)", EMA_NOTE)

const HqRow hq_row_zlema_talib = {.info = ZLEMA_INFO, .parts = zlema_talib_parts, .n_core = 1};
const HqRow hq_row_zlema = {.info = ZLEMA_INFO, .parts = zlema_parts, .n_core = 1, .talib = &hq_row_zlema_talib};
