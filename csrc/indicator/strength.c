/* Oscillators of speed and strength that are made of averages: AO to VORTEX. */
#include "indicator/classic.h"

#define VALUE hq_output_value
#define EMA_NOTE "each EMA is seeded with the mean of its first `period` values"

static const HqParamInfo ao_params[] = {HQ_PERIOD_PARAM("fast", 5), HQ_PERIOD_PARAM("slow", 34)};
static const HqParamInfo ac_params[] = {
    HQ_PERIOD_PARAM("fast", 5), HQ_PERIOD_PARAM("slow", 34), HQ_PERIOD_PARAM("signal", 5)};
static const HqParamInfo coppock_params[] = {
    HQ_PERIOD_PARAM("wma", 10), HQ_PERIOD_PARAM("roc1", 11), HQ_PERIOD_PARAM("roc2", 14)};
static const HqParamInfo tsi_params[] = {HQ_PERIOD_PARAM("first", 25), HQ_PERIOD_PARAM("second", 13)};
static const HqParamInfo smi_params[] = {
    HQ_PERIOD_PARAM("period", 13), HQ_PERIOD_PARAM("fast", 2), HQ_PERIOD_PARAM("slow", 25),
    HQ_PERIOD_PARAM("signal", 9)};
static const HqParamInfo rvi_params[] = {HQ_PERIOD_PARAM("period", 14), HQ_PERIOD_PARAM("stddev", 10)};
static const HqParamInfo period_10[] = {HQ_PERIOD_PARAM("period", 10)};
static const HqParamInfo period_13[] = {HQ_PERIOD_PARAM("period", 13)};
static const HqParamInfo period_14[] = {HQ_PERIOD_PARAM("period", 14)};
static const HqParamInfo period_20[] = {HQ_PERIOD_PARAM("period", 20)};
static const HqParamInfo period_28[] = {HQ_PERIOD_PARAM("period", 28)};
static const HqParamInfo line_5[] = {HQ_WHOLE_PARAM("period", 2, (double)HQ_PERIOD_MAX, 5)};

/* --------------------------------------------------------------------- AO, AC */

static uint32_t awesome(HqBuilder *b, const uint32_t *in, const double *params)
{
    uint32_t price = hq_build(b, &hq_row_medprice, in, NULL);
    return hq_minus(b, hq_over(b, &hq_row_sma, price, params[0]), hq_over(b, &hq_row_sma, price, params[1]));
}

HQ_ONE_MODE(ao, HQ_CLASSIC(179, "AO", "Awesome oscillator", "SMA(hl2, fast) - SMA(hl2, slow)",
                           "B. Williams, New Trading Dimensions (1998)", "price", hq_input_high_low,
                           ao_params, VALUE, "momentum", NULL),
            awesome(b, in, params))

static uint32_t accelerator(HqBuilder *b, const uint32_t *in, const double *params)
{
    uint32_t ao = awesome(b, in, params);
    return hq_minus(b, ao, hq_over(b, &hq_row_sma, ao, params[2]));
}

HQ_ONE_MODE(ac, HQ_CLASSIC(180, "AC", "Accelerator oscillator", "AO - SMA(AO, signal)",
                           "B. Williams, New Trading Dimensions (1998)", "price", hq_input_high_low,
                           ac_params, VALUE, "momentum", NULL),
            accelerator(b, in, params))

/* ---------------------------------------------------------------- COPPOCK, DPO */

static uint32_t coppock(const HqModeRows *m, HqBuilder *b, uint32_t x, const double *params)
{
    const HqRow *roc = hq_row_in_mode(&hq_row_roc, m->talib ? HQ_MODE_TALIB : HQ_MODE_SEED);
    uint32_t both = hq_blend(b, hq_over(b, roc, x, params[1]), 1, hq_over(b, roc, x, params[2]), 1);
    return hq_over(b, &hq_row_wma, both, params[0]);
}

HQ_TWO_MODES(coppock, HQ_CLASSIC(181, "COPPOCK", "Coppock curve", "WMA(ROC(x, roc1) + ROC(x, roc2), wma)",
                                 "E. Coppock, Barron's, 15 October 1962", "per cent", hq_input_close,
                                 coppock_params, VALUE, "momentum", "ROC is 0 where x[period] is 0"),
             coppock(m, b, in[0], params))

