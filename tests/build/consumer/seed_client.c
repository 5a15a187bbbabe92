/*
 * Written against the seed's text alone: its 28 functions, its types, its constants. Valid C99, C11
 * and C++17. Every expected number is worked out by hand from the closes 10, 11, 12.
 */
#include "hquant.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static int failures = 0;

static void expect(int holds, const char *what)
{
    if (!holds) {
        failures++;
        printf("failed: %s\n", what);
    }
}
#define EXPECT(condition) expect((condition) ? 1 : 0, #condition)

static int near(double a, double b) { return fabs(a - b) < 1e-12; }

static const char *action_name(Action action)
{
    switch (action) {
    case ACTION_BUY:
        return "buy";
    case ACTION_SELL:
        return "sell";
    case ACTION_HOLD:
        return "hold";
    default:
        return "?";
    }
}

static int outputs_of(IndicatorValue value)
{
    switch (value.kind) {
    case INDICATOR_SCALAR:
        return 1;
    case INDICATOR_TRIPLE:
        return 3;
    default:
        return 0;
    }
}

static Bar bar_at(int64_t timestamp, double close)
{
    Bar bar = {timestamp, close, close + 1.0, close - 1.0, close, 7.0, 3.0};
    return bar;
}

static void layouts(void)
{
    EXPECT(sizeof(Bar) == 56 && sizeof(Action) == 1 && sizeof(Signal) == 16);
    EXPECT(sizeof(IndicatorValueKind) == 1 && sizeof(IndicatorValue) == 32);
    EXPECT(sizeof(HqColumnF64) == 32 && sizeof(HqColumnI64) == 32);
    EXPECT(sizeof(BacktestParams) == 48 && sizeof(BacktestResult) == 40);
}

static void columns(HQuant *engine)
{
    HqColumnF64 close = hquant_close_column(engine);
    HqColumnI64 timestamp = hquant_timestamp_column(engine);
    EXPECT(close.capacity == 4 && close.len == 3 && close.head == 3);
    EXPECT(close.ptr[0] == 10.0 && close.ptr[2] == 12.0);
    EXPECT(timestamp.len == 3 && timestamp.ptr[2] == 3000);
    EXPECT(hquant_open_column(engine).ptr[1] == 11.0);
    EXPECT(hquant_high_column(engine).ptr[1] == 12.0);
    EXPECT(hquant_low_column(engine).ptr[1] == 10.0);
    EXPECT(hquant_volume_column(engine).ptr[1] == 7.0);
    EXPECT(hquant_buy_volume_column(engine).ptr[1] == 3.0);
}

static void indicators(HQuant *engine, uint32_t rsi, uint32_t ema, uint32_t sma, uint32_t stddev,
                       uint32_t boll, uint32_t macd)
{
    IndicatorValue bands = hquant_indicator_last(engine, boll);
    IndicatorValue lines = hquant_indicator_last(engine, macd);
    IndicatorValue none = hquant_indicator_last(engine, 9999);
    EXPECT(hquant_indicator_last(engine, rsi).a == 100.0);          /* no loss */
    EXPECT(near(hquant_indicator_last(engine, ema).a, 104.0 / 9));  /* k = 2/3 */
    EXPECT(hquant_indicator_last(engine, sma).a == 11.5);
    EXPECT(hquant_indicator_last(engine, stddev).a == 0.5);
    EXPECT(outputs_of(bands) == 3 && outputs_of(hquant_indicator_last(engine, sma)) == 1);
    EXPECT(bands.a == 12.5 && bands.b == 11.5 && bands.c == 10.5);
    EXPECT(near(lines.a, 4.0 / 9) && near(lines.b, 4.0 / 9) && lines.c == 0.0);
    EXPECT(outputs_of(none) == 1 && isnan(none.a) && isnan(none.b) && isnan(none.c));
}

