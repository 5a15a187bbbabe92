/* Where a value stands in the range of its window: WILLR, STOCHF, STOCH, STOCHRSI. */
#include "indicator/momentum.h"

/* ---------------------------------------------------------------------- PLACE */

typedef struct Place {
    double at_flat; /* the value where the range is nothing */
    double noise;   /* a range up to here is rounding: nothing */
} Place;

static size_t place_size(const double *params) { (void)params; return sizeof(Place); }

static void place_init(HqNode *node, double *before, const double *params)
{
    (void)before;
    *(Place *)node->state = (Place){.at_flat = params[0], .noise = params[1]};
}

static void place(const HqNode *node, double *line, double *before)
{
    const Place *p = node->state;
    double range = HQ_X(2) - HQ_X(3), from_end = HQ_X(0) - HQ_X(1);
    (void)before;
    line[node->out] = fabs(range) <= p->noise && !hq_is_unknown(from_end) ? p->at_flat
                                                                       : hq_known(100 * from_end / range);
}

HQ_CHAIN(place, place)
HQ_SPAN_FREE(place, 1)

static const HqInputInfo place_inputs[] = {
    {.name = "x", .field = -1}, {.name = "end", .field = -1}, {.name = "top", .field = -1},
    {.name = "bottom", .field = -1},
};
static const HqParamInfo place_params[] = {
    HQ_NUMBER_PARAM("at_flat", -100, 100, NAN),
    HQ_NUMBER_PARAM("noise", 0, 1, 0),
};

const HqRow hq_row_place = {
    .info = {HQ_MOMENTUM_PART(4151, "PLACE", "Distance from an end of a range",
                              "100 * (x - end) / (top - bottom); at_flat where the range is nothing",
                              "-100..100", "O(1)", place_inputs, hq_output_value),
             HQ_PARAMS(place_params)},
    .gives_known = 1, .state_size = place_size, .init = place_init, HQ_STEPS(place, place),
};

/* Where x stands between the lowest low (0) and the highest high (100) of a window. */
static uint32_t fast_k(HqBuilder *b, uint32_t x, uint32_t high, uint32_t low, double period,
                       double at_flat, double noise)
{
    uint32_t top = hq_over(b, &hq_row_highest, high, period);
    uint32_t bottom = hq_over(b, &hq_row_lowest, low, period);
    return hq_build(b, &hq_row_place, HQ_SLOTS(x, bottom, top, bottom), HQ_LIST(at_flat, noise));
}

#define FLAT_NOTE "0 where the range is nothing, in seed mode unknown; "

/* ---------------------------------------------------------------------- WILLR */

static void willr_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core,
                        bool talib)
{
    uint32_t top = hq_over(b, &hq_row_highest, in[0], params[0]);
    uint32_t bottom = hq_over(b, &hq_row_lowest, in[1], params[0]);
    core[0] = hq_build(b, &hq_row_place, HQ_SLOTS(in[2], top, top, bottom),
                       HQ_LIST(hq_at_rest(talib), 0));
}

HQ_PARTS_OF_MODES(willr)

static const HqParamInfo willr_params[] = {HQ_PERIOD_PARAM_2("period", 14)};

#define WILLR_INFO                                                                                 \
    {HQ_MOMENTUM(178, "WILLR", "Williams %R",                                                      \
                 "100 * (close - H) / (H - L), H highest high and L lowest low of the last `period` " \
                 "bars",                                                               \
                 "L. Williams, How I Made One Million Dollars Last Year Trading Commodities (1973)", \
                 "-100..0", HQ_COST_WINDOW, hq_input_high_low_close, hq_output_value,              \
                 "0 where the range is nothing; seed mode: unknown"), \
     HQ_PARAMS(willr_params)}

HQ_ROWS_OF_MODES(willr, WILLR_INFO)

/* --------------------------------------------------------------------- STOCHF */

HQ_COPY_STEP(each_when_known, hq_copy, 2)
HQ_COPY_STEP(both_together, hq_copy_together, 2)

static void stochf_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core,
                         bool talib)
{
    core[0] = fast_k(b, in[2], in[0], in[1], params[0], hq_at_rest(talib), 0);
    core[1] = hq_ma(b, talib, params[2], core[0], params[1]);
}

HQ_PARTS_OF_MODES(stochf)

/* The first bar with a value of the moving average that hq_ma() names, in seed mode. */
static int64_t ma_first(double type, double period)
{
    return hq_row_warmup(&hq_row_ma, HQ_LIST(period, type), 0);
}

static int64_t stochf_first(const double *params, uint32_t output)
{
    int64_t fast_k_first = (int64_t)params[0] - 1;
    return output == 0 ? fast_k_first : fast_k_first + ma_first(params[2], params[1]);
}

static const HqParamInfo stochf_params[] = {
    HQ_PERIOD_PARAM("fastk", 5),
    HQ_PERIOD_PARAM("fastd", 3),
    HQ_MATYPE_PARAM("fastd_matype"),
};
static const char *const fast_outputs[] = {"fastk", "fastd"};

