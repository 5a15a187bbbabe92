/*
 * The single-period engine: bars in the ring, indicators and strategies over them in one graph,
 * signals out. The caller holds the guard. The per-bar path is here, adding lives in add.c.
 */
#ifndef HQ_ENGINE_ENGINE_H
#define HQ_ENGINE_ENGINE_H

#include "base/guard.h"
#include "engine/clocks.h"
#include "engine/signals.h"
#include "engine/taps.h"
#include "graph/graph.h"
#include "hquant/engine.h"
#include "vm/link.h"

/* An indicator that has an id: id i stands at index i - 1. */
typedef struct HqIndicator {
    const HqRow *row;
    uint32_t fields[HQ_MAX_INPUTS];
    double params[HQ_MAX_PARAMS];
    uint32_t slot;      /* of its first output */
    uint32_t n_outputs; /* the row's */
    double *columns; /* owned: n_outputs ring columns, hq_column_stride(capacity) apart; NULL without a history */
} HqIndicator;

/** How a caller reads newest values: copies side by side, or in the newest line. */
typedef enum HqWatched { HQ_WATCHED_COPIES, HQ_WATCHED_IN_PLACE } HqWatched;

/* Outputs whose newest values a caller reads; what is owned stays where it is as long as the engine. */
typedef struct HqWatch {
    HqIndicatorOutput *outputs; /* owned: what was asked for */
    size_t count;
    double *values;  /* owned: copies; NULL where the line is read */
    uint32_t *slots; /* owned: of each output in the line; NULL where values are copied */
} HqWatch;

/* A slot whose newest value a watch copies. */
typedef struct HqShown {
    double *value;
    uint32_t slot;
} HqShown;

/* What a strategy was made of, and the rules that wait for the next bar. */
typedef struct HqStrategy {
    HqProgram *program; /* owned */
    double *params;     /* owned: one a PARAM, in force from the newest hq_engine_change() on */
    HqRules next;       /* owned: where has_next, they take over at the next push */
    bool has_next;
} HqStrategy;

/* Imports of a MultiHQuant, some of which read an engine's graph. */
typedef struct HqReaders {
    HqImport **imports; /* where the list is; NULL: nobody reads */
    size_t *n_imports;
    uint32_t from_graph; /* what the engine is called in them */
} HqReaders;

struct HQuant {
    HqGuard guard;
    bool is_part; /* of a MultiHQuant, which feeds it and frees it */
    bool reads_buy_volume; /* a strategy or an indicator does: data without it is refused */
    bool is_plain;         /* no part, no clocks, no rules waiting, not the first bar: a push has nothing else to do */
    bool has_waiting;      /* rules wait for the next push */
    uint64_t lacks_buy_volume; /* bars pushed up to the newest that came without it; 0: none did */
    HqBarRing bars;
    HqGraph graph;
    HqTap *taps;
    size_t n_taps;
    uint32_t first_untapped; /* the oldest line whose slots are not in the columns yet */
    HqRules *strategies; /* id i at index i - 1, over the graph */
    HqStrategy *sources; /* of the same index */
    size_t n_strategies;
    size_t n_shown;
    HqShown *shown;      /* of all watches that copy */
    size_t n_watches;
    HqWatch *watches;
    HqClocks clocks;     /* of strategies that read higher timeframes */
    HqReaders readers;   /* outside this engine */
    HqSignalQueue *queue; /* own_queue, or the MultiHQuant's */
    uint32_t id_base;     /* added to strategy ids in signals */
    uint64_t rejected_bars;
    HqIndicator *indicators;
    size_t n_indicators;
    HqSignalQueue own_queue;
};

/** @param queue  where signals go; NULL for a queue of the engine's own. */
HqStatus hq_engine_init(HQuant *engine, size_t capacity, HqSignalQueue *queue, uint32_t id_base);
void hq_engine_destroy(HQuant *engine);

/** Bring the indicators' ring columns up to date. */
void hq_engine_flush_taps(HQuant *engine);

/** The graph's lines are used up: save what the columns need of them and start over at the front. */
void hq_engine_wrap(HQuant *engine);

