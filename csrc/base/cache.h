/* How much a core keeps near: for loops whose pieces are as long as their columns fit there. */
#ifndef HQ_BASE_CACHE_H
#define HQ_BASE_CACHE_H

#include <stddef.h>

/** Bytes of a core's second-level cache, 2^18..2^21: 2^20 where the processor does not say. */
size_t hq_second_cache(void);

#endif
