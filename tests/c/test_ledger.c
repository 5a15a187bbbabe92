/* A ledger's fills are HqExec's, to the bit, where it says that it is sure; and it is sure of what
 * is usual. */
#include <string.h>

#include "check.h"
#include "exec/ledger.h"
#include "hquant/simd.h"
#include "random.h"

enum { ROWS = 40, TRIALS = 200 };

static double open_[ROWS + 1], high[ROWS + 1], low[ROWS + 1], close_[ROWS + 1];
static int64_t timestamp[ROWS + 1];
static const HqBars BARS = {.length = ROWS + 1,
                            .timestamp = timestamp,
                            .open = open_,
                            .high = high,
                            .low = low,
                            .close = close_};

/* Rows of fills, and room for what is held behind each. */
static uint16_t closes[ROWS], opens[ROWS];
static double price[ROWS * HQ_ACCOUNTS], sign[ROWS * HQ_ACCOUNTS], size[ROWS * HQ_ACCOUNTS];
static double start[(ROWS + 1) * HQ_ACCOUNTS], entry[(ROWS + 1) * HQ_ACCOUNTS],
    quantity[(ROWS + 1) * HQ_ACCOUNTS];
static const HqLedgerFills FILLS = {closes, opens, price, sign, size, start, entry, quantity};

static HqBacktestOptions options_of(uint8_t size_unit, double order_size, double fee,
                                    double leverage)
{
    HqBacktestOptions options;
    memset(&options, 0, sizeof options);
    options.struct_size = sizeof options;
    options.account.initial_margin = 1000;
    options.account.leverage = leverage;
    options.account.contract_size = 1;
    options.account.taker_fee_rate = fee;
    options.account.maintenance_margin_rate = 0.005;
    options.fill = HQ_FILL_CLOSE;
    options.size_unit = size_unit;
    options.size = order_size;
    return options;
}

static HqRange make_bars(double step)
{
    double now = 100;
    HqRange range = {now, now};
    for (size_t t = 0; t <= ROWS; t++) {
        now *= 1 + (uniform() - 0.5) * step;
        timestamp[t] = (int64_t)t;
        open_[t] = high[t] = low[t] = close_[t] = now;
        range = hq_range_with(range, now, now);
    }
    return range;
}

/* Account i turns round on every bar: it buys on even ones where i is even. Row k is bar k's. */
static int side_at(size_t account, size_t row) { return (account + row) % 2 == 0 ? 1 : -1; }

static void make_rows(double order_size)
{
    for (size_t row = 0; row < ROWS; row++) {
        opens[row] = 0xFFFF;
        closes[row] = row > 0 ? 0xFFFF : 0;
        for (size_t i = 0; i < HQ_ACCOUNTS; i++) {
            price[row * HQ_ACCOUNTS + i] = close_[row];
            sign[row * HQ_ACCOUNTS + i] = side_at(i, row);
            size[row * HQ_ACCOUNTS + i] = order_size;
        }
    }
}

/* The same by itself, bar by bar. */
static void run_alone(HqExec *exec, size_t account, const HqIntent *intent)
{
    for (size_t bar = 0; bar < ROWS; bar++) {
        CHECK(hq_exec_enter(exec, bar) == HQ_OK);
        hq_exec_leave(exec);
        hq_exec_signal(exec, 0, side_at(account, bar) > 0 ? ACTION_BUY : ACTION_SELL, intent);
    }
}

static void same_account(const HqExec *a, const HqExec *b)
{
    CHECK(memcmp(&a->account.cash, &b->account.cash, sizeof a->account.cash) == 0);
    CHECK(memcmp(a->account.legs, b->account.legs, sizeof a->account.legs) == 0);
    CHECK(memcmp(&a->account.fees, &b->account.fees, sizeof a->account.fees) == 0);
    CHECK(memcmp(&a->account.realized_pnl, &b->account.realized_pnl, sizeof(double)) == 0);
    CHECK(memcmp(&a->records.sides, &b->records.sides, sizeof a->records.sides) == 0);
    CHECK(a->records.counts.partial_orders == b->records.counts.partial_orders);
}

/* What an account holds is worth what it is worth by itself. */
static void same_worth(const HqExec *exec, size_t account)
{
    size_t at = ROWS * HQ_ACCOUNTS + account;
    double now = close_[ROWS - 1], worth = start[at] + (now - entry[at]) * quantity[at];
    CHECK(worth == hq_account_equity(&exec->account, now));
}

static void make(HqExec *exec, const HqSymbol *symbol, const HqBacktestOptions *options)
{
    CHECK(hq_exec_init(exec, symbol, 1, NULL, 0, options, NULL) == HQ_OK);
}

