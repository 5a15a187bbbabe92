/* One thread at a time is inside a handle, others are told so; handles share nothing. */
#define _POSIX_C_SOURCE 200809L /* barriers */

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include "check.h"
#include "hquant/backtest.h"
#include "hquant/market.h"
#include "program.h"
#include "twins.h"
#include "spec.h"

enum { CALLS = 20000, WORKERS = 4, MINUTE = 60000 };

static uint8_t program[PROGRAM_SIZE];
static size_t program_size;
static atomic_int
    broken; /* CHECK counts without a lock: threads add up here, the main thread checks */

#define EXPECT(condition)                                                           \
    do {                                                                            \
        if (!(condition)) {                                                         \
            fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #condition); \
            atomic_fetch_add(&broken, 1);                                           \
        }                                                                           \
    } while (0)

typedef void *(*Thread)(void *);

static void run_together(const Thread *threads, int count, void *argument)
{
    pthread_t ids[WORKERS];
    for (int i = 0; i < count; i++)
        CHECK(pthread_create(&ids[i], NULL, threads[i], argument) == 0);
    for (int i = 0; i < count; i++)
        pthread_join(ids[i], NULL);
    CHECK(atomic_exchange(&broken, 0) == 0);
}

/* The answer of the last call; with it counted whether it worked. */
static int worked(HqStatus status, int *count)
{
    EXPECT(status == HQ_OK || status == HQ_EBUSY);
    *count += status == HQ_OK;
    return status == HQ_OK;
}

/* ------------------------------------------------------------------ one engine */

/* The other thread may have been put aside inside, on a machine that is busy, for longer than all calls take: then
 * go on until there is something to compare. */
static bool goes_on(int calls, int done) { return calls < CALLS || done < 100; }

typedef struct Shared {
    HQuant *engine;
    FuturesBacktest *account;
    HqAggregator *aggregator;
    HqMulti *multi;
    int pushed, bars, polled, traded, events;
} Shared;

static void *push_bars(void *argument)
{
    Shared *s = argument;
    for (int i = 0; goes_on(i, s->pushed); i++) {
        Bar b = wavy_bar(s->pushed);
        worked(hq_push_bar(s->engine, b.timestamp, b.open, b.high, b.low, b.close, b.volume,
                           b.buy_volume),
               &s->pushed);
    }
    return NULL;
}

static void *disturb(void *argument)
{
    Shared *s = argument;
    Signal signals[8];
    for (int i = 0; i < CALLS; i++) {
        hq_clear_error();
        size_t len = hquant_len(s->engine);
        EXPECT(len <= 64);
        HqColumnF64 close = hquant_close_column(s->engine);
        EXPECT(close.ptr ? close.capacity == 64 && close.head < 64 : close.len == 0);
        s->polled += (int)hquant_poll_signals(s->engine, signals, 8);
        IndicatorValue value = hquant_indicator_last(s->engine, 1);
        EXPECT(value.kind == INDICATOR_SCALAR);
        if (i % 1000 == 0) {
            hquant_add_ema_close(s->engine, 2 + (size_t)i / 1000);
            hquant_add_strategy(s->engine, NULL, 0, program, program_size);
        }
        EXPECT(hq_last_error()->code == HQ_OK || hq_last_error()->code == HQ_EBUSY);
    }
    return NULL;
}

static void one_engine_stays_whole(void)
{
    Shared s = {.engine = hquant_new(64)};
    CHECK(hquant_add_sma_close(s.engine, 5) == 1);
    CHECK(hquant_add_strategy(s.engine, NULL, 0, program, program_size) == 1);
    run_together((const Thread[]){push_bars, disturb}, 2, &s);
    CHECK(s.pushed > 0 && hq_total_bars(s.engine) == (uint64_t)s.pushed);
    CHECK(hquant_len(s.engine) == (s.pushed < 64 ? (size_t)s.pushed : 64));
    /* A fresh engine fed the same bars knows the same. */
    HQuant *fresh = hquant_new(64);
    CHECK(hquant_add_sma_close(fresh, 5) == 1);
    for (int i = 0; i < s.pushed; i++)
        hquant_push_bar(fresh, wavy_bar(i));
    CHECK(same_bars(s.engine, fresh));
    CHECK(hquant_indicator_last(s.engine, 1).a == hquant_indicator_last(fresh, 1).a);
    hquant_free(fresh);
    hquant_free(s.engine);
}

/* ----------------------------------------------------------------- other handles */

static void *trade(void *argument)
{
    Shared *s = argument;
    int opened = 0, ignored = 0;
    for (int i = 0; i < CALLS; i++) {
        double price = 100 + i % 10;
        worked(hq_backtest_open_long(s->account, price, 1, 1e-4), &opened);
        worked(hq_backtest_close_long(s->account, price, 1e-4), &ignored);
        hq_clear_error();
        hq_backtest_apply_signal(s->account, (Action)(1 + i % 3), price, 1);
        BacktestResult result = hq_backtest_result(s->account, price);
        EXPECT(isnan(result.equity) ? hq_last_error()->code == HQ_EBUSY : result.equity > 0);
    }
    return NULL;
}

