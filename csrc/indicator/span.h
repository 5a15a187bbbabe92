/*
 * A step over a block of bars: the same step as a bar at a time, in a loop of its own, over columns.
 *
 * The loop keeps the two lines that a step works on in places of its own, small and at offsets that
 * the compiler knows: inputs at 0.., outputs and memory behind them. With the step inlined into it
 * they become registers. So a rule is written once, and a block gives the stream's bits.
 */
#ifndef HQ_INDICATOR_SPAN_H
#define HQ_INDICATOR_SPAN_H

#include "base/outgoing.h"
#include "indicator/row.h"

/** e += factor * (x - e) at every bar, the new e to `out`, which is neither x nor `minus`. */
typedef struct HqChain {
    const double *x;
    const double *minus; /* the recurrence is of x - minus; NULL: of x */
    double *out;
    double e; /* of the bar before; after the loop, of the last */
    double factor;
} HqChain;

enum { HQ_CHAINS_MAX = 2, HQ_ROOMS_MAX = 3 };

/*
 * Where the next block's columns will stand, a caller's, who keeps more of them than caches hold. They
 * are fetched, a piece of one column after the other's, by loops that leave memory idle, such as those in which
 * additions wait for each other. What one loop leaves the next one finds. The same loops bring columns to memory
 * that are done (base/outgoing.h).
 */
enum { HQ_AHEAD_MAX = 24, HQ_LINE_DOUBLES = 8, HQ_FETCH_LINES = 2, HQ_FETCH_BARS = HQ_FETCH_LINES * HQ_LINE_DOUBLES };

typedef struct HqAhead {
    const double *column[HQ_AHEAD_MAX];
    uint32_t n;
    uint32_t next; /* the column whose piece is the next */
    uint32_t due;  /* bars by halves of columns that hq_fetch_for() has not fetched yet */
    size_t from;   /* bars of all columns before it have been fetched */
    size_t end;
    HqOutgoing *outgoing;        /* columns that the same loops bring to memory; or NULL */
    bool has_recurrences;        /* which fetch, too */
    bool is_left_to_recurrences; /* they run in one pass, whose loop waits most (graph/sections.h) */
} HqAhead;

#if defined(__GNUC__)
#  define HQ_FETCH(place) __builtin_prefetch(place, 1, 2)
#else
#  define HQ_FETCH(place) ((void)(place))
#endif

/** Pieces that are still to be fetched. */
static inline size_t hq_ahead_left(const HqAhead *ahead)
{
    return ahead->from < ahead->end
               ? (ahead->end - ahead->from + HQ_FETCH_BARS - 1) / HQ_FETCH_BARS * ahead->n - ahead->next
               : 0;
}

/** Fetch the next pieces, as far as there are any. */
static inline void hq_fetch(HqAhead *ahead, size_t pieces)
{
    for (; pieces > 0 && ahead->from < ahead->end; pieces--) {
        const double *at = ahead->column[ahead->next] + ahead->from;
        for (int line = 0; line < HQ_FETCH_LINES; line++)
            HQ_FETCH(at + line * HQ_LINE_DOUBLES);
        if (++ahead->next == ahead->n) {
            ahead->next = 0;
            ahead->from += HQ_FETCH_BARS;
        }
    }
}

enum { HQ_FETCH_STEP = 128 }; /* bars of a loop in vectors between two looks at what is to be fetched */

/** Fetch what some bars of the next block take, where recurrences do not have more time for it: half of it,
 * where they fetch the rest; else all, but no more than memory brings meanwhile. */
static inline void hq_fetch_for(HqAhead *ahead, size_t bars)
{
    enum { HALVES_MOST = 5, PIECE = 2 * HQ_FETCH_BARS }; /* of columns; of bars by halves */
    uint32_t all = 2 * ahead->n < HALVES_MOST ? 2 * ahead->n : HALVES_MOST;
    uint32_t halves = ahead->has_recurrences ? ahead->n : all;
    if (ahead->is_left_to_recurrences)
        return;
    ahead->due += (uint32_t)bars * halves;
    hq_fetch(ahead, ahead->due / PIECE);
    ahead->due %= PIECE;
}

/** What a node reads and writes over a block. */
typedef struct HqSpan {
    const double *in[HQ_MAX_INPUTS]; /* columns of n values; of inputs that it has not, any column */
    double *out[HQ_MAX_OUTPUTS];
    double *twin;                    /* of the row's twin; NULL without one */
    double *line;                    /* as of the bar before: inputs, from HQ_SPAN_OUT on the outputs
                                      * and the memory; the loop leaves those of the last bar */
    HqChain *chain;                  /* of a row with chains */
    double *room[HQ_ROOMS_MAX];      /* columns for what it likes, as many as the row's chains need */
    HqAhead *ahead;
    size_t n;
} HqSpan;

