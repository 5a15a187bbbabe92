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

/* How an indicator starts: by the project's own conventions, or with TA-Lib's values and warm-up. */
#define HQ_MODE_SEED 0
#define HQ_MODE_TALIB 1

#define HQ_INDICATOR_PARAMS_MAX 8
#define HQ_INDICATOR_INPUTS_MAX 6

/* [cdef] */
/* A bar's fields, as series: 0 open, 1 high, 2 low, 3 close, 4 volume, 5 buy_volume; 6 is the bar's
 * open time in ms, which only implicit inputs read. */

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
    int32_t field;        /**< series 0..6 that stands in when it is not given; -1: must be given */
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
    uint32_t n_outputs;        /**< entries of outputs, 1..5 */
    uint32_t is_boolean;       /**< 1: its output is a condition */
    const HqInputInfo *inputs;  /**< n_inputs of them, in the order of arguments */
    const HqParamInfo *params;  /**< n_params of them, in the order of a spec's params */
    const char *const *outputs; /**< names; the first is what a bare call means */
    const char *group;         /**< "overlap", "momentum", "volume", "volatility", "price", "statistic", "cycle" or "language" */
    const char *talib_name;    /**< TA-Lib's name of it; NULL where TA-Lib has none */
    const char *talib_note;    /**< how talib mode differs; NULL where both modes are the same */
} HqIndicatorInfo;

/** An indicator to be computed: a row, how it starts, its parameters and what it reads. */
typedef struct HqIndicatorSpec {
    uint32_t struct_size;  /**< sizeof(HqIndicatorSpec) */
    uint32_t code;         /**< row of the table */
    uint32_t mode;         /**< HQ_MODE_SEED or HQ_MODE_TALIB */
    uint32_t n_params;     /**< entries of params that are given; the rest take their defaults */
    double params[8];      /**< in the row's order */
    uint32_t n_fields;     /**< entries of fields that are given; the rest are the inputs' own */
    uint32_t fields[6];    /**< series 0..5, in the inputs' order */
} HqIndicatorSpec;

/** How many rows the table has. */
HQ_API size_t hq_indicator_count(void);

/** Row `index`, 0..hq_indicator_count()-1; NULL beyond. Valid for the process's life. */
HQ_API const HqIndicatorInfo *hq_indicator_info(size_t index);

/** The row of a name, case-insensitive ASCII; NULL when there is none. */
HQ_API const HqIndicatorInfo *hq_indicator_find(const char *name);

/** A spec of a row's defaults: `*spec` is written whole. HQ_ENOTFOUND when no row has the name. */
HQ_API HqStatus hq_indicator_spec(const char *name, HqIndicatorSpec *spec);

/**
 * Bars before the first value. The spec's fields take no part.
 * @param output  0..n_outputs-1.
 * @return index of the first bar with a value (0-based), when the inputs have one from bar 0; -1
 *         when a parameter is out of range, or `code` or `output` unknown.
 */
HQ_API int64_t hq_indicator_warmup(const HqIndicatorSpec *spec, uint32_t output);

/**
 * Run one indicator over whole columns: the values that an engine has bar by bar, to the bit.
 * @param spec      its fields take no part.
 * @param inputs    n_inputs columns of `length` values; NULL for an input is an error.
 * @param length    bars.
 * @param outputs   n_outputs columns with room for `length` values each; must not overlap inputs.
 * @return HQ_OK, HQ_EINVAL, HQ_ENOTFOUND, HQ_ENOMEM. An input that is not finite counts as unknown.
 */
HQ_API HqStatus hq_indicator_batch(const HqIndicatorSpec *spec, const double *const *inputs,
                                   size_t length, double *const *outputs);
/* [/cdef] */

#ifdef __cplusplus
}
#endif
#endif
