/* The futures account and hq_backtest_run() under hostile arguments. */
#include "hostile.h"

#include <string.h>

#include "api/backtest_handle.h"
#include "hquant/backtest.h"
#include "program.h"
#include "twins.h"

#define FUNCTIONS(X)                                                                              \
    X(hq_backtest_new) X(hq_backtest_free) X(hq_backtest_apply_signal) X(hq_backtest_on_price)    \
    X(hq_backtest_result) X(hq_backtest_cash) X(hq_backtest_liquidated)                           \
    X(hq_backtest_max_open_margin) X(hq_backtest_open_long) X(hq_backtest_open_short)             \
    X(hq_backtest_close_long) X(hq_backtest_close_short) X(hq_backtest_equity)                    \
    X(hq_backtest_locked_margin) X(hq_backtest_total_notional) X(hq_backtest_maintenance_margin)  \
    X(hq_backtest_contracts) X(hq_backtest_entry_price) X(hq_backtest_fees)                       \
    X(hq_backtest_realized_pnl) X(hq_backtest_liquidation_loss) X(hq_backtest_options_init)       \
    X(hq_symbol_init) X(hq_backtest_steps) X(hq_backtest_run)

FUNCTIONS(HOSTILE_DECLARE)

static FuturesBacktest *account, *twin;
static const double bad_amounts[] = {NAN, INFINITY, -INFINITY, -1, -5e-324};
static const BacktestParams good = {1000, 2, 1, 2e-4, 4e-4, 5e-3};

/* --------------------------------------------------------------------- account */

static void hostile_hq_backtest_new(void)
{
    static const double bad[6][5] = {
        {0, -1, NAN, INFINITY, 1e101},    {0, 0.999, NAN, INFINITY, 1e101},
        {0, 1e-101, NAN, -1, 1e101},      {-1e-9, NAN, INFINITY, -INFINITY, 1e101},
        {-1, NAN, INFINITY, -1e9, 1e101}, {-1, NAN, INFINITY, -1e9, 1e101}};
    for (int field = 0; field < 6; field++)
        for (int i = 0; i < 5; i++) {
            BacktestParams params = good;
            memcpy((char *)&params + 8 * field, &bad[field][i], 8);
            EXPECT(HQ_EINVAL, hq_backtest_new(params) == NULL);
        }
}

static void hostile_hq_backtest_free(void) { EXPECT_AFTER(HQ_OK, hq_backtest_free(NULL)); }

static void hostile_hq_backtest_apply_signal(void)
{
    EXPECT_AFTER(HQ_EINVAL, hq_backtest_apply_signal(NULL, ACTION_BUY, 100, 10));
    for (int action = 0; action < 256; action = action ? action + 1 : 4)
        EXPECT_AFTER(HQ_EINVAL, hq_backtest_apply_signal(account, (Action)action, 100, 10));
    for (Action action = 1; action <= 3; action++) {
        for
            EACH(i, bad_prices)
        EXPECT_AFTER(HQ_EINVAL, hq_backtest_apply_signal(account, action, bad_prices[i], 10));
        for
            EACH(i, bad_amounts)
        EXPECT_AFTER(HQ_EINVAL, hq_backtest_apply_signal(account, action, 100, bad_amounts[i]));
    }
}

static void hostile_hq_backtest_on_price(void)
{
    EXPECT_AFTER(HQ_EINVAL, hq_backtest_on_price(NULL, 100));
    for
        EACH(i, bad_prices)
    EXPECT_AFTER(HQ_EINVAL, hq_backtest_on_price(account, bad_prices[i]));
}

static int is_nothing(BacktestResult r)
{
    return isnan(r.equity) && isnan(r.profit) && isnan(r.profit_rate) &&
           isnan(r.max_drawdown_rate) && !r.liquidated;
}

static void hostile_hq_backtest_result(void)
{
    EXPECT(HQ_EINVAL, is_nothing(hq_backtest_result(NULL, 100)));
    for
        EACH(i, bad_prices)
    EXPECT(HQ_EINVAL, is_nothing(hq_backtest_result(account, bad_prices[i])));
}

typedef HqStatus (*Open)(FuturesBacktest *, double, double, double);
typedef HqStatus (*Close)(FuturesBacktest *, double, double);

static void check_open(Open open)
{
    EXPECT_STATUS(HQ_EINVAL, open(NULL, 100, 10, 0));
    for
        EACH(i, bad_prices)
    EXPECT_STATUS(HQ_EINVAL, open(account, bad_prices[i], 10, 0));
    for
        EACH(i, bad_amounts)
        {
            EXPECT_STATUS(HQ_EINVAL, open(account, 100, bad_amounts[i], 0));
            EXPECT_STATUS(HQ_EINVAL, open(account, 100, 10, bad_amounts[i]));
        }
    EXPECT_STATUS(HQ_EINVAL, open(account, 100, 10, 1e101));
}

