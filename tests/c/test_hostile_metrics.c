/* hq_metrics() under hostile arguments. */
#include "hostile.h"

#include <string.h>

#include "hquant/metrics.h"

#define FUNCTIONS(X)                                                          \
    X(hq_metrics_input_init) X(hq_metrics) X(hq_year_of) X(hq_metrics_and_year) \
    X(hq_shortest_step)

FUNCTIONS(HOSTILE_DECLARE)

enum { LENGTH = 4 };

static const int64_t day = 86400000;
static int64_t times[LENGTH];
static double equity[LENGTH], benchmark[LENGTH];
static HqTrade trades[2];
static HqMetrics metrics, twin;

static HqMetricsInput good(void)
{
    HqMetricsInput input;
    hq_metrics_input_init(&input);
    input.length = LENGTH;
    input.time = times;
    input.equity = equity;
    input.benchmark = benchmark;
    input.trades = trades;
    input.n_trades = 2;
    input.periods_per_year = input.days_per_year = 365;
    return input;
}

static void set_up(void)
{
    for (int i = 0; i < LENGTH; i++) {
        times[i] = i * day;
        equity[i] = 100 + i * i % 3;
        benchmark[i] = 50 + i;
    }
    HqTrade trade = {.entry_price = 10, .exit_price = 11, .quantity = 2, .pnl = 2,
                     .exit_time = day, .bars_held = 1, .entries = 1, .side = 1,
                     .entry_reason = HQ_REASON_SIGNAL, .exit_reason = HQ_REASON_SIGNAL};
    trades[0] = trades[1] = trade;
    trades[1].pnl = -1;
}

static void hostile_hq_metrics_input_init(void)
{
    HqMetricsInput input;
    memset(&input, 0xFF, sizeof input);
    EXPECT_AFTER(HQ_OK, hq_metrics_input_init(&input));
    CHECK(input.struct_size == sizeof input && !input.reserved && !input.time && !input.length);
    EXPECT_AFTER(HQ_EINVAL, hq_metrics_input_init(NULL));
}

static void refuse(HqStatus expected, const HqMetricsInput *input)
{
    EXPECT_STATUS(expected, hq_metrics(input, &metrics));
}

/* Times and equity are checked in blocks: a mistake is found in whichever it is. */
static void mistakes_in_any_block(void)
{
    enum { LONG = 3000 };
    static int64_t time[LONG];
    static double level[LONG];
    static const size_t places[] = {1, 1023, 1024, 1025, 2047, 2048, 2049, LONG - 1};
    static const double bad[] = {NAN, INFINITY, -1};
    HqMetricsInput input = good();
    input.length = LONG;
    input.time = time;
    input.equity = level;
    input.benchmark = NULL;
    input.n_trades = 0;
    for (size_t i = 0; i < LONG; i++) {
        time[i] = (int64_t)i * day;
        level[i] = 100 + (double)(i % 7);
    }
    CHECK(hq_metrics(&input, &(HqMetrics){.struct_size = sizeof(HqMetrics)}) == HQ_OK);
    for (size_t k = 0; k < sizeof places / sizeof *places; k++) {
        size_t at = places[k];
        int64_t kept_time = time[at];
        double kept = level[at], before = level[at - 1];
        time[at] = time[at - 1] - 1;
        refuse(HQ_EORDER, &input);
        time[at] = kept_time;
        for (size_t b = 0; b < sizeof bad / sizeof *bad; b++) {
            level[at] = bad[b];
            refuse(HQ_EINVAL, &input);
        }
        level[at] = kept;
        level[at - 1] = 0;
        refuse(HQ_EINVAL, &input); /* equity after none */
        level[at - 1] = before;
    }
    memset(level, 0, sizeof level);
    refuse(HQ_EINVAL, &input); /* nothing to measure by */
}

