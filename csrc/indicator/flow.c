/* Volume with price and by itself: EFI, MARKETFI, NVI, PVI, PVO, RVOL; WAD; ranges of bars: ADR, CVI, MASSI. */
#include "indicator/classic.h"

#define VALUE hq_output_value
#define EMA_NOTE "each EMA is seeded with the mean of its first `period` values"

static const HqInputInfo close_volume[] = {
    {.name = "close", .field = 3, .is_implicit = 1}, {.name = "volume", .field = 4, .is_implicit = 1}};
static const HqInputInfo high_low_volume[] = {
    {.name = "high", .field = 1, .is_implicit = 1}, {.name = "low", .field = 2, .is_implicit = 1},
    {.name = "volume", .field = 4, .is_implicit = 1}};
static const HqInputInfo only_volume[] = {{.name = "volume", .field = 4, .is_implicit = 1}};
static const HqParamInfo period_13[] = {HQ_PERIOD_PARAM("period", 13)};
static const HqParamInfo period_14[] = {HQ_PERIOD_PARAM("period", 14)};
static const HqParamInfo period_20[] = {HQ_PERIOD_PARAM("period", 20)};

/* ------------------------------------------------------------- EFI, MARKETFI */

HQ_TWO_MODES(efi, HQ_CLASSIC(240, "EFI", "Elder's force index", "EMA(change of close * volume, period)",
                             "A. Elder, Trading for a Living (1993), ch. 6", "price times volume", close_volume,
                             period_13, VALUE, "volume", EMA_NOTE),
             hq_over(b, m->ema, hq_product(b, hq_change_of(b, in[0], 1), in[1]), params[0]))

#define MARKETFI_INFO                                                                                    \
    HQ_PLAIN(241, "MARKETFI", "Market facilitation index", "(high - low) / volume",                      \
             "B. Williams, Trading Chaos (1995)", "price a unit of volume", high_low_volume, VALUE, "volume")

HQ_PURE_STEP(facilitation, HQ_X(2) != 0 ? (HQ_X(0) - HQ_X(1)) / HQ_X(2) : 0 * (HQ_X(0) - HQ_X(1)))

const HqRow hq_row_marketfi = {
    .info = MARKETFI_INFO, .gives_known = 1, HQ_STEPS(facilitation, facilitation)};

/* ------------------------------------------------------------------ NVI, PVI */

enum { INDEX_VALUE = 1 }; /* memory: unmoved by unknowns */

static void index_init(HqNode *node, double *before, const double *params)
{
    (void)node;
    (void)params;
    before[INDEX_VALUE] = 1000;
}

/* Moves with the close on bars whose volume fell (side -1) or rose (side 1). */
static void volume_index(const HqNode *node, double *line, double *before, double side)
{
    double *now = line + node->out, value = before[node->out + INDEX_VALUE];
    double close = HQ_X(0), volume = HQ_X(1);
    double last = before[node->in[0]], last_volume = before[node->in[1]];
    double moved = side * (volume - last_volume) > 0 && last != 0 ? value * (close / last) : value;
    now[INDEX_VALUE] = fabs(moved) <= DBL_MAX ? moved : value;
    now[0] = hq_is_unknown(close) || hq_is_unknown(volume) ? (double)NAN : now[INDEX_VALUE];
}

static void nvi_step(const HqNode *node, double *line, double *before)
{
    volume_index(node, line, before, -1);
}

static void pvi_step(const HqNode *node, double *line, double *before)
{
    volume_index(node, line, before, 1);
}

HQ_CHAIN(nvi_step, nvi_step)
HQ_SPAN(nvi_step, 1, 1)
HQ_CHAIN(pvi_step, pvi_step)
HQ_SPAN(pvi_step, 1, 1)

const HqRow hq_row_nvi = {
    .info = HQ_PLAIN(242, "NVI", "Negative volume index",
                     "1000 at first; moves as the close does on bars whose volume fell",
                     "P. Dysart (1936); N. Fosback, Stock Market Logic (1976)", "index", close_volume, VALUE,
                     "volume"),
    .n_memory = 1, .gives_known = 1, .init = index_init, HQ_STEPS(nvi_step, nvi_step),
};
const HqRow hq_row_pvi = {
    .info = HQ_PLAIN(243, "PVI", "Positive volume index",
                     "1000 at first; moves as the close does on bars whose volume rose",
                     "P. Dysart (1936); N. Fosback, Stock Market Logic (1976)", "index", close_volume, VALUE,
                     "volume"),
    .n_memory = 1, .gives_known = 1, .init = index_init, HQ_STEPS(pvi_step, pvi_step),
};

/* ----------------------------------------------------------------- PVO, RVOL */

static const HqParamInfo pvo_params[] = {
    HQ_PERIOD_PARAM("fast", 12), HQ_PERIOD_PARAM("slow", 26), HQ_WHOLE_PARAM("matype", 0, 13, 1)};

