/*
 * Bytes as a compiled program: loaded as they are, then with a right frame, so that what is fuzzed
 * is the sections. What loads is disassembled and run, and the ways of running it must agree: a
 * backtest, an engine fed bar by bar, one whose every bar is revised before it is final, and an
 * engine of several periods with and without such revisions.
 */
#include <math.h>

#include "frame.h"
#include "hquant/backtest.h"
#include "hquant/market.h"
#include "require.h"
#include "vm/program.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

enum { BARS = 100, LATE = 60, RING = 40 };
/* Bigger windows cost memory, not code paths: a program of 1 MiB may ask for 64 GB. */
enum { WINDOW_MAX = 512, CODE_MAX = 2048 };

static int64_t timestamps[BARS];
static double columns[6][BARS];
static const HqBars bars = {timestamps, columns[0], columns[1], columns[2],
                            columns[3], columns[4], columns[5], BARS};

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    for (int i = 0; i < BARS; i++) {
        double close = 100 + 10 * sin(i * 0.4) + (i * 7 % 5); /* turns, ties; flat below */
        if (i >= 70 && i < 80)
            close = 100;
        timestamps[i] = 60000 * (int64_t)i;
        columns[0][i] = close - 1 + i % 3;
        columns[1][i] = close + 2;
        columns[2][i] = close - 2;
        columns[3][i] = close;
        columns[4][i] = i % 11;
        columns[5][i] = i % 11 * 0.5;
    }
    return 0;
}

static void disassemble(const HqProgram *program)
{
    static char whole[FRAME_SIZE_MAX * 8], cut[64];
    size_t size = hq_program_disassemble(program, NULL, 0);
    REQUIRE(hq_program_disassemble(program, cut, sizeof cut) == size);
    REQUIRE(strlen(cut) == (size < sizeof cut ? size : sizeof cut - 1));
    REQUIRE(hq_program_disassemble(program, whole, sizeof whole) == size);
    REQUIRE(size >= sizeof whole || strlen(whole) == size);
    REQUIRE(memcmp(whole, cut, strlen(cut)) == 0);
}

static void inspect(const HqProgram *program)
{
    HqProgramParam param;
    size_t count = hq_program_param_count(program);
    for (size_t i = 0; i < count; i++)
        REQUIRE(hq_program_param(program, i, &param) == HQ_OK && strlen(param.name) < 65536);
    REQUIRE(hq_program_param(program, count, &param) == HQ_ENOTFOUND);
    for (size_t i = 0; i < hq_program_timeframe_count(program); i++)
        REQUIRE(hq_program_timeframe(program, i) > 0);
    disassemble(program);
}

static int is_small(const HqProgram *program)
{
    for (uint32_t i = 0; i < program->n_node_params; i++) {
        const HqNodeParam *p = &program->node_params[i];
        double value = p->param == HQ_NO_PARAM ? p->value : program->params[p->param].value;
        if (!(value <= WINDOW_MAX))
            return 0;
    }
    return program->n_code <= CODE_MAX;
}

static HqStatus push(HQuant *engine, int i, double off,
                     HqStatus (*call)(HQuant *, int64_t, double, double, double, double, double,
                                      double))
{
    return call(engine, timestamps[i], columns[0][i] + off, columns[1][i] * (1 + off),
                columns[2][i], columns[3][i] - off, columns[4][i], columns[5][i] + off);
}

/* The action of a poll that may hold one signal at the most; 0 for none. */
static uint8_t poll(HQuant *engine, int i)
{
    static const uint8_t zero[3] = {0};
    Signal signals[2];
    size_t count = hquant_poll_signals(engine, signals, 2);
    REQUIRE(count <= 1 && hquant_signals_len(engine) == 0);
    if (count == 0)
        return 0;
    REQUIRE(signals[0].strategy_id == 1 && signals[0].timestamp == timestamps[i]);
    REQUIRE(signals[0].action >= 1 && signals[0].action <= 3);
    REQUIRE(memcmp((const uint8_t *)&signals[0] + 5, zero, 3) == 0);
    return signals[0].action;
}

