/* Allocation that checks its sizes and reports its failure. Freed by free(). */
#ifndef HQ_BASE_ALLOC_H
#define HQ_BASE_ALLOC_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "hquant/status.h"

/** count * size zeroed bytes, at least one; NULL with HQ_ENOMEM set. */
void *hq_calloc(size_t count, size_t size);

enum { HQ_LINE = 8 };    /* doubles of a cache line */
enum { HQ_PAGE = 4096 }; /* bytes after which addresses look alike to caches and pending stores */

/**
 * Where the first cache line of `room` begins. Columns that begin there are read and written by vectors none of
 * which lies across two lines; room for them takes HQ_LINE doubles more than they have.
 */
static inline double *hq_first_line(double *room)
{
    size_t behind = (uintptr_t)room / sizeof *room % HQ_LINE;
    return behind ? room + (HQ_LINE - behind) : room;
}

/** Grow an array to `count` entries of `size` bytes; NULL with HQ_ENOMEM set, the old one intact. */
void *hq_realloc_array(void *old, size_t count, size_t size);

/** Grow *array to `count` entries, at least one. HQ_OK, or HQ_ENOMEM and it is as it was. */
HqStatus hq_grow(void **array, size_t count, size_t size);

#endif
