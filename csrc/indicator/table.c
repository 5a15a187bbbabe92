/* The table: look-up by position, code and name, and the check of parameters. */
#include "indicator/list.h"
#include "base/number.h"

static const HqRow *const rows[] = {
#define ROW(name) &hq_row_##name,
    HQ_ROW_LIST(ROW)
#undef ROW
};

const HqInputInfo hq_input_close[1] = {{.name = "x", .field = 3}};
const HqInputInfo hq_input_high_low_close[3] = {
    {.name = "high", .field = 1, .is_implicit = 1},
    {.name = "low", .field = 2, .is_implicit = 1},
    {.name = "close", .field = 3, .is_implicit = 1},
};
const char *const hq_output_value[1] = {"value"};
const HqParamInfo hq_param_one_period[1] = {HQ_PERIOD_PARAM("period", NAN)};

size_t hq_indicator_count(void) { return HQ_ROWS_OF(rows); }

const HqIndicatorInfo *hq_indicator_info(size_t index)
{
    return index < HQ_ROWS_OF(rows) ? &rows[index]->info : NULL;
}

const HqRow *hq_row_find(uint32_t code)
{
    for (size_t i = 0; i < HQ_ROWS_OF(rows); i++)
        if (rows[i]->info.code == code)
            return rows[i];
    return NULL;
}

static int upper(int c) { return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c; }

static int same_name(const char *a, const char *b)
{
    while (*a && upper((unsigned char)*a) == upper((unsigned char)*b)) {
        a++;
        b++;
    }
    return upper((unsigned char)*a) == upper((unsigned char)*b);
}

const HqIndicatorInfo *hq_indicator_find(const char *name)
{
    for (size_t i = 0; name && i < HQ_ROWS_OF(rows); i++)
        if (same_name(rows[i]->info.name, name))
            return &rows[i]->info;
    return NULL;
}

HqStatus hq_row_check_params(const HqRow *row, const double *params)
{
    for (uint32_t i = 0; i < row->info.n_params; i++) {
        const HqParamInfo *p = &row->info.params[i];
        double v = params[i];
        if (!(v >= p->minimum && v <= p->maximum) || (p->is_integer && v != floor(v)))
            return hq_fail(HQ_EINVAL, "%s: %s: expected %s in %s..%s, found %s",
                           row->info.name, p->name, p->is_integer ? "a whole number" : "a number",
                           HQ_NUMBER(p->minimum), HQ_NUMBER(p->maximum), HQ_NUMBER(v));
    }
    return row->check ? row->check(params) : HQ_OK;
}

int64_t hq_indicator_warmup(uint32_t code, const double *params)
{
    const HqRow *row = hq_row_find(code);
    if (!row) {
        hq_fail(HQ_ENOTFOUND, "no indicator has the code %u", (unsigned)code);
        return -1;
    }
    if (!params && row->info.n_params > 0) {
        hq_fail(HQ_EINVAL, "%s: params: expected %u values, found NULL", row->info.name,
                (unsigned)row->info.n_params);
        return -1;
    }
    return hq_row_check_params(row, params) == HQ_OK ? row->warmup(params) : -1;
}
