/* hq_sweep() under hostile arguments. */
#include "hostile.h"

#include <string.h>

#include "hquant/sweep.h"
#include "program.h"

#define FUNCTIONS(X) X(hq_sweep_init) X(hq_sweep)

FUNCTIONS(HOSTILE_DECLARE)

enum { BARS = 60, COMBINATIONS = 3 };

static int64_t times[BARS];
static double prices[BARS], volumes[BARS];
static double params[COMBINATIONS] = {2, 3, 8};
static HqBars bars;
static HqProgram *program, *without_params;
static HqSymbol symbol, two[2];
static HqBacktestOptions options;

/* What a sweep writes to, and what the first one, of good arguments, wrote. */
typedef struct Room {
    HqSweepRow rows[COMBINATIONS];
    HqMetrics metrics[COMBINATIONS];
    double curves[COMBINATIONS][BARS];
} Room;

static Room room, twin;

static HqSweep good(void)
{
    HqSweep sweep;
    hq_sweep_init(&sweep);
    sweep.symbols = &symbol;
    sweep.n_symbols = 1;
    sweep.options = &options;
    sweep.params = params;
    sweep.n_params = 1;
    sweep.n_combinations = COMBINATIONS;
    sweep.periods_per_year = sweep.days_per_year = 365;
    return sweep;
}

static HqSweepOutput output_of(Room *to)
{
    for (int i = 0; i < COMBINATIONS; i++)
        to->metrics[i].struct_size = sizeof(HqMetrics);
    return (HqSweepOutput){.struct_size = sizeof(HqSweepOutput),
                           .rows = to->rows,
                           .metrics = to->metrics,
                           .equity = to->curves[0],
                           .steps_cap = BARS};
}

static void set_up(void)
{
    for (int i = 0; i < BARS; i++) {
        times[i] = 86400000 * (int64_t)i;
        prices[i] = 100 + i * i * 7 % 29;
        volumes[i] = 1;
    }
    bars = (HqBars){.length = BARS, .timestamp = times, .open = prices, .high = prices,
                    .low = prices, .close = prices, .volume = volumes};
    uint8_t bytes[PROGRAM_SIZE];
    CHECK(hq_program_load(bytes, program_crossing(118, bytes), &program) == HQ_OK);
    CHECK(hq_program_load(bytes, program_across(864000000, bytes), &without_params) == HQ_OK);
    hq_backtest_options_init(&options);
    options.account.initial_margin = 1000;
    options.account.leverage = options.account.contract_size = 1;
    hq_symbol_init(&symbol);
    symbol.bars = &bars;
    symbol.program = program;
    two[0] = two[1] = symbol;
    HqSweep sweep = good();
    HqSweepOutput output = output_of(&twin);
    EXPECT(HQ_OK, hq_sweep(&sweep, &output) == HQ_OK);
    CHECK(twin.rows[0].trades > 2 && twin.rows[0].final_equity != twin.rows[2].final_equity);
}

static void hostile_hq_sweep_init(void)
{
    HqSweep sweep;
    memset(&sweep, 0xFF, sizeof sweep);
    EXPECT_AFTER(HQ_OK, hq_sweep_init(&sweep));
    CHECK(sweep.struct_size == sizeof sweep && sweep.n_threads == 1 && !sweep.symbols);
    CHECK(!sweep.options && !sweep.params && isnan(sweep.periods_per_year));
    EXPECT_AFTER(HQ_EINVAL, hq_sweep_init(NULL));
}

/* Refused before anything is written. */
static void refuse(HqStatus expected, const HqSweep *sweep, HqSweepOutput output)
{
    Room before = room;
    EXPECT_STATUS(expected, hq_sweep(sweep, &output));
    CHECK(memcmp(&before, &room, sizeof room) == 0);
}

#define BAD(field, value)                             \
    do {                                              \
        HqSweep sweep = good();                       \
        sweep.field = value;                          \
        refuse(HQ_EINVAL, &sweep, output_of(&room));  \
    } while (0)

#define BAD_OUTPUT(field, value)               \
    do {                                       \
        HqSweep sweep = good();                \
        HqSweepOutput output = output_of(&room); \
        output.field = value;                  \
        refuse(HQ_EINVAL, &sweep, output);     \
    } while (0)

static void bad_sweeps(void)
{
    BAD(struct_size, 0);
    BAD(struct_size, sizeof(HqSweep) - 8);
    BAD(n_threads, 0);
    BAD(n_threads, HQ_SWEEP_THREADS_MAX + 1);
    BAD(n_threads, UINT32_MAX);
    BAD(symbols, NULL);
    BAD(n_symbols, 0);
    BAD(n_symbols, SIZE_MAX);
    BAD(options, NULL);
    BAD(params, NULL);
    BAD(n_params, 0);
    BAD(n_params, 2);
    BAD(n_params, SIZE_MAX);
    BAD(n_combinations, 0);
    BAD(n_combinations, SIZE_MAX);
    BAD(n_combinations, SIZE_MAX / 64);
    static const double bad_years[] = {0, -1, INFINITY, -INFINITY};
    for
        EACH(i, bad_years)
    {
        BAD(periods_per_year, bad_years[i]);
        BAD(days_per_year, bad_years[i]);
    }
    static const double bad_rates[] = {NAN, INFINITY, -INFINITY, -1, 1};
    for
        EACH(i, bad_rates) BAD(risk_free, bad_rates[i]);
}

