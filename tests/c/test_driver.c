/*
 * A run of given signals through the account: the rules that every run has. Goldens are worked out on
 * paper over numbers that binary floating point holds exactly.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "exec/account.h"
#include "random.h"
#include "run/driver.h"

enum { B = 1, S = -1, NEXT_OPEN = HQ_FILL_NEXT_OPEN, AT_CLOSE = HQ_FILL_CLOSE, ROOM = 256 };

static const double R = 1.0 / 1024;

typedef struct Tape {
    int64_t timestamp[ROOM];
    double open[ROOM], high[ROOM], low[ROOM], close[ROOM], volume[ROOM];
    int8_t script[ROOM];
    size_t length;
} Tape;

typedef struct Outcome {
    HqStatus status;
    HqBacktestReport report;
    HqTrade trades[ROOM];
    double equity[ROOM];
    uint8_t actions[ROOM];
    size_t trades_len;
} Outcome;

static HqBars bars_of(const Tape *t)
{
    return (HqBars){t->timestamp, t->open, t->high, t->low, t->close, t->volume, NULL, t->length};
}

static void add(Tape *t, double open, double high, double low, double close, int action)
{
    size_t i = t->length++;
    t->timestamp[i] = 60000 * (int64_t)i;
    t->open[i] = open;
    t->high[i] = high;
    t->low[i] = low;
    t->close[i] = close;
    t->volume[i] = 1;
    t->script[i] = (int8_t)action;
}

static HqBacktestOptions options(uint8_t fill, double cash, double leverage, double taker,
                                 double mm)
{
    HqBacktestOptions o;
    hq_backtest_options_init(&o);
    o.fill = fill;
    o.account = (BacktestParams){cash, leverage, 1, 0, taker, mm};
    return o;
}

static HqSymbol symbol_of(const Tape *t, const HqBars *bars)
{
    HqSymbol symbol;
    hq_symbol_init(&symbol);
    symbol.bars = bars;
    symbol.signals = t->script;
    return symbol;
}

static Outcome run_with(const Tape *t, const HqBacktestOptions *o, size_t trades_cap)
{
    Outcome out;
    memset(&out, 0, sizeof out);
    out.report.struct_size = sizeof out.report;
    HqBacktestOutput columns = {.struct_size = sizeof columns,
                                .steps_cap = ROOM,
                                .equity = out.equity,
                                .actions = out.actions,
                                .trades = out.trades,
                                .trades_cap = trades_cap,
                                .trades_len = 99};
    HqBars bars = bars_of(t);
    HqSymbol symbol = symbol_of(t, &bars);
    out.status = hq_backtest_run(&symbol, 1, NULL, 0, o, &out.report, &columns);
    out.trades_len = columns.trades_len;
    return out;
}

static Outcome run(const Tape *t, HqBacktestOptions o) { return run_with(t, &o, ROOM); }

/* ------------------------------------------------------------ order rules */

typedef struct Golden {
    int64_t entry_time, exit_time;
    uint64_t entry_bar, exit_bar;
    double entry_price, exit_price, quantity, pnl, margin, mae, mfe;
    int side, exit_reason;
} Golden;

static bool is_trade(const HqTrade *trade, Golden g)
{
    HqTrade expected = {.entry_time = g.entry_time, .exit_time = g.exit_time,
                        .entry_bar = g.entry_bar,   .exit_bar = g.exit_bar,
                        .bars_held = g.exit_bar - g.entry_bar,
                        .entry_price = g.entry_price, .exit_price = g.exit_price,
                        .quantity = g.quantity,     .pnl = g.pnl,
                        .margin = g.margin,         .risk = trade->risk,
                        .r_multiple = trade->r_multiple,
                        .mae = g.mae,               .mfe = g.mfe,
                        .entries = 1,               .side = (int8_t)g.side,
                        .entry_reason = HQ_REASON_SIGNAL,
                        .exit_reason = (uint8_t)g.exit_reason};
    return memcmp(trade, &expected, sizeof expected) == 0 && isnan(trade->risk) &&
           isnan(trade->r_multiple);
}

