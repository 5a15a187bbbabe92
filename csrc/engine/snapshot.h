/*
 * Snapshots: the frame around them, and the pieces that HQuant, MultiHQuant and the aggregator
 * share. docs/snapshot.md says what the bytes are. What is saved by a folder lower down is saved
 * there: bars in ring/save.c, graphs in graph/save.c.
 *
 * Loading trusts nothing: a checksum tells damage from design, but not who made the bytes.
 */
#ifndef HQ_ENGINE_SNAPSHOT_H
#define HQ_ENGINE_SNAPSHOT_H

#include "engine/engine.h"
#include "engine/multi.h"

/* Raise the version with any change of the layout, of a row's state or memory, or of what they mean. */
enum { HQ_SNAPSHOT_VERSION = 3 };

typedef enum HqSnapshotKind {
    HQ_SNAPSHOT_ENGINE = 1,
    HQ_SNAPSHOT_MULTI = 2,
    HQ_SNAPSHOT_AGGREGATOR = 3
} HqSnapshotKind;

typedef enum HqSection {
    HQ_SECTION_SETTINGS = 1,
    HQ_SECTION_BARS = 2,
    HQ_SECTION_GRAPH = 3,
    HQ_SECTION_CLOCKS = 4,
    HQ_SECTION_INDICATORS = 5,
    HQ_SECTION_STRATEGIES = 6,
    HQ_SECTION_SIGNALS = 7,
    HQ_SECTION_CANDLES = 8,
    HQ_SECTION_EVENTS = 9,
    HQ_SECTION_IMPORTS = 10
} HqSection;

#define HQ_DAMAGED(...) hq_fail(HQ_ESNAPSHOT, "snapshot: " __VA_ARGS__)

/* ---------------------------------------------------------------- snapshot.c */

/** Begin a snapshot. HQ_OK, or HQ_EUNSUPPORTED on a machine whose bytes are not little endian. */
HqStatus hq_snapshot_begin(HqWriter *writer, HqSnapshotKind kind);

/** End it: its size and checksum. */
void hq_snapshot_end(HqWriter *writer);

/**
 * Check the frame of a snapshot.
 * @param[out] reader  what stands inside the frame.
 * @return HQ_OK, HQ_ESNAPSHOT (not one, another version, another kind, damaged), HQ_EUNSUPPORTED.
 */
HqStatus hq_snapshot_open(const uint8_t *bytes, size_t size, HqSnapshotKind kind, HqReader *reader);

/** Everything must have been read. */
HqStatus hq_snapshot_close(const HqReader *reader);

/** Begin a section; returns what hq_section_end() wants. */
size_t hq_section_begin(HqWriter *writer, HqSection section);
void hq_section_end(HqWriter *writer, size_t begun);

/** The content of the next section, which must be this one. */
HqStatus hq_section_open(HqReader *reader, HqSection section, HqReader *content);

/** HQ_OK where a section was as long as what was read from it. */
HqStatus hq_section_close(const HqReader *content, HqSection section);

/* -------------------------------------------------------------- save_parts.c */

void hq_signals_save(const HqSignalQueue *queue, HqWriter *writer);

/** As hq_signals_init(). HQ_OK, HQ_ESNAPSHOT, HQ_ENOMEM; then nothing is allocated. */
HqStatus hq_signals_load(HqSignalQueue *queue, HqReader *reader);

void hq_candle_save(const HqCandle *candle, HqWriter *writer);
void hq_builder_save(const HqCandleBuilder *builder, HqWriter *writer);

/** A candle of a period that a bar can have made. */
HqStatus hq_candle_load(HqCandle *candle, int64_t period_ms, HqReader *reader);
HqStatus hq_builder_load(HqCandleBuilder *builder, HqReader *reader);

void hq_imports_save(const HqImport *imports, size_t count, HqWriter *writer);

/** Imports into a graph from graphs 1..n_graphs, whose slots the caller checks. */
HqStatus hq_imports_load(HqImport **imports, size_t *count, const HqGraph *to, size_t n_graphs,
                         HqReader *reader);

void hq_strategies_save(const HqRules *rules, const HqStrategy *sources, size_t count,
                        HqWriter *writer);

/** Strategies whose rules are over a graph; what has been loaded belongs to the caller in any case. */
HqStatus hq_strategies_load(HqRules **rules, HqStrategy **sources, size_t *count,
                            const HqGraph *graph, HqReader *reader);

/** Whether rules of any strategy wait. */
bool hq_strategies_wait(const HqStrategy *sources, size_t count);

/* -------------------------------------------------------------------- save.c */

/** An engine's sections, without the signals. Brings its columns up to date. */
HqStatus hq_engine_save_sections(HQuant *engine, HqWriter *writer);

/**
 * The engine that hq_engine_save_sections() wrote.
 * @param queue  as in hq_engine_init(); an engine without one has none until the caller gives it.
 * On failure nothing is allocated.
 */
HqStatus hq_engine_load_sections(HQuant *engine, HqSignalQueue *queue, uint32_t id_base,
                                 HqReader *reader);

/** As hq_engine_save(), inside the guard. */
HqStatus hq_engine_write(HQuant *engine, HqWriter *writer);

/** As hq_engine_load(). */
HqStatus hq_engine_read(const uint8_t *bytes, size_t size, HQuant **out);

/* -------------------------------------------------------------- multi_save.c */

HqStatus hq_multi_write(HqMulti *multi, HqWriter *writer);
HqStatus hq_multi_read(const uint8_t *bytes, size_t size, HqMulti **out);

/* --------------------------------------------------------- aggregator_save.c */

void hq_candle_set_save(const HqCandleSet *set, HqWriter *writer);

/** As hq_candle_set_init(); after a failure hq_candle_set_destroy() frees what there is. */
HqStatus hq_candle_set_load(HqCandleSet *set, HqReader *reader);

HqStatus hq_aggregator_write(const HqAggregator *aggregator, HqWriter *writer);
HqStatus hq_aggregator_read(const uint8_t *bytes, size_t size, HqAggregator **out);

#endif
