/* What a program can be asked. */
#include "vm/program.h"

#include "base/alloc.h"
#include "ring/bars.h"

void hq_program_free(HqProgram *program)
{
    if (!program)
        return;
    void *blocks[] = {program->strings,     program->param_names, program->params,
                      program->timeframes,  program->nodes,       program->inputs,
                      program->node_params, program->constants,   program->code,
                      program->rules,       program->clauses,     program->lines,
                      program->registers};
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++)
        free(blocks[i]);
    free(program);
}

size_t hq_program_param_count(const HqProgram *program) { return program ? program->n_params : 0; }

HqStatus hq_program_param(const HqProgram *program, size_t index, HqProgramParam *out)
{
    if (!program || !out)
        return hq_fail(HQ_EINVAL, "hq_program_param: expected a program and a place, found NULL");
    if (index >= program->n_params)
        return hq_fail(HQ_ENOTFOUND, "param: expected an index below %u, found %zu",
                       (unsigned)program->n_params, index);
    const HqParam *p = &program->params[index];
    *out = (HqProgramParam){program->param_names[index], p->value, p->minimum, p->maximum, p->step};
    return HQ_OK;
}

uint32_t hq_program_has_clauses(const HqProgram *program)
{
    return program && program->n_clauses > 0;
}

uint32_t hq_program_reads_buy_volume(const HqProgram *program)
{
    for (uint32_t i = 0; program && i < program->n_code; i++)
        if (program->code[i].op == HQ_OP_SERIES && program->code[i].a == HQ_FIELD_BUY_VOLUME)
            return 1;
    return 0;
}

size_t hq_program_timeframe_count(const HqProgram *program)
{
    return program ? program->n_timeframes : 0;
}

int64_t hq_program_timeframe(const HqProgram *program, size_t index)
{
    return program && index < program->n_timeframes ? program->timeframes[index] : 0;
}

HqStatus hq_program_check_no_clauses(const HqProgram *program)
{
    for (uint32_t i = 0; i < program->n_rules; i++)
        if (program->rules[i].n_clauses > 0)
            return hq_fail_at(HQ_EUNSUPPORTED, program->rules[i].line, 0,
                              "SIZE, STOP, TARGET and TRAIL cannot be executed here yet: remove "
                              "them from the rule on line %u",
                              (unsigned)program->rules[i].line);
    return HQ_OK;
}

HqStatus hq_program_check_signals_only(const HqProgram *program)
{
    if (program->n_timeframes > 0)
        return hq_fail(HQ_EUNSUPPORTED,
                       "@period: there is one timeframe here; a strategy that reads candles of "
                       "%lld ms needs a MultiHQuant with that period",
                       (long long)program->timeframes[0]);
    return hq_program_check_no_clauses(program);
}
