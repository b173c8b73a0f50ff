/*
 * Character devices on a stream socket: unix or TCP, client or server, with
 * reconnect and the telnet protocol's minimum (RFC 854, 857, 858).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include "chardev/char-int.h"
#include "qemu/fdset.h"
#include "qemu/main-loop.h"
#include "qemu/timer.h"

enum { TELNET_SE = 240, TELNET_BREAK = 243, TELNET_IP = 244, TELNET_SB = 250, TELNET_WILL = 251,
       TELNET_WONT = 252, TELNET_DO = 253, TELNET_DONT = 254, TELNET_IAC = 255 };
enum { TELOPT_BINARY = 0, TELOPT_ECHO = 1, TELOPT_SGA = 3 };

typedef enum { TN_DATA, TN_IAC, TN_OPTION, TN_SUB, TN_SUB_IAC } TelnetState;

typedef struct SocketChardev {
    Chardev parent;
    char *path;                 /* unix, or */
    char *host, *port;
    int given_fd;               /* fd=: a socket from outside, -1: none */
    bool is_listen, telnet, nodelay;
    int listen_fd, fd;          /* -1: none */
    bool input_on, output_on, connecting;
    uint32_t reconnect_s;
    QEMUTimer *reconnect_timer;
    TelnetState tn_state;
    GArray *fds;                /* of int: came with the input, nobody took them yet */
} SocketChardev;

/* --- connection state ----------------------------------------------------- */

static void socket_readable(void *opaque);
static void socket_accept(void *opaque);
static void socket_reconnect(void *opaque);

static void socket_writable(void *opaque)
{
    chr_drain(opaque);
}

static void update_watch(SocketChardev *s)
{
    if (s->fd >= 0) {
        qemu_set_fd_handler(s->fd, s->input_on ? socket_readable : NULL,
                            s->output_on ? socket_writable : NULL, s);
    }
}

static void set_nonblocking(int fd)
{
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

static void connected(SocketChardev *s, int fd)
{
    static const uint8_t greeting[] = {
        TELNET_IAC, TELNET_WILL, TELOPT_ECHO, TELNET_IAC, TELNET_WILL, TELOPT_SGA,
        TELNET_IAC, TELNET_WILL, TELOPT_BINARY, TELNET_IAC, TELNET_DO, TELOPT_BINARY,
    };
    int one = 1;

    set_nonblocking(fd);
    if (s->nodelay && !s->path) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    }
    s->fd = fd;
    s->tn_state = TN_DATA;
    s->output_on = false;
    s->input_on = true;
    if (s->listen_fd >= 0) {
        qemu_set_fd_handler(s->listen_fd, NULL, NULL, NULL);
    }
    if (s->telnet && send(fd, greeting, sizeof(greeting), MSG_NOSIGNAL) < 0) {
        s->telnet = true;           /* the reader notices the closed connection */
    }
    update_watch(s);
    chr_event(&s->parent, CHR_EVENT_OPENED);
}

static void schedule_reconnect(SocketChardev *s)
{
    if (s->reconnect_s) {
        timer_mod(s->reconnect_timer,
                  qemu_clock_get_ms(QEMU_CLOCK_REALTIME) + s->reconnect_s * INT64_C(1000));
    }
}

static int socket_take_fd(Chardev *chr)
{
    SocketChardev *s = (SocketChardev *)chr;
    int fd = -1;

    if (s->fds->len) {
        fd = g_array_index(s->fds, int, 0);
        g_array_remove_index(s->fds, 0);
    }
    return fd;
}

static void close_fds(SocketChardev *s)
{
    for (int fd; (fd = socket_take_fd(&s->parent)) >= 0;) {
        close(fd);
    }
}

static void disconnected(SocketChardev *s)
{
    qemu_set_fd_handler(s->fd, NULL, NULL, NULL);
    close(s->fd);
    close_fds(s);
    s->fd = -1;
    s->input_on = s->output_on = false;
    if (s->listen_fd >= 0) {
        qemu_set_fd_handler(s->listen_fd, socket_accept, NULL, s);
    } else {
        schedule_reconnect(s);
    }
    chr_event(&s->parent, CHR_EVENT_CLOSED);
}

/* --- telnet --------------------------------------------------------------- */

