/* Finding the compiler that a process without Python of its own can use: libhquant_dsl. */
#ifndef HQ_VM_BRIDGE_H
#define HQ_VM_BRIDGE_H

#include "hquant/program.h"

/** What libhquant_dsl is told by the library that asks: how to answer, and for which version. */
typedef struct HqBridgeAnswer {
    const char *version; /* hq_version(): programs of another one's compiler are refused */
    uint32_t hqbc_major, hqbc_minor; /* the newest that can be read */
    void (*succeed)(HqCompileResult *result, const uint8_t *bytes, size_t size);
    void (*fail)(HqCompileResult *result, HqStatus code, uint32_t line, uint32_t column,
                 const char *message, const char *diagnostics, const char *diagnostics_json);
} HqBridgeAnswer;

/**
 * What libhquant_dsl exports: an HqCompileFn whose `user` is an HqBridgeAnswer. Its number changes
 * when that struct or its meaning does: libraries that do not fit together then do not meet.
 */
#define HQ_BRIDGE_ENTRY  hq_bridge_compile_2
#define HQ_BRIDGE_SYMBOL "hq_bridge_compile_2"

/**
 * The hook of libhquant_dsl, which is loaded on the first call and stays.
 * @param[out] compile  the hook; @param[out] user  what it is to be handed.
 * @return HQ_OK; HQ_ENOCOMPILER when there is no such library beside this one or on the loader's
 *         path, or one of another version, or the program has more rights than its user.
 */
HqStatus hq_bridge_load(HqCompileFn *compile, void **user);

#endif
