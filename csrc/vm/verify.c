/*
 * The verifier: what docs/hqbc.md demands of a program, checked once. Past it the linker and the
 * evaluators assume that every index, type, clock and parameter is right.
 */
#include "base/utf8.h"
#include "graph/graph.h"
#include "vm/program.h"

static HqStatus bad(const char *what, uint32_t index, const char *rule)
{
    return hq_fail(HQ_EPROGRAM, "%s %u: %s", what, (unsigned)index, rule);
}

/* -------------------------------------------------------------------- params */

static int range_is_absent(const HqParam *p)
{
    return hq_is_unknown(p->minimum) && hq_is_unknown(p->maximum) && hq_is_unknown(p->step);
}

static int range_is_good(const HqParam *p)
{
    return fabs(p->minimum) <= DBL_MAX && fabs(p->maximum) <= DBL_MAX && p->step <= DBL_MAX &&
           p->step > 0 && p->minimum <= p->value && p->value <= p->maximum;
}

static int same_param_name(const HqProgram *p, const HqParam *a, const HqParam *b)
{
    return a->name_length == b->name_length &&
           memcmp(p->strings + a->name, p->strings + b->name, a->name_length) == 0;
}

static HqStatus verify_params(const HqProgram *p)
{
    for (uint32_t i = 0; i < p->n_params; i++) {
        const HqParam *param = &p->params[i];
        if (param->name_length == 0 || param->name > p->n_strings ||
            param->name_length > p->n_strings - param->name)
            return bad("param", i, "expected a name inside the strings");
        if (memchr(p->strings + param->name, '\0', param->name_length) ||
            !hq_utf8_is_valid((const uint8_t *)p->strings + param->name, param->name_length))
            return bad("param", i, "expected a name in whole UTF-8 characters, without NUL");
        if (!(fabs(param->value) <= DBL_MAX))
            return bad("param", i, "expected a finite value");
        if (!range_is_absent(param) && !range_is_good(param))
            return bad("param", i, "expected minimum <= value <= maximum and step > 0, or all NaN");
        for (uint32_t j = 0; j < i; j++)
            if (same_param_name(p, param, &p->params[j]))
                return bad("param", i, "expected a name of its own");
    }
    return HQ_OK;
}

static HqStatus verify_tables(const HqProgram *p)
{
    for (uint32_t i = 0; i < p->n_timeframes; i++) {
        if (p->timeframes[i] <= 0)
            return bad("timeframe", i, "expected a period > 0 ms");
        for (uint32_t j = 0; j < i; j++)
            if (p->timeframes[i] == p->timeframes[j])
                return bad("timeframe", i, "expected a period of its own");
    }
    for (uint32_t i = 0; i < p->n_constants; i++)
        if (!(fabs(p->constants[i]) <= DBL_MAX))
            return bad("constant", i, "expected a finite number");
    if (p->n_lines != p->n_code)
        return hq_fail(HQ_EPROGRAM, "lines: expected one for each of %u instructions, found %u",
                       (unsigned)p->n_code, (unsigned)p->n_lines);
    for (uint32_t i = 0; i < p->n_lines; i++)
        if (p->lines[i].line == 0 || p->lines[i].column == 0)
            return bad("line", i, "expected line and column from 1");
    return HQ_OK;
}

/* --------------------------------------------------------------------- nodes */

void hq_program_node_params(const HqProgram *program, const HqProgramNode *node,
                            const double *params, double *out)
{
    for (uint32_t i = 0; i < node->n_params; i++) {
        const HqNodeParam *p = &program->node_params[node->first_param + i];
        out[i] = p->param == HQ_NO_PARAM ? p->value : params[p->param];
    }
}

void hq_program_defaults(const HqProgram *program, double *out)
{
    for (uint32_t i = 0; i < program->n_params; i++)
        out[i] = program->params[i].value;
}

static int inside(uint32_t first, uint32_t count, uint32_t size)
{
    return first <= size && count <= size - first;
}

/* Rows and parameter values; the registers that nodes read are checked where the NODE stands. */
static HqStatus verify_nodes(HqProgram *p)
{
    double defaults[256] = {0}, params[HQ_MAX_PARAMS];
    hq_program_defaults(p, defaults);
    for (uint32_t i = 0; i < p->n_nodes; i++) {
        HqProgramNode *node = &p->nodes[i];
        node->row = hq_row_find(node->code);
        if (!node->row || node->code >= HQ_HIDDEN_CODE)
            return bad("node", i, "its code is no row of the indicator table");
        const HqIndicatorInfo *info = &node->row->info;
        if (node->n_inputs != info->n_inputs || node->n_params != info->n_params)
            return bad("node", i, "expected as many inputs and parameters as its row has");
        if (node->mode != HQ_MODE_SEED && (node->mode != HQ_MODE_TALIB || p->minor < 1))
            return bad("node", i, "expected mode 0, or 1 from version 1.1 on");
        node->row = hq_row_in_mode(node->row, node->mode);
        if (node->timeframe > p->n_timeframes)
            return bad("node", i, "its timeframe is not in the table");
        if (!inside(node->first_input, node->n_inputs, p->n_inputs) ||
            !inside(node->first_param, node->n_params, p->n_node_params))
            return bad("node", i, "its inputs or parameters leave their section");
        hq_program_node_params(p, node, defaults, params);
        if (hq_row_check_params(node->row, params) != HQ_OK) {
            HqError why = *hq_last_error();
            return hq_fail(HQ_EPROGRAM, "node %u: %.400s", (unsigned)i, why.message);
        }
    }
    return HQ_OK;
}