/**
 * Take a bar that hq_bar_is_valid(), whatever the engine; signals are not evaluated.
 * @return HQ_OK; HQ_EORDER for a bar out of order where a strategy reads a higher timeframe.
 */
HqStatus hq_engine_push(HQuant *engine, const Bar *bar);

/**
 * Replace the newest bar, whatever the engine; there is one. Signals are not evaluated.
 * @return HQ_OK; HQ_EORDER for another time where a strategy reads a higher timeframe.
 */
HqStatus hq_engine_update(HQuant *engine, const Bar *bar);

/**
 * Push bars of columns from `begin` on, as hq_engine_push() does, signals evaluated, as far as it
 * comes cheaper than bar by bar; the engine has taken the bar before `begin`, in this call.
 * @return the first bar that is not pushed: never beyond the last one that the engine would take,
 *         for the newest is to be pushed by itself. The same `begin` without memory.
 */
size_t hq_engine_push_many(HQuant *engine, const HqBars *bars, size_t begin);

/** Whether a push has nothing else to do has changed. */
static inline void hq_engine_note_plain(HQuant *engine)
{
    engine->is_plain = !engine->is_part && engine->clocks.count == 0 && !engine->has_waiting &&
                       engine->graph.started;
}

/** Copy the newest values to all watches that want copies; there are some. */
void hq_watches_show(HQuant *engine);

/* The per-bar path is inline: a call costs as much as an indicator. */

/** Whether a push has nothing to do but to begin the next line and to step the graph. */
static inline bool hq_engine_has_line(const HQuant *engine)
{
    return engine->is_plain && !hq_graph_is_last_line(&engine->graph);
}

/** Begin a bar's line, which there is, and put the bar into the ring. */
static inline double *hq_engine_begin_line(HQuant *engine, const Bar *bar)
{
    double *line = hq_graph_take_line(&engine->graph);
    hq_bars_push(&engine->bars, bar);
    hq_line_set_bar(line, bar);
    return line;
}

/** Take a bar that hq_bar_is_valid(), where the engine has a line for it; signals are not evaluated. */
static inline void hq_engine_push_plain(HQuant *engine, const Bar *bar)
{
    double *before = engine->graph.line, *line = hq_engine_begin_line(engine, bar);
    hq_graph_step(&engine->graph, line, before);
}

/** Replace the newest bar of a plain engine; there is one. Signals are not evaluated. */
static inline void hq_engine_update_plain(HQuant *engine, const Bar *bar)
{
    hq_bars_update_last(&engine->bars, bar);
    hq_graph_set_bar(&engine->graph, bar);
    hq_graph_peek(&engine->graph);
}

/** The newest value of a slot as callers see it. */
static inline double hq_engine_value(const HQuant *engine, uint32_t slot)
{
    return hq_shown(hq_graph_value(&engine->graph, slot));
}

/** The newest line is complete: bring the watches up to date. */
static inline void hq_engine_show(HQuant *engine)
{
    if (HQ_UNLIKELY(engine->n_shown > 0))
        hq_watches_show(engine);
}

/** Evaluate every strategy once; signals carry `timestamp`. */
static inline void hq_engine_evaluate(HQuant *engine, int64_t timestamp)
{
    for (size_t i = 0; i < engine->n_strategies; i++) {
        uint8_t action = hq_rules_evaluate(&engine->strategies[i], engine->graph.line);
        if (action)
            hq_signals_push(engine->queue, engine->id_base + (uint32_t)i + 1, action, timestamp);
    }
}

/** NULL, with HQ_ENOTFOUND set. */
HQ_RARE const HqIndicator *hq_engine_find_none(const HQuant *engine, uint32_t id);

static inline bool hq_engine_has(const HQuant *engine, uint32_t id)
{
    return id - 1 < engine->n_indicators; /* 0 - 1 is beyond any */
}

/** The indicator of an id; NULL with HQ_ENOTFOUND set. */
static inline const HqIndicator *hq_engine_find(const HQuant *engine, uint32_t id)
{
    if (HQ_LIKELY(hq_engine_has(engine, id)))
        return &engine->indicators[id - 1];
    return hq_engine_find_none(engine, id);
}

