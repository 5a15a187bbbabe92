/* Columns on their way: whatever is carried, cleared and sent in between, each arrives as it was made. */
#include <string.h>

#include "base/outgoing.h"
#include "check.h"
#include "hquant/simd.h"
#include "random.h"

enum { PLACES = 7, MOST = 90, ROUNDS = 400, SENDS = 60 };

static double made[PLACES][MOST];
static double to[SENDS][MOST + 16], expected[SENDS][MOST + 16];

static size_t below(size_t n) { return (size_t)(uniform() * (double)n); }

/* Places are made anew once they are clear, and never before. */
static void make(HqOutgoing *outgoing, size_t place)
{
    hq_outgoing_clear(outgoing, made[place]);
    for (size_t i = 0; i < MOST; i++)
        made[place][i] = uniform();
}

static void carry(HqOutgoing *outgoing, size_t most)
{
    for (HqOutgoingLines lines; (lines = hq_outgoing_take(outgoing, most)).n > 0; most -= lines.n) {
        CHECK(lines.n <= most && (uintptr_t)lines.to % 64 == 0);
        memcpy(lines.to, lines.from, lines.n * HQ_LANES * sizeof *lines.to);
    }
}

static void check_round(void)
{
    HqOutgoing outgoing = {.end = 0};
    size_t sends = below(SENDS + 1);
    memset(to, 0, sizeof to);
    memset(expected, 0, sizeof expected);
    for (size_t s = 0; s < sends; s++) {
        size_t place = below(PLACES), at = below(16), n = below(MOST + 1);
        make(&outgoing, place);
        memcpy(expected[s] + at, made[place], n * sizeof *made[place]);
        hq_outgoing_send(&outgoing, to[s] + at, made[place], n);
        for (size_t other = below(3); other > 0; other--) /* another column of the same values */
            if (s + 1 < sends) {
                memcpy(expected[++s] + at, made[place], n * sizeof *made[place]);
                hq_outgoing_send(&outgoing, to[s] + at, made[place], n);
            }
        if (uniform() < 0.6)
            carry(&outgoing, below(20));
    }
    hq_outgoing_finish(&outgoing);
    CHECK(outgoing.first == outgoing.end);
    CHECK(memcmp(to, expected, sizeof to) == 0);
}

/* More than there are places for: the first ones go at once. */
static void check_full(void)
{
    HqOutgoing outgoing = {.end = 0};
    for (size_t s = 0; s < SENDS; s++)
        hq_outgoing_send(&outgoing, to[s], made[s % PLACES], MOST);
    CHECK(outgoing.end <= HQ_OUTGOING_MAX && outgoing.first < outgoing.end);
    hq_outgoing_finish(&outgoing);
    for (size_t s = 0; s < SENDS; s++)
        CHECK(memcmp(to[s], made[s % PLACES], sizeof made[0]) == 0);
}

/* What is carried far enough is out: nothing is left to whoever finishes. */
static void check_carried(void)
{
    enum { COLUMNS = 3, LINES = MOST / HQ_LANES };
    HqOutgoing outgoing = {.end = 0};
    for (size_t s = 0; s < COLUMNS; s++)
        hq_outgoing_send(&outgoing, to[s], made[s], MOST);
    carry(&outgoing, COLUMNS * LINES);
    CHECK(outgoing.first == outgoing.end);
    for (size_t s = 0; s < COLUMNS; s++)
        CHECK(memcmp(to[s], made[s], sizeof made[0]) == 0);
}

/* A caller's numbers may lie anywhere. */
static void check_unaligned(void)
{
    HqOutgoing outgoing = {.end = 0};
    char bytes[(MOST + 1) * sizeof(double)];
    double *odd = (double *)(void *)(bytes + 1);
    memset(bytes, 0, sizeof bytes);
    hq_outgoing_send(&outgoing, odd, made[0], MOST);
    CHECK(outgoing.first == outgoing.end);
    CHECK(memcmp(bytes + 1, made[0], sizeof made[0]) == 0 && bytes[0] == 0);
}

int main(void)
{
    CHECK(hq_outgoing_take(NULL, 9).n == 0);
    for (uint32_t level = HQ_SIMD_BASELINE; level <= HQ_SIMD_AVX512; level++) {
        CHECK(hq_simd_limit(level) == HQ_OK);
        for (int round = 0; round < ROUNDS; round++)
            check_round();
        check_full();
        check_carried();
        check_unaligned();
    }
    return check_report("test_outgoing");
}
