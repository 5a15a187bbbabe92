/* A program as text: a line an instruction, then what the instructions refer to. */
#include <stdarg.h>
#include <stdio.h>

#include "base/number.h"
#include "ring/bars.h"
#include "vm/program.h"

/* Counts what it is handed and keeps what fits. */
typedef struct Text {
    char *out;
    size_t cap;
    size_t length;
} Text;

static void put_char(Text *text, char c)
{
    if (text->length + 1 < text->cap)
        text->out[text->length] = c;
    text->length++;
}

static void put(Text *text, const char *s)
{
    while (*s)
        put_char(text, *s++);
}

/* For integers and names of the tables: each call stays far below the buffer. */
HQ_PRINTF(2, 3) static void putf(Text *text, const char *format, ...)
{
    char buffer[128];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(buffer, sizeof buffer, format, arguments);
    va_end(arguments);
    put(text, buffer);
}

static void put_number(Text *text, double value) { put(text, HQ_NUMBER(value)); }

/* ------------------------------------------------------------- instructions */

static void put_operand_clock(Text *text, const HqProgram *p, uint8_t timeframe)
{
    if (timeframe > 0)
        putf(text, "@%lldms", (long long)p->timeframes[timeframe - 1]);
}

static void put_node_param(Text *text, const HqProgram *p, const HqNodeParam *param)
{
    if (param->param == HQ_NO_PARAM)
        put_number(text, param->value);
    else
        put(text, p->param_names[param->param]);
}

static void put_node(Text *text, const HqProgram *p, uint32_t index)
{
    const HqProgramNode *node = &p->nodes[index];
    const HqIndicatorInfo *info = &node->row->info;
    const char *between = "";
    putf(text, "%s(", info->name);
    for (uint32_t i = 0; i < node->n_inputs; i++, between = ", ")
        putf(text, "%s%s=r%u", between, info->inputs[i].name,
             (unsigned)p->inputs[node->first_input + i]);
    for (uint32_t i = 0; i < node->n_params; i++, between = ", ") {
        putf(text, "%s%s=", between, info->params[i].name);
        put_node_param(text, p, &p->node_params[node->first_param + i]);
    }
    put_char(text, ')');
}

/* With the PARAMs' own values, from the first bar at which the inputs have one. */
static int64_t node_warmup(const HqProgram *p, const HqProgramNode *node)
{
    double defaults[256] = {0}, params[HQ_MAX_PARAMS] = {0};
    hq_program_defaults(p, defaults);
    hq_program_node_params(p, node, defaults, params);
    return hq_row_warmup(node->row, params, 0);
}

static void put_warmup(Text *text, const HqProgram *p, const HqProgramNode *node)
{
    putf(text, "; %swarm-up %lld bars; ", node->mode == HQ_MODE_TALIB ? "talib, " : "",
         (long long)node_warmup(p, node));
}

static void put_operation(Text *text, const HqInstruction *in)
{
    const HqOp *op = hq_op_find(in->op);
    putf(text, "%-6s r%u", op->name, (unsigned)in->a);
    if (op->operands == 2)
        putf(text, ", r%u", (unsigned)in->b);
}

static void put_instruction(Text *text, const HqProgram *p, uint32_t i)
{
    const HqInstruction *in = &p->code[i];
    putf(text, "  r%-4u ", (unsigned)i);
    switch (in->op) {
    case HQ_OP_SERIES:
        /* Beyond the fields there is the bar's time. */
        putf(text, "SERIES %s", in->a < HQ_FIELD_COUNT ? hq_field_name[in->a] : "time");
        put_operand_clock(text, p, in->timeframe);
        break;
    case HQ_OP_CONST:
        put(text, "CONST  ");
        put_number(text, p->constants[in->a]);
        break;
    case HQ_OP_PARAM:
        put(text, "PARAM  ");
        put(text, p->param_names[in->a]);
        break;
    case HQ_OP_NODE:
        put(text, "NODE   ");
        put_node(text, p, in->a);
        put_operand_clock(text, p, in->timeframe);
        break;
    case HQ_OP_OUT:
        putf(text, "OUT    r%u.%s", (unsigned)in->a,
             p->nodes[p->code[in->a].a].row->info.outputs[in->b]);
        break;
    case HQ_OP_LAST:
        putf(text, "LAST   r%u", (unsigned)in->a);
        break;
    default:
        put_operation(text, in);
        put_operand_clock(text, p, in->timeframe);
    }
    put(text, "  ");
    if (in->op == HQ_OP_NODE)
        put_warmup(text, p, &p->nodes[in->a]);
    else
        put(text, "; ");
    putf(text, "line %u:%u\n", (unsigned)p->lines[i].line, (unsigned)p->lines[i].column);
}

/* ------------------------------------------------------------------- tables */