/* BUY at bar 0 fills at 16, SELL at bar 2 fills at 32 (next opens) or at 8 and 20 (closes). */
static Tape two_signals(void)
{
    Tape t = {0};
    add(&t, 10, 12, 7, 8, B);
    add(&t, 16, 20, 16, 18, 0);
    add(&t, 20, 24, 20, 20, S);
    add(&t, 32, 32, 30, 31, 0);
    return t;
}

static void next_open_fills_at_the_open_after_the_signal(void)
{
    Tape t = two_signals();
    Outcome o = run(&t, options(NEXT_OPEN, 1600, 1, 0, 0));
    /* long 100 from 16; at 32: +1600, cash 3200; short 100 from 32; at 31: +100 */
    CHECK(o.status == HQ_OK && o.report.bars == 4);
    CHECK(o.equity[0] == 1600 && o.equity[1] == 1800 && o.equity[2] == 2000 && o.equity[3] == 3300);
    CHECK(o.report.final_equity == 3300 && o.report.total_return == 1700.0 / 1600);
    CHECK(o.report.fills == 3 && o.report.trades == 1 && o.report.open_trades == 1);
    CHECK(o.report.realized_pnl == 1600 && o.report.max_drawdown == 0 && o.trades_len == 2);
    CHECK(is_trade(&o.trades[0], (Golden){60000, 180000, 1, 3, 16, 32, 100, 1600, 1600, 0, 1600, 1,
                                          HQ_REASON_SIGNAL}));
    CHECK(is_trade(&o.trades[1], (Golden){180000, 180000, 3, 3, 32, 31, 100, 100, 3200, 0, 200, -1,
                                          HQ_REASON_NONE}));
    CHECK(o.actions[0] == ACTION_BUY && o.actions[1] == 0);
    CHECK(o.actions[2] == ACTION_SELL && o.actions[3] == 0);
}

static void close_fills_at_the_signal_bars_close(void)
{
    Tape t = two_signals();
    Outcome o = run(&t, options(AT_CLOSE, 1600, 1, 0, 0));
    /* long 200 from 8; at 20: +2400, cash 4000; short 200 from 20; at 31: -2200 */
    CHECK(o.equity[0] == 1600 && o.equity[1] == 3600 && o.equity[2] == 4000 && o.equity[3] == 1800);
    CHECK(o.report.max_drawdown == -2200.0 / 4000 && o.report.realized_pnl == 2400);
    CHECK(o.trades_len == 2 && o.trades[0].entry_bar == 0 && o.trades[0].exit_bar == 2);
    CHECK(o.trades[1].side == -1 && o.trades[1].pnl == -2200 && o.trades[1].exit_reason == 0);
}

static void same_side_is_ignored(void)
{
    Tape t = {0};
    add(&t, 16, 16, 16, 16, B);
    add(&t, 16, 16, 16, 16, B);
    add(&t, 16, 16, 16, 16, 0);
    add(&t, 32, 32, 32, 32, B);
    add(&t, 32, 32, 32, 32, 0);
    Outcome o = run(&t, options(NEXT_OPEN, 1600, 1, 0, 0));
    CHECK(o.report.signals == 3 && o.report.buy_signals == 3 && o.report.hold_signals == 0);
    CHECK(o.report.sell_signals == 0 && o.report.fills == 1 && o.report.ignored_same_side == 2);
    CHECK(o.trades[0].quantity == 100 && o.report.final_equity == 3200);
}

static void next_open_signal_on_the_last_bar_is_dropped(void)
{
    Tape t = {0};
    add(&t, 16, 16, 16, 16, B);
    Outcome o = run(&t, options(NEXT_OPEN, 1600, 1, 0, 0));
    CHECK(o.report.dropped_last_bar == 1 && o.report.fills == 0 && o.trades_len == 0);
    o = run(&t, options(AT_CLOSE, 1600, 1, 0, 0));
    CHECK(o.report.dropped_last_bar == 0 && o.report.fills == 1 && o.report.open_trades == 1);
}

