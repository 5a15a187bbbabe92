/**
 * @file market.h
 * Periods, candle aggregation, and the engine over several periods.
 */
#ifndef HQUANT_MARKET_H
#define HQUANT_MARKET_H

#include "engine.h"

#ifdef __cplusplus
extern "C" {
#endif

/* [cdef] */
/* ------------------------------------------------------------------- bars */

/**
 * Whether bars are candles as market data should have them, which is more than the engines ask:
 * every field within HQ_VALUE_MAX, low <= open and close <= high, volumes >= 0, times strictly
 * rising. Prices may be zero or negative.
 * @param bars  every column but buy_volume, which may be NULL.
 * @return HQ_OK; HQ_EINVAL (a column is NULL); HQ_EBAR or HQ_EORDER at the first bar that is none:
 *         the message names it, and what was expected and found. Allocates nothing.
 */
HQ_API HqStatus hq_bars_check(const HqBars *bars);

/* ----------------------------------------------------------------- period */
/**
 * Parse a period: digits, then ms, s, m, h or d ("500ms", "15m", "4h").
 * @param text    need not end in NUL.
 * @param length  of the text, in bytes.
 * @param[out] period_ms  milliseconds, > 0; left untouched on failure.
 * @return HQ_OK, HQ_EINVAL (unknown unit, "1M" included; zero; overflow; no digits).
 */
HQ_API HqStatus hq_period_parse(const char *text, size_t length, int64_t *period_ms);

/**
 * Open time of the bucket that holds a time: the largest multiple of period_ms <= timestamp_ms,
 * for negative times too. Where that lies below INT64_MIN, or period_ms <= 0, INT64_MIN.
 */
HQ_API int64_t hq_period_bucket_start(int64_t period_ms, int64_t timestamp_ms);

/* ------------------------------------------------------------- aggregator */

/** Builds candles of several periods from a stream of base bars. Opaque. */
typedef struct HqAggregator HqAggregator;

/** A candle being built or done. 72 bytes. */
typedef struct HqCandle {
    int64_t open_time;      /**< ms, a multiple of the period */
    int64_t close_time;     /**< ms, open_time + period */
    double open;            /**< of the first base bar */
    double high;            /**< highest */
    double low;             /**< lowest */
    double close;           /**< of the last base bar */
    double volume;          /**< sum */
    double buy_volume;      /**< sum */
    int64_t last_update_ts; /**< timestamp of the newest base bar in it, ms */
} HqCandle;

/** What happened to a candle. 88 bytes. */
typedef struct HqCandleEvent {
    uint32_t kind;         /**< 1 updated, 2 closed */
    uint32_t period_index; /**< position in the period list, from 0 */
    int64_t period_ms;     /**< the period, ms */
    HqCandle candle;       /**< as it is after what happened */
} HqCandleEvent;

/**
 * Create an aggregator.
 * @param periods_ms  distinct periods, each > 0 ms.
 * @param count       of them, 1..65535.
 * @param[out] out    owned by the caller; left untouched on failure.
 * @return HQ_OK, HQ_EINVAL (empty, zero, duplicate), HQ_ENOMEM.
 */
HQ_API HqStatus hq_aggregator_new(const int64_t *periods_ms, size_t count, HqAggregator **out);

/** Free an aggregator. NULL is accepted. */
HQ_API void hq_aggregator_free(HqAggregator *aggregator);

/**
 * Feed one base bar; its timestamp is its open time. A bar with the open time of the one before it
 * replaces that one inside its candles. Events wait until polled.
 * @return HQ_OK, HQ_EINVAL (a time whose candle would leave int64), HQ_EBAR, HQ_EORDER (older than
 *         the one before it), all three refused and counted; HQ_ENOMEM (the event queue could not
 *         grow: refused; never for a caller that polls after each push), HQ_EBUSY.
 */
HQ_API HqStatus hq_aggregator_push(HqAggregator *aggregator, Bar bar);

/**
 * Close every candle in progress. A later bar of the same bucket continues its candle, and it
 * closes again.
 * @return HQ_OK, HQ_EINVAL (NULL), HQ_ENOMEM (as hq_aggregator_push(): nothing closed), HQ_EBUSY.
 */
HQ_API HqStatus hq_aggregator_flush(HqAggregator *aggregator);

/** Events waiting; 0 for NULL. */
HQ_API size_t hq_aggregator_events_len(HqAggregator *aggregator);

/** Move waiting events, oldest first, to `out`; returns how many, `cap` at the most. */
HQ_API size_t hq_aggregator_poll_events(HqAggregator *aggregator, HqCandleEvent *out, size_t cap);

/** Bars refused since the handle was made (not finite, out of order, out of range); 0 for NULL. */
HQ_API uint64_t hq_aggregator_rejected(HqAggregator *aggregator);

/** The candle as a bar whose timestamp is the candle's open time; time 0 and NaN for NULL. */
HQ_API Bar hq_candle_as_bar_open_time(const HqCandle *candle);

/* ---------------------------------------------------------------- MultiHQuant */

/** Engines over several periods fed from one stream of base bars, and strategies across them. Opaque. */
typedef struct HqMulti HqMulti;

/**
 * Create one.
 * @param capacity    bars that each period's ring keeps, 1..HQ_CAPACITY_MAX.
 * @param periods_ms  distinct periods, each > 0 ms; the first is the default of
 *                    cross-period strategies.
 * @param count       of them, 1..65535.
 * @param emit        0: strategies are evaluated at each feed that changes the candle; 1: once a
 *                    candle, when it is final: when a bar of a later candle comes, or at a flush.
 * @param[out] out    owned by the caller; left untouched on failure.
 * @return HQ_OK, HQ_EINVAL (capacity; periods empty, zero, duplicate; emit), HQ_ENOMEM.
 */
HQ_API HqStatus hq_multi_new(size_t capacity, const int64_t *periods_ms, size_t count, uint32_t emit,
                      HqMulti **out);

/**
 * Free it, its engines included. NULL is accepted. Refused (HQ_EBUSY, nothing freed) while another
 * call is inside it or one of its engines.
 */
HQ_API void hq_multi_free(HqMulti *multi);

/** Periods it was made with; 0 for NULL. */
HQ_API size_t hq_multi_period_count(HqMulti *multi);

/**
 * The engine of a period: add indicators and strategies to it, read its columns. Bars reach it
 * through hq_multi_feed_bar() alone. Owned by the HqMulti: do not free it.
 * @param period_ms  one of its periods, ms.
 * @return NULL (HQ_ENOTFOUND) for any other.
 */
HQ_API HQuant *hq_multi_engine(HqMulti *multi, int64_t period_ms);

/**
 * Feed one base bar, as hq_aggregator_push(). Strategies are evaluated as `emit` says.
 * @return as hq_aggregator_push(); HQ_EBUSY for a call inside one of its engines too. Allocates nothing.
 */
HQ_API HqStatus hq_multi_feed_bar(HqMulti *multi, Bar bar);

/**
 * Feed whole columns, bar by bar, as hq_multi_feed_bar() does.
 * @param[out] fed  bars taken; may be NULL.
 * @return HQ_OK; HQ_EINVAL (columns; or buy_volume is NULL and something reads it); else what the
 *         first refused bar gave: the bars before it are in, it and the rest are not.
 */
HQ_API HqStatus hq_multi_feed_bars(HqMulti *multi, const HqBars *bars, size_t *fed);

/** Close every candle in progress, as hq_aggregator_flush(). */
HQ_API HqStatus hq_multi_flush(HqMulti *multi);

/**
 * Add a cross-period strategy: series with @period read that period's engine, others the first
 * period's. Its signals carry the timestamp of the last fed bar. Candles in progress are seen as
 * they are; what is computed over several periods moves on with the first one's candles. Added
 * late, it is warmed from the candles that the rings hold; a longer period's candle as it was in
 * the middle is built again from the first period's.
 * @return its id: local id, period index 0; 0 on failure, as hquant_add_strategy().
 */
HQ_API uint32_t hq_multi_add_strategy(HqMulti *multi, const uint8_t *name_utf8, size_t name_len,
                               const uint8_t *dsl_utf8, size_t dsl_len);

/**
 * Choose which candle of a period strategies see where they read it by @period; HQ_HTF_FORMING
 * unless set. The first period of cross-period strategies is their clock and shows its candle in
 * progress under either setting.
 * @param htf            HQ_HTF_CLOSED or HQ_HTF_FORMING, for the engines' strategies too.
 * @param bar_period_ms  of the bars that are fed, as hq_engine_set_htf(); 0: unknown. An engine's
 *                       own bars are its period's candles.
 * @return HQ_OK, HQ_EINVAL (out of range; a strategy across periods, or one that reads a higher
 *         timeframe in an engine, is there already), HQ_EBUSY.
 */
HQ_API HqStatus hq_multi_set_htf(HqMulti *multi, uint32_t htf, int64_t bar_period_ms);

/**
 * As hq_engine_set_param(), for a cross-period strategy: it takes over when the first period's next
 * candle begins. A strategy of a period's engine is set there.
 */
HQ_API HqStatus hq_multi_set_param(HqMulti *multi, uint32_t strategy_id, const char *name,
                            double value);

/** Signals waiting; 0 for NULL. */
HQ_API size_t hq_multi_signals_len(HqMulti *multi);

/**
 * As hquant_poll_signals(). strategy_id is (period_index << 16) | local id, where
 * period_index 0 is a cross-period strategy and 1.. the engines in the order of the periods.
 */
HQ_API size_t hq_multi_poll_signals(HqMulti *multi, Signal *out, size_t cap);

/** Bars refused since the handle was made; 0 for NULL. */
HQ_API uint64_t hq_multi_rejected(HqMulti *multi);

/** As hq_signals_dropped(). */
HQ_API uint64_t hq_multi_signals_dropped(HqMulti *multi);

/** As hq_set_signal_capacity(), for the queue of the HqMulti. */
HQ_API HqStatus hq_multi_set_signal_capacity(HqMulti *multi, size_t capacity);
/* [/cdef] */

#ifdef __cplusplus
}
#endif
#endif
