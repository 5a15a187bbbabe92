/* Status names and texts, made from the one list, and the thread's last error. */
#include "base/error.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/version.h"

#define NO_TEXT ""
#define NO_JSON "[]"

static _Thread_local HqError last_error = {.diagnostics = NO_TEXT, .diagnostics_json = NO_JSON};

/* --------------------------------------------------------------- diagnostics */

/* What the last error's diagnostics point into. Most threads never have it. */
static _Thread_local char *diagnostics;

static void drop_diagnostics(void)
{
    if (!diagnostics)
        return;
    free(diagnostics);
    diagnostics = NULL;
    last_error.diagnostics = NO_TEXT;
    last_error.diagnostics_json = NO_JSON;
}

/* A thread that has had diagnostics sets the key, so that its end frees them. */
static pthread_once_t key_once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static atomic_int has_key;

static void end_thread(void *unused)
{
    (void)unused;
    drop_diagnostics();
}

static void make_key(void) { has_key = pthread_key_create(&key, end_thread) == 0; }

/* A library that is unloaded takes the key away: threads that end later cannot call into it. */
__attribute__((destructor)) static void end_library(void)
{
    if (atomic_exchange(&has_key, 0))
        pthread_key_delete(key);
    drop_diagnostics();
}

static int will_be_freed(void)
{
    pthread_once(&key_once, make_key);
    return has_key && pthread_setspecific(key, &last_error) == 0;
}

char *hq_diagnostics_copy(const char *text, const char *json)
{
    if (!text && !json)
        return NULL;
    text = text ? text : NO_TEXT;
    json = json && *json ? json : NO_JSON;
    size_t text_size = strlen(text) + 1, json_size = strlen(json) + 1;
    char *block = malloc(text_size + json_size);
    if (!block)
        return NULL;
    memcpy(block, text, text_size);
    memcpy(block + text_size, json, json_size);
    return block;
}

void hq_diagnostics_attach(char *block)
{
    drop_diagnostics();
    if (!block)
        return;
    if (!will_be_freed()) {
        free(block);
        return;
    }
    diagnostics = block;
    last_error.diagnostics = block;
    last_error.diagnostics_json = block + strlen(block) + 1;
}

/* ------------------------------------------------------------------ failures */

/* A message cut in the middle of a UTF-8 character would not be UTF-8 any more. */
static void drop_partial_character(char *text, size_t length)
{
    size_t i = length;
    while (i > 0 && ((unsigned char)text[i - 1] & 0xC0) == 0x80)
        i--;
    if (i == 0)
        return;
    unsigned char lead = (unsigned char)text[i - 1];
    size_t want = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (length - (i - 1) < want)
        text[i - 1] = '\0';
}

static HqStatus record(HqStatus code, uint32_t line, uint32_t column, const char *format,
                       va_list arguments)
{
    HqError error = {.code = code, .line = line, .column = column,
                     .diagnostics = NO_TEXT, .diagnostics_json = NO_JSON};
    int written = vsnprintf(error.message, sizeof error.message, format, arguments);
    if (written < 0)
        error.message[0] = '\0';
    else if ((size_t)written >= sizeof error.message)
        drop_partial_character(error.message, sizeof error.message - 1);
    drop_diagnostics();
    last_error = error; /* only now: an argument may have been the last message itself */
    return code;
}

HqStatus hq_fail(HqStatus code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    record(code, 0, 0, format, arguments);
    va_end(arguments);
    return code;
}

HqStatus hq_fail_at(HqStatus code, uint32_t line, uint32_t column, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    record(code, line, column, format, arguments);
    va_end(arguments);
    return code;
}

HqStatus hq_fail_memory(void) { return hq_fail(HQ_ENOMEM, "out of memory"); }

const HqError *hq_last_error(void) { return &last_error; }

void hq_clear_error(void)
{
    drop_diagnostics();
    last_error = (HqError){.diagnostics = NO_TEXT, .diagnostics_json = NO_JSON};
}

/* --------------------------------------------------------------------- names */

const char *hq_status_name(HqStatus code)
{
    switch (code) {
#define CASE(name, value, text) \
    case name:                  \
        return #name;
        HQ_STATUS_LIST(CASE)
#undef CASE
    default:
        return "HQ_UNKNOWN";
    }
}

const char *hq_status_text(HqStatus code)
{
    switch (code) {
#define CASE(name, value, text) \
    case name:                  \
        return text;
        HQ_STATUS_LIST(CASE)
#undef CASE
    default:
        return "unknown status";
    }
}

const char *hq_version(void) { return HQ_VERSION; }

uint32_t hq_abi_version(void) { return HQ_ABI_VERSION; }
