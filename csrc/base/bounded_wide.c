#include "base/bounded.h"
#include "hquant.h"

enum { PIECE = 64, AHEAD = 128 }; /* numbers: between two looks at memory, and how far they are ahead */

/* The order of magnitudes is that of their bits, the sign left out: integers, so that no chain of
 * additions of doubles is waited for. Answers with the sign's bit set where one is beyond. */
static inline uint64_t beyond(const double *x, size_t n)
{
    const double limit = HQ_VALUE_MAX;
    const uint64_t sign = (uint64_t)1 << 63;
    uint64_t most, bits, over = 0;
    memcpy(&most, &limit, sizeof most);
    for (size_t t = 0; t < n; t++) {
        memcpy(&bits, &x[t], sizeof bits);
        over |= (bits & ~sign) + (sign - 1 - most); /* sets the sign's bit where bits > most */
    }
    return over;
}

bool HQ_WIDE(hq_are_bounded)(const double *x, size_t n)
{
    uint64_t over = 0;
    for (size_t at = 0; at < n; at += PIECE) {
        for (size_t k = 0; k < PIECE; k += HQ_LANES)
            hq_fetch_line(x, at + AHEAD + k);
        over |= beyond(x + at, n - at < PIECE ? n - at : PIECE);
    }
    return !(over >> 63);
}

void HQ_WIDE(hq_make_known)(double *x, size_t n)
{
    for (size_t t = 0; t < n; t++)
        x[t] = hq_known(x[t]);
}
