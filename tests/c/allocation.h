/* malloc, calloc, realloc and free through the linker's --wrap: counted, failing on demand. */
#ifndef HQ_TESTS_C_ALLOCATION_H
#define HQ_TESTS_C_ALLOCATION_H

#include <stdbool.h>
#include <stddef.h>

#include "check.h"
#include "hquant/status.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void __real_free(void *block);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void __wrap_free(void *block);

static long allocations;   /* asked for since the start */
static long live_blocks;   /* given and not freed */
static long until_failure; /* the failing one is so many away; 0: none fails */

static bool fails(void)
{
    allocations++;
    return until_failure > 0 && --until_failure == 0;
}

static void *given(void *block)
{
    live_blocks += block != NULL;
    return block;
}

void *__wrap_malloc(size_t size) { return fails() ? NULL : given(__real_malloc(size)); }

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : given(__real_calloc(count, size));
}

void *__wrap_realloc(void *old, size_t size)
{
    if (fails())
        return NULL;
    void *block = __real_realloc(old, size);
    live_blocks += block != NULL && old == NULL;
    return block;
}

void __wrap_free(void *block)
{
    live_blocks -= block != NULL;
    __real_free(block);
}

enum { ATTEMPTS_MAX = 10000 };

/*
 * Try with the 1st, 2nd, 3rd ... allocation failing until an attempt meets no failure. Each other
 * one must answer HQ_ENOMEM; `after` then looks at what it left behind. Returns how many failed.
 */
static inline int fail_each(const char *name, HqStatus (*attempt)(void *), void (*after)(void *),
                            void *state)
{
    for (int n = 1; n < ATTEMPTS_MAX; n++) {
        hq_clear_error();
        until_failure = n;
        HqStatus status = attempt(state);
        bool was_hit = until_failure == 0;
        until_failure = 0;
        CHECK(status == (was_hit ? HQ_ENOMEM : HQ_OK));
        CHECK(hq_last_error()->code == status);
        if (status != (was_hit ? HQ_ENOMEM : HQ_OK))
            fprintf(stderr, "  %s, allocation %d: %s: %s\n", name, n, hq_status_name(status),
                    hq_last_error()->message);
        if (!was_hit || status != HQ_ENOMEM)
            return n - 1;
        if (after)
            after(state);
    }
    CHECK(!"an attempt without a failure");
    return ATTEMPTS_MAX;
}

#endif
