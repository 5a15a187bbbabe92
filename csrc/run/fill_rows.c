#include "run/fill_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "exec/effect.h"

/* --------------------------------------------------------------------- transitions */

enum { CLOSINGS = 0, OPENINGS = 32 }; /* bits of HqTransition.counts */

static HqTransition transition_of(const HqBacktestOptions *options, int sign, int held)
{
    HqEffect effect =
        hq_effect_of(options, sign > 0 ? HQ_LONG : HQ_SHORT, held == -sign, held == sign);
    int after = effect.opens ? sign : effect.closes ? 0 : held;
    return (HqTransition){.counts = (uint64_t)effect.closes << CLOSINGS | (uint64_t)effect.opens << OPENINGS,
                          .sign = sign,
                          .closes = effect.closes ? UINT16_MAX : 0,
                          .opens = effect.opens ? UINT16_MAX : 0,
                          .is_filled = effect.closes | effect.opens,
                          .held = (int8_t)after,
                          .next = (uint16_t)hq_transitions_from(after)};
}

HqTransitions hq_transitions_of(const HqBacktestOptions *options)
{
    HqTransitions transitions;
    for (int held = -1; held <= 1; held++) {
        transitions.of[hq_transitions_from(held)] = transition_of(options, -1, held);
        transitions.of[hq_transitions_from(held) + 1] = transition_of(options, 1, held);
    }
    return transitions;
}

void hq_fill_rows_count(const HqTaken *taken, size_t bars, HqBacktestReport *counts)
{
    uint32_t closings = (uint32_t)(taken->counts >> CLOSINGS), openings = (uint32_t)(taken->counts >> OPENINGS);
    counts->steps += bars;
    counts->signals += taken->orders + taken->holds;
    counts->orders += taken->orders;
    counts->fills += (uint64_t)closings + openings;
    counts->trades += closings;
}

/* ---------------------------------------------------------------------------- room */

HqStatus hq_fill_rows_init(HqFillRows *rows, size_t capacity)
{
    enum { COLUMNS = 6 }; /* a value an account and row */
    /* A fill a bar, one of an order that waited, a row that is left out, one that is written in vain; and
     * what is held behind it. */
    size_t most = capacity + 4, column = most * HQ_ACCOUNTS, words = hq_words(capacity);
    HqLedgerFills *fills = &rows->fills;
    *rows = (HqFillRows){.apart = most + 1};
    rows->columns = hq_calloc(COLUMNS * column, sizeof *rows->columns);
    rows->from = hq_calloc(HQ_ACCOUNTS * rows->apart, sizeof *rows->from);
    rows->buys = hq_calloc(3 * words, sizeof *rows->buys);
    rows->place = hq_calloc(capacity + HQ_PLACES_MORE, sizeof *rows->place);
    fills->closes = hq_calloc(2 * most, sizeof *fills->closes);
    if (!rows->columns || !rows->from || !rows->buys || !rows->place || !fills->closes) {
        hq_fill_rows_destroy(rows);
        return HQ_ENOMEM;
    }
    rows->orders = rows->buys + words;
    rows->seen = rows->orders + words;
    fills->opens = fills->closes + most;
    double **columns[COLUMNS] = {&fills->price, &fills->sign,  &fills->size,
                                 &fills->start, &fills->entry, &fills->quantity};
    for (size_t i = 0; i < COLUMNS; i++)
        *columns[i] = rows->columns + i * column;
    return HQ_OK;
}

void hq_fill_rows_destroy(HqFillRows *rows)
{
    free(rows->columns);
    free(rows->from);
    free(rows->buys);
    free(rows->place);
    free(rows->fills.closes);
    *rows = (HqFillRows){0};
}

void hq_fill_rows_clear(HqFillRows *rows)
{
    size_t most = (size_t)(rows->fills.opens - rows->fills.closes);
    memset(rows->fills.closes, 0, 2 * most * sizeof *rows->fills.closes);
}

/* ------------------------------------------------------------------------- signals */

/* The signals of a lane's block as they become rows. */
typedef struct Taking {
    const HqTransitions *transitions;
    const HqLane *lane;
    const HqHits *hits;
    HqLedgerFills column; /* the lane's */
    uint16_t bit;
    uint32_t *from;
    const double *price; /* of the block's bars: where orders are filled */
    uint64_t begin;      /* the first of them */
    size_t later;        /* bars from a signal to its fill */
    bool slips, sized;
} Taking;

/* As hq_fill_price(), of a bar's only fill. */
static double slipped(const Taking *taking, double price, int sign, size_t t)
{
    const HqExec *exec = &taking->lane->exec;
    HqDraw draw = {exec->symbols->index, taking->begin + t, 0};
    return hq_slipped(exec->options, exec->symbols->symbol->tick_size, price, sign, draw);
}

/*
 * An order has its turn at bar t of the block. What comes of it cannot be foreseen: the next row is
 * written whether it is one or not.
 * @param order  NULL where sizes are of no account.
 */
HQ_INLINE void take_order(const Taking *taking, HqTaken *taken, const HqTransition *transition, size_t t,
                          const HqWorking *order, const bool slips)
{
    const HqLedgerFills *column = &taking->column;
    size_t row = taken->rows, at = row * HQ_ACCOUNTS;
    double price = taking->price[t];
    column->price[at] = slips ? slipped(taking, price, transition->sign > 0 ? 1 : -1, t) : price;
    column->sign[at] = transition->sign;
    if (order)
        column->size[at] = order->size;
    column->closes[row] |= taking->bit & transition->closes;
    column->opens[row] |= taking->bit & transition->opens;
    taking->from[row + 1] = (uint32_t)t;
    taken->rows = (uint32_t)row + transition->is_filled;
    taken->held = transition->held;
    taken->counts += transition->counts;
}