static void size_is_all_that_is_affordable_after_the_fee(void)
{
    Tape t = {0};
    add(&t, 16, 16, 16, 16, B);
    add(&t, 32, 32, 32, 32, S);
    Outcome o = run(&t, options(AT_CLOSE, 1025, 1, R, 0));
    /* margin 1024, fee 1, 64 units; at 32: +1024, notional 2048, fee 2: 2046 left */
    CHECK(o.equity[0] == 1024 && o.trades[0].margin == 1024 && o.trades[0].quantity == 64);
    CHECK(o.trades[0].fees == 3 && o.trades[0].pnl == 1021);
    /* 2046 = m + m / 1024 */
    CHECK(fabs(o.trades[1].margin - 2046 * 1024.0 / 1025) < 1e-9);
    CHECK(fabs(o.report.fees - (3 + 2046 / 1025.0)) < 1e-12);
    CHECK(fabs(o.report.final_equity - 2046 * 1024.0 / 1025) < 1e-9);
    CHECK(o.report.max_drawdown == -1.0 / 1025);
}

static void order_that_cash_cannot_open_is_rejected(void)
{
    Tape t = {0};
    add(&t, 16, 16, 16, 16, B);
    add(&t, 16, 16, 16, 16, S);
    add(&t, 16, 16, 16, 16, B);
    /* rate 1: margin 512, fee 512; closing gives 512 back and the fee of 512 takes all of it */
    Outcome o = run(&t, options(AT_CLOSE, 1024, 1, 1, 0));
    CHECK(o.report.fills == 2 && o.report.trades == 1 && o.report.rejected_orders == 2);
    CHECK(o.report.final_equity == 0 && o.report.liquidated == 0 && o.report.fees == 1024);
    CHECK(o.report.open_trades == 0 && o.report.max_drawdown == -1);
}

/* ------------------------------------------------------------ liquidation */

/* 1600 at leverage 4 from 16: 400 units, bankrupt at 12 (long) and at 20 (short). */
static Tape entered(int action)
{
    Tape t = {0};
    add(&t, 16, 16, 16, 16, action);
    add(&t, 16, 16.5, 15.5, 16, 0);
    return t;
}

static void gap_liquidates_at_the_open_before_the_waiting_order(void)
{
    Tape t = entered(B);
    t.script[1] = S;
    add(&t, 10, 18, 9, 17, 0);
    add(&t, 17, 17, 17, 17, B);
    add(&t, 17, 17, 17, 17, 0);
    Outcome o = run(&t, options(NEXT_OPEN, 1600, 4, 0, 0));
    CHECK(o.trades_len == 1);
    CHECK(is_trade(&o.trades[0], (Golden){60000, 120000, 1, 2, 16, 10, 400, -2400, 1600, -2400, 200,
                                          1, HQ_REASON_LIQUIDATION}));
    CHECK(o.report.liquidated == 1 && o.report.liquidation_loss == -800); /* 1600 - 2400 */
    CHECK(o.report.rejected_orders == 2 && o.report.trades == 1 && o.report.fills == 1);
    CHECK(o.report.signals == 3 && o.actions[3] == ACTION_BUY); /* the strategy runs on */
    CHECK(o.equity[1] == 1600 && o.equity[2] == 0 && o.equity[4] == 0);
    CHECK(o.report.total_return == -1 && o.report.max_drawdown == -1);
}

static void adverse_extreme_liquidates_a_long_at_the_low(void)
{
    Tape t = entered(B);
    add(&t, 16, 18, 11, 17, 0);
    Outcome o = run(&t, options(NEXT_OPEN, 1600, 4, 0, 0));
    CHECK(o.trades[0].exit_price == 11 && o.trades[0].pnl == -2000 && o.trades[0].exit_reason == 2);
    CHECK(o.report.liquidation_loss == -400 && o.equity[2] == 0);

    t = entered(B);
    add(&t, 16, 99, nextafter(12, 13), 17, 0); /* equity above 0 by the last bit */
    o = run(&t, options(NEXT_OPEN, 1600, 4, 0, 0));
    CHECK(o.report.liquidated == 0 && o.equity[2] == 2000);

    t = entered(B);
    add(&t, 16, 99, 12, 17, 0);
    o = run(&t, options(NEXT_OPEN, 1600, 4, 0, 0));
    CHECK(o.report.liquidated == 1 && o.report.liquidation_loss == 0 &&
          o.trades[0].exit_price == 12);
}

