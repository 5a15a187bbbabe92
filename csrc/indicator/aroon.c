/* How long ago a window's extreme was: AROON, AROONOSC. */
#include "indicator/momentum.h"
#include "indicator/window.h"

/*
 * The window of window.h, period + 1 bars long, with the place of each extreme beside its value.
 * Of equal values the newest counts. Highest and lowest are one code, told apart by the sign.
 */
typedef struct AgeWindow {
    double sign;
    uint32_t segment;
    uint32_t position;
    double suffix[]; /* 2m: value, and its position in the segment */
} AgeWindow;

/* Memory behind the output: the current segment's extreme, and its position there. */
enum { AGE_BEST = 1, AGE_AT, AGE_MEMORY = 2 };

static size_t age_size(const double *params)
{
    return sizeof(AgeWindow) + 2 * (size_t)params[0] * sizeof(double);
}

static void age_init(HqNode *node, double *before, const double *params)
{
    AgeWindow *w = node->state;
    w->sign = params[1];
    w->segment = (uint32_t)params[0];
    hq_window_fill_unknown(w->suffix, 2 * (size_t)w->segment);
    before[AGE_BEST] = -w->sign * (double)INFINITY;
    before[AGE_AT] = 0;
}

static bool age_holds(const double *params, void *fresh, const void *loaded)
{
    const AgeWindow *a = fresh, *b = loaded;
    (void)params;
    return a->sign == b->sign && a->segment == b->segment && b->position < b->segment;
}

HQ_RARE static void age_fold(AgeWindow *w, double *then)
{
    double best = -w->sign * (double)INFINITY, at = 0;
    for (uint32_t q = w->segment; q-- > 0;) {
        double *here = w->suffix + 2 * (size_t)q;
        if (w->sign * here[0] > w->sign * best || hq_is_unknown(here[0])) {
            best = here[0];
            at = q;
        }
        here[0] = best;
        here[1] = at;
    }
    w->position = 0;
    then[AGE_BEST] = -w->sign * (double)INFINITY;
}

static void age_peek(const HqNode *node, double *line, double *before)
{
    const AgeWindow *w = node->state;
    const double *suffix = w->suffix + 2 * (size_t)w->position, *then = before + node->out;
    double *now = line + node->out, x = HQ_X(0), newest = w->position;
    bool is_best = w->sign * x >= w->sign * then[AGE_BEST] || hq_is_unknown(x);
    now[AGE_BEST] = is_best ? x : then[AGE_BEST];
    now[AGE_AT] = is_best ? newest : then[AGE_AT];
    if (w->sign * now[AGE_BEST] >= w->sign * suffix[0])
        now[0] = newest - now[AGE_AT];
    else
        now[0] = now[AGE_BEST] - now[AGE_BEST] + (w->segment - suffix[1] + newest);
    if (hq_is_unknown(suffix[0]))
        now[0] = (double)NAN;
}

static void age_push(const HqNode *node, double *line, double *before)
{
    AgeWindow *w = node->state;
    w->suffix[2 * (size_t)w->position] = before[node->in[0]];
    if (HQ_UNLIKELY(++w->position == w->segment))
        age_fold(w, before + node->out);
    age_peek(node, line, before);
}

HQ_CHAIN(age_push, age_peek)
HQ_SPAN(age_push, 1, 2)

static const HqParamInfo age_params[] = {
    HQ_PERIOD_PARAM("period", 14),
    HQ_WHOLE_PARAM("sign", -1, 1, 1),
};

const HqRow hq_row_extreme_age = {
    .info = {HQ_MOMENTUM_PART(4150, "EXTREME_AGE", "Bars since an extreme",
                              "bars since the highest (sign 1) or lowest (-1) of the last period + 1 values",
                              "bars", HQ_COST_WINDOW, hq_input_close, hq_output_value),
             HQ_PARAMS(age_params)},
    .n_memory = AGE_MEMORY, .gives_known = 1, .state_size = age_size, .holds = age_holds, .init = age_init,
    HQ_STEPS(age_push, age_peek), .warmup = hq_warmup_period,
};

/* ----------------------------------------------------------- AROON, AROONOSC */

enum { HIGH, LOW };

static void aroon_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    core[0] = hq_build(b, &hq_row_extreme_age, &in[LOW], HQ_LIST(params[0], -1));
    core[1] = hq_build(b, &hq_row_extreme_age, &in[HIGH], HQ_LIST(params[0], 1));
}

static void aroon_init(HqNode *node, double *before, const double *params)
{
    (void)before;
    node->factor = params[0];
}

/* 100 where the extreme is new, 0 where it is `period` bars old. */
static void aroon(const HqNode *node, double *line, double *before)
{
    double period = node->factor;
    (void)before;
    for (uint32_t side = 0; side < 2; side++)
        line[node->out + side] = 100 * (period - HQ_X(side)) / period;
}

HQ_CHAIN(aroon, aroon)
HQ_SPAN_FREE(aroon, 2)

HQ_PURE_STEP(aroonosc, 100 * (HQ_X(0) - HQ_X(1)) / node->factor)

static const HqParamInfo aroon_params[] = {HQ_PERIOD_PARAM_2("period", 14)};
static const char *const aroon_outputs[] = {"down", "up"};

#define AROON_SOURCE \
    "T. Chande, Technical Analysis of Stocks & Commodities, September 1995; TA-Lib, function "

const HqRow hq_row_aroon = {
    .info = {HQ_MOMENTUM(161, "AROON", "Aroon",
                         "100 * (period - bars since the lowest low, the highest high of the last "
                         "period + 1 bars) / period; of equal ones the newest",
                         AROON_SOURCE "AROON", "0..100", HQ_COST_WINDOW, hq_input_high_low,
                         aroon_outputs, NULL),
             HQ_PARAMS(aroon_params)},
    .gives_known = 1, .init = aroon_init, HQ_STEPS(aroon, aroon), .parts = aroon_parts, .n_core = 2,
};

const HqRow hq_row_aroonosc = {
    .info = {HQ_MOMENTUM(162, "AROONOSC", "Aroon oscillator", "AROON.up - AROON.down",
                         AROON_SOURCE "AROONOSC", "-100..100", HQ_COST_WINDOW, hq_input_high_low,
                         hq_output_value, NULL),
             HQ_PARAMS(aroon_params)},
    .gives_known = 1, .init = aroon_init, HQ_STEPS(aroonosc, aroonosc),
    .parts = aroon_parts, .n_core = 2,
};
