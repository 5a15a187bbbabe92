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
    X(hq_backtest_run)

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
static HqBacktestOptions options;
static HqBacktestReport report;
static HqBacktestOutput output = {.struct_size = sizeof output};

static HqStatus run(void) { return hq_backtest_run(&bars, program, &options, &report, &output); }

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
    CHECK_FIELD(options.fill, 2, HQ_EINVAL);
    CHECK_FIELD(options.account.leverage, 0.5, HQ_EINVAL);
    CHECK_FIELD(options.account.initial_margin, (double)NAN, HQ_EINVAL);
    CHECK_FIELD(report.struct_size, 4, HQ_EINVAL);
    CHECK_FIELD(output.struct_size, 4, HQ_EINVAL);
    CHECK_FIELD(output.reserved, 1, HQ_EINVAL);
}

static void hostile_hq_backtest_run(void)
{
    HqBacktestReport before;
    memset(&report, 0x77, sizeof report);
    report.struct_size = sizeof report;
    before = report;
    EXPECT_STATUS(HQ_EINVAL, hq_backtest_run(NULL, program, &options, &report, NULL));
    EXPECT_STATUS(HQ_EINVAL, hq_backtest_run(&bars, NULL, &options, &report, NULL));
    EXPECT_STATUS(HQ_EINVAL, hq_backtest_run(&bars, program, NULL, &report, NULL));
    EXPECT_STATUS(HQ_EINVAL, hq_backtest_run(&bars, program, &options, NULL, NULL));
    check_run_bars();
    check_run_structs();
    CHECK(memcmp(&report, &before, sizeof report) == 0);
    CHECK_FIELD(output.trades_cap, SIZE_MAX, HQ_OK); /* without room no entry is stored */
    CHECK(output.trades_len == 0 && report.bars == BARS);
}

static void hostile_hq_backtest_options_init(void)
{
    EXPECT_AFTER(HQ_EINVAL, hq_backtest_options_init(NULL));
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
    account = make();
    twin = make();
    int result = run_hostile(list, COUNT_OF(list), unchanged);
    hq_backtest_free(account);
    hq_backtest_free(twin);
    hq_program_free(program);
    return result;
}
