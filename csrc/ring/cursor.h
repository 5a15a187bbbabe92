/*
 * Where a ring of fixed capacity stands: which index is written next and which is the oldest.
 * Columns that are filled together share one cursor. Wraps by comparison, never by division.
 */
#ifndef HQ_RING_CURSOR_H
#define HQ_RING_CURSOR_H

#include <assert.h>
#include <stddef.h>

typedef struct HqCursor {
    size_t capacity; /* elements that fit, > 0 */
    size_t len;      /* elements held, 0..capacity */
    size_t head;     /* index the next element is written to */
} HqCursor;

/** Index to write the next element to; the oldest one's when the ring is full. */
static inline size_t hq_cursor_push(HqCursor *cursor)
{
    size_t index = cursor->head;
    size_t next = index + 1;
    cursor->head = next == cursor->capacity ? 0 : next;
    if (cursor->len < cursor->capacity)
        cursor->len++;
    return index;
}

/** As hq_cursor_push() `count` times. */
static inline void hq_cursor_push_many(HqCursor *cursor, size_t count)
{
    size_t room = cursor->capacity - cursor->len;
    cursor->head = (cursor->head + count % cursor->capacity) % cursor->capacity;
    cursor->len += count < room ? count : room;
}

/** Index of the newest element. The ring holds at least one. */
static inline size_t hq_cursor_last(const HqCursor *cursor)
{
    assert(cursor->len > 0);
    return (cursor->head == 0 ? cursor->capacity : cursor->head) - 1;
}

/** Index of element i counted from the oldest, i < len. */
static inline size_t hq_cursor_at(const HqCursor *cursor, size_t i)
{
    assert(i < cursor->len);
    if (cursor->len < cursor->capacity)
        return i;
    size_t index = cursor->head + i;
    return index >= cursor->capacity ? index - cursor->capacity : index;
}

/** Index of element i counted from the newest, i < len. */
static inline size_t hq_cursor_from_end(const HqCursor *cursor, size_t i)
{
    assert(i < cursor->len);
    return hq_cursor_at(cursor, cursor->len - 1 - i);
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
