/*
 * libhquant_dsl, a library of its own: strategy text compiled by a Python child process, for
 * programs that are not Python themselves. libhquant loads it when text first needs a compiler.
 *
 * Unlike the core it reads the environment and the clock, which is why it stands apart. It never
 * links libpython and calls libhquant only through the functions it is handed.
 */
#ifndef HQ_BRIDGE_BRIDGE_H
#define HQ_BRIDGE_BRIDGE_H

#include "vm/bridge.h"

/** An HqCompileFn whose `user` is an HqBridgeAnswer. Any thread; texts seen before are not compiled again. */
HQ_API void HQ_BRIDGE_ENTRY(void *user, const char *name, size_t name_len, const char *text,
                            size_t text_len, HqCompileResult *result);

#endif
