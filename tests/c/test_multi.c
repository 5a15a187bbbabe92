/* MultiHQuant through the C ABI: evaluations counted by hand, ids, busy handles, bad input. */
#include <stdio.h>
#include <stdlib.h>

#include "check.h"
#include "engine/multi.h"
#include "hqbc_bytes.h"
#include "hquant/market.h"

enum { MINUTE = 60000, EVERY = HQ_EMIT_EVERY_UPDATE, ON_CLOSE = HQ_EMIT_ON_CLOSE };

static const int64_t two_periods[] = {MINUTE, 3 * MINUTE};

static HqMulti *make(uint32_t emit)
{
    HqMulti *multi = NULL;
    CHECK(hq_multi_new(16, two_periods, 2, emit, &multi) == HQ_OK);
    return multi;
}

static HqStatus feed(HqMulti *multi, int64_t timestamp, double price)
{
    return hq_multi_feed_bar(multi, (Bar){timestamp, price, price, price, price, 1, 0});
}

/* IF close@timeframe >= close@timeframe THEN HOLD: fires whenever it is evaluated. */
static Bytes always(int64_t period_ms)
{
    Hqbc h = {0};
    if (period_ms > 0)
        timeframe(&h, period_ms);
    uint32_t close = series(&h, CLOSE_, period_ms > 0);
    if (period_ms > 0)
        close = code(&h, OP_LAST, 0, close, 0);
    rule(&h, code(&h, 51, 0, close, close), HOLD, 0, 0, 1);
    return build(&h);
}

static uint32_t add(HqMulti *multi, Bytes b)
{
    return hq_multi_add_strategy(multi, (const uint8_t *)"s", 1, b.at, b.size);
}

/* The same strategy in both engines and across them. */
static void add_everywhere(HqMulti *multi)
{
    Bytes b = always(0);
    for (int i = 0; i < 2; i++)
        CHECK(hquant_add_strategy(hq_multi_engine(multi, two_periods[i]), NULL, 0, b.at, b.size) ==
              1);
    CHECK(add(multi, b) == 1);
}

typedef struct Expected {
    uint32_t id;
    int64_t timestamp;
} Expected;

enum { FIRST = 1 << 16 | 1, SECOND = 2 << 16 | 1, CROSS = 1 };

static void expect(HqMulti *multi, const Expected *expected, size_t count)
{
    Signal signals[16];
    size_t found = hq_multi_poll_signals(multi, signals, 16);
    CHECK(found == count);
    for (size_t i = 0; i < found && i < count; i++) {
        CHECK(signals[i].strategy_id == expected[i].id);
        CHECK(signals[i].timestamp == expected[i].timestamp);
        CHECK(signals[i].action == ACTION_HOLD);
    }
}

#define EXPECT(multi, ...)                                                                 \
    expect(multi, (const Expected[]){__VA_ARGS__},                                         \
           sizeof((const Expected[]){__VA_ARGS__}) / sizeof(Expected))

/* --------------------------------------------------------------- evaluations */

static void every_update_evaluates_once_a_feed(void)
{
    HqMulti *m = make(EVERY);
    add_everywhere(m);
    CHECK(feed(m, 0, 10) == HQ_OK);
    EXPECT(m, {FIRST, 0}, {SECOND, 0}, {CROSS, 0});
    CHECK(feed(m, 0, 11) == HQ_OK); /* sent again, and different */
    EXPECT(m, {FIRST, 0}, {SECOND, 0}, {CROSS, 0});
    CHECK(feed(m, 0, 11) == HQ_OK); /* the same once more: nothing has changed */
    CHECK(hq_multi_signals_len(m) == 0);
    CHECK(feed(m, 30000, 11) == HQ_OK);
    EXPECT(m, {FIRST, 0}, {SECOND, 0}, {CROSS, 30000});
    CHECK(feed(m, 2 * MINUTE, 12) == HQ_OK); /* closes the minute: still one evaluation each */
    EXPECT(m, {FIRST, 2 * MINUTE}, {SECOND, 0}, {CROSS, 2 * MINUTE});
    CHECK(hq_multi_flush(m) == HQ_OK && hq_multi_flush(m) == HQ_OK);
    CHECK(hq_multi_signals_len(m) == 0); /* the candles were written already */
    CHECK(feed(m, 2 * MINUTE + 1, 13) == HQ_OK);
    EXPECT(m, {FIRST, 2 * MINUTE}, {SECOND, 0}, {CROSS, 2 * MINUTE + 1});
    hq_multi_free(m);
}

