/* hq_run(), hq_sweep() and hq_push_bars() and memory: what they ask for does not grow with the bars, and a
 * failure leaves nothing. */
#include <string.h>

#include "allocation.h"
#include "hquant/run.h"
#include "hquant/sweep.h"
#include "program.h"
#include "spec.h"
#include "twins.h"

enum { BARS = 5000, MINUTE = 60000, COLUMNS = 4 };

static int64_t times[BARS];
static double fields[6][BARS];
static HqProgram *crossing, *across;

static HqBars some_bars(size_t length)
{
    return (HqBars){times,     fields[0], fields[1], fields[2],
                    fields[3], fields[4], fields[5], length};
}

static void set_up(void)
{
    uint8_t bytes[PROGRAM_SIZE];
    for (int i = 0; i < BARS; i++) {
        Bar bar = wavy_bar(i);
        times[i] = bar.timestamp;
        const double all[] = {bar.open, bar.high, bar.low, bar.close, bar.volume, bar.buy_volume};
        for (int f = 0; f < 6; f++)
            fields[f][i] = all[f];
    }
    size_t size = program_crossing(108, bytes);
    CHECK(hq_program_load(bytes, size, &crossing) == HQ_OK);
    size = program_across(5 * MINUTE, bytes);
    CHECK(hq_program_load(bytes, size, &across) == HQ_OK);
}

/* Columns of the library's: two of an indicator, one of the program, one field. */
static HqStatus run(const HqProgram *program, size_t length)
{
    const HqIndicatorSpec *bands = SPEC(5, 7, 2);
    HqRunColumn columns[COLUMNS] = {{.indicator = bands},
                                    {.indicator = bands, .index = 2},
                                    {.index = 2},
                                    {.index = program == crossing ? 0 : 3}};
    HqRunResult result = {.struct_size = sizeof result, .columns = columns, .n_columns = COLUMNS,
                          .bars = 77};
    const HqBars bars = some_bars(length);
    HqStatus status = hq_run(&bars, program, NULL, &result);
    CHECK(result.bars == (status == HQ_OK ? length : 77));
    for (int i = 0; i < COLUMNS; i++)
        CHECK((columns[i].is_owned == 1 && columns[i].values) == (status == HQ_OK));
    if (status == HQ_OK)
        CHECK(memcmp(columns[3].values, fields[3], length * sizeof(double)) == 0);
    hq_run_release(&result);
    for (int i = 0; i < COLUMNS; i++)
        CHECK(!columns[i].values);
    return status;
}

static HqStatus attempt(void *program) { return run(program, 200); }

static void a_failure_leaves_nothing(void)
{
    long live = live_blocks;
    CHECK(fail_each("hq_run", attempt, NULL, crossing) > 10);
    CHECK(fail_each("hq_run", attempt, NULL, across) > 10);
    CHECK(live_blocks == live);
}

static long allocations_of(const HqProgram *program, size_t length)
{
    long before = allocations;
    CHECK(run(program, length) == HQ_OK);
    return allocations - before;
}

static void nothing_is_allocated_per_bar(void)
{
    CHECK(allocations_of(crossing, 1) == allocations_of(crossing, BARS));
    CHECK(allocations_of(across, 1) == allocations_of(across, BARS));
}

/* ------------------------------------------------------------------ hq_push_bars() */

static HQuant *engine(void)
{
    uint8_t bytes[PROGRAM_SIZE];
    HQuant *handle = hquant_new(300);
    CHECK(hquant_add_boll(handle, 7, 2) == 3 && hquant_add_macd(handle, 3, 9, 4) == 6);
    size_t size = program_crossing(108, bytes);
    CHECK(hquant_add_strategy(handle, NULL, 0, bytes, size) == 1);
    size = program_across(5 * MINUTE, bytes);
    CHECK(hquant_add_strategy(handle, NULL, 0, bytes, size) == 2);
    return handle;
}

/* Whatever allocation fails, the bars are in: by blocks or without them. */
static void pushing_needs_no_memory(void)
{
    const HqBars bars = some_bars(BARS);
    HQuant *twin = engine();
    for (size_t i = 0; i < BARS; i++)
        hquant_push_bar(twin, wavy_bar((int)i));
    int failed = 0;
    for (int n = 1, was_hit = 1; was_hit; n++) {
        HQuant *tried = engine();
        size_t pushed = 0;
        long live = live_blocks;
        hq_clear_error();
        until_failure = n;
        CHECK(hq_push_bars(tried, &bars, &pushed) == HQ_OK && pushed == BARS);
        was_hit = until_failure == 0;
        until_failure = 0;
        failed += was_hit;
        CHECK(live_blocks == live && hq_last_error()->code == HQ_OK);
        CHECK(same_bars(tried, twin) && same_indicators(tried, twin));
        CHECK(hquant_signals_len(tried) == hquant_signals_len(twin));
        hquant_free(tried);
    }
    CHECK(failed > 5 && hquant_signals_len(twin) > 500);
    hquant_free(twin);
}