/* ---------------------------------------------------------------------- code */

/* The clock that two clocks have in common; -1 when they differ. */
static int join_clocks(int a, int b)
{
    if (a < 0 || b < 0)
        return -1;
    if (a == HQ_CLOCK_NONE)
        return b;
    return b == HQ_CLOCK_NONE || a == b ? a : -1;
}

static HqStatus verify_series(HqProgram *p, uint32_t i)
{
    const HqInstruction *in = &p->code[i];
    if (in->a >= (p->minor < 1 ? HQ_FIELD_COUNT : HQ_BAR_SLOTS) || in->b != 0)
        return bad("instruction", i, "SERIES: expected a field 0..5, or 6 from version 1.1 on");
    p->registers[i] = (HqRegister){.type = HQ_NUMBER, .clock = in->timeframe};
    return HQ_OK;
}

static HqStatus verify_constant(HqProgram *p, uint32_t i)
{
    const HqInstruction *in = &p->code[i];
    uint32_t count = in->op == HQ_OP_CONST ? p->n_constants : p->n_params;
    if (in->a >= count || in->b != 0)
        return bad("instruction", i, "CONST or PARAM: its operand is not in the table");
    p->registers[i] = (HqRegister){.type = HQ_NUMBER, .clock = HQ_CLOCK_NONE};
    return HQ_OK;
}

static HqStatus verify_node(HqProgram *p, uint32_t i, uint8_t *used)
{
    const HqInstruction *in = &p->code[i];
    if (in->a >= p->n_nodes || in->b != 0)
        return bad("instruction", i, "NODE: no such node");
    if (used[in->a]++)
        return bad("instruction", i, "NODE: its node has a NODE instruction already");
    const HqProgramNode *node = &p->nodes[in->a];
    int clock = HQ_CLOCK_NONE;
    for (uint32_t k = 0; k < node->n_inputs; k++) {
        uint32_t r = p->inputs[node->first_input + k];
        if (r >= i)
            return bad("instruction", i, "NODE: an input is not defined before it");
        HqType wanted = node->row->info.inputs[k].is_boolean ? HQ_CONDITION : HQ_NUMBER;
        if (p->registers[r].type != wanted)
            return bad("instruction", i, "NODE: an input has the wrong type");
        clock = join_clocks(clock, p->registers[r].clock);
    }
    if (clock < 0)
        return bad("instruction", i, "NODE: its inputs mix timeframes");
    uint8_t own = clock == HQ_CLOCK_NONE ? 0 : (uint8_t)clock;
    if (node->timeframe != own || in->timeframe != own)
        return bad("instruction", i, "NODE: expected the timeframe of its inputs");
    p->registers[i] = (HqRegister){.type = node->row->info.is_boolean ? HQ_CONDITION : HQ_NUMBER, .clock = own};
    return HQ_OK;
}

static HqStatus verify_out(HqProgram *p, uint32_t i)
{
    const HqInstruction *in = &p->code[i];
    if (in->a >= i || p->code[in->a].op != HQ_OP_NODE)
        return bad("instruction", i, "OUT: expected the register of a NODE before it");
    const HqProgramNode *node = &p->nodes[p->code[in->a].a];
    if (in->b >= node->row->info.n_outputs)
        return bad("instruction", i, "OUT: no such output");
    p->registers[i] = p->registers[in->a];
    return HQ_OK;
}

static HqStatus verify_last(HqProgram *p, uint32_t i)
{
    const HqInstruction *in = &p->code[i];
    if (in->a >= i || in->b != 0)
        return bad("instruction", i, "LAST: expected a register before it");
    uint8_t clock = p->registers[in->a].clock;
    if (clock == 0 || clock == HQ_CLOCK_NONE)
        return bad("instruction", i, "LAST: expected a register of a higher timeframe");
    p->registers[i] = (HqRegister){.type = p->registers[in->a].type, .clock = 0};
    return HQ_OK;
}

