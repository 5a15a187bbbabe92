/* Programs of the texts that were compiled last, so that a text costs one process. */
#ifndef HQ_BRIDGE_CACHE_H
#define HQ_BRIDGE_CACHE_H

#include <stddef.h>
#include <stdint.h>

/**
 * The program of a text that was compiled before.
 * @param[out] size  of the program, in bytes.
 * @return a copy, owned by the caller; NULL when it is not there (or there is no memory for it).
 */
uint8_t *hq_cache_find(const char *text, size_t text_size, size_t *size);

/** Keep a program for its text; both copied. Without memory it is simply not kept. */
void hq_cache_keep(const char *text, size_t text_size, const uint8_t *program, size_t size);

#endif