/** The steady path of a row that consists of recurrences: what comes before them and what is made of them. */
typedef struct HqChains {
    uint32_t n;          /* 1 .. HQ_CHAINS_MAX */
    bool has_difference; /* one of them is of a difference */
    uint32_t rooms;      /* columns of span->room */
    bool reads_inputs;   /* the chains are of the inputs as they are: `begin` does not look at them */
    bool gives_chain;    /* the output is the chain's: `end` writes to no column */
    /* Whether the averages are seeded and at most HQ_VALUE_MAX. `line`: as of the bar before (HqSpan). */
    bool (*is_steady)(const HqNode *node, const double *line);
    HqStepPair steady; /* the row's steps, for inputs that are at most HQ_VALUE_MAX: nothing to be looked for; or NULL */
    HqSpanFn begin[HQ_SPAN_BUILDS]; /* sets the chains up; inputs are at most HQ_VALUE_MAX */
    HqSpanFn end[HQ_SPAN_BUILDS];   /* outputs, and the memory of the last bar */
} HqChains;

/** Whether a node takes its row's own steps, not others that parameters made it take. */
static inline bool hq_node_is_plain(const HqNode *node, const HqRow *row)
{
    return node->push == row->push;
}

/** Where a node's outputs begin in its own line. */
enum { HQ_SPAN_OUT = HQ_MAX_INPUTS };

/** An input at the bar before bar t. */
static inline double hq_span_last(const HqSpan *span, int input, size_t t)
{
    return t > 0 ? span->in[input][t - 1] : span->line[input];
}

/*
 * What a step calls is inlined into the loop, but for what is marked as rare. A loop is built for each
 * level of hq_simd_columns(): for any machine, for one whose fma() and vectors of four are instructions, and
 * for one with vectors of eight, whose divisions and roots take half the time there.
 * No contraction and only correctly rounded operations: the bits are the same.
 */
#if defined(__GNUC__)
#  define HQ_FLATTEN __attribute__((flatten))
#else
#  define HQ_FLATTEN
#endif
#if defined(__GNUC__) && defined(__x86_64__)
#  define HQ_AVX2 __attribute__((flatten, target("avx2,fma")))
#  define HQ_AVX512 __attribute__((flatten, target("avx512f,avx512dq,avx512vl,avx2,fma")))
#else
#  define HQ_AVX2 HQ_FLATTEN
#  define HQ_AVX512 HQ_FLATTEN
#endif
#define HQ_SPAN_BUILD_AS(loop, build, attributes)                                             \
    attributes static void loop##_##build(const HqNode *node, const HqSpan *span)             \
    {                                                                                         \
        loop(node, span);                                                                     \
    }
#define HQ_SPAN_BUILD(loop)                                                                   \
    HQ_SPAN_BUILD_AS(loop, plain, HQ_FLATTEN)                                                 \
    HQ_SPAN_BUILD_AS(loop, avx2, HQ_AVX2)                                                     \
    HQ_SPAN_BUILD_AS(loop, avx512, HQ_AVX512)
/* A loop bar by bar has no use for vectors of eight. */
#define HQ_SPAN_BUILD_NARROW(loop)                                                            \
    HQ_SPAN_BUILD_AS(loop, plain, HQ_FLATTEN)                                                 \
    HQ_SPAN_BUILD_AS(loop, avx2, HQ_AVX2)                                                     \
    static void loop##_avx512(const HqNode *node, const HqSpan *span)                         \
    {                                                                                         \
        loop##_avx2(node, span);                                                              \
    }
#define HQ_SPANS(loop) {loop##_plain, loop##_avx2, loop##_avx512}

/** The node with its places in a line of its own. */
static inline HqNode hq_span_node(const HqNode *node)
{
    return (HqNode){.push = node->push, .peek = node->peek, .state = node->state,
                    .factor = node->factor, .in = {0, 1, 2, 3, 4, 5}, .out = HQ_SPAN_OUT};
}

/* span_STEP(): a push step over a block, as the row's `span`. Place by place, so that compilers see
 * single values and no arrays. */
