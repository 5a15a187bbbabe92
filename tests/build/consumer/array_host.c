/*
 * A product that ships without Python: its strategies are arrays. HEADERS includes them, PROGRAMS
 * lists PROGRAM(name). Reads closes, prints each signal as strategy, action and timestamp.
 */
#include <stdio.h>

#include "hquant.h"
#include "hquant/program.h"
#include HEADERS

static int add(HQuant *engine, const unsigned char *bytes, size_t size)
{
    return hquant_add_strategy(engine, NULL, 0, bytes, size) != 0;
}

int main(void)
{
    HQuant *engine = hquant_new(64);
    int is_added = 1;
#define PROGRAM(name)                                                      \
    is_added = is_added && add(engine, name, name##_size) && sizeof name == (size_t)name##_size;
    PROGRAMS
    if (!is_added) {
        puts(hq_last_error()->message);
        return 1;
    }
    double close;
    for (int row = 0; scanf("%lf", &close) == 1; row++) {
        Bar bar = {row * (int64_t)86400000, close, close + 1, close - 1, close, 1000, 0};
        Signal signals[8];
        hquant_push_bar(engine, bar);
        size_t count = hquant_poll_signals(engine, signals, 8);
        for (size_t i = 0; i < count; i++)
            printf("%u %u %lld\n", (unsigned)signals[i].strategy_id, (unsigned)signals[i].action,
                   (long long)signals[i].timestamp);
    }
    hquant_free(engine);
    return 0;
}
