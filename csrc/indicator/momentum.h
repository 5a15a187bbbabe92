/* What the families of momentum rows share: how a row describes itself, and its two modes. */
#ifndef HQ_INDICATOR_MOMENTUM_H
#define HQ_INDICATOR_MOMENTUM_H

#include "indicator/ma.h"

extern const HqRow hq_row_rsi_talib;

/** A public row of the group, named as TA-Lib names it. `note`: how talib mode differs, or NULL. */
#define HQ_MOMENTUM(id, label, long_title, meaning, where, unit_text, cost_text, in, out, note)    \
    .code = id, .is_public = 1, .name = label, .title = long_title, .formula = meaning,            \
    .source = where, .unit = unit_text, .cost = cost_text, HQ_INPUTS(in), HQ_OUTPUTS(out),         \
    .group = "momentum", .talib_name = label, .talib_note = note

/** A row that only others are made of. */
#define HQ_MOMENTUM_PART(id, label, long_title, meaning, unit_text, cost_text, in, out)            \
    .code = id, .name = label, .title = long_title, .formula = meaning, .source = "hquant",        \
    .unit = unit_text, .cost = cost_text, HQ_INPUTS(in), HQ_OUTPUTS(out), .group = "momentum"

/** Typical prices that differ by no more than this share may come of equal sums of ticks. */
#define HQ_PRICE_NOISE 0x1p-50

#define HQ_COST_WINDOW "O(1) amortised, O(period) at worst"

/** What 0/0 is where nothing has moved: unknown, as any division by 0; TA-Lib says 0. */
static inline double hq_at_rest(bool talib) { return talib ? 0 : (double)NAN; }

/** A period that TA-Lib allows from 2 on. */
#define HQ_PERIOD_PARAM_2(label, fallback) HQ_WHOLE_PARAM(label, 2, (double)HQ_PERIOD_MAX, fallback)

/** The parts of a row's two modes, from one function whose last argument is the mode. */
#define HQ_PARTS_OF_MODES(name)                                                                    \
    static void name##_seed_parts(HqBuilder *b, const uint32_t *in, const double *params,          \
                                  uint32_t *core)                                                  \
    {                                                                                              \
        name##_parts(b, in, params, core, false);                                                  \
    }                                                                                              \
    static void name##_talib_parts(HqBuilder *b, const uint32_t *in, const double *params,         \
                                   uint32_t *core)                                                 \
    {                                                                                              \
        name##_parts(b, in, params, core, true);                                                   \
    }

/** Two rows that are nothing but their parts. */
#define HQ_ROWS_OF_MODES(name, information)                                                        \
    static const HqRow name##_talib = {.info = information, .parts = name##_talib_parts, .n_core = 1}; \
    const HqRow hq_row_##name = {.info = information, .parts = name##_seed_parts, .n_core = 1,     \
                                 .talib = &name##_talib};

#endif
