#include "bridge/cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { CACHE_SIZE = 32 };

typedef struct Entry {
    char *text;
    size_t text_size;
    uint8_t *program;
    size_t size;
} Entry;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Entry cache[CACHE_SIZE];
static size_t next;

static void *copied(const void *bytes, size_t size)
{
    void *copy = malloc(size ? size : 1);
    if (copy && size > 0)
        memcpy(copy, bytes, size);
    return copy;
}

/* With the lock held. */
static const Entry *find(const char *text, size_t text_size)
{
    for (size_t i = 0; i < CACHE_SIZE; i++)
        if (cache[i].text && cache[i].text_size == text_size &&
            (text_size == 0 || memcmp(cache[i].text, text, text_size) == 0))
            return &cache[i];
    return NULL;
}

uint8_t *hq_cache_find(const char *text, size_t text_size, size_t *size)
{
    uint8_t *program = NULL;
    pthread_mutex_lock(&lock);
    const Entry *entry = find(text, text_size);
    if (entry) {
        program = copied(entry->program, entry->size);
        *size = entry->size;
    }
    pthread_mutex_unlock(&lock);
    return program;
}

void hq_cache_keep(const char *text, size_t text_size, const uint8_t *program, size_t size)
{
    Entry fresh = {copied(text, text_size), text_size, copied(program, size), size};
    pthread_mutex_lock(&lock);
    /* Threads that compiled the same text at the same time keep it once. */
    if (fresh.text && fresh.program && !find(text, text_size)) {
        Entry *place = &cache[next++ % CACHE_SIZE], old = *place;
        *place = fresh;
        fresh = old;
    }
    pthread_mutex_unlock(&lock);
    free(fresh.text);
    free(fresh.program);
}
