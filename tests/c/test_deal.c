/* The order in which a sweep's tiles take combinations. */
#include <stdbool.h>
#include <string.h>

#include "check.h"
#include "run/deal.h"

enum { MOST = 600 };

static double params[3 * MOST];

/* A grid of a x b x c, the last fastest; the first two parameters alone where c is 1. */
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

static void each_is_taken_once(const HqDeal *deal, size_t total)
{
    static bool is_taken[MOST];
    memset(is_taken, 0, sizeof is_taken);
    bool once = true;
    for (size_t place = 0; place < total; place++) {
        size_t at = hq_deal_at(deal, place);
        once = once && at < total && !is_taken[at];
        is_taken[at < total ? at : 0] = true;
    }
    CHECK(once);
}

/* Hands stay together, and a thread has every so many-th. */
static void hands_go_round(const HqDeal *deal, size_t threads)
{
    bool together = true, round = true;
    for (size_t place = 0; place < deal->hand * deal->hands; place++) {
        size_t at = hq_deal_at(deal, place), hand = place / deal->hand;
        together = together && at % deal->hand == place % deal->hand;
        round = round && (hand >= (deal->hands + threads - 1) / threads || at / deal->hand == hand * threads);
    }
    CHECK(together && round);
}

int main(void)
{
    static const size_t grids[][3] = {{20, 20, 1}, {1, 1, 1}, {1, 7, 1}, {7, 1, 1}, {3, 5, 4}, {1, 5, 4}, {13, 2, 1}};
    static const size_t hands[] = {20, 1, 7, 7, 4, 4, 2};
    for (size_t g = 0; g < sizeof grids / sizeof *grids; g++)
        for (size_t threads = 1; threads < 30; threads++) {
            HqSweep sweep = grid(grids[g][0], grids[g][1], grids[g][2]);
            HqDeal deal = hq_deal_of(&sweep, threads);
            CHECK(deal.hand == hands[g] && deal.threads == threads);
            each_is_taken_once(&deal, sweep.n_combinations);
            hands_go_round(&deal, threads);
        }
    HqSweep list = grid(4, 5, 1);
    list.n_combinations = 18; /* a list that is no grid: the last hand is not whole */
    HqDeal deal = hq_deal_of(&list, 2);
    CHECK(deal.threads == 1);
    each_is_taken_once(&deal, 18);
    return check_report("deal");
}
