/* The frame of an HQBC file (docs/hqbc.md): taken apart whatever it says, put together right. */
#ifndef HQ_TESTS_FUZZ_FRAME_H
#define HQ_TESTS_FUZZ_FRAME_H

#include <stdint.h>
#include <string.h>

#include "base/crc32.h"

enum { FRAME_SECTIONS = 11, FRAME_TABLE = 24, FRAME_FIRST = 160, FRAME_SIZE_MAX = 1 << 16 };
enum { FRAME_CODE = 7, FRAME_LINES = 10 };

static const uint32_t frame_entry[FRAME_SECTIONS] = {1, 40, 8, 16, 4, 16, 8, 16, 16, 8, 8};

typedef struct FrameSection {
    const uint8_t *at;
    uint32_t size;
} FrameSection;

static uint32_t frame_u32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void frame_put(uint8_t *p, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(value >> 8 * i);
}

/* Sections as the table's sizes say, cut where the file ends; whole entries only. */
static inline void frame_split(const uint8_t *data, size_t size, FrameSection *sections)
{
    size_t at = FRAME_FIRST;
    for (int i = 0; i < FRAME_SECTIONS; i++) {
        size_t left = size > at ? size - at : 0;
        size_t length = left ? frame_u32(data + FRAME_TABLE + 12 * i + 8) : 0;
        length = length < left ? length : left;
        length -= length % frame_entry[i];
        sections[i] = (FrameSection){length ? data + at : data, (uint32_t)length};
        at = (at + length + 7) / 8 * 8;
    }
}

static size_t frame_lines_size(const FrameSection *sections)
{
    return sections[FRAME_CODE].size / frame_entry[FRAME_CODE] * frame_entry[FRAME_LINES];
}

/* Lines belong to instructions one to one: lost ones become line 1, column 1. */
static void frame_put_lines(const FrameSection *sections, uint8_t *out)
{
    size_t size = frame_lines_size(sections), kept = sections[FRAME_LINES].size;
    kept = kept < size ? kept : size;
    memcpy(out, sections[FRAME_LINES].at, kept);
    for (size_t i = kept; i < size; i += 4)
        frame_put(out + i, 1);
}

/* A file with a right header, table, padding and checksum; 0 when `capacity` is too small. */
static size_t frame_join(const FrameSection *sections, uint8_t *out, size_t capacity)
{
    size_t at = FRAME_FIRST;
    if (capacity < FRAME_FIRST)
        return 0;
    memset(out, 0, FRAME_FIRST);
    for (int i = 0; i < FRAME_SECTIONS; i++) {
        size_t length = i == FRAME_LINES ? frame_lines_size(sections) : sections[i].size;
        size_t end = (at + length + 7) / 8 * 8;
        if (end > capacity)
            return 0;
        memset(out + at, 0, end - at);
        if (i == FRAME_LINES)
            frame_put_lines(sections, out + at);
        else
            memcpy(out + at, sections[i].at, length);
        frame_put(out + FRAME_TABLE + 12 * i, (uint32_t)i + 1);
        frame_put(out + FRAME_TABLE + 12 * i + 4, (uint32_t)at);
        frame_put(out + FRAME_TABLE + 12 * i + 8, (uint32_t)length);
        at = end;
    }
    memcpy(out, "HQBC\1\0\0\0", 8);
    frame_put(out + 8, (uint32_t)at);
    frame_put(out + 16, FRAME_SECTIONS);
    frame_put(out + 12, hq_crc32(0, out + 16, at - 16));
    return at;
}

#endif