static void one_account_stays_whole(void)
{
    Shared s = {.account = hq_backtest_new((BacktestParams){1e6, 2, 1, 2e-4, 4e-4, 0})};
    run_together((const Thread[]){trade, trade}, 2, &s);
    double books = 1e6 + hq_backtest_realized_pnl(s.account) - hq_backtest_fees(s.account);
    CHECK(fabs(books - hq_backtest_cash(s.account) - hq_backtest_locked_margin(s.account)) <
          1e-3); /* a lost trade: 1 */
    CHECK(hq_backtest_fees(s.account) > 0);
    hq_backtest_free(s.account);
}

static void *feed(void *argument)
{
    Shared *s = argument;
    HqCandleEvent event;
    int flushed = 0;
    for (int i = 0; goes_on(i, s->bars); i++) {
        worked(hq_aggregator_push(s->aggregator, wavy_bar(s->bars)), &s->bars);
        if (i % 64 == 0)
            worked(hq_aggregator_flush(s->aggregator), &flushed);
        s->events += (int)hq_aggregator_poll_events(s->aggregator, &event, 1);
    }
    return NULL;
}

static void *look(void *argument)
{
    Shared *s = argument;
    for (int i = 0; i < CALLS; i++)
        EXPECT(hq_aggregator_rejected(s->aggregator) == 0 &&
               hq_aggregator_events_len(s->aggregator) < 4 * CALLS);
    return NULL;
}

static void one_aggregator_stays_whole(void)
{
    Shared s = {0};
    CHECK(hq_aggregator_new((int64_t[]){MINUTE, 5 * MINUTE}, 2, &s.aggregator) == HQ_OK);
    run_together((const Thread[]){feed, look}, 2, &s);
    CHECK(s.bars > 0 && (int)hq_aggregator_events_len(s.aggregator) + s.events >= 2 * s.bars);
    hq_aggregator_free(s.aggregator);
}

static void *feed_multi(void *argument)
{
    Shared *s = argument;
    for (int i = 0; goes_on(i, s->bars); i++)
        worked(hq_multi_feed_bar(s->multi, wavy_bar(s->bars)), &s->bars);
    return NULL;
}

static void *use_parts(void *argument)
{
    Shared *s = argument;
    Signal one;
    for (int i = 0; i < CALLS; i++) {
        HQuant *part = NULL;
        while (!part) /* busy, until it is not */
            part = hq_multi_engine(s->multi, 5 * MINUTE);
        hq_clear_error();
        hquant_len(part);
        hquant_indicator_last(part, 1);
        if (i % 2000 == 0) {
            hquant_add_rsi(part, 2 + (size_t)i / 2000);
            hq_multi_add_strategy(s->multi, NULL, 0, program, program_size);
        }
        EXPECT(hq_last_error()->code == HQ_OK || hq_last_error()->code == HQ_EBUSY);
        s->polled += (int)hq_multi_poll_signals(s->multi, &one, 1);
    }
    return NULL;
}

static void one_multi_stays_whole(void)
{
    Shared s = {0};
    CHECK(hq_multi_new(64, (int64_t[]){MINUTE, 5 * MINUTE}, 2, 0, &s.multi) == HQ_OK);
    CHECK(hquant_add_sma_close(hq_multi_engine(s.multi, 5 * MINUTE), 3) == 1);
    run_together((const Thread[]){feed_multi, use_parts}, 2, &s);
    CHECK(s.bars > 0 && hq_total_bars(hq_multi_engine(s.multi, MINUTE)) == (uint64_t)s.bars);
    CHECK(hq_total_bars(hq_multi_engine(s.multi, 5 * MINUTE)) == (uint64_t)(s.bars + 4) / 5);
    hq_multi_free(s.multi);
}

/* ------------------------------------------------------------- nothing is shared */

static double results[WORKERS];
static atomic_int next_worker;

static double work(void)
{
    double sum = 0;
    HQuant *engine = hquant_new(32);
    hquant_add_boll(engine, 7, 2);
    hquant_add_strategy(engine, NULL, 0, program, program_size);
    for (int i = 0; i < CALLS; i++) {
        Signal signal;
        hquant_push_bar(engine, wavy_bar(i));
        if (i > 10)
            sum += hquant_indicator_last(engine, 3).a;
        sum += (double)hquant_poll_signals(engine, &signal, 1);
    }
    hquant_free(engine);
    return sum;
}

static void *work_apart(void *unused)
{
    (void)unused;
    results[atomic_fetch_add(&next_worker, 1)] = work();
    return NULL;
}

static void different_handles_share_nothing(void)
{
    double alone = work();
    run_together((const Thread[]){work_apart, work_apart, work_apart, work_apart}, WORKERS, NULL);
    for (int i = 0; i < WORKERS; i++)
        CHECK(results[i] == alone && alone > 0);
}

