/**
 * @file snapshot.h
 * The whole state of an engine as bytes (docs/snapshot.md), so that a live process restarts without
 * its history and gives the same bits afterwards.
 *
 * A snapshot holds everything: bars, indicators and their columns, strategies as compiled programs
 * with the parameters in force, forming candles, counters, and signals that nobody has polled yet.
 * It is read by a library of the same snapshot version only, on a little-endian machine; anything
 * else is refused. Its checksum finds damage; whatever the bytes are, loading them never crashes.
 */
#ifndef HQUANT_SNAPSHOT_H
#define HQUANT_SNAPSHOT_H

#include "engine.h"
#include "market.h"

#ifdef __cplusplus
extern "C" {
#endif

/* [cdef] */
/** The version of snapshots that this library writes, and the only one that it reads. */
HQ_API uint32_t hq_snapshot_version(void);

/**
 * Save an engine.
 * @param out  room for `cap` bytes; may be NULL when cap is 0. Written only if the snapshot fits.
 * @return the snapshot's size in bytes, whatever `cap` is; 0 on failure: NULL, an engine of a
 *         MultiHQuant (HQ_EINVAL), HQ_EBUSY, HQ_EUNSUPPORTED (this machine is not little endian).
 * Allocates nothing. What the engine computes does not change.
 */
HQ_API size_t hq_engine_save(HQuant *handle, uint8_t *out, size_t cap);

/**
 * Make an engine from a snapshot. No strategy compiler is needed.
 * @param bytes     the snapshot; not kept.
 * @param size      in bytes.
 * @param[out] out  owned by the caller; left untouched on failure.
 * @return HQ_OK, HQ_EINVAL (NULL), HQ_ESNAPSHOT (not one of an HQuant, damaged, another version),
 *         HQ_EUNSUPPORTED, HQ_ENOMEM.
 */
HQ_API HqStatus hq_engine_load(const uint8_t *bytes, size_t size, HQuant **out);

/** hq_engine_save() of a MultiHQuant and all its engines, which must not be in use (HQ_EBUSY). */
HQ_API size_t hq_multi_save(HqMulti *multi, uint8_t *out, size_t cap);

/** hq_engine_load() of a MultiHQuant. */
HQ_API HqStatus hq_multi_load(const uint8_t *bytes, size_t size, HqMulti **out);

/** The periods of a MultiHQuant, ms, in order, into `out`, as many as `cap`; returns how many it has, 0 on failure. */
HQ_API size_t hq_multi_periods(HqMulti *multi, int64_t *out, size_t cap);

/** The `emit` that a MultiHQuant was made with; 0 for NULL or while it is in use (HQ_EBUSY). */
HQ_API uint32_t hq_multi_emit(HqMulti *multi);

/** hq_engine_save() of an aggregator; events that wait are kept. */
HQ_API size_t hq_aggregator_save(HqAggregator *aggregator, uint8_t *out, size_t cap);

/** hq_engine_load() of an aggregator. */
HQ_API HqStatus hq_aggregator_load(const uint8_t *bytes, size_t size, HqAggregator **out);

/** hq_multi_periods() of an aggregator. */
HQ_API size_t hq_aggregator_periods(HqAggregator *aggregator, int64_t *out, size_t cap);
/* [/cdef] */

#ifdef __cplusplus
}
#endif
#endif
