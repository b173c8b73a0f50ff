/*
 * Channels of migration: files, programs, sockets.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include "migration/migration-int.h"
#include "qemu/fdset.h"

enum { LOOK_AGAIN_MS = 100 };   /* how soon a wait notices that it was cancelled */

static pthread_mutex_t child_lock = PTHREAD_MUTEX_INITIALIZER;
static pid_t child;             /* of "exec:", a process group; 0: none. child_lock */
static int child_fd = -1;

static const char *behind(const char *uri, const char *prefix)
{
    return g_str_has_prefix(uri, prefix) ? uri + strlen(prefix) : NULL;
}

static bool cancelled(const bool *cancel)
{
    return cancel && qatomic_read(cancel);
}

bool migration_wait(int fd, short events, const bool *cancel)
{
    struct pollfd p = { .fd = fd, .events = events };

    while (!cancelled(cancel)) {
        int n = poll(&p, 1, cancel ? LOOK_AGAIN_MS : -1);

        if (n > 0 || (n < 0 && errno != EINTR)) {
            return true;
        }
    }
    return false;
}

/* Pipes and sockets do not block; the flag of others may be somebody else's, too. */
static int set_nonblocking(int fd)
{
    struct stat st;

    if (fd >= 0 && fstat(fd, &st) == 0 && (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode))) {
        fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    }
    return fd;
}

/* to_child: what is written goes to the program's standard input. */
static int open_program(const char *command, bool to_child, Error **errp)
{
    int fds[2], std = to_child ? 0 : 1;
    pid_t pid;

    if (pipe2(fds, O_CLOEXEC) < 0) {
        error_setg_errno(errp, errno, "exec:%s", command);
        return -1;
    }
    pid = fork();
    if (pid < 0) {
        error_setg_errno(errp, errno, "exec:%s", command);
        close(fds[0]);
        close(fds[1]);
        return -1;
    }
    if (!pid) {
        setpgid(0, 0);
        signal(SIGPIPE, SIG_DFL);
        if (fds[!to_child] == std ? fcntl(std, F_SETFD, 0) < 0 : dup2(fds[!to_child], std) < 0) {
            _exit(127);
        }
        execl("/bin/sh", "sh", "-c", command, NULL);
        _exit(127);
    }
    setpgid(pid, pid);          /* whoever comes first: the group is there when it is ended */
    close(fds[!to_child]);
    child_fd = fds[to_child];
    child = pid;
    return set_nonblocking(child_fd);
}

void migration_end_program(void)
{
    pthread_mutex_lock(&child_lock);
    if (child) {
        kill(-child, SIGTERM);
    }
    pthread_mutex_unlock(&child_lock);
}

/* connect() of a socket that does not block. False: errno. */
static bool connect_socket(int fd, const struct sockaddr *addr, socklen_t len, const bool *cancel)
{
    int err = connect(fd, addr, len) < 0 ? errno : 0;
    socklen_t size = sizeof(err);

    if (err == EINPROGRESS) {
        err = ECANCELED;
        if (migration_wait(fd, POLLOUT, cancel)) {
            getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &size);
        }
    }
    errno = err;
    return !err;
}

static int unix_socket(const char *path, bool listening, const bool *cancel, Error **errp)
{
    struct sockaddr_un addr = { .sun_family = AF_UNIX };
    struct stat st;
    bool ok;
    int fd;

    if (strlen(path) >= sizeof(addr.sun_path)) {
        error_setg_errno(errp, ENAMETOOLONG, "unix:%s", path);
        return -1;
    }
    strcpy(addr.sun_path, path);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listening) {
        if (stat(path, &st) == 0 && S_ISSOCK(st.st_mode)) {
            unlink(path);       /* of an earlier process; never somebody's file */
        }
        ok = fd >= 0 && bind(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0 && listen(fd, 1) == 0;
    } else {
        ok = fd >= 0 && connect_socket(fd, (struct sockaddr *)&addr, sizeof(addr), cancel);
    }
    if (!ok) {
        error_setg_errno(errp, errno, "unix:%s", path);
        if (fd >= 0) {
            close(fd);
        }
        return -1;
    }
    return fd;
}

