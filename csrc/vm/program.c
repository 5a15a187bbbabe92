/* What a program can be asked. */
#include "vm/program.h"

#include <stdio.h>

#include "base/alloc.h"
#include "base/number.h"
#include "ring/bars.h"

void hq_program_free(HqProgram *program)
{
    if (!program)
        return;
    void *blocks[] = {program->bytes,
                      program->strings,     program->param_names, program->params,
                      program->timeframes,  program->nodes,       program->inputs,
                      program->node_params, program->constants,   program->code,
                      program->rules,       program->clauses,     program->lines,
                      program->registers};
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++)
        free(blocks[i]);
    free(program);
}

size_t hq_program_bytes(const HqProgram *program, uint8_t *out, size_t cap)
{
    if (!program)
        return 0;
    if (out && program->size <= cap)
        memcpy(out, program->bytes, program->size);
    return program->size;
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

/* ------------------------------------------------------ a PARAM by its name */

enum { COMPARED = 32, NAMED = 8, NAME_SHOWN = 40 };

static uint32_t least(uint32_t a, uint32_t b) { return a < b ? a : b; }

/*
 * Edits that make one name of another: insertions, deletions and replacements of a byte
 * (Levenshtein, Soviet Physics Doklady 10, 1966). Long names are compared by their beginnings.
 */
static uint32_t distance(const char *a, const char *b)
{
    uint32_t row[COMPARED + 1], length = 0;
    for (; length < COMPARED && b[length]; length++)
        row[length] = length;
    row[length] = length;
    for (uint32_t i = 0; i < COMPARED && a[i]; i++) {
        uint32_t diagonal = row[0];
        row[0] = i + 1;
        for (uint32_t k = 0; k < length; k++) {
            uint32_t replaced = diagonal + (a[i] != b[k]);
            diagonal = row[k + 1];
            row[k + 1] = least(replaced, least(row[k], diagonal) + 1);
        }
    }
    return row[length];
}

static void fail_unknown_param(const HqProgram *program, const char *name)
{
    char list[NAMED * (NAME_SHOWN + 2) + 1] = "";
    size_t length = 0;
    uint32_t nearest = program->n_params, best = 3; /* what is further off is another word */
    for (uint32_t i = 0; i < program->n_params; i++) {
        uint32_t off = distance(name, program->param_names[i]);
        if (off < best) {
            best = off;
            nearest = i;
        }
        if (i < NAMED)
            length += (size_t)snprintf(list + length, sizeof list - length, "%s%.*s",
                                       i > 0 ? ", " : "", NAME_SHOWN, program->param_names[i]);
    }
    const char *more = program->n_params > NAMED ? ", ..." : "";
    if (program->n_params == 0)
        hq_fail(HQ_ENOTFOUND, "param %.40s: this strategy has no PARAM", name);
    else if (nearest < program->n_params)
        hq_fail(HQ_ENOTFOUND, "param %.40s: expected one of %s%s; did you mean %.40s?", name, list,
                more, program->param_names[nearest]);
    else
        hq_fail(HQ_ENOTFOUND, "param %.40s: expected one of %s%s", name, list, more);
}

uint32_t hq_program_find_param(const HqProgram *program, const char *name)
{
    for (uint32_t i = 0; i < program->n_params; i++)
        if (strcmp(program->param_names[i], name) == 0)
            return i;
    fail_unknown_param(program, name);
    return program->n_params;
}

HqStatus hq_program_check_param(const HqProgram *program, uint32_t index, double value)
{
    const HqParam *param = &program->params[index];
    const char *name = program->param_names[index];
    if (!(fabs(value) <= DBL_MAX))
        return hq_fail(HQ_EINVAL, "param %.40s: expected a finite number, found %s", name,
                       HQ_NUMBER(value));
    if (value < param->minimum || value > param->maximum)
        return hq_fail(HQ_EINVAL, "param %.40s: expected %s..%s, found %s", name,
                       HQ_NUMBER(param->minimum), HQ_NUMBER(param->maximum), HQ_NUMBER(value));
    return HQ_OK;
}

HqStatus hq_program_check_params(const HqProgram *program, const double *values)
{
    HqStatus status = HQ_OK;
    for (uint32_t i = 0; i < program->n_params && status == HQ_OK; i++)
        status = hq_program_check_param(program, i, values[i]);
    return status;
}

/* ----------------------------------------------------------- what it contains */

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
                              "SIZE, STOP, TARGET and TRAIL are for backtests; an engine emits bare "
                              "signals, which cannot carry them: remove them from the rule on line %u",
                              (unsigned)program->rules[i].line);
    return HQ_OK;
}