#define STOCHF_INFO                                                                                \
    {HQ_MOMENTUM(174, "STOCHF", "Stochastic fast",                                                 \
                 "fastk = 100 * (close - L) / (H - L) over `fastk` bars; fastd = MA(fastk)", \
                 "G. Lane, Technical Analysis of Stocks & Commodities 2 (1984); TA-Lib, function STOCHF", \
                 "0..100", "O(1) amortised, O(fastk + fastd) at worst", hq_input_high_low_close,   \
                 fast_outputs, FLAT_NOTE "both outputs begin together"),                           \
     HQ_PARAMS(stochf_params)}

static const HqRow stochf_talib = {
    .info = STOCHF_INFO, .parts = stochf_talib_parts, .n_core = 2, .gives_known = 1,
    HQ_STEPS(both_together, both_together),
};
const HqRow hq_row_stochf = {
    .info = STOCHF_INFO, .parts = stochf_seed_parts, .n_core = 2, .gives_known = 1,
    HQ_STEPS(each_when_known, each_when_known), .output_warmup = stochf_first,
    .talib = &stochf_talib,
};

/* ---------------------------------------------------------------------- STOCH */

static void stoch_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core,
                        bool talib)
{
    uint32_t k = fast_k(b, in[2], in[0], in[1], params[0], hq_at_rest(talib), 0);
    core[0] = hq_ma(b, talib, params[2], k, params[1]);
    core[1] = hq_ma(b, talib, params[4], core[0], params[3]);
}

HQ_PARTS_OF_MODES(stoch)

static int64_t stoch_first(const double *params, uint32_t output)
{
    int64_t first = (int64_t)params[0] - 1 + ma_first(params[2], params[1]);
    return output == 0 ? first : first + ma_first(params[4], params[3]);
}

static const HqParamInfo stoch_params[] = {
    HQ_PERIOD_PARAM("fastk", 5),
    HQ_PERIOD_PARAM("slowk", 3),
    HQ_MATYPE_PARAM("slowk_matype"),
    HQ_PERIOD_PARAM("slowd", 3),
    HQ_MATYPE_PARAM("slowd_matype"),
};
static const char *const slow_outputs[] = {"slowk", "slowd"};

#define STOCH_INFO                                                                                 \
    {HQ_MOMENTUM(173, "STOCH", "Stochastic",                                                       \
                 "slowk = MA of 100 * (close - L) / (H - L) over `fastk` bars; slowd = MA(slowk)", \
                 "G. Lane, Technical Analysis of Stocks & Commodities 2 (1984); TA-Lib, function STOCH", \
                 "0..100", "O(1) amortised, O(fastk + slowk + slowd) at worst",                    \
                 hq_input_high_low_close, slow_outputs, FLAT_NOTE "both outputs begin together"),  \
     HQ_PARAMS(stoch_params)}

static const HqRow stoch_talib = {
    .info = STOCH_INFO, .parts = stoch_talib_parts, .n_core = 2, .gives_known = 1,
    HQ_STEPS(both_together, both_together),
};
const HqRow hq_row_stoch = {
    .info = STOCH_INFO, .parts = stoch_seed_parts, .n_core = 2, .gives_known = 1,
    HQ_STEPS(each_when_known, each_when_known), .output_warmup = stoch_first,
    .talib = &stoch_talib,
};

/* ------------------------------------------------------------------- STOCHRSI */

/* While prices rest RSI stays what it is, save for the rounding of its averages. */
#define RSI_NOISE 1e-12

static void stochrsi_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core,
                           bool talib)
{
    uint32_t rsi = hq_over(b, talib ? &hq_row_rsi_talib : &hq_row_rsi, in[0], params[0]);
    core[0] = fast_k(b, rsi, rsi, rsi, params[1], hq_at_rest(talib), RSI_NOISE);
    core[1] = hq_ma(b, talib, params[3], core[0], params[2]);
}

HQ_PARTS_OF_MODES(stochrsi)

static int64_t stochrsi_first(const double *params, uint32_t output)
{
    return (int64_t)params[0] + stochf_first(params + 1, output);
}

static const HqParamInfo stochrsi_params[] = {
    HQ_PERIOD_PARAM("period", 14),
    HQ_PERIOD_PARAM("fastk", 5),
    HQ_PERIOD_PARAM("fastd", 3),
    HQ_MATYPE_PARAM("fastd_matype"),
};

#define STOCHRSI_INFO                                                                              \
    {HQ_MOMENTUM(175, "STOCHRSI", "Stochastic RSI",                                                \
                 "STOCHF of RSI(x, period) in its own range; a range up to 1e-12 is none",     \
                 "T. Chande, S. Kroll, The New Technical Trader (1994)", "0..100",                 \
                 "O(1) amortised, O(fastk + fastd) at worst", hq_input_close, fast_outputs,        \
                 FLAT_NOTE "both outputs begin together; RSI in talib mode"),                      \
     HQ_PARAMS(stochrsi_params)}

static const HqRow stochrsi_talib = {
    .info = STOCHRSI_INFO, .parts = stochrsi_talib_parts, .n_core = 2, .gives_known = 1,
    HQ_STEPS(both_together, both_together),
};
const HqRow hq_row_stochrsi = {
    .info = STOCHRSI_INFO, .parts = stochrsi_seed_parts, .n_core = 2, .gives_known = 1,
    HQ_STEPS(each_when_known, each_when_known), .output_warmup = stochrsi_first,
    .talib = &stochrsi_talib,
};
