/*
 * What a row of the indicator table is made of, and the conventions its steps follow.
 *
 * Everything that is known at a bar stands in one array of doubles, the bar's line: the bar's own
 * fields, every node's outputs, and what a node has to remember (its memory, behind its outputs).
 * A step reads its inputs from the newest line and its own past from the line before, and writes
 * the newest line only. So a line is committed by moving on to the next one, and the newest bar can
 * be replaced any number of times without anything being rolled back.
 *
 * What does not fit a line, a window of values, is kept in a node's state. Such a node has two
 * steps: `push`, the first on a new bar, moves the bar before into the window and then does what
 * `peek` does. Others have one step for both.
 *
 * An unknown number is a NaN. A condition is 1 (true), 0 (false) or NaN (unknown).
 */
#ifndef HQ_INDICATOR_ROW_H
#define HQ_INDICATOR_ROW_H

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/error.h"
#include "base/known.h"
#include "base/likely.h"
#include "base/two.h"
#include "hquant/indicator.h"

enum { HQ_MAX_INPUTS = HQ_INDICATOR_INPUTS_MAX, HQ_MAX_PARAMS = HQ_INDICATOR_PARAMS_MAX, HQ_MAX_OUTPUTS = 5 };

#define HQ_NO_SLOT UINT32_MAX

/** Codes from here on are of rows that only other rows are made of: no spec or program names them. */
enum { HQ_HIDDEN_CODE = 4096 };

/** The in[] of a node that says where the value of its row's twin goes. */
enum { HQ_TWIN = HQ_MAX_INPUTS - 1 };

struct HqNode;
struct HqRow;

/**
 * One step of a node.
 * @param line    the newest bar's line; the node's own part is written.
 * @param before  the line of the bar before; unknowns and the node's initial memory on the first bar.
 *                A push may reset the node's own memory in it.
 */
typedef void (*HqStepFn)(const struct HqNode *node, double *line, double *before);

struct HqSpan;

/** A step for a new bar, and for the newest once more. */
typedef struct HqStepPair {
    HqStepFn push;
    HqStepFn peek;
} HqStepPair;

/** A node's steps over a block of bars (indicator/span.h). */
typedef void (*HqSpanFn)(const struct HqNode *node, const struct HqSpan *span);

/** A loop over a block is there for each level of hq_simd_columns(). */
enum { HQ_SPAN_BUILDS = 3 };

/** A node as the steps see it: one cache line. */
typedef struct HqNode {
    HqStepFn push;
    HqStepFn peek;
    void *state;                /* owned; NULL when the node has none */
    double factor;              /* what the step multiplies with: a smoothing factor, a width */
    uint32_t in[HQ_MAX_INPUTS]; /* where in a line the inputs stand */
    uint32_t out;               /* where the outputs begin; the memory follows them */
    uint32_t joins;             /* HqJoined: how many nodes behind it its steps take too */
} HqNode;

/*
 * Nodes run as a chain: the last act of each step is to call the next node's, a tail call that an
 * optimising compiler turns into a jump. That spares a return, a loop and a reload per node, an
 * eighth of the whole per-bar cost when measured. A family writes plain functions; HQ_CHAIN makes
 * chain links of them, HQ_SPAN loops over a block, and HQ_STEPS names all in a row;
 * HQ_STREAM_STEPS leaves the loop out, where a step remembers too much for registers. Where tail calls are not to be relied on
 * the links stand alone and hq_graph_push() loops over the nodes: same steps, same order.
 */
#if defined(__GNUC__) && defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__) && !defined(HQ_NO_CHAIN)
#  define HQ_IS_CHAINED 1
/* Its place is told to nobody: known to be beside this node's, it is worked out twice. */
#  define HQ_NEXT(step, taken)                                                                \
    do {                                                                                      \
        const HqNode *next = node + (taken);                                                  \
        __asm__("" : "+r"(next));                                                             \
        next->step(next, line, before);                                                       \
    } while (0)
#else
#  define HQ_IS_CHAINED 0
#  define HQ_NEXT(step, taken) ((void)0)
#endif

#define HQ_CHAIN(push_step, peek_step) HQ_JOIN(1, push_step, peek_step)
/* Steps that take as many nodes as are `taken`. */
#define HQ_JOIN(taken, push_step, peek_step)                                                  \
    static void link_push_##push_step(const HqNode *node, double *line, double *before)       \
    {                                                                                         \
        push_step(node, line, before);                                                        \
        HQ_NEXT(push, taken);                                                                 \
    }                                                                                         \
    static void link_peek_##peek_step(const HqNode *node, double *line, double *before)       \
    {                                                                                         \
        peek_step(node, line, before);                                                        \
        HQ_NEXT(peek, taken);                                                                 \
    }
