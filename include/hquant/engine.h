/**
 * @file engine.h
 * What an HQuant can do beyond the seed's ABI.
 */
#ifndef HQUANT_ENGINE_H
#define HQUANT_ENGINE_H

#include <math.h>

#include "indicator.h"
#include "program.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What a strategy sees of a higher timeframe (@period): its last candle that is complete. */
#define HQ_HTF_CLOSED ((uint32_t)0)
/** ... or its candle in progress, made of the bars so far. */
#define HQ_HTF_FORMING ((uint32_t)1)

/** The most outputs that one hq_engine_watch() or hq_engine_newest() takes. */
#define HQ_WATCH_MAX ((size_t)65536)

/* [cdef] */
/** Columns of bars, each `length` long, oldest first; nothing is copied or kept. */
typedef struct HqBars {
    const int64_t *timestamp;  /**< open time, milliseconds */
    const double *open;        /**< price units */
    const double *high;        /**< price units */
    const double *low;         /**< price units */
    const double *close;       /**< price units */
    const double *volume;      /**< base asset units */
    const double *buy_volume;  /**< base asset units; NULL when the data has no such column */
    size_t length;             /**< bars */
} HqBars;

/** An output of an indicator of an engine. */
typedef struct HqIndicatorOutput {
    uint32_t id;     /**< as returned when the indicator was added */
    uint32_t output; /**< 0..n_outputs-1 */
} HqIndicatorOutput;

/** Where an engine computes the newest values of outputs: hq_newest_value() reads them. */
typedef struct HqNewest {
    const double *const *values; /**< of all that the engine computes for the newest bar; *values moves from bar to bar */
    const uint32_t *places;      /**< of the outputs in *values, each 0-based; they may move with whatever is added */
    size_t count;                /**< outputs */
} HqNewest;

/**
 * hquant_push_bar() with an answer.
 * @param timestamp   open time, ms; the rest are in the units of Bar's fields: open, high, low and
 *                    close of price, volume and buy_volume of the base asset.
 * @return HQ_OK, HQ_EINVAL, HQ_EBAR, HQ_EORDER, HQ_EBUSY.
 */
HQ_API HqStatus hq_push_bar(HQuant *handle, int64_t timestamp, double open, double high, double low,
                     double close, double volume, double buy_volume);

/** hquant_update_last_bar() with the answer, and the arguments, of hq_push_bar(); HQ_OK also when there is no bar yet. */
HQ_API HqStatus hq_update_last_bar(HQuant *handle, int64_t timestamp, double open, double high,
                            double low, double close, double volume, double buy_volume);

/**
 * Push whole columns: what hquant_push_bar() does with each bar in turn, to the last bit. Long ones
 * go by blocks, which takes memory for as long as the call lasts; without it they go bar by bar.
 * @param[out] pushed  bars taken; may be NULL.
 * @return HQ_OK; HQ_EINVAL (columns; or buy_volume is NULL and a strategy or an indicator reads
 *         it), and nothing is pushed; HQ_EBAR or HQ_EORDER at the first bar that is refused: the
 *         bars before it are in, it and the rest are not. While bars without buy_volume are in the ring, nothing
 *         that reads it can be added (HQ_EINVAL).
 */
HQ_API HqStatus hq_push_bars(HQuant *handle, const HqBars *bars, size_t *pushed);

/**
 * Choose which candle of a higher timeframe strategies see; HQ_HTF_CLOSED unless set.
 * @param htf            HQ_HTF_CLOSED or HQ_HTF_FORMING.
 * @param bar_period_ms  the period of the bars that are pushed, so that a candle is complete with
 *                       the bar that ends where it ends; 0 where it is unknown: then a candle is
 *                       complete when the first bar at or after its end comes.
 * @return HQ_OK, HQ_EINVAL (out of range; a strategy that reads a higher timeframe is there
 *         already; an engine of a MultiHQuant: see hq_multi_set_htf()), HQ_EBUSY.
 * While a strategy reads a higher timeframe, a bar older than the newest one is refused and counted
 * (HQ_EORDER), and so is an update with another time than the newest bar's.
 */
HQ_API HqStatus hq_engine_set_htf(HQuant *handle, uint32_t htf, int64_t bar_period_ms);

/**
 * Set a PARAM of a strategy while it runs. The strategy's new nodes are warmed from the bars that
 * the ring holds, inside the call, and take over at the next push: from there on it gives what a
 * strategy with these parameters gives that a fresh engine was fed those bars with. Other
 * strategies and indicators notice nothing.
 * @param strategy_id  as returned when it was added.
 * @param name         of the PARAM, NUL-terminated.
 * @param value        in the PARAM's range, and in that of the indicators that it goes to.
 * @return HQ_OK; HQ_ENOTFOUND (id, name), HQ_EINVAL (value), HQ_ENOMEM, HQ_ELIMIT, HQ_EBUSY: and
 *         nothing has changed.
 */
HQ_API HqStatus hq_engine_set_param(HQuant *handle, uint32_t strategy_id, const char *name,
                             double value);

/** Bars refused since the handle was made; 0 for NULL. */
HQ_API uint64_t hq_rejected_bars(HQuant *handle);

/** Bars pushed since the handle was made, those the ring dropped included; 0 for NULL. */
HQ_API uint64_t hq_total_bars(HQuant *handle);

