/*
 * What the runners in C and C++ share: reading the files, saying where an answer differs, and the
 * structs that cases name. Only public headers are included. ../README.md says what the files hold.
 */
#ifndef VECTORS_H
#define VECTORS_H

#include <cjson/cJSON.h>
#include <hquant.h>
#include <hquant/backtest.h>
#include <hquant/market.h>
#include <hquant/metrics.h>
#include <hquant/run.h>
#include <hquant/sweep.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------- json.c */

/** A file of the folder; ends the program when it cannot be read. */
const cJSON *read_file(const char *folder, const char *name);
void release_files(void);

/** A member of an object; ends the program when there is none. */
const cJSON *member(const cJSON *object, const char *name);
const cJSON *at(const cJSON *object, const char *name, size_t index);
size_t size_of(const cJSON *list);
const char *text_of(const cJSON *text);
int64_t whole_of(const cJSON *number);
/** null is NaN, "inf" and "-inf" are infinities. */
double number_of(const cJSON *number);
/** The place of a text in a list of words, "next_open close limit". */
uint8_t choice_of(const cJSON *text, const char *words);

/** Zeroed memory that lives until the case is done. */
void *keep(size_t size);
/** Have something released when the case is done. */
void keep_until_end(void *memory, void (*release)(void *));
double *numbers_of(const cJSON *list);
int64_t *wholes_of(const cJSON *list);
uint8_t *bytes_of(const cJSON *base64, size_t *size);

/* ------------------------------------------------------------ check.c */

void begin_case(const char *file, size_t index, const char *name);
/** Free what the case kept. */
void end_case(void);
/** How many values were compared, and how many differ. */
size_t checks_done(void);
size_t checks_failed(void);

void expect_number(const char *place, const cJSON *expected, double found);
void expect_whole(const char *place, const cJSON *expected, int64_t found);
void expect_text(const char *place, const cJSON *expected, const char *found);
void expect_numbers(const char *place, const cJSON *expected, const double *found, size_t count);
void expect_wholes(const char *place, const cJSON *expected, const int64_t *found, size_t count);
void expect_bytes(const char *place, const cJSON *expected, const uint8_t *found, size_t count);
void expect_true(const char *place, bool holds, const char *what);
/** That an answer has as many members as are compared. */
void expect_members(const cJSON *expected, size_t count);
/** The next entry of a list that is read from its beginning; where there is none, a difference. */
const cJSON *next_of(const char *place, const cJSON **cursor);

/** A field of a struct that is the member of an object with its name. */
typedef struct Field {
    const char *name;
    size_t offset;
    char kind; /* d double, q int64 or uint64, i int32 or uint32, b int8, u uint8 */
} Field;
#define FIELD(type, kind, name) {#name, offsetof(type, name), kind}
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

typedef struct Fields {
    const Field *fields;
    size_t count;
} Fields;
extern const Fields report_members, trade_members, fill_members, row_members, metric_members;

/** Every field; the object has no other members, but for `others`. */
void expect_fields(const char *place, const cJSON *expected, const Fields *members, size_t others,
                   const void *found);
/** The same of structs in an array, each member being a column. */
void expect_columns(const char *place, const cJSON *expected, const Fields *members,
                    const void *found, size_t stride, size_t count);

/* ----------------------------------------------------------- inputs.c */

void load_inputs(const char *folder);
/** A tape, for as long as the case lasts. */
HqBars *bars_of(const cJSON *name);
HqBars slice_of(const HqBars *bars, size_t from, size_t to);
Bar bar_at(const HqBars *bars, size_t index);
/** The bar that a step writes out behind its kind. */
Bar bar_of_step(const cJSON *step);
/** What programs.json has of a program. */
const cJSON *program_entry(const cJSON *name);
HqIndicatorSpec spec_of(const cJSON *spec);
HqBacktestOptions options_of(const cJSON *options);
HqOrder order_of(const cJSON *order);
/** Without their programs, which each language loads in its own way. */
HqSymbol *symbols_of(const cJSON *symbols);
size_t n_outputs_of(const HqIndicatorSpec *spec);

/* ------------------------- a case of each file: what a language supplies */

void run_number(const cJSON *test_case);
void run_program(const cJSON *test_case);
void run_indicator(const cJSON *test_case);
void run_stream(const cJSON *test_case);
void run_block(const cJSON *test_case);
void run_backtests(const cJSON *test_case);
void run_account(const cJSON *test_case);
void run_market(const cJSON *test_case);
void run_sweep(const cJSON *test_case);
void run_metrics(const cJSON *test_case);
void run_failure(const cJSON *test_case);

#ifdef __cplusplus
}
#endif

#endif
