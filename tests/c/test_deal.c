/* How a sweep's combinations are dealt to its tiles. */
#include <stdbool.h>
#include <string.h>

#include "check.h"
#include "run/deal.h"

enum { MOST = 3000, TILE = 100 };

static double params[3 * MOST];

/* A grid of a x b x c, the last fastest. */
static HqSweep grid(size_t a, size_t b, size_t c)
{
    HqSweep sweep = {.params = params, .n_params = 3, .n_combinations = a * b * c};
    for (size_t i = 0; i < a * b * c; i++) {
        params[3 * i] = (double)(i / (b * c));
        params[3 * i + 1] = (double)(i / c % b);
        params[3 * i + 2] = (double)(i % c);
    }
    return sweep;
}

static void each_is_of_one_tile(const HqDeal *deal, size_t total)
{
    static bool is_dealt[MOST];
    memset(is_dealt, 0, sizeof is_dealt);
    size_t dealt = 0;
    bool once = true, is_small = true;
    for (size_t tile = 0; tile < hq_deal_tiles(deal); tile++) {
        size_t n = hq_deal_size(deal, tile);
        is_small = is_small && n > 0 && n <= TILE;
        for (size_t i = 0; i < n; i++, dealt++) {
            size_t at = hq_deal_at(deal, tile, i);
            once = once && at < total && !is_dealt[at];
            is_dealt[at < total ? at : 0] = true;
        }
    }
    CHECK(once && is_small && dealt == total);
}

/* How many values of a parameter a tile's combinations have. */
static size_t values(const HqDeal *deal, size_t tile, size_t param)
{
    bool has[MOST] = {false};
    size_t n = 0;
    for (size_t i = 0; i < hq_deal_size(deal, tile); i++) {
        size_t value = (size_t)params[3 * hq_deal_at(deal, tile, i) + param];
        n += !has[value];
        has[value] = true;
    }
    return n;
}

static void tiles_are_as_wide_as_high(void)
{
    HqSweep sweep = grid(1, 40, 40);
    HqDeal deal = hq_deal_of(&sweep, 2, TILE);
    CHECK(!deal.is_list && hq_deal_tiles(&deal) % 2 == 0);
    for (size_t tile = 0; tile < hq_deal_tiles(&deal); tile++)
        CHECK(values(&deal, tile, 1) + values(&deal, tile, 2) <= 22);
    sweep = grid(1, 4, 400); /* none of the few values is computed twice by a thread */
    deal = hq_deal_of(&sweep, 1, TILE);
    CHECK(deal.rows == 1 && deal.columns == 16);
}

static void threads_have_as_much_to_do(void)
{
    for (size_t threads = 1; threads < 5; threads++) {
        HqSweep sweep = grid(1, 12, 24);
        HqDeal deal = hq_deal_of(&sweep, threads, MOST);
        CHECK(hq_deal_tiles(&deal) == threads);
        for (size_t tile = 0; tile < threads; tile++)
            CHECK(hq_deal_size(&deal, tile) == 288 / threads);
    }
}

static void lists_are_cut_as_they_come(void)
{
    HqSweep list = grid(1, 20, 30);
    list.n_combinations = 590; /* the last hand is not whole */
    HqDeal deal = hq_deal_of(&list, 2, TILE);
    CHECK(deal.is_list && hq_deal_tiles(&deal) == 6 && hq_deal_at(&deal, 1, 3) == hq_deal_size(&deal, 0) + 3);
    each_is_of_one_tile(&deal, 590);
    list = grid(1, 20, 30);
    params[3 * 311 + 2] += 0.5; /* one value differs */
    CHECK(hq_deal_of(&list, 2, TILE).is_list);
    params[3 * 311 + 2] -= 0.5;
    params[3 * 311 + 1] += 0.5;
    CHECK(hq_deal_of(&list, 2, TILE).is_list);
}

int main(void)
{
    static const size_t sizes[][3] = {{1, 20, 20}, {1, 1, 1},   {1, 1, 7},   {1, 7, 1},   {7, 1, 1},
                                      {3, 5, 4},   {13, 1, 2},  {1, 3, 400}, {1, 400, 3}, {2, 2, 700},
                                      {1, 53, 53}, {3000, 1, 1}};
    for (size_t g = 0; g < sizeof sizes / sizeof *sizes; g++)
        for (size_t threads = 1; threads < 40; threads++) {
            HqSweep sweep = grid(sizes[g][0], sizes[g][1], sizes[g][2]);
            HqDeal deal = hq_deal_of(&sweep, threads, TILE);
            each_is_of_one_tile(&deal, sweep.n_combinations);
        }
    tiles_are_as_wide_as_high();
    threads_have_as_much_to_do();
    lists_are_cut_as_they_come();
    return check_report("deal");
}