#define HQ_SPAN(step, n_out, n_memory)                                                        \
    static inline void span_##step(const HqNode *node, const HqSpan *span)                    \
    {                                                                                         \
        enum { WIDTH = HQ_SPAN_OUT + (n_out) + (n_memory) };                                  \
        _Static_assert(WIDTH <= HQ_SPAN_WIDTH_MAX, "a step with that much memory: leave it"); \
        HqNode own = hq_span_node(node);                                                      \
        double before[HQ_SPAN_WIDTH_MAX], line[HQ_SPAN_WIDTH_MAX];                            \
        for (int k = 0; k < WIDTH; k++)                                                       \
            before[k] = line[k] = span->line[k];                                              \
        for (size_t t = 0; t < span->n; t++) {                                                \
            HQ_SPAN_TAKE(0) HQ_SPAN_TAKE(1) HQ_SPAN_TAKE(2)                                   \
            HQ_SPAN_TAKE(3) HQ_SPAN_TAKE(4) HQ_SPAN_TAKE(5)                                   \
            step(&own, line, before);                                                         \
            HQ_SPAN_SHOW(0, n_out) HQ_SPAN_SHOW(1, n_out) HQ_SPAN_SHOW(2, n_out)              \
            HQ_SPAN_SHOW(3, n_out) HQ_SPAN_SHOW(4, n_out)                                     \
            HQ_SPAN_KEEP(0) HQ_SPAN_KEEP(1) HQ_SPAN_KEEP(2) HQ_SPAN_KEEP(3)                   \
            HQ_SPAN_KEEP(4) HQ_SPAN_KEEP(5) HQ_SPAN_KEEP(6) HQ_SPAN_KEEP(7)                   \
            HQ_SPAN_KEEP(8) HQ_SPAN_KEEP(9) HQ_SPAN_KEEP(10) HQ_SPAN_KEEP(11)                 \
            HQ_SPAN_KEEP(12) HQ_SPAN_KEEP(13) HQ_SPAN_KEEP(14) HQ_SPAN_KEEP(15)               \
            HQ_SPAN_KEEP(16) HQ_SPAN_KEEP(17) HQ_SPAN_KEEP(18) HQ_SPAN_KEEP(19)               \
        }                                                                                     \
        for (int k = HQ_SPAN_OUT; k < WIDTH; k++)                                             \
            span->line[k] = before[k];                                                        \
    }                                                                                         \
    HQ_SPAN_BUILD_NARROW(span_##step)
#define HQ_SPAN_WIDTH_MAX 20
#define HQ_SPAN_TAKE(k) line[k] = span->in[k][t];
#define HQ_SPAN_SHOW(k, n_out)                                                                \
    if ((k) < (n_out))                                                                        \
        span->out[k][t] = line[HQ_SPAN_OUT + (k)];
#define HQ_SPAN_KEEP(k)                                                                       \
    if ((k) < WIDTH)                                                                          \
        before[k] = line[k];

/*
 * span_STEP() of a step that carries nothing on: it reads inputs of its bar and of the bar before,
 * and has no memory. No bar waits for another, so compilers make vectors of the loop.
 */
#define HQ_SPAN_FREE(step, n_out)                                                             \
    static inline void span_##step(const HqNode *node, const HqSpan *span)                    \
    {                                                                                         \
        HqNode own = hq_span_node(node);                                                      \
        double before[HQ_SPAN_WIDTH_MAX], line[HQ_SPAN_WIDTH_MAX];                            \
        double *restrict to_0 = span->out[0], *restrict to_1 = span->out[1];                  \
        double *restrict to_2 = span->out[2], *restrict to_3 = span->out[3];                  \
        for (int k = 0; k < HQ_MAX_INPUTS; k++) {                                             \
            before[k] = span->line[k];                                                        \
            line[k] = span->in[k][0];                                                         \
        }                                                                                     \
        step(&own, line, before);                                                             \
        HQ_SPAN_FREE_SHOW(n_out, 0)                                                           \
        for (size_t t = 1; t < span->n; t++) {                                                \
            double then[HQ_SPAN_WIDTH_MAX], now[HQ_SPAN_WIDTH_MAX];                           \
            HQ_SPAN_FREE_TAKE(0) HQ_SPAN_FREE_TAKE(1) HQ_SPAN_FREE_TAKE(2)                    \
            HQ_SPAN_FREE_TAKE(3) HQ_SPAN_FREE_TAKE(4) HQ_SPAN_FREE_TAKE(5)                    \
            step(&own, now, then);                                                            \
            HQ_SPAN_FREE_KEEP(0, n_out) HQ_SPAN_FREE_KEEP(1, n_out)                           \
            HQ_SPAN_FREE_KEEP(2, n_out) HQ_SPAN_FREE_KEEP(3, n_out)                           \
        }                                                                                     \
        for (int k = 0; k < (n_out); k++)                                                     \
            span->line[HQ_SPAN_OUT + k] = span->out[k][span->n - 1];                          \
    }                                                                                         \
    HQ_SPAN_BUILD(span_##step)
#define HQ_SPAN_FREE_TAKE(k) then[k] = span->in[k][t - 1], now[k] = span->in[k][t];
#define HQ_SPAN_FREE_KEEP(k, n_out)                                                           \
    if ((k) < (n_out))                                                                        \
        to_##k[t] = now[HQ_SPAN_OUT + (k)];
#define HQ_SPAN_FREE_SHOW(n_out, t)                                                           \
    for (int k = 0; k < (n_out); k++)                                                         \
        span->out[k][t] = line[HQ_SPAN_OUT + k];

#endif