static void run_engine(const uint8_t *bytes, size_t size, const uint8_t *actions)
{
    HQuant *plain = hquant_new(RING), *revised = hquant_new(RING);
    REQUIRE(plain && revised);
    REQUIRE(hquant_add_strategy(plain, NULL, 0, bytes, size) == 1);
    REQUIRE(hquant_add_strategy(revised, NULL, 0, bytes, size) == 1);
    for (int i = 0; i < BARS; i++) {
        REQUIRE(push(plain, i, 0, hq_push_bar) == HQ_OK);
        REQUIRE(poll(plain, i) == actions[i]);
        REQUIRE(push(revised, i, 3.25, hq_push_bar) == HQ_OK);
        poll(revised, i);
        REQUIRE(push(revised, i, 0, hq_update_last_bar) == HQ_OK);
        REQUIRE(poll(revised, i) == actions[i]);
    }
    hquant_free(plain);
    hquant_free(revised);
}

/* A late strategy is what a fresh engine fed the ring's bars has. */
static void run_late(const uint8_t *bytes, size_t size)
{
    HQuant *late = hquant_new(RING), *fresh = hquant_new(RING);
    REQUIRE(late && fresh && hquant_add_strategy(fresh, NULL, 0, bytes, size) == 1);
    for (int i = 0; i < LATE; i++)
        REQUIRE(push(late, i, 0, hq_push_bar) == HQ_OK);
    REQUIRE(hquant_add_strategy(late, NULL, 0, bytes, size) == 1);
    REQUIRE(hquant_signals_len(late) == 0);
    for (int i = LATE - RING; i < BARS; i++) {
        REQUIRE(push(fresh, i, 0, hq_push_bar) == HQ_OK);
        uint8_t action = poll(fresh, i);
        if (i < LATE)
            continue;
        REQUIRE(push(late, i, 0, hq_push_bar) == HQ_OK);
        REQUIRE(poll(late, i) == action);
    }
    hquant_free(late);
    hquant_free(fresh);
}

static HqMulti *make_multi(const HqProgram *program, const uint8_t *bytes, size_t size)
{
    int64_t periods[65] = {60000};
    size_t count = 1;
    HqMulti *multi = NULL;
    for (size_t i = 0; i < hq_program_timeframe_count(program); i++)
        if (hq_program_timeframe(program, i) != 60000)
            periods[count++] = hq_program_timeframe(program, i);
    REQUIRE(hq_multi_new(RING, periods, count, 1, &multi) == HQ_OK);
    REQUIRE(hq_multi_add_strategy(multi, NULL, 0, bytes, size) == 1);
    return multi;
}

/* Final candles alone are evaluated, so it does not matter how often a bar was revised before. */
static void run_multi(const HqProgram *program, const uint8_t *bytes, size_t size,
                      const uint8_t *actions)
{
    HqMulti *plain = make_multi(program, bytes, size), *revised = make_multi(program, bytes, size);
    Signal a, b;
    size_t taken = 0, expected = 0;
    for (int i = 0; i < BARS; i++) {
        Bar bar = {timestamps[i], columns[0][i], columns[1][i], columns[2][i],
                   columns[3][i], columns[4][i], columns[5][i]};
        Bar early = {timestamps[i], 1, 300, 0.5, 7, 9, 4};
        HqStatus status = hq_multi_feed_bar(plain, bar);
        REQUIRE(hq_multi_feed_bar(revised, early) == status &&
                hq_multi_feed_bar(revised, bar) == status);
        expected += actions && actions[i];
    }
    REQUIRE(hq_multi_flush(plain) == HQ_OK && hq_multi_flush(revised) == HQ_OK);
    REQUIRE(hq_multi_signals_len(plain) == hq_multi_signals_len(revised));
    for (; hq_multi_poll_signals(plain, &a, 1) == 1; taken++)
        REQUIRE(hq_multi_poll_signals(revised, &b, 1) == 1 && memcmp(&a, &b, sizeof a) == 0);
    REQUIRE(!actions || taken == expected);
    hq_multi_free(plain);
    hq_multi_free(revised);
}

