/*
 * Bytes as a snapshot: loaded as they are, then with the size and checksum that make them pass for
 * whole, so that what is fuzzed is the content. What loads is saved again, loaded from that, and
 * both go on alike.
 */
#include <string.h>

#include "base/crc32.h"
#include "hquant/snapshot.h"
#include "require.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

enum { SIZE_MAX_HERE = 1 << 18, SAVED_MAX = 1 << 22, HEADER = 24, BARS = 40, BLOCK = 300, KIND_AT = 8, SIZE_AT = 16 };

/* A ring may be as large as memory allows; where it does not, HQ_ENOMEM is the answer. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1:max_allocation_size_mb=64";
}

static uint8_t sealed[SIZE_MAX_HERE], saved[2][SAVED_MAX];

static Bar bar_at(int i)
{
    double close = 100 + i % 7 - i % 3;
    return (Bar){1700000000000 + 60000 * (int64_t)i, close, close + 1, close - 1, close, 1 + i % 5, 1};
}

static HqStatus push(HQuant *engine, const Bar *b)
{
    return hq_push_bar(engine, b->timestamp, b->open, b->high, b->low, b->close, b->volume,
                       b->buy_volume);
}

static HqStatus update(HQuant *engine, const Bar *b)
{
    return hq_update_last_bar(engine, b->timestamp, b->open, b->high, b->low, b->close, b->volume,
                              b->buy_volume);
}

/* As many bars at once as go by blocks. */
static void push_block(HQuant *engine, HQuant *again)
{
    static int64_t time[BLOCK];
    static double price[BLOCK];
    for (int i = 0; i < BLOCK; i++) {
        Bar bar = bar_at(BARS + i);
        time[i] = bar.timestamp;
        price[i] = bar.close;
    }
    HqBars bars = {.length = BLOCK, .timestamp = time, .open = price, .high = price, .low = price,
                   .close = price, .volume = price};
    REQUIRE(hq_push_bars(engine, &bars, NULL) == hq_push_bars(again, &bars, NULL));
}

static void try_engine(const uint8_t *bytes, size_t size)
{
    HQuant *engine = NULL, *again = NULL;
    if (hq_engine_load(bytes, size, &engine) != HQ_OK)
        return;
    size_t length = hq_engine_save(engine, saved[0], SAVED_MAX);
    REQUIRE(length > 0);
    if (length <= SAVED_MAX) {
        REQUIRE(hq_engine_load(saved[0], length, &again) == HQ_OK);
        for (int i = 0; i < BARS; i++) {
            Bar bar = bar_at(i);
            REQUIRE(update(engine, &bar) == update(again, &bar));
            REQUIRE(push(engine, &bar) == push(again, &bar));
        }
        push_block(engine, again);
        hquant_add_boll(engine, 5, 2);
        hquant_add_boll(again, 5, 2);
        length = hq_engine_save(engine, saved[0], SAVED_MAX);
        REQUIRE(hq_engine_save(again, saved[1], SAVED_MAX) == length);
        REQUIRE(length > SAVED_MAX || memcmp(saved[0], saved[1], length) == 0);
    }
    hquant_free(engine);
    hquant_free(again);
}

static void try_multi(const uint8_t *bytes, size_t size)
{
    HqMulti *multi = NULL;
    if (hq_multi_load(bytes, size, &multi) != HQ_OK)
        return;
    for (int i = 0; i < BARS; i++)
        hq_multi_feed_bar(multi, bar_at(i));
    hq_multi_flush(multi);
    REQUIRE(hq_multi_save(multi, saved[0], SAVED_MAX) > 0);
    hq_multi_free(multi);
}

static void try_aggregator(const uint8_t *bytes, size_t size)
{
    HqAggregator *aggregator = NULL;
    if (hq_aggregator_load(bytes, size, &aggregator) != HQ_OK)
        return;
    for (int i = 0; i < BARS; i++)
        hq_aggregator_push(aggregator, bar_at(i));
    REQUIRE(hq_aggregator_save(aggregator, saved[0], SAVED_MAX) > 0);
    hq_aggregator_free(aggregator);
}

static void try_all(const uint8_t *bytes, size_t size)
{
    try_engine(bytes, size);
    try_multi(bytes, size);
    try_aggregator(bytes, size);
}

static void put(uint8_t *at, uint64_t value, int size)
{
    for (int i = 0; i < size; i++)
        at[i] = (uint8_t)(value >> (8 * i));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    try_all(data, size);
    if (size < HEADER + 4 || size > sizeof sealed)
        return 0;
    memcpy(sealed, data, size);
    memcpy(sealed, "HQSS", 4);
    put(sealed + 4, hq_snapshot_version(), 4);
    put(sealed + KIND_AT, 1 + data[KIND_AT] % 3, 4);
    put(sealed + SIZE_AT, size, 8);
    put(sealed + size - 4, hq_crc32(0, sealed, size - 4), 4);
    try_all(sealed, size);
    return 0;
}
