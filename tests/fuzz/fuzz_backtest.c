/*
 * hq_backtest_run() over arbitrary bars, signals, orders and options: it refuses them, or the books
 * balance on every step.
 */
#include "hquant/backtest.h"
#include "input.h"
#include "require.h"

enum { SYMBOLS = 3, BARS = 24, FINER = 48, ORDERS = 12, STEPS = SYMBOLS * BARS, ROOM = 512 };

typedef struct Market {
    int64_t timestamp[FINER];
    double column[6][FINER];
    double funding[FINER];
    int8_t signals[FINER];
    HqBars bars;
} Market;

static Market markets[SYMBOLS], finer[SYMBOLS];
static HqSymbol symbols[SYMBOLS];
static HqOrder orders[ORDERS];
static HqMarginTier tiers[3];
static double equity[STEPS], margin[STEPS], position[STEPS * SYMBOLS];
static int64_t times[STEPS];
static HqTrade trades[ROOM];
static HqFill fills[ROOM];

/* ------------------------------------------------------------------ input */

/* Mostly small and plain; one in eight any double at all. */
static double take_number(Input *in, double scale)
{
    uint8_t which = take_byte(in);
    return which < 224 ? which / 128.0 * scale : take_double(in);
}

static void take_market(Input *in, Market *m, size_t length, int64_t step)
{
    int64_t time = 0;
    for (size_t i = 0; i < length; i++) {
        uint8_t shape = take_byte(in);
        double open = 64 + take_byte(in) / 4.0, close = 64 + take_byte(in) / 4.0;
        double high = (open > close ? open : close) + (shape & 15);
        double low = (open < close ? open : close) - (shape >> 4);
        double price[] = {open, high, low, close, 1, 0};
        for (int k = 0; k < 6; k++)
            m->column[k][i] = price[k];
        time += step * (1 + (shape == 77));
        m->timestamp[i] = time;
        m->signals[i] = (int8_t)(take_byte(in) % 3 - 1);
        m->funding[i] = shape % 5 ? (shape - 128) / 1e5 : NAN;
    }
    if (length && take_byte(in) == 255)
        m->column[take_byte(in) % 5][take_byte(in) % length] = take_double(in);
    m->bars = (HqBars){m->timestamp, m->column[0], m->column[1], m->column[2],
                       m->column[3], m->column[4], NULL, length};
}

static size_t take_symbols(Input *in, uint8_t intrabar)
{
    size_t n = 1 + take_byte(in) % SYMBOLS;
    for (size_t s = 0; s < n; s++) {
        HqSymbol *symbol = &symbols[s];
        hq_symbol_init(symbol);
        take_market(in, &markets[s], take_byte(in) % BARS, 60000);
        symbol->bars = &markets[s].bars;
        uint8_t has = take_byte(in);
        symbol->signals = has & 1 ? markets[s].signals : NULL;
        symbol->funding_rate = has & 2 ? markets[s].funding : NULL;
        if (intrabar == HQ_INTRABAR_FINER) {
            take_market(in, &finer[s], take_byte(in) % FINER, 20000);
            symbol->finer = &finer[s].bars;
        }
        symbol->tick_size = has & 4 ? 0.25 : 0;
        symbol->lot_size = has & 8 ? 0.5 : 0;
        symbol->min_quantity = has & 16 ? 1 : 0;
        symbol->min_notional = has & 32 ? take_number(in, 1000) : 0;
    }
    return n;
}

static void take_distance(Input *in, double *value, uint8_t *unit)
{
    *unit = take_byte(in) % 4;
    *unit = *unit == 3 ? 0 : *unit;
    *value = *unit == 0 ? 0 : take_number(in, *unit == 1 ? 8 : 0.1);
}

