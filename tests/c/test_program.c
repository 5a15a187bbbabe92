/* Programs assembled by hand: what loads, what each broken rule of docs/hqbc.md is answered with. */
#include <stdio.h>
#include <stdlib.h>

#include "check.h"
#include "hqbc_bytes.h"
#include "hquant/program.h"

enum { SMA = 1, BOLL = 5, CROSSOVER = 64, BARSSINCE = 69 };

/*
 * PARAM p = 14 IN 10..20 STEP 2
 * IF RSI(p) < 30 THEN BUY SIZE p% STOP high
 * IF CROSSOVER(close, BOLL(close@4h, 20, 2.5).mid) THEN SELL
 * as registers:
 *   r0 close, r1 RSI(r0, p), r2 30, r3 r1 < r2, r4 close@4h, r5 BOLL(r4, 20, 2.5)@4h, r6 its mid,
 *   r7 LAST r6, r8 CROSSOVER(r0, r7), r9 high, r10 p
 */
static Hqbc whole(void)
{
    Hqbc h = {0};
    param(&h, "p", 14, 10, 20, 2);
    timeframe(&h, 14400000);
    uint32_t close = series(&h, CLOSE_, 0);
    node_input(&h, close);
    node_param(&h, 0, 0);
    uint32_t rsi = node(&h, 4, 0, 1, 1);
    uint32_t below = code(&h, OP_LT, 0, rsi, constant(&h, 30));
    uint32_t higher = series(&h, CLOSE_, 1);
    node_input(&h, higher);
    node_param(&h, NO_PARAM, 20);
    node_param(&h, NO_PARAM, 2.5);
    uint32_t boll = node(&h, BOLL, 1, 1, 2);
    uint32_t mid = code(&h, OP_OUT, 1, boll, 1);
    uint32_t last = code(&h, OP_LAST, 0, mid, 0);
    node_input(&h, close);
    node_input(&h, last);
    uint32_t crossed = node(&h, CROSSOVER, 0, 2, 0);
    uint32_t high = series(&h, HIGH_, 0);
    uint32_t p = code(&h, OP_PARAM, 0, 0, 0);
    rule(&h, below, BUY, 2, 0, 7);
    clause(&h, 1, 1, p);
    clause(&h, 2, 0, high);
    rule(&h, crossed, SELL, 0, 2, 8);
    return h;
}

static HqProgram *load(const Hqbc *h)
{
    Bytes b = build(h);
    HqProgram *program = NULL;
    HqStatus status = hq_program_load(b.at, b.size, &program);
    if (status != HQ_OK)
        fprintf(stderr, "%s\n", hq_last_error()->message);
    CHECK(status == HQ_OK && program != NULL);
    return program;
}

/* ----------------------------------------------------------------- what loads */

static void valid_program_answers_what_it_holds(void)
{
    Hqbc h = whole();
    HqProgram *program = load(&h);
    HqProgramParam p;
    CHECK(hq_program_param_count(program) == 1 && hq_program_param(program, 0, &p) == HQ_OK);
    CHECK(strcmp(p.name, "p") == 0 && p.value == 14 && p.minimum == 10 && p.maximum == 20 &&
          p.step == 2);
    CHECK(hq_program_param(program, 1, &p) == HQ_ENOTFOUND);
    CHECK(hq_program_timeframe_count(program) == 1);
    CHECK(hq_program_timeframe(program, 0) == 14400000 && hq_program_timeframe(program, 1) == 0);
    CHECK(hq_program_has_clauses(program) == 1 && hq_program_reads_buy_volume(program) == 0);
    hq_program_free(program);
}

static void empty_program_loads(void)
{
    Hqbc h = {0};
    HqProgram *program = load(&h);
    CHECK(hq_program_param_count(program) == 0 && hq_program_has_clauses(program) == 0);
    hq_program_free(program);
}

