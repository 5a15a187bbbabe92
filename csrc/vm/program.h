/* A verified program in memory: docs/hqbc.md, decoded. */
#ifndef HQ_VM_PROGRAM_H
#define HQ_VM_PROGRAM_H

#include "graph/op.h"
#include "hquant/program.h"

/* Ops that are not pure operations (graph/op.h). */
enum {
    HQ_OP_SERIES = 0,
    HQ_OP_CONST = 1,
    HQ_OP_PARAM = 2,
    HQ_OP_NODE = 3,
    HQ_OP_OUT = 4,
    HQ_OP_LAST = 5,
};

enum {
    HQ_PROGRAM_SIZE_MAX = 1 << 20,
    HQ_NO_PARAM = -1,        /* 0xFFFFFFFF in the file */
    HQ_CLOCK_NONE = 255,     /* a register that depends on constants alone */
};

typedef struct HqParam {
    double value, minimum, maximum, step;
    uint32_t name, name_length; /* in strings */
} HqParam;

typedef struct HqProgramNode {
    const HqRow *row;
    uint16_t code;
    uint8_t mode, timeframe, n_inputs, n_params;
    uint32_t first_input, first_param;
} HqProgramNode;

typedef struct HqNodeParam {
    int32_t param; /* HQ_NO_PARAM: `value` */
    double value;
} HqNodeParam;

typedef struct HqInstruction {
    uint16_t op;
    uint8_t timeframe;
    uint32_t a, b;
} HqInstruction;

typedef struct HqProgramRule {
    uint32_t condition;
    uint8_t action, n_clauses;
    uint32_t first_clause, line;
} HqProgramRule;

/** What a clause of a rule says; numbers of the format (docs/hqbc.md). */
enum { HQ_CLAUSE_SIZE = 1, HQ_CLAUSE_STOP = 2, HQ_CLAUSE_TARGET = 3, HQ_CLAUSE_TRAIL = 4 };

typedef struct HqClause {
    uint8_t kind, unit; /* unit 1: per cent */
    uint32_t value; /* register */
} HqClause;

typedef struct HqLine {
    uint32_t line, column;
} HqLine;

/* What the verifier works out for a register. */
typedef struct HqRegister {
    HqType type;
    uint8_t clock; /* 0 base, 1.. a timeframe, HQ_CLOCK_NONE */
    int64_t first_true, first_false; /* bars of vm/warmup.h; of a number both are its first */
} HqRegister;

enum { HQBC_MAJOR = 1, HQBC_MINOR = 1 }; /* the newest version that can be read */

struct HqProgram {
    uint32_t minor; /* of the version it was written in */
    uint8_t *bytes; /* the file that it was loaded from */
    size_t size;
    char *strings;
    char **param_names; /* NUL-terminated copies, in one block behind the pointers */
    HqParam *params;
    int64_t *timeframes; /* ms */
    HqProgramNode *nodes;
    uint32_t *inputs;
    HqNodeParam *node_params;
    double *constants;
    HqInstruction *code;
    HqProgramRule *rules;
    HqClause *clauses;
    HqLine *lines;
    HqRegister *registers; /* one an instruction */
    uint32_t n_strings, n_params, n_timeframes, n_nodes, n_inputs, n_node_params, n_constants,
        n_code, n_rules, n_clauses, n_lines;
};

/** Check everything that docs/hqbc.md demands of a decoded program; fills nodes' rows and registers. */
HqStatus hq_program_verify(HqProgram *program);

/** A node's parameters with the given values of the PARAMs. */
void hq_program_node_params(const HqProgram *program, const HqProgramNode *node,
                            const double *params, double *out);

/** Every PARAM's own value, into `out` (n_params entries). */
void hq_program_defaults(const HqProgram *program, double *out);

/** The index of a PARAM by its name; n_params, and HQ_ENOTFOUND set, when there is none. */
uint32_t hq_program_find_param(const HqProgram *program, const char *name);

/** HQ_EINVAL for a value that is not finite or outside the range of PARAM `index`. */
HqStatus hq_program_check_param(const HqProgram *program, uint32_t index, double value);

/** The same of a value for every PARAM. */
HqStatus hq_program_check_params(const HqProgram *program, const double *values);

/** HQ_EUNSUPPORTED for a program with clauses: what emits or fills bare signals would ignore them. */
HqStatus hq_program_check_no_clauses(const HqProgram *program);

#endif
