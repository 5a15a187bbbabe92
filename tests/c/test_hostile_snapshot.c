/* hquant/snapshot.h under hostile arguments. */
#include "hostile.h"

#include <string.h>

#include "snapshots.h"

#define FUNCTIONS(X)                                                                              \
    X(hq_snapshot_version) X(hq_engine_save) X(hq_engine_load) X(hq_multi_save) X(hq_multi_load)  \
    X(hq_multi_periods) X(hq_multi_emit) X(hq_aggregator_save) X(hq_aggregator_load)              \
    X(hq_aggregator_periods)

FUNCTIONS(HOSTILE_DECLARE)

static HQuant *engine;
static HqMulti *multi;
static HqAggregator *aggregator;
static uint8_t saved[3][SNAPSHOT_SIZE];
static size_t sizes[3];

static void hostile_hq_snapshot_version(void) { EXPECT(HQ_OK, hq_snapshot_version() > 0); }

/* Room that does not do stays as it was, and the answer is what would do. */
#define EXPECT_SAVE(save, handle, which)                                       \
    do {                                                                       \
        static uint8_t room[SNAPSHOT_SIZE];                                    \
        memset(room, 0x5A, sizeof room);                                       \
        EXPECT(HQ_EINVAL, save(NULL, room, sizeof room) == 0);                 \
        EXPECT(HQ_EINVAL, save(handle, NULL, 1) == 0);                         \
        EXPECT(HQ_EINVAL, save(handle, NULL, SIZE_MAX) == 0);                  \
        EXPECT(HQ_OK, save(handle, NULL, 0) == sizes[which]);                  \
        EXPECT(HQ_OK, save(handle, room, sizes[which] - 1) == sizes[which]);   \
        CHECK(room[sizes[which] - 1] == 0x5A);                                 \
        EXPECT(HQ_OK, save(handle, room, sizes[which]) == sizes[which]);       \
        CHECK(memcmp(room, saved[which], sizes[which]) == 0);                  \
        CHECK(room[sizes[which]] == 0x5A);                                     \
    } while (0)

#define EXPECT_LOAD(load, type, which)                                         \
    do {                                                                       \
        type *out = NULL;                                                      \
        const uint8_t *bytes = saved[which], *other = saved[(which + 1) % 3];  \
        EXPECT_STATUS(HQ_EINVAL, load(NULL, 0, &out));                         \
        EXPECT_STATUS(HQ_EINVAL, load(NULL, SIZE_MAX, &out));                  \
        EXPECT_STATUS(HQ_EINVAL, load(bytes, sizes[which], NULL));             \
        EXPECT_STATUS(HQ_ESNAPSHOT, load(bytes, 0, &out));                     \
        EXPECT_STATUS(HQ_ESNAPSHOT, load(bytes, 1, &out));                     \
        EXPECT_STATUS(HQ_ESNAPSHOT, load(bytes, sizes[which] - 1, &out));      \
        EXPECT_STATUS(HQ_ESNAPSHOT, load(bytes, sizes[which] + 1, &out));      \
        EXPECT_STATUS(HQ_ESNAPSHOT, load(other, sizes[(which + 1) % 3], &out));\
        CHECK(out == NULL);                                                    \
    } while (0)

static void hostile_hq_engine_save(void)
{
    EXPECT_SAVE(hq_engine_save, engine, 0);
    EXPECT(HQ_EINVAL, hq_engine_save(hq_multi_engine(multi, SNAPSHOT_MINUTE), NULL, 0) == 0);
}

static void hostile_hq_engine_load(void) { EXPECT_LOAD(hq_engine_load, HQuant, 0); }
static void hostile_hq_multi_save(void) { EXPECT_SAVE(hq_multi_save, multi, 1); }
static void hostile_hq_multi_load(void) { EXPECT_LOAD(hq_multi_load, HqMulti, 1); }
static void hostile_hq_aggregator_save(void) { EXPECT_SAVE(hq_aggregator_save, aggregator, 2); }
static void hostile_hq_aggregator_load(void) { EXPECT_LOAD(hq_aggregator_load, HqAggregator, 2); }

static void hostile_hq_multi_periods(void)
{
    int64_t out[3] = {1, 2, 3};
    EXPECT(HQ_EINVAL, hq_multi_periods(NULL, out, 3) == 0);
    EXPECT(HQ_EINVAL, hq_multi_periods(multi, NULL, SIZE_MAX) == 0);
    EXPECT(HQ_OK, hq_multi_periods(multi, NULL, 0) == 2);
    EXPECT(HQ_OK, hq_multi_periods(multi, out, 1) == 2);
    CHECK(out[0] == SNAPSHOT_MINUTE && out[1] == 2);
    EXPECT(HQ_OK, hq_multi_periods(multi, out, SIZE_MAX) == 2);
    CHECK(out[1] == 5 * SNAPSHOT_MINUTE && out[2] == 3);
}

static void hostile_hq_multi_emit(void)
{
    EXPECT(HQ_EINVAL, hq_multi_emit(NULL) == 0);
    EXPECT(HQ_OK, hq_multi_emit(multi) == 0);
}

static void hostile_hq_aggregator_periods(void)
{
    int64_t out[3] = {1, 2, 3};
    EXPECT(HQ_EINVAL, hq_aggregator_periods(NULL, out, 3) == 0);
    EXPECT(HQ_EINVAL, hq_aggregator_periods(aggregator, NULL, 1) == 0);
    EXPECT(HQ_OK, hq_aggregator_periods(aggregator, out, SIZE_MAX) == 2);
    CHECK(out[0] == 5 * SNAPSHOT_MINUTE && out[1] == 7000 && out[2] == 3);
}

static int unchanged(void)
{
    static uint8_t now[SNAPSHOT_SIZE];
    size_t size = hq_engine_save(engine, now, sizeof now);
    int same = size == sizes[0] && memcmp(now, saved[0], size) == 0;
    size = hq_multi_save(multi, now, sizeof now);
    same &= size == sizes[1] && memcmp(now, saved[1], size) == 0;
    size = hq_aggregator_save(aggregator, now, sizeof now);
    return same && size == sizes[2] && memcmp(now, saved[2], size) == 0;
}

int main(void)
{
    static const Hostile list[] = {FUNCTIONS(HOSTILE_ROW)};
    engine = full_engine(70);
    multi = full_multi(70);
    aggregator = full_aggregator(30);
    sizes[0] = hq_engine_save(engine, saved[0], SNAPSHOT_SIZE);
    sizes[1] = hq_multi_save(multi, saved[1], SNAPSHOT_SIZE);
    sizes[2] = hq_aggregator_save(aggregator, saved[2], SNAPSHOT_SIZE);
    int result = run_hostile(list, COUNT_OF(list), unchanged);
    hquant_free(engine);
    hq_multi_free(multi);
    hq_aggregator_free(aggregator);
    return result;
}