/* One address. -1: errno. */
static int try_address(const struct addrinfo *a, bool listening, const bool *cancel)
{
    int fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), one = 1, saved;
    bool ok = fd >= 0;

    if (ok && listening) {
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
        ok = bind(fd, a->ai_addr, a->ai_addrlen) == 0 && listen(fd, 1) == 0;
    } else if (ok) {
        ok = connect_socket(fd, a->ai_addr, a->ai_addrlen, cancel);
    }
    if (ok || fd < 0) {
        return fd;
    }
    saved = errno;
    close(fd);
    errno = saved;
    return -1;
}

static int tcp_socket(const char *address, bool listening, const bool *cancel, Error **errp)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = listening ? AI_PASSIVE : 0 }, *list = NULL;
    const char *colon = strrchr(address, ':');
    g_autofree char *host = colon ? g_strndup(address, colon - address) : NULL;
    int fd = -1, rc = colon ? getaddrinfo(*host ? host : NULL, colon + 1, &hints, &list) : EAI_NONAME;

    errno = EADDRNOTAVAIL;
    for (struct addrinfo *a = list; a && fd < 0; a = a->ai_next) {
        fd = try_address(a, listening, cancel);
    }
    if (fd < 0) {
        error_setg(errp, "tcp:%s: %s", address, rc ? gai_strerror(rc) : strerror(errno));
    }
    if (list) {
        freeaddrinfo(list);
    }
    return fd;
}

static int open_file(const char *path, int flags, Error **errp)
{
    int fd = qemu_open(path, flags | O_NONBLOCK, 0600);     /* a named pipe may have nobody at its end */

    if (fd < 0) {
        error_setg_errno(errp, errno, "file:%s", path);
    }
    return set_nonblocking(fd);
}

static int unknown(const char *uri, Error **errp)
{
    error_setg(errp, "%s: expected file:PATH, exec:COMMAND, unix:PATH, tcp:HOST:PORT or fd:FD", uri);
    return -1;
}

bool migration_is_socket(const char *uri)
{
    return behind(uri, "unix:") || behind(uri, "tcp:");
}

static int open_socket(const char *uri, bool listening, const bool *cancel, Error **errp)
{
    const char *path = behind(uri, "unix:");

    return path ? unix_socket(path, listening, cancel, errp)
                : tcp_socket(uri + strlen("tcp:"), listening, cancel, errp);
}

int migration_connect(const char *uri, const bool *cancel, Error **errp)
{
    return open_socket(uri, false, cancel, errp);
}

static int open_channel(const char *uri, bool output, Error **errp)
{
    const char *rest;

    if ((rest = behind(uri, "file:"))) {
        return open_file(rest, output ? O_WRONLY | O_CREAT | O_TRUNC : O_RDONLY, errp);
    } else if ((rest = behind(uri, "exec:"))) {
        return open_program(rest, output, errp);
    } else if ((rest = behind(uri, "fd:"))) {
        return set_nonblocking(fd_from_text(rest, errp));
    }
    return unknown(uri, errp);
}

int migration_open(const char *uri, Error **errp)
{
    return open_channel(uri, true, errp);
}

int migration_listen(const char *uri, bool *listening, Error **errp)
{
    *listening = migration_is_socket(uri);
    return *listening ? open_socket(uri, true, NULL, errp) : open_channel(uri, false, errp);
}

/* Waits for the program. Nobody signals a process that has been reaped. */
static bool program_succeeded(void)
{
    siginfo_t info;
    int status = 0;

    while (waitid(P_PID, child, &info, WEXITED | WNOWAIT) < 0 && errno == EINTR) {
    }
    pthread_mutex_lock(&child_lock);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    child = 0;
    pthread_mutex_unlock(&child_lock);
    child_fd = -1;
    return status == 0;
}

bool migration_close(int fd)
{
    bool program = fd == child_fd, ok = close(fd) == 0;

    return program ? program_succeeded() && ok : ok;
}
