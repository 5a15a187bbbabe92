#include "base/bytes.h"

#include <string.h>

_Static_assert(sizeof(double) == 8, "f64 is IEEE 754 binary64");

/* ------------------------------------------------------------------- writing */

void hq_put_bytes(HqWriter *writer, const void *bytes, size_t size)
{
    if (size > 0 && writer->size <= writer->cap && size <= writer->cap - writer->size)
        memcpy(writer->out + writer->size, bytes, size);
    writer->size += size;
}

static void put(HqWriter *writer, uint64_t value, size_t size)
{
    uint8_t bytes[8];
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(value >> (8 * i));
    hq_put_bytes(writer, bytes, size);
}

void hq_put_u32(HqWriter *writer, uint32_t value) { put(writer, value, 4); }
void hq_put_u64(HqWriter *writer, uint64_t value) { put(writer, value, 8); }
void hq_put_i64(HqWriter *writer, int64_t value) { put(writer, (uint64_t)value, 8); }

void hq_put_f64(HqWriter *writer, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    put(writer, bits, 8);
}

void hq_put_f64s(HqWriter *writer, const double *values, size_t count)
{
    if (hq_is_little_endian()) {
        hq_put_bytes(writer, values, count * sizeof *values);
        return;
    }
    for (size_t i = 0; i < count; i++)
        hq_put_f64(writer, values[i]);
}

/* ------------------------------------------------------------------- reading */

const uint8_t *hq_take_bytes(HqReader *reader, size_t size)
{
    if (reader->has_failed || size > reader->left) {
        reader->has_failed = true;
        return NULL;
    }
    const uint8_t *bytes = reader->at;
    reader->at += size;
    reader->left -= size;
    return bytes;
}

static uint64_t take(HqReader *reader, size_t size)
{
    const uint8_t *bytes = hq_take_bytes(reader, size);
    uint64_t value = 0;
    for (size_t i = 0; bytes && i < size; i++)
        value |= (uint64_t)bytes[i] << (8 * i);
    return value;
}

uint32_t hq_take_u32(HqReader *reader) { return (uint32_t)take(reader, 4); }
uint64_t hq_take_u64(HqReader *reader) { return take(reader, 8); }
int64_t hq_take_i64(HqReader *reader) { return (int64_t)take(reader, 8); }

double hq_take_f64(HqReader *reader)
{
    uint64_t bits = take(reader, 8);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

void hq_take_f64s(HqReader *reader, double *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        values[i] = hq_take_f64(reader);
}

bool hq_take_bool(HqReader *reader)
{
    uint32_t value = hq_take_u32(reader);
    reader->has_failed |= value > 1;
    return value == 1;
}

size_t hq_take_count(HqReader *reader, size_t each)
{
    uint64_t count = hq_take_u64(reader);
    if (count <= reader->left / each)
        return (size_t)count;
    reader->has_failed = true;
    return 0;
}

bool hq_is_little_endian(void)
{
    const uint32_t one = 1;
    uint8_t first;
    memcpy(&first, &one, 1);
    return first == 1;
}
