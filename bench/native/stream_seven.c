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

/* What a caller computes of five values, so that none of them is left out. */
static double push_and_view(HQuant *engine, const Stream *s, const double *view)
{
    double sum = 0;
    for (long i = 0; i < s->n; i++) {
        push(engine, s, i);
        sum += view[0] + view[1] + view[2] + view[3] + view[4];
    }
    return sum;
}

/* What limit.c's loop does: one value of the eleven. */
static double push_and_view_one(HQuant *engine, const Stream *s, const double *signal)
{
    double sum = 0;
    for (long i = 0; i < s->n; i++) {
        push(engine, s, i);
        sum += *signal;
    }
    return sum;
}

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

/*
 * read: 'v' SMA EMA RSI BOLL.upper MACD after each bar by a live view, 'w' the same of indicators without a
 * history, 'l' MACD's signal line of those as the limit does, 'c' five by a call a value, 'n' none.
 * last: the five after the last bar. Returns 0 when the engine refuses something.
 */
int stream_seven(const int64_t *time, const double *open, const double *high, const double *low,
                 const double *close, const double *volume, long n, char read, double *last)
{
    static const double p[] = {20}, r[] = {14}, b[] = {20, 2}, m[] = {12, 26, 9};
    const Stream stream = {time, open, high, low, close, volume, n};
    HQuant *engine = hquant_new(1024);
    Add spec = read == 'w' || read == 'l' ? hq_add_indicator_newest : hq_add_indicator;
    uint32_t ids[7] = {add(engine, spec, "SMA", 1, p),  add(engine, spec, "EMA", 1, p),
                       add(engine, spec, "RSI", 1, r),  add(engine, spec, "BOLL", 2, b),
                       add(engine, spec, "MACD", 3, m), add(engine, spec, "STDDEV", 1, p),
                       add(engine, spec, "ATR", 1, r)};
    int has_view = read == 'v' || read == 'w' || read == 'l';
    const HqIndicatorOutput first[] = {{ids[0], 0}, {ids[1], 0}, {ids[2], 0}, {ids[3], 0}, {ids[4], 0}};
    const HqIndicatorOutput signal = {ids[4], 1};
    const double *view = !has_view     ? NULL
                         : read == 'l' ? hq_engine_watch(engine, &signal, 1)
                                       : hq_engine_watch(engine, first, 5);
    double sum = 0;
    if (view && read == 'l')
        sum = push_and_view_one(engine, &stream, view);
    else if (view)
        sum = push_and_view(engine, &stream, view);
    else if (read == 'c')
        sum = push_and_ask(engine, &stream, ids);
    else
        for (long i = 0; i < n; i++)
            push(engine, &stream, i);
    for (int k = 0; k < 5; k++)
        last[k] = view && read != 'l' ? view[k] : hquant_indicator_last(engine, ids[k]).a;
    int done = !isinf(sum) && ids[6] != 0 && (view || !has_view) && hq_total_bars(engine) == (uint64_t)n;
    hquant_free(engine);
    return done;
}
