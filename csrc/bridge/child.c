#define _GNU_SOURCE
#include "bridge/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { OUTPUT_MAX = 4 << 20, CHUNK = 16384, STREAMS = 3 };

/* glibc from 2.34 on: what the host has open and did not mark is none of the child's. */
#if defined(__GLIBC__)
#  if __GLIBC_PREREQ(2, 34)
#    define HAS_CLOSEFROM
#  endif
#endif

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---------------------------------------------------------------------- streams */

/* The host's ends and the child's: input, output, errors. */
typedef struct Streams {
    int host[STREAMS];
    int child[STREAMS];
} Streams;

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void close_all(int *fds)
{
    for (int i = 0; i < STREAMS; i++)
        close_fd(&fds[i]);
}

/* In a host that has closed its standard streams, what is opened takes their numbers, which in the
 * child are about to be replaced: it moves out of the way. */
static int above_standard(int *fd)
{
    if (*fd > STDERR_FILENO)
        return 0;
    int moved = fcntl(*fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (moved < 0)
        return -1;
    close(*fd);
    *fd = moved;
    return 0;
}

/* The input is a socket, so that writing to a dead child is an error and no signal. */
static int open_stream(int i, Streams *s)
{
    int ends[2];
    int opened = i == 0 ? socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends)
                        : pipe2(ends, O_CLOEXEC);
    if (opened != 0)
        return -1;
    s->host[i] = ends[0];
    s->child[i] = ends[1];
    return above_standard(&s->host[i]) == 0 && above_standard(&s->child[i]) == 0 ? 0 : -1;
}

/* ---------------------------------------------------------------------- starting */

static const char *why_not_started(int error)
{
    switch (error) {
    case ENOENT:
    case ENOTDIR: return "there is no such program";
    case EACCES:
    case EPERM: return "it may not be executed";
    case ENOEXEC: return "it is not a program of this machine";
    case EMFILE:
    case ENFILE: return "it could not be started: too many files are open";
    case EAGAIN:
    case ENOMEM: return "it could not be started: the system has no room for a process";
    default: return "it could not be started";
    }
}

/* What the host does with signals is its own; a group of its own can be ended with all it started. */
static int set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none, defaults;
    sigemptyset(&none);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGCHLD);
    sigaddset(&defaults, SIGPIPE);
    int error = posix_spawnattr_setsigmask(attributes, &none);
    if (!error)
        error = posix_spawnattr_setsigdefault(attributes, &defaults);
    if (!error)
        error = posix_spawnattr_setpgroup(attributes, 0);
    return error ? error
                 : posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK |
                                                            POSIX_SPAWN_SETSIGDEF |
                                                            POSIX_SPAWN_SETPGROUP);
}

static int set_streams(posix_spawn_file_actions_t *actions, const Streams *s)
{
    int error = 0;
    for (int i = 0; i < STREAMS && !error; i++)
        error = posix_spawn_file_actions_adddup2(actions, s->child[i], i);
#ifdef HAS_CLOSEFROM
    if (!error)
        error = posix_spawn_file_actions_addclosefrom_np(actions, STREAMS);
#endif
    return error;
}

