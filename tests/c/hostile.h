/*
 * Hostile arguments, function by function. A test file lists its functions as FUNCTIONS(X) and has
 * a hostile_NAME() for each, and an unchanged() that compares what they were aimed at with a twin.
 * tests/build/test_hostile_list.py compares the lists with the headers.
 */
#ifndef HQ_TESTS_C_HOSTILE_H
#define HQ_TESTS_C_HOSTILE_H

#include <math.h>
#include <stdint.h>

#include "check.h"
#include "hquant/status.h"

/* The condition holds and the call in it left this code, with a message, or no error at all. */
#define EXPECT(expected, condition)                                            \
    do {                                                                       \
        hq_clear_error();                                                      \
        CHECK(condition);                                                      \
        CHECK(hq_last_error()->code == (expected));                            \
        CHECK((hq_last_error()->message[0] != '\0') == ((expected) != HQ_OK)); \
    } while (0)

/* For functions without an answer. */
#define EXPECT_AFTER(expected, call) EXPECT(expected, ((call), 1))

/* The status that the call answers is the one it sets. */
#define EXPECT_STATUS(expected, call) EXPECT(expected, (call) == (expected))

static const double bad_numbers[] = {NAN, INFINITY, -INFINITY, 1e101, -1e101, 1.7e308};
static const double bad_prices[] = {NAN, INFINITY, -INFINITY, 0, -0.0, -1, 1.001e100, 1.7e308};
static const size_t bad_periods[] = {0, HQ_PERIOD_MAX + 1, (size_t)1 << 53, (size_t)1 << 63,
                                     SIZE_MAX};

/* Not UTF-8: a lone continuation, overlong, cut short, a surrogate, beyond U+10FFFF. */
static const char *const bad_texts[] = {"\x80", "\xC0\x80", "ok \xE2\x82", "\xED\xA0\x80",
                                        "\xF5\x80\x80\x80"};

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))
#define EACH(i, array) (size_t i = 0; i < COUNT_OF(array); i++)

typedef struct Hostile {
    const char *name;
    void (*run)(void);
} Hostile;

#define HOSTILE_DECLARE(name) static void hostile_##name(void);
#define HOSTILE_ROW(name) {#name, hostile_##name},

static int run_hostile(const Hostile *list, size_t count, int (*unchanged)(void))
{
    for (size_t i = 0; i < count; i++) {
        int checks = check_count, failures = check_failures;
        list[i].run();
        CHECK(check_count > checks);
        CHECK(unchanged());
        if (check_failures > failures)
            fprintf(stderr, "  in %s\n", list[i].name);
    }
    return check_report("hostile");
}

#endif