/* ------------------------------------------------------------- the last error */

static void *fail_my_way(void *barrier)
{
    static atomic_int turn;
    const HqStatus mine = atomic_fetch_add(&turn, 1) % 2 ? HQ_EINVAL : HQ_ENOTFOUND;
    EXPECT(hq_last_error()->code == HQ_OK); /* a new thread has not failed, whatever others did */
    for (int i = 0; i < 100; i++) {
        hq_clear_error();
        if (mine == HQ_EINVAL)
            hquant_len(NULL);
        else
            hq_indicator_warmup(SPEC_BARE(UINT32_MAX), 0);
        pthread_barrier_wait(barrier);
        EXPECT(hq_last_error()->code == mine);
        pthread_barrier_wait(barrier);
    }
    return NULL;
}

static void the_last_error_is_the_threads_own(void)
{
    pthread_barrier_t barrier;
    pthread_barrier_init(&barrier, NULL, 2);
    hquant_capacity(NULL);
    run_together((const Thread[]){fail_my_way, fail_my_way}, 2, &barrier);
    CHECK(hq_last_error()->code == HQ_EINVAL);
    pthread_barrier_destroy(&barrier);
}

/* ------------------------------------------------------------- the compiler hook */

static int user_a, user_b;

static void compile_a(void *user, const char *name, size_t name_len, const char *text,
                      size_t text_len, HqCompileResult *result)
{
    (void)name, (void)name_len, (void)text, (void)text_len;
    EXPECT(user == &user_a);
    hq_compile_succeed(result, program, program_size);
}

static void compile_b(void *user, const char *name, size_t name_len, const char *text,
                      size_t text_len, HqCompileResult *result)
{
    (void)name, (void)name_len, (void)text, (void)text_len;
    EXPECT(user == &user_b);
    hq_compile_fail(result, HQ_ECOMPILE, 1, 1, "no");
}

static void *change_compilers(void *unused)
{
    (void)unused;
    for (int i = 0; i < CALLS; i++) {
        hq_set_dsl_compiler(compile_a, &user_a);
        hq_set_dsl_compiler(compile_b, &user_b);
    }
    return NULL;
}

static void *compile_texts(void *unused)
{
    (void)unused;
    for (int i = 0; i < 200; i++) {
        HQuant *engine = hquant_new(4);
        hq_clear_error();
        uint32_t id = hquant_add_strategy(engine, NULL, 0, (const uint8_t *)"text", 4);
        EXPECT(id == 1 || hq_last_error()->code == HQ_ECOMPILE);
        hquant_free(engine);
    }
    return NULL;
}

static void a_hook_and_its_argument_change_together(void)
{
    hq_set_dsl_compiler(compile_b, &user_b);
    run_together((const Thread[]){change_compilers, compile_texts, change_compilers, compile_texts},
                 4, NULL);
    hq_set_dsl_compiler(NULL, NULL);
}

static void *push_meanwhile(void *handle)
{
    EXPECT(hq_push_bar(handle, 0, 1, 1, 1, 1, 1, 0) == HQ_EBUSY);
    return NULL;
}

/* A hook that calls into the handle that it compiles for is told so, and cannot free it. */
static void compile_from_inside(void *user, const char *name, size_t name_len, const char *text,
                                size_t text_len, HqCompileResult *result)
{
    HQuant *handle = user;
    (void)name, (void)name_len, (void)text, (void)text_len;
    CHECK(hq_push_bar(handle, 0, 1, 1, 1, 1, 1, 0) == HQ_EBUSY);
    hq_clear_error();
    CHECK(hquant_len(handle) == 0 && hq_last_error()->code == HQ_EBUSY);
    hq_clear_error();
    hquant_free(handle);
    CHECK(hq_last_error()->code == HQ_EBUSY);
    run_together((const Thread[]){push_meanwhile}, 1, handle);
    hq_compile_succeed(result, program, program_size);
}

static void a_handle_in_use_is_not_freed(void)
{
    HQuant *handle = hquant_new(4);
    hquant_push_bar(handle, wavy_bar(0));
    hq_set_dsl_compiler(compile_from_inside, handle);
    CHECK(hquant_add_strategy(handle, NULL, 0, (const uint8_t *)"text", 4) == 1);
    hq_set_dsl_compiler(NULL, NULL);
    CHECK(hquant_len(handle) == 1);
    hquant_free(handle);
}

int main(void)
{
    program_size = program_crossing(105, program);
    a_handle_in_use_is_not_freed(); /* in a process of one thread, until the hook starts another */
    one_engine_stays_whole();
    one_account_stays_whole();
    one_aggregator_stays_whole();
    one_multi_stays_whole();
    different_handles_share_nothing();
    the_last_error_is_the_threads_own();
    a_hook_and_its_argument_change_together();
    a_handle_in_use_is_not_freed();
    return check_report("test_threads");
}
