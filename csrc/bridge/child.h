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
 * Run `argv`, write `input` to it and collect what it writes. There is no shell and no search:
 * argv[0] is a path. Hosts may ignore SIGCHLD, handle it, wait for every child, and have their
 * standard streams closed.
 * @param timeout_ms  the child is killed after it, with what it has started.
 * @param[out] out    standard output; @param[out] err  standard error. Freed by the caller either way.
 * @return NULL when the child ended by itself with status 0; else why not, a constant text.
 */
const char *hq_child_run(char *const *argv, const uint8_t *input, size_t input_size,
                         int timeout_ms, HqChildOutput *out, HqChildOutput *err);

#endif
