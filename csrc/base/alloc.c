#include "base/alloc.h"

#include <stdint.h>

#include "base/error.h"

void *hq_calloc(size_t count, size_t size)
{
    void *p = calloc(count ? count : 1, size ? size : 1);
    if (!p)
        hq_fail_memory();
    return p;
}

void *hq_realloc_array(void *old, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size) {
        hq_fail_memory();
        return NULL;
    }
    void *p = realloc(old, count && size ? count * size : 1);
    if (!p)
        hq_fail_memory();
    return p;
}

HqStatus hq_grow(void **array, size_t count, size_t size)
{
    void *moved = hq_realloc_array(*array, count, size);
    if (!moved)
        return HQ_ENOMEM;
    *array = moved;
    return HQ_OK;
}
