/*
 * The single-period engine: bars in the ring, indicators and strategies over them in one graph,
 * signals out. The caller holds the guard. The per-bar path is here, adding lives in add.c.
 */
#ifndef HQ_ENGINE_ENGINE_H
#define HQ_ENGINE_ENGINE_H

#include "base/guard.h"
#include "engine/signals.h"
#include "graph/graph.h"
#include "hquant/engine.h"
#include "vm/link.h"

/* An indicator that has an id: id i stands at index i - 1. */
typedef struct HqIndicator {
    const HqRow *row;
    uint32_t fields[HQ_MAX_INPUTS];
    double params[HQ_MAX_PARAMS];
    uint32_t slot;   /* of its first output */
    double *columns; /* owned: n_outputs ring columns, hq_column_stride(capacity) apart */
} HqIndicator;

/* Copies a slot to a ring column, several lines at a time. */
typedef struct HqTap {
    uint32_t slot;
    double *column;
} HqTap;

struct HQuant {
    HqGuard guard;
    bool is_part; /* of a MultiHQuant, which feeds it and frees it */
    bool reads_buy_volume; /* a strategy or an indicator does: data without it is refused */
    uint64_t lacks_buy_volume; /* total_bars after the newest bar that came without it; 0: none did */
    HqBarRing bars;
    HqGraph graph;
    HqTap *taps;
    size_t n_taps;
    uint32_t first_untapped; /* the oldest line whose slots are not in the columns yet */
    HqRules *strategies; /* id i at index i - 1 */
    size_t n_strategies;
    HqSignalQueue *queue; /* own_queue, or the MultiHQuant's */
    uint32_t id_base;     /* added to strategy ids in signals */
    uint64_t total_bars;
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

/* The per-bar path is inline: a call costs as much as an indicator. */

/** Take a bar that hq_bar_is_valid(); signals are not evaluated. */
static inline void hq_engine_push(HQuant *engine, const Bar *pushed)
{
    const Bar local = *pushed, *bar = &local; /* of its own, so that it stays in registers */
    if (hq_graph_is_last_line(&engine->graph))
        hq_engine_wrap(engine);
    hq_bars_push(&engine->bars, bar);
    engine->total_bars++;
    hq_graph_next_line(&engine->graph);
    hq_graph_set_bar(&engine->graph, bar);
    hq_graph_push(&engine->graph);
}

/** Replace the newest bar; there is one. Signals are not evaluated. */
static inline void hq_engine_update(HQuant *engine, const Bar *bar)
{
    hq_bars_update_last(&engine->bars, bar);
    hq_graph_set_bar(&engine->graph, bar);
    hq_graph_peek(&engine->graph);
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

/* --------------------------------------------------------------------- add.c */

/** The id of an indicator over fields, added if need be; 0 on failure. */
uint32_t hq_engine_add_indicator(HQuant *engine, const HqRow *row, const uint32_t *fields,
                                 const double *params);

/** The id of a new strategy; 0 on failure. */
uint32_t hq_engine_add_strategy(HQuant *engine, const HqProgram *program);

/** HQ_EINVAL while the ring holds a bar of data without buy_volume: zeros would be taken for it. */
HqStatus hq_engine_check_buy_volume(const HQuant *engine);

/** A graph ready for nodes that are to be warmed from the ring. */
HqStatus hq_engine_fresh_graph(const HQuant *engine, HqGraph *fresh);

/** Push every bar of the ring through a graph, copying taps into their columns. */
void hq_engine_replay(const HQuant *engine, HqGraph *fresh, const HqTap *taps, size_t n_taps);

#endif
