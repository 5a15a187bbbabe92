/* The frame of a snapshot: magic, version, kind, size, sections, checksum. */
#include "engine/snapshot.h"

#include <string.h>

#include "base/crc32.h"

enum { HEADER_BYTES = 24, CHECKSUM_BYTES = 4, SIZE_AT = 16 };

static const uint8_t magic[4] = {'H', 'Q', 'S', 'S'};

static HqStatus check_machine(void)
{
    if (hq_is_little_endian())
        return HQ_OK;
    return hq_fail(HQ_EUNSUPPORTED, "snapshot: expected a little-endian machine: the state of "
                                    "indicators is saved as it stands in memory");
}

/* Sizes stand before what they measure. */
static void patch_u64(HqWriter *writer, size_t at, uint64_t value)
{
    HqWriter patch = {writer->out, writer->cap, at};
    if (writer->size <= writer->cap)
        hq_put_u64(&patch, value);
}

HqStatus hq_snapshot_begin(HqWriter *writer, HqSnapshotKind kind)
{
    HqStatus status = check_machine();
    if (status != HQ_OK)
        return status;
    hq_put_bytes(writer, magic, sizeof magic);
    hq_put_u32(writer, HQ_SNAPSHOT_VERSION);
    hq_put_u32(writer, kind);
    hq_put_u32(writer, 0);
    hq_put_u64(writer, 0); /* the size */
    return HQ_OK;
}

void hq_snapshot_end(HqWriter *writer)
{
    size_t size = writer->size + CHECKSUM_BYTES;
    bool fits = size <= writer->cap;
    patch_u64(writer, SIZE_AT, size);
    hq_put_u32(writer, fits ? hq_crc32(0, writer->out, writer->size) : 0);
}

static HqStatus check_version(uint32_t version)
{
    if (version == HQ_SNAPSHOT_VERSION)
        return HQ_OK;
    return HQ_DAMAGED("written by %s library: expected version %d, found %u; load it with the "
                      "library that wrote it, or feed the bars again",
                      version < HQ_SNAPSHOT_VERSION ? "an older" : "a newer", HQ_SNAPSHOT_VERSION,
                      (unsigned)version);
}

HqStatus hq_snapshot_open(const uint8_t *bytes, size_t size, HqSnapshotKind kind, HqReader *reader)
{
    static const char *const names[] = {"", "an HQuant", "a MultiHQuant", "an Aggregator"};
    HqReader all = {bytes, size, false};
    HqStatus status = check_machine();
    if (status != HQ_OK)
        return status;
    const uint8_t *found_magic = hq_take_bytes(&all, sizeof magic);
    if (!found_magic || memcmp(found_magic, magic, sizeof magic) != 0)
        return HQ_DAMAGED("expected bytes that begin with HQSS");
    uint32_t version = hq_take_u32(&all), found_kind = hq_take_u32(&all), zero = hq_take_u32(&all);
    uint64_t found_size = hq_take_u64(&all);
    if (all.has_failed || size < HEADER_BYTES + CHECKSUM_BYTES)
        return HQ_DAMAGED("cut off after %zu bytes", size);
    if ((status = check_version(version)) != HQ_OK)
        return status;
    if (found_size != size)
        return HQ_DAMAGED("expected the %llu bytes that it says it has, found %zu",
                          (unsigned long long)found_size, size);
    HqReader end = {bytes + size - CHECKSUM_BYTES, CHECKSUM_BYTES, false};
    if (hq_take_u32(&end) != hq_crc32(0, bytes, size - CHECKSUM_BYTES))
        return HQ_DAMAGED("its checksum is wrong: the bytes have been changed");
    if (found_kind != (uint32_t)kind || zero != 0)
        return HQ_DAMAGED("expected one of %s, found %s", names[kind],
                          found_kind >= 1 && found_kind <= 3 ? names[found_kind] : "something else");
    *reader = (HqReader){all.at, all.left - CHECKSUM_BYTES, false};
    return HQ_OK;
}

HqStatus hq_snapshot_close(const HqReader *reader)
{
    if (!reader->has_failed && reader->left == 0)
        return HQ_OK;
    return HQ_DAMAGED("expected its sections and nothing behind them");
}

size_t hq_section_begin(HqWriter *writer, HqSection section)
{
    hq_put_u32(writer, section);
    hq_put_u32(writer, 0);
    hq_put_u64(writer, 0);
    return writer->size;
}

void hq_section_end(HqWriter *writer, size_t begun)
{
    patch_u64(writer, begun - 8, writer->size - begun);
}

HqStatus hq_section_open(HqReader *reader, HqSection section, HqReader *content)
{
    uint32_t found = hq_take_u32(reader), zero = hq_take_u32(reader);
    size_t size = hq_take_count(reader, 1);
    const uint8_t *bytes = hq_take_bytes(reader, size);
    if (!bytes || found != (uint32_t)section || zero != 0)
        return HQ_DAMAGED("expected section %d, found %u", (int)section, (unsigned)found);
    *content = (HqReader){bytes, size, false};
    return HQ_OK;
}

HqStatus hq_section_close(const HqReader *content, HqSection section)
{
    if (!content->has_failed && content->left == 0)
        return HQ_OK;
    return HQ_DAMAGED("section %d: expected %s", (int)section,
                      content->has_failed ? "more than it holds" : "less than it holds");
}
