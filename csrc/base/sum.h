/* A sum that keeps what rounding takes from it: D. Knuth, The Art of Computer Programming 2, 4.2.2. */
#ifndef HQ_BASE_SUM_H
#define HQ_BASE_SUM_H

typedef struct HqSum {
    double value;
    double lost;
} HqSum;

static inline void hq_sum_add(HqSum *sum, double x)
{
    double total = sum->value + x, x_in_total = total - sum->value;
    sum->lost += (sum->value - (total - x_in_total)) + (x - x_in_total);
    sum->value = total;
}

static inline double hq_sum(HqSum sum) { return sum.value + sum.lost; }

#endif