static void on_close_evaluates_once_a_candle(void)
{
    HqMulti *m = make(ON_CLOSE);
    add_everywhere(m);
    CHECK(hq_multi_flush(m) == HQ_OK); /* before the first bar */
    CHECK(feed(m, 0, 10) == HQ_OK && feed(m, 30000, 11) == HQ_OK);
    CHECK(hq_multi_signals_len(m) == 0);
    CHECK(feed(m, 2 * MINUTE, 12) == HQ_OK); /* ends the minute, not the three minutes */
    EXPECT(m, {FIRST, 0}, {CROSS, 30000});
    CHECK(feed(m, 3 * MINUTE, 13) == HQ_OK);
    EXPECT(m, {FIRST, 2 * MINUTE}, {SECOND, 0}, {CROSS, 2 * MINUTE});
    CHECK(hq_multi_flush(m) == HQ_OK);
    EXPECT(m, {FIRST, 3 * MINUTE}, {SECOND, 3 * MINUTE}, {CROSS, 3 * MINUTE});
    CHECK(hq_multi_flush(m) == HQ_OK);
    CHECK(feed(m, 3 * MINUTE + 1, 14) == HQ_OK && hq_multi_flush(m) == HQ_OK);
    CHECK(hq_multi_signals_len(m) == 0); /* continued after a flush: not evaluated twice */
    CHECK(feed(m, 4 * MINUTE, 15) == HQ_OK);
    CHECK(hq_multi_signals_len(m) == 0);
    CHECK(hq_multi_flush(m) == HQ_OK);
    EXPECT(m, {FIRST, 4 * MINUTE}, {CROSS, 4 * MINUTE});
    hq_multi_free(m);
}

static void engines_hold_the_candles(void)
{
    HqMulti *m = make(EVERY);
    const double prices[] = {10, 12, 8, 9};
    for (int i = 0; i < 4; i++)
        CHECK(hq_multi_feed_bar(m, (Bar){i * MINUTE, prices[i], prices[i] + 1, prices[i] - 1,
                                         prices[i], 2, 1}) == HQ_OK);
    HQuant *minutes = hq_multi_engine(m, MINUTE), *threes = hq_multi_engine(m, 3 * MINUTE);
    CHECK(hquant_len(minutes) == 4 && hquant_len(threes) == 2);
    CHECK(hquant_open_column(threes).ptr[0] == 10 && hquant_high_column(threes).ptr[0] == 13);
    CHECK(hquant_low_column(threes).ptr[0] == 7 && hquant_close_column(threes).ptr[0] == 8);
    CHECK(hquant_volume_column(threes).ptr[0] == 6);
    CHECK(hquant_buy_volume_column(threes).ptr[0] == 3);
    CHECK(hquant_timestamp_column(threes).ptr[1] == 3 * MINUTE);
    hq_multi_free(m);
}

/* IF CROSSOVER(close, close@3m[1]) THEN BUY: its "before" is the minute before. */
static Bytes crossing(void)
{
    Hqbc h = {0};
    timeframe(&h, 3 * MINUTE);
    uint32_t close = series(&h, CLOSE_, 0);
    uint32_t lag = node1(&h, 13, 1, series(&h, CLOSE_, 1), 1);
    node_input(&h, close);
    node_input(&h, code(&h, OP_LAST, 0, lag, 0));
    rule(&h, node(&h, 64, 0, 2, 0), BUY, 0, 0, 1);
    return build(&h);
}

