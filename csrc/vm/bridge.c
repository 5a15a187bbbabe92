#define _GNU_SOURCE
#include "vm/bridge.h"

#include "base/error.h"

#define INSTEAD ", or compile the text with `hquant compile` and ship the .hqbc bytes"

static HqStatus not_found(void)
{
    return hq_fail(HQ_ENOCOMPILER,
                   "strategy text needs a compiler: none is registered in this process and "
                   "libhquant_dsl was not found; put it beside libhquant, or "
                   "beside the program that libhquant is linked into" INSTEAD);
}

#if defined(__unix__) || defined(__APPLE__)

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#ifdef __linux__
#  include <sys/auxv.h>
#endif

#include "base/version.h"
#include "vm/program.h"

enum { PATH_SIZE = 4096 };

static HqBridgeAnswer answer = {HQ_VERSION, HQBC_MAJOR, HQBC_MINOR, hq_compile_succeed,
                                hq_compile_fail_with};

/* Setuid and the like: Python would take its modules from where the environment says. */
static int has_more_rights(void)
{
#ifdef __linux__
    return getauxval(AT_SECURE) != 0;
#else
    return issetugid() != 0;
#endif
}

/* The file that holds this code. Returns 0 where its absolute path is not known for certain. */
static int own_file(char *path, size_t size)
{
    Dl_info own;
    if (!dladdr(&answer, &own) || !own.dli_fname)
        return 0;
#ifdef __linux__
    /* Of the program the loader tells argv[0], which is whatever its caller likes. */
    Dl_info program;
    if (!dladdr((void *)getauxval(AT_PHDR), &program))
        return 0;
    if (program.dli_fbase == own.dli_fbase) {
        ssize_t length = readlink("/proc/self/exe", path, size);
        if (length <= 0 || (size_t)length >= size)
            return 0;
        path[length] = '\0';
        return path[0] == '/';
    }
#endif
    int n = snprintf(path, size, "%s", own.dli_fname);
    return n > 0 && (size_t)n < size && path[0] == '/';
}

/* In the folder of this library, or of the program that it is linked into. */
static void *open_beside(void)
{
#ifdef __GLIBC__
    /* The loader knows it, however the program was named and wherever it has gone since; unless
     * somebody stands between it and us, as sanitizers do. */
    void *library = dlopen("$ORIGIN/libhquant_dsl.so", RTLD_NOW | RTLD_LOCAL);
    if (library)
        return library;
#endif
    char file[PATH_SIZE], path[PATH_SIZE];
    if (!own_file(file, sizeof file))
        return NULL;
    int folder = (int)(strrchr(file, '/') - file);
    int n = snprintf(path, sizeof path, "%.*s/libhquant_dsl.so", folder, file);
    return n > 0 && n < PATH_SIZE ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;
}

HqStatus hq_bridge_load(HqCompileFn *compile, void **user)
{
    if (has_more_rights())
        return hq_fail(HQ_ENOCOMPILER,
                       "strategy text needs a compiler, which is not started in a program with "
                       "more rights than its user (setuid): register one" INSTEAD);
    /* Opening twice gives the same library; it stays open, for a hook may be running in it. */
    void *library = open_beside();
    /* By its name alone it is found where libhquant itself and libc are: whoever chooses those
     * places (LD_LIBRARY_PATH, RPATH) chooses what the program runs anyway. */
    if (!library)
        library = dlopen("libhquant_dsl.so", RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return not_found();
    void *symbol = dlsym(library, HQ_BRIDGE_SYMBOL);
    if (!symbol)
        return hq_fail(HQ_ENOCOMPILER,
                       "strategy text needs a compiler: the libhquant_dsl that was found is not of "
                       "this version of hquant, " HQ_VERSION "; install both together" INSTEAD);
    memcpy(compile, &symbol, sizeof symbol); /* ISO C has no cast from object to function */
    *user = &answer;
    return HQ_OK;
}

#else

HqStatus hq_bridge_load(HqCompileFn *compile, void **user)
{
    (void)compile, (void)user;
    return not_found();
}

#endif
