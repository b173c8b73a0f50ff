/*
 * -netdev tap: a network interface of the host (Linux tun driver).
 *
 * "ifname" names it (the kernel chooses otherwise); "script" and "downscript"
 * must be "no": the interface is configured outside.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include <linux/if_tun.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include "net/net-int.h"
#include "qemu/main-loop.h"

enum { FRAME_MAX = 65536 };

typedef struct NetTap {
    NetClientState *nc;
    int fd;
} NetTap;

static void tap_readable(void *opaque)
{
    NetTap *s = opaque;
    uint8_t frame[FRAME_MAX];
    ssize_t n = read(s->fd, frame, sizeof(frame));

    if (n > 0) {
        qemu_send_packet(s->nc, frame, n);
    }
}

static ssize_t tap_receive(NetClientState *nc, const uint8_t *buf, size_t size)
{
    NetTap *s = nc->opaque;

    if (write(s->fd, buf, size) < 0) {
        return size;                    /* lost on the wire */
    }
    return size;
}

static void tap_cleanup(NetClientState *nc)
{
    NetTap *s = nc->opaque;

    qemu_set_fd_handler(s->fd, NULL, NULL, NULL);
    close(s->fd);
    g_free(s);
}

static const NetClientInfo tap_client = {
    .type = "tap", .receive = tap_receive, .cleanup = tap_cleanup,
};

static NetClientState *tap_init(const char *name, OptList *opts, const char *what, Error **errp)
{
    static const char *const scripts[] = { "script", "downscript" };
    const char *ifname = optlist_get(opts, "ifname");
    struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI };
    NetTap *s;
    int fd;

    for (size_t i = 0; i < ARRAY_SIZE(scripts); i++) {
        const char *script = optlist_get(opts, scripts[i]);

        if (script && strcmp(script, "no")) {
            error_setg(errp, "%s: %s=%s: only 'no' is supported", what, scripts[i], script);
            return NULL;
        }
    }
    fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        error_setg_errno(errp, errno, "%s: cannot open /dev/net/tun", what);
        return NULL;
    }
    snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", ifname ? ifname : "tap%d");
    if (ioctl(fd, TUNSETIFF, &request) < 0) {
        error_setg_errno(errp, errno, "%s: cannot set up interface '%s'", what, request.ifr_name);
        close(fd);
        return NULL;
    }
    s = g_new0(NetTap, 1);
    s->fd = fd;
    s->nc = net_client_new(&tap_client, "tap", name, s);
    snprintf(s->nc->info_str, sizeof(s->nc->info_str), "ifname=%.*s", IFNAMSIZ, request.ifr_name);
    qemu_set_fd_handler(fd, tap_readable, NULL, s);
    return s->nc;
}

static const NetBackend tap_backend = { "tap", tap_init };

static void QEMU_CONSTRUCTOR register_tap(void)
{
    net_backend_register(&tap_backend);
}
