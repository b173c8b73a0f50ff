/*
 * -netdev socket: frames to another emulator over a host socket.
 *
 *   listen=[HOST]:PORT, connect=HOST:PORT   TCP, each frame behind its length
 *                                           in 4 bytes, most significant first
 *   udp=HOST:PORT,localaddr=[HOST]:PORT     a datagram for each frame
 *
 * A listening end takes one peer at a time. What the socket cannot take at once
 * is lost, as on a wire, but never half a frame.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include "net/net-int.h"
#include "qemu/bswap.h"
#include "qemu/main-loop.h"

enum { FRAME_MAX = 65536 + 64, LENGTH_BYTES = 4, PENDING_MAX = 1 << 20 };

typedef struct NetSocket {
    NetClientState *nc;
    int fd, listen_fd;          /* -1: none */
    bool datagrams;
    struct sockaddr_in peer;    /* of datagrams */
    uint8_t in[LENGTH_BYTES + FRAME_MAX];
    size_t in_bytes;
    GByteArray *out;            /* the rest of frames that are partly sent */
} NetSocket;

static void on_readable(void *opaque);
static void on_writable(void *opaque);
static void on_connection(void *opaque);

static void watch(NetSocket *s)
{
    qemu_set_fd_handler(s->fd, on_readable, s->out->len ? on_writable : NULL, s);
}

static void disconnect(NetSocket *s)
{
    qemu_set_fd_handler(s->fd, NULL, NULL, NULL);
    close(s->fd);
    s->fd = -1;
    s->in_bytes = 0;
    g_byte_array_set_size(s->out, 0);
    snprintf(s->nc->info_str, sizeof(s->nc->info_str), "socket: not connected");
    if (s->listen_fd >= 0) {
        qemu_set_fd_handler(s->listen_fd, on_connection, NULL, s);
    }
}

static void connected(NetSocket *s, int fd)
{
    int one = 1;

    s->fd = fd;
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    snprintf(s->nc->info_str, sizeof(s->nc->info_str), "socket: connected");
    watch(s);
}

static void on_connection(void *opaque)
{
    NetSocket *s = opaque;
    int fd = accept4(s->listen_fd, NULL, NULL, SOCK_CLOEXEC);

    if (fd >= 0) {
        qemu_set_fd_handler(s->listen_fd, NULL, NULL, NULL);
        connected(s, fd);
    }
}

static void on_writable(void *opaque)
{
    NetSocket *s = opaque;
    ssize_t n = send(s->fd, s->out->data, s->out->len, MSG_NOSIGNAL);

    if (n > 0) {
        g_byte_array_remove_range(s->out, 0, n);
    } else if (n < 0 && errno != EAGAIN && errno != EINTR) {
        disconnect(s);
        return;
    }
    watch(s);
}

/* All whole frames that have come. False: the stream makes no sense. */
static bool deliver_frames(NetSocket *s)
{
    size_t at = 0;

    while (s->in_bytes - at >= LENGTH_BYTES) {
        uint32_t size = ldl_be_p(s->in + at);

        if (size > FRAME_MAX) {
            return false;
        }
        if (s->in_bytes - at < LENGTH_BYTES + size) {
            break;
        }
        qemu_send_packet(s->nc, s->in + at + LENGTH_BYTES, size);
        at += LENGTH_BYTES + size;
    }
    memmove(s->in, s->in + at, s->in_bytes - at);
    s->in_bytes -= at;
    return true;
}

static void on_readable(void *opaque)
{
    NetSocket *s = opaque;
    ssize_t n = recv(s->fd, s->in + s->in_bytes, sizeof(s->in) - s->in_bytes, 0);

    if (n < 0 && (errno == EAGAIN || errno == EINTR || s->datagrams)) {
        return;
    }
    if (s->datagrams) {
        qemu_send_packet(s->nc, s->in, n);
        return;
    }
    s->in_bytes += MAX(n, 0);
    if (n <= 0 || !deliver_frames(s)) {
        disconnect(s);
    }
}

