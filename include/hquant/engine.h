/**
 * @file engine.h
 * What an HQuant can do beyond the seed's ABI.
 */
#ifndef HQUANT_ENGINE_H
#define HQUANT_ENGINE_H

#include "indicator.h"
#include "program.h"

#ifdef __cplusplus
extern "C" {
#endif

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

/** hquant_push_bar() with the fields as arguments and an answer: HQ_OK, HQ_EINVAL, HQ_EBAR, HQ_EBUSY. */
HQ_API HqStatus hq_push_bar(HQuant *handle, int64_t timestamp, double open, double high, double low,
                     double close, double volume, double buy_volume);

/** hquant_update_last_bar() with the fields as arguments; HQ_OK also when there is no bar yet. */
HQ_API HqStatus hq_update_last_bar(HQuant *handle, int64_t timestamp, double open, double high,
                            double low, double close, double volume, double buy_volume);

/**
 * Push whole columns, bar by bar, as hquant_push_bar() does.
 * @param[out] pushed  bars taken; may be NULL.
 * @return HQ_OK; HQ_EINVAL (columns; or buy_volume is NULL and a strategy or an indicator reads
 *         it), and nothing is pushed; HQ_EBAR at the first bar that is refused: the bars before it
 *         are in, it and the rest are not. While bars without buy_volume are in the ring, nothing
 *         that reads it can be added (HQ_EINVAL).
 */
HQ_API HqStatus hq_push_bars(HQuant *handle, const HqBars *bars, size_t *pushed);

/** Bars refused since the handle was made; 0 for NULL. */
HQ_API uint64_t hq_rejected_bars(HQuant *handle);

/** Bars pushed since the handle was made, those the ring dropped included; 0 for NULL. */
HQ_API uint64_t hq_total_bars(HQuant *handle);

/**
 * Add any indicator of the table over one of the bar's fields.
 * @param code    row of the table (hq_indicator_find()).
 * @param fields  n_inputs series numbers 0..5; NULL takes each input's own default.
 * @param params  n_params values.
 * @return its id as the hquant_add_ functions give it; 0 on failure.
 */
HQ_API uint32_t hq_add_indicator(HQuant *handle, uint32_t code, const uint32_t *fields,
                          const double *params);

/**
 * The ring column of an indicator's output, as a view: NaN where it had no value.
 * @param id      as returned when it was added.
 * @param output  0..n_outputs-1.
 * A late indicator's column holds its values over the bars it was warmed from. The values behind a
 * view are brought up to date by this call, not by a push: call it again to see newer bars.
 */
HQ_API HqColumnF64 hq_indicator_column(HQuant *handle, uint32_t id, uint32_t output);

/** Replace the signal queue by one of `capacity` signals, 1..2^24; waiting signals move along, the newest first to stay. */
HQ_API HqStatus hq_set_signal_capacity(HQuant *handle, size_t capacity);

/** Signals dropped because the queue was full; 0 for NULL. */
HQ_API uint64_t hq_signals_dropped(HQuant *handle);
/* [/cdef] */

#ifdef __cplusplus
}
#endif
#endif
