/* The size of the second-level cache, asked of the processor once. */
#include "base/cache.h"

#include <stdatomic.h>

#if defined(__GNUC__) && defined(__x86_64__)
#include <cpuid.h>

enum { INTEL = 4, CACHES_MOST = 8, LEVEL = 2, INSTRUCTIONS = 2 };
#define AMD 0x8000001Du

/* The caches that a leaf tells of, a subleaf each: Intel's Software Developer's Manual, CPUID, leaf 4; AMD's
 * APM volume 3, E.4.15, says the same under a number of its own. 0: not found. */
static size_t told(unsigned leaf)
{
    for (unsigned i = 0; i < CACHES_MOST; i++) {
        unsigned a, b, c, d;
        if (!__get_cpuid_count(leaf, i, &a, &b, &c, &d) || (a & 31) == 0)
            return 0;
        if ((a >> 5 & 7) == LEVEL && (a & 31) != INSTRUCTIONS)
            return (size_t)((b >> 22) + 1) * ((b >> 12 & 0x3FF) + 1) * ((b & 0xFFF) + 1) * ((size_t)c + 1);
    }
    return 0;
}

static size_t machine_cache(void)
{
    size_t bytes = told(AMD);
    return bytes ? bytes : told(INTEL);
}
#else
static size_t machine_cache(void) { return 0; }
#endif

size_t hq_second_cache(void)
{
    enum { LEAST = 1 << 18, USUAL = 1 << 20, MOST = 1 << 21 }; /* of more, other cores have a share */
    static _Atomic size_t known;
    size_t bytes = atomic_load_explicit(&known, memory_order_relaxed);
    if (bytes == 0) {
        bytes = machine_cache();
        bytes = bytes == 0 ? USUAL : bytes < LEAST ? LEAST : bytes > MOST ? MOST : bytes;
        atomic_store_explicit(&known, bytes, memory_order_relaxed);
    }
    return bytes;
}
