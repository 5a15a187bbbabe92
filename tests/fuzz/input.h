/* A fuzz target's bytes read as values: mostly plain ones, the hostile ones within easy reach. */
#ifndef HQ_TESTS_FUZZ_INPUT_H
#define HQ_TESTS_FUZZ_INPUT_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "hquant.h"

typedef struct Input {
    const uint8_t *at, *end;
} Input;

static uint8_t take_byte(Input *in) { return in->at < in->end ? *in->at++ : 0; }

static uint64_t take_word(Input *in)
{
    uint64_t word = 0;
    for (int i = 0; i < 8; i++)
        word = word << 8 | take_byte(in);
    return word;
}

static double take_raw_double(Input *in)
{
    uint64_t bits = take_word(in);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* 0..127: around 100, as prices are; then what is special; the rest any bits at all. */
static double take_double(Input *in)
{
    static const double special[] = {
        0,    -0.0, 1,     -1,        0.5,   1e-3,     1e-100, 5e-324, 1e6,
        1e17, 1e50, 1e100, 1.001e100, 1e300, INFINITY, -1e50,  NAN,    -INFINITY,
    };
    enum { SPECIAL = sizeof special / sizeof special[0] };
    uint8_t which = take_byte(in);
    if (which < 128)
        return 68 + which / 2.0;
    return which < 128 + SPECIAL ? special[which - 128] : take_raw_double(in);
}

/* 0..191: itself; then what is special; the rest any bits at all. */
static uint64_t take_size(Input *in)
{
    static const uint64_t special[] = {
        HQ_PERIOD_MAX + 1, HQ_CAPACITY_MAX + 1, (uint64_t)1 << 32, (uint64_t)1 << 40,
        INT64_MAX,         (uint64_t)1 << 63,   UINT64_MAX,        UINT64_MAX - 7,
    };
    enum { SPECIAL = sizeof special / sizeof special[0] };
    uint8_t which = take_byte(in);
    if (which < 192)
        return which;
    return which < 192 + SPECIAL ? special[which - 192] : take_word(in);
}

/* Mostly `step` after the one before, sometimes the same, earlier, or anywhere. */
static int64_t take_time(Input *in, int64_t before, int64_t step)
{
    uint8_t which = take_byte(in);
    if (which >= 250)
        return (int64_t)take_size(in);
    if (which >= 240)
        return (int64_t)((uint64_t)before - (uint64_t)(which - 240) * (uint64_t)step);
    return (int64_t)((uint64_t)before + (uint64_t)(which % 8) * (uint64_t)step);
}

static Bar take_bar(Input *in, int64_t before, int64_t step)
{
    Bar bar = {.timestamp = take_time(in, before, step)};
    double *fields[] = {&bar.close, &bar.open, &bar.high, &bar.low, &bar.volume, &bar.buy_volume};
    uint8_t given = take_byte(in); /* those whose bit is not set follow the close */
    for (int i = 0; i < 6; i++)
        *fields[i] = i == 0 || given >> i & 1 ? take_double(in) : bar.close;
    return bar;
}

static int is_good_bar(const Bar *bar)
{
    const double fields[] = {bar->open,  bar->high,   bar->low,
                             bar->close, bar->volume, bar->buy_volume};
    for (int i = 0; i < 6; i++)
        if (!(fabs(fields[i]) <= HQ_VALUE_MAX))
            return 0;
    return 1;
}

static int same_double(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

#endif