static int spawn(char *const *argv, const Streams *s, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&actions);
    if (error)
        return error;
    error = posix_spawnattr_init(&attributes);
    if (!error) {
        error = set_attributes(&attributes);
        if (!error)
            error = set_streams(&actions, s);
        if (!error)
            error = posix_spawn(pid, argv[0], &actions, &attributes, argv, environ);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

/* NULL, or why not. */
static const char *start(char *const *argv, int *host, pid_t *pid)
{
    Streams s = {{-1, -1, -1}, {-1, -1, -1}};
    int error = 0;
    for (int i = 0; i < STREAMS && !error; i++)
        if (open_stream(i, &s) != 0)
            error = errno;
    if (!error)
        error = spawn(argv, &s, pid);
    close_all(s.child);
    if (error)
        close_all(s.host);
    memcpy(host, s.host, sizeof s.host);
    return error ? why_not_started(error) : NULL;
}

/* -------------------------------------------------------------------- conversing */

/* NULL, or why there is no reading on; at its end the stream is closed. */
static const char *read_some(int *fd, HqChildOutput *to)
{
    if (to->size > OUTPUT_MAX)
        return "it said too much, more than 4 MiB";
    uint8_t *grown = realloc(to->bytes, to->size + CHUNK);
    if (!grown)
        return "there is no memory for its answer";
    to->bytes = grown;
    ssize_t n = read(*fd, grown + to->size, CHUNK);
    if (n > 0)
        to->size += (size_t)n;
    else if (n == 0 || errno != EINTR)
        close_fd(fd);
    return NULL;
}

/* The child sees the end even where a process that was just forked still has a copy of the socket. */
static void end_input(int *fd)
{
    shutdown(*fd, SHUT_WR);
    close_fd(fd);
}

static void write_some(int *fd, const uint8_t *input, size_t size, size_t *sent)
{
    ssize_t n = send(*fd, input + *sent, size - *sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n > 0)
        *sent += (size_t)n;
    int gone = n < 0 && errno != EAGAIN && errno != EINTR;
    if (gone || *sent == size)
        end_input(fd);
}

static const char TOO_LATE[] =
    "it did not answer in time (HQUANT_COMPILE_TIMEOUT_MS says how long it may take)";

/* Feed and read until both outputs end. NULL, or what went wrong. */
static const char *converse(int *host, const uint8_t *input, size_t size, int64_t deadline,
                            HqChildOutput *outputs[2])
{
    const char *wrong = NULL;
    size_t sent = 0;
    if (size == 0)
        end_input(&host[0]);
    while (!wrong && (host[1] >= 0 || host[2] >= 0)) {
        struct pollfd fds[STREAMS] = {
            {host[0], POLLOUT, 0}, {host[1], POLLIN, 0}, {host[2], POLLIN, 0}};
        int64_t left = deadline - now_ms();
        if (left <= 0)
            return TOO_LATE;
        if (poll(fds, STREAMS, (int)left) < 0) {
            if (errno != EINTR)
                return "its answer could not be waited for";
            continue; /* nothing is known of the streams */
        }
        if (fds[0].revents)
            write_some(&host[0], input, size, &sent);
        for (int i = 1; i < STREAMS && !wrong; i++)
            if (fds[i].revents)
                wrong = read_some(&host[i], outputs[i - 1]);
    }
    return wrong;
}

/* ------------------------------------------------------------------------ ending */

/*
 * Wait for a child that has closed its outputs. A child that the host has waited for (SIGCHLD
 * ignored, a handler that waits for every child) has ended too, how is not known: its answer tells.
 */
static const char *wait_for(pid_t pid, int64_t deadline, int *has_ended)
{
    int status = 0;
    for (;;) {
        pid_t done = waitpid(pid, &status, WNOHANG);
        *has_ended = done == pid || (done < 0 && errno == ECHILD);
        if (*has_ended)
            break;
        if (now_ms() >= deadline)
            return TOO_LATE;
        poll(NULL, 0, 1);
    }
    if (WIFSIGNALED(status)) /* not where the status is not known: it is 0 */
        return "it was ended by a signal";
    return WEXITSTATUS(status) == 0 ? NULL : "it ended with an error";
}

/* Not when the host has waited for it meanwhile: its number may be another's by now. */
static void end(pid_t pid)
{
    siginfo_t info;
    if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0)
        return;
    kill(-pid, SIGKILL);
    kill(pid, SIGKILL);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        ;
}

const char *hq_child_run(char *const *argv, const uint8_t *input, size_t input_size,
                         int timeout_ms, HqChildOutput *out, HqChildOutput *err)
{
    *out = *err = (HqChildOutput){NULL, 0};
    int host[STREAMS];
    pid_t pid;
    int64_t deadline = now_ms() + timeout_ms;
    const char *wrong = start(argv, host, &pid);
    if (wrong)
        return wrong;
    wrong = converse(host, input, input_size, deadline, (HqChildOutput *[]){out, err});
    close_all(host);
    int has_ended = 0;
    if (!wrong)
        wrong = wait_for(pid, deadline, &has_ended);
    if (!has_ended)
        end(pid);
    return wrong;
}