/* Removes commands from buf; returns what is left. */
static int telnet_filter(SocketChardev *s, uint8_t *buf, int size)
{
    int out = 0;

    for (int i = 0; i < size; i++) {
        uint8_t ch = buf[i];

        switch (s->tn_state) {
        case TN_DATA:
            if (ch == TELNET_IAC) {
                s->tn_state = TN_IAC;
            } else if (ch != 0) {       /* CR NUL is a bare CR */
                buf[out++] = ch;
            }
            break;
        case TN_IAC:
            s->tn_state = TN_DATA;
            if (ch == TELNET_IAC) {
                buf[out++] = ch;
            } else if (ch >= TELNET_WILL) {
                s->tn_state = TN_OPTION;
            } else if (ch == TELNET_SB) {
                s->tn_state = TN_SUB;
            } else if (ch == TELNET_BREAK) {
                chr_event(&s->parent, CHR_EVENT_BREAK);
            } else if (ch == TELNET_IP) {
                buf[out++] = 3;
            }
            break;
        case TN_OPTION:
            s->tn_state = TN_DATA;
            break;
        case TN_SUB:
            s->tn_state = ch == TELNET_IAC ? TN_SUB_IAC : TN_SUB;
            break;
        case TN_SUB_IAC:
            s->tn_state = ch == TELNET_SE ? TN_DATA : TN_SUB;
            break;
        }
    }
    return out;
}

/* Doubles IAC. A partial send could cut a pair, so a chunk ends before an IAC. */
static ssize_t telnet_write(SocketChardev *s, const uint8_t *buf, size_t len)
{
    static const uint8_t iac_pair[2] = { TELNET_IAC, TELNET_IAC };
    const uint8_t *iac = memchr(buf, TELNET_IAC, len);

    if (iac == buf) {
        ssize_t n = send(s->fd, iac_pair, 2, MSG_NOSIGNAL);

        return n == 2 ? 1 : n;
    }
    return send(s->fd, buf, iac ? (size_t)(iac - buf) : len, MSG_NOSIGNAL);
}

/* --- data ----------------------------------------------------------------- */

/* As recv(), keeping the descriptors that come along. */
static ssize_t receive(SocketChardev *s, void *buf, size_t size)
{
    enum { MAX_FDS = 16 };
    char control[CMSG_SPACE(MAX_FDS * sizeof(int))] QEMU_ALIGNED(8);
    struct iovec iov = { buf, size };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
                          .msg_controllen = sizeof(control) };
    ssize_t n = recvmsg(s->fd, &msg, MSG_CMSG_CLOEXEC);

    for (struct cmsghdr *c = n >= 0 ? CMSG_FIRSTHDR(&msg) : NULL; c; c = CMSG_NXTHDR(&msg, c)) {
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS) {
            close_fds(s);
            g_array_append_vals(s->fds, CMSG_DATA(c), (c->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        }
    }
    return n;
}

static void socket_readable(void *opaque)
{
    SocketChardev *s = opaque;
    uint8_t buf[4096];
    int room = chr_can_read(&s->parent);
    ssize_t n;

    if (room <= 0) {
        s->input_on = false;            /* until accept_input */
        update_watch(s);
        return;
    }
    n = receive(s, buf, MIN((size_t)room, sizeof(buf)));
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
        disconnected(s);
    } else if (n > 0) {
        if (s->telnet) {
            n = telnet_filter(s, buf, n);
        }
        if (n > 0) {
            chr_read(&s->parent, buf, n);
        }
    }
}

static ssize_t socket_write(Chardev *chr, const uint8_t *buf, size_t len)
{
    SocketChardev *s = (SocketChardev *)chr;
    ssize_t n;

    if (s->fd < 0) {
        return -1;
    }
    n = s->telnet ? telnet_write(s, buf, len) : send(s->fd, buf, len, MSG_NOSIGNAL);
    return n < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : n;
}

static void socket_watch_output(Chardev *chr, bool on)
{
    SocketChardev *s = (SocketChardev *)chr;

    s->output_on = on;
    update_watch(s);
}

static void socket_accept_input(Chardev *chr)
{
    SocketChardev *s = (SocketChardev *)chr;

    if (s->fd >= 0 && !s->connecting && !s->input_on && chr_can_read(chr) > 0) {
        s->input_on = true;
        update_watch(s);
    }
}

/* --- listening and connecting --------------------------------------------- */

static void socket_accept(void *opaque)
{
    SocketChardev *s = opaque;
    int fd = accept4(s->listen_fd, NULL, NULL, SOCK_CLOEXEC);

    if (fd >= 0) {
        connected(s, fd);
    }
}

