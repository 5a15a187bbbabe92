/*
 * unload_host LIBRARY TEXT: threads that load libhquant as a plug-in does, are told by it what is
 * wrong with a text, unload it again, and end afterwards.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "hquant/program.h"

typedef HqStatus (*Compile)(const uint8_t *, size_t, const uint8_t *, size_t, HqProgram **);
typedef const HqError *(*LastError)(void);

static char **words;

static void *find(void *library, const char *name, void *function)
{
    void *symbol = dlsym(library, name);
    memcpy(function, &symbol, sizeof symbol);
    return symbol;
}

static void *load_fail_unload(void *unused)
{
    void *library = dlopen(words[1], RTLD_NOW | RTLD_LOCAL);
    Compile compile;
    LastError last_error;
    HqProgram *program = NULL;
    if (!library || !find(library, "hq_program_compile", &compile) ||
        !find(library, "hq_last_error", &last_error))
        return unused;
    compile(NULL, 0, (const uint8_t *)words[2], strlen(words[2]), &program);
    size_t length = strlen(last_error()->diagnostics);
    dlclose(library);
    return length > 0 ? words[1] : unused;
}

int main(int count, char **arguments)
{
    words = arguments;
    for (int i = 0; count == 3 && i < 3; i++) {
        pthread_t thread;
        void *said = NULL;
        pthread_create(&thread, NULL, load_fail_unload, NULL);
        pthread_join(thread, &said);
        void *left = dlopen(words[1], RTLD_NOW | RTLD_NOLOAD);
        printf("%s, %s\n", said ? "diagnosed" : "nothing said", left ? "still there" : "unloaded");
    }
    return 0;
}
