/*
 * One bar after the other: the open (gap liquidation, waiting order), the adverse extreme, the
 * signal, the close. The account and the trade in progress are all the state there is.
 */
#include "run/driver.h"

#include <string.h>

#include "base/error.h"
#include "exec/account.h"
#include "run/trades.h"

enum { FILL_NEXT_OPEN = 0, FILL_CLOSE = 1 };
enum { PROGRESS_BARS = 1 << 16 };

typedef struct Run {
    const HqBars *bars;
    HqSignalFn next_signal;
    void *source;
    uint32_t fill;
    Action waiting; /* BUY or SELL to fill at the next open, 0 for none */
    HqAccount account;
    HqTradeLog log;
    HqBacktestReport counts;
    double *equity;
    uint8_t *actions;
} Run;

static Bar bar_at(const HqBars *bars, size_t i)
{
    double buy_volume = bars->buy_volume ? bars->buy_volume[i] : 0;
    return (Bar){bars->timestamp[i], bars->open[i],   bars->high[i], bars->low[i],
                 bars->close[i],     bars->volume[i], buy_volume};
}

static HqMoment moment(const Run *run, size_t i, double price)
{
    return (HqMoment){run->bars->timestamp[i], i, price};
}

static HqSide held_side(const Run *run) { return run->log.current.side > 0 ? HQ_LONG : HQ_SHORT; }

static double held_pnl(const Run *run, double price)
{
    HqSide side = held_side(run);
    return hq_leg_pnl(&run->account.legs[side], side, price);
}

/* ------------------------------------------------------------------ events */

static void check_liquidation(Run *run, size_t i, double price)
{
    if (!hq_account_is_due(&run->account, price))
        return;
    hq_trade_exit(&run->log, moment(run, i, price), held_pnl(run, price), 0, HQ_EXIT_LIQUIDATION);
    hq_account_liquidate(&run->account, price);
    run->counts.trades++;
}

static void close_held(Run *run, size_t i, double price)
{
    HqFill fill =
        hq_account_close(&run->account, held_side(run), price, run->account.params.taker_fee_rate);
    hq_trade_exit(&run->log, moment(run, i, price), fill.pnl, fill.fee, HQ_EXIT_SIGNAL);
    run->counts.trades++;
    run->counts.fills++;
}

static void open_all(Run *run, HqSide side, size_t i, double price)
{
    double rate = run->account.params.taker_fee_rate;
    HqFill fill = hq_account_open(&run->account, side, price, run->account.cash, rate);
    if (!(fill.quantity > 0)) {
        run->counts.rejected_orders++;
        return;
    }
    hq_trade_enter(&run->log, side, &fill, moment(run, i, price));
    run->counts.fills++;
    check_liquidation(run, i, price);
}

static void execute(Run *run, Action action, size_t i, double price)
{
    int wanted = action == ACTION_BUY ? 1 : -1;
    if (run->account.liquidated) {
        run->counts.rejected_orders++;
    } else if (run->log.current.side == wanted) {
        run->counts.ignored_same_side++;
    } else {
        if (run->log.current.side)
            close_held(run, i, price);
        open_all(run, wanted > 0 ? HQ_LONG : HQ_SHORT, i, price);
    }
}

static void on_signal(Run *run, Action action, size_t i, double close)
{
    run->counts.signals++;
    run->counts.buy_signals += action == ACTION_BUY;
    run->counts.sell_signals += action == ACTION_SELL;
    run->counts.hold_signals += action == ACTION_HOLD;
    if (action == ACTION_HOLD)
        return;
    if (run->fill == FILL_CLOSE)
        execute(run, action, i, close);
    else
        run->waiting = action;
}

/* -------------------------------------------------------------------- loop */

static void run_bar(Run *run, size_t i)
{
    Bar bar = bar_at(run->bars, i);
    if (run->log.current.side)
        check_liquidation(run, i, bar.open);
    if (run->waiting) {
        execute(run, run->waiting, i, bar.open);
        run->waiting = 0;
    }
    if (run->log.current.side)
        check_liquidation(run, i, run->log.current.side > 0 ? bar.low : bar.high);

    Action action = run->next_signal(run->source, &bar);
    if (action)
        on_signal(run, action, i, bar.close);

    /* A close may lie beyond the extremes: only the loaders refuse that. */
    if (run->log.current.side)
        check_liquidation(run, i, bar.close);
    double equity = hq_account_note(&run->account, bar.close);
    if (run->equity)
        run->equity[i] = equity;
    if (run->actions)
        run->actions[i] = action;
}

static HqStatus run_bars(Run *run, const HqBacktestOptions *options)
{
    size_t total = run->bars->length;
    for (size_t i = 0; i < total;) {
        size_t end = total - i < PROGRESS_BARS ? total : i + PROGRESS_BARS;
        for (; i < end; i++)
            run_bar(run, i);
        if (options->progress && options->progress(options->progress_user, i, total))
            return hq_fail(HQ_ECANCELLED,
                           "cancelled by the progress callback after %zu of %zu bars", i, total);
    }
    return HQ_OK;
}

static void finish(Run *run)
{
    HqBacktestReport *r = &run->counts;
    const HqAccount *account = &run->account;
    size_t n = run->bars->length;
    double start = account->params.initial_margin;
    r->final_equity = n ? hq_account_equity(account, run->bars->close[n - 1]) : start;
    r->dropped_last_bar = run->waiting != 0;
    r->open_trades = run->log.current.side != 0;
    if (r->open_trades) {
        double close = run->bars->close[n - 1];
        hq_trade_exit(&run->log, moment(run, n - 1, close), held_pnl(run, close), 0, HQ_EXIT_OPEN);
    }
    r->struct_size = sizeof *r;
    r->bars = n;
    r->liquidated = (uint32_t)account->liquidated;
    r->total_return = (r->final_equity - start) / start;
    r->max_drawdown = account->drawdown;
    r->fees = account->fees;
    r->realized_pnl = account->realized_pnl;
    r->liquidation_loss = account->liquidation_loss;
}

static void attach_output(Run *run, HqBacktestOutput *output)
{
    output->trades_len = 0;
    run->equity = output->equity;
    run->actions = output->actions;
    run->log.list = output->trades;
    run->log.capacity = output->trades ? output->trades_cap : 0;
}

HqStatus hq_drive(const HqBars *bars, HqSignalFn next_signal, void *source,
                  const HqBacktestOptions *options, HqBacktestReport *report,
                  HqBacktestOutput *output)
{
    Run run;
    memset(&run, 0, sizeof run);
    run.bars = bars;
    run.next_signal = next_signal;
    run.source = source;
    run.fill = options->fill;
    run.account = hq_account_make(&options->account);
    if (output)
        attach_output(&run, output);
    HqStatus status = run_bars(&run, options);
    if (status)
        return status;
    finish(&run);
    *report = run.counts;
    if (output)
        output->trades_len = run.log.length;
    return HQ_OK;
}
