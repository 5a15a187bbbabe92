/* Columns of bars that a block run is handed: which it reads, and whether they are good. */
#ifndef HQ_RUN_COLUMNS_H
#define HQ_RUN_COLUMNS_H

#include "run/walk.h"

/**
 * HQ_OK; HQ_EINVAL naming a column that is NULL and read by a node, a higher timeframe or somebody
 * who reads `slots`.
 */
HqStatus hq_columns_check_read(const HqWalk *walk, const uint32_t *slots, size_t n_slots);

/** Whether each field of a bar that there is a column of is one that an engine takes. */
bool hq_columns_bar_is_good(const HqBars *bars, size_t i);

/** HQ_OK, or HQ_EBAR naming the first bar of begin..end-1 that is not good, and its field. */
HqStatus hq_columns_check_values(const HqBars *bars, size_t begin, size_t end);

/** HQ_OK, or HQ_EORDER naming the first bar of begin..end-1 that is before the one before it. */
HqStatus hq_columns_check_order(const HqBars *bars, size_t begin, size_t end);

#endif
