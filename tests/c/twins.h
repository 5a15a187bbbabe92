/* Two engines that must not differ in anything that can be asked. */
#ifndef HQ_TESTS_C_TWINS_H
#define HQ_TESTS_C_TWINS_H

#include <string.h>

#include "check.h"
#include "hquant/engine.h"

/* A bar of a wavy market with ties and flat stretches. */
static inline Bar wavy_bar(int i)
{
    double close = 100 + i * 7 % 13 - i * 3 % 5 + (i / 20 % 3 == 0 ? 0 : i % 7);
    return (Bar){60000 * (int64_t)i, close - 1, close + 2, close - 2, close, 10 + i % 4, 3 + i % 2};
}

static inline int same_column(HqColumnF64 a, HqColumnF64 b)
{
    return a.capacity == b.capacity && a.len == b.len && a.head == b.head &&
           (a.ptr != NULL) == (b.ptr != NULL) &&
           (!a.ptr || memcmp(a.ptr, b.ptr, a.len * sizeof *a.ptr) == 0);
}

static inline int same_bars(HQuant *a, HQuant *b)
{
    HqColumnI64 ta = hquant_timestamp_column(a), tb = hquant_timestamp_column(b);
    return hquant_len(a) == hquant_len(b) && hquant_capacity(a) == hquant_capacity(b) &&
           hq_total_bars(a) == hq_total_bars(b) && hq_rejected_bars(a) == hq_rejected_bars(b) &&
           ta.len == tb.len && ta.head == tb.head &&
           memcmp(ta.ptr, tb.ptr, ta.len * sizeof *ta.ptr) == 0 &&
           same_column(hquant_open_column(a), hquant_open_column(b)) &&
           same_column(hquant_high_column(a), hquant_high_column(b)) &&
           same_column(hquant_low_column(a), hquant_low_column(b)) &&
           same_column(hquant_close_column(a), hquant_close_column(b)) &&
           same_column(hquant_volume_column(a), hquant_volume_column(b)) &&
           same_column(hquant_buy_volume_column(a), hquant_buy_volume_column(b));
}

/* Indicators 1.. until neither knows the id; bit for bit, columns included. */
static inline int same_indicators(HQuant *a, HQuant *b)
{
    for (uint32_t id = 1;; id++) {
        IndicatorValue va = hquant_indicator_last(a, id), vb = hquant_indicator_last(b, id);
        HqColumnF64 first = hq_indicator_column(a, id, 0);
        if (va.kind != vb.kind || memcmp(&va.a, &vb.a, 3 * sizeof(double)) != 0)
            return 0;
        for (uint32_t output = 0; output < 3; output++)
            if (!same_column(hq_indicator_column(a, id, output),
                             hq_indicator_column(b, id, output)))
                return 0;
        if (!first.ptr)
            return 1;
    }
}

static inline int same_signals(HQuant *a, HQuant *b)
{
    if (hquant_signals_len(a) != hquant_signals_len(b) ||
        hq_signals_dropped(a) != hq_signals_dropped(b))
        return 0;
    Signal sa, sb;
    while (hquant_poll_signals(a, &sa, 1) == 1)
        if (hquant_poll_signals(b, &sb, 1) != 1 || memcmp(&sa, &sb, sizeof sa) != 0)
            return 0;
    return 1;
}

/* Takes the waiting signals of both. */
static inline int same_engine(HQuant *a, HQuant *b)
{
    /* asking for ids that are not there sets the error */
    int same = same_bars(a, b) && same_indicators(a, b) && same_signals(a, b);
    hq_clear_error();
    return same;
}

#endif