/**
 * Add any indicator of the table over the bar's fields.
 * @param spec  what to compute; hq_indicator_spec() makes one by name. The entry of an implicit
 *              input in its fields takes no part.
 * @return its id as the hquant_add_ functions give it; 0 on failure.
 */
HQ_API uint32_t hq_add_indicator(HQuant *handle, const HqIndicatorSpec *spec);

/**
 * hq_add_indicator() without a history: its newest values are all that is kept, and
 * hq_indicator_column() has none of it. A bar comes cheaper (docs/performance.md, W2), and 8 bytes
 * of memory an output and bar of the ring are saved.
 * @return the id of an equal indicator, with a history or without, where there is one; added with a
 *         history later, it is one of its own. 0 on failure.
 */
HQ_API uint32_t hq_add_indicator_newest(HQuant *handle, const HqIndicatorSpec *spec);

/**
 * The newest values of an indicator's outputs, NaN where there is none yet: as
 * hquant_indicator_last(), however many outputs it has.
 * @param id      as returned when it was added.
 * @param values  room for `count` doubles; the first min(count, n_outputs) are written.
 * @return n_outputs; 0 on failure (HQ_EINVAL, HQ_ENOTFOUND, HQ_EBUSY).
 */
HQ_API size_t hq_indicator_values(HQuant *handle, uint32_t id, double *values, size_t count);

/**
 * Keep the newest values of outputs side by side in memory, to be read without a call.
 * @param outputs  which, in any order, each as often as wanted; the array is not kept.
 * @param count    1..HQ_WATCH_MAX.
 * @return `count` doubles, each as hq_indicator_values() gives it: NaN where there is no value yet.
 *         Every call that pushes or replaces bars brings them up to date before it returns, the
 *         feed of a MultiHQuant included. NULL on failure, and nothing has changed: HQ_EINVAL
 *         (handle, outputs, count), HQ_ENOTFOUND (no such id or output), HQ_ENOMEM, HQ_EBUSY.
 * The memory belongs to the engine, stays where it is and lives as long. There may be several; the
 * same outputs asked for again are the same memory. Each costs a copy a value in every such call.
 * Late additions and changed parameters do not disturb them; snapshots do not hold them: ask the
 * loaded engine again. Read them in the thread that pushes, or while no call is inside the handle.
 */
HQ_API const double *hq_engine_watch(HQuant *handle, const HqIndicatorOutput *outputs,
                                     size_t count);

/**
 * Newest values of outputs to be read without a call and without a copy: what hq_engine_watch() shows,
 * where the engine computes it. A push has nothing to do for it, so that it comes cheapest for a
 * program that reads by hq_newest_value(); hq_engine_watch() is for who needs them side by side.
 * @param outputs  which, in any order, each as often as wanted; the array is not kept.
 * @param count    1..HQ_WATCH_MAX.
 * @param[out] newest  where they are. It may be copied, and is good as long as the engine.
 * @return HQ_OK; on failure nothing has changed: HQ_EINVAL (handle, outputs, count, newest),
 *         HQ_ENOTFOUND (no such id or output), HQ_ENOMEM, HQ_EBUSY.
 * Ask once: what is asked for is remembered as long as the engine, and allocates where it is new; the
 * same outputs asked for again are the same places. Late additions and changed
 * parameters do not disturb them; snapshots do not hold them: ask the loaded engine again. Read them in
 * the thread that pushes, or while no call is inside the handle.
 */
HQ_API HqStatus hq_engine_newest(HQuant *handle, const HqIndicatorOutput *outputs, size_t count,
                                 HqNewest *newest);

/**
 * The ring column of an indicator's output, as a view: NaN where it had no value.
 * @param id      as returned when it was added.
 * @param output  0..n_outputs-1.
 * @return the view; empty on failure: HQ_ENOTFOUND (id, output), HQ_EINVAL (hq_add_indicator_newest() added
 *         it), HQ_EBUSY.
 * A late indicator's column holds its values over the bars it was warmed from. The values behind a
 * view are brought up to date by this call, not by a push: call it again to see newer bars.
 */
HQ_API HqColumnF64 hq_indicator_column(HQuant *handle, uint32_t id, uint32_t output);

/** Replace the signal queue by one of `capacity` signals, 1..2^24; waiting signals move along, the newest first to stay. */
HQ_API HqStatus hq_set_signal_capacity(HQuant *handle, size_t capacity);

/** Signals dropped because the queue was full; 0 for NULL. */
HQ_API uint64_t hq_signals_dropped(HQuant *handle);
/* [/cdef] */

/**
 * The newest value of an output: to the last bit what hq_indicator_values() gives, NaN where there is
 * none yet. Arithmetic leaves many NaN, callers see one, unless they are compiled with
 * -ffinite-math-only (of -ffast-math): then NaN is what they must not ask for.
 * @param newest  as hq_engine_newest() made it.
 * @param i       0..newest->count-1, in the order of the outputs that were asked for; not checked.
 */
static inline double hq_newest_value(const HqNewest *newest, size_t i)
{
    double value = (*newest->values)[newest->places[i]];
#ifdef __GNUC__
    return isnan(value) ? __builtin_nan("") : value; /* nan() may be a call, for which libm is linked */
#else
    return isnan(value) ? nan("") : value;
#endif
}

#ifdef __cplusplus
}
#endif
#endif
