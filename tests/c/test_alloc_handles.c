/* Whatever else allocates: it answers HQ_ENOMEM, leaves nothing behind, and the retry succeeds. */
#include <string.h>

#include "allocation.h"
#include "hquant/backtest.h"
#include "hquant/market.h"
#include "hquant/metrics.h"
#include "program.h"
#include "twins.h"
#include "spec.h"

enum { BARS = 64, MINUTE = 60000 };

static uint8_t program[PROGRAM_SIZE];
static size_t program_size;

static int64_t timestamps[BARS];
static double columns[6][BARS];
static const HqBars bars = {timestamps, columns[0], columns[1], columns[2],
                            columns[3], columns[4], columns[5], BARS};

static void fill_bars(void)
{
    for (int i = 0; i < BARS; i++) {
        Bar bar = wavy_bar(i);
        timestamps[i] = bar.timestamp;
        const double fields[] = {bar.open,  bar.high,   bar.low,
                                 bar.close, bar.volume, bar.buy_volume};
        for (int k = 0; k < 6; k++)
            columns[k][i] = fields[k];
    }
}

/* -------------------------------------------------------------- one call each */

static HqStatus answer(int is_made) { return is_made ? HQ_OK : hq_last_error()->code; }

static HqStatus make_engine(void *unused)
{
    (void)unused;
    HQuant *handle = hquant_new(100);
    int is_made = handle != NULL;
    hquant_free(handle);
    return answer(is_made);
}

static HqStatus make_account(void *unused)
{
    (void)unused;
    FuturesBacktest *account = hq_backtest_new((BacktestParams){1000, 1, 1, 0, 0, 0});
    int is_made = account != NULL;
    hq_backtest_free(account);
    return answer(is_made);
}

static HqStatus make_aggregator(void *unused)
{
    (void)unused;
    HqAggregator *aggregator = NULL;
    HqStatus status = hq_aggregator_new((int64_t[]){MINUTE, 5 * MINUTE, 7000}, 3, &aggregator);
    CHECK((status == HQ_OK) == (aggregator != NULL));
    hq_aggregator_free(aggregator);
    return status;
}

static HqStatus load_program(void *unused)
{
    (void)unused;
    HqProgram *loaded = NULL;
    HqStatus status = hq_program_load(program, program_size, &loaded);
    CHECK((status == HQ_OK) == (loaded != NULL));
    hq_program_free(loaded);
    return status;
}

static HqStatus run_batch(void *unused)
{
    (void)unused;
    double out[3][BARS];
    const double *in[] = {columns[3]};
    return hq_indicator_batch(SPEC(6, 3, 6, 4), in, BARS,
                              (double *[]){out[0], out[1], out[2]});
}

/* Without memory to count the steps, the room for the curves must not pass unchecked. */
static HqStatus run_backtest(void *loaded)
{
    static double equity[2 * BARS];
    HqBacktestOptions options;
    HqBacktestReport report, before;
    memset(&report, 0x5A, sizeof report);
    report.struct_size = sizeof report;
    before = report;
    hq_backtest_options_init(&options);
    HqSymbol symbols[2];
    hq_symbol_init(&symbols[0]);
    symbols[0].bars = &bars;
    symbols[1] = symbols[0];
    symbols[0].program = loaded;
    HqOrder order = {.type = HQ_ORDER_MARKET, .side = 1, .symbol = 1};
    HqBacktestOutput output = {.struct_size = sizeof output, .steps_cap = 2 * BARS,
                               .equity = equity};
    HqStatus status = hq_backtest_run(symbols, 2, &order, 1, &options, &report, &output);
    CHECK((memcmp(&report, &before, sizeof report) == 0) == (status != HQ_OK));
    return status;
}

static HqStatus count_steps(void *unused)
{
    (void)unused;
    HqSymbol symbols[2];
    hq_symbol_init(&symbols[0]);
    symbols[0].bars = &bars;
    symbols[1] = symbols[0];
    hq_clear_error();
    return answer(hq_backtest_steps(symbols, 2) == BARS);
}

