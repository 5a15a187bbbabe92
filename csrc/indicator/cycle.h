/* The dominant cycle's discriminator, for the rows that read it. */
#ifndef HQ_INDICATOR_CYCLE_H
#define HQ_INDICATOR_CYCLE_H

#include "indicator/ma.h"

#define HQ_PI 3.14159265358979323846

/* TA-Lib begins the discriminator at one of these bars and shows what it finds at another. */
enum {
    HQ_CYCLE_SHORT_START = 12, HQ_CYCLE_SHORT_FIRST = 32,
    HQ_CYCLE_LONG_START = 37, HQ_CYCLE_LONG_FIRST = 63,
};

/* Outputs of HILBERT. */
enum { HQ_CYCLE_INPHASE, HQ_CYCLE_QUADRATURE, HQ_CYCLE_PERIOD, HQ_CYCLE_SMOOTH_PERIOD };

/** The price smoothed by WMA(4), from bar `start` on: what the discriminator is fed. */
uint32_t hq_cycle_input(HqBuilder *builder, uint32_t x, double start);

#endif
