/* hq_run() under hostile arguments. */
#include "hostile.h"

#include <string.h>

#include "hquant/run.h"
#include "program.h"

#define FUNCTIONS(X) X(hq_run_options_init) X(hq_run) X(hq_run_release)

FUNCTIONS(HOSTILE_DECLARE)

enum { LENGTH = 40, MINUTE = 60000 };

static int64_t times[LENGTH];
static double fields[6][LENGTH], values[2][LENGTH];
static uint8_t actions[LENGTH];
static int16_t rules[LENGTH];
static HqProgram *crossing, *across;
static HqRunColumn columns[2];
static const HqIndicatorSpec average = {.struct_size = sizeof(HqIndicatorSpec), .code = 1,
                                        .n_params = 1, .params = {5}};

static HqBars good_bars(void)
{
    return (HqBars){times,     fields[0], fields[1], fields[2],
                    fields[3], fields[4], fields[5], LENGTH};
}

static HqRunOptions good_options(void)
{
    HqRunOptions options;
    hq_run_options_init(&options);
    return options;
}

/* A register of the program and an indicator. */
static HqRunResult good_result(void)
{
    columns[0] = (HqRunColumn){.index = 2, .values = values[0]};
    columns[1] = (HqRunColumn){.indicator = &average, .values = values[1]};
    return (HqRunResult){.struct_size = sizeof(HqRunResult), .columns = columns, .n_columns = 2,
                         .actions = actions, .rules = rules, .bars = 77};
}

static void set_up(void)
{
    uint8_t bytes[PROGRAM_SIZE];
    for (int i = 0; i < LENGTH; i++) {
        times[i] = (int64_t)i * MINUTE;
        for (int f = 0; f < 6; f++)
            fields[f][i] = 100 + (i * 7 + f) % 11;
    }
    size_t size = program_crossing(105, bytes);
    CHECK(hq_program_load(bytes, size, &crossing) == HQ_OK);
    size = program_across(5 * MINUTE, bytes);
    CHECK(hq_program_load(bytes, size, &across) == HQ_OK);
}

static void hostile_hq_run_options_init(void)
{
    HqRunOptions options;
    memset(&options, 0xFF, sizeof options);
    EXPECT_AFTER(HQ_OK, hq_run_options_init(&options));
    CHECK(options.struct_size == sizeof options && !options.htf && !options.params &&
          !options.n_params && !options.bad_bars && !options.block_bars && !options.progress);
    EXPECT_AFTER(HQ_EINVAL, hq_run_options_init(NULL));
}

/* Refused; the counts are as they were, and no column is the library's. */
static void refuse(HqStatus expected, const HqBars *bars, const HqProgram *program,
                   const HqRunOptions *options, HqRunResult *result)
{
    EXPECT_STATUS(expected, hq_run(bars, program, options, result));
    CHECK(result->bars == 77 && result->signals == 0);
}

static void bad_options(void)
{
    HqBars bars = good_bars();
#define BAD(field, value)                                       \
    do {                                                        \
        HqRunOptions options = good_options();                  \
        HqRunResult result = good_result();                     \
        options.field = value;                                  \
        refuse(HQ_EINVAL, &bars, crossing, &options, &result);  \
    } while (0)
    static const double inside[] = {7}, outside[] = {51}, not_a_number[] = {NAN};
    BAD(struct_size, 0);
    BAD(struct_size, sizeof(HqRunOptions) + 8);
    BAD(htf, 2);
    BAD(htf, UINT32_MAX);
    BAD(bar_period_ms, -1);
    BAD(bar_period_ms, 5 * MINUTE); /* most bars come sooner */
    BAD(bad_bars, 2);
    BAD(block_bars, HQ_RUN_BLOCK_MAX + 1);
    BAD(n_params, 1); /* at NULL */
    BAD(n_params, SIZE_MAX);
    HqRunOptions options = good_options();
    HqRunResult result = good_result();
    const double *lists[] = {outside, not_a_number};
    options.n_params = 1;
    for
        EACH(i, lists)
        {
            options.params = lists[i];
            refuse(HQ_EINVAL, &bars, crossing, &options, &result);
        }
    options.params = inside;
    result.n_columns = 0;
    refuse(HQ_EINVAL, &bars, NULL, &options, &result); /* whose parameters? */
    options.n_params = 2;
    refuse(HQ_EINVAL, &bars, crossing, &options, &result);
#undef BAD
}

/* Times as far apart as times can be: their gap is more than int64 holds, and longer than a period. */
static void far_times(void)
{
    static const int64_t far[] = {INT64_MIN, 0, INT64_MAX};
    static const int64_t near[] = {INT64_MAX - 2, INT64_MAX - 1, INT64_MAX};
    HqRunOptions options = good_options();
    HqBars bars = good_bars();
    bars.length = 3;
    bars.timestamp = far;
    options.bar_period_ms = INT64_MAX;
    HqRunResult result = good_result();
    EXPECT_STATUS(HQ_OK, hq_run(&bars, crossing, &options, &result));
    hq_run_release(&result);
    bars.timestamp = near;
    result = good_result();
    refuse(HQ_EINVAL, &bars, crossing, &options, &result);
}