static void mixed_clocks_advance_with_the_first_period(void)
{
    HqMulti *m = make(EVERY);
    CHECK(add(m, crossing()) == 1);
    feed(m, 0, 10);           /* the candle of 0: 10 */
    feed(m, 3 * MINUTE, 9);   /* 9 <= 10; the minute before had nothing to compare with */
    feed(m, 4 * MINUTE, 10);  /* 10 <= 10 */
    CHECK(hq_multi_signals_len(m) == 0);
    feed(m, 5 * MINUTE, 11);  /* over it */
    feed(m, 5 * MINUTE, 10);  /* replaced: not over it */
    feed(m, 5 * MINUTE, 12);  /* the minute before is still that of 4 */
    feed(m, 5 * MINUTE + 1, 13);
    Signal s[8];
    CHECK(hq_multi_poll_signals(m, s, 8) == 3);
    CHECK(s[0].timestamp == 5 * MINUTE && s[1].timestamp == 5 * MINUTE);
    CHECK(s[2].timestamp == 5 * MINUTE + 1 && s[2].action == ACTION_BUY);
    feed(m, 6 * MINUTE, 14);  /* over 13, which is now the candle before; over 10 before that */
    CHECK(hq_multi_signals_len(m) == 0);
    hq_multi_free(m);
}

static void late_strategy_knows_the_minute_before(void)
{
    for (uint32_t emit = EVERY; emit <= ON_CLOSE; emit++) {
        HqMulti *m = make(emit);
        feed(m, 0, 10);
        feed(m, 3 * MINUTE, 9);
        feed(m, 4 * MINUTE, 10);
        CHECK(add(m, crossing()) == 1);
        CHECK(hq_multi_signals_len(m) == 0);
        feed(m, 5 * MINUTE, 11);
        CHECK(hq_multi_signals_len(m) == (emit == EVERY));
        hq_multi_flush(m);
        CHECK(hq_multi_signals_len(m) == 1);
        hq_multi_free(m);
    }
}

/* A ring of one candle that is in progress: no history is left, and nothing is made up. */
static void late_strategy_over_a_ring_of_one_has_no_history(void)
{
    HqMulti *m = NULL;
    CHECK(hq_multi_new(1, two_periods, 2, ON_CLOSE, &m) == HQ_OK);
    feed(m, 0, 10);
    feed(m, 3 * MINUTE, 9);
    CHECK(add(m, crossing()) == 1);
    feed(m, 4 * MINUTE, 11);
    feed(m, 5 * MINUTE, 12);
    hq_multi_flush(m);
    CHECK(hq_multi_signals_len(m) == 0);
    hq_multi_free(m);
}

/* ------------------------------------------------------------------ refusals */

static void refused_strategies_leave_nothing_behind(void)
{
    HqMulti *m = make(EVERY);
    feed(m, 0, 10);
    HQuant *minutes = hq_multi_engine(m, MINUTE);
    uint32_t slots = minutes->graph.n_slots, cross_slots = m->cross.n_slots;
    CHECK(add(m, always(5 * MINUTE)) == 0);
    CHECK(hq_last_error()->code == HQ_ENOTFOUND);
    CHECK(strstr(hq_last_error()->message, "5m") && strstr(hq_last_error()->message, "1m, 3m"));
    Hqbc h = {0};
    uint32_t close = series(&h, CLOSE_, 0);
    rule(&h, code(&h, OP_GT, 0, node1(&h, 1, 0, close, 5), close), BUY, 1, 0, 3);
    clause(&h, 1, 0, close);
    CHECK(add(m, build(&h)) == 0 && hq_last_error()->code == HQ_EUNSUPPORTED);
    CHECK(hq_last_error()->line == 3);
    Bytes b = always(0);
    b.at[200] ^= 1;
    CHECK(add(m, b) == 0 && hq_last_error()->code == HQ_EPROGRAM);
    CHECK(minutes->graph.n_slots == slots && m->cross.n_slots == cross_slots);
    CHECK(minutes->graph.n_nodes == 0 && m->cross.n_nodes == 0 && m->n_imports == 0);
    CHECK(add(m, always(3 * MINUTE)) == 1); /* no id was used up */
    CHECK(add(m, always(MINUTE)) == 2);
    feed(m, MINUTE, 11);
    CHECK(hq_multi_signals_len(m) == 2);
    hq_multi_free(m);
}

static void equal_strategies_share_their_nodes(void)
{
    HqMulti *m = make(EVERY);
    feed(m, 0, 10);
    CHECK(add(m, crossing()) == 1);
    uint32_t nodes = m->cross.n_nodes, slots = m->cross.n_slots;
    size_t imports = m->n_imports;
    CHECK(add(m, crossing()) == 2);
    CHECK(m->cross.n_nodes == nodes && m->cross.n_slots == slots && m->n_imports == imports);
    hq_multi_free(m);
}