static void check_close(Close close)
{
    EXPECT_STATUS(HQ_EINVAL, close(NULL, 100, 0));
    for
        EACH(i, bad_prices)
    EXPECT_STATUS(HQ_EINVAL, close(account, bad_prices[i], 0));
    for
        EACH(i, bad_amounts)
    EXPECT_STATUS(HQ_EINVAL, close(account, 100, bad_amounts[i]));
}

static void hostile_hq_backtest_open_long(void) { check_open(hq_backtest_open_long); }
static void hostile_hq_backtest_open_short(void) { check_open(hq_backtest_open_short); }
static void hostile_hq_backtest_close_long(void) { check_close(hq_backtest_close_long); }
static void hostile_hq_backtest_close_short(void) { check_close(hq_backtest_close_short); }

static void check_at_price(double (*read)(FuturesBacktest *, double), const double *bad,
                           size_t count)
{
    EXPECT(HQ_EINVAL, isnan(read(NULL, 100)));
    for (size_t i = 0; i < count; i++)
        EXPECT(HQ_EINVAL, isnan(read(account, bad[i])));
}

#define HOSTILE_AT_PRICE(name, bad) \
    static void hostile_##name(void) { check_at_price(name, bad, COUNT_OF(bad)); }
HOSTILE_AT_PRICE(hq_backtest_equity, bad_prices)
HOSTILE_AT_PRICE(hq_backtest_total_notional, bad_prices)
HOSTILE_AT_PRICE(hq_backtest_maintenance_margin, bad_prices)
HOSTILE_AT_PRICE(hq_backtest_max_open_margin, bad_amounts)

static void check_side(double (*read)(FuturesBacktest *, int32_t))
{
    static const int32_t bad[] = {0, 2, -2, INT32_MAX, INT32_MIN};
    EXPECT(HQ_EINVAL, isnan(read(NULL, 1)));
    for
        EACH(i, bad)
    EXPECT(HQ_EINVAL, isnan(read(account, bad[i])));
}

static void hostile_hq_backtest_contracts(void) { check_side(hq_backtest_contracts); }
static void hostile_hq_backtest_entry_price(void) { check_side(hq_backtest_entry_price); }

#define HOSTILE_NULL(name) \
    static void hostile_##name(void) { EXPECT(HQ_EINVAL, isnan(name(NULL))); }
HOSTILE_NULL(hq_backtest_cash)
HOSTILE_NULL(hq_backtest_locked_margin)
HOSTILE_NULL(hq_backtest_fees)
HOSTILE_NULL(hq_backtest_realized_pnl)
HOSTILE_NULL(hq_backtest_liquidation_loss)

static void hostile_hq_backtest_liquidated(void)
{
    EXPECT(HQ_EINVAL, hq_backtest_liquidated(NULL) == 0);
}

/* ------------------------------------------------------------------------- run */

enum { BARS = 4 };

static int64_t timestamps[BARS] = {0, 60000, 120000, 180000};
static double prices[BARS] = {100, 101, 99, 102};
static HqBars bars = {timestamps, prices, prices, prices, prices, prices, NULL, BARS};
static HqProgram *program;
static HqSymbol symbol;
static HqOrder order;
static HqBacktestOptions options;
static HqBacktestReport report;
static HqBacktestOutput output = {.struct_size = sizeof output};

static HqStatus run(void)
{
    return hq_backtest_run(&symbol, 1, &order, 1, &options, &report, &output);
}

static void check_run_bars(void)
{
    const void **columns[] = {(const void **)&bars.timestamp, (const void **)&bars.open,
                              (const void **)&bars.high,      (const void **)&bars.low,
                              (const void **)&bars.close,     (const void **)&bars.volume};
    for
        EACH(i, columns)
        {
            const void *column = *columns[i];
            *columns[i] = NULL;
            EXPECT_STATUS(HQ_EINVAL, run());
            *columns[i] = column;
        }
    for
        EACH(i, bad_prices)
        {
            prices[2] = bad_prices[i];
            EXPECT_STATUS(HQ_EBAR, run());
        }
    prices[2] = 99;
    timestamps[3] = 119999;
    EXPECT_STATUS(HQ_EORDER, run());
    timestamps[3] = 180000;
}

#define CHECK_FIELD(lvalue, bad, status)   \
    do {                                   \
        __typeof__(lvalue) good_ = lvalue; \
        lvalue = bad;                      \
        EXPECT_STATUS(status, run());      \
        lvalue = good_;                    \
    } while (0)

