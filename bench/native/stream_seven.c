/* Seven indicators streamed through the library from C: what limit_stream() does by hand. */
#include <math.h>

#include <hquant.h>
#include <hquant/engine.h>

static uint32_t add(HQuant *engine, const char *name, size_t n_params, const double *params)
{
    HqIndicatorSpec spec = {.struct_size = sizeof spec};
    if (hq_indicator_spec(name, &spec) != HQ_OK)
        return 0;
    spec.n_params = (uint32_t)n_params;
    for (size_t i = 0; i < n_params; i++)
        spec.params[i] = params[i];
    return hq_add_indicator(engine, &spec);
}

/*
 * The fields are arguments, as of columns they come cheapest: a Bar by value that a caller puts together
 * first is written to its stack twice, and read there before it has arrived.
 * last: SMA EMA RSI BOLL.upper MACD after the last bar. `read`: whether RSI is read at each bar.
 * Returns 0 when the engine refuses something.
 */
int stream_seven(const int64_t *time, const double *open, const double *high, const double *low,
                 const double *close, const double *volume, long n, int read, double *last)
{
    static const double p[] = {20}, r[] = {14}, b[] = {20, 2}, m[] = {12, 26, 9};
    HQuant *engine = hquant_new(1024);
    uint32_t ids[7] = {add(engine, "SMA", 1, p),  add(engine, "EMA", 1, p),
                       add(engine, "RSI", 1, r),  add(engine, "BOLL", 2, b),
                       add(engine, "MACD", 3, m), add(engine, "STDDEV", 1, p),
                       add(engine, "ATR", 1, r)};
    double sum = 0;
    for (long i = 0; i < n; i++) {
        hq_push_bar(engine, time[i], open[i], high[i], low[i], close[i], volume[i], 0);
        if (read)
            sum += hquant_indicator_last(engine, ids[2]).a;
    }
    for (int k = 0; k < 5; k++)
        last[k] = hquant_indicator_last(engine, ids[k]).a;
    int done = !isinf(sum) && ids[6] != 0 && hq_total_bars(engine) == (uint64_t)n;
    hquant_free(engine);
    return done;
}