HQ_ONE_MODE(dpo, HQ_CLASSIC(182, "DPO", "Detrended price oscillator",
                            "x[period/2 + 1] - SMA(x, period), the lag rounded down",
                            "TA-Lib, function DPO; TradingView, Detrended Price Oscillator", "that of x",
                            hq_input_close, period_20, VALUE, "momentum", NULL),
            hq_minus(b, hq_over(b, &hq_row_lag, in[0], floor(params[0] / 2) + 1),
                     hq_over(b, &hq_row_sma, in[0], params[0])))

/* ------------------------------------------------------------------- ER, VHF */

static uint32_t path(HqBuilder *b, uint32_t x, double period)
{
    return hq_over(b, &hq_row_sum, hq_absolute(b, hq_change_of(b, x, 1)), period);
}

HQ_TWO_MODES(er, HQ_CLASSIC(183, "ER", "Efficiency ratio", "|x - x[period]| / sum of |changes|",
                            "P. Kaufman, Trading Systems and Methods (5th ed., 2013), ch. 17", "0..1",
                            hq_input_close, period_10, VALUE, "momentum", "1 where nothing moved"),
             hq_ratio(b, hq_absolute(b, hq_change_of(b, in[0], params[0])), path(b, in[0], params[0]), 1,
                      m->talib ? 1 : NAN))

static uint32_t extent(HqBuilder *b, uint32_t x, double period)
{
    return hq_minus(b, hq_over(b, &hq_row_highest, x, period), hq_over(b, &hq_row_lowest, x, period));
}

HQ_TWO_MODES(vhf, HQ_CLASSIC(184, "VHF", "Vertical horizontal filter",
                             "(HIGHEST(x, period) - LOWEST(x, period)) / sum of |changes|",
                             "A. White, Futures, August 1991", "0..1", hq_input_close, period_28, VALUE,
                             "momentum", "0 where nothing moved"),
             hq_ratio(b, extent(b, in[0], params[0]), path(b, in[0], params[0]), 1, m->at_zero))

/* ------------------------------------------------------------ ERI, FOSC, QSTICK */

static const char *const eri_outputs[] = {"bull_power", "bear_power"};

HQ_COPY_STEP(copy_two, hq_copy_together, 2)

static void eri(const HqModeRows *m, HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    uint32_t average = hq_over(b, m->ema, in[2], params[0]);
    core[0] = hq_minus(b, in[0], average);
    core[1] = hq_minus(b, in[1], average);
}

HQ_TWO_MODES_OF(eri, HQ_CLASSIC(185, "ERI", "Elder ray index", "high - EMA(close), low - EMA(close)",
                                "A. Elder, Trading for a Living (1993), ch. 5", "price",
                                hq_input_high_low_close, period_13, eri_outputs, "momentum", EMA_NOTE),
                copy_two, 2, eri)

static uint32_t forecast_error(const HqModeRows *m, HqBuilder *b, uint32_t x, double period)
{
    uint32_t forecast = hq_over(b, &hq_row_lag, hq_over(b, &hq_row_tsf, x, period), 1);
    return hq_ratio(b, hq_minus(b, x, forecast), x, 100, m->at_zero);
}

HQ_TWO_MODES(fosc, HQ_CLASSIC(186, "FOSC", "Forecast oscillator", "100 * (x - TSF(x, period)[1]) / x",
                              "T. Chande and S. Kroll, The New Technical Trader (1994)", "per cent",
                              hq_input_close, line_5, VALUE, "momentum", "0 where x is 0"),
             forecast_error(m, b, in[0], params[0]))

static const HqInputInfo open_close[] = {
    {.name = "open", .field = 0, .is_implicit = 1}, {.name = "close", .field = 3, .is_implicit = 1}};

HQ_ONE_MODE(qstick, HQ_CLASSIC(187, "QSTICK", "Qstick", "SMA(close - open, period)",
                               "T. Chande and S. Kroll, The New Technical Trader (1994)", "price", open_close,
                               period_10, VALUE, "momentum", NULL),
            hq_over(b, &hq_row_sma, hq_minus(b, in[1], in[0]), params[0]))

/* ------------------------------------------------------------------ TSI, SMI */

static uint32_t twice(HqBuilder *b, const HqRow *ema, uint32_t x, double first, double second)
{
    return hq_over(b, ema, hq_over(b, ema, x, first), second);
}

