/* Programs that cases name, for as long as the case lasts. */
#include "c_vectors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const uint8_t *program_bytes(const cJSON *name, size_t *size)
{
    return bytes_of(member(program_entry(name), "hqbc"), size);
}

static void free_program(void *program) { hq_program_free(program); }

static HqProgram *loaded(const uint8_t *bytes, size_t size)
{
    HqProgram *program = NULL;
    if (hq_program_load(bytes, size, &program)) {
        fprintf(stderr, "vectors: a program does not load: %s\n", hq_last_error()->message);
        exit(2);
    }
    keep_until_end(program, free_program);
    return program;
}

HqProgram *program_of(const cJSON *name)
{
    size_t size;
    const uint8_t *bytes = program_bytes(name, &size);
    return loaded(bytes, size);
}

HqProgram *program_of_bytes(const cJSON *base64)
{
    size_t size;
    const uint8_t *bytes = bytes_of(base64, &size);
    return loaded(bytes, size);
}

uint32_t add_program(HQuant *engine, const cJSON *name)
{
    size_t size;
    const uint8_t *bytes = program_bytes(name, &size);
    const char *text = text_of(name);
    return hquant_add_strategy(engine, (const uint8_t *)text, strlen(text), bytes, size);
}

HqSymbol *traded_symbols(const cJSON *list)
{
    HqSymbol *symbols = symbols_of(list), *next = symbols;
    const cJSON *each;
    cJSON_ArrayForEach(each, list) {
        const cJSON *program = member(each, "program");
        (next++)->program = cJSON_IsNull(program) ? NULL : program_of(program);
    }
    return symbols;
}
