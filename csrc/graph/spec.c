#include "graph/spec.h"

static HqStatus resolve_fields(const HqRow *row, const HqIndicatorSpec *spec, uint32_t *fields)
{
    if (spec->n_fields > row->info.n_inputs)
        return hq_fail(HQ_EINVAL, "%s: fields: expected at most %u, found %u", row->info.name,
                       (unsigned)row->info.n_inputs, (unsigned)spec->n_fields);
    for (uint32_t i = 0; i < row->info.n_inputs; i++) {
        const HqInputInfo *input = &row->info.inputs[i];
        bool is_given = i < spec->n_fields && !input->is_implicit;
        if (input->is_boolean)
            return hq_fail(HQ_EINVAL, "%s: input %s is a condition, and no field is one",
                           row->info.name, input->name);
        if (!is_given && input->field < 0)
            return hq_fail(HQ_EINVAL, "%s: input %s: expected a field, found none", row->info.name,
                           input->name);
        fields[i] = is_given ? spec->fields[i] : (uint32_t)input->field;
        if (is_given && fields[i] >= HQ_FIELD_COUNT)
            return hq_fail(HQ_EINVAL, "%s: input %s: expected a field 0..%d, found %u",
                           row->info.name, input->name, HQ_FIELD_COUNT - 1, (unsigned)fields[i]);
    }
    return HQ_OK;
}

const HqRow *hq_spec_resolve(const HqIndicatorSpec *spec, double *params, uint32_t *fields)
{
    const HqRow *row = hq_row_of_spec(spec, params);
    return row && resolve_fields(row, spec, fields) == HQ_OK ? row : NULL;
}
