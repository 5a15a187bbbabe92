/* A block of bars is the bars one by one: every row of the table and every operation, any block size,
 * any width of vectors. */
#include "check.h"
#include "graph/block.h"
#include "hquant/simd.h"
#include "indicator/average.h"
#include "indicator/list.h"
#include "indicator/momentum.h"

enum { BARS = 700, MORE = 60, TAPES = 4 };

static uint64_t state;

static double uniform(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (double)(state >> 11) / 9007199254740992.0;
}

/* Fields of a bar and its time. Tapes: a walk; with unknown values; flat stretches; huge values. */
static void next_bar(int tape, size_t i, double *fields)
{
    static double price;
    if (i == 0)
        price = 100;
    if (tape != 2 || i % 40 < 20)
        price *= 1 + (uniform() - 0.5) / 20;
    double scale = tape == 3 && uniform() < 0.02 ? 1e300 : 1;
    double high = price * (1 + uniform() / 50), low = price * (1 - uniform() / 50);
    double bar[] = {price * scale, high * scale, low * scale, price * (2 - scale / 1e300), 1e4 * uniform(),
                    1e3 * uniform(), (double)(i * 60000)};
    for (int f = 0; f < HQ_BAR_SLOTS; f++)
        fields[f] = tape == 1 && f < HQ_FIELD_COUNT && uniform() < 0.03 ? NAN : bar[f];
}

static double some_param(const HqParamInfo *info)
{
    double value = isnan(info->default_value) ? 2 + floor(9 * uniform()) : info->default_value;
    if (info->is_integer && info->maximum > 100 && value > 1 && uniform() < 0.5)
        value += floor(5 * uniform());
    return value > info->maximum ? info->maximum : value < info->minimum ? info->minimum : value;
}

static void add_row(HqGraph *graph, const HqRow *row, uint32_t condition)
{
    uint32_t in[HQ_MAX_INPUTS];
    double params[HQ_MAX_PARAMS];
    for (uint32_t k = 0; k < row->info.n_inputs; k++) {
        int32_t field = row->info.inputs[k].field;
        in[k] = row->info.inputs[k].is_boolean ? condition : field >= 0 ? (uint32_t)field : k;
    }
    for (uint32_t k = 0; k < row->info.n_params; k++)
        params[k] = some_param(&row->info.params[k]);
    if (hq_row_check_params(row, params) == HQ_OK)
        CHECK(hq_graph_indicator(graph, row, in, params) != HQ_NO_SLOT);
}

/* Recurrences over whatever there is, each other too: they run side by side, some in the same loop
 * as what they read, others not before it. */
static void add_cascades(HqGraph *graph)
{
    static const HqRow *const rows[] = {&hq_row_ema, &hq_row_rma, &hq_row_rsi, &hq_row_macd,
                                        &hq_row_ema_talib, &hq_row_rsi_talib, &hq_row_sma};
    uint32_t newest = HQ_FIELD_CLOSE;
    for (int i = 0; i < 150; i++) {
        const HqRow *row = rows[(size_t)(uniform() * (double)(sizeof rows / sizeof rows[0]))];
        uint32_t any = graph->nodes[(uint32_t)(uniform() * graph->n_nodes)].out;
        const uint32_t in[] = {uniform() < 0.5 ? newest : any};
        const double params[] = {1 + floor(9 * uniform()), 11, 2 + floor(9 * uniform())};
        newest = hq_graph_indicator(graph, row, in, params);
        CHECK(newest != HQ_NO_SLOT);
        newest += row == &hq_row_macd ? (uint32_t)(3 * uniform()) : 0;
        if (i % 10 == 0)
            newest = HQ_FIELD_CLOSE;
    }
}

/* Windows of any kind: short, of two halves, long; odd and even. */
static void add_windows(HqGraph *graph)
{
    static const HqRow *const rows[] = {&hq_row_sma, &hq_row_stddev, &hq_row_sum};
    const uint32_t close[] = {HQ_FIELD_CLOSE};
    for (int i = 0; i < 24; i++) {
        const double params[] = {100 + floor(200 * uniform())};
        CHECK(hq_graph_indicator(graph, rows[i % 3], close, params) != HQ_NO_SLOT);
    }
    for (double period = 2; period < 70; period += 3) { /* many segments in a block */
        CHECK(hq_graph_indicator(graph, &hq_row_sma, close, &period) != HQ_NO_SLOT);
        CHECK(hq_graph_indicator(graph, &hq_row_stddev, close, &period) != HQ_NO_SLOT);
    }
    for (double period = 128; period < 260; period += 43) {
        CHECK(hq_graph_indicator(graph, &hq_row_sma, close, &period) != HQ_NO_SLOT);
        CHECK(hq_graph_indicator(graph, &hq_row_stddev, close, &period) != HQ_NO_SLOT);
    }
}

/* Everything that there is, over the fields, a constant and a few averages. */
static void add_everything(HqGraph *graph)
{
    const HqOp *greater = hq_op_find(HQ_OP_GT);
    const uint32_t up[] = {HQ_FIELD_CLOSE, HQ_FIELD_OPEN};
    uint32_t condition = hq_graph_op(graph, greater, up);
    hq_graph_constant(graph, 2.5);
    for (size_t i = 0; i < hq_indicator_count(); i++) {
        const HqRow *row = hq_row_find(hq_indicator_info(i)->code);
        add_row(graph, row, condition);
        add_row(graph, hq_row_in_mode(row, HQ_MODE_TALIB), condition);
    }
    add_cascades(graph);
    add_windows(graph);
    uint32_t n = graph->n_nodes;
    for (uint32_t code = 0; code < 128; code++) {
        const HqOp *op = hq_op_find(code);
        for (int k = 0; op && k < 20; k++) {
            uint32_t in[2] = {graph->nodes[(uint32_t)(uniform() * n)].out,
                              graph->nodes[(uint32_t)(uniform() * n)].out};
            if (op->operand_type == HQ_CONDITION)
                in[0] = in[1] = condition;
            hq_graph_op(graph, op, in);
        }
    }
}