static void buy_volume_is_seen(void)
{
    Hqbc h = {0};
    series(&h, BUY_VOLUME_, 0);
    HqProgram *program = load(&h);
    CHECK(hq_program_reads_buy_volume(program) == 1);
    hq_program_free(program);
}

static const char listing[] =
    "HQBC 1.0: 11 instructions, 3 nodes, 1 constants, 1 params, 1 timeframes, 2 rules, 2 clauses, "
    "1 bytes of strings\n"
    "code\n"
    "  r0    SERIES close  ; line 1:1\n"
    "  r1    NODE   RSI(x=r0, period=p)  ; warm-up 14 bars; line 2:1\n"
    "  r2    CONST  30  ; line 3:1\n"
    "  r3    LT     r1, r2  ; line 4:1\n"
    "  r4    SERIES close@14400000ms  ; line 5:1\n"
    "  r5    NODE   BOLL(x=r4, period=20, k=2.5)@14400000ms  ; warm-up 19 bars; line 6:1\n"
    "  r6    OUT    r5.mid  ; line 7:1\n"
    "  r7    LAST   r6  ; line 8:1\n"
    "  r8    NODE   CROSSOVER(a=r0, b=r7)  ; warm-up 1 bars; line 9:1\n"
    "  r9    SERIES high  ; line 10:1\n"
    "  r10   PARAM  p  ; line 11:1\n"
    "nodes\n"
    "  r1    RSI(x=r0, period=p)  ; seed; first value at bar 14; O(1)\n"
    "  r5    BOLL(x=r4, period=20, k=2.5)  ; seed; first value at bar 19 of @14400000ms; O(1) "
    "beside its SMA and STDDEV\n"
    "  r8    CROSSOVER(a=r0, b=r7)  ; seed; first value at bar 1; O(1)\n"
    "  total: 3 nodes, 1 operations a bar; all have values at bar 19 of their clocks\n"
    "params\n"
    "  p = 14 in 10..20 step 2\n"
    "timeframes\n"
    "  14400000 ms\n"
    "rules\n"
    "  IF r3 THEN BUY SIZE r10% STOP r9  ; line 7; not before bar 14, once its timeframes have begun\n"
    "  IF r8 THEN SELL  ; line 8; not before bar 1, once its timeframes have begun\n";

static void disassembly_names_everything(void)
{
    Hqbc h = whole();
    HqProgram *program = load(&h);
    char text[4096];
    size_t length = hq_program_disassemble(program, text, sizeof text);
    CHECK(length == strlen(listing) && strcmp(text, listing) == 0);
    CHECK(hq_program_disassemble(program, NULL, 0) == length);
    memset(text, 'x', sizeof text);
    CHECK(hq_program_disassemble(program, text, 10) == length);
    CHECK(memcmp(text, "HQBC 1.0:\0x", 11) == 0);
    CHECK(hq_program_disassemble(program, text, 1) == length && text[0] == '\0');
    CHECK(hq_program_disassemble(NULL, text, 10) == 0);
    hq_program_free(program);
}

static void disassembled_constants_read_back_the_same(void)
{
    const double values[] = {0.1, 1.0 / 3, 1e-9, 5e-324, 1.7976931348623157e308, -0.0, 123456.789};
    Hqbc h = {0};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        constant(&h, values[i]);
    HqProgram *program = load(&h);
    char text[4096], *at = text;
    hq_program_disassemble(program, text, sizeof text);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        at = strstr(at, "CONST");
        CHECK(at != NULL);
        double found = at ? strtod(at + 5, &at) : 0;
        CHECK(memcmp(&found, &values[i], sizeof found) == 0);
    }
    CHECK(strstr(text, "0.1  ;") && strstr(text, "123456.789  ;"));
    hq_program_free(program);
}

/* ------------------------------------------------------------- broken frames */

