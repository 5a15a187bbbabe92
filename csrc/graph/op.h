/*
 * The pure operations of the language, one list: it makes the graph's steps, and what the verifier
 * and the disassembler know of them.
 */
#ifndef HQ_GRAPH_OP_H
#define HQ_GRAPH_OP_H

#include "indicator/span.h"

/** What a register holds. */
typedef enum HqType { HQ_NUMBER, HQ_CONDITION } HqType;

/*
 * X(name, code, operands, operand type, result type, expression of a and b)
 * A number that is not finite is unknown. AND and OR follow SQL: false AND unknown is false.
 */
#define HQ_OP_LIST(X)                                                                            \
    X(NEG, 16, 1, HQ_NUMBER, HQ_NUMBER, -a)                                                      \
    X(ABS, 17, 1, HQ_NUMBER, HQ_NUMBER, fabs(a))                                                 \
    X(SQRT, 18, 1, HQ_NUMBER, HQ_NUMBER, hq_known(sqrt(a)))                                      \
    X(LOG, 19, 1, HQ_NUMBER, HQ_NUMBER, hq_known(log(a)))                                        \
    X(ADD, 32, 2, HQ_NUMBER, HQ_NUMBER, hq_known(a + b))                                         \
    X(SUB, 33, 2, HQ_NUMBER, HQ_NUMBER, hq_known(a - b))                                         \
    X(MUL, 34, 2, HQ_NUMBER, HQ_NUMBER, hq_known(a * b))                                         \
    X(DIV, 35, 2, HQ_NUMBER, HQ_NUMBER, hq_known(a / b))                                         \
    X(MIN, 36, 2, HQ_NUMBER, HQ_NUMBER, a < b || hq_is_unknown(a) ? a : b)                       \
    X(MAX, 37, 2, HQ_NUMBER, HQ_NUMBER, a > b || hq_is_unknown(a) ? a : b)                       \
    X(NZ, 38, 2, HQ_NUMBER, HQ_NUMBER, hq_is_unknown(a) ? b : a)                                 \
    X(LT, 48, 2, HQ_NUMBER, HQ_CONDITION, hq_condition(a < b, a >= b))                           \
    X(LE, 49, 2, HQ_NUMBER, HQ_CONDITION, hq_condition(a <= b, a > b))                           \
    X(GT, 50, 2, HQ_NUMBER, HQ_CONDITION, hq_condition(a > b, a <= b))                           \
    X(GE, 51, 2, HQ_NUMBER, HQ_CONDITION, hq_condition(a >= b, a < b))                           \
    X(EQ, 52, 2, HQ_NUMBER, HQ_CONDITION, hq_condition(a == b, a < b || a > b))                  \
    X(NE, 53, 2, HQ_NUMBER, HQ_CONDITION, hq_condition(a < b || a > b, a == b))                  \
    X(NOT, 64, 1, HQ_CONDITION, HQ_CONDITION, 1 - a)                                             \
    X(AND, 65, 2, HQ_CONDITION, HQ_CONDITION, a == 0 || b == 0 ? 0 : a * b)                      \
    X(OR, 66, 2, HQ_CONDITION, HQ_CONDITION, a == 1 || b == 1 ? 1 : a + b)

typedef enum HqOpCode {
#define HQ_OP_ENUM(name, code, operands, type, result, expression) HQ_OP_##name = code,
    HQ_OP_LIST(HQ_OP_ENUM)
#undef HQ_OP_ENUM
} HqOpCode;

typedef struct HqOp {
    uint32_t code;
    uint32_t operands;    /* 1 or 2 */
    HqType operand_type;
    HqType result_type;
    const char *name;
    HqStepFn push; /* both do the same and go on along their own chain */
    HqStepFn peek;
    HqStepFn alone; /* without going on */
    HqSpanFn span[HQ_SPAN_BUILDS];  /* over a block of bars */
} HqOp;

/** Its input where that is finite, else unknown; not an op of programs. */
extern const HqOp hq_op_known;

/** The operation with a code; NULL when there is none. */
const HqOp *hq_op_find(uint32_t code);

#endif
