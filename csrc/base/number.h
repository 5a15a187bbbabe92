/* Numbers as text, the same in every locale. */
#ifndef HQ_BASE_NUMBER_H
#define HQ_BASE_NUMBER_H

#include <stdbool.h>

typedef struct HqNumberText {
    char text[32];
} HqNumberText;

/** The fewest of 15 to 17 digits that read back as the same number, with a '.' for the point. */
HqNumberText hq_number_text(double value);

/** Six digits, as %g writes them; with commas between thousands where asked for. */
HqNumberText hq_number_short(double value, bool has_commas);

/** As an argument for %s; lives until the end of the full expression. */
#define HQ_NUMBER(value) (hq_number_text(value).text)

#endif