static uint32_t true_strength(const HqModeRows *m, HqBuilder *b, uint32_t x, const double *params)
{
    uint32_t change = hq_change_of(b, x, 1);
    uint32_t size = twice(b, m->ema, hq_absolute(b, change), params[0], params[1]);
    return hq_ratio(b, twice(b, m->ema, change, params[0], params[1]), size, 100, m->at_zero);
}

HQ_TWO_MODES(tsi, HQ_CLASSIC(188, "TSI", "True strength index",
                             "100 * EMA(EMA(change, first), second) / EMA(EMA(|change|, first), second)",
                             "W. Blau, Momentum, Direction, and Divergence (1995)", "-100..100",
                             hq_input_close, tsi_params, VALUE, "momentum", EMA_NOTE "; 0 where nothing moved"),
             true_strength(m, b, in[0], params))

static const char *const smi_outputs[] = {"smi", "signal"};

static void stochastic_momentum(const HqModeRows *m, HqBuilder *b, const uint32_t *in, const double *params,
                                uint32_t *core)
{
    uint32_t highest = hq_over(b, &hq_row_highest, in[0], params[0]);
    uint32_t lowest = hq_over(b, &hq_row_lowest, in[1], params[0]);
    uint32_t distance = hq_minus(b, in[2], hq_blend(b, highest, 0.5, lowest, 0.5));
    uint32_t top = twice(b, m->ema, distance, params[2], params[1]);
    uint32_t range = twice(b, m->ema, hq_minus(b, highest, lowest), params[2], params[1]);
    core[0] = hq_ratio(b, top, range, 200, m->at_zero);
    core[1] = hq_over(b, m->ema, core[0], params[3]);
}

HQ_TWO_MODES_OF(smi, HQ_CLASSIC(189, "SMI", "Stochastic momentum index",
                                "200 * E(close - middle) / E(range) of the last `period` bars, E = EMA(EMA(slow), "
                                "fast); EMA(signal) of that",
                                "W. Blau, Momentum, Direction, and Divergence (1995)", "-100..100",
                                hq_input_high_low_close, smi_params, smi_outputs, "momentum",
                                EMA_NOTE "; 0 where there is no range; both outputs begin together"),
                copy_two, 2, stochastic_momentum)

/* ----------------------------------------------------------------- CMOU, RVI */

/* 100 * (up - down) / (up + down) */
static uint32_t balance(HqBuilder *b, uint32_t up, uint32_t down, double scale, double at_zero)
{
    uint32_t sum = hq_blend(b, up, 1, down, 1);
    return hq_ratio(b, hq_minus(b, up, down), sum, scale, at_zero);
}

static uint32_t chande(const HqModeRows *m, HqBuilder *b, uint32_t x, double period)
{
    uint32_t both = hq_over(b, &hq_row_gain_loss, hq_change_of(b, x, 1), 0);
    return balance(b, hq_over(b, &hq_row_sum, both, period),
                   hq_over(b, &hq_row_sum, hq_output(both, 1), period), 100, m->at_zero);
}

HQ_TWO_MODES(cmou, HQ_CLASSIC(190, "CMOU", "Chande momentum oscillator of plain sums",
                              "100 * (gains - losses) / (gains + losses) of the last `period` changes",
                              "T. Chande and S. Kroll, The New Technical Trader (1994)", "-100..100",
                              hq_input_close, period_14, VALUE, "momentum", "0 where nothing moved"),
             chande(m, b, in[0], params[0]))

/* x where the series rose, and where it fell; 0 elsewhere. */
static void by_direction(const HqNode *node, double *line, double *before)
{
    double *now = line + node->out, x = HQ_X(0), change = HQ_X(1);
    (void)before;
    now[0] = change > 0 ? x : 0 * change * x;
    now[1] = change < 0 ? x : 0 * change * x;
}

HQ_CHAIN(by_direction, by_direction)
HQ_SPAN_FREE(by_direction, 2)

static const HqInputInfo direction_inputs[] = {{.name = "x", .field = -1}, {.name = "change", .field = -1}};
static const char *const direction_outputs[] = {"up", "down"};

