/* The share of what goes up in all that moves: CMO, IMI, MFI, ULTOSC. */
#include "indicator/momentum.h"

static const HqParamInfo fourteen_from_2[] = {HQ_PERIOD_PARAM_2("period", 14)};

/* 100 * sum of up / sum of both, over a window. Sums of what is never negative: no cancelling. */
static uint32_t share_of_sums(HqBuilder *b, uint32_t up, uint32_t down, double period, double at_zero)
{
    uint32_t ups = hq_over(b, &hq_row_sum, up, period), downs = hq_over(b, &hq_row_sum, down, period);
    return hq_ratio(b, ups, hq_blend(b, ups, 1, downs, 1), 100, at_zero);
}

/* The same of a series' gains and losses. */
static uint32_t share_of_gains(HqBuilder *b, uint32_t moves, double period, double at_zero)
{
    uint32_t gain = hq_build(b, &hq_row_gain_loss, HQ_SLOTS(moves), NULL);
    return share_of_sums(b, gain, hq_output(gain, 1), period, at_zero);
}

/* ------------------------------------------------------------------------ CMO
 * Of plain sums, as its book has it: that is TA-Lib's CMOU. TA-Lib's CMO is of Wilder averages, so
 * that 100 * (G - L) / (G + L) = 2 * RSI - 100; RSI's 50 of a flat series is its 0. */

static void cmo_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core,
                      bool talib)
{
    core[0] = talib ? hq_affine(b, hq_over(b, &hq_row_rsi, in[0], params[0]), 2, -100)
                    : hq_over(b, &hq_row_cmou, in[0], params[0]);
}

HQ_PARTS_OF_MODES(cmo)

#define CMO_INFO                                                                                   \
    {HQ_MOMENTUM(165, "CMO", "Chande momentum oscillator",                                         \
                 "100 * (G - L) / (G + L), G and L sums of the last `period` gains and losses", \
                 "T. Chande, S. Kroll, The New Technical Trader (1994); TradingView, ta.cmo",      \
                 "-100..100", HQ_COST_WINDOW, hq_input_close, hq_output_value,                     \
                 "G and L are Wilder averages, as in RSI; 0 where both are 0, in seed mode unknown"), \
     HQ_PARAMS(fourteen_from_2)}

HQ_ROWS_OF_MODES(cmo, CMO_INFO)

/* ------------------------------------------------------------------------ IMI */

static void imi_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core,
                      bool talib)
{
    core[0] = share_of_gains(b, hq_minus(b, in[1], in[0]), params[0], talib ? 50 : (double)NAN);
}

HQ_PARTS_OF_MODES(imi)

static const HqInputInfo open_close[] = {
    {.name = "open", .field = 0, .is_implicit = 1},
    {.name = "close", .field = 3, .is_implicit = 1},
};

#define IMI_INFO                                                                                   \
    {HQ_MOMENTUM(166, "IMI", "Intraday momentum index",                                            \
                 "100 * G / (G + L), G and L sums of close - open and open - close where "         \
                 "positive, over `period` bars",                                                   \
                 "T. Chande, S. Kroll, The New Technical Trader (1994); TA-Lib, function IMI",     \
                 "0..100", HQ_COST_WINDOW, open_close, hq_output_value,                            \
                 "50 where both are 0; seed mode: unknown"),                                       \
     HQ_PARAMS(fourteen_from_2)}

HQ_ROWS_OF_MODES(imi, IMI_INFO)

/* ------------------------------------------------------------------------ MFI */

/* Inputs: typical price, volume. What flows in on a rise and out on a fall. The prices of equal sums
 * of ticks differ by some units in the last place: such a change is none. */
static void flow_step(const HqNode *node, double *line, double *before)
{
    double *now = line + node->out, price = HQ_X(0), last = before[node->in[0]];
    double flow = hq_known(price * HQ_X(1)), change = price - last, none = flow - flow + change * 0;
    double noise = HQ_PRICE_NOISE * fabs(price);
    now[0] = change > noise ? flow : none;
    now[1] = -change > noise ? flow : none;
}

HQ_CHAIN(flow_step, flow_step)
HQ_SPAN_FREE(flow_step, 2)

static int64_t second_bar(const double *params) { (void)params; return 1; }

static const HqInputInfo price_volume[] = {
    {.name = "price", .field = -1}, {.name = "volume", .field = -1},
};
static const char *const flow_outputs[] = {"in", "out"};

