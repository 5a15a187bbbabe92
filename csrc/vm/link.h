/*
 * A program's registers become slots of graphs.
 *
 * Graph 0 holds what depends on base series alone, graph t (1..) what lives on timeframe t, and
 * the cross graph what reads a higher timeframe from the base clock; it may be graph 0 itself. A
 * graph reads another one's slot through an import: a slot of its own that whoever runs the graphs
 * fills before each step.
 */
#ifndef HQ_VM_LINK_H
#define HQ_VM_LINK_H

#include "graph/graph.h"
#include "vm/program.h"

typedef struct HqRule {
    uint32_t condition; /* slot of the graph that rules are read from */
    uint8_t action, n_clauses;
    uint32_t first_clause;
} HqRule;

/** A clause of a rule. */
typedef struct HqRuleClause {
    uint8_t kind, unit; /* of HqClause */
    uint32_t slot;      /* of the same graph */
} HqRuleClause;

/** A strategy's rules, in order. */
typedef struct HqRules {
    HqRule *rule;         /* owned */
    HqRuleClause *clause; /* owned; NULL without clauses, as in all engines */
    uint32_t count;
} HqRules;

/** Mark the slots that clauses read. */
static inline void hq_rules_mark_clauses(const HqRules *rules, bool *is_read)
{
    for (uint32_t r = 0; r < rules->count; r++)
        for (uint32_t c = 0; c < rules->rule[r].n_clauses; c++)
            is_read[rules->clause[rules->rule[r].first_clause + c].slot] = true;
}

/** Copy `from_slot` of graph `from_graph` to `to_slot` of the cross graph. */
typedef struct HqImport {
    uint32_t from_graph;
    uint32_t from_slot;
    uint32_t to_slot;
} HqImport;

typedef struct HqLinked {
    HqRules rules;      /* over the cross graph where there is one, else over graph 0 */
    HqImport *imports;  /* owned; empty without timeframes */
    uint32_t n_imports;
} HqLinked;

/** Registers whose values somebody reads besides the rules, and where the linker says they stand. */
typedef struct HqLinkReads {
    const uint32_t *registers; /* below n_code, on the base clock or of constants */
    size_t count;
    uint32_t *slots; /* out: `count` entries, of the graph that rules are read from */
} HqLinkReads;

/**
 * Add a program to graphs.
 * @param params  n_params values; NULL for the program's own.
 * @param graphs  graph 0 and one for each timeframe.
 * @param cross   the cross graph, which may be graphs[0]; NULL for a program without timeframes.
 * @param reads   NULL: the rules alone are read.
 * @param[out] out  owned by the caller, see hq_linked_destroy(); empty on failure.
 * On failure the graphs may hold nodes of the program: link into fresh ones.
 */
HqStatus hq_link(const HqProgram *program, const double *params, HqGraph *const *graphs,
                 HqGraph *cross, const HqLinkReads *reads, HqLinked *out);

void hq_linked_destroy(HqLinked *linked);

/** The first rule that is true; NULL when none is. */
static inline const HqRule *hq_rules_first(const HqRules *rules, const double *slots)
{
    for (uint32_t i = 0; i < rules->count; i++)
        if (slots[rules->rule[i].condition] == 1.0)
            return &rules->rule[i];
    return NULL;
}

/** The action of the first rule that is true; 0 when none is. */
static inline uint8_t hq_rules_evaluate(const HqRules *rules, const double *slots)
{
    const HqRule *rule = hq_rules_first(rules, slots);
    return rule ? rule->action : 0;
}

#endif