static void adverse_extreme_liquidates_a_short_at_the_high(void)
{
    Tape t = entered(S);
    add(&t, 16, 21, 1, 17, 0);
    Outcome o = run(&t, options(NEXT_OPEN, 1600, 4, 0, 0));
    CHECK(o.trades[0].exit_price == 21 && o.trades[0].pnl == -2000 && o.trades[0].side == -1);
    CHECK(o.report.liquidation_loss == -400);

    t = entered(S);
    add(&t, 16, nextafter(20, 19), 1, 15, 0);
    o = run(&t, options(NEXT_OPEN, 1600, 4, 0, 0));
    CHECK(o.report.liquidated == 0 && o.equity[2] == 2000);
}

/* maintenance 400 * p / 8 = 50 p: 400 p - 4800 <= 50 p from p = 13.71 down */
static void maintenance_margin_liquidates_with_something_left(void)
{
    Tape t = entered(B);
    add(&t, 15, 15, 13.5, 14, 0);
    Outcome o = run(&t, options(NEXT_OPEN, 1600, 4, 0, 0.125));
    CHECK(o.trades[0].exit_price == 13.5 && o.trades[0].pnl == -1000);
    CHECK(o.report.liquidation_loss == 600 && o.report.final_equity == 0); /* 1600 - 1000 */
}

static void entry_below_maintenance_is_liquidated_at_its_own_price(void)
{
    Tape t = entered(B); /* maintenance 6400 / 2 > 1600 */
    Outcome o = run(&t, options(NEXT_OPEN, 1600, 4, 0, 0.5));
    CHECK(o.trades[0].exit_price == 16 && o.trades[0].exit_bar == 1 && o.trades[0].pnl == 0);
    CHECK(o.report.liquidation_loss == 1600 && o.report.fills == 1 && o.report.trades == 1);
}

static void entry_bar_is_exposed_to_its_own_extreme(void)
{
    Tape t = {0};
    add(&t, 16, 16, 1, 16, B); /* a low before the entry does not touch it */
    add(&t, 16, 16, 12, 16, 0);
    Outcome o = run(&t, options(NEXT_OPEN, 1600, 4, 0, 0));
    CHECK(o.report.liquidated == 1 && o.trades[0].exit_bar == 1);
    t.low[1] = 15;
    o = run(&t, options(AT_CLOSE, 1600, 4, 0, 0));
    CHECK(o.report.liquidated == 0 && o.report.final_equity == 1600);
}

/* Only the loaders refuse a close beyond the extremes; here it must not leave equity below 0. */
static void close_beyond_the_extremes_liquidates_too(void)
{
    Tape t = entered(B);
    add(&t, 16, 16, 15, 11, 0);
    Outcome o = run(&t, options(NEXT_OPEN, 1600, 4, 0, 0));
    CHECK(o.report.liquidated == 1 && o.trades[0].exit_price == 11 && o.equity[2] == 0);
}

static void drawdown_is_marked_at_closes_only(void)
{
    Tape t = entered(B);
    add(&t, 16, 24, 13, 18, 0); /* equity 800 .. 4800 inside, 2400 at the close */
    add(&t, 18, 18, 15, 15, 0); /* 1200: half of 2400 */
    Outcome o = run(&t, options(NEXT_OPEN, 1600, 4, 0, 0));
    CHECK(o.report.max_drawdown == -0.5 && o.report.final_equity == 1200);
}

static void contract_size_does_not_change_a_run(void)
{
    Tape t = two_signals();
    HqBacktestOptions a = options(NEXT_OPEN, 1600, 3, 0.0004, 0.01), b = a;
    b.account.contract_size = 0.001;
    Outcome x = run(&t, a), y = run(&t, b);
    CHECK(x.report.fills == 3 && memcmp(&x, &y, sizeof x) == 0);
}

/* ------------------------------------------------------------------- laws */

static Tape random_tape(void)
{
    Tape t = {0};
    double price = 100;
    for (int i = 0; i < 200; i++) {
        double open = price * (1 + 0.04 * (uniform() - 0.5));
        double close = open * (1 + 0.1 * (uniform() - 0.5));
        double high = fmax(open, close) * (1 + 0.02 * uniform());
        double low = fmin(open, close) * (1 - 0.02 * uniform());
        const int actions[] = {0, 0, 0, 0, B, S, S, B};
        add(&t, open, high, low, close, actions[(int)(8 * uniform())]);
        price = close;
    }
    return t;
}