const HqRow hq_row_money_flow = {
    .info = {HQ_MOMENTUM_PART(4152, "MONEY_FLOW", "Money flow in and out",
                              "price * volume where price rises, where it falls, by more than 2^-50 of it",
                              "price times volume", "O(1)", price_volume, flow_outputs)},
    .gives_known = 1, HQ_STEPS(flow_step, flow_step), .warmup = second_bar,
};

static void mfi_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core,
                      bool talib)
{
    uint32_t price = hq_build(b, &hq_row_typprice, in, NULL);
    uint32_t flow = hq_build(b, &hq_row_money_flow, HQ_SLOTS(price, in[3]), NULL);
    core[0] = share_of_sums(b, flow, hq_output(flow, 1), params[0], hq_at_rest(talib));
}

HQ_PARTS_OF_MODES(mfi)

#define MFI_INFO                                                                                   \
    {HQ_MOMENTUM(167, "MFI", "Money flow index",                                                   \
                 "100 * P / (P + N), P and N sums of tp * volume on bars of rising and falling tp = " \
                 "(high + low + close) / 3 over `period` bars",                        \
                 "G. Quong, A. Soudack, Technical Analysis of Stocks & Commodities, March 1989",   \
                 "0..100", HQ_COST_WINDOW, hq_input_high_low_close_volume, hq_output_value,        \
                 "0 where nothing flows; seed mode: unknown"), \
     HQ_PARAMS(fourteen_from_2)}

HQ_ROWS_OF_MODES(mfi, MFI_INFO)

/* --------------------------------------------------------------------- ULTOSC */

/* Buying pressure: how far the close is above the true low. */
static void buying_step(const HqNode *node, double *line, double *before)
{
    double low = HQ_X(1), close = HQ_X(2), last = before[node->in[2]];
    line[node->out] = hq_known(last < low ? close - last : close - low + (last - last));
}

HQ_CHAIN(buying_step, buying_step)
HQ_SPAN_FREE(buying_step, 1)

const HqRow hq_row_buying = {
    .info = {HQ_MOMENTUM_PART(4153, "BUYING", "Buying pressure", "close - min(low, close[1])",
                              "price", "O(1)", hq_input_high_low_close, hq_output_value)},
    .gives_known = 1, HQ_STEPS(buying_step, buying_step), .warmup = second_bar,
};

static void put_in_order(double *p, int i, int j)
{
    double least = p[i] < p[j] ? p[i] : p[j], most = p[i] < p[j] ? p[j] : p[i];
    p[i] = least;
    p[j] = most;
}

static void ultosc_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core,
                         bool talib)
{
    double period[] = {params[0], params[1], params[2]};
    uint32_t share[3], buying = hq_build(b, &hq_row_buying, in, NULL);
    uint32_t range = hq_build(b, &hq_row_tr_talib, in, NULL);
    put_in_order(period, 0, 1);
    put_in_order(period, 1, 2);
    put_in_order(period, 0, 1);
    for (int i = 0; i < 3; i++)
        share[i] = hq_ratio(b, hq_over(b, &hq_row_sum, buying, period[i]),
                            hq_over(b, &hq_row_sum, range, period[i]), 100, hq_at_rest(talib));
    core[0] = hq_blend(b, hq_blend(b, share[0], 4.0 / 7, share[1], 2.0 / 7), 1, share[2], 1.0 / 7);
}

HQ_PARTS_OF_MODES(ultosc)

static const HqParamInfo ultosc_params[] = {
    HQ_PERIOD_PARAM("period1", 7),
    HQ_PERIOD_PARAM("period2", 14),
    HQ_PERIOD_PARAM("period3", 28),
};

#define ULTOSC_INFO                                                                                \
    {HQ_MOMENTUM(177, "ULTOSC", "Ultimate oscillator",                                             \
                 "(4*a + 2*b + c) / 7 of 100 * SUM(close - min(low, close[1])) / SUM(TRANGE), a over " \
                 "the shortest period, c over the longest",         \
                 "L. Williams, Technical Analysis of Stocks & Commodities 3 (1985)", "0..100",     \
                 "O(1) amortised, O(longest period) at worst", hq_input_high_low_close,            \
                 hq_output_value, "0 for each that has no range; seed mode: unknown"), \
     HQ_PARAMS(ultosc_params)}

HQ_ROWS_OF_MODES(ultosc, ULTOSC_INFO)
