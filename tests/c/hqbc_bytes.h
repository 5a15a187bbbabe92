/* Compiled programs by hand: docs/hqbc.md, section by section. Shares no code with the library but
 * the checksum. */
#ifndef HQ_TESTS_HQBC_BYTES_H
#define HQ_TESTS_HQBC_BYTES_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/crc32.h"

enum { STRINGS, PARAMS, TIMEFRAMES, NODES, INPUTS, NODE_PARAMS, CONSTANTS, CODE, RULES, CLAUSES,
       LINES, N_SECTIONS };
enum { OP_SERIES = 0, OP_CONST, OP_PARAM, OP_NODE, OP_OUT, OP_LAST, OP_ADD = 32, OP_LT = 48,
       OP_GT = 50, OP_NOT = 64 };
enum { OPEN_, HIGH_, LOW_, CLOSE_, VOLUME_, BUY_VOLUME_ };
enum { BUY = 1, SELL, HOLD };

#define NO_PARAM 0xFFFFFFFFu

typedef struct Hqbc {
    uint8_t section[N_SECTIONS][4096];
    uint32_t size[N_SECTIONS]; /* bytes */
    uint32_t n_code, n_nodes, n_inputs, n_node_params, n_constants;
} Hqbc;

typedef struct Bytes {
    uint8_t at[8192];
    size_t size;
} Bytes;

static inline void le(uint8_t *at, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

static inline void put(Hqbc *h, int section, uint64_t value, int bytes)
{
    le(h->section[section] + h->size[section], value, bytes);
    h->size[section] += (uint32_t)bytes;
}

static inline void put_f64(Hqbc *h, int section, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    put(h, section, bits, 8);
}

/* ------------------------------------------------------------------- entries */

static inline uint32_t code(Hqbc *h, uint32_t op, uint32_t timeframe, uint32_t a, uint32_t b)
{
    put(h, CODE, op, 2);
    put(h, CODE, timeframe, 1);
    put(h, CODE, 0, 1);
    put(h, CODE, a, 4);
    put(h, CODE, b, 4);
    put(h, CODE, 0, 4);
    put(h, LINES, h->n_code + 1, 4); /* each instruction on a line of its own */
    put(h, LINES, 1, 4);
    return h->n_code++;
}

static inline uint32_t series(Hqbc *h, uint32_t field, uint32_t timeframe)
{
    return code(h, OP_SERIES, timeframe, field, 0);
}

static inline uint32_t constant(Hqbc *h, double value)
{
    put_f64(h, CONSTANTS, value);
    return code(h, OP_CONST, 0, h->n_constants++, 0);
}

static inline void node_input(Hqbc *h, uint32_t reg)
{
    put(h, INPUTS, reg, 4);
    h->n_inputs++;
}

static inline void node_param(Hqbc *h, uint32_t param, double value)
{
    put(h, NODE_PARAMS, param, 4);
    put(h, NODE_PARAMS, 0, 4);
    put_f64(h, NODE_PARAMS, value);
    h->n_node_params++;
}

/* The node's entry and its instruction; its inputs and params are the newest entries. */
static inline uint32_t node(Hqbc *h, uint32_t row, uint32_t timeframe, uint32_t inputs,
                            uint32_t params)
{
    put(h, NODES, row, 2);
    put(h, NODES, 0, 1);
    put(h, NODES, timeframe, 1);
    put(h, NODES, inputs, 1);
    put(h, NODES, params, 1);
    put(h, NODES, 0, 2);
    put(h, NODES, h->n_inputs - inputs, 4);
    put(h, NODES, h->n_node_params - params, 4);
    return code(h, OP_NODE, timeframe, h->n_nodes++, 0);
}

static inline uint32_t node1(Hqbc *h, uint32_t row, uint32_t timeframe, uint32_t x, double period)
{
    node_input(h, x);
    node_param(h, NO_PARAM, period);
    return node(h, row, timeframe, 1, 1);
}

static inline void param(Hqbc *h, const char *name, double value, double minimum, double maximum,
                         double step)
{
    uint32_t length = (uint32_t)strlen(name), offset = h->size[STRINGS];
    memcpy(h->section[STRINGS] + offset, name, length);
    h->size[STRINGS] += length;
    put_f64(h, PARAMS, value);
    put_f64(h, PARAMS, minimum);
    put_f64(h, PARAMS, maximum);
    put_f64(h, PARAMS, step);
    put(h, PARAMS, offset, 4);
    put(h, PARAMS, length, 4);
}

static inline void timeframe(Hqbc *h, int64_t ms) { put(h, TIMEFRAMES, (uint64_t)ms, 8); }

static inline void rule(Hqbc *h, uint32_t condition, uint32_t action, uint32_t n_clauses,
                        uint32_t first_clause, uint32_t line)
{
    put(h, RULES, condition, 4);
    put(h, RULES, action, 1);
    put(h, RULES, n_clauses, 1);
    put(h, RULES, 0, 2);
    put(h, RULES, first_clause, 4);
    put(h, RULES, line, 4);
}

static inline void clause(Hqbc *h, uint32_t kind, uint32_t unit, uint32_t reg)
{
    put(h, CLAUSES, kind, 1);
    put(h, CLAUSES, unit, 1);
    put(h, CLAUSES, 0, 2);
    put(h, CLAUSES, reg, 4);
}

/* ---------------------------------------------------------------------- file */

/* Write the checksum again, after bytes have been changed. */
static inline void seal(Bytes *b) { le(b->at + 12, hq_crc32(0, b->at + 16, b->size - 16), 4); }

static inline Bytes build(const Hqbc *h)
{
    Bytes b = {.size = 160};
    memcpy(b.at, "HQBC\1\0\0\0", 8);
    le(b.at + 16, N_SECTIONS, 4);
    for (int i = 0; i < N_SECTIONS; i++) {
        uint8_t *entry = b.at + 24 + 12 * i;
        le(entry, (uint64_t)i + 1, 4);
        le(entry + 4, b.size, 4);
        le(entry + 8, h->size[i], 4);
        memcpy(b.at + b.size, h->section[i], h->size[i]);
        b.size += (h->size[i] + 7) / 8 * 8;
    }
    le(b.at + 8, b.size, 4);
    seal(&b);
    return b;
}

#endif
