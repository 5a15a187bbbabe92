#include "engine/signals.h"

#include <string.h>

#include "base/alloc.h"

_Static_assert(sizeof(Signal) == 16 && offsetof(Signal, action) == 4 &&
                   offsetof(Signal, timestamp) == 8,
               "Signal is the seed's 16 bytes");

HqStatus hq_signals_init(HqSignalQueue *queue, size_t capacity)
{
    if (capacity == 0 || capacity > HQ_SIGNAL_CAPACITY_MAX)
        return hq_fail(HQ_EINVAL, "signal capacity: expected 1..%d signals, found %zu",
                       HQ_SIGNAL_CAPACITY_MAX, capacity);
    Signal *signal = hq_calloc(capacity, sizeof *signal); /* zeroed: so is the padding */
    if (!signal)
        return HQ_ENOMEM;
    *queue = (HqSignalQueue){.signal = signal, .capacity = capacity};
    return HQ_OK;
}

void hq_signals_destroy(HqSignalQueue *queue)
{
    free(queue->signal);
    *queue = (HqSignalQueue){0};
}

HqStatus hq_signals_resize(HqSignalQueue *queue, size_t capacity)
{
    HqSignalQueue resized;
    HqStatus status = hq_signals_init(&resized, capacity);
    if (status != HQ_OK)
        return status;
    resized.dropped = queue->dropped;
    for (size_t i = 0; i < queue->len; i++) {
        const Signal *s = &queue->signal[hq_signals_index(queue, i)];
        hq_signals_push(&resized, s->strategy_id, s->action, s->timestamp);
    }
    hq_signals_destroy(queue);
    *queue = resized;
    return HQ_OK;
}

size_t hq_signals_move(HqSignalQueue *queue, Signal *out, size_t cap)
{
    size_t n = out ? (queue->len < cap ? queue->len : cap) : 0;
    for (size_t i = 0; i < n; i++)
        out[i] = queue->signal[hq_signals_index(queue, i)];
    if (n > 0)
        queue->first = hq_signals_index(queue, n);
    queue->len -= n;
    return n;
}