/* 65,534 strategies without a rule, put in by hand: adding as many takes a minute under sanitizers. */
static void fill(HqRules **strategies, HqStrategy **sources, size_t *count)
{
    *strategies = calloc(65534, sizeof **strategies);
    *sources = calloc(65534, sizeof **sources);
    *count = 65534;
}

static void local_id_65536_is_refused(void)
{
    HqMulti *m = make(EVERY);
    Bytes b = always(0);
    HQuant *engine = hq_multi_engine(m, 3 * MINUTE);
    fill(&engine->strategies, &engine->sources, &engine->n_strategies);
    fill(&m->strategies, &m->sources, &m->n_strategies);
    CHECK(hquant_add_strategy(engine, NULL, 0, b.at, b.size) == 65535);
    CHECK(add(m, b) == 65535);
    CHECK(hquant_add_strategy(engine, NULL, 0, b.at, b.size) == 0);
    CHECK(hq_last_error()->code == HQ_ELIMIT);
    CHECK(add(m, b) == 0 && hq_last_error()->code == HQ_ELIMIT);
    feed(m, 0, 1);
    EXPECT(m, {2 << 16 | 65535, 0}, {65535, 0});
    hq_multi_free(m);
}

static void full_queue_drops_the_oldest(void)
{
    HqMulti *m = make(EVERY);
    add_everywhere(m);
    CHECK(hq_multi_set_signal_capacity(m, 2) == HQ_OK);
    feed(m, 0, 1);
    CHECK(hq_multi_signals_dropped(m) == 1);
    EXPECT(m, {SECOND, 0}, {CROSS, 0});
    hq_multi_free(m);
}

static void bars_are_refused_whole(void)
{
    HqMulti *m = make(EVERY);
    CHECK(feed(m, MINUTE, 10) == HQ_OK && feed(m, 0, 10) == HQ_EORDER);
    CHECK(feed(m, MINUTE, NAN) == HQ_EBAR && feed(m, 2 * MINUTE, 1e101) == HQ_EBAR);
    CHECK(feed(m, INT64_MAX, 10) == HQ_EINVAL);
    CHECK(hq_multi_rejected(m) == 4);
    CHECK(hquant_len(hq_multi_engine(m, MINUTE)) == 1);
    CHECK(hquant_close_column(hq_multi_engine(m, MINUTE)).ptr[0] == 10);
    hq_multi_free(m);
}

static void engines_are_fed_and_freed_by_the_multi_alone(void)
{
    HqMulti *m = make(EVERY);
    HQuant *engine = hq_multi_engine(m, MINUTE);
    CHECK(hq_push_bar(engine, 0, 1, 1, 1, 1, 1, 0) == HQ_EINVAL);
    CHECK(hq_update_last_bar(engine, 0, 1, 1, 1, 1, 1, 0) == HQ_EINVAL);
    hquant_free(engine);
    CHECK(hquant_len(engine) == 0 && hquant_capacity(engine) == 16);
    CHECK(feed(m, 0, 1) == HQ_OK && hquant_len(engine) == 1);
    hq_multi_free(m);
}

static void busy_engine_makes_the_multi_busy(void)
{
    HqMulti *m = make(EVERY);
    feed(m, 0, 10);
    HQuant *engine = hq_multi_engine(m, 3 * MINUTE);
    CHECK(hq_guard_enter(&engine->guard)); /* as if another thread were inside */
    CHECK(feed(m, MINUTE, 10) == HQ_EBUSY && hq_multi_flush(m) == HQ_EBUSY);
    CHECK(add(m, always(0)) == 0 && hq_last_error()->code == HQ_EBUSY);
    hq_clear_error();
    hq_multi_free(m);
    CHECK(hq_last_error()->code == HQ_EBUSY && hq_multi_period_count(m) == 2);
    CHECK(hquant_len(hq_multi_engine(m, MINUTE)) == 1); /* not busy itself: its guard was given back */
    hq_guard_leave(&engine->guard);
    CHECK(feed(m, MINUTE, 10) == HQ_OK && hq_multi_rejected(m) == 0);
    CHECK(hq_guard_enter(&m->guard));
    CHECK(feed(m, MINUTE, 11) == HQ_EBUSY && hq_multi_engine(m, MINUTE) == NULL);
    CHECK(hq_multi_set_signal_capacity(m, 5) == HQ_EBUSY);
    hq_guard_leave(&m->guard);
    hq_multi_free(m);
}

