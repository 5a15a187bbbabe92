/*
 * Five indicators over whole columns in C: hq_push_bars() into a new engine, and hq_run() of the same
 * indicators' outputs. Reads six float64 columns after the count and the times from a file, prints the
 * nanoseconds of processor time a bar of each round: what bench/node/w2.mjs stands beside.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <hquant/run.h>

enum { INDICATORS = 5, OUTPUTS = 9 };
static const char *const names[INDICATORS] = {"SMA", "EMA", "RSI", "BOLL", "MACD"};
static const uint32_t n_outputs[INDICATORS] = {1, 1, 1, 3, 3};
static const double params[INDICATORS][3] = {{20}, {20}, {14}, {20, 2}, {12, 26, 9}};
static const uint32_t n_params[INDICATORS] = {1, 1, 1, 2, 3};

static void fail(const char *what)
{
    fprintf(stderr, "push_columns: %s: %s\n", what, hq_last_error()->message);
    exit(1);
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void make_specs(HqIndicatorSpec *specs)
{
    for (int i = 0; i < INDICATORS; i++) {
        if (hq_indicator_spec(names[i], &specs[i]) != HQ_OK)
            fail(names[i]);
        specs[i].n_params = n_params[i];
        for (uint32_t p = 0; p < n_params[i]; p++)
            specs[i].params[p] = params[i][p];
    }
}

static double push(const HqBars *bars, const HqIndicatorSpec *specs)
{
    HQuant *engine = hquant_new(1024);
    for (int i = 0; i < INDICATORS; i++)
        if (!hq_add_indicator(engine, &specs[i]))
            fail(names[i]);
    double start = now();
    if (hq_push_bars(engine, bars, NULL) != HQ_OK)
        fail("hq_push_bars");
    double taken = now() - start;
    hquant_free(engine);
    return taken;
}

static double run(const HqBars *bars, const HqIndicatorSpec *specs, double *values)
{
    HqRunColumn columns[OUTPUTS] = {0};
    HqRunResult result = {.struct_size = sizeof result, .columns = columns, .n_columns = OUTPUTS};
    int column = 0;
    for (int i = 0; i < INDICATORS; i++)
        for (uint32_t output = 0; output < n_outputs[i]; output++, column++)
            columns[column] = (HqRunColumn){
                .indicator = &specs[i], .index = output, .values = values + (size_t)column * bars->length};
    double start = now();
    if (hq_run(bars, NULL, NULL, &result) != HQ_OK)
        fail("hq_run");
    return now() - start;
}

/* push_columns FILE ROUNDS */
int main(int argc, char **argv)
{
    FILE *file = argc == 3 ? fopen(argv[1], "rb") : NULL;
    uint64_t n;
    if (!file || fread(&n, sizeof n, 1, file) != 1)
        return 1;
    int64_t *time = malloc(n * sizeof *time);
    double *values = malloc(n * 6 * sizeof *values), *out = calloc(n * OUTPUTS, sizeof *out);
    if (!time || !values || !out || fread(time, sizeof *time, n, file) != n ||
        fread(values, sizeof *values, n * 6, file) != n * 6)
        return 1;
    const HqBars bars = {time, values, values + n, values + 2 * n, values + 3 * n, values + 4 * n,
                         values + 5 * n, n};
    HqIndicatorSpec specs[INDICATORS];
    make_specs(specs);
    for (int round = atoi(argv[2]); round > 0; round--)
        printf("%.3f %.3f\n", push(&bars, specs) / (double)n, run(&bars, specs, out) / (double)n);
    fclose(file);
    free(time);
    free(values);
    free(out);
    return 0;
}