static void bad_fields(void)
{
    HqMetricsInput input = good();
    EXPECT_STATUS(HQ_EINVAL, hq_metrics(NULL, &metrics));
    EXPECT_STATUS(HQ_EINVAL, hq_metrics(&input, NULL));
#define BAD(field, value)       \
    do {                        \
        input = good();         \
        input.field = value;    \
        refuse(HQ_EINVAL, &input); \
    } while (0)
    BAD(struct_size, 0);
    BAD(struct_size, sizeof input - 8);
    BAD(reserved, 1);
    BAD(length, 0);
    BAD(length, SIZE_MAX);
    BAD(time, NULL);
    BAD(equity, NULL);
    BAD(returns, equity);
    BAD(trades, NULL);
    static const double bad[] = {INFINITY, -INFINITY, -1, -1e-300};
    for
        EACH(i, bad)
    {
        BAD(initial, bad[i]);
        BAD(periods_per_year, bad[i]);
        BAD(days_per_year, bad[i]);
    }
    BAD(initial, NAN);
    BAD(periods_per_year, 0);
    BAD(days_per_year, 0);
    static const double bad_rates[] = {NAN, INFINITY, -INFINITY, -1, 1, 5};
    for
        EACH(i, bad_rates) BAD(risk_free, bad_rates[i]);
    input = good();
    input.equity = NULL;
    input.returns = equity;
    input.initial = 1;
    refuse(HQ_EINVAL, &input);
    metrics.struct_size = 0;
    input = good();
    refuse(HQ_EINVAL, &input);
    metrics.struct_size = sizeof metrics;
#undef BAD
}

/* One value of an array is spoilt, refused, and put back. */
static void refuse_value(HqStatus expected, double *value, double bad, int as_returns)
{
    double kept = *value;
    HqMetricsInput input = good();
    *value = bad;
    if (as_returns) {
        input.equity = NULL;
        input.returns = equity;
    }
    refuse(expected, &input);
    *value = kept;
}

static void bad_values(void)
{
    static const double bad[] = {NAN, INFINITY, -INFINITY, -1, -5e-324};
    static const double bad_returns[] = {NAN, INFINITY, -INFINITY, -1.0000000000000002, -2};
    static const double bad_closes[] = {INFINITY, -INFINITY, 0, -1};
    static const double bad_pnl[] = {NAN, INFINITY, -INFINITY};
    for (int at = 0; at < LENGTH; at++) {
        for
            EACH(i, bad) refuse_value(HQ_EINVAL, &equity[at], bad[i], 0);
        for
            EACH(i, bad_returns) refuse_value(HQ_EINVAL, &equity[at], bad_returns[i], 1);
        for
            EACH(i, bad_closes) refuse_value(HQ_EINVAL, &benchmark[at], bad_closes[i], 0);
    }
    refuse_value(HQ_EINVAL, &equity[0], 0, 0); /* no start */
    refuse_value(HQ_EINVAL, &equity[1], 0, 0); /* and something after nothing */
    for
        EACH(i, bad_pnl) refuse_value(HQ_EINVAL, &trades[1].pnl, bad_pnl[i], 0);
    for
        EACH(i, bad)
    {
        refuse_value(HQ_EINVAL, &trades[0].entry_price, bad[i], 0);
        refuse_value(HQ_EINVAL, &trades[1].quantity, bad[i], 0);
    }
}

static void bad_times(void)
{
    HqMetricsInput input = good();
    static const int64_t far[] = {INT64_MIN, INT64_MAX};
    for
        EACH(i, far)
    {
        int64_t kept = times[i ? LENGTH - 1 : 0];
        times[i ? LENGTH - 1 : 0] = far[i];
        refuse(HQ_EINVAL, &input);
        times[i ? LENGTH - 1 : 0] = kept;
    }
    times[2] = times[1] - 1;
    refuse(HQ_EORDER, &input);
    times[2] = 2 * day;
    trades[0].exit_time = -1;
    refuse(HQ_EORDER, &input);
    trades[0].exit_time = day;
    trades[0].exit_reason = HQ_REASON_ORDER + 1;
    refuse(HQ_EINVAL, &input);
    trades[0].exit_reason = HQ_REASON_SIGNAL;
}

static void hostile_hq_metrics(void)
{
    bad_fields();
    bad_values();
    bad_times();
    mistakes_in_any_block();
}

/* ------------------------------------------------ odd, and no reason to refuse */