/* A socket for one address: listening, connected or (nonblocking) on its way. -errno. */
static int try_address(SocketChardev *s, int family, const struct sockaddr *addr, socklen_t len,
                       bool nonblocking)
{
    int one = 1, err;
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0) {
        return -errno;
    }
    if (s->is_listen) {
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
        if (bind(fd, addr, len) == 0 && listen(fd, 1) == 0) {
            return fd;
        }
    } else {
        if (nonblocking) {
            set_nonblocking(fd);
        }
        if (connect(fd, addr, len) == 0 || (nonblocking && errno == EINPROGRESS)) {
            return fd;
        }
    }
    err = errno;
    close(fd);
    return -err;
}

static int open_unix(SocketChardev *s, bool nonblocking, Error **errp)
{
    struct sockaddr_un addr = { .sun_family = AF_UNIX };
    int fd;

    if (strlen(s->path) >= sizeof(addr.sun_path)) {
        error_setg(errp, "socket path is longer than %zu bytes", sizeof(addr.sun_path) - 1);
        return -1;
    }
    strcpy(addr.sun_path, s->path);
    if (s->is_listen) {
        struct stat st;

        /* Only a stale socket may be replaced, never somebody's file. */
        if (stat(s->path, &st) == 0 && S_ISSOCK(st.st_mode)) {
            unlink(s->path);
        }
    }
    fd = try_address(s, AF_UNIX, (struct sockaddr *)&addr, sizeof(addr), nonblocking);
    if (fd < 0) {
        error_setg_errno(errp, -fd, "cannot %s '%s'", s->is_listen ? "listen on" : "connect to",
                         s->path);
    }
    return fd;
}

static int open_tcp(SocketChardev *s, bool nonblocking, Error **errp)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
                              .ai_flags = s->is_listen ? AI_PASSIVE : 0 };
    struct addrinfo *list;
    const char *host = s->host && *s->host ? s->host : NULL;
    int fd = -EADDRNOTAVAIL, rc;

    rc = getaddrinfo(host, s->port, &hints, &list);
    if (rc != 0) {
        error_setg(errp, "cannot resolve '%s:%s': %s", host ? host : "", s->port,
                   gai_strerror(rc));
        return -1;
    }
    for (struct addrinfo *a = list; a && fd < 0; a = a->ai_next) {
        fd = try_address(s, a->ai_family, a->ai_addr, a->ai_addrlen, nonblocking);
    }
    freeaddrinfo(list);
    if (fd < 0) {
        error_setg_errno(errp, -fd, "cannot %s '%s:%s'", s->is_listen ? "listen on" : "connect to",
                         host ? host : "", s->port);
    }
    return fd;
}

static int open_address(SocketChardev *s, bool nonblocking, Error **errp)
{
    if (s->given_fd >= 0) {
        int fd = s->given_fd;

        s->given_fd = -1;       /* the connection's, or the listener's, from here on */
        return fd;
    }
    return s->path ? open_unix(s, nonblocking, errp) : open_tcp(s, nonblocking, errp);
}

/* A nonblocking connect() has finished. */
static void connect_done(void *opaque)
{
    SocketChardev *s = opaque;
    int err = 0, fd = s->fd;
    socklen_t len = sizeof(err);

    getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len);
    qemu_set_fd_handler(fd, NULL, NULL, NULL);
    s->fd = -1;
    s->connecting = false;
    if (err) {
        close(fd);
        schedule_reconnect(s);
    } else {
        connected(s, fd);
    }
}

static void socket_reconnect(void *opaque)
{
    SocketChardev *s = opaque;
    Error *err = NULL;
    int fd = open_address(s, true, &err);

    if (fd < 0) {
        error_free(err);
        schedule_reconnect(s);
        return;
    }
    s->fd = fd;
    s->connecting = true;
    qemu_set_fd_handler(fd, NULL, connect_done, s);
}

/* --- set-up --------------------------------------------------------------- */

static void socket_close(Chardev *chr)
{
    SocketChardev *s = (SocketChardev *)chr;

    if (s->fd >= 0) {
        qemu_set_fd_handler(s->fd, NULL, NULL, NULL);
        close(s->fd);
    }
    if (s->listen_fd >= 0) {
        qemu_set_fd_handler(s->listen_fd, NULL, NULL, NULL);
        close(s->listen_fd);
        if (s->path) {
            unlink(s->path);
        }
    }
    if (s->given_fd >= 0) {
        close(s->given_fd);
    }
    s->fd = s->listen_fd = s->given_fd = -1;
    if (s->fds) {
        close_fds(s);
        g_array_free(s->fds, true);
        s->fds = NULL;
    }
    timer_free(s->reconnect_timer);
    s->reconnect_timer = NULL;
    g_free(s->path);
    g_free(s->host);
    g_free(s->port);
    s->path = s->host = s->port = NULL;
}

