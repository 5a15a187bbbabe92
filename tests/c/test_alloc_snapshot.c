/* Saving allocates nothing; loading without memory answers HQ_ENOMEM and leaves nothing behind. */
#include <string.h>

#include "allocation.h"
#include "base/crc32.h"
#include "snapshots.h"

static uint8_t bytes[SNAPSHOT_SIZE];
static size_t size;

static HqStatus load_engine(void *unused)
{
    (void)unused;
    HQuant *loaded = NULL;
    HqStatus status = hq_engine_load(bytes, size, &loaded);
    CHECK((status == HQ_OK) == (loaded != NULL));
    hquant_free(loaded);
    return status;
}

static HqStatus load_multi(void *unused)
{
    (void)unused;
    HqMulti *loaded = NULL;
    HqStatus status = hq_multi_load(bytes, size, &loaded);
    CHECK((status == HQ_OK) == (loaded != NULL));
    hq_multi_free(loaded);
    return status;
}

static HqStatus load_aggregator(void *unused)
{
    (void)unused;
    HqAggregator *loaded = NULL;
    HqStatus status = hq_aggregator_load(bytes, size, &loaded);
    CHECK((status == HQ_OK) == (loaded != NULL));
    hq_aggregator_free(loaded);
    return status;
}

/* Under a checksum that is right: whatever had been loaded before the damage was met is freed. */
static void damaged_contents(void)
{
    int refused = 0;
    for (size_t at = 24; at + 12 <= size; at += 4) {
        uint8_t kept[4];
        HQuant *loaded = NULL;
        memcpy(kept, bytes + at, 4);
        memset(bytes + at, 0xFF, 4);
        uint32_t sum = hq_crc32(0, bytes, size - 4);
        for (int i = 0; i < 4; i++)
            bytes[size - 4 + i] = (uint8_t)(sum >> (8 * i));
        refused += hq_engine_load(bytes, size, &loaded) == HQ_ESNAPSHOT;
        hquant_free(loaded);
        memcpy(bytes + at, kept, 4);
    }
    CHECK(refused > 200);
}

static void engines(void)
{
    HQuant *engine = full_engine(70);
    long before = allocations, live = live_blocks;
    size = hq_engine_save(engine, bytes, sizeof bytes);
    CHECK(size > 0 && size < sizeof bytes && hq_engine_save(engine, NULL, 0) == size);
    CHECK(allocations == before && live_blocks == live);
    CHECK(fail_each("hq_engine_load", load_engine, NULL, NULL) > 30);
    CHECK(live_blocks == live);
    damaged_contents();
    CHECK(live_blocks == live);
    hquant_free(engine);
}

static void multis(void)
{
    HqMulti *multi = full_multi(70);
    long before = allocations, live = live_blocks;
    size = hq_multi_save(multi, bytes, sizeof bytes);
    CHECK(size > 0 && size < sizeof bytes && allocations == before);
    CHECK(fail_each("hq_multi_load", load_multi, NULL, NULL) > 30);
    CHECK(live_blocks == live);
    hq_multi_free(multi);
}

static void aggregators(void)
{
    HqAggregator *aggregator = full_aggregator(30);
    long before = allocations, live = live_blocks;
    size = hq_aggregator_save(aggregator, bytes, sizeof bytes);
    CHECK(size > 0 && size < sizeof bytes && allocations == before);
    CHECK(fail_each("hq_aggregator_load", load_aggregator, NULL, NULL) > 3);
    CHECK(live_blocks == live);
    hq_aggregator_free(aggregator);
}

int main(void)
{
    long live = live_blocks;
    engines();
    multis();
    aggregators();
    CHECK(live_blocks == live);
    return check_report("test_alloc_snapshot");
}
