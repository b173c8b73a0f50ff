/*
 * Channels of migration: files, programs, sockets.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include <netdb.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include "migration/migration-int.h"
#include "qemu/fdset.h"

static pid_t child;             /* of "exec:", 0: none */
static int child_fd = -1;

static const char *behind(const char *uri, const char *prefix)
{
    return g_str_has_prefix(uri, prefix) ? uri + strlen(prefix) : NULL;
}

/* to_child: what is written goes to the program's standard input. */
static int open_program(const char *command, bool to_child, Error **errp)
{
    int fds[2];

    if (pipe2(fds, O_CLOEXEC) < 0 || (child = fork()) < 0) {
        error_setg_errno(errp, errno, "exec:%s", command);
        child = 0;
        return -1;
    }
    if (!child) {
        dup2(fds[!to_child], to_child ? 0 : 1);
        execl("/bin/sh", "sh", "-c", command, NULL);
        _exit(127);
    }
    close(fds[!to_child]);
    child_fd = fds[to_child];
    return child_fd;
}

static int unix_socket(const char *path, bool listening, Error **errp)
{
    struct sockaddr_un addr = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), ret;

    g_strlcpy(addr.sun_path, path, sizeof(addr.sun_path));
    if (listening) {
        unlink(path);
        ret = bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0 ? -1 : listen(fd, 1);
    } else {
        ret = connect(fd, (struct sockaddr *)&addr, sizeof(addr));
    }
    if (ret < 0 || strlen(path) >= sizeof(addr.sun_path)) {
        error_setg_errno(errp, ret < 0 ? errno : ENAMETOOLONG, "unix:%s", path);
        close(fd);
        return -1;
    }
    return fd;
}

static int tcp_socket(const char *address, bool listening, Error **errp)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = listening ? AI_PASSIVE : 0 }, *list = NULL;
    const char *colon = strrchr(address, ':');
    g_autofree char *host = colon ? g_strndup(address, colon - address) : NULL;
    int fd = -1, one = 1, rc = colon ? getaddrinfo(*host ? host : NULL, colon + 1, &hints, &list) : EAI_NONAME;

    errno = EADDRNOTAVAIL;
    for (struct addrinfo *a = list; a && fd < 0; a = a->ai_next) {
        fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
        if (listening ? bind(fd, a->ai_addr, a->ai_addrlen) < 0 || listen(fd, 1) < 0
                      : connect(fd, a->ai_addr, a->ai_addrlen) < 0) {
            int saved = errno;

            close(fd);
            errno = saved;
            fd = -1;
        }
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
    int fd = qemu_open(path, flags, 0600);

    if (fd < 0) {
        error_setg_errno(errp, errno, "file:%s", path);
    }
    return fd;
}

static int unknown(const char *uri, Error **errp)
{
    error_setg(errp, "%s: expected file:PATH, exec:COMMAND, unix:PATH, tcp:HOST:PORT or fd:FD", uri);
    return -1;
}

int migration_connect(const char *uri, Error **errp)
{
    const char *rest;

    if ((rest = behind(uri, "file:"))) {
        return open_file(rest, O_WRONLY | O_CREAT | O_TRUNC, errp);
    } else if ((rest = behind(uri, "exec:"))) {
        return open_program(rest, true, errp);
    } else if ((rest = behind(uri, "unix:"))) {
        return unix_socket(rest, false, errp);
    } else if ((rest = behind(uri, "tcp:"))) {
        return tcp_socket(rest, false, errp);
    } else if ((rest = behind(uri, "fd:"))) {
        return fd_from_text(rest, errp);
    }
    return unknown(uri, errp);
}

int migration_listen(const char *uri, bool *listening, Error **errp)
{
    const char *rest;

    *listening = false;
    if ((rest = behind(uri, "file:"))) {
        return open_file(rest, O_RDONLY, errp);
    } else if ((rest = behind(uri, "exec:"))) {
        return open_program(rest, false, errp);
    } else if ((rest = behind(uri, "fd:"))) {
        return fd_from_text(rest, errp);
    }
    *listening = true;
    if ((rest = behind(uri, "unix:"))) {
        return unix_socket(rest, true, errp);
    } else if ((rest = behind(uri, "tcp:"))) {
        return tcp_socket(rest, true, errp);
    }
    return unknown(uri, errp);
}

bool migration_close(int fd)
{
    int status = 0;
    bool ok = close(fd) == 0;

    if (fd == child_fd && child) {
        while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
        }
        child = 0;
        child_fd = -1;
    }
    return ok && status == 0;
}
