#define _GNU_SOURCE
#include "bridge/python.h"

#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TIMEOUT_MS = 30000, TIMEOUT_MS_MAX = 3600000 };

/* Programs with more rights than their user never come here: libhquant does not load this library. */
static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

static int is_program(const char *path)
{
    struct stat file;
    return stat(path, &file) == 0 && S_ISREG(file.st_mode) && access(path, X_OK) == 0;
}

static int is_there(const char *path, int length, size_t size)
{
    return length > 0 && (size_t)length < size && is_program(path);
}

/* The last "/lib/pythonX" or "/lib64/pythonX" of a path: the folder above it is an environment. */
static const char *packages_of(const char *library, const char **name)
{
    const char *found = NULL;
    for (const char *p = library; (p = strstr(p, "/lib")); p++) {
        const char *rest = p + (strncmp(p, "/lib64/", 7) == 0 ? 6 : 4);
        if (strncmp(rest, "/python3", 8) == 0) {
            found = p;
            *name = rest + 1;
        }
    }
    return found;
}

/* That environment's interpreter, by the version that the packages are of, else by its usual name. */
static int python_beside_library(char *path, size_t size)
{
    Dl_info info;
    const char *name = NULL;
    if (!dladdr((void *)(uintptr_t)python_beside_library, &info) || !info.dli_fname)
        return 0;
    const char *packages = packages_of(info.dli_fname, &name);
    if (!packages)
        return 0;
    int above = (int)(packages - info.dli_fname), length = (int)strcspn(name, "/");
    int n = snprintf(path, size, "%.*s/bin/%.*s", above, info.dli_fname, length, name);
    if (is_there(path, n, size))
        return 1;
    n = snprintf(path, size, "%.*s/bin/python3", above, info.dli_fname);
    return is_there(path, n, size);
}

/* A shell takes an empty or relative folder as one below the working folder, where any file may lie. */
static int python_on_path(const char *name, char *path, size_t size)
{
    const char *folder = variable("PATH");
    while (folder) {
        int length = (int)strcspn(folder, ":");
        if (*folder == '/' &&
            is_there(path, snprintf(path, size, "%.*s/%s", length, folder, name), size))
            return 1;
        folder = folder[length] ? folder + length + 1 : NULL;
    }
    return 0;
}

const char *hq_python_name(void)
{
    const char *chosen = variable("HQUANT_PYTHON");
    return chosen ? chosen : "python3";
}

const char *hq_find_python(char *path, size_t size, const char **why)
{
    const char *name = hq_python_name();
    if (strchr(name, '/'))
        return name;
    if (variable("HQUANT_PYTHON")) {
        *why = "no folder of the PATH has such a program (relative ones are not searched)";
        return python_on_path(name, path, size) ? path : NULL;
    }
    if (python_beside_library(path, size))
        return path;
#ifdef HQ_BRIDGE_PYTHON
    if (is_program(HQ_BRIDGE_PYTHON))
        return HQ_BRIDGE_PYTHON;
#endif
    *why = "HQUANT_PYTHON names none, and none is beside this library, where it was built or on the "
           "PATH (relative folders are not searched)";
    return python_on_path(name, path, size) ? path : NULL;
}

int hq_compile_timeout_ms(void)
{
    const char *text = getenv("HQUANT_COMPILE_TIMEOUT_MS");
    if (!text || !*text)
        return TIMEOUT_MS;
    char *end = NULL;
    long value = strtol(text, &end, 10);
    return !*end && value > 0 && value <= TIMEOUT_MS_MAX ? (int)value : 0;
}