static void bad_results(void)
{
    HqBars bars = good_bars();
    EXPECT_STATUS(HQ_EINVAL, hq_run(&bars, crossing, NULL, NULL));
#define BAD(program, field, value)                          \
    do {                                                    \
        HqRunResult result = good_result();                 \
        result.field = value;                               \
        refuse(HQ_EINVAL, &bars, program, NULL, &result);   \
    } while (0)
    BAD(crossing, struct_size, 0);
    BAD(crossing, reserved, 1);
    BAD(crossing, columns, NULL);
    BAD(crossing, n_columns, HQ_RUN_COLUMNS_MAX + 1);
    BAD(crossing, n_columns, SIZE_MAX);
    BAD(crossing, columns[0].index, 6); /* registers beyond the program */
    BAD(crossing, columns[0].index, UINT32_MAX);
    BAD(crossing, columns[0].is_owned, 1);
    BAD(crossing, columns[1].index, 1); /* an output that SMA has not */
    BAD(NULL, columns[0].index, 0);     /* a register of no program */
    BAD(across, columns[0].index, 1);   /* on a higher timeframe */
#undef BAD
    HqIndicatorSpec broken = average;
    HqRunResult result = good_result();
    columns[1].indicator = &broken;
    broken.struct_size = 0;
    refuse(HQ_EINVAL, &bars, crossing, NULL, &result);
    broken = average;
    broken.code = 60000;
    refuse(HQ_ENOTFOUND, &bars, crossing, NULL, &result);
    broken = average;
    broken.params[0] = 0;
    refuse(HQ_EINVAL, &bars, crossing, NULL, &result);
    broken = average;
    broken.n_fields = 1;
    broken.fields[0] = 6;
    refuse(HQ_EINVAL, &bars, crossing, NULL, &result);
}

static void bad_bars(void)
{
    HqRunResult result = good_result();
    HqBars bars = good_bars();
    refuse(HQ_EINVAL, NULL, crossing, NULL, &result);
    bars.close = NULL; /* which is read */
    refuse(HQ_EINVAL, &bars, crossing, NULL, &result);
    bars = good_bars();
    bars.length = SIZE_MAX;
    refuse(HQ_EINVAL, &bars, crossing, NULL, &result);
    bars = good_bars();
    bars.timestamp = NULL;
    result.n_columns = 0;
    refuse(HQ_EINVAL, &bars, across, NULL, &result);
    bars = good_bars();
    for (int f = 0; f < 6; f++)
        for
            EACH(i, bad_numbers)
            {
                double kept = fields[f][LENGTH - 1];
                fields[f][LENGTH - 1] = bad_numbers[i];
                refuse(HQ_EBAR, &bars, crossing, NULL, &result);
                fields[f][LENGTH - 1] = kept;
            }
    times[9] = times[8] - 1;
    refuse(HQ_EORDER, &bars, across, NULL, &result);
    EXPECT_STATUS(HQ_OK, hq_run(&bars, crossing, NULL, &result)); /* reads no candles */
    times[9] = 9 * MINUTE;
}

static int32_t stop(void *user, size_t done, size_t total)
{
    (void)user;
    return done <= total;
}

/* What is odd, and fine: no columns at all, no bars, a callback that stops. */
static void hostile_hq_run(void)
{
    HqBars bars = good_bars(), none = {0}, unread = {.close = fields[3], .length = LENGTH};
    HqRunResult result = good_result();
    bad_options();
    far_times();
    bad_results();
    bad_bars();
    EXPECT_STATUS(HQ_OK, hq_run(&none, crossing, NULL, &result));
    CHECK(result.bars == 0 && result.signals == 0);
    EXPECT_STATUS(HQ_OK, hq_run(&unread, crossing, NULL, &result));
    CHECK(result.bars == LENGTH && result.signals > 0);
    result = (HqRunResult){.struct_size = sizeof result};
    EXPECT_STATUS(HQ_OK, hq_run(&bars, NULL, NULL, &result));
    CHECK(result.bars == LENGTH && result.signals == 0 && result.warmup_bars == 0);
    HqRunOptions options = good_options();
    options.progress = stop;
    EXPECT_STATUS(HQ_ECANCELLED, hq_run(&bars, crossing, &options, &result));
}

static void hostile_hq_run_release(void)
{
    HqRunResult result = good_result();
    EXPECT_AFTER(HQ_OK, hq_run_release(NULL));
    EXPECT_AFTER(HQ_OK, hq_run_release(&result)); /* none is the library's */
    CHECK(columns[0].values == values[0] && columns[1].values == values[1]);
    columns[0].values = NULL;
    HqBars bars = good_bars();
    EXPECT_STATUS(HQ_OK, hq_run(&bars, crossing, NULL, &result));
    CHECK(columns[0].is_owned && columns[0].values && !columns[1].is_owned);
    EXPECT_STATUS(HQ_EINVAL, hq_run(&bars, crossing, NULL, &result)); /* they would be lost */
    EXPECT_AFTER(HQ_OK, hq_run_release(&result));
    CHECK(!columns[0].is_owned && !columns[0].values && columns[1].values == values[1]);
    EXPECT_AFTER(HQ_OK, hq_run_release(&result));
}

/* The inputs are read only. */
static int unchanged(void)
{
    for (int i = 0; i < LENGTH; i++)
        for (int f = 0; f < 6; f++)
            if (fields[f][i] != 100 + (i * 7 + f) % 11 || times[i] != (int64_t)i * MINUTE)
                return 0;
    return 1;
}

int main(void)
{
    static const Hostile list[] = {FUNCTIONS(HOSTILE_ROW)};
    set_up();
    int failed = run_hostile(list, COUNT_OF(list), unchanged);
    hq_program_free(crossing);
    hq_program_free(across);
    return failed;
}
