#include "graph/op.h"

/* A comparison and its opposite: with an unknown side, a NaN, neither holds. */
static inline double hq_condition(int holds, int fails)
{
    return holds ? 1 : fails ? 0 : (double)NAN;
}

/* Over a block an operation is a loop that compilers turn into vectors: no step carries anything on. */
#define A_1 span->in[0]
#define B_1 span->in[0]
#define A_2 span->in[0]
#define B_2 span->in[1]

#define FIRST_1 line[node->in[0]]
#define SECOND_1 0
#define FIRST_2 line[node->in[0]]
#define SECOND_2 line[node->in[1]]

#define OP_STEP(name, code, operands, type, result, expression)                              \
    static void step_##name(const HqNode *node, double *line, double *before)                \
    {                                                                                        \
        double a = FIRST_##operands, b = SECOND_##operands;                                  \
        (void)before;                                                                        \
        (void)b;                                                                             \
        line[node->out] = (expression);                                                      \
    }                                                                                        \
    HQ_CHAIN(step_##name, step_##name)                                                       \
    static inline void span_##name(const HqNode *node, const HqSpan *span)                          \
    {                                                                                        \
        const double *as = A_##operands, *bs = B_##operands;                                 \
        double *restrict out = span->out[0];                                                 \
        (void)node;                                                                          \
        for (size_t t = 0; t < span->n; t++) {                                               \
            double a = as[t], b = bs[t];                                                     \
            (void)b;                                                                         \
            out[t] = (expression);                                                           \
        }                                                                                    \
    }                                                                                        \
    HQ_SPAN_BUILD(span_##name)
HQ_OP_LIST(OP_STEP)
#undef OP_STEP

static const HqOp ops[] = {
#define OP_ROW(name, code, operands, type, result, expression) \
    {code, operands, type, result, #name, link_push_step_##name, link_peek_step_##name, step_##name, \
     HQ_SPANS(span_##name)},
    HQ_OP_LIST(OP_ROW)
#undef OP_ROW
};

static void step_known(const HqNode *node, double *line, double *before)
{
    (void)before;
    line[node->out] = hq_known(line[node->in[0]]);
}

HQ_CHAIN(step_known, step_known)

static inline void span_known(const HqNode *node, const HqSpan *span)
{
    const double *x = span->in[0];
    double *restrict out = span->out[0];
    (void)node;
    for (size_t t = 0; t < span->n; t++)
        out[t] = hq_known(x[t]);
}

HQ_SPAN_BUILD(span_known)

const HqOp hq_op_known = {0, 1, HQ_NUMBER, HQ_NUMBER, "KNOWN",
                          link_push_step_known, link_peek_step_known, step_known, HQ_SPANS(span_known)};

const HqOp *hq_op_find(uint32_t code)
{
    for (size_t i = 0; i < sizeof ops / sizeof ops[0]; i++)
        if (ops[i].code == code)
            return &ops[i];
    return NULL;
}