static void short_columns_are_pushed_without_memory(void)
{
    enum { PART = 50 };
    HQuant *handle = engine();
    long before = allocations;
    for (size_t at = 0; at < BARS; at += PART) {
        const HqBars part = {times + at,     fields[0] + at, fields[1] + at, fields[2] + at,
                             fields[3] + at, fields[4] + at, fields[5] + at, PART};
        CHECK(hq_push_bars(handle, &part, NULL) == HQ_OK);
    }
    CHECK(allocations == before && hq_total_bars(handle) == BARS);
    hquant_free(handle);
}

/* ----------------------------------------------------------------------- hq_sweep() */

enum { COMBINATIONS = 18, SWEPT = 200 }; /* two teams */

static HqMetrics measured[COMBINATIONS];

/* Combinations of `crossing` by one thread, side by side, or each alone with its metrics. `state`: the rows. */
static HqStatus sweep_how(void *state, bool alone, double first_period)
{
    double periods[COMBINATIONS] = {first_period};
    for (int i = 1; i < COMBINATIONS; i++)
        periods[i] = 2 + i;
    const HqBars bars = some_bars(SWEPT);
    HqSymbol symbol;
    HqBacktestOptions options;
    HqSweep asked;
    hq_symbol_init(&symbol);
    hq_backtest_options_init(&options);
    hq_sweep_init(&asked);
    symbol.bars = &bars;
    symbol.program = crossing;
    options.account.initial_margin = 1000;
    options.account.leverage = options.account.contract_size = 1;
    asked.symbols = &symbol;
    asked.n_symbols = 1;
    asked.options = &options;
    asked.params = periods;
    asked.n_params = 1;
    asked.n_combinations = COMBINATIONS;
    HqSweepOutput output = {.struct_size = sizeof output, .rows = state};
    for (int i = 0; i < COMBINATIONS; i++)
        measured[i].struct_size = sizeof measured[i];
    if (alone)
        output.metrics = measured;
    return hq_sweep(&asked, &output);
}

static HqStatus sweep(void *state) { return sweep_how(state, false, 2); }

static HqStatus sweep_alone(void *state) { return sweep_how(state, true, 2); }

/* The first combination cannot be run. */
static HqStatus sweep_refused(void *state) { return sweep_how(state, false, -1); }

static void a_failed_sweep_leaves_nothing(void)
{
    HqSweepRow first[COMBINATIONS], rows[COMBINATIONS];
    long live = live_blocks;
    uint64_t fills = 0;
    CHECK(sweep(first) == HQ_OK);
    CHECK(fail_each("hq_sweep", sweep, NULL, rows) > 30);
    CHECK(live_blocks == live);
    CHECK(fail_each("hq_sweep, each alone", sweep_alone, NULL, rows) > 30);
    CHECK(live_blocks == live);
    for (int i = 0; i < COMBINATIONS; i++) {
        CHECK(rows[i].final_equity == first[i].final_equity && rows[i].fills == first[i].fills);
        fills += rows[i].fills;
    }
    CHECK(fills > 20);
}

static void a_refused_row_has_its_reason_or_is_said_to_have_none(void)
{
    HqSweepRow rows[COMBINATIONS];
    long live = live_blocks;
    int unexplained = 0;
    for (int n = 1; n < ATTEMPTS_MAX; n++) {
        hq_clear_error();
        until_failure = n;
        HqStatus status = sweep_refused(rows);
        bool was_hit = until_failure == 0;
        until_failure = 0;
        CHECK(live_blocks == live);
        CHECK(status == HQ_OK || (was_hit && status == HQ_ENOMEM));
        if (status != HQ_OK)
            continue;
        CHECK(rows[0].status != HQ_OK && rows[0].status != HQ_ENOMEM && rows[1].status == HQ_OK);
        CHECK(hq_last_error()->code == (HqStatus)rows[0].status);
        bool has_reason = !strstr(hq_last_error()->message, "no memory to find out why");
        CHECK(has_reason != was_hit);
        unexplained += !has_reason;
        if (!was_hit)
            break;
    }
    CHECK(unexplained > 0);
}

int main(void)
{
    set_up();
    pushing_needs_no_memory();
    short_columns_are_pushed_without_memory();
    a_failure_leaves_nothing();
    a_failed_sweep_leaves_nothing();
    a_refused_row_has_its_reason_or_is_said_to_have_none();
    nothing_is_allocated_per_bar();
    hq_program_free(crossing);
    hq_program_free(across);
    CHECK(live_blocks == 0 && allocations > 0);
    return check_report("test_alloc_run");
}