/* Whichever way the combinations would be run. */
static void bad_clocks(void)
{
    HqBacktestOptions kept = options;
    for (int with_metrics = 0; with_metrics < 2; with_metrics++) {
        HqSweep sweep = good();
        HqSweepOutput output = output_of(&room);
        if (!with_metrics)
            output.metrics = NULL, output.equity = NULL;
        options.htf = 9;
        refuse(HQ_EINVAL, &sweep, output);
        options.htf = kept.htf;
        options.bar_period_ms = -1;
        refuse(HQ_EINVAL, &sweep, output);
        options = kept;
    }
}

static void bad_outputs(void)
{
    BAD_OUTPUT(struct_size, 0);
    BAD_OUTPUT(struct_size, sizeof(HqSweepOutput) + 8);
    BAD_OUTPUT(reserved, 1);
    BAD_OUTPUT(rows, NULL);
    BAD_OUTPUT(steps_cap, 0);
    BAD_OUTPUT(steps_cap, BARS - 1);
    HqSweep sweep = good();
    HqSweepOutput output = output_of(&room);
    room.metrics[COMBINATIONS - 1].struct_size = 0;
    refuse(HQ_EINVAL, &sweep, output);
}

static int is_refused(const Room *found, int at)
{
    const HqSweepRow *row = &found->rows[at];
    return row->status == HQ_EINVAL && row->reserved == 0 && row->trades == 0 &&
           isnan(row->final_equity) && isnan(row->sharpe) && isnan(row->liquidation_loss);
}

static int has_nothing_else(const Room *found, int at)
{
    const HqMetrics *metrics = &found->metrics[at];
    return metrics->struct_size == sizeof *metrics && metrics->returns == 0 &&
           metrics->periods_per_year == 365 && isnan(metrics->sharpe) &&
           isnan(metrics->exposure_time) && isnan(found->curves[at][0]) &&
           isnan(found->curves[at][BARS - 1]);
}

/* Values that a PARAM does not allow: rows that say so, beside others that are what they were. */
static void some_refused(const HqSweep *sweep, unsigned refused)
{
    Room found;
    memset(&found, 0x77, sizeof found);
    for (int with_metrics = 0; with_metrics < 2; with_metrics++) {
        HqSweepOutput output = output_of(&found);
        if (!with_metrics)
            output.metrics = NULL, output.equity = NULL; /* combinations side by side */
        hq_clear_error();
        CHECK(hq_sweep(sweep, &output) == HQ_OK);
        CHECK(hq_last_error()->code == HQ_EINVAL && strstr(hq_last_error()->message, "expected"));
        for (int i = 0; i < COMBINATIONS; i++) {
            if (refused >> i & 1)
                CHECK(is_refused(&found, i) && (!with_metrics || has_nothing_else(&found, i)));
            else
                CHECK(memcmp(&found.rows[i], &twin.rows[i], sizeof twin.rows[i]) == 0);
        }
    }
}

static void bad_values(void)
{
    static const double bad[] = {NAN, INFINITY, -INFINITY, 0.5, 51, -3, 2.5};
    double kept[COMBINATIONS];
    memcpy(kept, params, sizeof kept);
    for (unsigned refused = 1; refused < 1 << COMBINATIONS; refused++)
        for
            EACH(i, bad)
        {
            for (int at = 0; at < COMBINATIONS; at++)
                params[at] = refused >> at & 1 ? bad[(i + (size_t)at) % COUNT_OF(bad)] : kept[at];
            HqSweep sweep = good();
            for (uint32_t threads = 1; threads <= 4; threads++) {
                sweep.n_threads = threads;
                some_refused(&sweep, refused);
            }
        }
    memcpy(params, kept, sizeof kept);
}

#define BAD_SYMBOL(field, value)                                            \
    do {                                                                    \
        HqSymbol kept = symbol;                                             \
        HqSweep sweep = good();                                             \
        symbol.field = value;                                               \
        EXPECT_STATUS(HQ_EINVAL, hq_sweep(&sweep, &(HqSweepOutput){         \
                                                      .struct_size = sizeof(HqSweepOutput), \
                                                      .rows = room.rows})); \
        symbol = kept;                                                      \
    } while (0)