static bool near(double a, double b, double scale)
{
    return fabs(a - b) <= 1e-9 * (scale + fabs(a));
}

static bool obeys_laws(const Outcome *o, const HqBacktestOptions *opt)
{
    const HqBacktestReport *r = &o->report;
    double pnl = 0, fees = 0, start = opt->account.initial_margin;
    uint64_t opened = r->trades + r->open_trades, by_signal = 0;
    bool good = o->trades_len == opened;
    for (size_t i = 0; i < o->trades_len; i++) {
        const HqTrade *trade = &o->trades[i];
        pnl += trade->pnl;
        fees += trade->fees;
        by_signal += trade->exit_reason == 1;
        good &= trade->quantity > 0 && trade->entry_bar <= trade->exit_bar;
    }
    for (size_t i = 0; i < r->bars; i++)
        good &= o->equity[i] >= 0;
    good &= near(pnl, r->final_equity - start + r->liquidation_loss, start);
    good &= near(fees, r->fees, start) && r->max_drawdown >= -1 && r->max_drawdown <= 0;
    good &= r->fills == opened + by_signal;
    good &= r->signals == r->buy_signals + r->sell_signals + r->hold_signals;
    good &= r->filled_orders == opened;
    good &= r->orders == r->buy_signals + r->sell_signals &&
            r->orders == opened + r->ignored_same_side + r->dropped_last_bar + r->rejected_orders;
    return good && o->equity[r->bars - 1] == r->final_equity;
}

static void laws_hold_on_random_tapes(void)
{
    enum { TAPES = 600 };
    int good = 0, liquidated = 0, reversed = 0, survived = 0;
    for (int i = 0; i < TAPES; i++) {
        Tape t = random_tape();
        HqBacktestOptions opt = options((uint8_t)(i & 1), 1000, 1 + 15 * uniform() * (i % 3),
                                        0.001 * uniform(), 0.02 * uniform());
        Outcome o = run(&t, opt);
        good += o.status == HQ_OK && obeys_laws(&o, &opt);
        liquidated += o.report.liquidated;
        survived += !o.report.liquidated;
        reversed += o.report.trades > 3;
    }
    CHECK(good == TAPES);
    CHECK(liquidated > 50 && survived > 50 && reversed > 50);
}

/* The check of the checker: each of these planted errors must break a law. */
static void laws_catch_planted_errors(void)
{
    Tape t = two_signals();
    HqBacktestOptions opt = options(NEXT_OPEN, 1600, 1, R, 0);
    const Outcome right = run(&t, opt);
    CHECK(obeys_laws(&right, &opt));
    Outcome wrong = right;
    wrong.trades[0].pnl += right.trades[0].fees; /* the fee forgotten */
    CHECK(!obeys_laws(&wrong, &opt));
    wrong = right;
    wrong.report.fees /= 2; /* one leg billed */
    CHECK(!obeys_laws(&wrong, &opt));
    wrong = right;
    wrong.report.ignored_same_side++;
    CHECK(!obeys_laws(&wrong, &opt));
    wrong = right;
    wrong.report.liquidation_loss = 1;
    CHECK(!obeys_laws(&wrong, &opt));
    wrong = right;
    wrong.equity[1] = -1;
    CHECK(!obeys_laws(&wrong, &opt));
}

/* ------------------------------------------------- progress, limits, input */

typedef struct Progress {
    size_t calls, done, total, cancel_at;
} Progress;

static int32_t note_progress(void *user, size_t done, size_t total)
{
    Progress *p = user;
    p->calls++;
    p->done = done;
    p->total = total;
    return p->calls == p->cancel_at;
}

