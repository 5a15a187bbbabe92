/* Numbers as text, the same in every locale. */
#ifndef HQ_BASE_NUMBER_H
#define HQ_BASE_NUMBER_H

typedef struct HqNumberText {
    char text[32];
} HqNumberText;

/** The fewest of 15 to 17 digits that read back as the same number, with a '.' for the point. */
HqNumberText hq_number_text(double value);

/** As an argument for %s; lives until the end of the full expression. */
#define HQ_NUMBER(value) (hq_number_text(value).text)

#endif
