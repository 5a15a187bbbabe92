/* Is it UTF-8? (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.) */
#ifndef HQ_BASE_UTF8_H
#define HQ_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool hq_utf8_is_valid(const uint8_t *text, size_t length);

#endif
