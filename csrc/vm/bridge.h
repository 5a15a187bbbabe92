/* Finding the compiler that a process without Python of its own can use: libhquant_dsl. */
#ifndef HQ_VM_BRIDGE_H
#define HQ_VM_BRIDGE_H

#include "hquant/program.h"

/** How the bridge answers: hq_compile_succeed and hq_compile_fail of the library that asks. */
typedef struct HqBridgeAnswer {
    void (*succeed)(HqCompileResult *result, const uint8_t *bytes, size_t size);
    void (*fail)(HqCompileResult *result, HqStatus code, uint32_t line, uint32_t column,
                 const char *message);
} HqBridgeAnswer;

/** What libhquant_dsl exports: an HqCompileFn whose `user` is an HqBridgeAnswer. */
#define HQ_BRIDGE_SYMBOL "hq_bridge_compile"

/**
 * The hook of libhquant_dsl, which is loaded on the first call and stays.
 * @param[out] user  what the hook is to be handed.
 * @return NULL when there is no such library beside this one or on the loader's path.
 */
HqCompileFn hq_bridge_load(void **user);

#endif