static ssize_t socket_receive(NetClientState *nc, const uint8_t *buf, size_t size)
{
    NetSocket *s = nc->opaque;
    uint8_t length[LENGTH_BYTES];

    if (s->fd < 0) {
        return size;
    }
    if (s->datagrams) {
        sendto(s->fd, buf, size, MSG_DONTWAIT, (struct sockaddr *)&s->peer, sizeof(s->peer));
        return size;
    }
    if (s->out->len + size > PENDING_MAX) {
        return size;
    }
    stl_be_p(length, size);
    g_byte_array_append(s->out, length, sizeof(length));
    g_byte_array_append(s->out, buf, size);
    on_writable(s);
    return size;
}

static void socket_cleanup(NetClientState *nc)
{
    NetSocket *s = nc->opaque;

    if (s->fd >= 0) {
        disconnect(s);
    }
    if (s->listen_fd >= 0) {
        qemu_set_fd_handler(s->listen_fd, NULL, NULL, NULL);
        close(s->listen_fd);
    }
    g_byte_array_free(s->out, true);
    g_free(s);
}

static const NetClientInfo socket_client = {
    .type = "socket", .receive = socket_receive, .cleanup = socket_cleanup,
};

/* "[HOST]:PORT" */
static bool parse_address(const char *text, struct sockaddr_in *addr, const char *what, Error **errp)
{
    const char *colon = strrchr(text, ':');
    g_autofree char *host = colon ? g_strndup(text, colon - text) : NULL;
    struct addrinfo hints = { .ai_family = AF_INET, .ai_flags = AI_PASSIVE }, *found = NULL;
    char *end;
    unsigned long port = colon ? strtoul(colon + 1, &end, 10) : 0;

    if (!colon || end == colon + 1 || *end || port > 65535) {
        error_setg(errp, "%s: '%s': expected HOST:PORT", what, text);
        return false;
    }
    if (getaddrinfo(*host ? host : NULL, "0", &hints, &found)) {
        error_setg(errp, "%s: unknown host '%s'", what, host);
        return false;
    }
    memcpy(addr, found->ai_addr, sizeof(*addr));
    addr->sin_port = htons(port);
    freeaddrinfo(found);
    return true;
}

/* A socket bound to `local` (or, NULL, connected to `remote`); -1: error set. */
static int open_socket(int type, const char *local, const char *remote, const char *what, Error **errp)
{
    struct sockaddr_in addr;
    int fd, one = 1, ret;

    if (!parse_address(local ? local : remote, &addr, what, errp)) {
        return -1;
    }
    fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
    if (local) {
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
        ret = bind(fd, (struct sockaddr *)&addr, sizeof(addr));
        ret = ret || type != SOCK_STREAM ? ret : listen(fd, 1);
    } else {
        ret = connect(fd, (struct sockaddr *)&addr, sizeof(addr));
    }
    if (ret < 0) {
        error_setg_errno(errp, errno, "%s: cannot %s %s", what, local ? "bind to" : "connect to",
                         local ? local : remote);
        close(fd);
        return -1;
    }
    return fd;
}

static NetClientState *socket_init(const char *name, OptList *opts, const char *what, Error **errp)
{
    const char *server = optlist_get(opts, "listen"), *remote = optlist_get(opts, "connect");
    const char *udp = optlist_get(opts, "udp"), *local = optlist_get(opts, "localaddr");
    struct sockaddr_in peer = { 0 };
    NetSocket *s;
    int fd;

    if (!!server + !!remote + !!udp != 1 || !udp != !local) {
        error_setg(errp, "%s: one of listen=, connect= or udp= with localaddr= is needed", what);
        return NULL;
    }
    if (udp && !parse_address(udp, &peer, what, errp)) {
        return NULL;
    }
    fd = open_socket(udp ? SOCK_DGRAM : SOCK_STREAM, udp ? local : server, remote, what, errp);
    if (fd < 0) {
        return NULL;
    }
    s = g_new0(NetSocket, 1);
    s->fd = s->listen_fd = -1;
    s->out = g_byte_array_new();
    s->datagrams = udp != NULL;
    s->peer = peer;
    s->nc = net_client_new(&socket_client, "socket", name, s);
    if (server) {
        s->listen_fd = fd;
        snprintf(s->nc->info_str, sizeof(s->nc->info_str), "socket: not connected");
        qemu_set_fd_handler(fd, on_connection, NULL, s);
    } else {
        connected(s, fd);
    }
    return s->nc;
}

static const NetBackend socket_backend = { "socket", socket_init };

static void QEMU_CONSTRUCTOR register_socket(void)
{
    net_backend_register(&socket_backend);
}
