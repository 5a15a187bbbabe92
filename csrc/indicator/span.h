/*
 * A step over a block of bars: the same step as a bar at a time, in a loop of its own, over columns.
 *
 * The loop keeps the two lines that a step works on in places of its own, small and at offsets that
 * the compiler knows: inputs at 0.., outputs and memory behind them. With the step inlined into it
 * they become registers. So a rule is written once, and a block gives the stream's bits.
 */
#ifndef HQ_INDICATOR_SPAN_H
#define HQ_INDICATOR_SPAN_H

#include "indicator/row.h"

/** What a node reads and writes over a block. */
typedef struct HqSpan {
    const double *in[HQ_MAX_INPUTS]; /* columns of n values; of inputs that it has not, any column */
    double *out[HQ_MAX_OUTPUTS];
    double *twin;                    /* of the row's twin; NULL without one */
    double *line;                    /* as of the bar before: inputs, from HQ_SPAN_OUT on the outputs
                                      * and the memory; the loop leaves those of the last bar */
    size_t n;
} HqSpan;

/** Where a node's outputs begin in its own line. */
enum { HQ_SPAN_OUT = HQ_MAX_INPUTS };

/* What a step calls is inlined into the loop, but for what is marked as rare. */
#if defined(__GNUC__)
#  define HQ_FLATTEN __attribute__((flatten))
#else
#  define HQ_FLATTEN
#endif

/** The node with its places in a line of its own. */
static inline HqNode hq_span_node(const HqNode *node)
{
    return (HqNode){.push = node->push, .peek = node->peek, .state = node->state,
                    .factor = node->factor, .in = {0, 1, 2, 3, 4, 5}, .out = HQ_SPAN_OUT};
}

/** span_STEP(): a push step over a block, as the row's `span`. */
#define HQ_SPAN(step, n_out, n_memory) HQ_SPAN_LOOP(step, n_out, n_memory, 0)

/** The same of a row that has a twin. */
#define HQ_SPAN_TWIN(step, n_out, n_memory) HQ_SPAN_LOOP(step, n_out, n_memory, 1)

/* Place by place, so that compilers see single values and no arrays. */
#define HQ_SPAN_LOOP(step, n_out, n_memory, has_twin)                                         \
    HQ_FLATTEN static void span_##step(const HqNode *node, const HqSpan *span)                \
    {                                                                                         \
        enum { TWIN = HQ_SPAN_OUT + (n_out) + (n_memory), WIDTH = TWIN + (has_twin) };        \
        _Static_assert(WIDTH <= HQ_SPAN_WIDTH_MAX, "a step with that much memory: leave it");   \
        HqNode own = hq_span_node(node);                                                      \
        double before[HQ_SPAN_WIDTH_MAX], line[HQ_SPAN_WIDTH_MAX];                            \
        if (has_twin)                                                                         \
            own.in[HQ_TWIN] = TWIN;                                                           \
        for (int k = 0; k < WIDTH; k++)                                                       \
            before[k] = line[k] = span->line[k];                                              \
        for (size_t t = 0; t < span->n; t++) {                                                \
            HQ_SPAN_TAKE(0, has_twin)                                                      \
            HQ_SPAN_TAKE(1, has_twin)                                                      \
            HQ_SPAN_TAKE(2, has_twin)                                                      \
            HQ_SPAN_TAKE(3, has_twin)                                                      \
            HQ_SPAN_TAKE(4, has_twin)                                                      \
            HQ_SPAN_TAKE(5, has_twin)                                                      \
            step(&own, line, before);                                                         \
            HQ_SPAN_SHOW(0, n_out)                                                         \
            HQ_SPAN_SHOW(1, n_out)                                                         \
            HQ_SPAN_SHOW(2, n_out)                                                         \
            HQ_SPAN_SHOW(3, n_out)                                                         \
            HQ_SPAN_SHOW(4, n_out)                                                         \
            if (has_twin)                                                                     \
                span->twin[t] = line[TWIN];                                                   \
            HQ_SPAN_KEEP(0) HQ_SPAN_KEEP(1) HQ_SPAN_KEEP(2) HQ_SPAN_KEEP(3)        \
            HQ_SPAN_KEEP(4) HQ_SPAN_KEEP(5) HQ_SPAN_KEEP(6) HQ_SPAN_KEEP(7)        \
            HQ_SPAN_KEEP(8) HQ_SPAN_KEEP(9) HQ_SPAN_KEEP(10) HQ_SPAN_KEEP(11)        \
            HQ_SPAN_KEEP(12) HQ_SPAN_KEEP(13) HQ_SPAN_KEEP(14) HQ_SPAN_KEEP(15)        \
            HQ_SPAN_KEEP(16) HQ_SPAN_KEEP(17) HQ_SPAN_KEEP(18) HQ_SPAN_KEEP(19)        \
        }                                                                                     \
        for (int k = HQ_SPAN_OUT; k < TWIN; k++)                                              \
            span->line[k] = before[k];                                                        \
    }
#define HQ_SPAN_WIDTH_MAX 20
#define HQ_SPAN_TAKE(k, has_twin)                                                             \
    if ((k) != HQ_TWIN || !(has_twin))                                                        \
        line[k] = span->in[k][t];
#define HQ_SPAN_SHOW(k, n_out)                                                                \
    if ((k) < (n_out))                                                                        \
        span->out[k][t] = line[HQ_SPAN_OUT + (k)];
#define HQ_SPAN_KEEP(k)                                                                       \
    if ((k) < WIDTH)                                                                          \
        before[k] = line[k];

#endif
