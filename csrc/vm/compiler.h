/* From what a user hands in — text or a compiled program — to a verified program. */
#ifndef HQ_VM_COMPILER_H
#define HQ_VM_COMPILER_H

#include "vm/program.h"

/**
 * @param name  for messages; checked for UTF-8.
 * @param source  HQBC bytes (known by their magic) or text for the registered compiler.
 * @return HQ_OK, HQ_EINVAL, HQ_EUTF8, HQ_ENOCOMPILER, HQ_ECOMPILE, HQ_EPROGRAM, HQ_ENOMEM.
 */
HqStatus hq_program_from_source(const uint8_t *name, size_t name_len, const uint8_t *source,
                                size_t source_len, HqProgram **out);

#endif
