#include "base/past_caches.h"

/* The lines that are whole: a part of one takes the way through the caches. */
void HQ_WIDE(hq_copy_past_caches)(double *to, const double *from, size_t n)
{
    size_t head = hq_head_of_line(to);
    if (head >= n) {
        memcpy(to, from, n * sizeof *to);
        return;
    }
    memcpy(to, from, head * sizeof *to);
    size_t i = head;
    for (; i + HQ_LANES <= n; i += HQ_LANES)
        hq_line_copy_past_caches(to + i, from + i);
    memcpy(to + i, from + i, (n - i) * sizeof *to);
}
