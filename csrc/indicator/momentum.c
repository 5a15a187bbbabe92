/* RSI, MACD and CHANGE. */
#include "indicator/average.h"
#include "indicator/history.h"
#include "indicator/list.h"
#include "base/number.h"

/* ------------------------------------------------------------------------ RSI */

/* In the line, behind the output: sums while seeding and Wilder averages afterwards, the last known
 * value, and how many changes the seed still lacks. */
enum { RSI_GAIN = 1, RSI_LOSS, RSI_LAST, RSI_LACKS, RSI_MEMORY = 4 };

static size_t rsi_size(const double *params) { (void)params; return sizeof(double); }

static void rsi_init(HqNode *node, double *before, const double *params)
{
    *(double *)node->state = params[0];
    node->factor = 1.0 / params[0];
    before[RSI_GAIN] = before[RSI_LOSS] = 0;
    before[RSI_LACKS] = params[0];
}

static inline double rsi_of(double gain, double loss)
{
    if (HQ_UNLIKELY(loss == 0))
        return gain == 0 ? 50 : 100;
    return 100 * gain / (gain + loss);
}

/* Off the steady path: the first value, an unknown one, and the mean that seeds the averages. */
HQ_RARE static double rsi_seed(const HqNode *node, double x, double gain, double loss, double *now,
                       const double *then)
{
    memcpy(now + 1, then + 1, RSI_MEMORY * sizeof *now);
    if (hq_is_unknown(x))
        return (double)NAN;
    now[RSI_LAST] = x;
    if (!(fabs(x - then[RSI_LAST]) <= DBL_MAX))
        return (double)NAN;
    double period = *(const double *)node->state;
    now[RSI_GAIN] += gain;
    now[RSI_LOSS] += loss;
    now[RSI_LACKS] -= 1;
    if (now[RSI_LACKS] > 0)
        return (double)NAN;
    now[RSI_GAIN] /= period;
    now[RSI_LOSS] /= period;
    return rsi_of(now[RSI_GAIN], now[RSI_LOSS]);
}

static void rsi_step(const HqNode *node, double *line, double *before)
{
    double *now = line + node->out;
    const double *then = before + node->out;
    double x = line[node->in[0]], change = x - then[RSI_LAST], factor = node->factor;
    double gain = change > 0 ? change : 0, loss = -change > 0 ? -change : 0;
    if (HQ_UNLIKELY(!(fabs(change) <= DBL_MAX) || then[RSI_LACKS] > 0)) {
        now[0] = rsi_seed(node, x, gain, loss, now, then);
        return;
    }
    gain = then[RSI_GAIN] + factor * (gain - then[RSI_GAIN]);
    loss = then[RSI_LOSS] + factor * (loss - then[RSI_LOSS]);
    now[RSI_GAIN] = gain;
    now[RSI_LOSS] = loss;
    now[RSI_LAST] = x;
    now[RSI_LACKS] = 0;
    now[0] = rsi_of(gain, loss);
}

HQ_CHAIN(rsi_step, rsi_step)

static const HqParamInfo rsi_params[] = {HQ_PERIOD_PARAM("period", 14)};

const HqRow hq_row_rsi = {
    .info = {.code = 4, .is_public = 1, .name = "RSI", .title = "Relative strength index",
             .formula = "100 * G/(G+L), G and L Wilder averages of gains and losses; both 0: 50",
             .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978), sec. VI",
             .unit = "0..100", .cost = "O(1)",
             .n_inputs = 1, .inputs = hq_input_close, .n_params = 1, .params = rsi_params,
             .n_outputs = 1, .outputs = hq_output_value},
    .n_memory = RSI_MEMORY, .state_size = rsi_size, .init = rsi_init,
    HQ_STEPS(rsi_step, rsi_step),
    .warmup = hq_warmup_period,
};

/* ----------------------------------------------------------------------- MACD */

static void macd_init(HqNode *node, double *before, const double *params)
{
    (void)before;
    node->factor = hq_ema_factor(params[2]);
}

static void macd_step(const HqNode *node, double *line, double *before)
{
    double *now = line + node->out;
    const double *then = before + node->out;
    double macd = line[node->in[0]] - line[node->in[1]];
    double signal = hq_ema_step(node->factor, then[3], macd, &now[3]);
    now[0] = macd;
    now[1] = signal;
    now[2] = macd - signal;
}

HQ_CHAIN(macd_step, macd_step)

static HqStatus macd_check(const double *params)
{
    if (params[0] < params[1])
        return HQ_OK;
    return hq_fail(HQ_EINVAL, "MACD: fast: expected less than slow (%s), found %s",
                   HQ_NUMBER(params[1]), HQ_NUMBER(params[0]));
}

static const HqParamInfo macd_params[] = {
    HQ_PERIOD_PARAM("fast", 12),
    HQ_PERIOD_PARAM("slow", 26),
    HQ_PERIOD_PARAM("signal", 9),
};
static const char *const macd_outputs[] = {"macd", "signal", "hist"};

const HqRow hq_row_macd = {
    .info = {.code = 6, .is_public = 1, .name = "MACD",
             .title = "Moving average convergence/divergence",
             .formula = "EMA(x, fast) - EMA(x, slow), EMA(signal) of that line, their difference",
             .source = "G. Appel, Technical Analysis: Power Tools for Active Investors (2005), ch. 8",
             .unit = "that of x", .cost = "O(1)",
             .n_inputs = 1, .inputs = hq_input_close, .n_params = 3, .params = macd_params,
             .n_outputs = 3, .outputs = macd_outputs},
    .n_memory = 1, .init = macd_init, HQ_STEPS(macd_step, macd_step),
    .warmup = hq_warmup_none, .check = macd_check,
    .parts = {{&hq_row_ema, 0}, {&hq_row_ema, 1}}, .n_parts = 2,
};

/* --------------------------------------------------------------------- CHANGE */

static void change_peek(const HqNode *node, double *line, double *before)
{
    (void)before;
    line[node->out] = line[node->in[0]] - hq_history_peek(node, line);
}

static void change_push(const HqNode *node, double *line, double *before)
{
    hq_history_commit(node, before);
    change_peek(node, line, before);
}

HQ_CHAIN(change_push, change_peek)

static const HqParamInfo change_params[] = {HQ_PERIOD_PARAM("n", 1)};

const HqRow hq_row_change = {
    .info = {.code = 12, .is_public = 1, .name = "CHANGE", .title = "Change",
             .formula = "x - x[n]", .source = "TradingView, ta.change; TA-Lib, MOM",
             .unit = "that of x", .cost = "O(1)",
             .n_inputs = 1, .inputs = hq_input_close, .n_params = 1, .params = change_params,
             .n_outputs = 1, .outputs = hq_output_value},
    .state_size = hq_history_size, .init = hq_history_init,
    HQ_STEPS(change_push, change_peek), .warmup = hq_warmup_period,
};
