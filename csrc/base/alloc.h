/* Allocation that checks its sizes and reports its failure. Freed by free(). */
#ifndef HQ_BASE_ALLOC_H
#define HQ_BASE_ALLOC_H

#include <stddef.h>
#include <stdlib.h>

#include "hquant/status.h"

/** count * size zeroed bytes, at least one; NULL with HQ_ENOMEM set. */
void *hq_calloc(size_t count, size_t size);

/** Grow an array to `count` entries of `size` bytes; NULL with HQ_ENOMEM set, the old one intact. */
void *hq_realloc_array(void *old, size_t count, size_t size);

/** Grow *array to `count` entries, at least one. HQ_OK, or HQ_ENOMEM and it is as it was. */
HqStatus hq_grow(void **array, size_t count, size_t size);

#endif