/* As an HqStepPair. */
#define HQ_PAIR(push_step, peek_step) {link_push_##push_step, link_peek_##peek_step}
/* A step of the steady path (HqChains), as .steady. */
#define HQ_STEADY(step) HQ_PAIR(step, step)
#define HQ_STREAM_STEPS(push_step, peek_step) \
    .push = link_push_##push_step, .peek = link_peek_##peek_step
#define HQ_STEPS(push_step, peek_step) \
    HQ_STREAM_STEPS(push_step, peek_step), .span = HQ_SPANS(span_##push_step)
/* Some parameters make a node take other steps: the row names those too, its init takes them. */
#define HQ_OTHER_STEPS(push_step) \
    .other_push = link_push_##push_step, .other_span = HQ_SPANS(span_##push_step)
#define HQ_TAKE_STEPS(node, push_step, peek_step) \
    ((node)->push = link_push_##push_step, (node)->peek = link_peek_##peek_step)

/**
 * Whoever a composite row's parts are named to: a graph that adds them as nodes, or the reckoning
 * of its warm-up. HQ_NO_SLOT as an input gives HQ_NO_SLOT, so that naming parts needs no checks.
 */
typedef struct HqBuilder {
    uint32_t (*add)(struct HqBuilder *builder, const struct HqRow *row, const uint32_t *in,
                    const double *params);
} HqBuilder;

/** Name a part: another row over slots. Returns the slot of its first output; others follow it. */
static inline uint32_t hq_build(HqBuilder *builder, const struct HqRow *row, const uint32_t *in,
                                const double *params)
{
    return builder->add(builder, row, in, params);
}

/** What a row over one input becomes when its first parameter is 1. */
typedef enum HqAtOne {
    HQ_AT_ONE_NODE,  /* a node as always */
    HQ_AT_ONE_INPUT, /* its input itself */
    HQ_AT_ONE_ZERO,  /* 0 where its input is known */
} HqAtOne;

/*
 * A composite's step and those of its parts as one. Its parts' nodes are of one row, read the same inputs
 * and are all that it reads itself; in the chain they stand side by side, in the order in which it reads
 * them, and it behind them (graph/settle.c). The step is given the first of them. A step more costs as
 * much as an average, and what one gives the next then has in a register.
 */
typedef struct HqJoined {
    const struct HqRow *part;
    uint32_t n_parts;
    HqStepPair steps;
} HqJoined;

enum { HQ_JOINED_MAX = 2 };

/*
 * A row is plain or composite. A composite names its parts, and its own steps read `core` in place
 * of the inputs; one without steps is the slot core[0] itself. Equal parts are one node, whoever
 * names them.
 */
typedef struct HqRow {
    HqIndicatorInfo info;
    uint32_t n_memory;                                   /* doubles it keeps in a line */
    size_t (*state_size)(const double *params);          /* bytes; NULL: no state */
    /* Set the factor and the state (zeroed), and the outputs and memory as of before the first bar
     * (all NaN). NULL: nothing to set. */
    void (*init)(HqNode *node, double *before, const double *params);
    /* Whether a state of unknown origin can be stepped on, beside a fresh one: its places lie inside
     * its windows, and what the parameters make of it is as they make it. NULL: it equals the fresh. The fresh
     * one may be written. */
    bool (*holds)(const double *params, void *fresh, const void *loaded);
    HqStepFn push;
    HqStepFn peek;
    HqSpanFn span[HQ_SPAN_BUILDS]; /* the push over a block of bars; NULL: its push, in a loop */
    const struct HqChains *chains; /* how it runs beside others over a block; or NULL */
    HqStepFn other_push;           /* what some parameters make it take in place of push; or NULL */
    HqSpanFn other_span[HQ_SPAN_BUILDS];
    /* Bars from the first at which all that its steps read is known to the first value; NULL: none. */
    int64_t (*warmup)(const double *params);
    /* Where outputs begin at different bars: from the first bar at which all inputs are known. */
    int64_t (*output_warmup)(const double *params, uint32_t output);
    HqStatus (*check)(const double *params);             /* a rule between parameters; may be NULL */
    void (*parts)(HqBuilder *builder, const uint32_t *in, const double *params, uint32_t *core);
    uint32_t n_core;                                     /* entries of core; 0 without parts */
    const HqJoined *joined;                              /* or NULL */
    uint32_t parts_have_ids;                             /* 1: adding it to an engine adds the parts */
    uint32_t keeps_range;                                /* 1: outputs stay inside the inputs' range */
    uint32_t gives_known;                                /* 1: outputs are finite or unknown, whatever the inputs */
    /* Whether outputs are finite at every bar of a block whose inputs are all within HQ_VALUE_MAX, as the
     * node and its line of the bar before are (HqSpan.line); NULL: not said. */
    bool (*stays_known)(const HqNode *node, const double *line);
    HqAtOne at_one;
    /* The row that computes it for some parameters, with the same ones; NULL for the others. */
    const struct HqRow *(*stand_in)(const double *params);
    /* A twin is a row over the same input and parameters whose value this row's step computes on
     * the way, bit for bit: one node then serves both. Its own memory begins with a place for it. */
    const struct HqRow *twin;
    const struct HqRow *host; /* the other way round: the row whose twin this one is */
    const struct HqRow *talib; /* the row in talib mode; NULL: the same in both modes */
} HqRow;

/** The row with a code, hidden ones included; NULL when there is none. */
const HqRow *hq_row_find(uint32_t code);

/** What a row is in a mode (HQ_MODE_SEED, HQ_MODE_TALIB). */
static inline const HqRow *hq_row_in_mode(const HqRow *row, uint32_t mode)
{
    return mode == HQ_MODE_TALIB && row->talib ? row->talib : row;
}

/** What computes a row for some parameters: the row itself or its stand-in. */
static inline const HqRow *hq_row_for(const HqRow *row, const double *params)
{
    const HqRow *other = row->stand_in ? row->stand_in(params) : NULL;
    return other ? other : row;
}

/**
 * The row and the parameters that a spec means, defaults filled in and everything checked.
 * @param params  room for HQ_MAX_PARAMS values.
 * @return NULL with the error set (HQ_EINVAL, HQ_ENOTFOUND).
 */
const HqRow *hq_row_of_spec(const HqIndicatorSpec *spec, double *params);

/** Index of the first bar with a value of an output; the parameters have been checked. */
int64_t hq_row_warmup(const HqRow *row, const double *params, uint32_t output);

/** HQ_OK when every parameter is in range; else HQ_EINVAL naming row, parameter, range and value. */
HqStatus hq_row_check_params(const HqRow *row, const double *params);

/* ------------------------------------------------------------------ pieces that rows share */

#define HQ_ROWS_OF(array) ((uint32_t)(sizeof(array) / sizeof(array)[0]))
#define HQ_INPUTS(array) .n_inputs = HQ_ROWS_OF(array), .inputs = (array)
#define HQ_PARAMS(array) .n_params = HQ_ROWS_OF(array), .params = (array)
#define HQ_OUTPUTS(array) .n_outputs = HQ_ROWS_OF(array), .outputs = (array)
#define HQ_PERIOD_PARAM(label, fallback) \
    {.name = label, .minimum = 1, .maximum = (double)HQ_PERIOD_MAX, .default_value = fallback, .is_integer = 1}
#define HQ_WHOLE_PARAM(label, least, most, fallback) \
    {.name = label, .minimum = least, .maximum = most, .default_value = fallback, .is_integer = 1}
#define HQ_NUMBER_PARAM(label, least, most, fallback) \
    {.name = label, .minimum = least, .maximum = most, .default_value = fallback}
#define HQ_MATYPE_PARAM(label) HQ_WHOLE_PARAM(label, 0, 13, 0)

/** A parameter list in place: HQ_LIST(14, 0). */
#define HQ_LIST(...) ((const double[]){__VA_ARGS__})
#define HQ_SLOTS(...) ((const uint32_t[]){__VA_ARGS__})

/** A step that is one expression over what the node reads, HQ_X(0), HQ_X(1), .. and node->factor. */
#define HQ_X(k) line[node->in[k]]
#define HQ_PURE_STEP(name, value)                                                             \
    static void name(const HqNode *node, double *line, double *before)                        \
    {                                                                                         \
        (void)before;                                                                         \
        line[node->out] = hq_known(value);                                                    \
    }                                                                                         \
    HQ_CHAIN(name, name)                                                                      \
    HQ_SPAN_FREE(name, 1)

/* Of a window that says nothing of a single value. */
#define HQ_WINDOW_PARAM(fallback, most) \
    {.name = "period", .minimum = 2, .maximum = most, .default_value = fallback, .is_integer = 1}

static inline size_t hq_param_period(const double *params) { return (size_t)params[0]; }
static inline int64_t hq_warmup_none(const double *params) { (void)params; return 0; }
static inline int64_t hq_warmup_full_window(const double *params) { return (int64_t)params[0] - 1; }
static inline int64_t hq_warmup_period(const double *params) { return (int64_t)params[0]; }

extern const HqInputInfo hq_input_close[1];          /* x = close */
extern const HqInputInfo hq_input_high_low[2];       /* implicit, as those below */
extern const HqInputInfo hq_input_high_low_close[3];
extern const HqInputInfo hq_input_high_low_close_volume[4];
extern const HqInputInfo hq_input_open_high_low_close[4];
extern const HqInputInfo hq_input_close_volume[2];   /* x = close, volume implicit */
extern const HqInputInfo hq_input_pair[2];           /* x, y: both must be given */
extern const char *const hq_output_value[1];
extern const HqParamInfo hq_param_one_period[1];     /* period, must be given */

#include "indicator/span.h"

#endif
