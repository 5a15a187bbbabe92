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

enum { OUTPUT_MAX = 4 << 20, CHUNK = 16384 };

typedef struct Pipes {
    int input;     /* a socket, so that a dead child gives EPIPE and no signal */
    int output[2]; /* standard output and error */
} Pipes;

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static int start(char *const *argv, Pipes *pipes, pid_t *pid)
{
    int in[2] = {-1, -1}, out[2] = {-1, -1}, err[2] = {-1, -1}, failed = 1;
    posix_spawn_file_actions_t actions;
    if (posix_spawn_file_actions_init(&actions) != 0)
        return 1;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in) == 0 &&
        pipe2(out, O_CLOEXEC) == 0 && pipe2(err, O_CLOEXEC) == 0 &&
        posix_spawn_file_actions_adddup2(&actions, in[1], 0) == 0 &&
        posix_spawn_file_actions_adddup2(&actions, out[1], 1) == 0 &&
        posix_spawn_file_actions_adddup2(&actions, err[1], 2) == 0)
        failed = posix_spawn(pid, argv[0], &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    close_fd(&in[1]);
    close_fd(&out[1]);
    close_fd(&err[1]);
    if (failed) {
        close_fd(&in[0]);
        close_fd(&out[0]);
        close_fd(&err[0]);
        return 1;
    }
    *pipes = (Pipes){in[0], {out[0], err[0]}};
    return 0;
}

/* Returns 0 at the end of the stream or on an error. */
static int read_some(int fd, HqChildOutput *to)
{
    if (to->size > OUTPUT_MAX)
        return 0;
    uint8_t *grown = realloc(to->bytes, to->size + CHUNK);
    if (!grown)
        return 0;
    to->bytes = grown;
    ssize_t n = read(fd, grown + to->size, CHUNK);
    if (n < 0)
        return errno == EINTR;
    to->size += (size_t)n;
    return n > 0;
}

static void write_some(int *fd, const uint8_t *input, size_t size, size_t *sent)
{
    ssize_t n = send(*fd, input + *sent, size - *sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n > 0)
        *sent += (size_t)n;
    int gone = n < 0 && errno != EAGAIN && errno != EINTR;
    if (gone || *sent == size) {
        shutdown(*fd, SHUT_WR);
        close_fd(fd);
    }
}

/* Feed and read until both outputs end; 0 when the time ran out. */
static int converse(Pipes *pipes, const uint8_t *input, size_t size, int64_t deadline,
                    HqChildOutput *outputs[2])
{
    size_t sent = 0;
    if (size == 0)
        close_fd(&pipes->input);
    while (pipes->output[0] >= 0 || pipes->output[1] >= 0) {
        struct pollfd fds[3] = {{pipes->input, POLLOUT, 0},
                                {pipes->output[0], POLLIN, 0},
                                {pipes->output[1], POLLIN, 0}};
        int64_t left = deadline - now_ms();
        if (left <= 0)
            return 0;
        if (poll(fds, 3, (int)left) < 0 && errno != EINTR)
            return 0;
        if (fds[0].revents)
            write_some(&pipes->input, input, size, &sent);
        for (int i = 0; i < 2; i++)
            if (fds[i + 1].revents && !read_some(pipes->output[i], outputs[i]))
                close_fd(&pipes->output[i]);
    }
    return 1;
}

/* Wait for a child that has closed its outputs; 0 when it is still there at the deadline. A child
 * that somebody else has waited for (SIGCHLD ignored by the host) has ended too, well as it seems. */
static int ended_by(pid_t pid, int64_t deadline, int *status)
{
    for (;;) {
        pid_t done = waitpid(pid, status, WNOHANG);
        if (done == pid || (done < 0 && errno == ECHILD))
            return 1;
        if (now_ms() >= deadline)
            return 0;
        poll(NULL, 0, 1);
    }
}

const char *hq_child_run(char *const *argv, const uint8_t *input, size_t input_size,
                         int timeout_ms, HqChildOutput *out, HqChildOutput *err)
{
    *out = *err = (HqChildOutput){NULL, 0};
    Pipes pipes;
    pid_t pid;
    if (start(argv, &pipes, &pid) != 0)
        return "it could not be started";
    HqChildOutput *outputs[2] = {out, err};
    int64_t deadline = now_ms() + timeout_ms;
    int in_time = converse(&pipes, input, input_size, deadline, outputs);
    close_fd(&pipes.input);
    close_fd(&pipes.output[0]);
    close_fd(&pipes.output[1]);
    int status = 0;
    if (!in_time || !ended_by(pid, deadline, &status)) {
        kill(pid, SIGKILL);
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
            ;
        return "it did not answer in time";
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? NULL : "it ended with an error";
}