static void progress_is_reported_and_can_cancel(void)
{
    enum { BARS = (1 << 16) * 2 + 5 };
    double *ones = malloc(BARS * sizeof *ones);
    int64_t *times = calloc(BARS, sizeof *times);
    for (size_t i = 0; i < BARS; i++)
        ones[i] = 1;
    HqBars bars = {times, ones, ones, ones, ones, ones, NULL, BARS};
    HqBacktestOptions o = options(NEXT_OPEN, 1, 1, 0, 0);
    Progress p = {0, 0, 0, 0};
    o.progress = note_progress;
    o.progress_user = &p;
    HqBacktestReport report = {.struct_size = sizeof report}, untouched = report;
    HqSymbol symbol;
    hq_symbol_init(&symbol);
    symbol.bars = &bars;
    CHECK(hq_backtest_run(&symbol, 1, NULL, 0, &o, &report, NULL) == HQ_OK);
    CHECK(p.calls == 3 && p.done == BARS && p.total == BARS && report.bars == BARS);

    p = (Progress){0, 0, 0, 2};
    report = untouched;
    CHECK(hq_backtest_run(&symbol, 1, NULL, 0, &o, &report, NULL) == HQ_ECANCELLED);
    CHECK(p.calls == 2 && p.done == 1 << 17 && memcmp(&report, &untouched, sizeof report) == 0);
    free(ones);
    free(times);
}

static void trades_beyond_the_room_are_counted_not_stored(void)
{
    Tape t = {0};
    for (int i = 0; i < 10; i++)
        add(&t, 16, 16, 16, 16, i % 2 ? S : B);
    HqBacktestOptions opt = options(AT_CLOSE, 1600, 1, 0, 0);
    Outcome o = run_with(&t, &opt, 4);
    CHECK(o.report.trades == 9 && o.report.open_trades == 1 && o.trades_len == 4);
    CHECK(o.trades[3].exit_bar == 4 && o.trades[4].side == 0);
    o = run_with(&t, &opt, 0);
    CHECK(o.report.trades == 9 && o.trades_len == 0);
}

static void no_bars_give_an_empty_report(void)
{
    Tape t = {0};
    Outcome o = run(&t, options(NEXT_OPEN, 1600, 1, 0, 0));
    CHECK(o.status == HQ_OK && o.report.bars == 0 && o.report.final_equity == 1600);
    CHECK(o.report.total_return == 0 && o.trades_len == 0);
}

/* Opens and closes of some feeds lie outside their bar; they are on its path all the same. */
static void closes_outside_their_bar_reach_stops_and_targets(void)
{
    for (int up = 0; up <= 1; up++)
        for (int at_open = 0; at_open <= 1; at_open++) {
            double far = up ? 24 : 8;
            Tape t = {0};
            add(&t, 16, 16, 16, 16, B);
            add(&t, 16, 16, 16, 16, 0);
            add(&t, at_open ? far : 16, 17, 15, at_open ? 16 : far, 0);
            HqBacktestOptions o = options(NEXT_OPEN, 1600, 1, 0, 0);
            o.stop = o.target = 4;
            o.stop_unit = o.target_unit = HQ_DISTANCE_PRICE;
            Outcome found = run(&t, o);
            double at = at_open ? far : up ? 20 : 12; /* a gap, or the level itself */
            CHECK(found.status == HQ_OK && found.trades_len == 1);
            CHECK(found.trades[0].exit_bar == 2 && found.trades[0].exit_price == at);
        }
}

static HqStatus run_bars(const HqBars *bars)
{
    HqBacktestOptions o = options(NEXT_OPEN, 1600, 1, 0, 0);
    HqBacktestReport report = {.struct_size = sizeof report};
    HqSymbol symbol;
    hq_symbol_init(&symbol);
    symbol.bars = bars;
    return hq_backtest_run(&symbol, 1, NULL, 0, &o, &report, NULL);
}

static void expect_bars_refused(const Tape *t, HqStatus code, const char *where)
{
    Outcome o = run(t, options(NEXT_OPEN, 1600, 1, 0, 0));
    CHECK(o.status == code && strstr(hq_last_error()->message, where) != NULL);
    CHECK(o.report.bars == 0 && o.report.final_equity == 0 && o.trades_len == 99);
}