static void expect_refused(Bytes b, const char *words)
{
    HqProgram *program = NULL;
    HqStatus status = hq_program_load(b.at, b.size, &program);
    const char *message = hq_last_error()->message;
    int good = status == HQ_EPROGRAM && program == NULL && strstr(message, words) != NULL;
    if (!good)
        fprintf(stderr, "expected \"%s\", found %d \"%s\"\n", words, (int)status, message);
    CHECK(good);
    if (status == HQ_OK)
        hq_program_free(program);
}

/* One byte of the whole program changed and the checksum made right again. */
static void expect_byte_refused(size_t at, uint8_t value, const char *words)
{
    Hqbc h = whole();
    Bytes b = build(&h);
    b.at[at] = value;
    seal(&b);
    expect_refused(b, words);
}

static void broken_header_is_refused(void)
{
    expect_byte_refused(0, 'h', "magic");
    expect_byte_refused(4, 2, "version 1.0 to 1.1, found 2.0");
    expect_byte_refused(6, 2, "version 1.0 to 1.1, found 1.2");
    expect_byte_refused(6, 1, "checksum");
    expect_byte_refused(8, 1, "says");
    expect_byte_refused(16, 10, "11 sections");
    expect_byte_refused(20, 1, "no flags");
    Hqbc h = whole();
    Bytes b = build(&h);
    b.at[12] ^= 1;
    expect_refused(b, "checksum");
    HqProgram *program = NULL;
    CHECK(hq_program_load(NULL, 160, &program) == HQ_EINVAL);
    CHECK(hq_program_load(b.at, b.size, NULL) == HQ_EINVAL);
    uint8_t *huge = calloc((1 << 20) + 1, 1);
    memcpy(huge, b.at, b.size);
    CHECK(hq_program_load(huge, (1 << 20) + 1, &program) == HQ_EPROGRAM && program == NULL);
    CHECK(strstr(hq_last_error()->message, "at most 1048576 bytes") != NULL);
    free(huge);
}

static void broken_section_table_is_refused(void)
{
    expect_byte_refused(24, 2, "expected kind 1");         /* strings twice */
    expect_byte_refused(24 + 12 + 4, 0, "section table");  /* params begin elsewhere */
    expect_byte_refused(24 + 10 * 12 + 10, 1, "section table"); /* lines leave the file */
    expect_byte_refused(24 + 12 + 8, 39, "params: expected at most 256 entries of 40 bytes");
    expect_byte_refused(161, 1, "padding: expected 0 at byte 161"); /* behind the one string */
    Hqbc h = whole();
    Bytes b = build(&h);
    b.size += 8;
    le(b.at + 8, b.size, 4);
    seal(&b);
    expect_refused(b, "section table: ends at");
}

static void too_many_entries_are_refused(void)
{
    Hqbc h = {0};
    for (int i = 0; i < 65; i++)
        timeframe(&h, 60000 * (i + 1));
    expect_refused(build(&h), "timeframes: expected at most 64 entries");
}

static void truncations_are_refused_at_each_length(void)
{
    Hqbc h = whole();
    Bytes b = build(&h);
    size_t refused = 0;
    for (size_t size = 0; size < b.size; size++) {
        uint8_t *exact = malloc(size ? size : 1); /* a read beyond it shows under a sanitizer */
        memcpy(exact, b.at, size);
        HqProgram *program = NULL;
        refused += hq_program_load(exact, size, &program) == HQ_EPROGRAM && program == NULL;
        if (size > 160) { /* the same with size and checksum made right: the table must notice */
            Bytes cut = b;
            cut.size = size;
            le(cut.at + 8, size, 4);
            seal(&cut);
            memcpy(exact, cut.at, size);
            CHECK(hq_program_load(exact, size, &program) == HQ_EPROGRAM && program == NULL);
        }
        free(exact);
    }
    CHECK(refused == b.size);
}

static void every_bit_flip_is_refused(void)
{
    Hqbc h = whole();
    const Bytes b = build(&h);
    size_t refused = 0;
    for (size_t bit = 0; bit < 8 * b.size; bit++) {
        Bytes flipped = b;
        flipped.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
        HqProgram *program = NULL;
        refused += hq_program_load(flipped.at, flipped.size, &program) == HQ_EPROGRAM && !program;
    }
    CHECK(refused == 8 * b.size);
}

