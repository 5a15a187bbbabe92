/* What is called for every bar asks for no memory at all. */
#include "allocation.h"
#include "hquant/backtest.h"
#include "hquant/indicator.h"
#include "hquant/market.h"
#include "program.h"
#include "twins.h"

enum { CAPACITY = 100, BARS = 5000, MINUTE = 60000 };

static uint8_t program[PROGRAM_SIZE];
static size_t program_size;
static volatile double sink; /* the reads below are for their own sake */

static HQuant *busy_engine(void)
{
    HQuant *handle = hquant_new(CAPACITY);
    for (size_t i = 0; i < hq_indicator_count(); i++) {
        const HqIndicatorInfo *row = hq_indicator_info(i);
        HqIndicatorSpec spec = {.struct_size = sizeof spec, .code = row->code,
                                .n_params = row->n_params, .params = {7, 19, 5}};
        hq_add_indicator(handle, &spec);
    }
    CHECK(hquant_add_macd(handle, 3, 50, 4) > 10);
    CHECK(hquant_add_strategy(handle, NULL, 0, program, program_size) == 1);
    uint8_t across[PROGRAM_SIZE];
    size_t size = program_across(5 * MINUTE, across);
    CHECK(hquant_add_strategy(handle, NULL, 0, across, size) == 2);
    CHECK(hq_engine_set_param(handle, 1, "n", 9) == HQ_OK); /* takes over at the first push */
    return handle;
}

static void read_all(HQuant *handle)
{
    for (uint32_t id = 0; id < 40; id++)
        sink = hquant_indicator_last(handle, id).a + (double)hq_indicator_column(handle, id, 0).len;
    sink = (double)hquant_close_column(handle).len;
}

static void push_update_read_and_poll_allocate_nothing(void)
{
    HQuant *handle = busy_engine();
    Signal signals[4];
    size_t taken = 0;
    const double *watched = hq_engine_watch(handle, (HqIndicatorOutput[]){{1, 0}, {2, 0}}, 2);
    HqNewest newest;
    CHECK(watched != NULL);
    CHECK(hq_engine_newest(handle, (HqIndicatorOutput[]){{2, 0}, {1, 0}}, 2, &newest) == HQ_OK);
    long before = allocations;
    for (int i = 0; i < BARS; i++) {
        Bar bar = wavy_bar(i), wrong = bar;
        wrong.close = -1e300;
        hquant_push_bar(handle, bar);
        hquant_update_last_bar(handle, bar);
        hquant_push_bar(handle, wrong); /* a refusal writes a message */
        taken += hquant_poll_signals(handle, signals, 4);
        double asked = hquant_indicator_last(handle, 2).a, in_place = hq_newest_value(&newest, 0);
        CHECK(memcmp(&watched[1], &asked, sizeof asked) == 0);
        CHECK(memcmp(&in_place, &asked, sizeof asked) == 0);
        if (i % 100 == 0)
            read_all(handle);
    }
    CHECK(allocations == before);
    CHECK(taken > 100 && hq_rejected_bars(handle) == BARS);
    hquant_free(handle);
}

static void a_full_signal_queue_allocates_nothing(void)
{
    HQuant *handle = busy_engine();
    CHECK(hq_set_signal_capacity(handle, 5) == HQ_OK);
    long before = allocations;
    for (int i = 0; i < BARS; i++)
        hquant_push_bar(handle, wavy_bar(i));
    CHECK(allocations == before && hq_signals_dropped(handle) > 100);
    hquant_free(handle);
}

static void a_polled_aggregator_allocates_nothing(void)
{
    HqAggregator *aggregator = NULL;
    HqCandleEvent events[16];
    size_t taken = 0;
    CHECK(hq_aggregator_new((int64_t[]){MINUTE, 5 * MINUTE, 60 * MINUTE}, 3, &aggregator) == HQ_OK);
    long before = allocations;
    for (int i = 0; i < BARS; i++) {
        CHECK(hq_aggregator_push(aggregator, wavy_bar(i)) == HQ_OK);
        taken += hq_aggregator_poll_events(aggregator, events, 16);
    }
    CHECK(hq_aggregator_flush(aggregator) == HQ_OK);
    CHECK(allocations == before && taken > 3 * BARS);
    hq_aggregator_free(aggregator);
}

static void an_account_allocates_nothing(void)
{
    FuturesBacktest *account = hq_backtest_new((BacktestParams){1e4, 3, 1, 2e-4, 4e-4, 5e-3});
    long before = allocations;
    for (int i = 0; i < BARS; i++) {
        double price = wavy_bar(i).close;
        hq_backtest_apply_signal(account, (Action)(i % 5), price, 10);
        hq_backtest_on_price(account, price);
        sink = hq_backtest_result(account, price).equity;
    }
    CHECK(allocations == before);
    hq_backtest_free(account);
}

/* A backtest allocates to begin with, and that does not grow with the bars. */
static long allocations_of_run(const HqProgram *loaded, size_t length)
{
    static int64_t timestamps[BARS];
    static double close[BARS], low[BARS], high[BARS];
    for (int i = 0; i < BARS; i++) {
        Bar bar = wavy_bar(i);
        timestamps[i] = bar.timestamp;
        close[i] = bar.close, low[i] = bar.low, high[i] = bar.high;
    }
    const HqBars bars = {timestamps, close, high, low, close, close, NULL, length};
    HqBacktestOptions options;
    HqBacktestReport report = {.struct_size = sizeof report};
    hq_backtest_options_init(&options);
    long before = allocations;
    HqSymbol symbol;
    hq_symbol_init(&symbol);
    symbol.bars = &bars;
    symbol.program = loaded;
    CHECK(hq_backtest_run(&symbol, 1, NULL, 0, &options, &report, NULL) == HQ_OK &&
          report.bars == length);
    return allocations - before;
}

static void a_run_allocates_nothing_per_bar(void)
{
    HqProgram *loaded = NULL;
    CHECK(hq_program_load(program, program_size, &loaded) == HQ_OK);
    CHECK(allocations_of_run(loaded, 1) == allocations_of_run(loaded, BARS));
    hq_program_free(loaded);
}

int main(void)
{
    program_size = program_crossing(108, program);
    push_update_read_and_poll_allocate_nothing();
    a_full_signal_queue_allocates_nothing();
    a_polled_aggregator_allocates_nothing();
    an_account_allocates_nothing();
    a_run_allocates_nothing_per_bar();
    CHECK(live_blocks == 0 && allocations > 0);
    return check_report("test_alloc_none");
}
