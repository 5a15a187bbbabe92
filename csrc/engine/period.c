#include "engine/period.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

typedef struct Unit {
    const char *name;
    int64_t ms;
} Unit;

static const Unit units[] = {
    {"ms", 1}, {"s", 1000}, {"m", 60 * 1000}, {"h", 60 * 60 * 1000}, {"d", 24 * 60 * 60 * 1000},
};

enum { N_UNITS = sizeof units / sizeof units[0] };
enum { QUOTED_BYTES = 24, QUOTED_SIZE = 4 * QUOTED_BYTES + sizeof "..." };

/* The caller's bytes may be anything; in a message they stand as ASCII. */
static const char *quoted(const char *text, size_t length, char out[QUOTED_SIZE])
{
    size_t n = 0;
    for (size_t i = 0; i < length && i < QUOTED_BYTES; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (byte >= 0x20 && byte < 0x7F)
            out[n++] = (char)byte;
        else
            n += (size_t)snprintf(out + n, QUOTED_SIZE - n, "\\x%02X", byte);
    }
    snprintf(out + n, QUOTED_SIZE - n, "%s", length > QUOTED_BYTES ? "..." : "");
    return out;
}

static HqStatus refuse(const char *text, size_t length, const char *why)
{
    char shown[QUOTED_SIZE];
    return hq_fail(HQ_EINVAL,
                   "period: expected digits, then ms, s, m, h or d, such as \"15m\"; "
                   "found \"%s\": %s",
                   quoted(text, length, shown), why);
}

static int64_t unit_ms(const char *name, size_t length)
{
    for (size_t i = 0; i < N_UNITS; i++)
        if (strlen(units[i].name) == length && memcmp(units[i].name, name, length) == 0)
            return units[i].ms;
    return 0;
}

HqStatus hq_period_read(const char *text, size_t length, int64_t *period_ms)
{
    int64_t count = 0;
    size_t digits = 0;
    for (; digits < length && text[digits] >= '0' && text[digits] <= '9'; digits++) {
        int digit = text[digits] - '0';
        if (count > (INT64_MAX - digit) / 10)
            return refuse(text, length, "longer than 2^63 - 1 ms");
        count = count * 10 + digit;
    }
    if (digits == 0)
        return refuse(text, length, "it does not begin with a digit");
    int64_t unit = length > digits ? unit_ms(text + digits, length - digits) : 0;
    if (unit == 0 && length == digits + 1 && text[digits] == 'M')
        return refuse(text, length, "a month has no fixed length, write days");
    if (unit == 0)
        return refuse(text, length, "its unit is none of these");
    if (count == 0)
        return refuse(text, length, "a period is longer than 0");
    if (count > INT64_MAX / unit)
        return refuse(text, length, "longer than 2^63 - 1 ms");
    *period_ms = count * unit;
    return HQ_OK;
}

int64_t hq_period_floor(int64_t period_ms, int64_t timestamp_ms)
{
    assert(period_ms > 0);
    int64_t into = timestamp_ms % period_ms;
    if (into < 0)
        into += period_ms; /* C rounds toward 0: -1 ms belongs to the bucket before 0 */
    return timestamp_ms < INT64_MIN + into ? INT64_MIN : timestamp_ms - into;
}

const char *hq_period_write(int64_t period_ms, char out[HQ_PERIOD_TEXT_SIZE])
{
    size_t unit = N_UNITS - 1;
    while (period_ms % units[unit].ms != 0)
        unit--;
    snprintf(out, HQ_PERIOD_TEXT_SIZE, "%lld%s", (long long)(period_ms / units[unit].ms),
             units[unit].name);
    return out;
}
