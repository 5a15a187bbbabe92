/*
 * A strategy over a file of bars: its signals bar by bar, as a live program has them, then a
 * backtest of the same in one call.
 *
 *     strategy_c BARS.csv STRATEGY
 *
 * STRATEGY is a text (.hq), which libhquant_dsl compiles by a Python that has hquant-cffi, or a
 * compiled program (.hqbc), which needs no Python.
 *
 * With CMake: see CMakeLists.txt. Without:
 *     cc -std=c11 main.c csv.c $(pkg-config --cflags --libs hquant) -o strategy_c
 */
#include "csv.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hquant/backtest.h>
#include <hquant/metrics.h>

enum { RING_BARS = 1000, DAYS_PER_YEAR = 252 }; /* daily bars of an exchange */

/* Everything that a call may have left behind; NULL where there is nothing. */
typedef struct Example {
    Table table;
    uint8_t *source; /* the strategy, text or program */
    size_t source_size;
    HQuant *engine;
    HqProgram *program;
    HqTrade *trades;
    int64_t *time;
    double *equity;
} Example;

/* Say why the last call failed. A text that does not compile has all its diagnostics. */
static int complain(const char *what)
{
    const HqError *error = hq_last_error();
    if (error->diagnostics[0])
        fprintf(stderr, "%s\n", error->diagnostics);
    else
        fprintf(stderr, "%s: %s: %s\n", what, hq_status_name(error->code), error->message);
    return 0;
}

static int read_file(const char *path, uint8_t **bytes, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return 0;
    }
    size_t capacity = 1 << 17; /* a strategy is at most 64 KiB of text */
    *bytes = malloc(capacity);
    *size = *bytes ? fread(*bytes, 1, capacity, file) : 0;
    const char *why = !*bytes             ? "out of memory"
                      : ferror(file)      ? strerror(errno)
                      : *size == capacity ? "expected a strategy, found a file that is larger"
                                          : NULL;
    fclose(file);
    if (why)
        fprintf(stderr, "%s: %s\n", path, why);
    return !why;
}

static const char *action_name(Action action)
{
    return action == ACTION_BUY ? "buy" : action == ACTION_SELL ? "sell" : "hold";
}

/* Compile the strategy, or load it, and see that the bars have what it reads. */
static int load_program(Example *example, const char *name, const char *bars_name)
{
    if (hq_program_compile((const uint8_t *)name, strlen(name), example->source,
                           example->source_size, &example->program) != HQ_OK)
        return complain(name);
    if (!hq_program_reads_buy_volume(example->program) || example->table.has_buy_volume)
        return 1;
    fprintf(stderr, "%s: reads buy_volume, but %s has no such column\n", name, bars_name);
    return 0;
}

/* ------------------------------------------------------------------ bar by bar */

static int print_signals(Example *example, const char *name)
{
    example->engine = hquant_new(RING_BARS);
    if (!example->engine)
        return complain("engine");
    if (!hquant_add_strategy(example->engine, (const uint8_t *)name, strlen(name),
                             example->source, example->source_size))
        return complain(name);
    for (size_t i = 0; i < example->table.length; i++) {
        /* hquant_push_bar() would ignore a bad bar in silence; this says so. And a block, of one
         * bar here, can be without buy_volume; hq_push_bar() always has a number for it. */
        const HqBars bar = table_rows(&example->table, i, 1);
        if (hq_push_bars(example->engine, &bar, NULL) != HQ_OK)
            return complain("bar");
        Signal signals[4];
        const size_t count = hquant_poll_signals(example->engine, signals, 4);
        for (size_t k = 0; k < count; k++)
            printf("signal %" PRId64 " %s %.2f\n", signals[k].timestamp,
                   action_name(signals[k].action), bar.close[0]);
    }
    return 1;
}

/* ----------------------------------------------------------------- in one call */

/* Room for a value a bar, and for as many trades as hq_backtest_run() says there can be: two for each
 * signal, one of which is on every bar at the most, and two that are open at the end. */
static int make_room(Example *example, HqBacktestOutput *output)
{
    const size_t steps = example->table.length, trades = 2 * steps + 2;
    example->time = malloc(steps * sizeof *example->time);
    example->equity = malloc(steps * sizeof *example->equity);
    example->trades = malloc(trades * sizeof *example->trades);
    if (!example->time || !example->equity || !example->trades) {
        fprintf(stderr, "out of memory\n");
        return 0;
    }
    *output = (HqBacktestOutput){.struct_size = sizeof *output};
    output->steps_cap = steps;
    output->time = example->time;
    output->equity = example->equity;
    output->trades = example->trades;
    output->trades_cap = trades;
    return 1;
}

static int find_metrics(const Example *example, const HqBacktestReport *report,
                        const HqBacktestOutput *output, double initial, HqMetrics *metrics)
{
    HqMetricsInput input;
    hq_metrics_input_init(&input);
    input.length = report->steps;
    input.time = example->time;
    input.equity = example->equity;
    input.trades = example->trades;
    input.n_trades = output->trades_len;
    input.initial = initial;
    input.periods_per_year = input.days_per_year = DAYS_PER_YEAR;
    *metrics = (HqMetrics){.struct_size = sizeof *metrics};
    return hq_metrics(&input, metrics) == HQ_OK || complain("metrics");
}

static void print_report(const HqBacktestReport *report, const HqMetrics *metrics)
{
    printf("bars %" PRIu64 "\n", report->bars);
    printf("signals %" PRIu64 "\n", report->signals);
    printf("trades %" PRIu64 " closed, %" PRIu64 " open\n", report->trades, report->open_trades);
    printf("final equity %.6f\n", report->final_equity);
    printf("total return %.6f\n", report->total_return);
    printf("max drawdown %.6f\n", report->max_drawdown);
    printf("fees %.6f\n", report->fees);
    printf("cagr %.6f\n", metrics->cagr);
    printf("sharpe %.6f\n", metrics->sharpe);
    printf("win rate %.6f\n", metrics->win_rate);
    printf("profit factor %.6f\n", metrics->profit_factor);
}

static int run_backtest(Example *example)
{
    HqBacktestOutput output;
    if (!make_room(example, &output))
        return 0;
    const HqBars bars = table_rows(&example->table, 0, example->table.length);
    HqSymbol symbol;
    hq_symbol_init(&symbol);
    symbol.bars = &bars;
    symbol.program = example->program;
    HqBacktestOptions options;
    hq_backtest_options_init(&options);
    options.account.taker_fee_rate = options.account.maker_fee_rate = 0.0004;
    HqBacktestReport report = {.struct_size = sizeof report};
    if (hq_backtest_run(&symbol, 1, NULL, 0, &options, &report, &output) != HQ_OK)
        return complain("backtest");
    HqMetrics metrics;
    if (!find_metrics(example, &report, &output, options.account.initial_margin, &metrics))
        return 0;
    print_report(&report, &metrics);
    return 1;
}

int main(int count, char **arguments)
{
    if (count != 3) {
        fprintf(stderr, "usage: %s BARS.csv STRATEGY.hq|STRATEGY.hqbc\n", arguments[0]);
        return 2;
    }
    Example example = {0};
    const int is_done = table_read(&example.table, arguments[1]) &&
                        read_file(arguments[2], &example.source, &example.source_size) &&
                        load_program(&example, arguments[2], arguments[1]) &&
                        print_signals(&example, arguments[2]) && run_backtest(&example);
    hquant_free(example.engine);
    hq_program_free(example.program);
    free(example.trades);
    free(example.time);
    free(example.equity);
    free(example.source);
    table_free(&example.table);
    return is_done ? 0 : 1;
}
