/* Where columns stand in memory, as caches see it. */
#ifndef HQ_BASE_LINE_H
#define HQ_BASE_LINE_H

#include <stddef.h>
#include <stdint.h>

enum {
    HQ_LINE = 8,    /* doubles of a cache line */
    HQ_PAGE = 4096, /* bytes after which addresses look alike to caches, and to loads behind stores under way */
};

/**
 * Where the first cache line of `room` begins. Columns that begin there are read and written by vectors none of
 * which lies across two lines; room for them takes HQ_LINE doubles more than they have.
 */
static inline double *hq_first_line(double *room)
{
    size_t behind = (uintptr_t)room / sizeof *room % HQ_LINE;
    return behind ? room + (HQ_LINE - behind) : room;
}

#endif
