/* Compiled strategies for C tests, put together by docs/hqbc.md: no compiler is at hand here. */
#ifndef HQ_TESTS_C_PROGRAM_H
#define HQ_TESTS_C_PROGRAM_H

#include "../fuzz/frame.h"

enum { PROGRAM_SIZE = 1024 };

typedef struct Bytes {
    uint8_t at[512];
    uint32_t size;
} Bytes;

static void put_int(Bytes *to, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        to->at[to->size++] = (uint8_t)(value >> 8 * i);
}

static void put_f64(Bytes *to, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    put_int(to, bits, 8);
}

static void put_code(Bytes *to, unsigned op, unsigned timeframe, uint32_t a, uint32_t b)
{
    put_int(to, op | timeframe << 16, 4);
    put_int(to, a, 4);
    put_int(to, b, 4);
    put_int(to, 0, 4);
}

static void put_node(Bytes *to, unsigned code, unsigned timeframe, unsigned inputs, unsigned params,
                     uint32_t first_input, uint32_t first_param)
{
    put_int(to, code, 2);
    put_int(to, timeframe << 8 | inputs << 16 | (uint64_t)params << 24, 4);
    put_int(to, 0, 2);
    put_int(to, first_input, 4);
    put_int(to, first_param, 4);
}

static void put_rule(Bytes *to, uint32_t condition, unsigned action)
{
    put_int(to, condition, 4);
    put_int(to, action, 4);
    put_int(to, 0, 4);
    put_int(to, 1, 4);
}

static size_t put_together(const Bytes *sections, uint8_t *out)
{
    FrameSection views[FRAME_SECTIONS];
    for (int i = 0; i < FRAME_SECTIONS; i++)
        views[i] = (FrameSection){sections[i].at, sections[i].size};
    return frame_join(views, out, PROGRAM_SIZE);
}

enum { STRINGS, PARAMS, TIMEFRAMES, NODES, INPUTS, NODE_PARAMS, CONSTANTS, CODE, RULES };

/*
 * PARAM n = 3 IN 1..50 STEP 1
 * IF CROSSOVER(EMA(close, 2), SMA(close, n)) THEN BUY
 * IF close > `threshold` THEN SELL
 */
static inline size_t program_crossing(double threshold, uint8_t *out)
{
    Bytes s[FRAME_SECTIONS] = {0};
    put_int(&s[STRINGS], 'n', 1);
    put_f64(&s[PARAMS], 3);
    put_f64(&s[PARAMS], 1);
    put_f64(&s[PARAMS], 50);
    put_f64(&s[PARAMS], 1);
    put_int(&s[PARAMS], 0, 4);
    put_int(&s[PARAMS], 1, 4);
    put_node(&s[NODES], 1, 0, 1, 1, 0, 0);
    put_node(&s[NODES], 2, 0, 1, 1, 1, 1);
    put_node(&s[NODES], 64, 0, 2, 0, 2, 2);
    for (int i = 0; i < 4; i++)
        put_int(&s[INPUTS], (const uint32_t[]){0, 0, 2, 1}[i], 4);
    put_int(&s[NODE_PARAMS], 0, 8);
    put_f64(&s[NODE_PARAMS], 0);
    put_int(&s[NODE_PARAMS], 0xFFFFFFFF, 8);
    put_f64(&s[NODE_PARAMS], 2);
    put_f64(&s[CONSTANTS], threshold);
    put_code(&s[CODE], 0, 0, 3, 0);
    for (uint32_t node = 0; node < 3; node++)
        put_code(&s[CODE], 3, 0, node, 0);
    put_code(&s[CODE], 1, 0, 0, 0);
    put_code(&s[CODE], 50, 0, 0, 4);
    put_rule(&s[RULES], 3, 1);
    put_rule(&s[RULES], 5, 2);
    return put_together(s, out);
}

/* IF EMA(close@`period_ms`, 2) < close THEN BUY */
static inline size_t program_across(int64_t period_ms, uint8_t *out)
{
    Bytes s[FRAME_SECTIONS] = {0};
    put_int(&s[TIMEFRAMES], (uint64_t)period_ms, 8);
    put_node(&s[NODES], 2, 1, 1, 1, 0, 0);
    put_int(&s[INPUTS], 0, 4);
    put_int(&s[NODE_PARAMS], 0xFFFFFFFF, 8);
    put_f64(&s[NODE_PARAMS], 2);
    put_code(&s[CODE], 0, 1, 3, 0);
    put_code(&s[CODE], 3, 1, 0, 0);
    put_code(&s[CODE], 5, 0, 1, 0);
    put_code(&s[CODE], 0, 0, 3, 0);
    put_code(&s[CODE], 48, 0, 2, 3);
    put_rule(&s[RULES], 4, 1);
    return put_together(s, out);
}

#endif
