/*
 * The seed's C header, frozen: what a program written against the seed was compiled with. It is not
 * made from include/hquant.h and does not follow it: that programs of this header go on working
 * with the library is what tests/build/test_abi.py is about.
 */
#ifndef HQUANT_H
#define HQUANT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct HQuant HQuant;
typedef struct FuturesBacktest FuturesBacktest;

typedef struct Bar {
    int64_t timestamp;
    double open;
    double high;
    double low;
    double close;
    double volume;
    double buy_volume;
} Bar;

typedef uint8_t Action;
#define ACTION_BUY ((Action)1)
#define ACTION_SELL ((Action)2)
#define ACTION_HOLD ((Action)3)

typedef struct Signal {
    uint32_t strategy_id;
    Action action;
    int64_t timestamp;
} Signal;

typedef uint8_t IndicatorValueKind;
#define INDICATOR_SCALAR ((IndicatorValueKind)1)
#define INDICATOR_TRIPLE ((IndicatorValueKind)2)

typedef struct IndicatorValue {
    IndicatorValueKind kind;
    double a;
    double b;
    double c;
} IndicatorValue;

typedef struct HqColumnF64 {
    const double *ptr;
    size_t capacity;
    size_t len;
    size_t head;
} HqColumnF64;

typedef struct HqColumnI64 {
    const int64_t *ptr;
    size_t capacity;
    size_t len;
    size_t head;
} HqColumnI64;

typedef struct BacktestParams {
    double initial_margin;
    double leverage;
    double contract_size;
    double maker_fee_rate;
    double taker_fee_rate;
    double maintenance_margin_rate;
} BacktestParams;

typedef struct BacktestResult {
    double equity;
    double profit;
    double profit_rate;
    double max_drawdown_rate;
    uint8_t liquidated;
} BacktestResult;

HQuant *hquant_new(size_t capacity);
void hquant_free(HQuant *handle);

uint32_t hquant_add_rsi(HQuant *handle, size_t period);
uint32_t hquant_add_ema_close(HQuant *handle, size_t period);
uint32_t hquant_add_sma_close(HQuant *handle, size_t period);
uint32_t hquant_add_stddev_close(HQuant *handle, size_t period);
uint32_t hquant_add_boll(HQuant *handle, size_t period, double k);
uint32_t hquant_add_macd(HQuant *handle, size_t fast, size_t slow, size_t signal);
uint32_t hquant_add_strategy(HQuant *handle, const uint8_t *name_utf8, size_t name_len,
                             const uint8_t *dsl_utf8, size_t dsl_len);

void hquant_push_bar(HQuant *handle, Bar bar);
void hquant_update_last_bar(HQuant *handle, Bar bar);

size_t hquant_len(HQuant *handle);
size_t hquant_capacity(HQuant *handle);

HqColumnF64 hquant_close_column(HQuant *handle);
HqColumnF64 hquant_open_column(HQuant *handle);
HqColumnF64 hquant_high_column(HQuant *handle);
HqColumnF64 hquant_low_column(HQuant *handle);
HqColumnF64 hquant_volume_column(HQuant *handle);
HqColumnF64 hquant_buy_volume_column(HQuant *handle);
HqColumnI64 hquant_timestamp_column(HQuant *handle);

IndicatorValue hquant_indicator_last(HQuant *handle, uint32_t id);

size_t hquant_signals_len(HQuant *handle);
size_t hquant_poll_signals(HQuant *handle, Signal *out, size_t cap);

FuturesBacktest *hq_backtest_new(BacktestParams params);
void hq_backtest_free(FuturesBacktest *handle);
void hq_backtest_apply_signal(FuturesBacktest *handle, Action action, double price, double margin);
void hq_backtest_on_price(FuturesBacktest *handle, double price);
BacktestResult hq_backtest_result(FuturesBacktest *handle, double price);

#ifdef __cplusplus
}
#endif

#endif
