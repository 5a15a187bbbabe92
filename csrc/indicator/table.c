/* The table: look-up by position, code and name, and the check of parameters. */
#include "indicator/list.h"
#include "base/number.h"

#define ROW(name) &hq_row_##name,
static const HqRow *const rows[] = {HQ_ROW_LIST(ROW)};
static const HqRow *const hidden_rows[] = {HQ_HIDDEN_ROW_LIST(ROW)};
#undef ROW

const HqInputInfo hq_input_close[1] = {{.name = "x", .field = 3}};
const HqInputInfo hq_input_high_low_close[3] = {
    {.name = "high", .field = 1, .is_implicit = 1},
    {.name = "low", .field = 2, .is_implicit = 1},
    {.name = "close", .field = 3, .is_implicit = 1},
};
const HqInputInfo hq_input_high_low[2] = {
    {.name = "high", .field = 1, .is_implicit = 1},
    {.name = "low", .field = 2, .is_implicit = 1},
};
const HqInputInfo hq_input_high_low_close_volume[4] = {
    {.name = "high", .field = 1, .is_implicit = 1},
    {.name = "low", .field = 2, .is_implicit = 1},
    {.name = "close", .field = 3, .is_implicit = 1},
    {.name = "volume", .field = 4, .is_implicit = 1},
};
const HqInputInfo hq_input_open_high_low_close[4] = {
    {.name = "open", .field = 0, .is_implicit = 1},
    {.name = "high", .field = 1, .is_implicit = 1},
    {.name = "low", .field = 2, .is_implicit = 1},
    {.name = "close", .field = 3, .is_implicit = 1},
};
const HqInputInfo hq_input_close_volume[2] = {
    {.name = "x", .field = 3},
    {.name = "volume", .field = 4, .is_implicit = 1},
};
const HqInputInfo hq_input_pair[2] = {{.name = "x", .field = -1}, {.name = "y", .field = -1}};
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
    for (size_t i = 0; i < HQ_ROWS_OF(hidden_rows); i++)
        if (hidden_rows[i]->info.code == code)
            return hidden_rows[i];
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

/* -------------------------------------------------------------------- specs */

HqStatus hq_indicator_spec(const char *name, HqIndicatorSpec *spec)
{
    if (!spec)
        return hq_fail(HQ_EINVAL, "spec: expected an HqIndicatorSpec, found NULL");
    const HqIndicatorInfo *info = hq_indicator_find(name);
    if (!info)
        return hq_fail(HQ_ENOTFOUND, "no indicator has the name %.40s", name ? name : "NULL");
    *spec = (HqIndicatorSpec){.struct_size = sizeof *spec, .code = info->code};
    return HQ_OK;
}

static HqStatus check_spec(const HqIndicatorSpec *spec)
{
    if (!spec)
        return hq_fail(HQ_EINVAL, "spec: expected an HqIndicatorSpec, found NULL");
    if (spec->struct_size != sizeof *spec)
        return hq_fail(HQ_EINVAL, "spec: struct_size: expected %zu, found %u; set it to "
                                  "sizeof(HqIndicatorSpec)", sizeof *spec, (unsigned)spec->struct_size);
    if (spec->mode != HQ_MODE_SEED && spec->mode != HQ_MODE_TALIB)
        return hq_fail(HQ_EINVAL, "spec: mode: expected 0 (seed) or 1 (talib), found %u",
                       (unsigned)spec->mode);
    return HQ_OK;
}

const HqRow *hq_row_of_spec(const HqIndicatorSpec *spec, double *params)
{
    if (check_spec(spec) != HQ_OK)
        return NULL;
    const HqRow *row = hq_row_find(spec->code);
    if (!row || row->info.code >= HQ_HIDDEN_CODE) {
        hq_fail(HQ_ENOTFOUND, "no indicator has the code %u", (unsigned)spec->code);
        return NULL;
    }
    row = hq_row_in_mode(row, spec->mode);
    const HqIndicatorInfo *info = &row->info;
    if (spec->n_params > info->n_params) {
        hq_fail(HQ_EINVAL, "%s: params: expected at most %u, found %u", info->name,
                (unsigned)info->n_params, (unsigned)spec->n_params);
        return NULL;
    }
    for (uint32_t i = 0; i < info->n_params; i++) /* + 0.0: -0 is 0, equal specs have equal bytes */
        params[i] = (i < spec->n_params ? spec->params[i] : info->params[i].default_value) + 0.0;
    return hq_row_check_params(row, params) == HQ_OK ? row : NULL;
}

/* ------------------------------------------------------------------ warm-up */

/* The same parts as a graph gets, with a bar in place of each slot: that of its first value. */
enum { WARMUP_SLOTS = 256 };

typedef struct Reckoning {
    HqBuilder builder;
    uint32_t n_slots;
    int64_t first[WARMUP_SLOTS];
} Reckoning;

static uint32_t reckon(HqBuilder *builder, const HqRow *row, const uint32_t *in,
                       const double *params)
{
    Reckoning *r = (Reckoning *)builder;
    uint32_t core[HQ_MAX_INPUTS];
    row = hq_row_for(row, params);
    uint32_t n = row->parts ? row->n_core : row->info.n_inputs;
    if (row->at_one != HQ_AT_ONE_NODE && params[0] == 1)
        return in[0];
    if (row->parts && !row->output_warmup)
        row->parts(builder, in, params, core);
    const uint32_t *reads = row->parts && !row->output_warmup ? core : in;
    if (row->parts && !row->push)
        return core[0];
    if (row->output_warmup)
        n = row->info.n_inputs;
    int64_t known = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (reads[i] == HQ_NO_SLOT)
            return HQ_NO_SLOT;
        if (r->first[reads[i]] > known)
            known = r->first[reads[i]];
    }
    if (r->n_slots + row->info.n_outputs > WARMUP_SLOTS)
        return HQ_NO_SLOT;
    uint32_t out = r->n_slots;
    r->n_slots += row->info.n_outputs;
    for (uint32_t o = 0; o < row->info.n_outputs; o++)
        r->first[out + o] = known + (row->output_warmup ? row->output_warmup(params, o)
                                     : row->warmup      ? row->warmup(params) : 0);
    return out;
}

int64_t hq_row_warmup(const HqRow *row, const double *params, uint32_t output)
{
    static const uint32_t in[HQ_MAX_INPUTS] = {0, 1, 2, 3, 4, 5};
    Reckoning r = {.builder = {reckon}, .n_slots = HQ_MAX_INPUTS};
    uint32_t out = reckon(&r.builder, row, in, params);
    assert(out != HQ_NO_SLOT); /* a row's parts are few */
    return r.first[out + output];
}

int64_t hq_indicator_warmup(const HqIndicatorSpec *spec, uint32_t output)
{
    double params[HQ_MAX_PARAMS] = {0};
    const HqRow *row = hq_row_of_spec(spec, params);
    if (!row)
        return -1;
    if (output >= row->info.n_outputs) {
        hq_fail(HQ_ENOTFOUND, "%s: output: expected 0..%u, found %u", row->info.name,
                (unsigned)row->info.n_outputs - 1, (unsigned)output);
        return -1;
    }
    return hq_row_warmup(row, params, output);
}