static void bad_bars_are_refused_by_number_and_field(void)
{
    const double bad_prices[] = {NAN, INFINITY, -INFINITY, 0, -1, 1e101};
    for (size_t i = 0; i < sizeof bad_prices / sizeof *bad_prices; i++) {
        Tape t = two_signals();
        t.open[1] = bad_prices[i];
        expect_bars_refused(&t, HQ_EBAR, "bar 1: open");
        t = two_signals();
        t.close[3] = bad_prices[i];
        expect_bars_refused(&t, HQ_EBAR, "bar 3: close");
    }
    Tape t = two_signals();
    t.volume[0] = NAN;
    expect_bars_refused(&t, HQ_EBAR, "bar 0: volume");
    t = two_signals();
    t.high[2] = 19;
    expect_bars_refused(&t, HQ_EBAR, "bar 2: high");
    t = two_signals();
    t.timestamp[2] = 59999;
    expect_bars_refused(&t, HQ_EORDER, "bar 2: timestamp");
    t = two_signals();
    t.timestamp[2] = 60000;
    CHECK(run(&t, options(NEXT_OPEN, 1600, 1, 0, 0)).status == HQ_OK);
    HqBars bars = bars_of(&t);
    const double buy_volume[] = {0, 1, -INFINITY, 0};
    bars.buy_volume = buy_volume;
    CHECK(run_bars(&bars) == HQ_EBAR);
    CHECK(strstr(hq_last_error()->message, "bar 2: buy_volume") != NULL);
    bars.buy_volume = NULL;
    bars.low = NULL;
    CHECK(run_bars(&bars) == HQ_EINVAL);
    CHECK(strstr(hq_last_error()->message, "bars.low is NULL") != NULL);
    bars = bars_of(&t);
    bars.timestamp = NULL;
    CHECK(run_bars(&bars) == HQ_EINVAL);
    CHECK(strstr(hq_last_error()->message, "bars.timestamp is NULL") != NULL);
    CHECK(run_bars(NULL) == HQ_EINVAL);
}

/* Bars are refused block by block: the message is the one of all bars at once, wherever they are bad. */
static void bars_that_come_late_are_refused_as_the_first(void)
{
    enum { BARS = 3000, ROUNDS = 200 };
    static double ones[BARS], prices[BARS];
    static int64_t times[BARS];
    for (size_t i = 0; i < BARS; i++) {
        ones[i] = prices[i] = 1;
        times[i] = 1000 * (int64_t)i;
    }
    HqBars bars = {times, ones, ones, ones, prices, ones, NULL, BARS};
    const int64_t periods[] = {0, 500};
    for (int round = 0; round < ROUNDS; round++) {
        HqBacktestOptions o = options(NEXT_OPEN, 1, 1, 0, 0);
        bool skips = draw() % 2, has_early = draw() % 4 > 0;
        size_t bad = draw() % BARS, early = 1 + draw() % (BARS - 1);
        o.bad_bars = skips ? HQ_BAD_BARS_SKIP : HQ_BAD_BARS_ERROR;
        o.bar_period_ms = periods[draw() % 2];
        prices[bad] = -1;
        times[early] -= has_early ? 1001 : 0;
        HqStatus expected = hq_check_bars(&bars, skips);
        HqError message = expected ? *hq_last_error() : (HqError){0};
        HqBacktestReport report = {.struct_size = sizeof report}, untouched = report;
        HqSymbol symbol;
        hq_symbol_init(&symbol);
        symbol.bars = &bars;
        CHECK(expected == (skips ? (has_early ? HQ_EORDER : HQ_OK) : HQ_EBAR));
        CHECK(hq_backtest_run(&symbol, 1, NULL, 0, &o, &report, NULL) == expected);
        CHECK(!expected || strcmp(hq_last_error()->message, message.message) == 0);
        CHECK(!expected || memcmp(&report, &untouched, sizeof report) == 0);
        CHECK(expected || (report.rejected_bars == 1 && report.steps == BARS - 1));
        prices[bad] = 1;
        times[early] += has_early ? 1001 : 0;
    }
}

