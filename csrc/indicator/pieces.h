/*
 * What composite rows are put together from: hidden rows that add, divide, shift and line up
 * series, and the steps of rows with several outputs.
 */
#ifndef HQ_INDICATOR_PIECES_H
#define HQ_INDICATOR_PIECES_H

#include "indicator/average.h"
#include "indicator/list.h"

extern const HqRow hq_row_atr_talib, hq_row_tr_talib;

/** weight_x * x + weight_y * y. */
static inline uint32_t hq_blend(HqBuilder *b, uint32_t x, double weight_x, uint32_t y,
                                double weight_y)
{
    return hq_build(b, &hq_row_blend, HQ_SLOTS(x, y), HQ_LIST(weight_x, weight_y));
}

static inline uint32_t hq_minus(HqBuilder *b, uint32_t x, uint32_t y)
{
    return hq_blend(b, x, 1, y, -1);
}

/** scale * x / y; `at_zero` where y is 0. */
static inline uint32_t hq_ratio(HqBuilder *b, uint32_t x, uint32_t y, double scale, double at_zero)
{
    return hq_build(b, &hq_row_ratio, HQ_SLOTS(x, y), HQ_LIST(scale, at_zero));
}

/** scale * x + offset. */
static inline uint32_t hq_affine(HqBuilder *b, uint32_t x, double scale, double offset)
{
    return hq_build(b, &hq_row_affine, HQ_SLOTS(x), HQ_LIST(scale, offset));
}

static inline uint32_t hq_product(HqBuilder *b, uint32_t x, uint32_t y)
{
    return hq_build(b, &hq_row_product, HQ_SLOTS(x, y), HQ_LIST(0));
}

/** x without its first n known values. */
static inline uint32_t hq_skip(HqBuilder *b, uint32_t x, double n)
{
    return n > 0 ? hq_build(b, &hq_row_skip, HQ_SLOTS(x), HQ_LIST(n)) : x;
}

/** A row with one parameter over one series. */
static inline uint32_t hq_over(HqBuilder *b, const HqRow *row, uint32_t x, double period)
{
    return hq_build(b, row, HQ_SLOTS(x), HQ_LIST(period));
}

/** The slot of a later output of a row. */
static inline uint32_t hq_output(uint32_t slot, uint32_t index)
{
    return slot == HQ_NO_SLOT ? slot : slot + index;
}

/* Several outputs that are what the parts give: each as soon as it is known, or none before all. */
static inline void hq_copy(const HqNode *node, double *line, uint32_t n)
{
    for (uint32_t o = 0; o < n; o++)
        line[node->out + o] = HQ_X(o);
}

static inline void hq_copy_together(const HqNode *node, double *line, uint32_t n)
{
    double unknown = 0;
    for (uint32_t o = 0; o < n; o++)
        unknown += HQ_X(o) - HQ_X(o); /* 0, or NaN where one is */
    for (uint32_t o = 0; o < n; o++)
        line[node->out + o] = hq_is_unknown(unknown) ? (double)NAN : HQ_X(o);
}

#define HQ_COPY_STEP(name, copy, n)                                         \
    static void name(const HqNode *node, double *line, double *before)      \
    {                                                                       \
        (void)before;                                                       \
        copy(node, line, n);                                                \
    }                                                                       \
    HQ_CHAIN(name, name)                                                    \
    HQ_SPAN_FREE(name, n)

#endif
