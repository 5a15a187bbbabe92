/* CCI: the newest typical price's distance from the mean, in mean distances. */
#include "indicator/history.h"
#include "indicator/momentum.h"

static size_t cci_size(const double *params) { return hq_history_size(HQ_LIST(params[0] - 1)); }

static void cci_init(HqNode *node, double *before, const double *params)
{
    hq_history_init(node, before, HQ_LIST(params[0] - 1));
    node->factor = hq_at_rest(false);
}

static void cci_talib_init(HqNode *node, double *before, const double *params)
{
    hq_history_init(node, before, HQ_LIST(params[0] - 1));
    node->factor = hq_at_rest(true);
}

static void cci_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    (void)params;
    core[0] = hq_build(b, &hq_row_typprice, in, NULL);
}

/* Everything is taken as a distance from the newest price: exactly 0 over a flat window. The mean
 * moves with every bar, so no sum carried along gives distances from it: two passes. */
static void cci_peek(const HqNode *node, double *line, double *before)
{
    const HqHistory *h = node->state;
    double x = HQ_X(0), period = (double)h->n + 1, sum = 0;
    (void)before;
    for (uint32_t i = 0; i < h->n; i++)
        sum += h->value[i] - x;
    double mean = sum / period, distances = fabs(mean);
    for (uint32_t i = 0; i < h->n; i++)
        distances += fabs(h->value[i] - x - mean);
    line[node->out] = distances <= HQ_PRICE_NOISE * fabs(x) * period
                          ? node->factor
                          : hq_known(-mean / (0.015 * (distances / period)));
}

static void cci_push(const HqNode *node, double *line, double *before)
{
    hq_history_commit(node, before);
    cci_peek(node, line, before);
}

HQ_CHAIN(cci_push, cci_peek)
HQ_SPAN(cci_push, 1, 0)

static const HqParamInfo cci_params[] = {HQ_WHOLE_PARAM("period", 2, 10000, 14)};

#define CCI_ROW                                                                                    \
    .info = {HQ_MOMENTUM(164, "CCI", "Commodity channel index",                                    \
                         "(tp - SMA(tp)) / (0.015 * AVGDEV(tp)), tp = (high + low + close) / 3; "  \
                         "an AVGDEV of at most 2^-50 of tp is none",                               \
                         "D. Lambert, Commodities, October 1980; TA-Lib, function CCI",            \
                         "ratio", "O(period)", hq_input_high_low_close,                            \
                         hq_output_value, "0 where AVGDEV is none; seed mode: unknown"),           \
             HQ_PARAMS(cci_params)},                                                               \
    .gives_known = 1, .state_size = cci_size, .holds = hq_history_holds,     \
    HQ_STEPS(cci_push, cci_peek),                                                                  \
    .parts = cci_parts, .n_core = 1, .warmup = hq_warmup_full_window

static const HqRow cci_talib = {CCI_ROW, .init = cci_talib_init};
const HqRow hq_row_cci = {CCI_ROW, .init = cci_init, .talib = &cci_talib};
