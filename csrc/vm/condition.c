#include "vm/condition.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "indicator/list.h"

/* ------------------------------------------------------------------- what a node is */

/* How a condition is found without its column; kind 0: not at all. */
typedef struct Way {
    uint8_t kind, holds;
} Way;

static Way way_of_op(const HqOp *op)
{
    switch (op->code) {
    case HQ_OP_LT: return (Way){HQ_RELATION, HQ_LESS};
    case HQ_OP_LE: return (Way){HQ_RELATION, HQ_LESS | HQ_EQUAL};
    case HQ_OP_GT: return (Way){HQ_RELATION, HQ_MORE};
    case HQ_OP_GE: return (Way){HQ_RELATION, HQ_MORE | HQ_EQUAL};
    case HQ_OP_EQ: return (Way){HQ_RELATION, HQ_EQUAL};
    case HQ_OP_NE: return (Way){HQ_RELATION, HQ_LESS | HQ_MORE};
    case HQ_OP_NOT: return (Way){HQ_NOT, 0};
    case HQ_OP_AND: return (Way){HQ_AND, 0};
    case HQ_OP_OR: return (Way){HQ_OR, 0};
    default: return (Way){0, 0};
    }
}

static Way way_of(const HqNodeKey *key)
{
    if (!key->row)
        return way_of_op(key->what);
    if (key->row == &hq_row_crossover)
        return (Way){HQ_CROSSING, HQ_MORE};
    if (key->row == &hq_row_crossunder)
        return (Way){HQ_CROSSING, HQ_LESS};
    return (Way){key->row == &hq_row_cross ? HQ_CROSSING : 0, HQ_LESS | HQ_MORE};
}

static bool reads_columns(Way way) { return way.kind < HQ_NOT; }

void hq_conditions_choose(const HqGraph *graph, bool *is_read, bool *needs_none)
{
    for (uint32_t i = graph->n_nodes; i-- > 0;) { /* readers stand behind what they read */
        const HqNodeKey *key = &graph->keys[i];
        Way way = way_of(key);
        needs_none[i] = way.kind && !is_read[graph->nodes[i].out];
        for (uint32_t k = 0; k < key->n_inputs && (!needs_none[i] || reads_columns(way)); k++)
            is_read[graph->nodes[i].in[k]] = true;
    }
}

/* ------------------------------------------------------------------------- building */

/* The condition of a slot: one that is there, or a column. */
static uint32_t condition_of(HqConditions *conditions, uint32_t slot)
{
    for (uint32_t i = 0; i < conditions->count; i++)
        if (conditions->condition[i].slot == slot)
            return i;
    conditions->condition[conditions->count] = (HqCondition){.kind = HQ_COLUMN, .slot = slot};
    return conditions->count++;
}

static void add_node(HqConditions *conditions, const HqGraph *graph, uint32_t index)
{
    const HqNode *node = &graph->nodes[index];
    const HqNodeKey *key = &graph->keys[index];
    Way way = way_of(key);
    HqCondition found = {way.kind, way.holds, node->in[0], node->in[1], node->out};
    if (!reads_columns(way)) {
        found.a = condition_of(conditions, node->in[0]);
        found.b = key->n_inputs > 1 ? condition_of(conditions, node->in[1]) : found.a;
    }
    conditions->condition[conditions->count++] = found;
}

HqStatus hq_conditions_init(HqConditions *conditions, const HqGraph *graph, const HqRules *rules,
                            const bool *needs_none, uint32_t first, uint32_t end)
{
    size_t most = rules->count; /* a column a rule, and a node with its operands */
    for (uint32_t i = first; i < end && needs_none; i++)
        most += needs_none[i] ? 3 : 0;
    *conditions = (HqConditions){.condition = hq_calloc(most, sizeof *conditions->condition),
                                 .of_rule = hq_calloc(rules->count, sizeof *conditions->of_rule)};
    if (!conditions->condition || !conditions->of_rule) {
        hq_conditions_destroy(conditions);
        return HQ_ENOMEM;
    }
    for (uint32_t i = first; i < end && needs_none; i++)
        if (needs_none[i])
            add_node(conditions, graph, i);
    for (uint32_t r = 0; r < rules->count; r++)
        conditions->of_rule[r] = condition_of(conditions, rules->rule[r].condition);
    return HQ_OK;
}

void hq_conditions_destroy(HqConditions *conditions)
{
    free(conditions->condition);
    free(conditions->of_rule);
    *conditions = (HqConditions){0};
}

/* -------------------------------------------------------------------------- finding */

