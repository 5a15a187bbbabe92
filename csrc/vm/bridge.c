#define _GNU_SOURCE
#include "vm/bridge.h"

#if defined(__unix__) || defined(__APPLE__)

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

enum { PATH_SIZE = 4096 };

static HqBridgeAnswer answer = {hq_compile_succeed, hq_compile_fail};

/* The same folder as this library, or the loader's own path when this one is linked statically. */
static void *open_beside(void)
{
    Dl_info info;
    char path[PATH_SIZE];
    if (!dladdr(&answer, &info) || !info.dli_fname)
        return NULL;
    const char *slash = strrchr(info.dli_fname, '/');
    int folder = slash ? (int)(slash - info.dli_fname) + 1 : 0;
    int n = snprintf(path, sizeof path, "%.*slibhquant_dsl.so", folder, info.dli_fname);
    return n > 0 && n < PATH_SIZE ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;
}

HqCompileFn hq_bridge_load(void **user)
{
    /* Opening twice gives the same library; it stays open, for a hook may be running in it. */
    void *library = open_beside();
    if (!library)
        library = dlopen("libhquant_dsl.so", RTLD_NOW | RTLD_LOCAL);
    HqCompileFn compile = NULL;
    if (library) {
        void *symbol = dlsym(library, HQ_BRIDGE_SYMBOL);
        memcpy(&compile, &symbol, sizeof compile); /* ISO C has no cast from object to function */
    }
    *user = &answer;
    return compile;
}

#else

HqCompileFn hq_bridge_load(void **user)
{
    *user = NULL;
    return NULL;
}

#endif