static void take_options(Input *in, HqBacktestOptions *o)
{
    uint8_t some = take_byte(in), more = take_byte(in);
    hq_backtest_options_init(o);
    o->account.initial_margin = 1000;
    o->account.leverage = 1 + take_number(in, 20);
    o->account.taker_fee_rate = some & 1 ? take_number(in, 0.01) : 0;
    o->account.maker_fee_rate = some & 1 ? take_number(in, 0.01) : 0;
    o->account.maintenance_margin_rate = some & 2 ? take_number(in, 0.05) : 0;
    o->fee_per_unit = some & 4 ? take_number(in, 0.1) : 0;
    if (some & 8) {
        o->slippage_kind = 1 + take_byte(in) % 3;
        o->slippage = take_number(in, o->slippage_kind == 1 ? 4 : 0.01);
        o->slippage_seed = some;
    }
    o->fill = (some >> 4) % 3;
    if (o->fill == HQ_FILL_LIMIT) {
        o->limit_offset = take_number(in, 0.02);
        o->limit_bars = more & 7;
    }
    o->intrabar = more >> 6;
    o->sides = take_byte(in) % 3;
    o->hedged = more >> 5 & 1;
    o->unaffordable = more >> 4 & 1;
    o->bad_bars = more & 8 ? HQ_BAD_BARS_SKIP + (more >> 1 & 1) : HQ_BAD_BARS_ERROR;
    o->pyramiding = take_byte(in) % 4;
    o->funding_missing = take_byte(in) % 3;
    o->funding_constant = o->funding_missing == HQ_FUNDING_CONSTANT ? 0.001 : 0;
    o->funding_interval_ms = more & 1 ? 180000 : 0;
    o->size_unit = take_byte(in) % 5;
    o->size = o->size_unit ? take_number(in, o->size_unit == HQ_SIZE_EQUITY ? 1 : 20) : 0;
    take_distance(in, &o->stop, &o->stop_unit);
    take_distance(in, &o->target, &o->target_unit);
    take_distance(in, &o->trail, &o->trail_unit);
    if (some >> 7) {
        tiers[0] = (HqMarginTier){0, 0.004, 50};
        tiers[1] = (HqMarginTier){take_number(in, 2000), 0.01, 20};
        tiers[2] = (HqMarginTier){take_number(in, 9000), 0.05, 4};
        o->tiers = tiers;
        o->n_tiers = take_byte(in) % 4;
    }
}

static size_t take_orders(Input *in, size_t n_symbols)
{
    size_t n = take_byte(in) % (ORDERS + 1);
    int64_t bar = -1;
    for (size_t i = 0; i < n; i++) {
        HqOrder *o = &orders[i];
        memset(o, 0, sizeof *o);
        uint8_t kind = take_byte(in);
        bar += take_byte(in) % 4;
        o->bar = bar;
        o->symbol = (uint32_t)(kind % n_symbols);
        o->type = 1 + (kind >> 2 & 3);
        o->side = kind & 16 ? 1 : -1;
        o->reduce_only = kind >> 5 & 1;
        o->oco = kind & 64 ? 1 + kind % (uint32_t)n : 0;
        o->bars = take_byte(in) % 8;
        o->size_unit = take_byte(in) % 5;
        o->size = take_number(in, o->size_unit == HQ_SIZE_EQUITY ? 1 : 20);
        o->price = 64 + take_number(in, 64);
        o->stop_price = 64 + take_number(in, 64);
        take_distance(in, &o->stop, &o->stop_unit);
        take_distance(in, &o->target, &o->target_unit);
        take_distance(in, &o->trail, &o->trail_unit);
    }
    return n;
}

/* ------------------------------------------------------------------- laws */

static void check_counts(const HqBacktestReport *r)
{
    REQUIRE(r->orders == r->filled_orders + r->ignored_same_side + r->ignored_side +
                             r->rejected_orders + r->expired_orders + r->replaced_orders +
                             r->cancelled_orders + r->dropped_last_bar + r->working_orders);
    uint64_t rejects = 0;
    for (int i = 0; i < HQ_REJECT_COUNT; i++)
        rejects += r->rejects[i];
    REQUIRE(rejects == r->rejected_orders && r->partial_orders <= r->filled_orders);
    REQUIRE(r->max_drawdown >= -1 && r->max_drawdown <= 0 && r->ambiguous_bars <= r->bars);
}

