#include "run/deal.h"

static size_t parts(size_t all, size_t size) { return (all + size - 1) / size; }

/* ------------------------------------------------------------------------ the grid */

static const double *params_of(const HqSweep *sweep, size_t combination)
{
    return sweep->params + combination * sweep->n_params;
}

/* Whether of two combinations all parameters are the same that are, or are not, in the first two. */
static bool agree(const HqSweep *sweep, const double *a, const double *b, bool runs)
{
    const double *first = params_of(sweep, 0), *second = params_of(sweep, 1);
    for (size_t i = 0; i < sweep->n_params; i++)
        if ((first[i] != second[i]) == runs && a[i] != b[i])
            return false;
    return true;
}

/* Combinations up to where another parameter changes than between the first two. */
static size_t hand_of(const HqSweep *sweep)
{
    size_t hand = 1;
    while (hand < sweep->n_combinations && agree(sweep, params_of(sweep, 0), params_of(sweep, hand), false))
        hand++;
    return hand;
}

/* Whether all hands are the first again, with others of the parameters that stand still. */
static bool is_grid(const HqSweep *sweep, size_t hand)
{
    for (size_t i = hand; i < sweep->n_combinations; i++) {
        const double *now = params_of(sweep, i);
        if (!agree(sweep, now, params_of(sweep, i % hand), true) ||
            !agree(sweep, now, params_of(sweep, i - i % hand), false))
            return false;
    }
    return sweep->n_combinations % hand == 0;
}

/* ------------------------------------------------------------------------ the tiles */

/* What the last thread to be done has to do, in combinations: a value that some share takes about as long as
 * one of them. */
static size_t work_of(const HqDeal *deal, size_t threads)
{
    size_t height = parts(deal->hands, deal->rows), width = parts(deal->hand_size, deal->columns);
    return parts(deal->rows * deal->columns, threads) * (height * width + height + width);
}

static bool fits(const HqDeal *deal, size_t most)
{
    return parts(deal->hands, deal->rows) * parts(deal->hand_size, deal->columns) <= most;
}

/* With so many rows, as few columns as there may be. */
static HqDeal with_rows(HqDeal deal, size_t rows, size_t tiles, size_t most)
{
    deal.rows = rows;
    deal.columns = parts(tiles, rows);
    if (deal.columns > deal.hand_size)
        deal.columns = deal.hand_size;
    while (deal.columns < deal.hand_size && !fits(&deal, most))
        deal.columns++;
    return deal;
}

HqDeal hq_deal_of(const HqSweep *sweep, size_t threads, size_t most)
{
    size_t total = sweep->n_combinations, hand = hand_of(sweep);
    size_t tiles = parts(parts(total, most), threads) * threads;
    tiles = tiles < total ? tiles : total;
    if (!is_grid(sweep, hand)) {
        size_t size = parts(total, tiles);
        return (HqDeal){.hands = 1, .hand_size = total, .rows = 1, .columns = parts(total, size), .is_list = true};
    }
    HqDeal best = {.hands = total / hand, .hand_size = hand, .rows = total / hand, .columns = hand};
    for (size_t rows = 1; rows <= best.hands && rows <= tiles; rows++) {
        HqDeal deal = with_rows(best, rows, tiles, most);
        if (fits(&deal, most) && work_of(&deal, threads) < work_of(&best, threads))
            best = deal;
    }
    return best;
}

/* ------------------------------------------------------------------ what a tile has */

/* Of n that are dealt to some in turn, how many the one at a place gets. */
static size_t share(size_t n, size_t place, size_t some) { return (n - place + some - 1) / some; }

size_t hq_deal_size(const HqDeal *deal, size_t tile)
{
    size_t row = tile / deal->columns, column = tile % deal->columns;
    if (deal->is_list) {
        size_t size = parts(deal->hand_size, deal->columns), first = tile * size;
        return deal->hand_size - first < size ? deal->hand_size - first : size;
    }
    return share(deal->hands, row, deal->rows) * share(deal->hand_size, column, deal->columns);
}

size_t hq_deal_at(const HqDeal *deal, size_t tile, size_t i)
{
    size_t row = tile / deal->columns, column = tile % deal->columns;
    if (deal->is_list)
        return tile * parts(deal->hand_size, deal->columns) + i;
    size_t width = share(deal->hand_size, column, deal->columns);
    size_t hand = row + i / width * deal->rows;
    return hand * deal->hand_size + column + i % width * deal->columns;
}
