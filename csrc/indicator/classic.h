/* Composites that exist in both modes: the rows and rules in which the modes differ. */
#ifndef HQ_INDICATOR_CLASSIC_H
#define HQ_INDICATOR_CLASSIC_H

#include "indicator/ma.h"

typedef struct HqModeRows {
    bool talib;
    double at_zero;   /* what a division by 0 gives */
    const HqRow *ema;
} HqModeRows;

static const HqModeRows hq_mode_seed = {.at_zero = NAN, .ema = &hq_row_ema};
static const HqModeRows hq_mode_talib = {.talib = true, .ema = &hq_row_ema_talib};

/*
 * A composite of one output that is one expression, in both modes: `value` sees the mode m, the
 * builder b, in[] and params[].
 */
#define HQ_TWO_MODES(name, information, value)                                                    \
    static uint32_t name##_of(const HqModeRows *m, HqBuilder *b, const uint32_t *in,              \
                              const double *params)                                               \
    {                                                                                             \
        (void)m;                                                                                  \
        (void)params;                                                                             \
        return value;                                                                             \
    }                                                                                             \
    static void name##_parts(HqBuilder *b, const uint32_t *in, const double *params,              \
                             uint32_t *core)                                                      \
    {                                                                                             \
        core[0] = name##_of(&hq_mode_seed, b, in, params);                                        \
    }                                                                                             \
    static void name##_talib_parts(HqBuilder *b, const uint32_t *in, const double *params,        \
                                   uint32_t *core)                                                \
    {                                                                                             \
        core[0] = name##_of(&hq_mode_talib, b, in, params);                                       \
    }                                                                                             \
    static const HqRow name##_talib = {                                                           \
        .info = information, .parts = name##_talib_parts, .n_core = 1};                           \
    const HqRow hq_row_##name = {                                                                 \
        .info = information, .parts = name##_parts, .n_core = 1, .talib = &name##_talib};

/* The same where the modes are one. */
#define HQ_ONE_MODE(name, information, value)                                                     \
    static void name##_parts(HqBuilder *b, const uint32_t *in, const double *params,              \
                             uint32_t *core)                                                      \
    {                                                                                             \
        (void)params;                                                                             \
        core[0] = value;                                                                          \
    }                                                                                             \
    const HqRow hq_row_##name = {.info = information, .parts = name##_parts, .n_core = 1};

/* The same for several outputs, which `fill` writes to core. */
#define HQ_TWO_MODES_OF(name, information, copy, outputs, fill)                                   \
    static void name##_parts(HqBuilder *b, const uint32_t *in, const double *params,              \
                             uint32_t *core)                                                      \
    {                                                                                             \
        fill(&hq_mode_seed, b, in, params, core);                                                 \
    }                                                                                             \
    static void name##_talib_parts(HqBuilder *b, const uint32_t *in, const double *params,        \
                                   uint32_t *core)                                                \
    {                                                                                             \
        fill(&hq_mode_talib, b, in, params, core);                                                \
    }                                                                                             \
    static const HqRow name##_talib = {.info = information, .gives_known = 1, HQ_STEPS(copy, copy), \
                                       .parts = name##_talib_parts, .n_core = outputs};           \
    const HqRow hq_row_##name = {.info = information, .gives_known = 1, HQ_STEPS(copy, copy),     \
                                 .parts = name##_parts, .n_core = outputs, .talib = &name##_talib};

#define HQ_CLASSIC(id, label, long_title, meaning, where, units, list, bounds, named, kind, note) \
    {.code = id, .is_public = 1, .name = label, .title = long_title, .formula = meaning,          \
     .source = where, .unit = units, .cost = "O(1) amortised, O(longest period) at worst",        \
     HQ_INPUTS(list), HQ_PARAMS(bounds), HQ_OUTPUTS(named), .group = kind, .talib_name = label,   \
     .talib_note = note}

/* One value a bar, that reads nothing but the bar and the one before: no parameters. */
#define HQ_PLAIN(id, label, long_title, meaning, where, units, list, named, kind)                 \
    {.code = id, .is_public = 1, .name = label, .title = long_title, .formula = meaning,          \
     .source = where, .unit = units, .cost = "O(1)", HQ_INPUTS(list), HQ_OUTPUTS(named),          \
     .group = kind, .talib_name = label}

static inline uint32_t hq_change_of(HqBuilder *b, uint32_t x, double n)
{
    return hq_over(b, &hq_row_change, x, n);
}

static inline uint32_t hq_absolute(HqBuilder *b, uint32_t x)
{
    return hq_over(b, &hq_row_absolute, x, 0);
}

#endif
