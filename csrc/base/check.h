/* Arguments that many functions check alike. */
#ifndef HQ_BASE_CHECK_H
#define HQ_BASE_CHECK_H

#include <stddef.h>

#include "base/error.h"

/** HQ_OK, or HQ_EINVAL for a structure whose struct_size is not `expected`. */
HqStatus hq_check_size(const char *name, uint32_t found, size_t expected);

/**
 * HQ_OK, or HQ_EINVAL for what metrics ask about a year: steps and days that make one, > 0 or NaN
 * when that is not known, and a return without risk between -1 and 1.
 */
HqStatus hq_check_year(double periods_per_year, double days_per_year, double risk_free);

#endif
