#define _GNU_SOURCE
#include "bridge/bridge.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bridge/child.h"

enum { TIMEOUT_MS = 30000, TIMEOUT_MS_MAX = 3600000, TEXT_MAX = 1 << 16, CACHE_SIZE = 32, PATH_SIZE = 4096 };

/* ------------------------------------------------------------------- Python */

/* A library inside .../lib/pythonX.Y/site-packages/ belongs to the environment above it. */
static int python_beside_library(char *path, size_t size)
{
    Dl_info info;
    if (!dladdr((void *)(uintptr_t)python_beside_library, &info) || !info.dli_fname)
        return 0;
    const char *packages = strstr(info.dli_fname, "/lib/python3");
    if (!packages)
        return 0;
    int n = snprintf(path, size, "%.*s/bin/python3", (int)(packages - info.dli_fname),
                     info.dli_fname);
    return n > 0 && (size_t)n < size && access(path, X_OK) == 0;
}

/* HQUANT_PYTHON, else the environment this library is installed in, else the build's. */
static const char *find_python(char *path, size_t size)
{
    const char *chosen = getenv("HQUANT_PYTHON");
    if (chosen && *chosen)
        return chosen;
    if (python_beside_library(path, size))
        return path;
#ifdef HQ_BRIDGE_PYTHON
    return access(HQ_BRIDGE_PYTHON, X_OK) == 0 ? HQ_BRIDGE_PYTHON : NULL;
#else
    return NULL;
#endif
}

/* HQUANT_COMPILE_TIMEOUT_MS, where it is a number in range. */
static int timeout_ms(void)
{
    const char *text = getenv("HQUANT_COMPILE_TIMEOUT_MS");
    char *end = NULL;
    long value = text ? strtol(text, &end, 10) : 0;
    return text && *text && !*end && value > 0 && value <= TIMEOUT_MS_MAX ? (int)value : TIMEOUT_MS;
}

/* -------------------------------------------------------------------- cache */

typedef struct Entry {
    char *text; /* name, a NUL and the text */
    size_t text_size;
    uint8_t *program;
    size_t program_size;
} Entry;

static pthread_mutex_t cache_lock = PTHREAD_MUTEX_INITIALIZER;
static Entry cache[CACHE_SIZE];
static size_t cache_next;

/* Answers from the cache; 0 when the text is not in it. */
static int answer_from_cache(const HqBridgeAnswer *answer, HqCompileResult *result,
                             const char *text, size_t size)
{
    int found = 0;
    pthread_mutex_lock(&cache_lock);
    for (size_t i = 0; i < CACHE_SIZE && !found; i++) {
        found = cache[i].text && cache[i].text_size == size &&
                memcmp(cache[i].text, text, size) == 0;
        if (found)
            answer->succeed(result, cache[i].program, cache[i].program_size);
    }
    pthread_mutex_unlock(&cache_lock);
    return found;
}

/* Takes `text` over. Without memory the program is simply not remembered. */
static void remember(char *text, size_t text_size, const uint8_t *program, size_t program_size)
{
    uint8_t *copy = malloc(program_size ? program_size : 1);
    if (!copy) {
        free(text);
        return;
    }
    memcpy(copy, program, program_size);
    pthread_mutex_lock(&cache_lock);
    Entry *entry = &cache[cache_next++ % CACHE_SIZE];
    free(entry->text);
    free(entry->program);
    *entry = (Entry){text, text_size, copy, program_size};
    pthread_mutex_unlock(&cache_lock);
}

/* ----------------------------------------------------------------- protocol */

/* hquant_cffi/dsl/child.py: "P" and the program; or "E", line and column in decimal, a newline
 * each, and the message. */