static uint32_t volume_oscillator(const HqModeRows *m, HqBuilder *b, const uint32_t *in, const double *params)
{
    return hq_build(b, hq_row_in_mode(&hq_row_ppo, m->talib ? HQ_MODE_TALIB : HQ_MODE_SEED), in, params);
}

HQ_TWO_MODES(pvo, HQ_CLASSIC(244, "PVO", "Percentage volume oscillator", "PPO of volume",
                             "TA-Lib, function PVO", "per cent", only_volume, pvo_params, VALUE, "volume",
                             "the moving averages are in talib mode; 0 where the slow one is 0"),
             volume_oscillator(m, b, in, params))

HQ_ONE_MODE(rvol, HQ_CLASSIC(245, "RVOL", "Relative volume", "volume / SMA(volume, period)[1]",
                             "TA-Lib, function RVOL", "ratio", only_volume, period_20, VALUE, "volume", NULL),
            hq_ratio(b, in[0], hq_over(b, &hq_row_lag, hq_over(b, &hq_row_sma, in[0], params[0]), 1), 1, NAN))

/* ----------------------------------------------------------------------- WAD */

enum { WAD_SUM = 1 };

static void wad_init(HqNode *node, double *before, const double *params)
{
    (void)node;
    (void)params;
    before[WAD_SUM] = 0;
}

static void wad_step(const HqNode *node, double *line, double *before)
{
    double *now = line + node->out, sum = before[node->out + WAD_SUM], last = before[node->in[2]];
    double high = HQ_X(0), low = HQ_X(1), close = HQ_X(2), move = 0;
    if (close > last)
        move = close - (low < last ? low : last);
    else if (close < last)
        move = close - (high > last ? high : last);
    bool is_known = fabs(sum + move) <= DBL_MAX && !hq_is_unknown(high + low + close);
    now[WAD_SUM] = is_known ? sum + move : sum;
    now[0] = is_known ? now[WAD_SUM] : (double)NAN;
}

HQ_CHAIN(wad_step, wad_step)
HQ_SPAN(wad_step, 1, 1)

const HqRow hq_row_wad = {
    .info = HQ_PLAIN(194, "WAD", "Williams accumulation/distribution",
                     "sum of close - min(low, close[1]) on rising, close - max(high, close[1]) on falling bars",
                     "L. Williams, How I Made One Million Dollars (1973)", "price", hq_input_high_low_close,
                     VALUE, "momentum"),
    .n_memory = 1, .gives_known = 1, .init = wad_init, HQ_STEPS(wad_step, wad_step),
};

/* ------------------------------------------------------------- ADR, CVI, MASSI */

HQ_ONE_MODE(adr, HQ_CLASSIC(246, "ADR", "Average range of a bar", "SMA(high - low, period)",
                            "TA-Lib, function ADR", "price", hq_input_high_low, period_14, VALUE, "volatility",
                            NULL),
            hq_over(b, &hq_row_sma, hq_minus(b, in[0], in[1]), params[0]))

static const HqParamInfo cvi_params[] = {HQ_PERIOD_PARAM("period", 10), HQ_PERIOD_PARAM("roc", 10)};

static uint32_t chaikin_volatility(const HqModeRows *m, HqBuilder *b, const uint32_t *in, const double *params)
{
    uint32_t range = hq_over(b, m->ema, hq_minus(b, in[0], in[1]), params[0]);
    const HqRow *roc = hq_row_in_mode(&hq_row_roc, m->talib ? HQ_MODE_TALIB : HQ_MODE_SEED);
    return hq_over(b, roc, range, params[1]);
}

HQ_TWO_MODES(cvi, HQ_CLASSIC(247, "CVI", "Chaikin volatility", "ROC(EMA(high - low, period), roc)",
                             "TA-Lib, function CVI", "per cent", hq_input_high_low, cvi_params, VALUE,
                             "volatility", EMA_NOTE "; 0 where there was no range"),
             chaikin_volatility(m, b, in, params))

static const HqParamInfo massi_params[] = {HQ_PERIOD_PARAM("fast", 9), HQ_PERIOD_PARAM("slow", 25)};

static uint32_t mass(const HqModeRows *m, HqBuilder *b, const uint32_t *in, const double *params)
{
    uint32_t once = hq_over(b, m->ema, hq_minus(b, in[0], in[1]), params[0]);
    uint32_t ratio = hq_ratio(b, once, hq_over(b, m->ema, once, params[0]), 1, m->talib ? 1 : NAN);
    return hq_over(b, &hq_row_sum, ratio, params[1]);
}

HQ_TWO_MODES(massi, HQ_CLASSIC(248, "MASSI", "Mass index",
                               "SUM(EMA(high - low, fast) / EMA(EMA(high - low, fast), fast), slow)",
                               "D. Dorsey, Technical Analysis of Stocks & Commodities, June 1992", "about slow",
                               hq_input_high_low, massi_params, VALUE, "volatility",
                               EMA_NOTE "; a ratio of 0 to 0 counts as 1"),
             mass(m, b, in, params))
