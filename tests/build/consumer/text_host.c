/*
 * text_host MODE TEXT...: a program that treats its processes, signals and files as programs do, and
 * then compiles a text. Prints status, size of the program and message, a line a compilation.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hquant/program.h"

enum { FEW_THREADS = 3, THREADS = 8, MANY = 3000, SMALL_STACK = 64 << 10 };

static int out = 1;

static void compile(const char *text)
{
    HqProgram *program = NULL;
    hq_clear_error();
    HqStatus status =
        hq_program_compile((const uint8_t *)"s", 1, (const uint8_t *)text, strlen(text), &program);
    char line[700];
    int n = snprintf(line, sizeof line, "%s %u %s\n", hq_status_name(status),
                     (unsigned)hq_program_bytes(program, NULL, 0), hq_last_error()->message);
    if (write(out, line, (size_t)n) != n)
        exit(3);
    hq_program_free(program);
}

/* ------------------------------------------------------------------------ signals */

static atomic_int reaped, must_end;

static void reap_all(int unused)
{
    int saved = errno;
    (void)unused;
    while (waitpid(-1, NULL, WNOHANG) > 0)
        atomic_fetch_add(&reaped, 1);
    errno = saved;
}

static void handle_children(void)
{
    struct sigaction action = {.sa_handler = reap_all}; /* without SA_RESTART: calls are interrupted */
    sigaction(SIGCHLD, &action, NULL);
}

static void *wait_for_any(void *unused)
{
    while (!must_end)
        if (waitpid(-1, NULL, 0) > 0)
            atomic_fetch_add(&reaped, 1);
    return unused;
}

/* Calls that wait are interrupted all the time. */
static void tick(int unused) { (void)unused; }

static void *send_signals(void *to)
{
    struct timespec pause = {0, 200000};
    while (!must_end) {
        pthread_kill(*(pthread_t *)to, SIGUSR1);
        nanosleep(&pause, NULL);
    }
    return NULL;
}

static void with_thread(void *(*work)(void *), void *argument, const char *text)
{
    pthread_t thread;
    pthread_create(&thread, NULL, work, argument);
    compile(text);
    must_end = 1;
    pthread_detach(thread); /* it may sit in waitpid() */
}

static void interrupted(const char *text)
{
    struct sigaction action = {.sa_handler = tick};
    sigaction(SIGUSR1, &action, NULL);
    pthread_t self = pthread_self();
    with_thread(send_signals, &self, text);
}

/* -------------------------------------------------------------------------- files */

static void close_standard_streams(void)
{
    out = fcntl(1, F_DUPFD_CLOEXEC, 100);
    for (int fd = 0; fd < 3; fd++)
        close(fd);
}

static void open_many(void)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    for (int i = 0; i < MANY; i++)
        if (open("/dev/null", O_RDONLY) < 0)
            exit(4);
}

static void leave_no_descriptor(void)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = 32;
    setrlimit(RLIMIT_NOFILE, &limit);
    compile("HQBC"); /* no text: nothing is loaded yet */
    while (open("/dev/null", O_RDONLY) >= 0)
        ;
}

/* ------------------------------------------------------------------------ threads */

static void *compile_one(void *text)
{
    for (int i = 0; i < 3; i++)
        compile(text);
    return NULL;
}

static void in_threads(char *text, int count)
{
    pthread_attr_t small;
    pthread_t threads[THREADS];
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, SMALL_STACK);
    for (int i = 0; i < count; i++)
        pthread_create(&threads[i], &small, compile_one, text);
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
}

int main(int count, char **arguments)
{
    if (count < 3)
        return 2;
    const char *mode = arguments[1];
    char *text = arguments[2];
    if (strcmp(mode, "ignores") == 0)
        signal(SIGCHLD, SIG_IGN);
    else if (strcmp(mode, "handles") == 0)
        handle_children();
    else if (strcmp(mode, "closed") == 0)
        close_standard_streams();
    else if (strcmp(mode, "many files") == 0)
        open_many();
    else if (strcmp(mode, "no file") == 0) {
        compile(text); /* loads libhquant_dsl, which takes a descriptor too */
        leave_no_descriptor();
        text[3] = 'o'; /* not what the cache has */
    } else if (strcmp(mode, "blocks") == 0) {
        sigset_t all;
        sigfillset(&all);
        sigprocmask(SIG_SETMASK, &all, NULL);
    }
    if (strcmp(mode, "waits") == 0)
        with_thread(wait_for_any, NULL, text);
    else if (strcmp(mode, "interrupted") == 0)
        interrupted(text);
    else if (strcmp(mode, "threads") == 0)
        in_threads(text, THREADS);
    else if (strcmp(mode, "few threads") == 0)
        in_threads(text, FEW_THREADS);
    else
        for (int i = 2; i < count; i++)
            compile(arguments[i]);
    return 0;
}
