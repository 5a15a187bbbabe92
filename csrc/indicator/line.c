/*
 * LINE: the least-squares line through a short window, fast. WMA reads it; where digits of a slope
 * count, LINREG and its relatives read LINE_FIT (regression.c), which takes ten times as long.
 *
 * The window is that of window.h, with a second sum of x - pivot weighted by 1 (oldest) to period:
 *
 *     previous segment   suffix: sum, and sum of suffix sums, which weights by 1, 2, .. from r on
 *     current segment    prefix: sum, and sum weighted by 1, 2, .. from its first bar on
 *
 * and total weighted sum = weighted suffix + (bars of the suffix) * prefix sum + weighted prefix.
 */
#include "indicator/pieces.h"
#include "indicator/window.h"

/* Outputs: the window's mean and the line's slope a bar. Memory behind them: both prefixes. */
enum { LINE_MEAN, LINE_SLOPE, LINE_PREFIX, LINE_WEIGHTED, LINE_MEMORY = 2 };

typedef struct LineWindow {
    double pivot;
    double period;
    double per_slope;  /* period * (period^2 - 1) / 12: sum of squared distances from the middle */
    uint32_t segment;
    uint32_t position;
    double suffix[];   /* 2m: sum and weighted sum, side by side */
} LineWindow;

static size_t line_size(const double *params)
{
    return sizeof(LineWindow) + 2 * (size_t)hq_window_segment(params) * sizeof(double);
}

static void line_init(HqNode *node, double *before, const double *params)
{
    LineWindow *w = node->state;
    double p = params[0];
    (void)before;
    w->period = p;
    w->per_slope = p * (p * p - 1) / 12;
    w->segment = hq_window_segment(params);
    w->pivot = (double)NAN;
    hq_window_fill_unknown(w->suffix, 2 * (size_t)w->segment);
}

static bool line_holds(const double *params, void *fresh, const void *loaded)
{
    const LineWindow *a = fresh, *b = loaded;
    (void)params;
    return a->period == b->period && a->per_slope == b->per_slope && a->segment == b->segment &&
           b->position < b->segment;
}

HQ_RARE static void line_fold(LineWindow *w, double pivot, double *then)
{
    double sum = 0, weighted = 0;
    for (size_t q = w->segment; q-- > 0;) {
        sum += w->suffix[2 * q] - pivot;
        w->suffix[2 * q] = sum;
        w->suffix[2 * q + 1] = weighted += sum;
    }
    w->pivot = pivot;
    w->position = 0;
    then[LINE_PREFIX] = then[LINE_WEIGHTED] = 0;
}

static void line_peek(const HqNode *node, double *line, double *before)
{
    const LineWindow *w = node->state;
    const double *suffix = w->suffix + 2 * (size_t)w->position, *then = before + node->out;
    double *now = line + node->out, d = HQ_X(0) - w->pivot;
    double prefix = now[LINE_PREFIX] = then[LINE_PREFIX] + d;
    double weighted = now[LINE_WEIGHTED] = then[LINE_WEIGHTED] + (w->position + 1) * d;
    double sum = suffix[0] + prefix;
    double total = suffix[1] + (w->segment - w->position) * prefix + weighted;
    now[LINE_MEAN] = hq_known(hq_window_mean(w->pivot, sum, w->period));
    now[LINE_SLOPE] = hq_known((total - (w->period + 1) / 2 * sum) / w->per_slope);
}

static void line_push(const HqNode *node, double *line, double *before)
{
    LineWindow *w = node->state;
    double x = before[node->in[0]];
    w->suffix[2 * (size_t)w->position] = x;
    if (HQ_UNLIKELY(++w->position == w->segment))
        line_fold(w, x, before + node->out);
    line_peek(node, line, before);
}

HQ_CHAIN(line_push, line_peek)
HQ_SPAN(line_push, 2, 2)

static const HqParamInfo line_params[] = {HQ_WHOLE_PARAM("period", 2, (double)HQ_PERIOD_MAX, 14)};
static const char *const line_outputs[] = {"mean", "slope"};

const HqRow hq_row_line = {
    .info = {.code = 4102, .name = "LINE", .title = "Least-squares line",
             .formula = "mean and slope of the line through the last `period` values",
             .source = "TA-Lib, function LINEARREG", .unit = "that of x",
             .cost = "O(1) amortised, O(period) at worst", HQ_INPUTS(hq_input_close),
             HQ_PARAMS(line_params), HQ_OUTPUTS(line_outputs), .group = "statistic"},
    .n_memory = LINE_MEMORY, .gives_known = 1, .state_size = line_size, .holds = line_holds, .init = line_init,
    HQ_STEPS(line_push, line_peek), .warmup = hq_warmup_full_window,
};
