/* STDDEV, BOLL, TR and ATR. */
#include "indicator/list.h"
#include "indicator/window.h"

/* --------------------------------------------------------------------- STDDEV */

static void stddev_peek(const HqNode *node, double *line, double *before)
{
    const HqWindowMoments *w = node->state;
    double sum, squares, share = node->factor; /* 1 / period */
    hq_window_moments(node, line, before, &sum, &squares);
    line[node->in[HQ_TWIN]] = hq_window_mean(w->pivot, sum, w->period);
    double variance = (squares - sum * (sum * share)) * share;
    line[node->out] = sqrt(variance < 0 ? 0 : variance);
}

static void stddev_push(const HqNode *node, double *line, double *before)
{
    hq_window_moments_commit(node, before);
    stddev_peek(node, line, before);
}

HQ_CHAIN(stddev_push, stddev_peek)

const HqRow hq_row_stddev = {
    .info = {.code = 3, .is_public = 1, .name = "STDDEV", .title = "Standard deviation",
             .formula = "sqrt(mean of (x - mean)^2) over the last `period` values (population)",
             .source = "T. Chan, G. Golub, R. LeVeque, The American Statistician 37 (1983) 242",
             .unit = "that of x", .cost = "O(1) amortised, O(period) at worst",
             .n_inputs = 1, .inputs = hq_input_close,
             .n_params = 1, .params = hq_param_one_period,
             .n_outputs = 1, .outputs = hq_output_value},
    .n_memory = 3, .at_one = HQ_AT_ONE_ZERO, .twin = &hq_row_sma,
    .state_size = hq_window_moments_size, .init = hq_window_moments_init, HQ_STEPS(stddev_push, stddev_peek),
    .warmup = hq_warmup_full_window,
};

/* ----------------------------------------------------------------------- BOLL */

static void boll_init(HqNode *node, double *before, const double *params)
{
    (void)before;
    node->factor = params[1];
}

static void boll_step(const HqNode *node, double *line, double *before)
{
    (void)before;
    double *now = line + node->out;
    double mid = line[node->in[0]], width = node->factor * line[node->in[1]];
    now[0] = mid + width;
    now[1] = mid;
    now[2] = mid - width;
}

HQ_CHAIN(boll_step, boll_step)

static const HqParamInfo boll_params[] = {
    HQ_PERIOD_PARAM("period", 20),
    {.name = "k", .minimum = 0, .maximum = 1e6, .default_value = 2},
};
static const char *const boll_outputs[] = {"upper", "mid", "lower"};

const HqRow hq_row_boll = {
    .info = {.code = 5, .is_public = 1, .name = "BOLL", .title = "Bollinger bands",
             .formula = "SMA(x, period) + k * STDDEV(x, period), SMA, SMA - k * STDDEV",
             .source = "J. Bollinger, Bollinger on Bollinger Bands (2001), ch. 7",
             .unit = "that of x", .cost = "O(1) beside its SMA and STDDEV",
             .n_inputs = 1, .inputs = hq_input_close, .n_params = 2, .params = boll_params,
             .n_outputs = 3, .outputs = boll_outputs},
    .init = boll_init, HQ_STEPS(boll_step, boll_step),
    .warmup = hq_warmup_full_window,
    .parts = {{&hq_row_sma, 0}, {&hq_row_stddev, 0}}, .n_parts = 2,
};

/* -------------------------------------------------------------------- TR, ATR */

/** max(high, previous close) - min(low, previous close); high - low while there is none. */
static double true_range(const HqNode *node, const double *line, const double *before)
{
    double high = line[node->in[0]], low = line[node->in[1]], previous = before[node->in[2]];
    if (previous > high)
        high = previous;
    if (previous < low)
        low = previous;
    return high - low;
}

static void tr_step(const HqNode *node, double *line, double *before)
{
    line[node->out] = true_range(node, line, before);
}

HQ_CHAIN(tr_step, tr_step)

const HqRow hq_row_tr = {
    .info = {.code = 8, .is_public = 1, .name = "TR", .title = "True range",
             .formula = "max(high, close[1]) - min(low, close[1]); high - low on the first bar",
             .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978), sec. III",
             .unit = "price", .cost = "O(1)",
             .n_inputs = 3, .inputs = hq_input_high_low_close,
             .n_outputs = 1, .outputs = hq_output_value},
    HQ_STEPS(tr_step, tr_step), .warmup = hq_warmup_none,
};

/* In the line, behind the output: the sum while seeding and the average afterwards, and how many
 * true ranges the seed still lacks. */
enum { ATR_AVERAGE = 1, ATR_LACKS = 2, ATR_MEMORY = 2 };

static size_t atr_size(const double *params) { (void)params; return sizeof(double); }

static void atr_init(HqNode *node, double *before, const double *params)
{
    *(double *)node->state = params[0];
    node->factor = 1.0 / params[0];
    before[ATR_AVERAGE] = 0;
    before[ATR_LACKS] = params[0];
}

static void atr_step(const HqNode *node, double *line, double *before)
{
    double *now = line + node->out;
    const double *then = before + node->out;
    double range = true_range(node, line, before), average = then[ATR_AVERAGE];
    if (!(fabs(range) <= DBL_MAX)) { /* as EMA: an unknown bar leaves the average unmoved */
        memcpy(now + 1, then + 1, ATR_MEMORY * sizeof *now);
        now[0] = (double)NAN;
        return;
    }
    if (then[ATR_LACKS] == 0) {
        now[ATR_LACKS] = 0;
        now[0] = now[ATR_AVERAGE] = average + node->factor * (range - average);
        return;
    }
    now[ATR_LACKS] = then[ATR_LACKS] - 1;
    now[ATR_AVERAGE] = average + range;
    if (now[ATR_LACKS] == 0)
        now[ATR_AVERAGE] /= *(const double *)node->state;
    now[0] = now[ATR_LACKS] == 0 ? now[ATR_AVERAGE] : (double)NAN;
}

HQ_CHAIN(atr_step, atr_step)

static const HqParamInfo atr_params[] = {HQ_PERIOD_PARAM("period", 14)};

const HqRow hq_row_atr = {
    .info = {.code = 7, .is_public = 1, .name = "ATR", .title = "Average true range",
             .formula = "a += (TR - a)/period, seeded with the mean of the first `period` TR",
             .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978), sec. III",
             .unit = "price", .cost = "O(1)",
             .n_inputs = 3, .inputs = hq_input_high_low_close,
             .n_params = 1, .params = atr_params,
             .n_outputs = 1, .outputs = hq_output_value},
    .n_memory = ATR_MEMORY, .state_size = atr_size, .init = atr_init,
    HQ_STEPS(atr_step, atr_step),
    .warmup = hq_warmup_full_window,
};
