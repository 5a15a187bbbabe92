/* The smallest test harness: CHECK counts, check_report() says how it went and is main's result. */
#ifndef HQ_TESTS_CHECK_H
#define HQ_TESTS_CHECK_H

#include <stdio.h>

static int check_count, check_failures;

#define CHECK(condition)                                                          \
    do {                                                                          \
        check_count++;                                                            \
        if (!(condition)) {                                                       \
            check_failures++;                                                     \
            fprintf(stderr, "%s:%d: failed: %s\n", __FILE__, __LINE__, #condition); \
        }                                                                         \
    } while (0)

/* A test that checked nothing has failed too. */
static inline int check_report(const char *name)
{
    printf("%s: %d checks, %d failed\n", name, check_count, check_failures);
    return check_failures > 0 || check_count == 0;
}

#endif
