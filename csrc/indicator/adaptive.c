/* Averages that set their own speed: KAMA, MAMA. */
#include "indicator/cycle.h"

/* ----------------------------------------------------------------------- KAMA */

enum { KAMA_AVERAGE = 1 }; /* memory: the average, unmoved by unknowns */

/* x, efficiency ratio. The average starts at the value before its first ratio. */
static void kama_step(const HqNode *node, double *line, double *before)
{
    double *now = line + node->out, x = HQ_X(0), efficiency = HQ_X(1);
    double average = before[node->out + KAMA_AVERAGE];
    if (HQ_UNLIKELY(hq_is_unknown(average)))
        average = before[node->in[0]];
    efficiency = efficiency > 1 ? 1 : efficiency;
    double factor = efficiency * (2.0 / 3 - 2.0 / 31) + 2.0 / 31;
    double moved = average + factor * factor * (x - average);
    if (HQ_LIKELY(fabs(moved) <= DBL_MAX)) {
        now[0] = now[KAMA_AVERAGE] = moved;
        return;
    }
    now[0] = (double)NAN;
    now[KAMA_AVERAGE] = before[node->out + KAMA_AVERAGE];
}

HQ_CHAIN(kama_step, kama_step)
HQ_SPAN(kama_step, 1, 1)

static uint32_t efficiency(HqBuilder *b, uint32_t x, double period, double at_zero)
{
    uint32_t moved = hq_build(b, &hq_row_absolute, HQ_SLOTS(hq_over(b, &hq_row_change, x, period)), NULL);
    uint32_t steps = hq_build(b, &hq_row_absolute, HQ_SLOTS(hq_over(b, &hq_row_change, x, 1)), NULL);
    return hq_ratio(b, moved, hq_over(b, &hq_row_sum, steps, period), 1, at_zero);
}

static void kama_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    core[0] = in[0];
    core[1] = efficiency(b, in[0], params[0], 1);
}

static const HqParamInfo kama_params[] = {HQ_PERIOD_PARAM("period", 30)};

const HqRow hq_row_kama = {
    .info = {.code = 105, .is_public = 1, .name = "KAMA", .title = "Kaufman's adaptive moving average",
             .formula = "a += c^2 * (x - a), c = ER*(2/3 - 2/31) + 2/31, ER = |x - x[period]| / sum of "
                        "|changes|; starts at the value before",
             .source = "P. Kaufman, Trading Systems and Methods (5th ed., 2013), ch. 17",
             .unit = "that of x", .cost = "O(1) amortised, O(period) at worst",
             HQ_INPUTS(hq_input_close), HQ_PARAMS(kama_params), HQ_OUTPUTS(hq_output_value),
             .group = "overlap", .talib_name = "KAMA"},
    .n_memory = 1, .keeps_range = 1, .gives_known = 1, HQ_STEPS(kama_step, kama_step),
    .parts = kama_parts, .n_core = 2,
};

/* ----------------------------------------------------------------------- MAMA */

/* Memory behind the two outputs: both averages and the phase, unmoved by unknowns. */
enum { MAMA_MAMA = 2, MAMA_FAMA, MAMA_PHASE, MAMA_MEMORY = 3 };

static size_t mama_size(const double *params) { (void)params; return 2 * sizeof(double); }

static void mama_init(HqNode *node, double *before, const double *params)
{
    memcpy(node->state, params, 2 * sizeof(double));
    before[MAMA_MAMA] = before[MAMA_FAMA] = before[MAMA_PHASE] = 0;
}

/* x, in phase, quadrature, smoothed price: nothing happens while that is unknown. */
static void mama_step(const HqNode *node, double *line, double *before)
{
    const double *limit = node->state; /* fast, slow */
    double *now = line + node->out, x = HQ_X(0), inphase = HQ_X(1);
    const double *then = before + node->out;
    if (!(fabs(x) <= DBL_MAX) || hq_is_unknown(HQ_X(3))) {
        now[0] = now[1] = (double)NAN;
        memcpy(now + MAMA_MAMA, then + MAMA_MAMA, MAMA_MEMORY * sizeof *now);
        return;
    }
    double phase = inphase != 0 ? atan(HQ_X(2) / inphase) * (180 / HQ_PI) : 0;
    double moved = then[MAMA_PHASE] - phase, factor = limit[0];
    if (moved > 1)
        factor = limit[0] / moved < limit[1] ? limit[1] : limit[0] / moved;
    now[0] = now[MAMA_MAMA] = factor * x + (1 - factor) * then[MAMA_MAMA];
    now[1] = now[MAMA_FAMA] = 0.5 * factor * now[0] + (1 - 0.5 * factor) * then[MAMA_FAMA];
    now[MAMA_PHASE] = phase;
}

HQ_CHAIN(mama_step, mama_step)
HQ_SPAN(mama_step, 2, 3)

static const HqInputInfo mama_core_inputs[] = {
    {.name = "x", .field = -1}, {.name = "inphase", .field = -1}, {.name = "quadrature", .field = -1},
    {.name = "smooth", .field = -1},
};
static const HqParamInfo mama_params[] = {
    HQ_NUMBER_PARAM("fastlimit", 0.01, 0.99, 0.5),
    HQ_NUMBER_PARAM("slowlimit", 0.01, 0.99, 0.05),
};
static const char *const mama_outputs[] = {"mama", "fama"};

const HqRow hq_row_mama_core = {
    .info = {.code = 4104, .name = "MAMA_CORE", .title = "MAMA from its start",
             .formula = "as MAMA, from the first smoothed price on", .source = "as MAMA",
             .unit = "that of x", .cost = "O(1)", HQ_INPUTS(mama_core_inputs), HQ_PARAMS(mama_params),
             HQ_OUTPUTS(mama_outputs), .group = "overlap"},
    .n_memory = MAMA_MEMORY, .gives_known = 1, .state_size = mama_size, .init = mama_init,
    HQ_STEPS(mama_step, mama_step),
};

static void mama_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    uint32_t smooth = hq_cycle_input(b, in[0], HQ_CYCLE_SHORT_START);
    uint32_t cycle = hq_over(b, &hq_row_hilbert, smooth, 0);
    const uint32_t reads[] = {in[0], cycle, hq_output(cycle, HQ_CYCLE_QUADRATURE), smooth};
    uint32_t mama = hq_build(b, &hq_row_mama_core, reads, params);
    core[0] = hq_skip(b, mama, HQ_CYCLE_SHORT_FIRST - HQ_CYCLE_SHORT_START);
    core[1] = hq_skip(b, hq_output(mama, 1), HQ_CYCLE_SHORT_FIRST - HQ_CYCLE_SHORT_START);
}

HQ_COPY_STEP(mama_copy, hq_copy, 2)

const HqRow hq_row_mama = {
    .info = {.code = 113, .is_public = 1, .name = "MAMA", .title = "MESA adaptive moving average",
             .formula = "a += f * (x - a), f = fastlimit / change of phase, in slowlimit..fastlimit; fama "
                        "follows mama at f/2",
             .source = "J. Ehlers, Rocket Science for Traders (2001), ch. 7", .unit = "that of x",
             .cost = "O(1)", HQ_INPUTS(hq_input_close), HQ_PARAMS(mama_params),
             HQ_OUTPUTS(mama_outputs), .group = "overlap", .talib_name = "MAMA"},
    .gives_known = 1, HQ_STEPS(mama_copy, mama_copy), .parts = mama_parts, .n_core = 2,
};