static HqStatus measure(const double *equity, const double *returns)
{
    HqTrade trade = {.entry_price = 10, .quantity = 1, .exit_time = timestamps[9]};
    HqMetrics metrics, before;
    memset(&metrics, 0x5A, sizeof metrics);
    metrics.struct_size = sizeof metrics;
    before = metrics;
    HqMetricsInput input;
    hq_metrics_input_init(&input);
    input.length = BARS;
    input.time = timestamps;
    input.equity = equity;
    input.returns = returns;
    input.trades = &trade;
    input.n_trades = 1;
    HqStatus status = hq_metrics(&input, &metrics);
    CHECK((memcmp(&metrics, &before, sizeof metrics) == 0) == (status != HQ_OK));
    return status;
}

static HqStatus measure_equity(void *unused)
{
    (void)unused;
    return measure(columns[3], NULL);
}

static HqStatus measure_returns(void *unused)
{
    (void)unused;
    return measure(NULL, columns[3]);
}

/* Times whose gaps and days have medians that are looked for. */
static HqStatus find_year(void *unused)
{
    (void)unused;
    int64_t time[BARS] = {0};
    for (int i = 1; i < BARS; i++)
        time[i] = time[i - 1] + (i % 5 + 1) * 60 * (int64_t)MINUTE;
    HqMetricsInput input;
    HqMetrics metrics = {.struct_size = sizeof metrics};
    HqYear year = {.struct_size = sizeof year}, before = year;
    hq_metrics_input_init(&input);
    input.length = BARS;
    input.time = time;
    input.equity = columns[3];
    HqStatus status = hq_metrics_and_year(&input, 252, &year, &metrics);
    CHECK((memcmp(&year, &before, sizeof year) == 0) == (status != HQ_OK));
    CHECK(status != HQ_OK || strstr(year.periods_from, "steps (median)"));
    return status;
}

static void calls_that_fail_leave_nothing(void)
{
    static const struct {
        const char *name;
        HqStatus (*attempt)(void *);
    } calls[] = {
        {"hquant_new", make_engine},
        {"hq_backtest_new", make_account},
        {"hq_aggregator_new", make_aggregator},
        {"hq_program_load", load_program},
        {"hq_indicator_batch", run_batch},
        {"hq_backtest_steps", count_steps},
        {"hq_metrics of equity", measure_equity},
        {"hq_metrics of returns", measure_returns},
        {"hq_metrics_and_year", find_year},
    };
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        long live = live_blocks;
        CHECK(fail_each(calls[i].name, calls[i].attempt, NULL, NULL) > 0);
        CHECK(live_blocks == live);
    }
    HqProgram *loaded = NULL;
    CHECK(hq_program_load(program, program_size, &loaded) == HQ_OK);
    long live = live_blocks;
    CHECK(fail_each("hq_backtest_run", run_backtest, NULL, loaded) > 0);
    CHECK(live_blocks == live);
    hq_program_free(loaded);
}

/* A capacity that no machine has is refused before memory is asked for it. */
static void hopeless_capacities_are_refused(void)
{
    static const uint64_t hopeless[] = {0, HQ_CAPACITY_MAX + 1, (uint64_t)1 << 40, SIZE_MAX / 8,
                                        SIZE_MAX};
    for (size_t i = 0; i < sizeof hopeless / sizeof hopeless[0]; i++) {
        hq_clear_error();
        CHECK(hquant_new((size_t)hopeless[i]) == NULL);
        CHECK(hq_last_error()->code == HQ_EINVAL);
    }
    HqMulti *multi = NULL;
    CHECK(hq_multi_new(SIZE_MAX, (int64_t[]){MINUTE}, 1, 0, &multi) == HQ_EINVAL && !multi);
}

/* ------------------------------------------------------------------ aggregator */

typedef struct Feeds {
    HqAggregator *tried, *untouched;
    Bar bar;
} Feeds;

