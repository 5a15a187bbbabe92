#include "exec/venue.h"

/*
 * splitmix64 of a counter: a draw depends on what it is for and on nothing that was drawn before.
 * Source: Steele, Lea, Flood, Fast Splittable Pseudorandom Number Generators, OOPSLA 2014.
 */
static uint64_t mix(uint64_t z)
{
    z += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/* Uniform in [0, 1): the upper 53 bits. */
static double uniform(uint64_t seed, HqDraw draw)
{
    uint64_t bits = mix(mix(mix(mix(seed) ^ draw.symbol) ^ draw.bar) ^ draw.number);
    return (double)(bits >> 11) * 0x1p-53;
}

static double moved(const HqBacktestOptions *options, double tick, double price, int side,
                    HqDraw draw)
{
    double slippage = options->slippage;
    if (options->slippage_kind == HQ_SLIPPAGE_TICKS)
        return price + side * (slippage * tick);
    if (options->slippage_kind == HQ_SLIPPAGE_RANDOM)
        slippage *= uniform(options->slippage_seed, draw);
    return price * (1 + side * slippage);
}

double hq_slipped(const HqBacktestOptions *options, double tick, double price, int side,
                  HqDraw draw)
{
    if (options->slippage_kind == HQ_SLIPPAGE_NONE || !(options->slippage > 0))
        return price;
    double slipped = hq_to_tick(moved(options, tick, price, side, draw), tick, side > 0);
    if (tick > 0 && slipped < tick)
        slipped = tick;
    return slipped < HQ_VALUE_MAX ? slipped : HQ_VALUE_MAX;
}
