/* Where falls begin and end; the steps between are in falls_wide.c. */
#include "metrics/falls.h"

HqFalls hq_falls_begin(double start, int64_t time)
{
    return (HqFalls){.peak = start, .peak_time = time, .steps = 1};
}

void hq_falls_end(HqFalls *f, int64_t time)
{
    if (f->under)
        hq_falls_note(f, f->steps - 1, time);
}
