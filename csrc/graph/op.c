#include "graph/op.h"

/* A comparison and its opposite: with an unknown side, a NaN, neither holds. */
static inline double hq_condition(int holds, int fails)
{
    return holds ? 1 : fails ? 0 : (double)NAN;
}

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
    HQ_CHAIN(step_##name, step_##name)
HQ_OP_LIST(OP_STEP)
#undef OP_STEP

static const HqOp ops[] = {
#define OP_ROW(name, code, operands, type, result, expression) \
    {code, operands, type, result, #name, link_push_step_##name, link_peek_step_##name, step_##name},
    HQ_OP_LIST(OP_ROW)
#undef OP_ROW
};

static void step_known(const HqNode *node, double *line, double *before)
{
    (void)before;
    line[node->out] = hq_known(line[node->in[0]]);
}

HQ_CHAIN(step_known, step_known)

const HqOp hq_op_known = {0, 1, HQ_NUMBER, HQ_NUMBER, "KNOWN",
                          link_push_step_known, link_peek_step_known, step_known};

const HqOp *hq_op_find(uint32_t code)
{
    for (size_t i = 0; i < sizeof ops / sizeof ops[0]; i++)
        if (ops[i].code == code)
            return &ops[i];
    return NULL;
}