static void check_run_structs(void)
{
    CHECK_FIELD(options.struct_size, 0, HQ_EINVAL);
    CHECK_FIELD(options.struct_size, UINT32_MAX, HQ_EINVAL);
    CHECK_FIELD(options.fill, 3, HQ_EINVAL);
    CHECK_FIELD(options.account.leverage, 0.5, HQ_EINVAL);
    CHECK_FIELD(options.account.initial_margin, (double)NAN, HQ_EINVAL);
    CHECK_FIELD(report.struct_size, 4, HQ_EINVAL);
    CHECK_FIELD(output.struct_size, 4, HQ_EINVAL);
    CHECK_FIELD(output.reserved, 1, HQ_EINVAL);
    CHECK_FIELD(output.equity, prices, HQ_EINVAL); /* steps_cap is 0 */
}

static void check_run_options(void)
{
    static const HqMarginTier tiers[] = {{0, 0.01, 20}, {0, 0.02, 10}};
    uint8_t *choices[] = {&options.intrabar,      &options.sides,           &options.hedged,
                          &options.unaffordable,  &options.bad_bars,        &options.slippage_kind,
                          &options.funding_missing, &options.size_unit,     &options.stop_unit,
                          &options.target_unit,   &options.trail_unit};
    for
        EACH(i, choices)
        CHECK_FIELD(*choices[i], 255, HQ_EINVAL);
    double *unread[] = {&options.limit_offset, &options.slippage, &options.funding_constant,
                        &options.size,         &options.stop,     &options.target, &options.trail};
    for
        EACH(i, unread)
        for
            EACH(k, bad_numbers)
            CHECK_FIELD(*unread[i], bad_numbers[k], HQ_EINVAL);
    options.stop_unit = options.target_unit = options.trail_unit = HQ_DISTANCE_PRICE;
    options.stop = options.target = options.trail = 1;
    options.size_unit = HQ_SIZE_UNITS;
    options.size = 1;
    for
        EACH(i, unread)
        for
            EACH(k, bad_numbers)
            CHECK_FIELD(*unread[i], bad_numbers[k], HQ_EINVAL);
    options.stop_unit = options.target_unit = options.trail_unit = options.size_unit = 0;
    options.stop = options.target = options.trail = options.size = 0;
    CHECK_FIELD(options.fee_per_unit, (double)NAN, HQ_EINVAL);
    CHECK_FIELD(options.fee_per_unit, -1e-9, HQ_EINVAL);
    CHECK_FIELD(options.funding_interval_ms, INT64_MIN, HQ_EINVAL);
    CHECK_FIELD(options.limit_bars, 1, HQ_EINVAL);
    CHECK_FIELD(options.reserved, 1, HQ_EINVAL);
    CHECK_FIELD(options.intrabar, HQ_INTRABAR_FINER, HQ_EINVAL); /* no finer bars */
    CHECK_FIELD(options.n_tiers, 1, HQ_EINVAL);                  /* at NULL */
    options.tiers = tiers;
    CHECK_FIELD(options.n_tiers, 2, HQ_EINVAL); /* the second begins where the first does */
    CHECK_FIELD(options.n_tiers, SIZE_MAX, HQ_EINVAL);
    options.tiers = NULL;
}

static void check_run_symbol(void)
{
    static const int8_t signals[BARS] = {0, 2, 0, 0};
    static const double rates[BARS] = {0, INFINITY, 0, 0};
    double *rules[] = {&symbol.tick_size, &symbol.lot_size, &symbol.min_quantity,
                       &symbol.min_notional};
    for
        EACH(i, rules)
        for
            EACH(k, bad_numbers)
            CHECK_FIELD(*rules[i], bad_numbers[k], HQ_EINVAL);
    CHECK_FIELD(symbol.struct_size, 0, HQ_EINVAL);
    CHECK_FIELD(symbol.reserved, 1, HQ_EINVAL);
    CHECK_FIELD(symbol.bars, NULL, HQ_EINVAL);
    CHECK_FIELD(symbol.signals, signals, HQ_EINVAL); /* beside a program */
    CHECK_FIELD(symbol.finer, &bars, HQ_EINVAL);     /* without intrabar = finer */
    CHECK_FIELD(symbol.funding_rate, rates, HQ_EINVAL);
    CHECK_FIELD(symbol.n_params, 1, HQ_EINVAL);
    symbol.program = NULL;
    CHECK_FIELD(symbol.signals, signals, HQ_EINVAL); /* 2 is no signal */
    symbol.program = program;
}

