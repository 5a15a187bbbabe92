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
#include "indicator/window_span.h"

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

static inline void line_fold(LineWindow *w, double pivot)
{
    double sum = 0, weighted = 0;
    for (size_t q = w->segment; q-- > 0;) {
        sum += w->suffix[2 * q] - pivot;
        w->suffix[2 * q] = sum;
        w->suffix[2 * q + 1] = weighted += sum;
    }
    w->pivot = pivot;
    w->position = 0;
}

HQ_RARE static void line_complete(LineWindow *w, double pivot, double *then)
{
    line_fold(w, pivot);
    then[LINE_PREFIX] = then[LINE_WEIGHTED] = 0;
}

static inline double line_slope(double period, double per_slope, double sum, double total)
{
    return hq_known((total - (period + 1) / 2 * sum) / per_slope);
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
    now[LINE_SLOPE] = line_slope(w->period, w->per_slope, sum, total);
}

static void line_push(const HqNode *node, double *line, double *before)
{
    LineWindow *w = node->state;
    double x = before[node->in[0]];
    w->suffix[2 * (size_t)w->position] = x;
    if (HQ_UNLIKELY(++w->position == w->segment))
        line_complete(w, x, before + node->out);
    line_peek(node, line, before);
}

/* As hq_window_sums(): the plain and the weighted sums of a piece of a block. */
static inline size_t line_sums(const HqNode *node, const HqSpan *span, size_t from,
                               double *restrict sum, double *restrict total, double *restrict pivot)
{
    LineWindow *w = node->state;
    const double *x = span->in[0] + from;
    size_t n = hq_window_piece(span, from, w->segment);
    double last = hq_span_last(span, 0, from), prefix = span->line[HQ_SPAN_OUT + LINE_PREFIX];
    double weighted = span->line[HQ_SPAN_OUT + LINE_WEIGHTED];
    for (size_t t = 0, part; t < n; t += part) {
        w->suffix[2 * (size_t)w->position] = last;
        if (++w->position == w->segment) {
            line_fold(w, last);
            prefix = weighted = 0;
        }
        part = w->segment - w->position < n - t ? w->segment - w->position : n - t;
        double *cell = w->suffix + 2 * (size_t)w->position, middle = w->pivot;
        double kept = cell[2 * part - 2];
        for (size_t i = 0; i < part; i++) {
            uint32_t position = w->position + (uint32_t)i;
            double d = x[t + i] - middle;
            prefix += d;
            weighted += (position + 1) * d;
            sum[t + i] = cell[2 * i] + prefix;
            total[t + i] = cell[2 * i + 1] + (w->segment - position) * prefix + weighted;
            pivot[t + i] = middle;
            cell[2 * i] = x[t + i];
        }
        cell[2 * part - 2] = kept;
        w->position += (uint32_t)part - 1;
        last = x[t + part - 1];
    }
    span->line[HQ_SPAN_OUT + LINE_PREFIX] = prefix;
    span->line[HQ_SPAN_OUT + LINE_WEIGHTED] = weighted;
    return n;
}

static inline void span_line_push(const HqNode *node, const HqSpan *span)
{
    const LineWindow *w = node->state;
    double sum[HQ_WINDOW_PIECE], total[HQ_WINDOW_PIECE], pivot[HQ_WINDOW_PIECE];
    double *restrict mean = span->out[LINE_MEAN], *restrict slope = span->out[LINE_SLOPE];
    const double period = w->period, per_slope = w->per_slope;
    for (size_t from = 0, n; (n = line_sums(node, span, from, sum, total, pivot)) > 0; from += n)
        for (size_t i = 0; i < n; i++) {
            mean[from + i] = hq_known(hq_window_mean(pivot[i], sum[i], period));
            slope[from + i] = line_slope(period, per_slope, sum[i], total[i]);
        }
    span->line[HQ_SPAN_OUT + LINE_MEAN] = mean[span->n - 1];
    span->line[HQ_SPAN_OUT + LINE_SLOPE] = slope[span->n - 1];
}

HQ_CHAIN(line_push, line_peek)
HQ_SPAN_BUILD(span_line_push)

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
