/*
 * One thread at a time: a handle's guard is taken on the way in and given back on the way out.
 * A call that finds it taken — by another thread, or by the same one through a callback — answers
 * HQ_EBUSY instead of racing.
 */
#ifndef HQ_BASE_GUARD_H
#define HQ_BASE_GUARD_H

#include <stdatomic.h>
#include <stdbool.h>

#include "base/error.h"
#include "base/likely.h"

typedef struct HqGuard {
    atomic_bool taken;
} HqGuard;

static inline void hq_guard_init(HqGuard *guard) { atomic_init(&guard->taken, false); }

/** Take it if it is free, without an error where it is not. */
static inline bool hq_guard_try(HqGuard *guard)
{
    return !atomic_exchange_explicit(&guard->taken, true, memory_order_acquire);
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