static bool wait_for_client(SocketChardev *s, Error **errp)
{
    int fd;

    fprintf(stderr, "QEMU waiting for connection on: %s\n", s->parent.filename);
    do {
        fd = accept4(s->listen_fd, NULL, NULL, SOCK_CLOEXEC);
    } while (fd < 0 && errno == EINTR);
    if (fd < 0) {
        error_setg_errno(errp, errno, "accept");
        return false;
    }
    connected(s, fd);
    return true;
}

static bool socket_start(SocketChardev *s, bool wait, Error **errp)
{
    int fd;

    if (!s->is_listen && s->reconnect_s) {
        s->reconnect_timer = timer_new_ms(QEMU_CLOCK_REALTIME, socket_reconnect, s);
        socket_reconnect(s);
        return true;
    }
    fd = open_address(s, false, errp);
    if (fd < 0) {
        return false;
    }
    if (!s->is_listen) {
        connected(s, fd);
        return true;
    }
    s->listen_fd = fd;
    if (wait) {
        return wait_for_client(s, errp);
    }
    set_nonblocking(fd);
    qemu_set_fd_handler(fd, socket_accept, NULL, s);
    return true;
}

static bool parse_options(SocketChardev *s, OptList *opts, bool *wait, Error **errp)
{
    const char *path = optlist_get(opts, "path"), *port = optlist_get(opts, "port"), *fd = optlist_get(opts, "fd");
    bool nodelay_off;
    uint64_t reconnect;

    if (!optlist_get_bool(opts, "server", false, &s->is_listen, "socket", errp) ||
        !optlist_get_bool(opts, "wait", s->is_listen, wait, "socket", errp) ||
        !optlist_get_bool(opts, "telnet", false, &s->telnet, "socket", errp) ||
        !optlist_get_bool(opts, "delay", true, &nodelay_off, "socket", errp) ||
        !optlist_get_bool(opts, "nodelay", !nodelay_off, &s->nodelay, "socket", errp) ||
        !optlist_get_uint(opts, "reconnect", 0, 3600, &reconnect, "socket", errp)) {
        return false;
    }
    s->reconnect_s = reconnect;
    if (!fd && (!path || !*path) && (!port || !*port)) {
        error_setg(errp, "path=, port= or fd= is missing");
        return false;
    }
    if (port && strspn(port, "0123456789") == strlen(port) && strtoul(port, NULL, 10) > UINT16_MAX) {
        error_setg(errp, "port %s: expected 0 to 65535", port);
        return false;
    }
    if (reconnect && (s->is_listen || fd)) {
        error_setg(errp, "reconnect= is for clients %s", fd ? "that have an address" : "only");
        return false;
    }
    if (fd && (s->given_fd = fd_from_text(fd, errp)) < 0) {
        return false;
    }
    s->path = path && *path ? g_strdup(path) : NULL;
    s->port = g_strdup(port);
    s->host = g_strdup(optlist_get(opts, "host"));
    return true;
}

/* What `info chardev` shows. */
static char *describe(const SocketChardev *s, const char *fd)
{
    const char *server = s->is_listen ? ",server=on" : "";

    if (fd) {
        return g_strdup_printf("fd:%s%s", fd, server);
    }
    if (s->path) {
        return g_strdup_printf("unix:%s%s", s->path, server);
    }
    return g_strdup_printf("%s:%s:%s%s", s->telnet ? "telnet" : "tcp", s->host ? s->host : "", s->port, server);
}

static bool socket_open(Chardev *chr, OptList *opts, Error **errp)
{
    SocketChardev *s = (SocketChardev *)chr;
    bool wait;

    s->fd = s->listen_fd = s->given_fd = -1;
    s->fds = g_array_new(false, false, sizeof(int));
    if (parse_options(s, opts, &wait, errp)) {
        chr->filename = describe(s, optlist_get(opts, "fd"));
        if (socket_start(s, wait, errp)) {
            return true;
        }
    }
    socket_close(chr);
    return false;
}

const ChardevClass chardev_socket = {
    .kind = "socket", .instance_size = sizeof(SocketChardev), .open = socket_open,
    .write = socket_write, .watch_output = socket_watch_output,
    .accept_input = socket_accept_input, .close = socket_close, .take_fd = socket_take_fd,
};