/* With the checksum made right the verifier alone stands between a flipped bit and a crash. What it
 * lets through is a valid program, which can be listed. */
static void bit_flips_behind_the_checksum_never_crash(void)
{
    Hqbc h = whole();
    const Bytes b = build(&h);
    size_t loaded = 0, refused = 0;
    char text[4096];
    for (size_t bit = 8 * 16; bit < 8 * b.size; bit++) {
        Bytes flipped = b;
        flipped.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
        seal(&flipped);
        HqProgram *program = NULL;
        if (hq_program_load(flipped.at, flipped.size, &program) == HQ_OK) {
            loaded++;
            CHECK(hq_program_disassemble(program, text, sizeof text) > 0);
        } else {
            refused += program == NULL && hq_last_error()->message[0] != '\0';
        }
        hq_program_free(program);
    }
    CHECK(loaded + refused == 8 * (b.size - 16));
    CHECK(loaded > 100 && refused > 1000);
}

/* -------------------------------------------------------------- broken rules */

static void broken_params_and_tables_are_refused(void)
{
    const double bad_ranges[][4] = {
        {9, 10, 20, 2}, {21, 10, 20, 2}, {14, 10, 20, 0}, {14, 10, 20, -1}, {14, 10, INFINITY, 2},
        {14, NAN, 20, 2}, {14, 10, 20, NAN}, {14, 10, 20, INFINITY},
    };
    for (size_t i = 0; i < sizeof bad_ranges / sizeof *bad_ranges; i++) {
        const double *r = bad_ranges[i];
        Hqbc h = {0};
        param(&h, "p", r[0], r[1], r[2], r[3]);
        expect_refused(build(&h), "param 0: expected minimum <= value <= maximum");
    }
    Hqbc h = {0};
    param(&h, "p", NAN, NAN, NAN, NAN);
    expect_refused(build(&h), "param 0: expected a finite value");
    h = (Hqbc){0};
    param(&h, "", 1, NAN, NAN, NAN);
    expect_refused(build(&h), "param 0: expected a name inside the strings");
    h = (Hqbc){0};
    param(&h, "p", 1, NAN, NAN, NAN);
    le(h.section[PARAMS] + 32, 1, 4); /* the name begins where the strings end */
    expect_refused(build(&h), "param 0: expected a name inside the strings");
    le(h.section[PARAMS] + 32, 0xFFFFFFFF, 4);
    expect_refused(build(&h), "param 0: expected a name inside the strings");
    h = (Hqbc){0};
    param(&h, "p", 1, NAN, NAN, NAN);
    param(&h, "p", 2, NAN, NAN, NAN);
    expect_refused(build(&h), "param 1: expected a name of its own");
    h = (Hqbc){0};
    param(&h, "pq", 1, NAN, NAN, NAN);
    h.section[STRINGS][1] = 0;
    expect_refused(build(&h), "param 0: expected a name in whole UTF-8 characters, without NUL");
    h = (Hqbc){0};
    param(&h, "\xC3\xA9", 1, NAN, NAN, NAN); /* e with an accent, cut in two */
    le(h.section[PARAMS] + 36, 1, 4);
    expect_refused(build(&h), "param 0: expected a name in whole UTF-8 characters, without NUL");
    h = (Hqbc){0};
    param(&h, "pq", 1, NAN, NAN, NAN);
    h.section[STRINGS][1] = 0xFF;
    expect_refused(build(&h), "strings: expected UTF-8");
    h = (Hqbc){0};
    timeframe(&h, 0);
    expect_refused(build(&h), "timeframe 0: expected a period > 0");
    h = (Hqbc){0};
    timeframe(&h, 60000);
    timeframe(&h, 60000);
    expect_refused(build(&h), "timeframe 1: expected a period of its own");
    h = (Hqbc){0};
    constant(&h, INFINITY);
    expect_refused(build(&h), "constant 0: expected a finite number");
    h = (Hqbc){0};
    constant(&h, 1);
    h.size[LINES] -= 8;
    expect_refused(build(&h), "lines: expected one for each of 1 instructions, found 0");
    for (int field = 0; field < 2; field++) {
        h = (Hqbc){0};
        constant(&h, 1);
        le(h.section[LINES] + 4 * field, 0, 4);
        expect_refused(build(&h), "line 0: expected line and column from 1");
    }
}

