/*
 * Little-endian bytes, written and read back within bounds.
 *
 * A writer counts what it is given and stores what fits, so that one function both measures and
 * writes. A reader that is asked for more than there is answers zeros and stays failed: a loader
 * checks once, where something depends on it.
 */
#ifndef HQ_BASE_BYTES_H
#define HQ_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct HqWriter {
    uint8_t *out; /* may be NULL when cap is 0 */
    size_t cap;
    size_t size; /* of everything so far, stored or not */
} HqWriter;

typedef struct HqReader {
    const uint8_t *at;
    size_t left;
    bool has_failed;
} HqReader;

void hq_put_bytes(HqWriter *writer, const void *bytes, size_t size);
void hq_put_u32(HqWriter *writer, uint32_t value);
void hq_put_u64(HqWriter *writer, uint64_t value);
void hq_put_i64(HqWriter *writer, int64_t value);
void hq_put_f64(HqWriter *writer, double value);
void hq_put_f64s(HqWriter *writer, const double *values, size_t count);

/** `size` bytes, which stay where they are; NULL when there are fewer. */
const uint8_t *hq_take_bytes(HqReader *reader, size_t size);
uint32_t hq_take_u32(HqReader *reader);
uint64_t hq_take_u64(HqReader *reader);
int64_t hq_take_i64(HqReader *reader);
double hq_take_f64(HqReader *reader);
void hq_take_f64s(HqReader *reader, double *values, size_t count);

/** 0 or 1; anything else fails. */
bool hq_take_bool(HqReader *reader);

/** A count of things that take at least `each` bytes of what follows; fails, and is 0, beyond that. */
size_t hq_take_count(HqReader *reader, size_t each);

/** Whether doubles and integers stand in this machine's memory as they do in the bytes. */
bool hq_is_little_endian(void);

#endif
