/**
 * @file run.h
 * A program and indicators over whole columns of bars in one call: signals and values, a block of
 * bars at a time, equal to the last bit to pushing the bars one by one (docs/running.md).
 */
#ifndef HQUANT_RUN_H
#define HQUANT_RUN_H

#include "execution.h"

#ifdef __cplusplus
extern "C" {
#endif

/* [cdef] */
/** A column that a run is asked for: an indicator's output, or a register of the program. */
typedef struct HqRunColumn {
    const HqIndicatorSpec *indicator; /**< over the bars' fields; NULL: a register of the program */
    uint32_t index;    /**< which of the indicator's outputs, from 0; or the register (docs/hqbc.md): one of the base clock, or a constant */
    uint32_t is_owned; /**< zero; out: 1 when the library made `values`: hq_run_release() frees it */
    double *values;    /**< room for a value a bar, which nothing else overlaps; NULL: the library makes it. NaN where unknown; of a condition 1 true, 0 false */
} HqRunColumn;

/** Options of a run. Begin with hq_run_options_init(). */
typedef struct HqRunOptions {
    uint32_t struct_size;   /**< sizeof(HqRunOptions), in bytes */
    uint32_t htf;           /**< HQ_HTF_CLOSED or HQ_HTF_FORMING */
    int64_t bar_period_ms;  /**< of the bars, as hq_engine_set_htf(); 0: unknown */
    const double *params;   /**< n_params values in place of the PARAMs' own; may be NULL */
    size_t n_params;        /**< 0, or hq_program_param_count() */
    uint32_t bad_bars;      /**< bars that an engine refuses: HQ_BAD_BARS_ERROR or HQ_BAD_BARS_SKIP */
    uint32_t block_bars;    /**< bars of a block, 1..65536; 0: what the cache holds. The results are the same */
    HqProgressFn progress;  /**< may be NULL; what is done stands in the columns when it is called */
    void *progress_user;    /**< handed to progress as it is */
} HqRunOptions;

/** What a run is asked for and finds. Zeros but for struct_size ask for the counts alone. */
typedef struct HqRunResult {
    uint32_t struct_size;   /**< set by the caller: sizeof(HqRunResult), in bytes */
    uint32_t reserved;      /**< zero */
    HqRunColumn *columns;   /**< n_columns of them; may be NULL for 0 */
    size_t n_columns;       /**< at most 65,536 */
    uint8_t *actions;       /**< a signal a bar: ACTION_BUY, ACTION_SELL, ACTION_HOLD, 0 none; NULL: not wanted */
    int16_t *rules;         /**< the rule a bar's signal is of, from 0, -1 none; NULL: not wanted */
    uint64_t bars;          /**< out: bars given, rejected ones included */
    uint64_t rejected_bars; /**< out: bars left out: HQ_BAD_BARS_SKIP */
    uint64_t warmup_bars;   /**< out: bars before the first on which a rule's condition was known */
    uint64_t signals;       /**< out: signals, HOLD included */
    uint64_t buy_signals;   /**< out: of these BUY */
    uint64_t sell_signals;  /**< out: of these SELL */
    uint64_t hold_signals;  /**< out: of these HOLD */
} HqRunResult;

/** Set options to their defaults: the program's own parameters, closed candles, bad bars refused. */
HQ_API void hq_run_options_init(HqRunOptions *options);

/**
 * Compute a program's signals, and columns of values, over bars: what an engine that is fed them
 * one by one has at each bar, to the bit.
 *
 * Clauses of rules (SIZE, STOP, ...) say how a signal is traded and take no part; their registers
 * can be asked for as columns. A bar that is left out is none of the program's: its values are NaN.
 *
 * @param bars     every finite and within HQ_VALUE_MAX. Columns are read where they are; one that
 *                 nothing reads may be NULL. Timestamps must not fall where the program reads a
 *                 higher timeframe.
 * @param program  NULL: no signals, and columns of indicators alone.
 * @param options  NULL for the defaults.
 * @param result   columns and counts.
 * @return HQ_OK; HQ_EINVAL (an option, a column; the message names it), HQ_EBAR and HQ_EORDER
 *         (name the bar), HQ_ENOMEM, HQ_ELIMIT, HQ_ECANCELLED. On failure the counts are untouched
 *         and no column is the library's; the caller's may have been written to.
 */
HQ_API HqStatus hq_run(const HqBars *bars, const HqProgram *program, const HqRunOptions *options,
                HqRunResult *result);

/** Free the columns of a result that hq_run() made, which are NULL afterwards. NULL is accepted. */
HQ_API void hq_run_release(HqRunResult *result);
/* [/cdef] */

/** Most columns of one run. */
#define HQ_RUN_COLUMNS_MAX ((uint32_t)65536)
/** Most bars of a block. */
#define HQ_RUN_BLOCK_MAX ((uint32_t)65536)

#ifdef __cplusplus
}
#endif
#endif
