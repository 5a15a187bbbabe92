/*
 * The higher timeframes of strategies that run on one stream of base bars.
 *
 * A clock is a period: its candle, built from the base bars, and the graph of what steps on its
 * candles. The graph's newest line is the one that strategies see: of the last candle that is
 * complete, or of the candle in progress. Its values reach the base graph through imports, slots of
 * the base graph that are written before each of its steps.
 *
 * A candle is complete once a bar at or after its end has come, and, where the base bars' own
 * period is known, with the bar that ends where it ends. That bar may still be replaced: its candle's
 * line is computed again then, and becomes history with the next candle's.
 *
 * Clocks of one period that have not seen the same base bars are different clocks: what is added
 * late sees candles of the bars that the ring holds, as a fresh engine would.
 */
#ifndef HQ_ENGINE_CLOCKS_H
#define HQ_ENGINE_CLOCKS_H

#include "engine/aggregator.h"
#include "graph/graph.h"
#include "hquant/engine.h"
#include "vm/link.h"

typedef struct HqClock {
    HqCandleBuilder candle;
    HqGraph graph;  /* its first_bar is the first base bar that the clock has seen */
    int64_t shown;  /* open time of the newest line's candle, where the graph has started */
} HqClock;

typedef struct HqClocks {
    uint32_t htf;          /* HQ_HTF_CLOSED or HQ_HTF_FORMING */
    int64_t bar_period_ms; /* of the base bars; 0: unknown */
    HqClock *clock;
    size_t count;
    HqImport *imports; /* from_graph: index of the clock + 1; to_slot: of the base graph */
    size_t n_imports;
} HqClocks;

/** HQ_EINVAL for a setting that is neither, or a period below 0. */
HqStatus hq_clocks_check_setting(uint32_t htf, int64_t bar_period_ms);

/** HQ_EINVAL for a program with a timeframe that base bars of a known period cannot make. */
HqStatus hq_clocks_check_program(int64_t bar_period_ms, const HqProgram *program);

/** A clock for each timeframe of a program, none linked yet. On failure nothing is allocated. */
HqStatus hq_clocks_init(HqClocks *clocks, const HqProgram *program, uint64_t first_bar,
                        uint32_t htf, int64_t bar_period_ms);

void hq_clocks_destroy(HqClocks *clocks);

/**
 * Link a program to a base graph and to clocks made for it.
 * @param reads  as of hq_link().
 * @param[out] rules  owned by the caller; over the base graph.
 */
HqStatus hq_clocks_link(HqClocks *clocks, const HqProgram *program, const double *params,
                        const HqLinkReads *reads, HqGraph *base, HqRules *rules);

/** HQ_EORDER for a bar older than the newest: candles are made of bars in order. */
HqStatus hq_clocks_admit(const HqClocks *clocks, int64_t timestamp);

/** A new base bar, admitted: steps, then the imports into `line`, the base graph's of this bar. */
void hq_clocks_push(HqClocks *clocks, double *line, const Bar *bar);

/** The newest base bar anew, at its time; otherwise as hq_clocks_push(). */
void hq_clocks_update(HqClocks *clocks, double *line, const Bar *bar);

#endif
