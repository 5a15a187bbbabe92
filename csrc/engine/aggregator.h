/*
 * Candles of several periods from one stream of base bars, in three layers:
 * a builder holds the rule for one period, a set feeds many and decides which bars may come in, and
 * HqAggregator puts a queue of events behind a set. MultiHQuant drives a set without the queue.
 */
#ifndef HQ_ENGINE_AGGREGATOR_H
#define HQ_ENGINE_AGGREGATOR_H

#include <stdbool.h>

#include "base/guard.h"
#include "hquant/market.h"

/** Most periods in one set: a period's index travels in 16 bits of a strategy's id. */
enum { HQ_PERIOD_COUNT_MAX = 65535 };

/** What hq_candle_feed() did, as bits. The candle holds the bar afterwards in every case. */
enum {
    HQ_CANDLE_CLOSED = 1, /**< the candle before it ended here, and no flush had closed it */
    HQ_CANDLE_OPENED = 2, /**< the bar began a new candle */
    HQ_CANDLE_CHANGED = 4 /**< the candle is new or differs from what it was before the call */
};

/**
 * One period's candle. The newest base bar stays uncommitted: `now` has it, `committed` does not,
 * so a bar sent again is put in place of its earlier version without subtracting anything.
 */
typedef struct HqCandleBuilder {
    int64_t period_ms;
    HqCandle now;       /**< the candle with the newest base bar in it */
    HqCandle committed; /**< the same up to the base bar before that one */
    bool has_candle;    /**< a bar has come: `now` is valid */
    bool has_committed; /**< `now` holds more than one base bar: `committed` is valid */
    bool closed;        /**< flushed, and no bar since */
} HqCandleBuilder;

/**
 * Put an admitted bar into its candle; returns HQ_CANDLE_ bits. No allocation, and a division only
 * where a candle begins.
 * @param[out] ended  the candle that HQ_CANDLE_CLOSED speaks of; may be NULL.
 */
unsigned hq_candle_feed(HqCandleBuilder *builder, const Bar *bar, HqCandle *ended);

/** The two halves of hq_candle_feed(): a bar after the newest one, at the same time even. */
unsigned hq_candle_push(HqCandleBuilder *builder, const Bar *bar, HqCandle *ended);

/** ... and another version of the newest bar, at its time. */
unsigned hq_candle_replace(HqCandleBuilder *builder, const Bar *bar);

/** The candle as a bar at its open time. */
static inline Bar hq_candle_bar(const HqCandle *candle)
{
    return (Bar){candle->open_time, candle->open,  candle->high,      candle->low,
                 candle->close,     candle->volume, candle->buy_volume};
}

/** Close the candle in progress, which stays in builder->now; false when there is none. */
bool hq_candle_flush(HqCandleBuilder *builder);

/** A builder for each period of a list, and the one stream of bars that feeds them all. */
typedef struct HqCandleSet {
    HqCandleBuilder *builders;
    size_t count;
    int64_t earliest; /**< first timestamp, ms, whose candles fit int64 in every period */
    int64_t latest;   /**< last such timestamp, ms */
    uint64_t rejected;
} HqCandleSet;

/** HQ_OK, HQ_EINVAL (see hq_aggregator_new()), HQ_ENOMEM; on failure nothing is allocated. */
HqStatus hq_candle_set_init(HqCandleSet *set, const int64_t *periods_ms, size_t count);

void hq_candle_set_destroy(HqCandleSet *set);

/**
 * Whether the builders may be fed a bar: HQ_OK, HQ_EBAR, HQ_EORDER, or HQ_EINVAL for a time whose
 * candle would leave int64. A refusal is counted and changes nothing else.
 */
HqStatus hq_candle_set_admit(HqCandleSet *set, const Bar *bar);

struct HqAggregator {
    HqGuard guard;
    HqCandleSet candles;
    HqCandleEvent *events; /**< a ring of `capacity` slots, a power of two */
    size_t capacity;
    size_t first;  /**< index of the oldest waiting event */
    size_t length; /**< events waiting */
};

/** As hq_aggregator_new(); freed by hq_aggregator_destroy(). */
HqStatus hq_aggregator_create(const int64_t *periods_ms, size_t count, HqAggregator **out);

void hq_aggregator_destroy(HqAggregator *aggregator);

/** Room for more events. HQ_OK, HQ_ENOMEM. */
HqStatus hq_aggregator_reserve(HqAggregator *aggregator, size_t more);

/** As hq_aggregator_push(), inside the guard. */
HqStatus hq_aggregator_feed(HqAggregator *aggregator, const Bar *bar);

/** As hq_aggregator_flush(), inside the guard. */
HqStatus hq_aggregator_close_all(HqAggregator *aggregator);

/** As hq_aggregator_poll_events(), inside the guard. */
size_t hq_aggregator_take(HqAggregator *aggregator, HqCandleEvent *out, size_t cap);

#endif