static HqStatus push_tried(void *state)
{
    Feeds *f = state;
    return hq_aggregator_push(f->tried, f->bar);
}

static HqStatus flush_tried(void *state) { return hq_aggregator_flush(((Feeds *)state)->tried); }

static void compare_lengths(void *state)
{
    Feeds *f = state;
    CHECK(hq_aggregator_events_len(f->tried) == hq_aggregator_events_len(f->untouched));
    CHECK(hq_aggregator_rejected(f->tried) == hq_aggregator_rejected(f->untouched));
}

static void compare_events(Feeds *f)
{
    HqCandleEvent a, b;
    compare_lengths(f);
    while (hq_aggregator_poll_events(f->tried, &a, 1) == 1) {
        CHECK(hq_aggregator_poll_events(f->untouched, &b, 1) == 1);
        CHECK(memcmp(&a, &b, sizeof a) == 0);
    }
}

/* Nobody polls, so the queue has to grow again and again. */
static void a_queue_that_cannot_grow_takes_no_bar(void)
{
    static const int64_t periods[] = {MINUTE, 3 * MINUTE, 20 * MINUTE};
    long live = live_blocks;
    int failed = 0;
    Feeds f = {0};
    CHECK(hq_aggregator_new(periods, 3, &f.tried) == HQ_OK);
    CHECK(hq_aggregator_new(periods, 3, &f.untouched) == HQ_OK);
    for (int i = 0; i < 400; i++) {
        f.bar = wavy_bar(i);
        failed += fail_each("hq_aggregator_push", push_tried, compare_lengths, &f);
        CHECK(hq_aggregator_push(f.untouched, f.bar) == HQ_OK);
        if (i % 10 == 9) {
            failed += fail_each("hq_aggregator_flush", flush_tried, compare_lengths, &f);
            CHECK(hq_aggregator_flush(f.untouched) == HQ_OK);
        }
    }
    CHECK(failed > 3);
    compare_events(&f);
    hq_aggregator_free(f.tried);
    hq_aggregator_free(f.untouched);
    CHECK(live_blocks == live);
}

/* ------------------------------------------------------------------ diagnostics */

static void diagnose(void *user, const char *name, size_t name_len, const char *text,
                     size_t text_len, HqCompileResult *result)
{
    (void)user, (void)name, (void)name_len, (void)text, (void)text_len;
    hq_compile_fail_with(result, HQ_ECOMPILE, 3, 4, "first", "all of it", "[1]");
}

static HqStatus compile_text(void)
{
    HqProgram *none = NULL;
    return hq_program_compile(NULL, 0, (const uint8_t *)"text", 4, &none);
}

/* Diagnostics need memory; that the text does not compile, and where, is said without. */
static void a_failure_without_memory_is_the_same_without_diagnostics(void)
{
    const HqError *error = hq_last_error();
    hq_set_dsl_compiler(diagnose, NULL);
    CHECK(compile_text() == HQ_ECOMPILE && strcmp(error->diagnostics, "all of it") == 0);
    hq_clear_error();
    long live = live_blocks;
    until_failure = 1;
    CHECK(compile_text() == HQ_ECOMPILE && until_failure == 0);
    CHECK(error->line == 3 && error->column == 4 && strcmp(error->message, "first") == 0);
    CHECK(error->diagnostics[0] == '\0' && strcmp(error->diagnostics_json, "[]") == 0);
    CHECK(live_blocks == live);
    CHECK(compile_text() == HQ_ECOMPILE && strcmp(error->diagnostics_json, "[1]") == 0);
    CHECK(live_blocks == live + 1);
    hq_clear_error();
    CHECK(live_blocks == live);
    hq_set_dsl_compiler(NULL, NULL);
}

int main(void)
{
    fill_bars();
    program_size = program_crossing(108, program);
    calls_that_fail_leave_nothing();
    hopeless_capacities_are_refused();
    a_queue_that_cannot_grow_takes_no_bar();
    a_failure_without_memory_is_the_same_without_diagnostics();
    return check_report("test_alloc_handles");
}
