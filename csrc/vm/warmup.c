#include "vm/warmup.h"

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }

static int64_t first_known(const HqRegister *r) { return least(r->first_true, r->first_false); }

static void set_both(HqRegister *r, int64_t bar) { r->first_true = r->first_false = bar; }

static int64_t first_of_output(const HqProgram *p, const HqProgramNode *node, uint32_t output)
{
    double defaults[256] = {0}, params[HQ_MAX_PARAMS] = {0};
    int64_t inputs = 0;
    hq_program_defaults(p, defaults);
    hq_program_node_params(p, node, defaults, params);
    for (uint32_t i = 0; i < node->n_inputs; i++)
        inputs = most(inputs, first_known(&p->registers[p->inputs[node->first_input + i]]));
    return inputs + hq_row_warmup(node->row, params, output);
}

/* AND is false as soon as one side is, and true when both are; OR the other way round. */
static void set_operation(HqRegister *r, uint16_t op, const HqRegister *a, const HqRegister *b)
{
    switch (op) {
    case HQ_OP_NOT:
        r->first_true = a->first_false;
        r->first_false = a->first_true;
        break;
    case HQ_OP_AND:
        r->first_true = most(a->first_true, b->first_true);
        r->first_false = least(a->first_false, b->first_false);
        break;
    case HQ_OP_OR:
        r->first_true = least(a->first_true, b->first_true);
        r->first_false = most(a->first_false, b->first_false);
        break;
    case HQ_OP_NZ:
        set_both(r, least(first_known(a), first_known(b)));
        break;
    default:
        set_both(r, most(first_known(a), first_known(b)));
    }
}

void hq_program_find_first_bars(HqProgram *program)
{
    for (uint32_t i = 0; i < program->n_code; i++) {
        const HqInstruction *in = &program->code[i];
        HqRegister *r = &program->registers[i];
        const HqOp *op = hq_op_find(in->op);
        set_both(r, 0); /* series, constants, parameters; and LAST, whose clock is another one */
        if (in->op == HQ_OP_NODE)
            set_both(r, first_of_output(program, &program->nodes[in->a], 0));
        else if (in->op == HQ_OP_OUT)
            set_both(r, first_of_output(program, &program->nodes[program->code[in->a].a], in->b));
        else if (op && in->op)
            set_operation(r, in->op, &program->registers[in->a],
                          &program->registers[op->operands == 2 ? in->b : in->a]);
    }
}
