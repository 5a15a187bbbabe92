/* An engine whose adders run out of memory: it stays as it was, and the retry succeeds. */
#include <math.h>

#include "allocation.h"
#include "hquant/indicator.h"
#include "program.h"
#include "twins.h"

enum { CAPACITY = 16 };

typedef struct Adder {
    const char *name;
    uint32_t (*add)(HQuant *, const struct Adder *);
    const HqIndicatorInfo *row;
} Adder;

typedef struct Twins {
    HQuant *tried, *untouched;
    const Adder *adder;
    uint32_t id; /* that the successful attempt gave */
    int bars;
} Twins;

/* ------------------------------------------------------------------ adders */

static uint8_t program[PROGRAM_SIZE];
static size_t program_size;

static void compile(void *user, const char *name, size_t name_len, const char *text,
                    size_t text_len, HqCompileResult *result)
{
    (void)user, (void)name, (void)name_len, (void)text, (void)text_len;
    hq_compile_succeed(result, program, program_size);
}

static uint32_t add_rsi(HQuant *h, const Adder *a)
{
    (void)a;
    return hquant_add_rsi(h, 5);
}

static uint32_t add_ema(HQuant *h, const Adder *a)
{
    (void)a;
    return hquant_add_ema_close(h, 5);
}

static uint32_t add_sma(HQuant *h, const Adder *a)
{
    (void)a;
    return hquant_add_sma_close(h, 40);
}

static uint32_t add_stddev(HQuant *h, const Adder *a)
{
    (void)a;
    return hquant_add_stddev_close(h, 5);
}

static uint32_t add_boll(HQuant *h, const Adder *a)
{
    (void)a;
    return hquant_add_boll(h, 6, 2);
}

static uint32_t add_macd(HQuant *h, const Adder *a)
{
    (void)a;
    return hquant_add_macd(h, 3, 6, 4);
}

static uint32_t add_program(HQuant *h, const Adder *a)
{
    (void)a;
    return hquant_add_strategy(h, (const uint8_t *)"p", 1, program, program_size);
}

static uint32_t add_text(HQuant *h, const Adder *a)
{
    (void)a;
    return hquant_add_strategy(h, NULL, 0, (const uint8_t *)"text", 4);
}

static uint32_t add_across(HQuant *h, const Adder *a)
{
    uint8_t across[PROGRAM_SIZE];
    (void)a;
    return hquant_add_strategy(h, NULL, 0, across, program_across(180000, across));
}

static uint32_t set_param(HQuant *h, const Adder *a)
{
    (void)a;
    return hq_engine_set_param(h, 1, "n", 7) == HQ_OK;
}

static uint32_t set_queue(HQuant *h, const Adder *a)
{
    (void)a;
    return hq_set_signal_capacity(h, 3) == HQ_OK;
}

static uint32_t watch(HQuant *h, const Adder *a)
{
    (void)a;
    return hq_engine_watch(h, (HqIndicatorOutput[]){{1, 0}, {1, 0}}, 2) != NULL;
}

static uint32_t newest(HQuant *h, const Adder *a)
{
    HqNewest places;
    (void)a;
    return hq_engine_newest(h, (HqIndicatorOutput[]){{1, 0}, {1, 0}}, 2, &places) == HQ_OK;
}

static HqIndicatorSpec spec_of(const Adder *a)
{
    HqIndicatorSpec spec = {.struct_size = sizeof spec, .code = a->row->code,
                            .n_params = a->row->n_params, .n_fields = a->row->n_inputs,
                            .fields = {1, 2, 4, 5}};
    for (uint32_t i = 0; i < a->row->n_params; i++) {
        double usual = a->row->params[i].default_value;
        spec.params[i] = isnan(usual) ? 4 + i : usual;
    }
    return spec;
}

static uint32_t add_row(HQuant *h, const Adder *a)
{
    const HqIndicatorSpec spec = spec_of(a);
    return hq_add_indicator(h, &spec);
}

static uint32_t add_newest(HQuant *h, const Adder *a)
{
    const HqIndicatorSpec spec = spec_of(a);
    return hq_add_indicator_newest(h, &spec);
}

/* ----------------------------------------------------------------- harness */

static HqStatus attempt(void *state)
{
    Twins *t = state;
    t->id = t->adder->add(t->tried, t->adder);
    return t->id ? HQ_OK : hq_last_error()->code;
}

static void push_both(Twins *t, int count)
{
    for (int end = t->bars + count; t->bars < end; t->bars++) {
        hquant_push_bar(t->tried, wavy_bar(t->bars));
        hquant_push_bar(t->untouched, wavy_bar(t->bars));
    }
}

/* The failure shows in nothing, neither now nor after one more bar. */
static void compare(void *state)
{
    Twins *t = state;
    CHECK(same_engine(t->tried, t->untouched));
    push_both(t, 1);
    CHECK(same_engine(t->tried, t->untouched));
}

static HQuant *make(void)
{
    HQuant *handle = hquant_new(CAPACITY);
    CHECK(handle != NULL);
    CHECK(hquant_add_sma_close(handle, 3) == 1);
    CHECK(hquant_add_strategy(handle, NULL, 0, program, program_size) == 1);
    CHECK(add_across(handle, NULL) == 2);
    return handle;
}

static void check_adder(const Adder *adder, int bars)
{
    long live = live_blocks;
    Twins t = {make(), make(), adder, 0, 0};
    push_both(&t, bars);
    int failed = fail_each(adder->name, attempt, compare, &t);
    CHECK(failed > 0);
    CHECK(adder->add(t.untouched, adder) == t.id && t.id > 0); /* no id was burned */
    CHECK(same_engine(t.tried, t.untouched));
    for (int i = 0; i < 50; i++)
        compare(&t);
    hquant_free(t.tried);
    hquant_free(t.untouched);
    CHECK(live_blocks == live);
}

static int can_read_fields(const HqIndicatorInfo *row)
{
    for (uint32_t i = 0; i < row->n_inputs; i++)
        if (row->inputs[i].is_boolean)
            return 0;
    return 1;
}

static void check_at(int bars)
{
    static const Adder adders[] = {
        {"rsi", add_rsi, NULL},         {"ema", add_ema, NULL},   {"sma", add_sma, NULL},
        {"stddev", add_stddev, NULL},   {"boll", add_boll, NULL}, {"macd", add_macd, NULL},
        {"program", add_program, NULL}, {"text", add_text, NULL}, {"queue", set_queue, NULL},
        {"across", add_across, NULL},   {"param", set_param, NULL},
        {"watch", watch, NULL},         {"newest", newest, NULL},
    };
    for (size_t i = 0; i < sizeof adders / sizeof adders[0]; i++)
        check_adder(&adders[i], bars);
    int rows = 0;
    for (size_t i = 0; i < hq_indicator_count(); i++) {
        const HqIndicatorInfo *row = hq_indicator_info(i);
        if (!can_read_fields(row))
            continue; /* BARSSINCE, VALUEWHEN: of strategies only */
        check_adder(&(Adder){row->name, add_row, row}, bars);
        check_adder(&(Adder){row->name, add_newest, row}, bars);
        rows++;
    }
    CHECK(rows >= 13);
}

int main(void)
{
    program_size = program_crossing(108, program);
    CHECK(program_size > 0);
    hq_set_dsl_compiler(compile, NULL);
    check_at(0);
    check_at(3);
    check_at(3 * CAPACITY);
    return check_report("test_alloc_engine");
}