static void run(const HqMetricsInput *input, HqMetrics *found)
{
    found->struct_size = sizeof *found;
    EXPECT(HQ_OK, hq_metrics(input, found) == HQ_OK);
}

static void one_step_is_no_return(void)
{
    HqMetricsInput input = good();
    HqMetrics found;
    input.length = 1;
    run(&input, &found);
    CHECK(found.returns == 0 && found.daily_returns == 0 && found.total_return == 0);
    CHECK(isnan(found.sharpe) && isnan(found.cagr) && isnan(found.value_at_risk_historical));
}

/* Times are good, and the year is found: what comes behind it is refused. */
static void refuse_equity(const HqMetricsInput *input)
{
    HqYear year = {.struct_size = sizeof year}, before = year;
    EXPECT_STATUS(HQ_EINVAL, hq_metrics_and_year(input, 0, &year, &metrics));
    CHECK(memcmp(&year, &before, sizeof year) == 0);
}

/* Fields that both look at, and a year that a call refuses stays as it is. */
static void refuse_year(HqStatus expected, const HqMetricsInput *input, uint32_t market_days)
{
    HqYear year = {.struct_size = sizeof year, .periods_per_year = 5}, before = year;
    EXPECT_STATUS(expected, hq_year_of(input, market_days, &year));
    EXPECT_STATUS(expected, hq_metrics_and_year(input, market_days, &year, &metrics));
    CHECK(memcmp(&year, &before, sizeof year) == 0);
}

static void hostile_hq_year_of(void)
{
    static const int64_t falling[LENGTH] = {0, 5, 4, 9}, far[LENGTH] = {0, 1, 2, INT64_MAX / 2};
    static const uint32_t bad_markets[] = {1, 253, 366, UINT32_MAX};
    HqMetricsInput input = good();
    HqYear year = {.struct_size = sizeof year};
    EXPECT_STATUS(HQ_EINVAL, hq_year_of(NULL, 0, &year));
    EXPECT_STATUS(HQ_EINVAL, hq_year_of(&input, 0, NULL));
    for (size_t i = 0; i < COUNT_OF(bad_markets); i++)
        refuse_year(HQ_EINVAL, &input, bad_markets[i]);
    static const double bad_years[] = {0, -0.0, -1, INFINITY, -INFINITY};
    for (size_t i = 0; i < 2 * COUNT_OF(bad_years); i++) {
        input = good();
        *(i % 2 ? &input.days_per_year : &input.periods_per_year) = bad_years[i / 2];
        refuse_year(HQ_EINVAL, &input, 0);
    }
    input = good();
    input.struct_size--;
    refuse_year(HQ_EINVAL, &input, 0);
    input = good();
    input.reserved = 1;
    refuse_year(HQ_EINVAL, &input, 0);
    input = good();
    input.time = NULL;
    refuse_year(HQ_EINVAL, &input, 0);
    input.time = falling;
    refuse_year(HQ_EORDER, &input, 0);
    input = good();
    input.time = far;
    input.periods_per_year = NAN;
    EXPECT_STATUS(HQ_OK, hq_year_of(&input, 0, &year));
    CHECK(isnan(year.periods_per_year) && strstr(year.periods_from, "no ms since 1970"));
    EXPECT_STATUS(HQ_EINVAL, hq_metrics_and_year(&input, 0, &year, &metrics));
    year.struct_size++;
    input = good();
    EXPECT_STATUS(HQ_EINVAL, hq_year_of(&input, 0, &year));
    year.struct_size--;
    input = (HqMetricsInput){.struct_size = sizeof input, .periods_per_year = NAN, .days_per_year = NAN};
    year.reserved = 7;
    EXPECT_STATUS(HQ_OK, hq_year_of(&input, 252, &year)); /* no steps, and no times */
    CHECK(isnan(year.periods_per_year) && year.days_per_year == 252 && year.reserved == 0);
}

