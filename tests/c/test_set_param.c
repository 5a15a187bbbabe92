/* A thousand changes of parameters leave an engine as large as one. */
#include "check.h"
#include "engine/multi.h"
#include "hqbc_bytes.h"
#include "twins.h"

enum { CAPACITY = 64, CHANGES = 1000, FIRST = 200, MINUTE = 60000 };

typedef struct Size {
    size_t nodes, slots, clocks, imports, state_bytes, room;
} Size;

static void add_graph(Size *size, const HqGraph *graph)
{
    size->nodes += graph->n_nodes;
    size->slots += graph->n_slots;
    size->state_bytes += graph->state_bytes;
    size->room += graph->stride + graph->nodes_cap;
}

static Size size_of(const HQuant *engine)
{
    Size size = {.clocks = engine->clocks.count, .imports = engine->clocks.n_imports};
    add_graph(&size, &engine->graph);
    for (size_t i = 0; i < engine->clocks.count; i++)
        add_graph(&size, &engine->clocks.clock[i].graph);
    return size;
}

static size_t most(size_t a, size_t b) { return a > b ? a : b; }

/* The first changes may make it grow; what they have made it is the bound of all that come. */
static void check_growth(Size *bound, Size now, int change)
{
    const size_t *found = &now.nodes;
    size_t *limit = &bound->nodes;
    for (size_t i = 0; i < sizeof now / sizeof *found; i++)
        if (change < FIRST)
            limit[i] = most(limit[i], found[i]);
        else
            CHECK(found[i] <= limit[i]);
}

/* PARAM n = 3 IN 1..50
 * IF SMA(close, n) < close THEN BUY, or SMA(close@period, n) */
static Bytes above_average(int64_t period_ms)
{
    Hqbc h = {0};
    unsigned clock = period_ms > 0;
    if (clock)
        timeframe(&h, period_ms);
    param(&h, "n", 3, 1, 50, 1);
    node_input(&h, series(&h, CLOSE_, clock));
    node_param(&h, 0, 0);
    uint32_t average = node(&h, 1, clock, 1, 1);
    if (clock)
        average = code(&h, OP_LAST, 0, average, 0);
    rule(&h, code(&h, OP_LT, 0, average, series(&h, CLOSE_, 0)), BUY, 0, 0, 1);
    return build(&h);
}

static HQuant *engine_with(int64_t period_ms)
{
    Bytes changing = above_average(period_ms), other = above_average(3 * MINUTE);
    HQuant *engine = hquant_new(CAPACITY);
    CHECK(hquant_add_boll(engine, 5, 2) == 3);
    CHECK(hquant_add_strategy(engine, NULL, 0, changing.at, changing.size) == 1);
    CHECK(hquant_add_strategy(engine, NULL, 0, other.at, other.size) == 2);
    return engine;
}

static Size changed_over_and_over(HQuant *engine)
{
    Size bound = size_of(engine);
    for (int i = 0; i < CHANGES; i++) {
        hquant_push_bar(engine, wavy_bar(i));
        CHECK(hq_engine_set_param(engine, 1, "n", 1 + i * 7 % 50) == HQ_OK);
        if (i % 3 == 0) /* again before it took over */
            CHECK(hq_engine_set_param(engine, 1, "n", 1 + i * 11 % 50) == HQ_OK);
        check_growth(&bound, size_of(engine), i);
    }
    return bound;
}

/* In force, and waiting: two generations. */
static void an_engine_does_not_grow(void)
{
    HQuant *engine = engine_with(0);
    Size once = size_of(engine), bound = changed_over_and_over(engine);
    CHECK(bound.nodes <= 2 * once.nodes && bound.slots <= 2 * once.slots && bound.clocks == 1);
    hquant_free(engine);
}

/* Each change has a clock of its own once the ring has wrapped; what it replaces is dropped. */
static void clocks_are_dropped(void)
{
    HQuant *engine = engine_with(5 * MINUTE);
    Size bound = changed_over_and_over(engine);
    CHECK(bound.clocks == 3 && bound.imports == 4); /* in force, waiting, the other strategy's */
    hquant_free(engine);
}

static void a_multi_does_not_grow(void)
{
    static const int64_t periods[] = {MINUTE, 5 * MINUTE};
    Bytes plain = above_average(0), across = above_average(5 * MINUTE);
    HqMulti *multi = NULL;
    CHECK(hq_multi_new(CAPACITY, periods, 2, 0, &multi) == HQ_OK);
    HQuant *first = hq_multi_engine(multi, MINUTE), *second = hq_multi_engine(multi, 5 * MINUTE);
    CHECK(hq_multi_add_strategy(multi, NULL, 0, across.at, across.size) == 1);
    CHECK(hquant_add_strategy(first, NULL, 0, plain.at, plain.size) == 1);
    Size bound = {0}, bound_second = {0}, bound_cross = {0};
    for (int i = 0; i < CHANGES; i++) {
        CHECK(hq_multi_feed_bar(multi, wavy_bar(i)) == HQ_OK);
        CHECK(hq_multi_set_param(multi, 1, "n", 1 + i * 7 % 50) == HQ_OK);
        CHECK(hq_engine_set_param(first, 1, "n", 1 + i * 13 % 50) == HQ_OK);
        Size cross = {.imports = multi->n_imports};
        add_graph(&cross, &multi->cross);
        check_growth(&bound, size_of(first), i);
        check_growth(&bound_second, size_of(second), i);
        check_growth(&bound_cross, cross, i);
    }
    hq_multi_free(multi);
}

int main(void)
{
    an_engine_does_not_grow();
    clocks_are_dropped();
    a_multi_does_not_grow();
    return check_report("test_set_param");
}
