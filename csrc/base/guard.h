/*
 * One thread at a time: a handle's guard is taken on the way in and given back on the way out.
 * A call that finds it taken — by another thread, or by the same one through a callback — answers
 * HQ_EBUSY instead of racing.
 *
 * Taking it is a locked instruction, which waits for every write before it to reach the cache: a bar's
 * steps could not overlap with those of the bar before. In a process of one thread it is an ordinary
 * write. A thread that is started later sees it, whoever is inside by then: whatever a thread has
 * written is there for those that it starts. Where the C library does not tell, the instruction is locked.
 */
#ifndef HQ_BASE_GUARD_H
#define HQ_BASE_GUARD_H

#include <stdatomic.h>
#include <stdbool.h>

#include "base/error.h"
#include "base/likely.h"

#if defined(__has_include)
#  if __has_include(<sys/single_threaded.h>)
#    include <sys/single_threaded.h>
#    define HQ_IS_ALONE (__libc_single_threaded != 0)
#  endif
#endif
#ifndef HQ_IS_ALONE
#  define HQ_IS_ALONE false
#endif

typedef struct HqGuard {
    atomic_bool taken;
} HqGuard;

static inline void hq_guard_init(HqGuard *guard) { atomic_init(&guard->taken, false); }

/** Take it if it is free, without an error where it is not. */
static inline bool hq_guard_try(HqGuard *guard)
{
    if (!HQ_IS_ALONE)
        return !atomic_exchange_explicit(&guard->taken, true, memory_order_acquire);
    if (atomic_load_explicit(&guard->taken, memory_order_relaxed))
        return false;
    atomic_store_explicit(&guard->taken, true, memory_order_relaxed);
    return true;
}

static inline bool hq_guard_enter(HqGuard *guard)
{
    if (HQ_LIKELY(hq_guard_try(guard)))
        return true;
    hq_fail(HQ_EBUSY, "another call is inside this handle; one thread at a time may use it");
    return false;
}

static inline void hq_guard_leave(HqGuard *guard)
{
    atomic_store_explicit(&guard->taken, false, memory_order_release);
}

#endif