/* What is no candle is refused where that is asked for: as all bars at once, wherever it is. */
static void bars_that_are_no_candles_are_refused(void)
{
    enum { BARS = 9000, COLUMNS = 6, ROUNDS = 60 };
    static double column[COLUMNS][BARS];
    static int64_t times[BARS];
    const double odd[] = {NAN, -1, 0, 3.5, 1, 1e101};
    for (size_t i = 0; i < BARS; i++) {
        column[0][i] = column[3][i] = 2;
        column[1][i] = 3;
        column[2][i] = 1.5;
        column[4][i] = column[5][i] = 1;
        times[i] = 1000 * (int64_t)i;
    }
    for (int round = 0; round < ROUNDS; round++) {
        HqBars bars = {times, column[0], column[1], column[2], column[3], column[4],
                       draw() % 2 ? column[5] : NULL, BARS};
        HqBacktestOptions o = options(NEXT_OPEN, 1, 1, 0, 0);
        o.bad_bars = HQ_BAD_BARS_CANDLES;
        size_t at = 1 + draw() % (BARS - 1);
        double *place = &column[draw() % COLUMNS][at], kept = *place;
        bool is_late = draw() % 4 == 0;
        if (is_late)
            times[at] = times[at - 1];
        else
            *place = odd[draw() % (sizeof odd / sizeof *odd)];
        HqStatus expected = hq_check_bars(&bars, false);
        expected = expected ? expected : hq_bars_check(&bars);
        HqError message = expected ? *hq_last_error() : (HqError){0};
        HqBacktestReport report = {.struct_size = sizeof report};
        HqSymbol symbol;
        hq_symbol_init(&symbol);
        symbol.bars = &bars;
        CHECK(!is_late || expected == HQ_EORDER);
        CHECK(hq_backtest_run(&symbol, 1, NULL, 0, &o, &report, NULL) == expected);
        CHECK(!expected || strcmp(hq_last_error()->message, message.message) == 0);
        CHECK(expected || (report.bars == BARS && report.steps == BARS));
        HqSymbol two[] = {symbol, symbol};
        CHECK(hq_backtest_run(two, 2, NULL, 0, &o, &report, NULL) == expected);
        *place = kept;
        times[at] = 1000 * (int64_t)at;
    }
}

static void expect_options_refused(HqBacktestOptions o, const char *field)
{
    Tape t = two_signals();
    Outcome out = run(&t, o);
    CHECK(out.status == HQ_EINVAL && strstr(hq_last_error()->message, field) != NULL);
}

static void bad_options_are_refused_by_name(void)
{
    HqBacktestOptions good = options(NEXT_OPEN, 1600, 1, 0, 0), bad = good;
    bad.struct_size = 0;
    expect_options_refused(bad, "HqBacktestOptions.struct_size");
    bad = good;
    bad.fill = 3;
    expect_options_refused(bad, "fill");
    bad = good;
    bad.account.leverage = NAN;
    expect_options_refused(bad, "leverage");
    HqBacktestReport report = {.struct_size = sizeof report};
    HqBacktestOutput output = {.struct_size = sizeof output, .reserved = 1};
    CHECK(hq_check_options(NULL, &report, NULL) == HQ_EINVAL);
    CHECK(hq_check_options(&good, NULL, NULL) == HQ_EINVAL);
    CHECK(hq_check_options(&good, &report, &output) == HQ_EINVAL);
    report.struct_size--;
    CHECK(hq_check_options(&good, &report, NULL) == HQ_EINVAL);
}

int main(void)
{
    next_open_fills_at_the_open_after_the_signal();
    close_fills_at_the_signal_bars_close();
    same_side_is_ignored();
    next_open_signal_on_the_last_bar_is_dropped();
    size_is_all_that_is_affordable_after_the_fee();
    order_that_cash_cannot_open_is_rejected();
    gap_liquidates_at_the_open_before_the_waiting_order();
    adverse_extreme_liquidates_a_long_at_the_low();
    adverse_extreme_liquidates_a_short_at_the_high();
    maintenance_margin_liquidates_with_something_left();
    entry_below_maintenance_is_liquidated_at_its_own_price();
    entry_bar_is_exposed_to_its_own_extreme();
    close_beyond_the_extremes_liquidates_too();
    drawdown_is_marked_at_closes_only();
    contract_size_does_not_change_a_run();
    laws_hold_on_random_tapes();
    laws_catch_planted_errors();
    progress_is_reported_and_can_cancel();
    trades_beyond_the_room_are_counted_not_stored();
    no_bars_give_an_empty_report();
    closes_outside_their_bar_reach_stops_and_targets();
    bad_bars_are_refused_by_number_and_field();
    bars_that_come_late_are_refused_as_the_first();
    bars_that_are_no_candles_are_refused();
    bad_options_are_refused_by_name();
    return check_report("test_driver");
}