static void check_run_order(void)
{
    double *numbers[] = {&order.size, &order.price, &order.stop_price, &order.stop, &order.target,
                         &order.trail};
    order.type = HQ_ORDER_STOP_LIMIT;
    for
        EACH(i, numbers)
        for
            EACH(k, bad_prices)
            CHECK_FIELD(*numbers[i], bad_prices[k], HQ_EINVAL);
    uint8_t *choices[] = {&order.type,      &order.reduce_only, &order.size_unit,
                          &order.stop_unit, &order.target_unit, &order.trail_unit,
                          &order.reserved[4]};
    for
        EACH(i, choices)
        CHECK_FIELD(*choices[i], 255, HQ_EINVAL);
    CHECK_FIELD(order.side, 0, HQ_EINVAL);
    CHECK_FIELD(order.symbol, 1, HQ_EINVAL);
    CHECK_FIELD(order.symbol, UINT32_MAX, HQ_EINVAL);
    CHECK_FIELD(order.bar, -2, HQ_EINVAL);
    CHECK_FIELD(order.bar, BARS, HQ_EINVAL);
    CHECK_FIELD(order.bar, INT64_MAX, HQ_EINVAL);
    CHECK_FIELD(order.oco, 2, HQ_EINVAL);
}

static void hostile_hq_backtest_run(void)
{
    HqBacktestReport before;
    memset(&report, 0x77, sizeof report);
    report.struct_size = sizeof report;
    before = report;
    EXPECT_STATUS(HQ_EINVAL, hq_backtest_run(NULL, 1, NULL, 0, &options, &report, NULL));
    EXPECT_STATUS(HQ_EINVAL, hq_backtest_run(&symbol, 0, NULL, 0, &options, &report, NULL));
    EXPECT_STATUS(HQ_EINVAL, hq_backtest_run(&symbol, SIZE_MAX, NULL, 0, &options, &report, NULL));
    EXPECT_STATUS(HQ_EINVAL, hq_backtest_run(&symbol, 1, NULL, 1, &options, &report, NULL));
    EXPECT_STATUS(HQ_EINVAL, hq_backtest_run(&symbol, 1, &order, SIZE_MAX, &options, &report, NULL));
    EXPECT_STATUS(HQ_EINVAL, hq_backtest_run(&symbol, 1, NULL, 0, NULL, &report, NULL));
    EXPECT_STATUS(HQ_EINVAL, hq_backtest_run(&symbol, 1, NULL, 0, &options, NULL, NULL));
    check_run_bars();
    check_run_structs();
    check_run_options();
    check_run_symbol();
    check_run_order();
    CHECK(memcmp(&report, &before, sizeof report) == 0);
    CHECK_FIELD(output.trades_cap, SIZE_MAX, HQ_OK); /* without room no entry is stored */
    CHECK(output.trades_len == 0 && report.bars == BARS);
}

static void hostile_hq_backtest_options_init(void)
{
    EXPECT_AFTER(HQ_EINVAL, hq_backtest_options_init(NULL));
}

static void hostile_hq_symbol_init(void) { EXPECT_AFTER(HQ_EINVAL, hq_symbol_init(NULL)); }

static void hostile_hq_backtest_steps(void)
{
    HqSymbol empty;
    hq_symbol_init(&empty);
    CHECK(hq_backtest_steps(NULL, 1) == 0 && hq_backtest_steps(&symbol, 0) == 0);
    CHECK(hq_backtest_steps(&symbol, SIZE_MAX) == 0 && hq_backtest_steps(&empty, 1) == 0);
    CHECK(hq_backtest_steps(&symbol, 1) == BARS);
}

/* ------------------------------------------------------------------------ main */

static FuturesBacktest *make(void)
{
    FuturesBacktest *made = hq_backtest_new(good);
    CHECK(hq_backtest_open_long(made, 100, 50, 1e-4) == HQ_OK);
    CHECK(hq_backtest_open_short(made, 110, 70, 1e-4) == HQ_OK);
    return made;
}

static int unchanged(void)
{
    return memcmp(&account->account, &twin->account, sizeof account->account) == 0;
}

int main(void)
{
    static const Hostile list[] = {FUNCTIONS(HOSTILE_ROW)};
    uint8_t bytes[PROGRAM_SIZE];
    CHECK(hq_program_load(bytes, program_crossing(100, bytes), &program) == HQ_OK);
    hq_backtest_options_init(&options);
    hq_symbol_init(&symbol);
    symbol.bars = &bars;
    symbol.program = program;
    order = (HqOrder){.type = HQ_ORDER_MARKET, .side = 1, .size_unit = HQ_SIZE_UNITS, .size = 1,
                      .price = 100, .stop_price = 100, .oco = 1,
                      .stop = 1, .stop_unit = HQ_DISTANCE_PRICE,
                      .target = 1, .target_unit = HQ_DISTANCE_PRICE,
                      .trail = 1, .trail_unit = HQ_DISTANCE_PRICE};
    account = make();
    twin = make();
    int result = run_hostile(list, COUNT_OF(list), unchanged);
    hq_backtest_free(account);
    hq_backtest_free(twin);
    hq_program_free(program);
    return result;
}
