/* Seven indicators streamed through the library from C: what limit_stream() does by hand. */
#include <math.h>

#include <hquant.h>
#include <hquant/engine.h>

typedef uint32_t (*Add)(HQuant *engine, const HqIndicatorSpec *spec); /* with a history or without */

static uint32_t add(HQuant *engine, Add add_spec, const char *name, size_t n_params, const double *params)
{
    HqIndicatorSpec spec = {.struct_size = sizeof spec};
    if (hq_indicator_spec(name, &spec) != HQ_OK)
        return 0;
    spec.n_params = (uint32_t)n_params;
    for (size_t i = 0; i < n_params; i++)
        spec.params[i] = params[i];
    return add_spec(engine, &spec);
}

typedef struct Stream {
    const int64_t *time;
    const double *open, *high, *low, *close, *volume;
    long n;
} Stream;

/*
 * The fields are arguments, as of columns they come cheapest: a Bar by value that a caller puts together
 * first is written to its stack twice, and read there before it has arrived.
 */
static inline void push(HQuant *engine, const Stream *s, long i)
{
    hq_push_bar(engine, s->time[i], s->open[i], s->high[i], s->low[i], s->close[i], s->volume[i], 0);
}

/* What a caller computes of values, so that none of them is left out: where the engine has them, ... */
static double push_and_read(HQuant *engine, const Stream *s, HqNewest five)
{
    double sum = 0;
    for (long i = 0; i < s->n; i++) {
        push(engine, s, i);
        sum += hq_newest_value(&five, 0) + hq_newest_value(&five, 1) + hq_newest_value(&five, 2) +
               hq_newest_value(&five, 3) + hq_newest_value(&five, 4);
    }
    return sum;
}

static double push_and_read_one(HQuant *engine, const Stream *s, HqNewest one)
{
    double sum = 0;
    for (long i = 0; i < s->n; i++) {
        push(engine, s, i);
        sum += hq_newest_value(&one, 0);
    }
    return sum;
}

/* ... in the copies of a live view, ... */
static double push_and_view(HQuant *engine, const Stream *s, const double *view)
{
    double sum = 0;
    for (long i = 0; i < s->n; i++) {
        push(engine, s, i);
        sum += view[0] + view[1] + view[2] + view[3] + view[4];
    }
    return sum;
}

/* ... by a call each. */
static double push_and_ask(HQuant *engine, const Stream *s, const uint32_t *ids)
{
    double sum = 0;
    for (long i = 0; i < s->n; i++) {
        push(engine, s, i);
        for (int k = 0; k < 5; k++)
            sum += hquant_indicator_last(engine, ids[k]).a;
    }
    return sum;
}

static double push_all(HQuant *engine, const Stream *s)
{
    for (long i = 0; i < s->n; i++)
        push(engine, s, i);
    return 0;
}

/*
 * read: SMA EMA RSI BOLL.upper MACD after each bar, 'p' in place, 'v' by a live view, 'c' by a call each;
 * without a history 'q' in place; 'l' of those MACD's signal line alone, as limit.c does; 'n' none.
 * last: the five after the last bar. Returns 0 when the engine refuses something.
 */
int stream_seven(const int64_t *time, const double *open, const double *high, const double *low,
                 const double *close, const double *volume, long n, char read, double *last)
{
    static const double p[] = {20}, r[] = {14}, b[] = {20, 2}, m[] = {12, 26, 9};
    const Stream stream = {time, open, high, low, close, volume, n};
    HQuant *engine = hquant_new(1024);
    Add spec = read == 'q' || read == 'l' ? hq_add_indicator_newest : hq_add_indicator;
    uint32_t ids[7] = {add(engine, spec, "SMA", 1, p),  add(engine, spec, "EMA", 1, p),
                       add(engine, spec, "RSI", 1, r),  add(engine, spec, "BOLL", 2, b),
                       add(engine, spec, "MACD", 3, m), add(engine, spec, "STDDEV", 1, p),
                       add(engine, spec, "ATR", 1, r)};
    const HqIndicatorOutput five[] = {{ids[0], 0}, {ids[1], 0}, {ids[2], 0}, {ids[3], 0}, {ids[4], 0}};
    const HqIndicatorOutput signal = {ids[4], 1};
    HqNewest newest = {0};
    const double *view = NULL;
    double sum = NAN;
    if (read == 'l' && hq_engine_newest(engine, &signal, 1, &newest) == HQ_OK)
        sum = push_and_read_one(engine, &stream, newest);
    else if ((read == 'p' || read == 'q') && hq_engine_newest(engine, five, 5, &newest) == HQ_OK)
        sum = push_and_read(engine, &stream, newest);
    else if (read == 'v' && (view = hq_engine_watch(engine, five, 5)))
        sum = push_and_view(engine, &stream, view);
    else if (read == 'c')
        sum = push_and_ask(engine, &stream, ids);
    else if (read == 'n')
        sum = push_all(engine, &stream);
    for (size_t k = 0; k < 5; k++)
        last[k] = newest.count == 5 ? hq_newest_value(&newest, k)
                  : view            ? view[k]
                                    : hquant_indicator_last(engine, ids[k]).a;
    int done = !isinf(sum) && ids[6] != 0 && hq_total_bars(engine) == (uint64_t)n;
    hquant_free(engine);
    return done;
}
