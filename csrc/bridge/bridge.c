#include "bridge/bridge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "bridge/cache.h"
#include "bridge/child.h"
#include "bridge/python.h"

enum {
    TEXT_MAX = 1 << 16,
    PATH_SIZE = 4096,
    VERSION_SIZE = 64,
    WHY_SIZE = 240,
    MESSAGE_SIZE = 500, /* of HqError */
};

/*
 * The program that Python runs. An old interpreter says what it is instead of failing by what it
 * lacks, and modules of the working folder are none of the compiler's.
 */
static const char run_child[] =
    "import sys\n"
    "if sys.version_info < (3, 11):\n"
    "    sys.exit('it is Python %d.%d, hquant_cffi needs 3.11 or newer' % sys.version_info[:2])\n"
    "if sys.path[:1] == ['']:\n"
    "    del sys.path[0]\n"
    "from hquant_cffi.dsl.child import main\n"
    "main()\n";

/* One text on its way through the compiler. */
typedef struct Job {
    const HqBridgeAnswer *answer;
    HqCompileResult *result;
    const char *request; /* name, a NUL and the text */
    size_t request_size;
    const char *text; /* in it */
    size_t text_size;
} Job;

static void fail(const Job *job, HqStatus code, const char *message)
{
    job->answer->fail(job->result, code, 0, 0, message, NULL, NULL);
}

static void fail_memory(const Job *job) { fail(job, HQ_ENOMEM, "out of memory"); }

/* ------------------------------------------------------------------ no compiler */

/* Paths and what a child says are any bytes; a message is UTF-8. */
static void make_utf8(char *text)
{
    if (hq_utf8_is_valid((const uint8_t *)text, strlen(text)))
        return;
    for (unsigned char *p = (unsigned char *)text; *p; p++)
        if (*p >= 0x80)
            *p = '?';
}

static void no_compiler(const Job *job, const char *python, const char *why)
{
    char message[MESSAGE_SIZE];
    snprintf(message, sizeof message,
             "strategy compiler %.110s: %.230s; set HQUANT_PYTHON to a Python >= 3.11 with hquant_cffi "
             "%.20s, or compile with `hquant compile` and ship the .hqbc bytes",
             python, why, job->answer->version);
    make_utf8(message);
    fail(job, HQ_ENOCOMPILER, message);
}

/* The last line that the child wrote: Python's names the exception. */
static const char *last_line(HqChildOutput *err)
{
    char *said = (char *)err->bytes;
    while (err->size > 0 && (said[err->size - 1] == '\n' || said[err->size - 1] == '\r'))
        said[--err->size] = '\0';
    const char *line = strrchr(said, '\n');
    return line ? line + 1 : said;
}

static void failed_child(const Job *job, const char *python, const char *why, HqChildOutput *err)
{
    char text[WHY_SIZE];
    const char *line = last_line(err);
    snprintf(text, sizeof text, "%s%s%s", why, *line ? ": " : "", line);
    no_compiler(job, python, text);
}

/* --------------------------------------------------------------------- protocol */

/* hquant_cffi/dsl/child.py: "E", line and column with a newline each, three texts with a NUL each. */
static int take_failure(const Job *job, const char *at, const char *end)
{
    char *rest = NULL;
    unsigned long line = strtoul(at + 1, &rest, 10);
    if (*rest != '\n')
        return 0;
    unsigned long column = strtoul(rest + 1, &rest, 10);
    if (*rest != '\n')
        return 0;
    const char *texts[3], *next = rest + 1;
    for (int i = 0; i < 3; i++) {
        if (next >= end)
            return 0;
        texts[i] = next;
        next += strlen(next) + 1;
    }
    if (next != end)
        return 0;
    job->answer->fail(job->result, HQ_ECOMPILE, (uint32_t)line, (uint32_t)column, texts[0], texts[1],
                      texts[2]);
    return 1;
}

static int take_program(const Job *job, const uint8_t *bytes, size_t size)
{
    if (size < 4 || memcmp(bytes, "HQBC", 4) != 0)
        return 0;
    job->answer->succeed(job->result, bytes, size);
    hq_cache_keep(job->text, job->text_size, bytes, size);
    return 1;
}

/* The first line says whose answer it is; only one of the asking library's own version is taken. */
static void take_answer(const Job *job, const char *python, const HqChildOutput *out,
                        HqChildOutput *err)
{
    char wanted[VERSION_SIZE], why[WHY_SIZE];
    const char *at = (const char *)out->bytes, *end = at + out->size;
    snprintf(wanted, sizeof wanted, "hquant %.30s HQBC %u.%u", job->answer->version,
             (unsigned)job->answer->hqbc_major, (unsigned)job->answer->hqbc_minor);
    size_t length = strcspn(at, "\n");
    const char *body = at + length + 1;
    if (strncmp(at, "hquant ", 7) == 0 && body < end) {
        if (length != strlen(wanted) || memcmp(at, wanted, length) != 0) {
            snprintf(why, sizeof why, "its compiler is of %.*s, this library of %s",
                     (int)(length < 64 ? length : 64), at, wanted);
            no_compiler(job, python, why);
            return;
        }
        if (*body == 'P' && take_program(job, (const uint8_t *)body + 1, (size_t)(end - body) - 1))
            return;
        if (*body == 'E' && take_failure(job, body, end))
            return;
    }
    failed_child(job, python, "its answer is none of hquant_cffi's compiler", err);
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

static void compile(const Job *job)
{
    char path[PATH_SIZE];
    HqChildOutput out, err;
    int timeout_ms = hq_compile_timeout_ms();
    if (timeout_ms == 0) {
        fail(job, HQ_EINVAL, "HQUANT_COMPILE_TIMEOUT_MS: expected milliseconds, 1..3600000");
        return;
    }
    const char *why = NULL, *python = hq_find_python(path, sizeof path, &why);
    if (!python) {
        no_compiler(job, hq_python_name(), why);
        return;
    }
    char *argv[] = {(char *)(uintptr_t)python, (char *)(uintptr_t) "-c",
                    (char *)(uintptr_t)run_child, NULL};
    why = hq_child_run(argv, (const uint8_t *)job->request, job->request_size, timeout_ms, &out,
                       &err);
    if (!terminate(&out) || !terminate(&err))
        fail_memory(job);
    else if (why)
        failed_child(job, python, why, &err);
    else
        take_answer(job, python, &out, &err);
    free(out.bytes);
    free(err.bytes);
}

void HQ_BRIDGE_ENTRY(void *user, const char *name, size_t name_len, const char *text,
                     size_t text_len, HqCompileResult *result)
{
    Job job = {user, result, NULL, name_len + 1 + text_len, NULL, text_len};
    if (name_len > TEXT_MAX || text_len > TEXT_MAX) {
        fail(&job, HQ_ELIMIT, "strategy name and text: expected at most 64 KiB each");
        return;
    }
    size_t size = 0;
    uint8_t *program = hq_cache_find(text, text_len, &size);
    if (program) {
        job.answer->succeed(result, program, size);
        free(program);
        return;
    }
    char *request = malloc(job.request_size);
    if (!request) {
        fail_memory(&job);
        return;
    }
    memcpy(request, name, name_len);
    request[name_len] = '\0';
    memcpy(request + name_len + 1, text, text_len);
    job.request = request;
    job.text = request + name_len + 1;
    compile(&job);
    free(request);
}
