#include "base/alloc.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/error.h"

/*
 * glibc's calloc() goes past the small blocks that a thread keeps at hand: several times as long as
 * malloc(). Of malloc() and memset() compilers make a calloc() again, unless they cannot tell that it is one.
 */
enum { SMALL = 1024 };

void *hq_calloc(size_t count, size_t size)
{
    if (!count || !size)
        count = size = 1;
    void *volatile none = NULL;
    bool is_small = count <= SMALL / size;
    void *p = is_small ? realloc(none, count * size) : calloc(count, size);
    if (!p)
        hq_fail_memory();
    else if (is_small)
        memset(p, 0, count * size);
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
