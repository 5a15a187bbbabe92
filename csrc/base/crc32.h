/* CRC-32 as in IEEE 802.3 and zlib: polynomial 0xEDB88320, reflected, inverted at both ends. */
#ifndef HQ_BASE_CRC32_H
#define HQ_BASE_CRC32_H

#include <stddef.h>
#include <stdint.h>

/** @param crc  that of the bytes before these; 0 when there are none. */
uint32_t hq_crc32(uint32_t crc, const uint8_t *bytes, size_t size);

#endif
