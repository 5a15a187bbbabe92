/* The indicator table as C sees it: look-ups, ranges, and the answers to bad arguments. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "hquant/simd.h"
#include "indicator/list.h"
#include "spec.h"

static void rows_are_found_by_position_code_and_name(void)
{
    for (size_t i = 0; i < hq_indicator_count(); i++) {
        const HqIndicatorInfo *info = hq_indicator_info(i);
        CHECK(info != NULL && &hq_row_find(info->code)->info == info);
        char lower[32] = "";
        for (size_t c = 0; info->name[c] && c < sizeof lower - 1; c++)
            lower[c] = info->name[c] >= 'A' && info->name[c] <= 'Z' ? (char)(info->name[c] + 32)
                                                                   : info->name[c];
        CHECK(hq_indicator_find(info->name) == info && hq_indicator_find(lower) == info);
        for (size_t other = 0; other < i; other++) {
            CHECK(hq_indicator_info(other)->code != info->code);
            CHECK(strcmp(hq_indicator_info(other)->name, info->name) != 0);
        }
    }
    CHECK(hq_indicator_count() > 0 && hq_indicator_info(hq_indicator_count()) == NULL);
    CHECK(hq_indicator_info(SIZE_MAX) == NULL && hq_row_find(0) == NULL);
    CHECK(hq_indicator_find(NULL) == NULL && hq_indicator_find("") == NULL);
    CHECK(hq_indicator_find("SM") == NULL && hq_indicator_find("SMAA") == NULL);
}

static void rows_are_complete(void)
{
    for (size_t i = 0; i < hq_indicator_count(); i++) {
        const HqIndicatorInfo *info = hq_indicator_info(i);
        const char *const texts[] = {info->title, info->formula, info->source, info->unit, info->cost};
        for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++)
            CHECK(texts[t] != NULL && texts[t][0] != '\0');
        CHECK(info->n_inputs >= 1 && info->n_inputs <= HQ_MAX_INPUTS);
        CHECK(info->n_params <= HQ_MAX_PARAMS);
        CHECK(info->n_outputs >= 1 && info->n_outputs <= HQ_MAX_OUTPUTS);
        for (uint32_t p = 0; p < info->n_params; p++) {
            const HqParamInfo *param = &info->params[p];
            CHECK(param->name != NULL && param->minimum <= param->maximum);
            CHECK(isnan(param->default_value) || (param->default_value >= param->minimum &&
                                                  param->default_value <= param->maximum));
        }
        for (uint32_t in = 0; in < info->n_inputs; in++) {
            CHECK(info->inputs[in].name != NULL &&
                  info->inputs[in].field <= (info->inputs[in].is_implicit ? 6 : 5));
            CHECK(!info->inputs[in].is_implicit || info->inputs[in].field >= 0);
        }
        for (uint32_t o = 0; o < info->n_outputs; o++)
            CHECK(info->outputs[o] != NULL);
    }
}

/* Codes stand in programs that people keep. */
static void codes_of_programs_never_change(void)
{
    static const struct {
        uint32_t code;
        const char *name;
    } frozen[] = {
        {1, "SMA"},        {2, "EMA"},         {3, "STDDEV"},  {4, "RSI"},      {5, "BOLL"},
        {6, "MACD"},       {7, "ATR"},         {8, "TR"},      {9, "HIGHEST"},  {10, "LOWEST"},
        {11, "SUM"},       {12, "CHANGE"},     {13, "LAG"},    {64, "CROSSOVER"},
        {65, "CROSSUNDER"}, {66, "CROSS"},     {67, "RISING"}, {68, "FALLING"},
        {69, "BARSSINCE"}, {70, "VALUEWHEN"},
    };
    for (size_t i = 0; i < sizeof frozen / sizeof frozen[0]; i++) {
        const HqRow *row = hq_row_find(frozen[i].code);
        CHECK(row != NULL && strcmp(row->info.name, frozen[i].name) == 0);
        CHECK(row != NULL && row->info.is_public == (frozen[i].code < 64));
    }
}

