/* One price for a bar: AVGPRICE, MEDPRICE, TYPPRICE, WCLPRICE; and BOP. */
#include "indicator/pieces.h"

HQ_PURE_STEP(average, (HQ_X(0) + HQ_X(1) + HQ_X(2) + HQ_X(3)) / 4)
HQ_PURE_STEP(median, (HQ_X(0) + HQ_X(1)) / 2)
HQ_PURE_STEP(typical, (HQ_X(0) + HQ_X(1) + HQ_X(2)) / 3)
HQ_PURE_STEP(weighted, (HQ_X(0) + HQ_X(1) + 2 * HQ_X(2)) / 4)

#define PRICE(id, label, long_title, meaning, list, step)                                       \
    {                                                                                           \
        .info = {.code = id, .is_public = 1, .name = label, .title = long_title,                \
                 .formula = meaning, .source = "TA-Lib, function " label, .unit = "price",      \
                 .cost = "O(1)", HQ_INPUTS(list), HQ_OUTPUTS(hq_output_value),                  \
                 .group = "price", .talib_name = label},                                        \
        .keeps_range = 1, .gives_known = 1, HQ_STEPS(step, step),                               \
    }

const HqRow hq_row_avgprice = PRICE(233, "AVGPRICE", "Average price", "(open + high + low + close) / 4",
                                    hq_input_open_high_low_close, average);
const HqRow hq_row_medprice =
    PRICE(234, "MEDPRICE", "Median price", "(high + low) / 2", hq_input_high_low, median);
const HqRow hq_row_typprice = PRICE(235, "TYPPRICE", "Typical price", "(high + low + close) / 3",
                                    hq_input_high_low_close, typical);
const HqRow hq_row_wclprice = PRICE(236, "WCLPRICE", "Weighted close price",
                                    "(high + low + 2 * close) / 4", hq_input_high_low_close, weighted);

/* ------------------------------------------------------------------------ BOP */

static double balance(double open, double high, double low, double close)
{
    double body = close - open, range = high - low;
    return range <= 0 ? body - body : body / range; /* unknown where any of them is */
}

HQ_PURE_STEP(bop_step, balance(HQ_X(0), HQ_X(1), HQ_X(2), HQ_X(3)))

const HqRow hq_row_bop = {
    .info = {.code = 163, .is_public = 1, .name = "BOP", .title = "Balance of power",
             .formula = "(close - open) / (high - low); 0 where high is not above low",
             .source = "I. Livshin, Technical Analysis of Stocks & Commodities, August 2001; TA-Lib, function BOP",
             .unit = "-1..1", .cost = "O(1)", HQ_INPUTS(hq_input_open_high_low_close),
             HQ_OUTPUTS(hq_output_value), .group = "momentum", .talib_name = "BOP"},
    .gives_known = 1, HQ_STEPS(bop_step, bop_step),
};
