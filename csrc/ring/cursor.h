/*
 * Where a ring of fixed capacity stands: which index is written next and which is the oldest.
 * Columns that are filled together share one cursor. A push wraps by comparison, without a division,
 * and counts rounds alone: how many elements there are and have been follows from them.
 */
#ifndef HQ_RING_CURSOR_H
#define HQ_RING_CURSOR_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/likely.h"

typedef struct HqCursor {
    size_t capacity; /* elements that fit, > 0 */
    size_t head;     /* index the next element is written to, 0..capacity-1 */
    uint64_t rounds; /* times that the last place was written */
} HqCursor;

/** Elements held, 0..capacity. */
static inline size_t hq_cursor_len(const HqCursor *cursor)
{
    return cursor->rounds > 0 ? cursor->capacity : cursor->head;
}

/** Elements pushed so far, those that were written over included. */
static inline uint64_t hq_cursor_total(const HqCursor *cursor)
{
    return cursor->rounds * cursor->capacity + cursor->head;
}

/** A cursor that `total` elements have been pushed to. */
static inline HqCursor hq_cursor_after(size_t capacity, uint64_t total)
{
    return (HqCursor){capacity, (size_t)(total % capacity), total / capacity};
}

/** Index to write the next element to; the oldest one's when the ring is full. */
static inline size_t hq_cursor_push(HqCursor *cursor)
{
    size_t index = cursor->head;
    cursor->head = index + 1;
    if (HQ_UNLIKELY(cursor->head == cursor->capacity)) {
        cursor->head = 0;
        cursor->rounds++;
    }
    return index;
}

/** As hq_cursor_push() `count` times. */
static inline void hq_cursor_push_many(HqCursor *cursor, size_t count)
{
    *cursor = hq_cursor_after(cursor->capacity, hq_cursor_total(cursor) + count);
}

/** Index of the newest element. The ring holds at least one. */
static inline size_t hq_cursor_last(const HqCursor *cursor)
{
    assert(hq_cursor_len(cursor) > 0);
    return (cursor->head == 0 ? cursor->capacity : cursor->head) - 1;
}

/** Index of element i counted from the oldest, i < len. */
static inline size_t hq_cursor_at(const HqCursor *cursor, size_t i)
{
    assert(i < hq_cursor_len(cursor));
    if (cursor->rounds == 0)
        return i;
    size_t index = cursor->head + i;
    return index >= cursor->capacity ? index - cursor->capacity : index;
}

/** Index of element i counted from the newest, i < len. */
static inline size_t hq_cursor_from_end(const HqCursor *cursor, size_t i)
{
    assert(i < hq_cursor_len(cursor));
    return hq_cursor_at(cursor, hq_cursor_len(cursor) - 1 - i);
}

/**
 * Elements from one column's start to the next one's, for columns of doubles laid one behind
 * another: an odd number of cache lines, so that equal indices never share a cache set.
 */
static inline size_t hq_column_stride(size_t capacity)
{
    size_t lines = capacity / 8 + (capacity % 8 != 0);
    return (lines | 1) * 8;
}

#endif