/* SMA(close, 5), whose node's fields the caller breaks. */
static Hqbc one_node(void)
{
    Hqbc h = {0};
    node1(&h, SMA, 0, series(&h, CLOSE_, 0), 5);
    return h;
}

static void expect_node_refused(size_t at, uint8_t value, const char *words)
{
    Hqbc h = one_node();
    h.section[NODES][at] = value;
    expect_refused(build(&h), words);
}

static void broken_nodes_are_refused(void)
{
    expect_node_refused(0, 200, "node 0: its code is no row of the indicator table");
    expect_node_refused(2, 1, "node 0: expected mode 0");
    expect_node_refused(3, 1, "node 0: its timeframe is not in the table");
    expect_node_refused(4, 2, "node 0: expected as many inputs and parameters as its row has");
    expect_node_refused(5, 0, "node 0: expected as many inputs and parameters as its row has");
    expect_node_refused(6, 1, "node 0: expected 0 in a reserved field");
    expect_node_refused(8, 1, "node 0: its inputs or parameters leave their section");
    expect_node_refused(15, 255, "node 0: its inputs or parameters leave their section");
    const double bad_periods[] = {0, -1, 1.5, 1 << 21, NAN, INFINITY};
    for (size_t i = 0; i < sizeof bad_periods / sizeof *bad_periods; i++) {
        Hqbc h = {0};
        node1(&h, SMA, 0, series(&h, CLOSE_, 0), bad_periods[i]);
        expect_refused(build(&h), "node 0: SMA: period: expected a whole number in 1..");
    }
    Hqbc h = {0};
    node_input(&h, series(&h, CLOSE_, 0));
    node_param(&h, 0, 5); /* there is no param 0 */
    node(&h, SMA, 0, 1, 1);
    expect_refused(build(&h), "node param 0: expected a param below 0");
    h = one_node();
    h.section[NODE_PARAMS][4] = 1;
    expect_refused(build(&h), "node param 0: expected 0 in a reserved field");
    h = (Hqbc){0};
    param(&h, "p", 0.5, NAN, NAN, NAN);
    node_input(&h, series(&h, CLOSE_, 0));
    node_param(&h, 0, 5);
    node(&h, SMA, 0, 1, 1);
    expect_refused(build(&h), "node 0: SMA: period"); /* the PARAM's value counts, not the 5 */
    h = one_node();
    h.size[CODE] -= 16;
    h.size[LINES] -= 8;
    expect_refused(build(&h), "node 0: no NODE instruction names it");
}

static void broken_node_instructions_are_refused(void)
{
    Hqbc h = one_node();
    code(&h, OP_NODE, 0, 0, 0);
    expect_refused(build(&h), "instruction 2: NODE: its node has a NODE instruction already");
    h = one_node();
    code(&h, OP_NODE, 0, 1, 0);
    expect_refused(build(&h), "instruction 2: NODE: no such node");
    h = one_node();
    le(h.section[INPUTS], 1, 4);
    expect_refused(build(&h), "instruction 1: NODE: an input is not defined before it");
    h = (Hqbc){0};
    node_input(&h, series(&h, CLOSE_, 0));
    node(&h, BARSSINCE, 0, 1, 0);
    expect_refused(build(&h), "instruction 1: NODE: an input has the wrong type");
    h = (Hqbc){0};
    timeframe(&h, 60000);
    node_input(&h, series(&h, CLOSE_, 0));
    node_input(&h, series(&h, CLOSE_, 1));
    node(&h, CROSSOVER, 0, 2, 0);
    expect_refused(build(&h), "instruction 2: NODE: its inputs mix timeframes");
    h = (Hqbc){0};
    timeframe(&h, 60000);
    node1(&h, SMA, 0, series(&h, CLOSE_, 1), 5);
    expect_refused(build(&h), "instruction 1: NODE: expected the timeframe of its inputs");
}

