/* A child process that reads one message and writes one answer. */
#ifndef HQ_BRIDGE_CHILD_H
#define HQ_BRIDGE_CHILD_H

#include <stddef.h>
#include <stdint.h>

typedef struct HqChildOutput {
    uint8_t *bytes; /* owned; from malloc */
    size_t size;
} HqChildOutput;

/**
 * Run `argv` without a shell, write `input` to it and collect what it writes.
 * @param timeout_ms  the child is killed after it.
 * @param[out] out    standard output; @param[out] err  standard error. Freed by the caller either way.
 * @return NULL when the child ended by itself with status 0; else why not, a constant text.
 */
const char *hq_child_run(char *const *argv, const uint8_t *input, size_t input_size,
                         int timeout_ms, HqChildOutput *out, HqChildOutput *err);

#endif
