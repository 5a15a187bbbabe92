/* Status names and texts, made from the one list, and the thread's last error. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/version.h"

static _Thread_local HqError last_error;

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
    HqError error = {.code = code, .line = line, .column = column};
    int written = vsnprintf(error.message, sizeof error.message, format, arguments);
    if (written < 0)
        error.message[0] = '\0';
    else if ((size_t)written >= sizeof error.message)
        drop_partial_character(error.message, sizeof error.message - 1);
    last_error = error; /* an argument may have been the last message itself */
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

void hq_clear_error(void) { memset(&last_error, 0, sizeof last_error); }

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