typedef struct BadCode {
    uint32_t op, timeframe, a, b;
    const char *words;
} BadCode;

/* r0 close, r1 close@1m, r2 a condition, r3 a constant, then one instruction that breaks a rule. */
static void broken_instructions_are_refused(void)
{
    static const BadCode bad[] = {
        {OP_SERIES, 0, 6, 0, "SERIES: expected a field 0..5"},
        {OP_SERIES, 0, 0, 1, "SERIES: expected a field 0..5"},
        {OP_SERIES, 2, 0, 0, "its timeframe is not in the table"},
        {OP_CONST, 0, 1, 0, "its operand is not in the table"},
        {OP_CONST, 1, 0, 0, "expected the timeframe of its operands"},
        {OP_PARAM, 0, 0, 0, "its operand is not in the table"},
        {OP_OUT, 0, 0, 0, "OUT: expected the register of a NODE before it"},
        {OP_OUT, 0, 4, 0, "OUT: expected the register of a NODE before it"},
        {OP_LAST, 0, 0, 0, "LAST: expected a register of a higher timeframe"},
        {OP_LAST, 0, 3, 0, "LAST: expected a register of a higher timeframe"},
        {OP_LAST, 0, 4, 0, "LAST: expected a register before it"},
        {OP_LAST, 1, 1, 0, "expected the timeframe of its operands"},
        {6, 0, 0, 0, "unknown op"},
        {67, 0, 2, 2, "unknown op"},
        {999, 0, 0, 0, "unknown op"},
        {OP_ADD, 0, 4, 0, "an operand is not defined before it"},
        {OP_ADD, 0, 0, 4, "an operand is not defined before it"},
        {OP_ADD, 0, 0, 0xFFFFFFFF, "an operand is not defined before it"},
        {OP_NOT, 0, 2, 1, "an operand is not defined before it"},
        {OP_ADD, 0, 0, 2, "an operand has the wrong type"},
        {OP_NOT, 0, 0, 0, "an operand has the wrong type"},
        {OP_GT, 0, 0, 1, "its operands mix timeframes"},
        {OP_GT, 0, 1, 3, "expected the timeframe of its operands"},
        {OP_GT, 1, 0, 3, "expected the timeframe of its operands"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Hqbc h = {0};
        timeframe(&h, 60000);
        uint32_t close = series(&h, CLOSE_, 0);
        series(&h, CLOSE_, 1);
        code(&h, OP_GT, 0, close, close);
        constant(&h, 1);
        code(&h, bad[i].op, bad[i].timeframe, bad[i].a, bad[i].b);
        char words[128];
        snprintf(words, sizeof words, "instruction 4: %s", bad[i].words);
        Bytes b = build(&h);
        HqProgram *program = NULL;
        CHECK(hq_program_load(b.at, b.size, &program) == HQ_EPROGRAM);
        CHECK(strstr(hq_last_error()->message, "instruction 4: ") != NULL);
        expect_refused(b, bad[i].words);
    }
    Hqbc h = one_node();
    code(&h, OP_OUT, 0, 1, 1);
    expect_refused(build(&h), "instruction 2: OUT: no such output");
    h = one_node();
    h.section[CODE][3] = 1;
    expect_refused(build(&h), "instruction 0: expected 0 in a reserved field");
    h = one_node();
    h.section[CODE][12] = 1;
    expect_refused(build(&h), "instruction 0: expected 0 in a reserved field");
}

/* r0 close, r1 r0 > r0, r2 close@1m, r3 r2 > r2. */
static Hqbc two_clocks(void)
{
    Hqbc h = {0};
    timeframe(&h, 60000);
    uint32_t close = series(&h, CLOSE_, 0);
    code(&h, OP_GT, 0, close, close);
    uint32_t higher = series(&h, CLOSE_, 1);
    code(&h, OP_GT, 1, higher, higher);
    return h;
}

static void broken_rules_are_refused(void)
{
    const uint32_t bad_conditions[] = {0, 3, 4, 0xFFFFFFFF};
    for (size_t i = 0; i < 4; i++) {
        Hqbc h = two_clocks();
        rule(&h, bad_conditions[i], BUY, 0, 0, 1);
        expect_refused(build(&h), "rule 0: expected a condition on the base clock");
    }
    const uint32_t bad_actions[] = {0, 4, 255};
    for (size_t i = 0; i < 3; i++) {
        Hqbc h = two_clocks();
        rule(&h, 1, bad_actions[i], 0, 0, 1);
        expect_refused(build(&h), "rule 0: expected action 1..3");
    }
    Hqbc h = two_clocks();
    rule(&h, 1, BUY, 1, 0, 1);
    expect_refused(build(&h), "rule 0: expected its clauses after those of the rule before it");
    h = two_clocks();
    rule(&h, 1, BUY, 0, 1, 1);
    expect_refused(build(&h), "rule 0: expected its clauses after those of the rule before it");
    h = two_clocks();
    rule(&h, 1, BUY, 0, 0, 1);
    h.section[RULES][6] = 1;
    expect_refused(build(&h), "rule 0: expected 0 in a reserved field");
}

static void broken_clauses_are_refused(void)
{
    const uint32_t bad[][3] = {{0, 0, 0}, {5, 0, 0}, {1, 2, 0}};
    for (size_t i = 0; i < 3; i++) {
        Hqbc h = two_clocks();
        rule(&h, 1, BUY, 1, 0, 1);
        clause(&h, bad[i][0], bad[i][1], bad[i][2]);
        expect_refused(build(&h), "clause 0: expected kind 1..4 and unit 0..1");
    }
    const uint32_t bad_registers[] = {1, 2, 9};
    for (size_t i = 0; i < 3; i++) {
        Hqbc h = two_clocks();
        rule(&h, 1, BUY, 1, 0, 1);
        clause(&h, 1, 0, bad_registers[i]);
        expect_refused(build(&h), "clause 0: expected a number on the base clock");
    }
    Hqbc h = two_clocks();
    rule(&h, 1, BUY, 2, 0, 1);
    clause(&h, 2, 0, 0);
    clause(&h, 2, 1, 0);
    expect_refused(build(&h), "clause 1: its kind stands twice in the rule");
    h = two_clocks();
    clause(&h, 1, 0, 0);
    expect_refused(build(&h), "clause 0: belongs to no rule");
    h = two_clocks();
    rule(&h, 1, BUY, 1, 0, 1);
    clause(&h, 1, 0, 0);
    h.section[CLAUSES][2] = 1;
    expect_refused(build(&h), "clause 0: expected 0 in a reserved field");
}

int main(void)
{
    valid_program_answers_what_it_holds();
    empty_program_loads();
    buy_volume_is_seen();
    disassembly_names_everything();
    disassembled_constants_read_back_the_same();
    broken_header_is_refused();
    broken_section_table_is_refused();
    too_many_entries_are_refused();
    truncations_are_refused_at_each_length();
    every_bit_flip_is_refused();
    bit_flips_behind_the_checksum_never_crash();
    broken_params_and_tables_are_refused();
    broken_nodes_are_refused();
    broken_node_instructions_are_refused();
    broken_instructions_are_refused();
    broken_rules_are_refused();
    broken_clauses_are_refused();
    return check_report("test_program");
}