static void bad_symbols(void)
{
    static const int8_t signals[BARS] = {1};
    BAD_SYMBOL(struct_size, 0);
    BAD_SYMBOL(reserved, 1);
    BAD_SYMBOL(bars, NULL);
    BAD_SYMBOL(program, NULL);           /* nothing to sweep */
    BAD_SYMBOL(program, without_params); /* and nothing to sweep it with */
    BAD_SYMBOL(params, params);          /* a sweep gives them */
    BAD_SYMBOL(n_params, 1);
    BAD_SYMBOL(signals, signals);
    BAD_SYMBOL(tick_size, NAN);
    HqSweep sweep = good();
    sweep.symbols = two;
    sweep.n_symbols = 2;
    two[1].program = without_params; /* of another number of PARAMs than the first */
    refuse(HQ_EINVAL, &sweep, output_of(&room));
    two[1].program = program;
}

static void bad_bars(void)
{
    HqSweep sweep = good();
    for
        EACH(i, bad_prices)
    {
        double kept = prices[BARS / 2];
        prices[BARS / 2] = bad_prices[i];
        refuse(HQ_EBAR, &sweep, output_of(&room));
        prices[BARS / 2] = kept;
    }
    times[3] = -1;
    refuse(HQ_EORDER, &sweep, output_of(&room));
    times[3] = 3 * 86400000;
    bars.length = 0;
    EXPECT_STATUS(HQ_EINVAL, hq_sweep(&sweep, &(HqSweepOutput){
                                                  .struct_size = sizeof(HqSweepOutput),
                                                  .rows = room.rows}));
    bars.length = BARS;
    HqBacktestOptions kept = options;
    options.fill = 200;
    refuse(HQ_EINVAL, &sweep, output_of(&room));
    options = kept;
    options.account.leverage = NAN;
    refuse(HQ_EINVAL, &sweep, output_of(&room));
    options = kept;
}

static int32_t stop(void *user, size_t done, size_t total)
{
    CHECK(done <= total && total == COMBINATIONS);
    ++*(int *)user;
    return 1;
}

static void cancelled(void)
{
    int calls = 0;
    HqBacktestOptions kept = options;
    options.progress = stop;
    options.progress_user = &calls;
    HqSweep sweep = good();
    for (uint32_t threads = 1; threads <= 4; threads++) {
        HqSweepOutput output = output_of(&room);
        sweep.n_threads = threads;
        calls = 0;
        HqStatus status = hq_sweep(&sweep, &output);
        CHECK(status == HQ_ECANCELLED);
        CHECK(calls == 1); /* at the end, where the others were done before this thread began */
    }
    options = kept;
}

static int32_t stop_at_the_end(void *user, size_t done, size_t total)
{
    *(size_t *)user = done;
    return done == total;
}

/* The caller hears of the last combination, and what it answers then counts. */
static void cancelled_at_the_end(void)
{
    size_t last;
    HqBacktestOptions kept = options;
    options.progress = stop_at_the_end;
    options.progress_user = &last;
    HqSweep sweep = good();
    for (uint32_t threads = 1; threads <= 4; threads++)
        for (int with_curves = 0; with_curves <= 1; with_curves++) {
            HqSweepOutput output = output_of(&room);
            if (!with_curves)
                output.metrics = NULL, output.equity = NULL; /* combinations side by side */
            sweep.n_threads = threads;
            last = 0;
            CHECK(hq_sweep(&sweep, &output) == HQ_ECANCELLED);
            CHECK(last == COMBINATIONS);
        }
    options = kept;
}

static void hostile_hq_sweep(void)
{
    HqSweep sweep = good();
    HqSweepOutput output = output_of(&room);
    EXPECT_STATUS(HQ_EINVAL, hq_sweep(NULL, &output));
    EXPECT_STATUS(HQ_EINVAL, hq_sweep(&sweep, NULL));
    EXPECT_STATUS(HQ_EINVAL, hq_sweep(NULL, NULL));
    bad_sweeps();
    bad_clocks();
    bad_outputs();
    bad_values();
    bad_symbols();
    bad_bars();
    cancelled();
    cancelled_at_the_end();
}

/* After all of that a sweep of good arguments is what it was, on any number of threads. */
static int unchanged(void)
{
    HqSweep sweep = good();
    int same = 1;
    for (uint32_t threads = 1; threads <= HQ_SWEEP_THREADS_MAX; threads *= 4) {
        memset(&room, 0x77, sizeof room);
        HqSweepOutput output = output_of(&room);
        sweep.n_threads = threads;
        same &= hq_sweep(&sweep, &output) == HQ_OK && memcmp(&room, &twin, sizeof room) == 0;
        memset(room.rows, 0x77, sizeof room.rows);
        output.metrics = NULL; /* rows alone: combinations side by side */
        output.equity = NULL;
        same &= hq_sweep(&sweep, &output) == HQ_OK && memcmp(&room, &twin, sizeof room) == 0;
    }
    return same;
}

static const Hostile hostile[] = {FUNCTIONS(HOSTILE_ROW)};

int main(void)
{
    set_up();
    int status = run_hostile(hostile, COUNT_OF(hostile), unchanged);
    hq_program_free(program);
    hq_program_free(without_params);
    return status;
}