static void hostile_hq_metrics_and_year(void)
{
    HqMetricsInput input = good();
    HqYear year = {.struct_size = sizeof year}, wrong = {.struct_size = 1};
    HqMetrics found = {.struct_size = sizeof found}, small = {.struct_size = sizeof small - 1};
    EXPECT_STATUS(HQ_EINVAL, hq_metrics_and_year(NULL, 0, &year, &metrics));
    EXPECT_STATUS(HQ_EINVAL, hq_metrics_and_year(&input, 0, NULL, &metrics));
    EXPECT_STATUS(HQ_EINVAL, hq_metrics_and_year(&input, 0, &year, NULL));
    EXPECT_STATUS(HQ_EINVAL, hq_metrics_and_year(&input, 0, &wrong, &metrics));
    EXPECT_STATUS(HQ_EINVAL, hq_metrics_and_year(&input, 0, &year, &small));
    input.length = 0;
    EXPECT_STATUS(HQ_EINVAL, hq_metrics_and_year(&input, 0, &year, &metrics));
    input = good();
    EXPECT_STATUS(HQ_OK, hq_metrics_and_year(&input, 0, &year, &found)); /* by the input's own year */
    CHECK(memcmp(&found, &metrics, sizeof found) == 0 && year.days_per_year == 365);
    input.periods_per_year = input.days_per_year = NAN;
    EXPECT_STATUS(HQ_OK, hq_metrics_and_year(&input, 365, &year, &found)); /* by its days */
    CHECK(found.sharpe == metrics.sharpe && found.periods_per_year == 365);
    CHECK(strcmp(year.periods_from, "365 days a year, as given, a step each") == 0);
    double kept = equity[1];
    equity[1] = -1;
    refuse_equity(&input);
    equity[1] = kept;
}

static void hostile_hq_shortest_step(void)
{
    static const int64_t far[] = {INT64_MIN, INT64_MAX}, falling[] = {5, 9, 2};
    EXPECT(HQ_EINVAL, hq_shortest_step(NULL, 3) == INT64_MIN);
    EXPECT(HQ_OK, hq_shortest_step(NULL, 0) == INT64_MAX);
    EXPECT(HQ_OK, hq_shortest_step(far, 1) == INT64_MAX);
    EXPECT(HQ_OK, hq_shortest_step(far, 2) == -1); /* beyond 63 bits it wraps */
    EXPECT(HQ_OK, hq_shortest_step(falling, 3) == -7);
    EXPECT(HQ_OK, hq_shortest_step(falling, 2) == 4);
}

static void every_step_at_one_moment(void)
{
    static const int64_t same[LENGTH] = {-5, -5, -5, -5};
    HqMetricsInput input = good();
    HqMetrics found;
    input.time = same;
    run(&input, &found);
    CHECK(found.returns == LENGTH - 1 && found.daily_returns == 0 && found.longest_drawdown == 0);
}

static void returns_beyond_every_double(void)
{
    static const double huge[LENGTH] = {1e308, 1e308, -1, 1e308};
    HqMetricsInput input = good();
    HqMetrics found;
    input.equity = NULL;
    input.returns = huge;
    run(&input, &found);
    CHECK(!isinf(found.total_return) && !isinf(found.volatility) && !isinf(found.tail_ratio));
}

static void an_empty_account_earns_nothing(void)
{
    static const double lost[LENGTH] = {100, 0, 0, 0};
    HqMetricsInput input = good();
    HqMetrics found;
    input.equity = lost;
    run(&input, &found);
    CHECK(found.total_return == -1 && found.max_drawdown == -1 && found.cagr == -1);
    CHECK(found.worst_return == -1 && found.best_return == 0 && isnan(found.sharpe_geometric));
}

static int unchanged(void) { return memcmp(&metrics, &twin, sizeof metrics) == 0; }

static const Hostile hostile[] = {FUNCTIONS(HOSTILE_ROW)};

int main(void)
{
    set_up();
    HqMetricsInput input = good();
    metrics.struct_size = sizeof metrics;
    run(&input, &metrics);
    memcpy(&twin, &metrics, sizeof metrics);
    one_step_is_no_return();
    every_step_at_one_moment();
    returns_beyond_every_double();
    an_empty_account_earns_nothing();
    return run_hostile(hostile, COUNT_OF(hostile), unchanged);
}
