/* Returns of what is held are those of the equity curve, to the bit, whatever is held and for how long. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "hquant/simd.h"
#include "random.h"
#include "run/held.h"

enum { BARS = 1500, ROWS = BARS + 2, APART = 3, ROUNDS = 700, BLOCKS = 4 };

static double close_[BARS], curve[BARS], room[BARS];
static double start[ROWS * APART], entry[ROWS * APART], quantity[ROWS * APART];
static uint32_t from[ROWS + 1];

static size_t below(size_t n) { return (size_t)(uniform() * (double)n); }

/* What an account does on the way: how often something is held, on which side, how long, and how badly. */
typedef struct Habit {
    double flat, one_sided, longest, size, jump;
} Habit;

static Habit some_habit(void)
{
    static const double longest[] = {2, 12, 70, 900}, jump[] = {0, 0.001, 0.05, 0.6};
    return (Habit){uniform(), uniform() < 0.5, longest[below(4)], uniform() < 0.1 ? 3 : 1, jump[below(4)]};
}

static void walk_prices(const Habit *habit, double *price, size_t n)
{
    for (size_t t = 0; t < n; t++)
        close_[t] = *price *= 1 + habit->jump * (uniform() - 0.5);
}

static double worth(size_t at, double price) { return start[at] + (price - entry[at]) * quantity[at]; }

/* Rows over n bars, some of none, from what was held before the block and equity there. */
static HqWorths make_rows(const Habit *habit, double equity, size_t n)
{
    size_t bar = 0, row = 0;
    while (bar < n && row < ROWS) {
        size_t at = row * APART, end = bar + below((size_t)habit->longest + 1);
        bool is_flat = uniform() < habit->flat;
        if (uniform() < 0.002) /* of nothing, or of something again */
            equity = uniform() < 0.5 ? 0 : 500;
        double side = habit->one_sided || uniform() < 0.5 ? 1 : -1;
        start[at] = equity * (uniform() < 0.5 ? 1 : 0.999);
        entry[at] = is_flat ? 0 : close_[bar];
        quantity[at] = is_flat ? 0 : side * habit->size * equity / close_[bar];
        from[row++] = (uint32_t)bar;
        bar = row == ROWS || end > n ? n : end;
        if (bar > from[row - 1])
            equity = fmax(worth(at, close_[bar - 1]), 0);
    }
    from[row] = (uint32_t)n;
    return (HqWorths){start, entry, quantity, APART, from, row};
}

/* A trough that has been divided may be kept or not: what is asked of a fall is how deep it is. */
static bool is_same(const HqReturns *a, const HqReturns *b)
{
    return memcmp(&a->moments, &b->moments, sizeof a->moments) == 0 && a->equity == b->equity &&
           a->start == b->start && a->started == b->started && a->fall.peak == b->fall.peak &&
           hq_returns_drawdown(a) == hq_returns_drawdown(b);
}

static void check_round(void)
{
    Habit habit = some_habit();
    HqReturns held, pushed;
    double price = 100, capital = 1000;
    const size_t lengths[] = {0, 1, 2, below(1400)};
    size_t left_out = lengths[below(4)];
    hq_returns_begin(&held, capital);
    if (left_out > 0)
        hq_returns_skip(&held, left_out);
    pushed = held;
    for (int block = 0; block < BLOCKS; block++) {
        size_t n = 1 + below(BARS);
        walk_prices(&habit, &price, n);
        HqWorths worths = make_rows(&habit, pushed.equity, n);
        HQ_WIDE_CHOOSE(hq_span_worths)(&worths, close_, curve);
        hq_returns_push(&pushed, curve, n);
        hq_held_push(&held, &worths, close_, room);
        CHECK(is_same(&held, &pushed));
    }
}

int main(void)
{
    for (uint32_t level = HQ_SIMD_BASELINE; level <= HQ_SIMD_AVX512; level++) {
        CHECK(hq_simd_limit(level) == HQ_OK);
        for (int round = 0; round < ROUNDS; round++)
            check_round();
    }
    return check_report("test_held");
}
