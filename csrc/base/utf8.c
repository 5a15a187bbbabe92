#include "base/utf8.h"

/* Bytes of the well-formed character at text, 0 when there is none. Unicode 15, table 3-7. */
static size_t character(const uint8_t *text, size_t left)
{
    uint8_t lead = text[0];
    if (lead < 0x80)
        return 1;
    size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || left < size)
        return 0;
    uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (text[1] < low || text[1] > high)
        return 0;
    for (size_t i = 2; i < size; i++)
        if ((text[i] & 0xC0) != 0x80)
            return 0;
    return size;
}

bool hq_utf8_is_valid(const uint8_t *text, size_t length)
{
    for (size_t i = 0; i < length;) {
        size_t size = character(text + i, length - i);
        if (size == 0)
            return false;
        i += size;
    }
    return true;
}
