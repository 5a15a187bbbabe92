/*
 * Order statistics without sorting: the bits of a double, sign turned, are in the order of their
 * numbers, so the digit of the one that is looked for is known from how many numbers have which. From the
 * highest digit down only those that share it are kept.
 */
#include "metrics/select.h"

#include <stdint.h>
#include <string.h>

enum { BITS = 64, DIGIT_MOST = 12, DIGIT_FEW = 6, FEW = 2048 };

/* Bits shift .. shift + bits - 1 of a number. */
typedef struct Digit {
    int shift, bits;
} Digit;

static inline size_t digit_of(double x, Digit at)
{
    uint64_t bits, sign = (uint64_t)1 << (BITS - 1);
    memcpy(&bits, &x, sizeof bits);
    bits = bits & sign ? ~bits : bits | sign;
    return bits >> at.shift & (((size_t)1 << at.bits) - 1);
}

/* The digit of the number at *place, which becomes its place among those that have it. */
static size_t find(const double *x, size_t n, Digit at, size_t *place)
{
    size_t count[1 << DIGIT_MOST], digit = 0;
    memset(count, 0, sizeof *count << at.bits);
    for (size_t i = 0; i < n; i++)
        count[digit_of(x[i], at)]++;
    for (; *place >= count[digit]; digit++)
        *place -= count[digit];
    return digit;
}

/* `kept` may be x. */
static size_t keep(const double *x, size_t n, Digit at, size_t digit, double *kept)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        double number = x[i];
        kept[count] = number;
        count += digit_of(number, at) == digit;
    }
    return count;
}

double hq_select(const double *x, size_t n, size_t place, double *room)
{
    for (int left = BITS; left > 0 && (n > 1 || x != room); x = room) {
        int bits = n < FEW ? DIGIT_FEW : DIGIT_MOST;
        left -= bits < left ? bits : left;
        Digit at = {left, bits};
        n = keep(x, n, at, find(x, n, at, &place), room);
    }
    return room[0];
}