/* Answers whether the ledger was sure of all of them. */
static bool compare(const HqBacktestOptions *options, double step)
{
    HqSymbol symbol;
    memset(&symbol, 0, sizeof symbol);
    symbol.struct_size = sizeof symbol;
    symbol.bars = &BARS;
    HqRange range = make_bars(step);
    make_rows(options->size);
    HqIntent intent = {.size_unit = options->size_unit, .size = options->size};
    HqExec first;
    make(&first, &symbol, options);
    CHECK(hq_ledger_takes(&first));
    HqLedger ledger, again;
    hq_ledger_begin(&ledger, &first, options->size_unit);
    again = ledger;
    bool is_sure = HQ_WIDE_CHOOSE(hq_ledger_fill)(&ledger, &FILLS, ROWS, range) == 0;
    for (size_t i = 0; i < HQ_ACCOUNTS && is_sure; i++) {
        HqExec alone, left;
        make(&alone, &symbol, options);
        make(&left, &symbol, options);
        run_alone(&alone, i, &intent);
        hq_ledger_leave(&ledger, i, ROWS - 1, &left);
        same_account(&alone, &left);
        same_worth(&alone, i);
        left.records.counts = alone.records.counts;
        CHECK(hq_ledger_join(&again, i, &left)); /* it is what it was */
        CHECK(again.cash[i] == ledger.cash[i] && again.quantity[i] == ledger.quantity[i] &&
              again.sign[i] == ledger.sign[i] && again.round_fees[i] == ledger.round_fees[i] &&
              again.gained_lost[i] == ledger.gained_lost[i] && again.lost[i] == ledger.lost[i]);
        hq_exec_destroy(&alone);
        hq_exec_destroy(&left);
    }
    hq_exec_destroy(&first);
    return is_sure;
}

static void test_fills_are_those_of_an_account_by_itself(void)
{
    static const struct {
        uint8_t unit;
        double size;
    } sizes[] = {{HQ_SIZE_ALL, 0},      {HQ_SIZE_UNITS, 3},    {HQ_SIZE_NOTIONAL, 250},
                 {HQ_SIZE_EQUITY, 0.5}, {HQ_SIZE_EQUITY, 1.0}, {HQ_SIZE_MARGIN, 100},
                 {HQ_SIZE_UNITS, 1000}};
    int sure = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
        size_t k = (size_t)trial % (sizeof sizes / sizeof *sizes);
        double fee = trial % 3 == 0 ? 0 : uniform() / 100;
        HqBacktestOptions options = options_of(sizes[k].unit, sizes[k].size, fee, 1 + trial % 4);
        sure += compare(&options, 0.002);
    }
    CHECK(sure > TRIALS * 9 / 10); /* of the others a margin is not next to the quotient */
}

/* Told is what may be: a price that liquidates, an order that opens nothing. */
static void test_it_is_not_sure_of_what_is_not_usual(void)
{
    HqSymbol symbol;
    memset(&symbol, 0, sizeof symbol);
    symbol.struct_size = sizeof symbol;
    symbol.bars = &BARS;
    HqBacktestOptions options = options_of(HQ_SIZE_ALL, 0, 0.001, 10);
    HqRange range = make_bars(0.002);
    make_rows(0);
    HqExec exec;
    make(&exec, &symbol, &options);
    HqLedger fresh, ledger;
    hq_ledger_begin(&fresh, &exec, HQ_SIZE_ALL);
    unsigned all = (1u << HQ_ACCOUNTS) - 1;
    ledger = fresh;
    CHECK(HQ_WIDE_CHOOSE(hq_ledger_fill)(&ledger, &FILLS, ROWS,
                                         (HqRange){range.low / 2, range.high}) == all);
    ledger = fresh;
    ledger.min_quantity = 1e9;
    CHECK(HQ_WIDE_CHOOSE(hq_ledger_fill)(&ledger, &FILLS, ROWS, range) == all);
    ledger = fresh;
    ledger.cash[3] = 1e-12; /* dust */
    ledger.cash[5] = 0;
    CHECK(HQ_WIDE_CHOOSE(hq_ledger_fill)(&ledger, &FILLS, ROWS, range) == (1u << 3 | 1u << 5));
    ledger = fresh;
    ledger.size_unit = HQ_SIZE_UNITS;
    ledger.rejects = true;
    make_rows(1e6);
    CHECK(HQ_WIDE_CHOOSE(hq_ledger_fill)(&ledger, &FILLS, ROWS, range) == all);
    hq_exec_destroy(&exec);
}

static void test_runs_that_it_does_not_take(void)
{
    HqSymbol symbol;
    memset(&symbol, 0, sizeof symbol);
    symbol.struct_size = sizeof symbol;
    symbol.bars = &BARS;
    for (int what = 0; what < 5; what++) {
        HqBacktestOptions options = options_of(HQ_SIZE_ALL, 0, 0.001, 1);
        symbol.lot_size = what == 0 ? 0.1 : 0;
        options.hedged = what == 1;
        options.pyramiding = what == 2;
        options.fee_per_unit = what == 3 ? 0.1 : 0;
        options.fill = what == 4 ? HQ_FILL_LIMIT : HQ_FILL_NEXT_OPEN;
        HqExec exec;
        make(&exec, &symbol, &options);
        CHECK(!hq_ledger_takes(&exec));
        hq_exec_destroy(&exec);
    }
}

int main(void)
{
    for (uint32_t level = 0; level <= 2; level++) {
        hq_simd_limit(level);
        test_fills_are_those_of_an_account_by_itself();
        test_it_is_not_sure_of_what_is_not_usual();
    }
    test_runs_that_it_does_not_take();
    return check_report("test_ledger");
}
