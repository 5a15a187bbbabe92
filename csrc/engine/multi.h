/*
 * MultiHQuant: an engine for each period, fed with the candles of one stream of base bars, and
 * strategies across them. The caller holds the guard of the HqMulti; what is here takes the guards
 * of the engines, which are handed out too. The per-bar path is in multi.c, adding in multi_add.c.
 */
#ifndef HQ_ENGINE_MULTI_H
#define HQ_ENGINE_MULTI_H

#include "engine/aggregator.h"
#include "engine/engine.h"

enum { HQ_EMIT_EVERY_UPDATE = 0, HQ_EMIT_ON_CLOSE = 1 };

/** A period's engine. Its candle is the builder of the same index in HqMulti.candles. */
typedef struct HqPeriodEngine {
    HQuant engine;
    bool is_due;       /* to be evaluated in this call */
    bool is_evaluated; /* its newest candle has been evaluated as final */
    bool has_ended;    /* a bar has come that is past its newest candle, which is not in yet */
} HqPeriodEngine;

struct HqMulti {
    HqGuard guard;
    uint32_t emit;
    uint32_t htf;          /* HQ_HTF_CLOSED or HQ_HTF_FORMING */
    int64_t bar_period_ms; /* of the bars that are fed; 0: unknown */
    bool reads_buy_volume; /* a cross-period strategy does */
    HqCandleSet candles;
    HqPeriodEngine *engines; /* candles.count of them; their addresses are handed out */
    HqSignalQueue queue;     /* of the engines too */
    int64_t last_timestamp;  /* of the newest bar taken, ms */

    /* What cross-period strategies compute over several clocks. It moves on by the candles of the
     * first period: its newest line is that of the first period's newest candle, or, before that
     * one's first step, of the candle before. */
    HqGraph cross;
    bool cross_is_current; /* the newest line is that of the newest candle */
    HqImport *imports;   /* from_graph: index of the period + 1; to_slot: of the cross graph */
    size_t n_imports;
    HqRules *strategies; /* id i at index i - 1, over the cross graph */
    HqStrategy *sources; /* of the same index */
    bool has_waiting;    /* rules wait for the first period's next candle */
    size_t n_strategies;
};

/** As hq_multi_new(); freed by hq_multi_destroy(). */
HqStatus hq_multi_create(size_t capacity, const int64_t *periods_ms, size_t count, uint32_t emit,
                         HqMulti **out);

void hq_multi_destroy(HqMulti *multi);

/** Tell a period's engine who reads its graph. */
void hq_multi_connect(HqMulti *multi, size_t index);

/** Take the guards of all engines or none (HQ_EBUSY). */
HqStatus hq_multi_enter_engines(HqMulti *multi);
void hq_multi_leave_engines(HqMulti *multi);

/** As hq_multi_feed_bar(), with the engines' guards taken. Allocates nothing. */
HqStatus hq_multi_feed(HqMulti *multi, const Bar *bar);

/** As hq_multi_flush(), with the engines' guards taken. Allocates nothing. */
void hq_multi_close_all(HqMulti *multi);

/** The index of a period; HQ_PERIOD_COUNT_MAX, and HQ_ENOTFOUND set, when there is none. */
size_t hq_multi_find(const HqMulti *multi, int64_t period_ms);

/** Whether cross-period strategies see a period's newest candle; else they see the one before. */
bool hq_multi_shows_newest(const HqMulti *multi, size_t index);

/** As hq_multi_set_htf(), with the engines' guards taken. */
HqStatus hq_multi_choose(HqMulti *multi, uint32_t htf, int64_t bar_period_ms);

/* -------------------------------------------------------------- multi_add.c */

/**
 * The id of a new cross-period strategy, which takes the program over; 0 on failure. The engines'
 * guards are taken.
 */
uint32_t hq_multi_add(HqMulti *multi, HqProgram *program);

/** As hq_multi_set_param(), with the engines' guards taken. */
HqStatus hq_multi_change(HqMulti *multi, uint32_t strategy_id, const char *name, double value);

#endif
