/* Comparing: doubles by their bits, and every difference with its place. */
#include "vectors.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT_MAX = 4096, SHOWN_MAX = 20 };

static struct {
    const char *file;
    size_t index;
    const char *name;
    struct {
        void *memory;
        void (*release)(void *);
    } kept[KEPT_MAX];
    size_t n_kept;
    size_t checks;
    size_t failures;
} now;

void begin_case(const char *file, size_t index, const char *name)
{
    now.file = file;
    now.index = index;
    now.name = name;
}

void end_case(void)
{
    while (now.n_kept) {
        now.n_kept--;
        now.kept[now.n_kept].release(now.kept[now.n_kept].memory);
    }
}

void keep_until_end(void *memory, void (*release)(void *))
{
    if (!memory || now.n_kept == KEPT_MAX) {
        fprintf(stderr, "vectors: out of memory\n");
        exit(2);
    }
    now.kept[now.n_kept].memory = memory;
    now.kept[now.n_kept++].release = release;
}

void *keep(size_t size)
{
    void *memory = calloc(1, size ? size : 1);
    keep_until_end(memory, free);
    return memory;
}

size_t checks_done(void) { return now.checks; }
size_t checks_failed(void) { return now.failures; }

/** Begin a line about a difference; false when enough have been shown. */
static bool differs(const char *place)
{
    if (++now.failures > SHOWN_MAX)
        return false;
    printf("%s[%zu] %s: %s: ", now.file, now.index, now.name, place);
    return true;
}

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return isnan(value) ? UINT64_C(0x7ff8000000000000) : bits; /* NaN is one value */
}

void expect_number(const char *place, const cJSON *expected, double found)
{
    double wanted = number_of(expected);
    now.checks++;
    if (bits_of(wanted) != bits_of(found) && differs(place))
        printf("expected %.17g %016" PRIx64 ", found %.17g %016" PRIx64 "\n", wanted,
               bits_of(wanted), found, bits_of(found));
}

void expect_whole(const char *place, const cJSON *expected, int64_t found)
{
    now.checks++;
    if (whole_of(expected) != found && differs(place))
        printf("expected %" PRId64 ", found %" PRId64 "\n", whole_of(expected), found);
}

void expect_text(const char *place, const cJSON *expected, const char *found)
{
    now.checks++;
    if (strcmp(text_of(expected), found) && differs(place))
        printf("expected %s, found %s\n", text_of(expected), found);
}

void expect_true(const char *place, bool holds, const char *what)
{
    now.checks++;
    if (!holds && differs(place))
        printf("%s\n", what);
}

void expect_numbers(const char *place, const cJSON *expected, const double *found, size_t count)
{
    expect_true(place, size_of(expected) == count, "another number of entries");
    size_t i = 0;
    const cJSON *each;
    cJSON_ArrayForEach(each, expected) {
        char name[256];
        if (i >= count)
            return;
        snprintf(name, sizeof name, "%s[%zu]", place, i);
        expect_number(name, each, found[i++]);
    }
}

void expect_wholes(const char *place, const cJSON *expected, const int64_t *found, size_t n)
{
    const cJSON *each;
    size_t i = 0;
    expect_true(place, size_of(expected) == n, "another number of entries");
    cJSON_ArrayForEach(each, expected)
        if (i < n)
            expect_whole(place, each, found[i++]);
}

void expect_bytes(const char *place, const cJSON *expected, const uint8_t *found, size_t n)
{
    const cJSON *each;
    size_t i = 0;
    expect_true(place, size_of(expected) == n, "another number of entries");
    cJSON_ArrayForEach(each, expected)
        if (i < n)
            expect_whole(place, each, found[i++]);
}

void expect_members(const cJSON *expected, size_t count)
{
    expect_true("expect", size_of(expected) == count, "members that nobody compares");
}

const cJSON *next_of(const char *place, const cJSON **cursor)
{
    const cJSON *entry = *cursor;
    expect_true(place, entry != NULL, "more than expected");
    if (entry)
        *cursor = entry->next;
    return entry;
}

static void expect_field(const char *place, const cJSON *expected, const Field *field,
                         const void *found)
{
    const char *value = (const char *)found + field->offset;
    switch (field->kind) {
    case 'd':
        expect_number(place, expected, *(const double *)(const void *)value);
        return;
    case 'q':
        expect_whole(place, expected, *(const int64_t *)(const void *)value);
        return;
    case 'i':
        expect_whole(place, expected, *(const int32_t *)(const void *)value);
        return;
    case 'b':
        expect_whole(place, expected, *(const int8_t *)(const void *)value);
        return;
    default:
        expect_whole(place, expected, *(const uint8_t *)(const void *)value);
    }
}

void expect_fields(const char *place, const cJSON *expected, const Fields *members, size_t others,
                   const void *found)
{
    expect_true(place, size_of(expected) == members->count + others,
                "members that nobody compares");
    for (size_t i = 0; i < members->count; i++) {
        const Field *field = &members->fields[i];
        char name[256];
        snprintf(name, sizeof name, "%s.%s", place, field->name);
        expect_field(name, member(expected, field->name), field, found);
    }
}

void expect_columns(const char *place, const cJSON *expected, const Fields *members,
                    const void *found, size_t stride, size_t count)
{
    expect_true(place, size_of(expected) == members->count, "columns that nobody compares");
    for (size_t i = 0; i < members->count; i++) {
        const Field *field = &members->fields[i];
        const cJSON *each, *column = member(expected, field->name);
        size_t row = 0;
        expect_true(field->name, size_of(column) == count, "another number of entries");
        cJSON_ArrayForEach(each, column) {
            char name[256];
            if (row >= count)
                break;
            snprintf(name, sizeof name, "%s.%s[%zu]", place, field->name, row);
            expect_field(name, each, field, (const char *)found + stride * row++);
        }
    }
}