static int answer_failure(const HqBridgeAnswer *answer, HqCompileResult *result,
                          const HqChildOutput *out)
{
    char *rest = NULL;
    unsigned long line = strtoul((const char *)out->bytes + 1, &rest, 10);
    if (!rest || *rest != '\n')
        return 0;
    unsigned long column = strtoul(rest + 1, &rest, 10);
    if (*rest != '\n')
        return 0;
    answer->fail(result, HQ_ECOMPILE, (uint32_t)line, (uint32_t)column, rest + 1);
    return 1;
}

static void report(const HqBridgeAnswer *answer, HqCompileResult *result, const char *python,
                   const char *why, const HqChildOutput *err)
{
    char message[480];
    const char *said = err->bytes ? (const char *)err->bytes : "";
    const char *last = said; /* Python's last line names the exception */
    for (const char *p = said; *p; p++)
        if (p[0] == '\n' && p[1])
            last = p + 1;
    snprintf(message, sizeof message,
             "strategy compiler %.160s: %s%s%.160s; set HQUANT_PYTHON to a Python >= 3.11 that has "
             "hquant_cffi, or compile with `hquant compile` and pass the .hqbc bytes",
             python, why, *last ? ": " : "", last);
    answer->fail(result, HQ_ENOCOMPILER, 0, 0, message);
}

/* A NUL behind the bytes, so that they can be read as text. */
static int terminate(HqChildOutput *out)
{
    uint8_t *grown = realloc(out->bytes, out->size + 1);
    if (!grown)
        return 0;
    out->bytes = grown;
    out->bytes[out->size] = '\0';
    return 1;
}

/* `request` is name, NUL, text. */
static int compile(const HqBridgeAnswer *answer, HqCompileResult *result, const char *request,
                   size_t size, HqChildOutput *out)
{
    char path[PATH_SIZE];
    HqChildOutput err;
    const char *python = find_python(path, sizeof path), *why;
    if (!python) {
        report(answer, result, "python3", "none is named by HQUANT_PYTHON, lies beside this library or was there when it was built", &(HqChildOutput){NULL, 0});
        return 0;
    }
    /* -P: modules of the working folder are none of the compiler's. */
    char *argv[] = {(char *)(uintptr_t)python, (char *)(uintptr_t) "-P", (char *)(uintptr_t) "-m",
                    (char *)(uintptr_t) "hquant_cffi.dsl.child", NULL};
    why = hq_child_run(argv, (const uint8_t *)request, size, timeout_ms(), out, &err);
    int ok = terminate(out) && terminate(&err), compiled = 0;
    if (!ok)
        answer->fail(result, HQ_ENOMEM, 0, 0, "out of memory");
    else if (why)
        report(answer, result, python, why, &err);
    else if (out->size > 4 && memcmp(out->bytes, "PHQBC", 5) == 0)
        compiled = 1;
    else if (out->size < 2 || out->bytes[0] != 'E' || !answer_failure(answer, result, out))
        report(answer, result, python, "it gave no answer that makes sense", &err);
    free(err.bytes);
    return compiled;
}

void hq_bridge_compile(void *user, const char *name, size_t name_len, const char *text,
                       size_t text_len, HqCompileResult *result)
{
    const HqBridgeAnswer *answer = user;
    if (name_len > TEXT_MAX || text_len > TEXT_MAX) {
        answer->fail(result, HQ_ELIMIT, 0, 0, "strategy name and text: expected at most 64 KiB each");
        return;
    }
    size_t size = name_len + 1 + text_len;
    char *request = malloc(size);
    if (!request) {
        answer->fail(result, HQ_ENOMEM, 0, 0, "out of memory");
        return;
    }
    memcpy(request, name, name_len);
    request[name_len] = '\0';
    memcpy(request + name_len + 1, text, text_len);
    HqChildOutput out = {NULL, 0};
    if (answer_from_cache(answer, result, request, size)) {
        free(request);
    } else if (compile(answer, result, request, size, &out)) {
        answer->succeed(result, out.bytes + 1, out.size - 1);
        remember(request, size, out.bytes + 1, out.size - 1);
    } else {
        free(request);
    }
    free(out.bytes);
}
