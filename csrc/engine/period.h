/* Periods: their text, and the bucket of time that a timestamp falls into. */
#ifndef HQ_ENGINE_PERIOD_H
#define HQ_ENGINE_PERIOD_H

#include "base/error.h"

/** As hq_period_parse(); text may be NULL when length is 0. */
HqStatus hq_period_read(const char *text, size_t length, int64_t *period_ms);

/** As hq_period_bucket_start(), for a period > 0. */
int64_t hq_period_floor(int64_t period_ms, int64_t timestamp_ms);

enum { HQ_PERIOD_TEXT_SIZE = 24 };

/** A period > 0 as the shortest text that hq_period_read() takes, NUL-terminated. Returns `out`. */
const char *hq_period_write(int64_t period_ms, char out[HQ_PERIOD_TEXT_SIZE]);

#endif