static void put_param(Text *text, const HqProgram *p, uint32_t i)
{
    const HqParam *param = &p->params[i];
    put(text, "  ");
    put(text, p->param_names[i]);
    put(text, " = ");
    put_number(text, param->value);
    if (!hq_is_unknown(param->minimum)) {
        put(text, " in ");
        put_number(text, param->minimum);
        put(text, "..");
        put_number(text, param->maximum);
        put(text, " step ");
        put_number(text, param->step);
    }
    put_char(text, '\n');
}

static uint32_t count_operations(const HqProgram *p)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < p->n_code; i++)
        count += p->code[i].op >= HQ_OP_NEG;
    return count;
}

static const char *clock_of(const HqProgram *p, uint8_t timeframe, char out[40])
{
    out[0] = '\0';
    if (timeframe > 0)
        snprintf(out, 40, " of @%lldms", (long long)p->timeframes[timeframe - 1]);
    return out;
}

/* A node by what it costs: when it begins, counted in bars of its clock from 0, and its work a bar. */
static void put_node_line(Text *text, const HqProgram *p, uint32_t i)
{
    const HqInstruction *in = &p->code[i];
    const HqProgramNode *node = &p->nodes[in->a];
    char clock[40];
    putf(text, "  r%-4u ", (unsigned)i);
    put_node(text, p, in->a);
    putf(text, "  ; %s; first value at bar %lld%s; ",
         node->mode == HQ_MODE_TALIB ? "talib" : "seed", (long long)p->registers[i].first_true,
         clock_of(p, node->timeframe, clock));
    put(text, node->row->info.cost);
    put_char(text, '\n');
}

static void put_nodes(Text *text, const HqProgram *p)
{
    int64_t longest = 0;
    put(text, "nodes\n");
    for (uint32_t i = 0; i < p->n_code; i++) {
        if (p->code[i].op != HQ_OP_NODE)
            continue;
        put_node_line(text, p, i);
        if (p->registers[i].first_true > longest)
            longest = p->registers[i].first_true;
    }
    putf(text, "  total: %u nodes, %u operations a bar; all have values at bar %lld of their clocks\n",
         (unsigned)p->n_nodes, (unsigned)count_operations(p), (long long)longest);
}

static void put_rule(Text *text, const HqProgram *p, uint32_t i)
{
    static const char *const actions[] = {"", "BUY", "SELL", "HOLD"};
    static const char *const clauses[] = {"", "SIZE", "STOP", "TARGET", "TRAIL"};
    const HqProgramRule *rule = &p->rules[i];
    putf(text, "  IF r%u THEN %s", (unsigned)rule->condition, actions[rule->action]);
    for (uint32_t k = 0; k < rule->n_clauses; k++) {
        const HqClause *clause = &p->clauses[rule->first_clause + k];
        putf(text, " %s r%u%s", clauses[clause->kind], (unsigned)clause->value,
             clause->unit == 1 ? "%" : "");
    }
    putf(text, "  ; line %u; not before bar %lld%s\n", (unsigned)rule->line,
         (long long)p->registers[rule->condition].first_true,
         p->n_timeframes > 0 ? ", once its timeframes have begun" : "");
}

static void put_program(Text *text, const HqProgram *p)
{
    putf(text, "HQBC 1.%u: %u instructions, %u nodes, %u constants, %u params, ",
         (unsigned)p->minor, (unsigned)p->n_code, (unsigned)p->n_nodes, (unsigned)p->n_constants,
         (unsigned)p->n_params);
    putf(text, "%u timeframes, %u rules, %u clauses, %u bytes of strings\n",
         (unsigned)p->n_timeframes, (unsigned)p->n_rules, (unsigned)p->n_clauses,
         (unsigned)p->n_strings);
    put(text, "code\n");
    for (uint32_t i = 0; i < p->n_code; i++)
        put_instruction(text, p, i);
    if (p->n_nodes > 0)
        put_nodes(text, p);
    put(text, p->n_params > 0 ? "params\n" : "");
    for (uint32_t i = 0; i < p->n_params; i++)
        put_param(text, p, i);
    put(text, p->n_timeframes > 0 ? "timeframes\n" : "");
    for (uint32_t i = 0; i < p->n_timeframes; i++)
        putf(text, "  %lld ms\n", (long long)p->timeframes[i]);
    put(text, "rules\n");
    for (uint32_t i = 0; i < p->n_rules; i++)
        put_rule(text, p, i);
}

size_t hq_program_disassemble(const HqProgram *program, char *out, size_t cap)
{
    Text text = {out, out ? cap : 0, 0};
    if (program)
        put_program(&text, program);
    if (text.cap > 0)
        out[text.length < cap ? text.length : cap - 1] = '\0';
    return text.length;
}
