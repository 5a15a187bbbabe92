/* Handles with something of everything in them, and their snapshots. */
#ifndef HQ_TESTS_C_SNAPSHOTS_H
#define HQ_TESTS_C_SNAPSHOTS_H

#include "hquant/snapshot.h"
#include "program.h"
#include "spec.h"
#include "twins.h"

enum { SNAPSHOT_MINUTE = 60000, SNAPSHOT_SIZE = 1 << 20 };

static inline HQuant *full_engine(int bars)
{
    static uint8_t program[PROGRAM_SIZE];
    HQuant *engine = hquant_new(20);
    CHECK(engine && hq_engine_set_htf(engine, 1, 0) == HQ_OK);
    CHECK(hquant_add_rsi(engine, 5) == 1 && hquant_add_boll(engine, 7, 2) > 0);
    CHECK(hq_add_indicator(engine, SPEC(7, 3)) > 0);
    size_t size = program_across(5 * SNAPSHOT_MINUTE, program);
    CHECK(hquant_add_strategy(engine, NULL, 0, program, size) == 1);
    size = program_crossing(6, program);
    CHECK(hquant_add_strategy(engine, NULL, 0, program, size) == 2);
    for (int i = 0; i < bars; i++) {
        Bar b = wavy_bar(i);
        CHECK(hq_push_bar(engine, b.timestamp, b.open, b.high, b.low, b.close, b.volume,
                          b.buy_volume) == HQ_OK);
    }
    return engine;
}

static inline HqMulti *full_multi(int bars)
{
    static uint8_t program[PROGRAM_SIZE];
    static const int64_t periods[] = {SNAPSHOT_MINUTE, 5 * SNAPSHOT_MINUTE};
    HqMulti *multi = NULL;
    CHECK(hq_multi_new(20, periods, 2, 0, &multi) == HQ_OK);
    size_t size = program_across(periods[1], program);
    CHECK(hq_multi_add_strategy(multi, NULL, 0, program, size) == 1);
    CHECK(hquant_add_rsi(hq_multi_engine(multi, periods[1]), 3) == 1);
    for (int i = 0; i < bars; i++)
        CHECK(hq_multi_feed_bar(multi, wavy_bar(i)) == HQ_OK);
    return multi;
}

static inline HqAggregator *full_aggregator(int bars)
{
    static const int64_t periods[] = {5 * SNAPSHOT_MINUTE, 7000};
    HqAggregator *aggregator = NULL;
    CHECK(hq_aggregator_new(periods, 2, &aggregator) == HQ_OK);
    for (int i = 0; i < bars; i++)
        CHECK(hq_aggregator_push(aggregator, wavy_bar(i)) == HQ_OK);
    return aggregator;
}

#endif
