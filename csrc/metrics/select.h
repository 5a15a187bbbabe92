/* Order statistics without sorting. */
#ifndef HQ_METRICS_SELECT_H
#define HQ_METRICS_SELECT_H

#include <stddef.h>

/**
 * The number that sorting would put at `place`, place < n. No NaN among them. Takes time in proportion
 * to n, whatever the numbers are. @param room  for n numbers.
 */
double hq_select(const double *x, size_t n, size_t place, double *room);

#endif