static void engine_works(void)
{
    static const uint8_t name[] = {'s'};
    static const uint8_t not_utf8[] = {0xff, 0xfe};
    Signal signals[2];
    HQuant *engine = hquant_new(4);
    uint32_t rsi = hquant_add_rsi(engine, 2);
    uint32_t ema = hquant_add_ema_close(engine, 2);
    uint32_t sma = hquant_add_sma_close(engine, 2);
    uint32_t stddev = hquant_add_stddev_close(engine, 2);
    uint32_t boll = hquant_add_boll(engine, 2, 2.0);
    uint32_t macd = hquant_add_macd(engine, 1, 2, 1);
    EXPECT(engine != NULL && hquant_capacity(engine) == 4 && hquant_len(engine) == 0);
    EXPECT(rsi && ema && sma && stddev && boll && macd);
    EXPECT(hquant_add_sma_close(engine, 2) == sma);
    EXPECT(hquant_add_sma_close(engine, 0) == 0 && hquant_add_macd(engine, 2, 2, 1) == 0);
    EXPECT(hquant_add_strategy(engine, name, sizeof name, not_utf8, sizeof not_utf8) == 0);
    hquant_push_bar(engine, bar_at(1000, 10.0));
    hquant_push_bar(engine, bar_at(2000, 11.0));
    hquant_push_bar(engine, bar_at(3000, 99.0));
    hquant_update_last_bar(engine, bar_at(3000, 12.0));
    EXPECT(hquant_len(engine) == 3);
    columns(engine);
    indicators(engine, rsi, ema, sma, stddev, boll, macd);
    EXPECT(hquant_signals_len(engine) == 0 && hquant_poll_signals(engine, signals, 2) == 0);
    hquant_free(engine);
}

static void account_works(void)
{
    BacktestParams params = {1000.0, 10.0, 1.0, 0.0, 0.0, 0.0};
    Signal signal = {1, ACTION_SELL, 1000};
    int rising = 1;
    BacktestResult result;
    FuturesBacktest *account = hq_backtest_new(params);
    EXPECT(account != NULL);
    hq_backtest_apply_signal(account, rising ? ACTION_BUY : signal.action, 100.0, 100.0);
    hq_backtest_on_price(account, 110.0);
    hq_backtest_on_price(account, 105.0);
    result = hq_backtest_result(account, 105.0); /* 10 contracts, 5 each */
    EXPECT(near(result.equity, 1050.0) && near(result.profit, 50.0));
    EXPECT(near(result.profit_rate, 0.05) && near(result.max_drawdown_rate, -50.0 / 1100));
    EXPECT(result.liquidated == 0);
    hq_backtest_free(account);
}

static void bad_input_is_answered(void)
{
    BacktestParams params = {-1.0, 1.0, 1.0, 0.0, 0.0, 0.0};
    EXPECT(hquant_new(0) == NULL && hquant_new((size_t)1 << 40) == NULL);
    EXPECT(hquant_len(NULL) == 0 && hquant_capacity(NULL) == 0 && hquant_add_rsi(NULL, 2) == 0);
    EXPECT(hquant_close_column(NULL).ptr == NULL && hquant_signals_len(NULL) == 0);
    EXPECT(hquant_poll_signals(NULL, NULL, 0) == 0 && isnan(hquant_indicator_last(NULL, 1).a));
    EXPECT(hq_backtest_new(params) == NULL && isnan(hq_backtest_result(NULL, 1.0).equity));
    hquant_push_bar(NULL, bar_at(0, 1.0));
    hquant_update_last_bar(NULL, bar_at(0, 1.0));
    hq_backtest_apply_signal(NULL, ACTION_HOLD, 1.0, 1.0);
    hq_backtest_on_price(NULL, 1.0);
    hquant_free(NULL);
    hq_backtest_free(NULL);
}

int main(void)
{
    layouts();
    engine_works();
    account_works();
    bad_input_is_answered();
    EXPECT(strcmp(action_name(ACTION_HOLD), "hold") == 0 && strcmp(action_name(9), "?") == 0);
    if (failures == 0)
        printf("seed client: ok\n");
    return failures;
}
