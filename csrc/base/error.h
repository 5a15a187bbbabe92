/* The last error of the calling thread: where every failure is written down. */
#ifndef HQ_BASE_ERROR_H
#define HQ_BASE_ERROR_H

#include "hquant/status.h"

#if defined(__GNUC__)
#  define HQ_PRINTF(fmt, args) __attribute__((format(printf, fmt, args), cold))
#else
#  define HQ_PRINTF(fmt, args)
#endif

/** Record a failure and hand its code back, so that a function can `return hq_fail(...)`. */
HqStatus hq_fail(HqStatus code, const char *format, ...) HQ_PRINTF(2, 3);

/** As hq_fail(), with a place in a strategy's text: line and column from 1. */
HqStatus hq_fail_at(HqStatus code, uint32_t line, uint32_t column, const char *format, ...)
    HQ_PRINTF(4, 5);

/**
 * What a compiler says of a text, both ways, in one block: the text, a NUL, the JSON.
 * @param text  NULL: ""; @param json  NULL or empty: "[]".
 * @return the block, owned by the caller; NULL when both are NULL or there is no memory for it.
 */
char *hq_diagnostics_copy(const char *text, const char *json);

/** Hand such a block, or NULL, to the thread's last error, which frees it when it is over. */
void hq_diagnostics_attach(char *block);

/** hq_fail(HQ_ENOMEM) with the usual words. */
HqStatus hq_fail_memory(void);

#endif