static HqStatus verify_op(HqProgram *p, uint32_t i)
{
    const HqInstruction *in = &p->code[i];
    const HqOp *op = hq_op_find(in->op);
    if (!op)
        return bad("instruction", i, "unknown op");
    if (in->a >= i || (op->operands == 2 ? in->b >= i : in->b != 0))
        return bad("instruction", i, "an operand is not defined before it");
    uint32_t b = op->operands == 2 ? in->b : in->a;
    if (p->registers[in->a].type != op->operand_type || p->registers[b].type != op->operand_type)
        return bad("instruction", i, "an operand has the wrong type");
    int clock = join_clocks(p->registers[in->a].clock, p->registers[b].clock);
    if (clock < 0)
        return bad("instruction", i, "its operands mix timeframes");
    p->registers[i] = (HqRegister){.type = op->result_type, .clock = (uint8_t)clock};
    return HQ_OK;
}

static HqStatus verify_instruction(HqProgram *p, uint32_t i, uint8_t *used)
{
    const HqInstruction *in = &p->code[i];
    HqStatus status;
    if (in->timeframe > p->n_timeframes)
        return bad("instruction", i, "its timeframe is not in the table");
    switch (in->op) {
    case HQ_OP_SERIES:
        status = verify_series(p, i);
        break;
    case HQ_OP_CONST:
    case HQ_OP_PARAM:
        status = verify_constant(p, i);
        break;
    case HQ_OP_NODE:
        status = verify_node(p, i, used);
        break;
    case HQ_OP_OUT:
        status = verify_out(p, i);
        break;
    case HQ_OP_LAST:
        status = verify_last(p, i);
        break;
    default:
        status = verify_op(p, i);
    }
    if (status != HQ_OK)
        return status;
    uint8_t clock = p->registers[i].clock;
    if (in->timeframe != (clock == HQ_CLOCK_NONE ? 0 : clock))
        return bad("instruction", i, "expected the timeframe of its operands");
    return HQ_OK;
}

static HqStatus verify_code(HqProgram *p)
{
    uint8_t used[4096] = {0};
    for (uint32_t i = 0; i < p->n_code; i++) {
        HqStatus status = verify_instruction(p, i, used);
        if (status != HQ_OK)
            return status;
    }
    for (uint32_t i = 0; i < p->n_nodes; i++)
        if (!used[i])
            return bad("node", i, "no NODE instruction names it");
    return HQ_OK;
}

/* --------------------------------------------------------------------- rules */

static int is_base_register(const HqProgram *p, uint32_t r, HqType type)
{
    return r < p->n_code && p->registers[r].type == type &&
           (p->registers[r].clock == 0 || p->registers[r].clock == HQ_CLOCK_NONE);
}

static HqStatus verify_clauses(const HqProgram *p, const HqProgramRule *rule)
{
    unsigned seen = 0;
    for (uint32_t i = 0; i < rule->n_clauses; i++) {
        uint32_t index = rule->first_clause + i;
        const HqClause *clause = &p->clauses[index];
        if (clause->kind < HQ_CLAUSE_SIZE || clause->kind > HQ_CLAUSE_TRAIL || clause->unit > 1)
            return bad("clause", index, "expected kind 1..4 and unit 0..1");
        if (seen & 1u << clause->kind)
            return bad("clause", index, "its kind stands twice in the rule");
        seen |= 1u << clause->kind;
        if (!is_base_register(p, clause->value, HQ_NUMBER))
            return bad("clause", index, "expected a number on the base clock");
    }
    return HQ_OK;
}

static HqStatus verify_rules(const HqProgram *p)
{
    uint32_t next = 0;
    for (uint32_t i = 0; i < p->n_rules; i++) {
        const HqProgramRule *rule = &p->rules[i];
        if (!is_base_register(p, rule->condition, HQ_CONDITION))
            return bad("rule", i, "expected a condition on the base clock");
        if (rule->action < ACTION_BUY || rule->action > ACTION_HOLD)
            return bad("rule", i, "expected action 1..3");
        if (rule->line == 0)
            return bad("rule", i, "expected a line from 1");
        if (rule->first_clause != next || !inside(next, rule->n_clauses, p->n_clauses))
            return bad("rule", i, "expected its clauses after those of the rule before it");
        next += rule->n_clauses;
        HqStatus status = verify_clauses(p, rule);
        if (status != HQ_OK)
            return status;
    }
    if (next != p->n_clauses)
        return bad("clause", next, "belongs to no rule");
    return HQ_OK;
}

HqStatus hq_program_verify(HqProgram *program)
{
    HqStatus status = verify_params(program);
    if (status == HQ_OK)
        status = verify_tables(program);
    if (status == HQ_OK)
        status = verify_nodes(program);
    if (status == HQ_OK)
        status = verify_code(program);
    if (status == HQ_OK)
        status = verify_rules(program);
    return status;
}
