/* Bytes as a period's text: accepted exactly as the grammar says; buckets hold their times. */
#include <string.h>

#include "hquant/market.h"
#include "require.h"

/* The period by the words of the spec, computed another way: as a wide number; 0 for no period. */
static __int128 expected(const char *text, size_t length)
{
    static const struct {
        const char *name;
        int64_t ms;
    } units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}};
    size_t digits = 0;
    while (digits < length && strchr("0123456789", text[digits]) && text[digits])
        digits++;
    __int128 count = 0;
    for (size_t i = 0; i < digits; i++)
        count = count > INT64_MAX ? count : count * 10 + (text[i] - '0');
    for (size_t u = 0; u < sizeof units / sizeof units[0]; u++)
        if (digits > 0 && strlen(units[u].name) == length - digits &&
            memcmp(units[u].name, text + digits, length - digits) == 0)
            return count * units[u].ms <= INT64_MAX ? count * units[u].ms : 0;
    return 0;
}

static void check_bucket(int64_t period, int64_t time)
{
    int64_t start = hq_period_bucket_start(period, time);
    REQUIRE(start <= time);
    if (start != INT64_MIN)
        REQUIRE(start % period == 0 && (__int128)time - start < period);
    else
        REQUIRE((__int128)INT64_MIN + period > time);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int64_t period = -7, time = 0;
    __int128 right = expected((const char *)data, size);
    HqStatus status = hq_period_parse((const char *)data, size, &period);
    REQUIRE(status == (right > 0 ? HQ_OK : HQ_EINVAL));
    REQUIRE(status == HQ_OK ? period == right : period == -7);
    if (status != HQ_OK) {
        REQUIRE(hq_last_error()->code == HQ_EINVAL && hq_last_error()->message[0]);
        memcpy(&period, data, size < 8 ? size : 8);
    }
    if (size > 8)
        memcpy(&time, data + 8, size < 16 ? size - 8 : 8);
    if (period <= 0) {
        REQUIRE(hq_period_bucket_start(period, time) == INT64_MIN);
        return 0;
    }
    const int64_t times[] = {time,      -(time / 2), 0,          -1,     INT64_MIN,
                             INT64_MAX, period,      period - 1, -period};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
        check_bucket(period, times[i]);
    return 0;
}
