/* Averages weighted by volume: VWMA, RVWAP over a window, VWAP over a session. */
#include "indicator/pieces.h"

/* ----------------------------------------------------------------- VWMA and rolling VWAP */

static uint32_t volume_weighted(HqBuilder *b, uint32_t x, uint32_t volume, double period)
{
    uint32_t flow = hq_over(b, &hq_row_sum, hq_product(b, x, volume), period);
    return hq_ratio(b, flow, hq_over(b, &hq_row_sum, volume, period), 1, NAN);
}

static const HqParamInfo vwma_params[] = {HQ_PERIOD_PARAM("period", 30)};
static const HqParamInfo rvwap_params[] = {HQ_PERIOD_PARAM("period", 20)};

static void vwma_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    core[0] = volume_weighted(b, in[0], in[1], params[0]);
}

const HqRow hq_row_vwma = {
    .info = {.code = 108, .is_public = 1, .name = "VWMA", .title = "Volume-weighted moving average",
             .formula = "SUM(x * volume, period) / SUM(volume, period)", .source = "TradingView, ta.vwma",
             .unit = "that of x", .cost = "O(1) amortised, O(period) at worst",
             HQ_INPUTS(hq_input_close_volume), HQ_PARAMS(vwma_params), HQ_OUTPUTS(hq_output_value),
             .group = "overlap", .talib_name = "VWMA"},
    .parts = vwma_parts, .n_core = 1,
};

static void rolling_vwap_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    uint32_t typical = hq_build(b, &hq_row_typprice, in, NULL);
    core[0] = volume_weighted(b, typical, in[3], params[0]);
}

const HqRow hq_row_rvwap = {
    .info = {.code = 110, .is_public = 1, .name = "RVWAP", .title = "Rolling volume-weighted average price",
             .formula = "SUM(hlc3 * volume, period) / SUM(volume, period)",
             .source = "TradingView, Rolling VWAP", .unit = "price",
             .cost = "O(1) amortised, O(period) at worst",
             HQ_INPUTS(hq_input_high_low_close_volume), HQ_PARAMS(rvwap_params), HQ_OUTPUTS(hq_output_value),
             .group = "overlap"},
    .parts = rolling_vwap_parts, .n_core = 1,
};

/* ----------------------------------------------------------------------- VWAP */

/* Memory behind the output: the session's number, and its sums. */
enum { VWAP_SESSION = 1, VWAP_FLOW, VWAP_VOLUME, VWAP_MEMORY = 3 };

static size_t vwap_size(const double *params) { (void)params; return 2 * sizeof(double); }

static void vwap_init(HqNode *node, double *before, const double *params)
{
    double *in_ms = node->state;
    (void)before;
    in_ms[0] = params[0] * 60000;
    in_ms[1] = params[1] * 60000;
}

static void vwap_step(const HqNode *node, double *line, double *before)
{
    const double *in_ms = node->state, *then = before + node->out;
    double *now = line + node->out, volume = HQ_X(3);
    double session = floor((HQ_X(4) - in_ms[1]) / in_ms[0]);
    double flow = (HQ_X(0) + HQ_X(1) + HQ_X(2)) / 3 * volume;
    memcpy(now + 1, then + 1, VWAP_MEMORY * sizeof *now);
    now[0] = (double)NAN;
    if (!(fabs(flow) <= DBL_MAX && fabs(session) <= DBL_MAX))
        return;
    int is_new = session != then[VWAP_SESSION];
    now[VWAP_SESSION] = session;
    now[VWAP_FLOW] = is_new ? flow : then[VWAP_FLOW] + flow;
    now[VWAP_VOLUME] = is_new ? volume : then[VWAP_VOLUME] + volume;
    now[0] = now[VWAP_VOLUME] == 0 ? (double)NAN : hq_known(now[VWAP_FLOW] / now[VWAP_VOLUME]);
}

HQ_CHAIN(vwap_step, vwap_step)
HQ_SPAN(vwap_step, 1, 3)

static const HqInputInfo vwap_inputs[] = {
    {.name = "high", .field = 1, .is_implicit = 1},   {.name = "low", .field = 2, .is_implicit = 1},
    {.name = "close", .field = 3, .is_implicit = 1},  {.name = "volume", .field = 4, .is_implicit = 1},
    {.name = "time", .field = 6, .is_implicit = 1},
};
static const HqParamInfo vwap_params[] = {
    HQ_WHOLE_PARAM("session_minutes", 1, 527040, 1440),
    HQ_WHOLE_PARAM("offset_minutes", -527040, 527040, 0),
};

const HqRow hq_row_vwap = {
    .info = {.code = 109, .is_public = 1, .name = "VWAP", .title = "Volume-weighted average price of the session",
             .formula = "sum of hlc3 * volume / sum of volume since the session began; sessions of "
                        "session_minutes begin at offset_minutes after 00:00 UTC, 1 January 1970",
             .source = "TradingView, ta.vwap", .unit = "price", .cost = "O(1)", HQ_INPUTS(vwap_inputs),
             HQ_PARAMS(vwap_params), HQ_OUTPUTS(hq_output_value), .group = "overlap",
             .talib_name = "VWAP"},
    .n_memory = VWAP_MEMORY, .gives_known = 1, .state_size = vwap_size, .init = vwap_init,
    HQ_STEPS(vwap_step, vwap_step),
};
