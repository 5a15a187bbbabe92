#include "base/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The host's locale may put something else, of several bytes even, where the point belongs: it is
 * all that is no digit, sign or letter in what %g writes. */
static void restore_point(char *text)
{
    char *to = text;
    for (const char *from = text; *from; from++) {
        if (strchr("0123456789+-einfat", *from))
            *to++ = *from;
        else if (to == text || to[-1] != '.')
            *to++ = '.';
    }
    *to = '\0';
}

HqNumberText hq_number_text(double value)
{
    HqNumberText out;
    if (isnan(value)) /* its sign means nothing */
        return (HqNumberText){"nan"};
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(out.text, sizeof out.text, "%.*g", digits, value);
        if (strtod(out.text, NULL) == value)
            break;
    }
    restore_point(out.text);
    return out;
}

/* Digits before the point or the exponent, in groups of three from their end. */
static HqNumberText with_commas(const char *text)
{
    HqNumberText out;
    size_t digits = strcspn(text, ".e"), k = 0;
    for (size_t i = 0; text[i]; i++) {
        if (i > 0 && i < digits && (digits - i) % 3 == 0)
            out.text[k++] = ',';
        out.text[k++] = text[i];
    }
    out.text[k] = '\0';
    return out;
}

HqNumberText hq_number_short(double value, bool has_commas)
{
    HqNumberText out;
    snprintf(out.text, sizeof out.text, "%g", value);
    restore_point(out.text);
    return has_commas ? with_commas(out.text) : out;
}