/* How far sums of the run may be off by rounding. */
static double scale_of(const HqBacktestReport *r)
{
    double moved = 1000 + fabs(r->fees) + fabs(r->funding) + fabs(r->liquidation_loss);
    for (size_t i = 0; i < r->fills; i++)
        moved += fills[i].quantity * fills[i].price + fabs(fills[i].pnl);
    return 1e-12 * moved;
}

static void check_fills(const HqBacktestReport *r, size_t n_symbols)
{
    double held[SYMBOLS] = {0};
    double fees = 0, largest = 0;
    for (size_t i = 0; i < r->fills; i++) {
        const HqFill *f = &fills[i];
        REQUIRE(f->quantity > 0 && f->price > 0 && f->fee >= 0 && f->symbol < n_symbols);
        REQUIRE(i == 0 || f->time >= fills[i - 1].time);
        REQUIRE(f->order < 0 || (int64_t)f->bar > orders[f->order].bar);
        held[f->symbol] += f->side * f->quantity;
        largest = f->quantity > largest ? f->quantity : largest;
        REQUIRE(fabs(held[f->symbol] - f->position) <= 1e-9 * largest);
        fees += f->fee;
    }
    REQUIRE(fabs(fees - r->fees) <= scale_of(r));
    for (size_t s = 0; s < n_symbols && r->steps && !r->liquidated; s++)
        REQUIRE(fabs(position[(r->steps - 1) * n_symbols + s] - held[s]) <= 1e-9 * largest);
}

static void check_trades(const HqBacktestReport *r)
{
    double pnl = 0, funding = 0;
    for (size_t i = 0; i < r->trades + r->open_trades; i++) {
        const HqTrade *t = &trades[i];
        REQUIRE(t->quantity > 0 && t->entry_time <= t->exit_time && t->entries > 0);
        double gross = t->pnl + t->fees + t->funding;
        double slack = scale_of(r);
        REQUIRE(t->mae <= 0 && t->mfe >= 0 && t->mae <= gross + slack && gross <= t->mfe + slack);
        pnl += t->pnl;
        funding += t->funding;
    }
    REQUIRE(fabs(funding - r->funding) <= scale_of(r));
    REQUIRE(fabs(pnl - (r->final_equity - 1000 + r->liquidation_loss)) <= scale_of(r));
}

static void check_curves(const HqBacktestReport *r, const HqBacktestOptions *o)
{
    for (size_t i = 0; i < r->steps; i++) {
        REQUIRE(equity[i] >= 0 && isfinite(equity[i]) && margin[i] >= 0);
        REQUIRE(i == 0 || times[i] >= times[i - 1]);
        REQUIRE(o->hedged || margin[i] <= 1e300);
    }
    REQUIRE(r->steps == 0 || same_double(equity[r->steps - 1], r->final_equity));
}

/* Sizes may be beyond what sums can be checked at: 1e50 of something. */
static int is_checkable(const HqBacktestReport *r)
{
    double scale = scale_of(r);
    return isfinite(scale) && scale < 1e-3;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Input in = {data, data + size};
    HqBacktestOptions options;
    take_options(&in, &options);
    size_t n_symbols = take_symbols(&in, options.intrabar);
    size_t n_orders = take_orders(&in, n_symbols);
    HqBacktestReport report = {.struct_size = sizeof report};
    HqBacktestOutput output = {.struct_size = sizeof output, .steps_cap = STEPS, .time = times,
                               .equity = equity, .margin = margin, .position = position,
                               .trades = trades, .trades_cap = ROOM, .fills = fills,
                               .fills_cap = ROOM};
    HqStatus status =
        hq_backtest_run(symbols, n_symbols, orders, n_orders, &options, &report, &output);
    if (status != HQ_OK) {
        REQUIRE(hq_last_error()->message[0] && report.bars == 0);
        return 0;
    }
    REQUIRE(output.fills_len == report.fills &&
            output.trades_len == report.trades + report.open_trades);
    check_counts(&report);
    if (is_checkable(&report)) {
        check_fills(&report, n_symbols);
        check_trades(&report);
        check_curves(&report, &options);
    }
    return 0;
}
