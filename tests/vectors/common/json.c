/* Reading the files: cJSON's values as numbers, lists and bytes. */
#include "vectors.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Noreturn void stop(const char *what, const char *detail)
{
    fprintf(stderr, "vectors: %s: %s\n", what, detail);
    exit(2);
}

enum { FILES_MAX = 64 };
static cJSON *files[FILES_MAX];
static size_t n_files;

void release_files(void)
{
    while (n_files)
        cJSON_Delete(files[--n_files]);
}

const cJSON *read_file(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END))
        stop("cannot read", path);
    long size = ftell(file);
    char *text = size > 0 ? malloc((size_t)size) : NULL;
    rewind(file);
    if (!text || fread(text, 1, (size_t)size, file) != (size_t)size)
        stop("cannot read", path);
    fclose(file);
    cJSON *root = cJSON_ParseWithLength(text, (size_t)size);
    free(text);
    if (!root || n_files == FILES_MAX)
        stop("no JSON", path);
    return files[n_files++] = root;
}

const cJSON *member(const cJSON *object, const char *name)
{
    const cJSON *found = cJSON_GetObjectItemCaseSensitive(object, name);
    if (!found)
        stop("no member", name);
    return found;
}

const cJSON *at(const cJSON *object, const char *name, size_t index)
{
    const cJSON *found = cJSON_GetArrayItem(member(object, name), (int)index);
    if (!found)
        stop("too short", name);
    return found;
}

size_t size_of(const cJSON *list) { return (size_t)cJSON_GetArraySize(list); }

const char *text_of(const cJSON *text)
{
    if (!cJSON_IsString(text))
        stop("expected a text", text->string ? text->string : "in a list");
    return text->valuestring;
}

int64_t whole_of(const cJSON *number)
{
    if (!cJSON_IsNumber(number))
        stop("expected a number", number->string ? number->string : "in a list");
    return (int64_t)number->valuedouble;
}

double number_of(const cJSON *number)
{
    if (cJSON_IsNull(number))
        return NAN;
    if (cJSON_IsString(number))
        return number->valuestring[0] == '-' ? -INFINITY : INFINITY;
    if (!cJSON_IsNumber(number))
        stop("expected a number", number->string ? number->string : "in a list");
    return number->valuedouble;
}

uint8_t choice_of(const cJSON *text, const char *words)
{
    const char *wanted = text_of(text);
    size_t size = strlen(wanted);
    for (uint8_t place = 0; words; place++) {
        const char *end = strchr(words, ' ');
        if ((end ? (size_t)(end - words) : strlen(words)) == size && !strncmp(words, wanted, size))
            return place;
        words = end ? end + 1 : NULL;
    }
    stop("no such choice", wanted);
}

double *numbers_of(const cJSON *list)
{
    double *numbers = keep(size_of(list) * sizeof *numbers);
    size_t i = 0;
    const cJSON *each;
    cJSON_ArrayForEach(each, list)
        numbers[i++] = number_of(each);
    return numbers;
}

int64_t *wholes_of(const cJSON *list)
{
    int64_t *wholes = keep(size_of(list) * sizeof *wholes);
    size_t i = 0;
    const cJSON *each;
    cJSON_ArrayForEach(each, list)
        wholes[i++] = whole_of(each);
    return wholes;
}

uint8_t *bytes_of(const cJSON *base64, size_t *size)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *text = text_of(base64);
    uint8_t *bytes = keep(strlen(text) + 1);
    uint32_t pending = 0;
    unsigned bits = 0;
    *size = 0;
    for (; *text && *text != '='; text++) {
        const char *digit = strchr(digits, *text);
        if (!digit)
            stop("no base64", text);
        pending = pending << 6 | (uint32_t)(digit - digits);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes[(*size)++] = (uint8_t)(pending >> bits);
        }
    }
    return bytes;
}
