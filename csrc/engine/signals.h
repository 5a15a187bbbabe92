/* The queue of pending signals: a ring that drops the oldest when full and counts the drops. */
#ifndef HQ_ENGINE_SIGNALS_H
#define HQ_ENGINE_SIGNALS_H

#include "base/error.h"

enum { HQ_SIGNAL_CAPACITY_DEFAULT = 65536, HQ_SIGNAL_CAPACITY_MAX = 1 << 24 };

typedef struct HqSignalQueue {
    Signal *signal;
    size_t capacity;
    size_t first; /* index of the oldest */
    size_t len;
    uint64_t dropped;
} HqSignalQueue;

HqStatus hq_signals_init(HqSignalQueue *queue, size_t capacity);
void hq_signals_destroy(HqSignalQueue *queue);

/** Change the capacity; the newest signals that fit stay, the others count as dropped. */
HqStatus hq_signals_resize(HqSignalQueue *queue, size_t capacity);

/** Move the oldest signals to `out`; returns how many, `cap` at the most. */
size_t hq_signals_move(HqSignalQueue *queue, Signal *out, size_t cap);

/* Polled after every bar, the queue is mostly empty. */
static inline size_t hq_signals_poll(HqSignalQueue *queue, Signal *out, size_t cap)
{
    return queue->len == 0 ? 0 : hq_signals_move(queue, out, cap);
}

static inline size_t hq_signals_index(const HqSignalQueue *queue, size_t i)
{
    size_t index = queue->first + i;
    return index >= queue->capacity ? index - queue->capacity : index;
}

static inline void hq_signals_push(HqSignalQueue *queue, uint32_t strategy_id, Action action,
                                   int64_t timestamp)
{
    if (queue->len == queue->capacity) {
        queue->first = hq_signals_index(queue, 1);
        queue->len--;
        queue->dropped++;
    }
    Signal *signal = &queue->signal[hq_signals_index(queue, queue->len++)];
    *signal = (Signal){.strategy_id = strategy_id, .action = action, .timestamp = timestamp};
}

#endif
