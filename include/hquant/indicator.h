/**
 * @file indicator.h
 * The table of indicators: what exists, with which inputs, parameters, outputs and warm-up.
 */
#ifndef HQUANT_INDICATOR_H
#define HQUANT_INDICATOR_H

#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* [cdef] */
/* A bar's fields, as series: 0 open, 1 high, 2 low, 3 close, 4 volume, 5 buy_volume. */

/** One parameter of an indicator. */
typedef struct HqParamInfo {
    const char *name;      /**< lower case, such as "period" */
    double minimum;        /**< smallest value allowed */
    double maximum;        /**< largest value allowed */
    double default_value;  /**< NaN when the parameter must be given */
    uint32_t is_integer;   /**< 1 when only whole numbers are allowed */
} HqParamInfo;

/** One input of an indicator. */
typedef struct HqInputInfo {
    const char *name;     /**< such as "x", "high" */
    int32_t field;        /**< series 0..5 that stands in when it is not given; -1: must be given */
    uint32_t is_implicit; /**< 1: always `field`, never given as an argument (ATR's high, low, close) */
    uint32_t is_boolean;  /**< 1: takes a condition rather than a number */
} HqInputInfo;

/** One row of the table. */
typedef struct HqIndicatorInfo {
    uint32_t code;             /**< number in programs (HQBC); never reused */
    uint32_t is_public;        /**< 1: an indicator; 0: a building block of the language only */
    const char *name;          /**< upper case, such as "RSI" */
    const char *title;         /**< such as "Relative strength index" */
    const char *formula;       /**< one line */
    const char *source;        /**< where the formula comes from */
    const char *unit;          /**< of the outputs, such as "price" or "0..100" */
    const char *cost;          /**< work a bar: amortised and worst case */
    uint32_t n_inputs;         /**< entries of inputs */
    uint32_t n_params;         /**< entries of params */
    uint32_t n_outputs;        /**< entries of outputs, 1..3 */
    uint32_t is_boolean;       /**< 1: its output is a condition */
    const HqInputInfo *inputs;
    const HqParamInfo *params;
    const char *const *outputs; /**< names; the first is what a bare call means */
} HqIndicatorInfo;

/** How many rows the table has. */
HQ_API size_t hq_indicator_count(void);

/** Row `index`, 0..hq_indicator_count()-1; NULL beyond. Valid for the process's life. */
HQ_API const HqIndicatorInfo *hq_indicator_info(size_t index);

/** The row of a name, case-insensitive ASCII; NULL when there is none. */
HQ_API const HqIndicatorInfo *hq_indicator_find(const char *name);

/**
 * Bars before the first value.
 * @param params  n_params values in the row's order.
 * @return index of the first bar with a value (0-based), when the inputs have one from bar 0; -1
 *         when a parameter is out of range or `code` unknown.
 */
HQ_API int64_t hq_indicator_warmup(uint32_t code, const double *params);

/**
 * Run one indicator over whole columns: the same steps as an engine takes, bar by bar.
 * @param code      row.
 * @param inputs    n_inputs columns of `length` values; NULL for an input takes no part and is an error.
 * @param params    n_params values.
 * @param length    bars.
 * @param outputs   n_outputs columns with room for `length` values each; must not overlap inputs.
 * @return HQ_OK, HQ_EINVAL, HQ_ENOTFOUND, HQ_ENOMEM. An input that is not finite counts as unknown.
 */
HQ_API HqStatus hq_indicator_batch(uint32_t code, const double *const *inputs, const double *params,
                            size_t length, double *const *outputs);
/* [/cdef] */

#ifdef __cplusplus
}
#endif
#endif
