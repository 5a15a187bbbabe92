#include "vm/link.h"

#include "base/alloc.h"

/* Where a register's value stands. A constant stands nowhere until a graph needs it. */
typedef struct Place {
    uint32_t graph;
    uint32_t slot;
    double constant; /* when the register's clock is HQ_CLOCK_NONE */
} Place;

typedef struct Linker {
    const HqProgram *program;
    const double *params;
    HqGraph *const *graphs;
    HqGraph *cross;
    uint32_t cross_index; /* n_timeframes + 1; 0 when graph 0 is the cross graph too */
    Place *places;        /* one a register */
    HqLinked *out;
} Linker;

static HqGraph *graph_at(const Linker *l, uint32_t index)
{
    return index == l->cross_index ? l->cross : l->graphs[index];
}

static int is_constant(const Linker *l, uint32_t r)
{
    return l->program->registers[r].clock == HQ_CLOCK_NONE;
}

/* A slot of the cross graph that shows another graph's slot. */
static uint32_t import_slot(Linker *l, const Place *from)
{
    for (uint32_t i = 0; i < l->out->n_imports; i++)
        if (l->out->imports[i].from_graph == from->graph &&
            l->out->imports[i].from_slot == from->slot)
            return l->out->imports[i].to_slot;
    HqImport *grown = hq_realloc_array(l->out->imports, l->out->n_imports + 1, sizeof *grown);
    if (!grown)
        return HQ_NO_SLOT;
    l->out->imports = grown;
    uint32_t to = hq_graph_external(l->cross);
    if (to == HQ_NO_SLOT)
        return HQ_NO_SLOT;
    grown[l->out->n_imports++] = (HqImport){from->graph, from->slot, to};
    return to;
}

/* The slot through which graph `index` reads register r. */
static uint32_t slot_in(Linker *l, uint32_t r, uint32_t index)
{
    const Place *place = &l->places[r];
    if (is_constant(l, r))
        return hq_graph_constant(graph_at(l, index), place->constant);
    return place->graph == index ? place->slot : import_slot(l, place);
}

/* The graph a register on a clock belongs to, given what it reads. */
static uint32_t home_of(const Linker *l, uint8_t clock, const uint32_t *reads, uint32_t n)
{
    if (clock > 0)
        return clock;
    for (uint32_t k = 0; k < n; k++)
        if (!is_constant(l, reads[k]) && l->places[reads[k]].graph == l->cross_index)
            return l->cross_index;
    return 0;
}

static HqStatus place_slot(Linker *l, uint32_t i, uint32_t graph, uint32_t slot)
{
    l->places[i] = (Place){.graph = graph, .slot = slot};
    return slot == HQ_NO_SLOT ? hq_last_error()->code : HQ_OK;
}

static HqStatus link_node(Linker *l, uint32_t i)
{
    const HqProgramNode *node = &l->program->nodes[l->program->code[i].a];
    const uint32_t *inputs = &l->program->inputs[node->first_input];
    uint32_t home = home_of(l, node->timeframe, inputs, node->n_inputs);
    uint32_t in[HQ_MAX_INPUTS] = {0};
    double params[HQ_MAX_PARAMS] = {0};
    for (uint32_t k = 0; k < node->n_inputs; k++)
        if ((in[k] = slot_in(l, inputs[k], home)) == HQ_NO_SLOT)
            return hq_last_error()->code;
    hq_program_node_params(l->program, node, l->params, params);
    HqStatus status = hq_row_check_params(node->row, params);
    if (status != HQ_OK)
        return status;
    return place_slot(l, i, home, hq_graph_indicator(graph_at(l, home), node->row, in, params));
}

static HqStatus link_op(Linker *l, uint32_t i)
{
    const HqInstruction *instruction = &l->program->code[i];
    const HqOp *op = hq_op_find(instruction->op);
    uint32_t reads[2] = {instruction->a, instruction->b}, in[2] = {0, 0};
    if (is_constant(l, i)) { /* computed here by the same step as at run time */
        double line[3] = {l->places[reads[0]].constant, l->places[reads[1]].constant};
        const HqNode node = {.in = {0, 1}, .out = 2};
        op->alone(&node, line, line);
        l->places[i].constant = line[2];
        return HQ_OK;
    }
    uint32_t home = home_of(l, l->program->registers[i].clock, reads, op->operands);
    for (uint32_t k = 0; k < op->operands; k++)
        if ((in[k] = slot_in(l, reads[k], home)) == HQ_NO_SLOT)
            return hq_last_error()->code;
    return place_slot(l, i, home, hq_graph_op(graph_at(l, home), op, in));
}