static void check_report(const HqBacktestReport *r)
{
    REQUIRE(r->bars == BARS && r->signals == r->buy_signals + r->sell_signals + r->hold_signals);
    REQUIRE(r->final_equity >= 0 && r->max_drawdown >= -1 && r->max_drawdown <= 0);
    REQUIRE(r->orders == r->buy_signals + r->sell_signals);
    REQUIRE(r->orders == r->filled_orders + r->ignored_same_side + r->dropped_last_bar +
                             r->rejected_orders);
    REQUIRE(r->filled_orders == r->trades + r->open_trades);
}

static void run(const HqProgram *program, const uint8_t *bytes, size_t size)
{
    HqBacktestOptions options;
    HqBacktestReport report = {.struct_size = sizeof report};
    uint8_t actions[BARS];
    double equity[BARS];
    HqBacktestOutput output = {.struct_size = sizeof output, .steps_cap = BARS, .equity = equity,
                               .actions = actions};
    HqSymbol symbol;
    hq_symbol_init(&symbol);
    symbol.bars = &bars;
    symbol.program = program;
    hq_backtest_options_init(&options);
    options.account.leverage = 5;
    options.account.taker_fee_rate = 0.0004;
    options.account.maintenance_margin_rate = 0.005;
    REQUIRE(hq_backtest_run(&symbol, 1, NULL, 0, &options, &report, &output) == HQ_OK);
    check_report(&report);
    if (hq_program_has_clauses(program)) /* engines refuse it */
        return;
    run_engine(bytes, size, actions);
    run_late(bytes, size);
    run_multi(program, bytes, size, hq_program_timeframe_count(program) ? NULL : actions);
}

static void try_program(const uint8_t *bytes, size_t size)
{
    HqProgram *program = NULL;
    HqStatus status = hq_program_load(bytes, size, &program);
    REQUIRE(status == HQ_OK ? program != NULL : program == NULL && hq_last_error()->message[0]);
    if (program) {
        inspect(program);
        if (is_small(program))
            run(program, bytes, size);
    }
    hq_program_free(program);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t framed[FRAME_SIZE_MAX];
    FrameSection sections[FRAME_SECTIONS];
    try_program(data, size);
    if (size < FRAME_FIRST)
        return 0;
    frame_split(data, size, sections);
    size_t framed_size = frame_join(sections, framed, sizeof framed);
    if (framed_size && (framed_size != size || memcmp(framed, data, size) != 0))
        try_program(framed, framed_size);
    return 0;
}

/* Mutates one section and keeps the frame right; now and then the raw bytes, for its checks. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    static uint8_t mutated[FRAME_SIZE_MAX], framed[FRAME_SIZE_MAX];
    FrameSection sections[FRAME_SECTIONS];
    int which = (int)(seed % (FRAME_SECTIONS + 1));
    if (size < FRAME_FIRST || which == FRAME_SECTIONS)
        return LLVMFuzzerMutate(data, size, max_size);
    frame_split(data, size, sections);
    memcpy(mutated, sections[which].at, sections[which].size);
    size_t length = LLVMFuzzerMutate(mutated, sections[which].size,
                                     sections[which].size + 4 * frame_entry[which]);
    length -= length % frame_entry[which];
    sections[which] = (FrameSection){mutated, (uint32_t)length};
    size_t joined =
        frame_join(sections, framed, sizeof framed < max_size ? sizeof framed : max_size);
    if (joined == 0)
        return size;
    memcpy(data, framed, joined);
    return joined;
}