static void expect_not_made(size_t capacity, const int64_t *periods, size_t count, uint32_t emit)
{
    HqMulti *m = NULL;
    CHECK(hq_multi_new(capacity, periods, count, emit, &m) == HQ_EINVAL && m == NULL);
}

static void bad_input_is_answered(void)
{
    const int64_t same[] = {MINUTE, MINUTE}, zero[] = {0};
    expect_not_made(16, same, 2, EVERY);
    expect_not_made(16, zero, 1, EVERY);
    expect_not_made(16, two_periods, 0, EVERY);
    expect_not_made(16, NULL, 2, EVERY);
    expect_not_made(16, two_periods, 65536, EVERY);
    expect_not_made(0, two_periods, 2, EVERY);
    expect_not_made((size_t)1 << 40, two_periods, 2, EVERY);
    expect_not_made(16, two_periods, 2, 2);
    CHECK(hq_multi_new(16, two_periods, 2, EVERY, NULL) == HQ_EINVAL);
    hq_multi_free(NULL);
    CHECK(feed(NULL, 0, 1) == HQ_EINVAL && hq_multi_flush(NULL) == HQ_EINVAL);
    CHECK(hq_multi_period_count(NULL) == 0 && hq_multi_engine(NULL, MINUTE) == NULL);
    CHECK(hq_multi_signals_len(NULL) == 0 && hq_multi_poll_signals(NULL, NULL, 0) == 0);
    CHECK(hq_multi_rejected(NULL) == 0 && hq_multi_signals_dropped(NULL) == 0);
    CHECK(hq_multi_set_signal_capacity(NULL, 5) == HQ_EINVAL);
    CHECK(hq_multi_add_strategy(NULL, NULL, 0, NULL, 0) == 0);
    HqMulti *m = make(EVERY);
    CHECK(hq_multi_poll_signals(m, NULL, 3) == 0 && hq_last_error()->code == HQ_EINVAL);
    CHECK(hq_multi_add_strategy(m, NULL, 0, NULL, 0) == 0);
    CHECK(hq_multi_engine(m, 0) == NULL && hq_last_error()->code == HQ_ENOTFOUND);
    CHECK(hq_multi_engine(m, INT64_MIN) == NULL && hq_multi_set_signal_capacity(m, 0) == HQ_EINVAL);
    hq_multi_free(m);
}

/* Every candle that a feed may meet at the edge of int64 is computed without overflow. */
static void extreme_times_replay(void)
{
    const int64_t periods[] = {1, INT64_MAX};
    HqMulti *m = NULL;
    CHECK(hq_multi_new(4, periods, 2, EVERY, &m) == HQ_OK);
    CHECK(feed(m, -INT64_MAX, 1) == HQ_OK && feed(m, -1, 2) == HQ_OK && feed(m, 5, 3) == HQ_OK);
    CHECK(add(m, always(INT64_MAX)) == 1);
    CHECK(feed(m, INT64_MAX - 1, 4) == HQ_OK && hq_multi_signals_len(m) == 1);
    hq_multi_free(m);
}

int main(void)
{
    every_update_evaluates_once_a_feed();
    on_close_evaluates_once_a_candle();
    engines_hold_the_candles();
    mixed_clocks_advance_with_the_first_period();
    late_strategy_knows_the_minute_before();
    late_strategy_over_a_ring_of_one_has_no_history();
    refused_strategies_leave_nothing_behind();
    equal_strategies_share_their_nodes();
    local_id_65536_is_refused();
    full_queue_drops_the_oldest();
    bars_are_refused_whole();
    engines_are_fed_and_freed_by_the_multi_alone();
    busy_engine_makes_the_multi_busy();
    bad_input_is_answered();
    extreme_times_replay();
    return check_report("test_multi");
}