/* How two columns are to each other over the block. */
typedef struct Relation {
    uint32_t a, b; /* slots; HQ_NO_SLOT: nothing is found yet */
    uint64_t *less, *equal, *more; /* and of the bar before, in the highest bit of the word before */
} Relation;

/* Rules often ask twice about the same two: whether one crosses over, and under. */
static void relate(Relation *relation, const HqBlock *block, const HqCondition *condition, size_t n)
{
    if (relation->a == condition->a && relation->b == condition->b)
        return;
    const double *before = block->graph->line;
    double a = before[condition->a], b = before[condition->b];
    relation->a = condition->a;
    relation->b = condition->b;
    relation->less[-1] = (uint64_t)(a < b) << 63;
    relation->equal[-1] = (uint64_t)(a == b) << 63;
    relation->more[-1] = (uint64_t)(a > b) << 63;
    HQ_WIDE_CHOOSE(hq_relate)(block->column[condition->a], block->column[condition->b], n,
                              relation->less, relation->equal, relation->more);
}

static void find_relation(const Relation *relation, uint8_t of, size_t words, uint64_t *holds,
                          uint64_t *known)
{
    for (size_t w = 0; w < words; w++) {
        uint64_t less = relation->less[w], equal = relation->equal[w], more = relation->more[w];
        holds[w] = (of & HQ_LESS ? less : 0) | (of & HQ_EQUAL ? equal : 0) | (of & HQ_MORE ? more : 0);
        known[w] = less | equal | more;
    }
}

static void find_crossing(const Relation *relation, uint8_t of, size_t words, uint64_t *holds,
                          uint64_t *known)
{
    HQ_WIDE_CHOOSE(hq_cross)(relation->less, relation->equal, relation->more, words,
                             of & HQ_MORE ? UINT64_MAX : 0, of & HQ_LESS ? UINT64_MAX : 0, holds, known);
}

/* NOT, AND and OR, as the list of graph/op.h has them. */
static void find_logic(const HqCondition *condition, const HqBits *bits, size_t words,
                       uint64_t *holds, uint64_t *known)
{
    const uint64_t *a = hq_bits_holds(bits, condition->a), *b = hq_bits_holds(bits, condition->b);
    const uint64_t *a_known = hq_bits_known(bits, condition->a);
    const uint64_t *b_known = hq_bits_known(bits, condition->b);
    for (size_t w = 0; w < words; w++) {
        uint64_t a_fails = a_known[w] & ~a[w], b_fails = b_known[w] & ~b[w], fails = a[w];
        holds[w] = a_fails;
        if (condition->kind == HQ_AND) {
            holds[w] = a[w] & b[w];
            fails = a_fails | b_fails;
        } else if (condition->kind == HQ_OR) {
            holds[w] = a[w] | b[w];
            fails = a_fails & b_fails;
        }
        known[w] = holds[w] | fails;
    }
}

/* The very first bar has been pushed: its value stands in the line. */
static void take_first(const HqBlock *block, uint32_t slot, uint64_t *holds, uint64_t *known)
{
    double value = block->graph->line[slot];
    holds[0] = (holds[0] & ~(uint64_t)1) | (value == 1);
    known[0] = (known[0] & ~(uint64_t)1) | !isnan(value);
}

void hq_conditions_find(const HqConditions *conditions, const HqBlock *block, size_t n,
                        const HqBits *bits, uint64_t *room)
{
    size_t words = hq_words(n);
    size_t column = bits->words + 1;
    Relation relation = {HQ_NO_SLOT, HQ_NO_SLOT, room + 1, room + column + 1, room + 2 * column + 1};
    for (uint32_t i = 0; i < conditions->count; i++) {
        const HqCondition *condition = &conditions->condition[i];
        uint64_t *holds = hq_bits_holds(bits, i), *known = hq_bits_known(bits, i);
        if (condition->kind == HQ_COLUMN) {
            HQ_WIDE_CHOOSE(hq_truths)(block->column[condition->slot], n, holds, known);
            continue;
        }
        if (condition->kind == HQ_RELATION || condition->kind == HQ_CROSSING)
            relate(&relation, block, condition, n);
        if (condition->kind == HQ_RELATION)
            find_relation(&relation, condition->holds, words, holds, known);
        else if (condition->kind == HQ_CROSSING)
            find_crossing(&relation, condition->holds, words, holds, known);
        else
            find_logic(condition, bits, words, holds, known);
        if (block->is_first)
            take_first(block, condition->slot, holds, known);
    }
}
