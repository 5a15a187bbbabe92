/* Bars redrawn, and bars that stand out: HA, FRACTAL. */
#include "indicator/history.h"
#include "indicator/pieces.h"

/* ------------------------------------------------------------------------- HA */

enum { HA_OPEN, HA_HIGH, HA_LOW, HA_CLOSE, HA_NEXT_OPEN, HA_MEMORY = 1 };

static void ha_step(const HqNode *node, double *line, double *before)
{
    double *now = line + node->out, open = HQ_X(0), high = HQ_X(1), low = HQ_X(2), close = HQ_X(3);
    double from = before[node->out + HA_NEXT_OPEN], mean = (open + high + low + close) / 4;
    if (!(fabs(mean) <= DBL_MAX)) {
        now[HA_OPEN] = now[HA_HIGH] = now[HA_LOW] = now[HA_CLOSE] = (double)NAN;
        now[HA_NEXT_OPEN] = from;
        return;
    }
    if (hq_is_unknown(from))
        from = (open + close) / 2;
    double top = from > mean ? from : mean, bottom = from < mean ? from : mean;
    now[HA_OPEN] = from;
    now[HA_HIGH] = high > top ? high : top;
    now[HA_LOW] = low < bottom ? low : bottom;
    now[HA_CLOSE] = mean;
    now[HA_NEXT_OPEN] = (from + mean) / 2;
}

HQ_CHAIN(ha_step, ha_step)
HQ_SPAN(ha_step, 4, 1)

static const char *const ha_outputs[] = {"open", "high", "low", "close"};

const HqRow hq_row_ha = {
    .info = {.code = 250, .is_public = 1, .name = "HA", .title = "Heikin-Ashi bars",
             .formula = "close: ohlc4; open: middle of the last redrawn body; high and low stretched to both",
             .source = "D. Valcu, Technical Analysis of Stocks & Commodities, February 2004; TA-Lib, function HA",
             .unit = "price", .cost = "O(1)", HQ_INPUTS(hq_input_open_high_low_close),
             HQ_OUTPUTS(ha_outputs), .group = "price", .talib_name = "HA"},
    .n_memory = HA_MEMORY, .keeps_range = 1, .gives_known = 1, HQ_STEPS(ha_step, ha_step),
};

/* -------------------------------------------------------------------- FRACTAL
 * A swing is told on the bar that confirms it, `rightbars` after it happened: nothing looks ahead. */

/* pivot, the best of the bars to its left, the best of those to its right; node->factor: 1 high, -1 low */
HQ_PURE_STEP(swing, HQ_X(0) * 0 + HQ_X(1) * 0 + HQ_X(2) * 0 +
                        (node->factor * (HQ_X(0) - HQ_X(1)) > 0 && node->factor * (HQ_X(0) - HQ_X(2)) > 0
                             ? 100 : 0))

static void swing_init(HqNode *node, double *before, const double *params)
{
    (void)before;
    node->factor = params[0];
}

static const HqInputInfo swing_inputs[] = {
    {.name = "pivot", .field = -1}, {.name = "left", .field = -1}, {.name = "right", .field = -1}};
static const HqParamInfo swing_params[] = {HQ_NUMBER_PARAM("side", -1, 1, 1)};

const HqRow hq_row_swing = {
    .info = {.code = 4116, .name = "SWING", .title = "Does a value stand out",
             .formula = "100 where pivot is beyond left and right, else 0", .source = "hquant", .unit = "0 or 100",
             .cost = "O(1)", HQ_INPUTS(swing_inputs), HQ_PARAMS(swing_params), HQ_OUTPUTS(hq_output_value),
             .group = "momentum"},
    .gives_known = 1, .init = swing_init, HQ_STEPS(swing, swing),
};

static uint32_t swing_of(HqBuilder *b, const HqRow *best, uint32_t x, const double *params, double side)
{
    uint32_t pivot = hq_over(b, &hq_row_lag, x, params[1]);
    uint32_t left = hq_over(b, &hq_row_lag, hq_over(b, best, x, params[0]), params[1] + 1);
    uint32_t right = hq_over(b, best, x, params[1]);
    return hq_build(b, &hq_row_swing, HQ_SLOTS(pivot, left, right), HQ_LIST(side));
}

static void fractal_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    core[0] = swing_of(b, &hq_row_highest, in[0], params, 1);
    core[1] = swing_of(b, &hq_row_lowest, in[1], params, -1);
}

HQ_COPY_STEP(fractal_copy, hq_copy_together, 2)

static const HqParamInfo fractal_params[] = {HQ_PERIOD_PARAM("leftbars", 2), HQ_PERIOD_PARAM("rightbars", 2)};
static const char *const fractal_outputs[] = {"swing_high", "swing_low"};

const HqRow hq_row_fractal = {
    .info = {.code = 195, .is_public = 1, .name = "FRACTAL", .title = "Swing highs and lows, when confirmed",
             .formula = "100 where the high rightbars ago is above those of leftbars before and rightbars after it, "
                        "else 0; the same for a low below",
             .source = "B. Williams, Trading Chaos (1995); TA-Lib, function FRACTAL", .unit = "0 or 100",
             .cost = "O(1) amortised, O(leftbars + rightbars) at worst", HQ_INPUTS(hq_input_high_low),
             HQ_PARAMS(fractal_params), HQ_OUTPUTS(fractal_outputs), .group = "momentum",
             .talib_name = "FRACTAL"},
    .gives_known = 1, HQ_STEPS(fractal_copy, fractal_copy), .parts = fractal_parts, .n_core = 2,
};
