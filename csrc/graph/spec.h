/* An indicator spec over the bar's fields: what engines and block runs are asked for. */
#ifndef HQ_GRAPH_SPEC_H
#define HQ_GRAPH_SPEC_H

#include "graph/graph.h"

/**
 * The row, the parameters and the fields that a spec means, everything checked.
 * @param params  room for HQ_MAX_PARAMS values.
 * @param fields  room for HQ_MAX_INPUTS entries.
 * @return NULL with the error set (HQ_EINVAL, HQ_ENOTFOUND).
 */
const HqRow *hq_spec_resolve(const HqIndicatorSpec *spec, double *params, uint32_t *fields);

#endif
