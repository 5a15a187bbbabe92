/*
 * The test vectors: run_vectors FOLDER [FILE] compares what this library answers with every
 * file of the folder, or with one, doubles by their bits, and prints what differs with its file,
 * case and place.
 */
#include "vectors.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *file;
    void (*run)(const cJSON *test_case);
} topics[] = {
    {"numbers.json", run_number},       {"programs.json", run_program},
    {"indicators.json", run_indicator}, {"streams.json", run_stream},
    {"runs.json", run_block},           {"backtests.json", run_backtests},
    {"accounts.json", run_account},     {"markets.json", run_market},
    {"sweeps.json", run_sweep},         {"metrics.json", run_metrics},
    {"failures.json", run_failure},
};

static const char *name_of(const cJSON *test_case)
{
    const cJSON *name = cJSON_GetObjectItem(test_case, "name");
    if (test_case->string)
        return test_case->string;
    return text_of(name ? name : member(test_case, "indicator"));
}

static size_t run_file(const char *folder, const char *file, void (*run)(const cJSON *))
{
    const cJSON *each, *cases = read_file(folder, file);
    size_t index = 0;
    cJSON_ArrayForEach(each, cases) {
        begin_case(file, index++, name_of(each));
        run(each);
        end_case();
    }
    return index;
}

int main(int count, char **arguments)
{
    if (count != 2 && count != 3) {
        fprintf(stderr, "usage: run_vectors FOLDER [FILE]\n");
        return 2;
    }
    const char *folder = arguments[1];
    size_t cases = 0;
    load_inputs(folder);
    for (size_t i = 0; i < COUNT(topics); i++)
        if (count == 2 || !strcmp(topics[i].file, arguments[2]))
            cases += run_file(folder, topics[i].file, topics[i].run);
    release_files();
    printf("%zu cases, %zu values compared, %zu differ\n", cases, checks_done(), checks_failed());
    return checks_failed() || cases == 0 ? 1 : 0;
}