const HqRow hq_row_by_direction = {
    .info = {.code = 4115, .name = "BY_DIRECTION", .title = "A series told apart by another's sign",
             .formula = "x where change > 0, x where change < 0, 0 elsewhere", .source = "hquant",
             .unit = "that of x", .cost = "O(1)", HQ_INPUTS(direction_inputs),
             HQ_OUTPUTS(direction_outputs), .group = "momentum"},
    HQ_STEPS(by_direction, by_direction),
};

static uint32_t relative_volatility(const HqModeRows *m, HqBuilder *b, uint32_t x, const double *params)
{
    uint32_t deviation = hq_over(b, &hq_row_stddev, x, params[1]), change = hq_change_of(b, x, 1);
    uint32_t both = hq_build(b, &hq_row_by_direction, HQ_SLOTS(deviation, change), NULL);
    uint32_t up = hq_over(b, &hq_row_rma, both, params[0]);
    uint32_t down = hq_over(b, &hq_row_rma, hq_output(both, 1), params[0]);
    return hq_ratio(b, up, hq_blend(b, up, 1, down, 1), 100, m->talib ? 50 : NAN);
}

HQ_TWO_MODES(rvi, HQ_CLASSIC(191, "RVI", "Relative volatility index",
                             "100 * U / (U + D), U and D RMA(period) of STDDEV(x, stddev) on rising and falling bars",
                             "D. Dorsey, Technical Analysis of Stocks & Commodities, June 1993", "0..100",
                             hq_input_close, rvi_params, VALUE, "volatility", "50 where nothing moved"),
             relative_volatility(m, b, in[0], params))

/* -------------------------------------------------------------------- VORTEX */

static const char *const vortex_outputs[] = {"plus", "minus"};

static void vortex(const HqModeRows *m, HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    uint32_t range = hq_over(b, &hq_row_sum, hq_build(b, &hq_row_tr_talib, in, NULL), params[0]);
    for (int side = 0; side < 2; side++) {
        uint32_t last = hq_over(b, &hq_row_lag, in[1 - side], 1);
        uint32_t moved = hq_over(b, &hq_row_sum, hq_absolute(b, hq_minus(b, in[side], last)), params[0]);
        core[side] = hq_ratio(b, moved, range, 1, m->at_zero);
    }
}

HQ_TWO_MODES_OF(vortex, HQ_CLASSIC(192, "VORTEX", "Vortex indicator",
                                   "SUM(|high - low[1]|) / SUM(TRANGE), SUM(|low - high[1]|) / SUM(TRANGE)",
                                   "E. Botes and D. Siepman, Technical Analysis of Stocks & Commodities, January 2010",
                                   "ratio", hq_input_high_low_close, period_14, vortex_outputs, "momentum",
                                   "0 where there is no range"),
                copy_two, 2, vortex)

/* ----------------------------------------------------------------------- KDJ */

static const HqParamInfo kdj_params[] = {
    HQ_PERIOD_PARAM("fastk", 9),
    HQ_PERIOD_PARAM("slowk", 3), HQ_WHOLE_PARAM("slowk_matype", 0, 13, 13),
    HQ_PERIOD_PARAM("slowd", 3), HQ_WHOLE_PARAM("slowd_matype", 0, 13, 13),
};
static const char *const kdj_outputs[] = {"k", "d", "j"};

HQ_COPY_STEP(copy_three, hq_copy_together, 3)

static void kdj(const HqModeRows *m, HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    uint32_t lowest = hq_over(b, &hq_row_lowest, in[1], params[0]);
    uint32_t range = hq_minus(b, hq_over(b, &hq_row_highest, in[0], params[0]), lowest);
    uint32_t raw = hq_ratio(b, hq_minus(b, in[2], lowest), range, 100, m->at_zero);
    core[0] = hq_ma(b, m->talib, params[2], raw, params[1]);
    core[1] = hq_ma(b, m->talib, params[4], core[0], params[3]);
    core[2] = hq_blend(b, core[0], 3, core[1], -2);
}

HQ_TWO_MODES_OF(kdj, HQ_CLASSIC(193, "KDJ", "KDJ", "K and D of a slow stochastic, J = 3K - 2D",
                                "TA-Lib, function KDJ", "0..100, J beyond", hq_input_high_low_close, kdj_params,
                                kdj_outputs, "momentum",
                                "moving averages in talib mode; 0 where there is no range"),
                copy_three, 3, kdj)