static bool same(double a, double b)
{
    return (isnan(a) && isnan(b)) || memcmp(&a, &b, sizeof a) == 0;
}

/* One check a bar: all of its slots, or those that have a column. */
static void compare_line(const HqGraph *stream, const double *line, double *const *column, size_t t)
{
    uint32_t slot = 0, n = stream->n_slots;
    while (slot < n && ((column && !column[slot]) ||
                        same(column ? column[slot][t] : line[slot], stream->line[slot])))
        slot++;
    CHECK(slot == n);
}

/* Where all bars are valid, averages settle as in an engine: the steps of the steady path are no others. */
static void push_one(HqGraph *graph, const double *fields, bool is_valid)
{
    if (is_valid && graph->started)
        hq_graph_settle(graph);
    hq_graph_next_line(graph);
    memcpy(graph->line, fields, HQ_BAR_SLOTS * sizeof *fields);
    hq_graph_push(graph);
}

static void fill_columns(const HqBlock *block, double (*bars)[HQ_BAR_SLOTS], size_t n)
{
    for (uint32_t f = 0; f < HQ_BAR_SLOTS; f++)
        for (size_t t = 0; t < n; t++)
            block->column[f][t] = bars[t][f];
}

static void compare_block(HqGraph *stream, const HqBlock *block, double (*bars)[HQ_BAR_SLOTS],
                          size_t n, bool is_valid)
{
    for (size_t t = 0; t < n; t++) {
        push_one(stream, bars[t], is_valid);
        compare_line(stream, NULL, block->column, t);
    }
    compare_line(stream, block->graph->line, NULL, 0); /* memory, too */
}

/* That the law above is one of something: of each node's steps, other than its own, and of joined ones. */
static void check_settled(const HqGraph *graph, bool is_valid)
{
    uint32_t settled = 0, joined = 0;
    for (uint32_t i = 0; i < graph->n_nodes; i++) {
        const HqNode *link = graph->chain;
        while (link->out != graph->nodes[i].out)
            link++;
        settled += link->push != graph->nodes[i].push;
        joined += link->joins > 0;
    }
    CHECK(is_valid ? settled > 50 && joined > 3 : graph->chain == graph->nodes);
}

static void run_tape(int tape, size_t capacity)
{
    static double bars[BARS + MORE][HQ_BAR_SLOTS];
    HqGraph stream, blocks;
    HqBlock block;
    const bool is_valid = tape == 0 || tape == 2;
    CHECK(hq_graph_init(&stream, 0) == HQ_OK && hq_graph_init(&blocks, 0) == HQ_OK);
    uint64_t seed = state = 88172645463325252u + (uint64_t)tape;
    add_everything(&stream);
    state = seed;
    add_everything(&blocks);
    CHECK(stream.n_slots == blocks.n_slots && stream.n_nodes > 300);
    CHECK(hq_block_init(&block, &blocks, capacity) == HQ_OK);
    for (size_t i = 0; i < BARS + MORE; i++)
        next_bar(tape, i, bars[i]);
    for (size_t from = 0, n; from < BARS; from += n) {
        n = 1 + (size_t)(uniform() * (double)capacity);
        n = n > capacity ? capacity : n > BARS - from ? BARS - from : n;
        fill_columns(&block, bars + from, n);
        hq_block_run(&block, n);
        compare_block(&stream, &block, bars + from, n, is_valid);
    }
    hq_block_destroy(&block);
    for (size_t i = BARS; i < BARS + MORE; i++) { /* a stream goes on where blocks end */
        push_one(&stream, bars[i], is_valid);
        push_one(&blocks, bars[i], false);
        compare_line(&stream, blocks.line, NULL, 0);
    }
    check_settled(&stream, is_valid);
    hq_graph_destroy(&stream);
    hq_graph_destroy(&blocks);
}

/* More of them than are compared at once, each asked for again: no node is added. */
static void equal_nodes_are_one(void)
{
    HqGraph graph;
    const uint32_t close[] = {HQ_FIELD_CLOSE};
    uint32_t slots[99], n_nodes = 0;
    CHECK(hq_graph_init(&graph, 0) == HQ_OK);
    for (int again = 0; again < 2; again++) {
        for (int i = 0; i < 99; i++) {
            const double period = 2 + i;
            uint32_t slot = hq_graph_indicator(&graph, &hq_row_sma, close, &period);
            CHECK(again ? slot == slots[i] : slot != HQ_NO_SLOT);
            slots[i] = slot;
        }
        CHECK(graph.n_nodes > 64 && (!again || graph.n_nodes == n_nodes));
        n_nodes = graph.n_nodes;
    }
    hq_graph_destroy(&graph);
}

int main(void)
{
    equal_nodes_are_one();
    static const size_t capacities[] = {1, 2, 3, 7, 64, 300, BARS};
    for (int tape = 0; tape < TAPES; tape++) /* as they come, before anybody sets a limit */
        run_tape(tape, BARS);
    for (uint32_t level = HQ_SIMD_BASELINE; level <= HQ_SIMD_AVX512; level++) {
        CHECK(hq_simd_limit(level) == HQ_OK);
        for (int tape = 0; tape < TAPES; tape++)
            for (size_t i = 0; i < sizeof capacities / sizeof capacities[0]; i++)
                if (i % 2 == level % 2 || capacities[i] >= 300) /* segments side by side */
                    run_tape(tape, capacities[i]);
    }
    return check_report("test_block");
}
