/* CROSSOVER, CROSSUNDER, CROSS, RISING and FALLING: conditions about this bar and those before. */
#include "indicator/list.h"

/* ---------------------------------------------------------------------- cross */

static inline void cross(const HqNode *node, double *line, const double *before, int over,
                         int under)
{
    double a = line[node->in[0]], b = line[node->in[1]];
    double a_before = before[node->in[0]], b_before = before[node->in[1]];
    /* No && and no ||: a loop of them is made of masks, without a branch. */
    int went_over = (a > b) & (a_before <= b_before), went_under = (a < b) & (a_before >= b_before);
    int unknown = isunordered(a, b) | isunordered(a_before, b_before);
    double crosses = (over & went_over) | (under & went_under) ? 1.0 : 0.0;
    line[node->out] = unknown ? (double)NAN : crosses;
}

static int64_t cross_warmup(const double *params) { (void)params; return 1; }

static const HqInputInfo two_inputs[] = {{.name = "a", .field = -1}, {.name = "b", .field = -1}};

#define CROSS_ROW(row, number, label, long_title, rule, over, under)                             \
    static void row##_step(const HqNode *node, double *line, double *before)                     \
    {                                                                                            \
        cross(node, line, before, over, under);                                                  \
    }                                                                                            \
    HQ_CHAIN(row##_step, row##_step)                                                             \
    HQ_SPAN_FREE(row##_step, 1)                                                                  \
    const HqRow hq_row_##row = {                                                                 \
        .info = {.code = number, .name = label, .title = long_title, .formula = rule,            \
                 .source = "TradingView, ta.crossover, ta.crossunder, ta.cross",                 \
                 .unit = "condition", .cost = "O(1)", .is_boolean = 1,                           \
                 .n_inputs = 2, .inputs = two_inputs, .n_outputs = 1, .outputs = hq_output_value,  \
                 .group = "language"},                                                           \
        HQ_STEPS(row##_step, row##_step), .warmup = cross_warmup,                                \
    };


CROSS_ROW(crossover, 64, "CROSSOVER", "a crosses over b", "a > b and a[1] <= b[1]", 1, 0)
CROSS_ROW(crossunder, 65, "CROSSUNDER", "a crosses under b", "a < b and a[1] >= b[1]", 0, 1)
CROSS_ROW(cross, 66, "CROSS", "a crosses b", "CROSSOVER(a, b) or CROSSUNDER(a, b)", 1, 1)

/* -------------------------------------------------------------------- streaks */

/* In the line, behind the output: known values in a row, and strict moves the wanted way in a row. */
enum { STREAK_KNOWN = 1, STREAK_MOVES, STREAK_MEMORY = 2 };

static void streak_init(HqNode *node, double *before, const double *params)
{
    node->factor = params[0];
    before[STREAK_KNOWN] = before[STREAK_MOVES] = 0;
}

static inline void streak(const HqNode *node, double *line, const double *before, double sign)
{
    double *now = line + node->out;
    const double *then = before + node->out;
    double x = line[node->in[0]], x_before = before[node->in[0]], n = node->factor;
    now[STREAK_KNOWN] = hq_is_unknown(x) ? 0 : then[STREAK_KNOWN] + 1;
    now[STREAK_MOVES] = sign * x > sign * x_before ? then[STREAK_MOVES] + 1 : 0;
    now[0] = now[STREAK_KNOWN] > n ? now[STREAK_MOVES] >= n : (double)NAN;
}

static const HqParamInfo streak_params[] = {HQ_PERIOD_PARAM("n", NAN)};

#define STREAK_ROW(row, number, label, long_title, rule, sign)                                   \
    static void row##_step(const HqNode *node, double *line, double *before)                     \
    {                                                                                            \
        streak(node, line, before, sign);                                                        \
    }                                                                                            \
    HQ_CHAIN(row##_step, row##_step)                                                             \
    HQ_SPAN(row##_step, 1, STREAK_MEMORY)                                                        \
    const HqRow hq_row_##row = {                                                                 \
        .info = {.code = number, .name = label, .title = long_title, .formula = rule,            \
                 .source = "TradingView, ta.rising, ta.falling (theirs compare with the extreme)", \
                 .unit = "condition", .cost = "O(1)", .is_boolean = 1,                           \
                 .n_inputs = 1, .inputs = hq_input_close,                                        \
                 .n_params = 1, .params = streak_params,                                         \
                 .n_outputs = 1, .outputs = hq_output_value, .group = "language"},               \
        .n_memory = STREAK_MEMORY, .init = streak_init,                                          \
        HQ_STEPS(row##_step, row##_step), .warmup = hq_warmup_period,                            \
    };

STREAK_ROW(rising, 67, "RISING", "n strict consecutive rises", "x > x[1] > ... > x[n]", 1.0)
STREAK_ROW(falling, 68, "FALLING", "n strict consecutive falls", "x < x[1] < ... < x[n]", -1.0)