static const HqWorking *order_at(const Taking *taking, size_t t)
{
    return hq_lane_order(taking->lane, hq_hits_rule(taking->hits, t));
}

/* Signals of the block's bars, a bit each, by what the first rule that is true wants; answers how
 * many want nothing. */
static uint64_t find_signals(const HqHits *hits, HqFillRows *rows)
{
    size_t words = hq_words(hits->n);
    uint64_t n_holds = 0;
    uint64_t *restrict buys = rows->buys, *restrict orders = rows->orders, *restrict seen = rows->seen;
    memset(buys, 0, words * sizeof *buys);
    memset(orders, 0, words * sizeof *orders);
    memset(seen, 0, words * sizeof *seen);
    for (uint32_t r = 0; r < hits->rules->count; r++) {
        const uint64_t *holds = hq_hits_of_rule(hits, r);
        Action action = hits->rules->rule[r].action;
        uint64_t is_buy = action == ACTION_BUY ? UINT64_MAX : 0;
        uint64_t is_order = action != ACTION_HOLD ? UINT64_MAX : 0;
        for (size_t w = 0; w < words; w++) {
            uint64_t first = holds[w] & ~seen[w];
            buys[w] |= first & is_buy;
            orders[w] |= first & is_order;
            seen[w] |= first;
        }
    }
    for (size_t w = 0; w < words; w++)
        for (uint64_t left = seen[w] & ~orders[w]; left; left &= left - 1)
            n_holds++;
    return n_holds;
}

/* Of signals that stand in rows->place the first n. @param plain  none slips, sizes are of no account. */
HQ_INLINE void take_signals(const Taking *taking, const HqFillRows *rows, HqTaken *taken, size_t n,
                            const bool plain)
{
    const HqTransition *transitions = taking->transitions->of;
    unsigned from = hq_transitions_from(taken->held);
    HqTaken now = *taken; /* in registers */
    for (size_t i = 0; i < n; i++) {
        size_t t = rows->place[i];
        unsigned buys = rows->buys[t / 64] >> t % 64 & 1;
        const HqTransition *transition = &transitions[from + buys];
        const HqWorking *order = !plain && taking->sized ? order_at(taking, t) : NULL;
        from = transition->next; /* what the next signal waits for */
        take_order(taking, &now, transition, t + taking->later, order, !plain && taking->slips);
    }
    *taken = now;
}

static void take_orders(const Taking *taking, HqFillRows *rows, HqTaken *taken)
{
    size_t last = taking->hits->n - 1;
    size_t n = HQ_WIDE_CHOOSE(hq_places)(rows->orders, hq_words(taking->hits->n), rows->place);
    taken->orders = n;
    if (taking->later && n > 0 &&
        rows->place[n - 1] == last) { /* filled on the next block's first bar */
        n--;
        taken->waiting = order_at(taking, last);
    }
    if (taking->slips || taking->sized)
        take_signals(taking, rows, taken, n, false);
    else
        take_signals(taking, rows, taken, n, true);
}

/* An account that is flat leaves the first row out: where orders open and close in turn, a row only opens, or
 * only closes, of all accounts. */
void hq_fill_rows_take(HqFillRows *rows, const HqTransitions *transitions, const HqLane *lane,
                       size_t at, const HqHits *hits, const HqStretch *stretch, bool sized,
                       HqTaken *taken)
{
    const HqBacktestOptions *options = lane->exec.options;
    bool is_later = options->fill != HQ_FILL_CLOSE;
    const double *price = is_later ? stretch->bars->open : stretch->bars->close;
    HqLedgerFills column = rows->fills;
    column.price += at;
    column.sign += at;
    column.size += at;
    Taking taking = {.transitions = transitions,
                     .lane = lane,
                     .hits = hits,
                     .column = column,
                     .bit = (uint16_t)(1u << at),
                     .from = rows->from + at * rows->apart,
                     .price = price + stretch->begin,
                     .begin = stretch->begin,
                     .later = is_later,
                     .slips = options->slippage_kind != HQ_SLIPPAGE_NONE,
                     .sized = sized};
    *taken = (HqTaken){.holds = find_signals(hits, rows),
                       .waited = taken->waiting,
                       .held_before = taken->held,
                       .held = taken->held};
    taken->rows = hq_taken_first(taken);
    taking.from[0] = taking.from[1] = 0;
    if (taken->waited) {
        unsigned of = hq_transitions_from(taken->held) + (taken->waited->side > 0);
        take_order(&taking, taken, &transitions->of[of], 0, taken->waited, taking.slips);
    }
    take_orders(&taking, rows, taken);
    taking.from[taken->rows + 1] = (uint32_t)(stretch->end - stretch->begin);
}

HqWorths hq_fill_rows_worths(const HqFillRows *rows, const HqTaken *taken, size_t at)
{
    const HqLedgerFills *fills = &rows->fills;
    return (HqWorths){.start = fills->start + at,
                      .entry = fills->entry + at,
                      .quantity = fills->quantity + at,
                      .apart = HQ_ACCOUNTS,
                      .from = rows->from + at * rows->apart,
                      .count = taken->rows + 1};
}
