/* A MultiHQuant without memory: nothing is half added in any engine; feeding asks for none. */
#include "allocation.h"
#include "hquant/market.h"
#include "program.h"
#include "twins.h"

enum { CAPACITY = 16, PERIODS = 3, MINUTE = 60000 };

static const int64_t periods[PERIODS] = {MINUTE, 5 * MINUTE, 20 * MINUTE};
static uint8_t crossing[PROGRAM_SIZE], across[PROGRAM_SIZE];
static size_t crossing_size, across_size;

typedef struct Multis {
    HqMulti *tried, *untouched;
    uint32_t (*add)(HqMulti *);
    uint32_t id;
    int bars;
} Multis;

static uint32_t add_across(HqMulti *m)
{
    return hq_multi_add_strategy(m, NULL, 0, across, across_size);
}

static uint32_t add_crossing(HqMulti *m)
{
    return hq_multi_add_strategy(m, NULL, 0, crossing, crossing_size);
}

static uint32_t add_indicator(HqMulti *m)
{
    return hquant_add_macd(hq_multi_engine(m, periods[1]), 2, 5, 3);
}

static uint32_t add_of_a_period(HqMulti *m)
{
    return hquant_add_strategy(hq_multi_engine(m, periods[1]), NULL, 0, crossing, crossing_size);
}

static uint32_t set_param(HqMulti *m) { return hq_multi_set_param(m, 2, "n", 7) == HQ_OK; }

static uint32_t set_param_of_a_period(HqMulti *m)
{
    return hq_engine_set_param(hq_multi_engine(m, periods[0]), 1, "n", 5) == HQ_OK;
}

static uint32_t set_queue(HqMulti *m) { return hq_multi_set_signal_capacity(m, 500) == HQ_OK; }

static void compare(void *state)
{
    Multis *t = state;
    Signal a, b;
    CHECK(hq_multi_signals_len(t->tried) == hq_multi_signals_len(t->untouched));
    CHECK(hq_multi_rejected(t->tried) == hq_multi_rejected(t->untouched));
    for (int p = 0; p < PERIODS; p++)
        CHECK(same_engine(hq_multi_engine(t->tried, periods[p]),
                          hq_multi_engine(t->untouched, periods[p])));
    while (hq_multi_poll_signals(t->tried, &a, 1) == 1) {
        CHECK(hq_multi_poll_signals(t->untouched, &b, 1) == 1);
        CHECK(memcmp(&a, &b, sizeof a) == 0);
    }
}

static void feed_both(void *state)
{
    Multis *t = state;
    Bar bar = wavy_bar(t->bars++);
    CHECK(hq_multi_feed_bar(t->tried, bar) == HQ_OK);
    CHECK(hq_multi_feed_bar(t->untouched, bar) == HQ_OK);
    compare(t);
}

static HqStatus attempt(void *state)
{
    Multis *t = state;
    t->id = t->add(t->tried);
    return t->id ? HQ_OK : hq_last_error()->code;
}

static HqMulti *make(uint32_t emit)
{
    HqMulti *multi = NULL;
    CHECK(hq_multi_new(CAPACITY, periods, PERIODS, emit, &multi) == HQ_OK);
    CHECK(hquant_add_sma_close(hq_multi_engine(multi, periods[0]), 3) == 1);
    CHECK(add_across(multi) == 1);
    CHECK(add_crossing(multi) == 2);
    HQuant *first = hq_multi_engine(multi, periods[0]);
    CHECK(hquant_add_strategy(first, NULL, 0, crossing, crossing_size) == 1);
    CHECK(hquant_add_strategy(first, NULL, 0, across, across_size) == 2);
    return multi;
}

static void check_adder(const char *name, uint32_t (*add)(HqMulti *), uint32_t emit, int bars)
{
    long live = live_blocks;
    Multis t = {make(emit), make(emit), add, 0, 0};
    while (t.bars < bars)
        feed_both(&t);
    CHECK(fail_each(name, attempt, feed_both, &t) > 0);
    CHECK(t.id > 0 && add(t.untouched) == t.id);
    long before = allocations;
    for (int i = 0; i < 100; i++)
        feed_both(&t);
    CHECK(hq_multi_flush(t.tried) == HQ_OK && hq_multi_flush(t.untouched) == HQ_OK);
    compare(&t);
    CHECK(allocations == before);
    hq_multi_free(t.tried);
    hq_multi_free(t.untouched);
    CHECK(live_blocks == live);
}

static HqStatus make_multi(void *unused)
{
    (void)unused;
    HqMulti *multi = NULL;
    HqStatus status = hq_multi_new(CAPACITY, periods, PERIODS, 0, &multi);
    CHECK((status == HQ_OK) == (multi != NULL));
    hq_multi_free(multi);
    return status;
}

int main(void)
{
    static const struct {
        const char *name;
        uint32_t (*add)(HqMulti *);
    } adders[] = {{"across", add_across},
                  {"crossing", add_crossing},
                  {"indicator", add_indicator},
                  {"strategy of a period", add_of_a_period},
                  {"param", set_param},
                  {"param of a period", set_param_of_a_period},
                  {"queue", set_queue}};
    crossing_size = program_crossing(108, crossing);
    across_size = program_across(periods[2], across);
    for (size_t i = 0; i < sizeof adders / sizeof adders[0]; i++)
        for (uint32_t emit = 0; emit < 2; emit++)
            for (int bars = 0; bars < 100; bars += 33)
                check_adder(adders[i].name, adders[i].add, emit, bars);
    CHECK(fail_each("hq_multi_new", make_multi, NULL, NULL) > 0 && live_blocks == 0);
    return check_report("test_alloc_multi");
}