static HqStatus link_instruction(Linker *l, uint32_t i)
{
    const HqInstruction *in = &l->program->code[i];
    switch (in->op) {
    case HQ_OP_SERIES:
        return place_slot(l, i, in->timeframe, in->a);
    case HQ_OP_CONST:
        l->places[i].constant = l->program->constants[in->a];
        return HQ_OK;
    case HQ_OP_PARAM:
        l->places[i].constant = l->params[in->a];
        return HQ_OK;
    case HQ_OP_NODE:
        return link_node(l, i);
    case HQ_OP_OUT:
        return place_slot(l, i, l->places[in->a].graph, l->places[in->a].slot + in->b);
    case HQ_OP_LAST:
        return place_slot(l, i, l->cross_index, slot_in(l, in->a, l->cross_index));
    default:
        return link_op(l, i);
    }
}

static HqStatus link_clauses(Linker *l, uint32_t graph)
{
    const HqProgram *p = l->program;
    if (p->n_clauses == 0)
        return HQ_OK;
    l->out->rules.clause = hq_calloc(p->n_clauses, sizeof *l->out->rules.clause);
    if (!l->out->rules.clause)
        return HQ_ENOMEM;
    for (uint32_t i = 0; i < p->n_clauses; i++) {
        uint32_t slot = slot_in(l, p->clauses[i].value, graph);
        if (slot == HQ_NO_SLOT)
            return hq_last_error()->code;
        l->out->rules.clause[i] = (HqRuleClause){p->clauses[i].kind, p->clauses[i].unit, slot};
    }
    return HQ_OK;
}

static HqStatus link_rules(Linker *l)
{
    const HqProgram *p = l->program;
    uint32_t graph = l->cross ? l->cross_index : 0;
    l->out->rules.rule = hq_calloc(p->n_rules, sizeof *l->out->rules.rule);
    if (!l->out->rules.rule)
        return HQ_ENOMEM;
    for (uint32_t i = 0; i < p->n_rules; i++) {
        uint32_t slot = slot_in(l, p->rules[i].condition, graph);
        if (slot == HQ_NO_SLOT)
            return hq_last_error()->code;
        const HqProgramRule *rule = &p->rules[i];
        l->out->rules.rule[i] =
            (HqRule){slot, rule->action, rule->n_clauses, rule->first_clause};
    }
    l->out->rules.count = p->n_rules;
    return link_clauses(l, graph);
}

static HqStatus link_reads(Linker *l, const HqLinkReads *reads)
{
    uint32_t graph = l->cross ? l->cross_index : 0;
    for (size_t i = 0; reads && i < reads->count; i++) {
        reads->slots[i] = slot_in(l, reads->registers[i], graph);
        if (reads->slots[i] == HQ_NO_SLOT)
            return hq_last_error()->code;
    }
    return HQ_OK;
}

static HqStatus link_all(Linker *l, const HqLinkReads *reads)
{
    for (uint32_t i = 0; i < l->program->n_code; i++) {
        HqStatus status = link_instruction(l, i);
        if (status != HQ_OK)
            return status;
    }
    HqStatus status = link_rules(l);
    return status == HQ_OK ? link_reads(l, reads) : status;
}

HqStatus hq_link(const HqProgram *program, const double *params, HqGraph *const *graphs,
                 HqGraph *cross, const HqLinkReads *reads, HqLinked *out)
{
    double defaults[256];
    *out = (HqLinked){0};
    hq_program_defaults(program, defaults);
    Linker l = {.program = program, .params = params ? params : defaults, .graphs = graphs,
                .cross = cross, .cross_index = cross == graphs[0] ? 0 : program->n_timeframes + 1,
                .out = out};
    l.places = hq_calloc(program->n_code, sizeof *l.places);
    if (!l.places)
        return HQ_ENOMEM;
    HqStatus status = link_all(&l, reads);
    free(l.places);
    if (status != HQ_OK)
        hq_linked_destroy(out);
    return status;
}

void hq_linked_destroy(HqLinked *linked)
{
    free(linked->rules.rule);
    free(linked->rules.clause);
    free(linked->imports);
    *linked = (HqLinked){0};
}