/* ------------------------------------------------------------------- watch.c */

/**
 * Let newest values of outputs be read without a call; for the same outputs, read the same way, what
 * there is already.
 * @return the watch, good until the next one is added, or NULL with the error set, and nothing has changed.
 */
const HqWatch *hq_engine_watch_of(HQuant *engine, const HqIndicatorOutput *outputs, size_t count,
                                  HqWatched how);

void hq_watches_destroy(HQuant *engine);

/** The slots that watches read, to `uses`; counts them when NULL. */
size_t hq_watch_uses(const HQuant *engine, uint32_t **uses);

/* --------------------------------------------------------------------- add.c */

/** Whether an indicator's values are kept in ring columns. */
typedef enum HqHistory { HQ_NEWEST_ALONE, HQ_HISTORY } HqHistory;

/** The id of an indicator over fields that has such a history or a longer one, added if need be; 0 on failure. */
uint32_t hq_engine_add_indicator(HQuant *engine, const HqRow *row, const uint32_t *fields,
                                 const double *params, HqHistory history);

/** HQ_EINVAL while the ring holds a bar of data without buy_volume: zeros would be taken for it. */
HqStatus hq_engine_check_buy_volume(const HQuant *engine);

/** A graph ready for nodes that are to be warmed from the ring. */
HqStatus hq_engine_fresh_graph(const HQuant *engine, HqGraph *fresh);

/** Push every bar of the ring through a graph and its clocks, copying taps into their columns. */
void hq_engine_replay(const HQuant *engine, HqGraph *fresh, HqClocks *clocks, const HqTap *taps,
                      size_t n_taps);

/* -------------------------------------------------------------- strategies.c */

/** As hq_engine_set_htf(), with the values checked. */
HqStatus hq_engine_choose(HQuant *engine, uint32_t htf, int64_t bar_period_ms);

/** The id of a new strategy, which takes the program over; 0 on failure. */
uint32_t hq_engine_add_strategy(HQuant *engine, HqProgram *program);

/** Set a PARAM of a strategy from the next push on. HQ_OK, HQ_ENOTFOUND, HQ_EINVAL, HQ_ENOMEM, HQ_ELIMIT. */
HqStatus hq_engine_change(HQuant *engine, uint32_t strategy_id, const char *name, double value);

/** Rules that wait become the rules. */
void hq_strategies_take_over(HqRules *rules, HqStrategy *sources, size_t count);

/** The PARAMs' own values, owned by the caller; NULL with the error set. */
double *hq_strategy_defaults(const HqProgram *program);

/** A strategy's parameters with one of them set, owned by the caller; NULL with the error set. */
double *hq_strategy_params(const HqStrategy *source, const char *name, double value);

/** Let rules, and the parameters that made them, wait for the next push; takes both over. */
void hq_strategy_set_next(HqStrategy *source, double *params, const HqRules *rules);

/** Room for one strategy more. */
HqStatus hq_strategies_reserve(HqRules **rules, HqStrategy **sources, size_t count);

void hq_strategies_destroy(HqRules *rules, HqStrategy *sources, size_t count);

/* ----------------------------------------------------------------- compact.c */

/**
 * Leave out what no indicator, no strategy and no reader needs any more.
 * @return HQ_OK, or HQ_ENOMEM: whatever was left out till then, nothing else has changed.
 */
HqStatus hq_engine_compact(HQuant *engine);

/**
 * hq_graph_compact() for a graph whose slots are named at `uses`, which are updated; imports that
 * it does not read are left out. `imports` may be NULL.
 */
HqStatus hq_compact_graph(HqGraph *graph, uint32_t **uses, size_t n_uses, HqImport *imports,
                          size_t *n_imports);

/** Where imports name slots of one graph that they come from, to `uses`; counts them. */
size_t hq_import_uses(HqImport *imports, size_t count, uint32_t from_graph, uint32_t **uses);

/** The slots of strategies' rules, those that wait included, to `uses`; counts them when NULL. */
size_t hq_strategy_uses(const HqRules *rules, const HqStrategy *sources, size_t count,
                        uint32_t **uses);

#endif