static void warmup_answers_minus_one_to_what_is_out_of_range(void)
{
    CHECK(hq_indicator_warmup(SPEC(1, 1), 0) == 0 && hq_indicator_warmup(SPEC(1, 20), 0) == 19);
    CHECK(hq_indicator_warmup(SPEC(4, 14), 0) == 14);
    CHECK(hq_indicator_warmup(SPEC(6, 12, 26, 9), 0) == 0);
    CHECK(hq_indicator_warmup(SPEC(1, (double)HQ_PERIOD_MAX), 0) == (int64_t)HQ_PERIOD_MAX - 1);
    const double bad[] = {0, -1, 1.5, (double)HQ_PERIOD_MAX + 1, 1e300, NAN, INFINITY, -INFINITY};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        CHECK(hq_indicator_warmup(SPEC(1, bad[i]), 0) == -1 && hq_last_error()->code == HQ_EINVAL);
        CHECK(strstr(hq_last_error()->message, "SMA: period: expected a whole number") != NULL);
    }
    CHECK(hq_indicator_warmup(SPEC(6, 26, 12, 9), 0) == -1);
    CHECK(strstr(hq_last_error()->message, "MACD: fast") != NULL);
    CHECK(hq_indicator_warmup(SPEC_BARE(1), 0) == -1 && hq_last_error()->code == HQ_EINVAL);
    CHECK(hq_indicator_warmup(SPEC_BARE(8), 0) == 0); /* TR takes none */
    CHECK(hq_indicator_warmup(SPEC(999, 1), 0) == -1 && hq_last_error()->code == HQ_ENOTFOUND);
}

static void refused_batch_writes_nothing(void)
{
    double x[4] = {1, 2, 3, 4}, out[4] = {-7, -7, -7, -7};
    const double *in[] = {x, NULL, NULL};
    double *to[] = {out, NULL, NULL};
    CHECK(hq_indicator_batch(SPEC(999, 2), in, 4, to) == HQ_ENOTFOUND);
    CHECK(hq_indicator_batch(SPEC(1, 2), NULL, 4, to) == HQ_EINVAL);
    CHECK(hq_indicator_batch(SPEC_BARE(1), in, 4, to) == HQ_EINVAL);
    CHECK(hq_indicator_batch(SPEC(1, 2), in, 4, NULL) == HQ_EINVAL);
    CHECK(hq_indicator_batch(SPEC(1, 2), (const double *[]){NULL}, 4, to) == HQ_EINVAL);
    CHECK(strstr(hq_last_error()->message, "SMA: input x") != NULL);
    CHECK(hq_indicator_batch(SPEC(5, 2, 2), in, 4, to) == HQ_EINVAL); /* two outputs missing */
    CHECK(strstr(hq_last_error()->message, "BOLL: output mid") != NULL);
    CHECK(hq_indicator_batch(SPEC(7, 2), in, 4, to) == HQ_EINVAL); /* two inputs missing */
    CHECK(hq_indicator_batch(SPEC(1, 0), in, 4, to) == HQ_EINVAL);
    for (int i = 0; i < 4; i++)
        CHECK(out[i] == -7);
    CHECK(hq_indicator_batch(SPEC(1, 2), in, 0, to) == HQ_OK && out[0] == -7);
    CHECK(hq_indicator_batch(SPEC(1, 2), in, 4, to) == HQ_OK);
    CHECK(isnan(out[0]) && out[1] == 1.5 && out[2] == 2.5 && out[3] == 3.5);
}

/* Of columns of exactly as many values: a sanitizer sees who reads beyond them. */
static void windows_read_no_further_than_columns(void)
{
    for (uint32_t level = HQ_SIMD_BASELINE; level <= HQ_SIMD_AVX512; level++) {
        CHECK(hq_simd_limit(level) == HQ_OK);
        for (int period = 2; period < 24; period++)
            for (size_t n = 1; n < 10 * (size_t)period; n++) {
                double *x = malloc(n * sizeof *x), *out = malloc(n * sizeof *out);
                const double *in[] = {x};
                CHECK(x != NULL && out != NULL);
                for (size_t i = 0; i < n; i++)
                    x[i] = (double)(i * i % 97);
                CHECK(hq_indicator_batch(SPEC(1, period), in, n, &out) == HQ_OK);
                CHECK(n < (size_t)period || !isnan(out[n - 1]));
                free(x);
                free(out);
            }
    }
    CHECK(hq_simd_limit(HQ_SIMD_AVX512) == HQ_OK);
}

int main(void)
{
    windows_read_no_further_than_columns();
    rows_are_found_by_position_code_and_name();
    rows_are_complete();
    codes_of_programs_never_change();
    warmup_answers_minus_one_to_what_is_out_of_range();
    refused_batch_writes_nothing();
    return check_report("test_indicator");
}
