#include "csv.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hquant/market.h>

enum { LINE_SIZE = 1024, MESSAGE_SIZE = 256 };

static const char header[] = "timestamp,open,high,low,close,volume";
static const char *const field_names[FIELDS_MAX] = {"open",  "high",   "low",
                                                    "close", "volume", "buy_volume"};

static int refuse(const char *path, size_t line, const char *why)
{
    fprintf(stderr, "%s:%zu: %s\n", path, line, why);
    return 0;
}

/* The next line without its end. 1: there is one; 0: the file ends; -1: `why` it is none. */
static int read_line(FILE *file, char line[LINE_SIZE], const char **why)
{
    size_t length = 0;
    int c;
    *why = NULL;
    while ((c = getc(file)) != EOF && c != '\n' && !*why) {
        if (c == '\r') {
            c = getc(file);
            if (c == '\n' || c == EOF)
                break;
            *why = "expected lines that end in LF or CR LF, found a CR alone";
        } else if (c == '\0') {
            *why = "expected text, found a NUL byte";
        } else if (length + 1 == LINE_SIZE) {
            *why = "the line is too long";
        } else {
            line[length++] = (char)c;
        }
    }
    line[length] = '\0';
    if (ferror(file))
        *why = strerror(errno);
    if (*why)
        return -1;
    return length > 0 || c != EOF;
}

/* The file has the columns in this order; `buy_volume` may follow. */
static int parse_header(const char *line, Table *table, char why[MESSAGE_SIZE])
{
    const size_t size = sizeof header - 1;
    const int is_begun = strncmp(line, header, size) == 0;
    table->has_buy_volume = is_begun && strcmp(line + size, ",buy_volume") == 0;
    if (table->has_buy_volume || (is_begun && line[size] == '\0'))
        return 1;
    snprintf(why, MESSAGE_SIZE,
             "expected the header \"%s\", with \",buy_volume\" behind it where there is one, found "
             "\"%.60s\"", header, line);
    return 0;
}

static size_t field_count(const Table *table) { return table->has_buy_volume ? 6 : 5; }

/*
 * The number that a field is, all of it: digits, with a sign "-", a point and an exponent, and none
 * of what else strtod() takes: blanks, "+1", "0x1p3", "inf".
 *
 * strtod() reads 1.5 or 1,5 as the locale says. A program begins in the "C" locale and this one
 * never calls setlocale(), so a point is a point whatever LANG is. One that does must read numbers
 * by other means.
 */
static int parse_number(const char *text, size_t length, double *number)
{
    if (length == 0 || text[0] == '+' || strspn(text, "0123456789.eE+-") < length)
        return 0;
    char *end;
    errno = 0;
    *number = strtod(text, &end);
    const int is_out_of_range = errno == ERANGE && (*number == 0 || isinf(*number));
    return end == text + length && !is_out_of_range;
}

static int parse_time(const char *text, size_t length, int64_t *time)
{
    if (length == 0 || strspn(text, "0123456789-") < length)
        return 0;
    char *end;
    errno = 0;
    *time = strtoll(text, &end, 10);
    return end == text + length && errno == 0;
}

static int parse_row(const char *text, const Table *table, int64_t *timestamp,
                     double fields[FIELDS_MAX], char why[MESSAGE_SIZE])
{
    const size_t count = field_count(table);
    for (size_t i = 0; i <= count; i++) { /* the timestamp, then the fields */
        const size_t length = strcspn(text, ",");
        const int is_number = i == 0 ? parse_time(text, length, timestamp)
                                     : parse_number(text, length, &fields[i - 1]);
        if (!is_number || text[length] != (i < count ? ',' : '\0')) {
            snprintf(why, MESSAGE_SIZE, "%s: expected %s%s, found \"%.40s\"",
                     i == 0 ? "timestamp" : field_names[i - 1],
                     i == 0 ? "milliseconds" : "a number",
                     i < count ? " and a comma" : " at the end of the line", text);
            return 0;
        }
        text += length + 1;
    }
    return 1;
}

static int grow(Table *table)
{
    if (table->length < table->capacity)
        return 1;
    const size_t capacity = table->capacity ? 2 * table->capacity : 4096;
    int64_t *timestamp = realloc(table->timestamp, capacity * sizeof *timestamp);
    if (!timestamp)
        return 0;
    table->timestamp = timestamp;
    for (size_t i = 0; i < field_count(table); i++) {
        double *field = realloc(table->fields[i], capacity * sizeof *field);
        if (!field)
            return 0;
        table->fields[i] = field;
    }
    table->capacity = capacity;
    return 1;
}

/* The newest row beside the one before it: a candle, and later. */
static int newest_is_a_candle(const Table *table, char why[MESSAGE_SIZE])
{
    const size_t begin = table->length > 1 ? table->length - 2 : 0;
    const HqBars two = table_rows(table, begin, table->length - begin);
    if (hq_bars_check(&two) == HQ_OK)
        return 1;
    const char *message = hq_last_error()->message; /* "bar 1: high: expected ..." */
    const char *reason = strstr(message, ": ");
    snprintf(why, MESSAGE_SIZE, "%.200s", reason ? reason + 2 : message);
    return 0;
}

static int add_row(Table *table, const char *line, char why[MESSAGE_SIZE])
{
    double fields[FIELDS_MAX];
    int64_t timestamp;
    if (!parse_row(line, table, &timestamp, fields, why))
        return 0;
    if (!grow(table)) {
        snprintf(why, MESSAGE_SIZE, "out of memory");
        return 0;
    }
    table->timestamp[table->length] = timestamp;
    for (size_t i = 0; i < field_count(table); i++)
        table->fields[i][table->length] = fields[i];
    table->length++;
    return newest_is_a_candle(table, why);
}

static int read_rows(Table *table, FILE *file, const char *path)
{
    char line[LINE_SIZE], why[MESSAGE_SIZE];
    const char *bad_line;
    int found;
    size_t number = 0;
    while ((found = read_line(file, line, &bad_line)) == 1)
        if (++number == 1 ? !parse_header(line, table, why) : !add_row(table, line, why))
            return refuse(path, number, why);
    if (found < 0)
        return refuse(path, number + 1, bad_line);
    if (table->length == 0)
        return refuse(path, number + 1, number == 0 ? "expected a header, found an empty file"
                                                    : "expected rows below the header, found none");
    return 1;
}

int table_read(Table *table, const char *path)
{
    *table = (Table){0};
    FILE *file = fopen(path, "rb");
    if (!file) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return 0;
    }
    const int is_read = read_rows(table, file, path);
    fclose(file);
    if (!is_read)
        table_free(table);
    return is_read;
}

HqBars table_rows(const Table *table, size_t begin, size_t length)
{
    double *const *fields = table->fields;
    const HqBars bars = {table->timestamp + begin,
                         fields[0] + begin,
                         fields[1] + begin,
                         fields[2] + begin,
                         fields[3] + begin,
                         fields[4] + begin,
                         table->has_buy_volume ? fields[5] + begin : NULL, /* never zeros instead */
                         length};
    return bars;
}

void table_free(Table *table)
{
    free(table->timestamp);
    for (size_t i = 0; i < FIELDS_MAX; i++)
        free(table->fields[i]);
    *table = (Table){0};
}
