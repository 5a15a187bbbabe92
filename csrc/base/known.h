/* Unknown numbers: NaN, whichever it is. */
#ifndef HQ_BASE_KNOWN_H
#define HQ_BASE_KNOWN_H

#include <float.h>
#include <math.h>

/** The number, or unknown where it is not finite. */
static inline double hq_known(double x) { return fabs(x) <= DBL_MAX ? x : (double)NAN; }

static inline int hq_is_unknown(double x) { return x != x; }

#endif
