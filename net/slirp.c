/*
 * -netdev user: a guest network behind the host's sockets, through libslirp.
 *
 * Poll integration: after each activity the wanted descriptors and the next
 * time-out are taken from libslirp and put into the main loop.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include <arpa/inet.h>
#include <poll.h>
#include <slirp/libslirp.h>
#include "chardev/char.h"
#include "monitor/monitor.h"
#include "net/net-int.h"
#include "qemu/log.h"
#include "qemu/main-loop.h"
#include "qemu/timer.h"

typedef struct GuestForward {
    CharBackend be;
    struct SlirpState *s;
    struct in_addr addr;
    int port;
} GuestForward;

typedef struct SlirpState {
    NetClientState *nc;
    Slirp *slirp;
    QEMUBH *resync_bh;
    QEMUTimer *timeout;
    GArray *wanted;             /* of struct pollfd: what libslirp waits for */
    GArray *watched;            /* of struct pollfd: what the main loop watches */
    GPtrArray *guest_forwards;  /* of GuestForward */
} SlirpState;

typedef struct SlirpTimer {
    QEMUTimer *timer;
    SlirpTimerCb cb;
    void *opaque;
} SlirpTimer;

static GPtrArray *stacks;       /* of SlirpState */

/* --- poll integration ----------------------------------------------------- */

static void slirp_activity(void *opaque);

static int add_poll(int fd, int events, void *opaque)
{
    SlirpState *s = opaque;
    struct pollfd pfd = { .fd = fd };

    pfd.events = (events & SLIRP_POLL_IN ? POLLIN : 0) | (events & SLIRP_POLL_OUT ? POLLOUT : 0) |
                 (events & SLIRP_POLL_PRI ? POLLPRI : 0);
    g_array_append_val(s->wanted, pfd);
    return s->wanted->len - 1;
}

static int get_revents(int index, void *opaque)
{
    SlirpState *s = opaque;
    int revents;

    if (index < 0 || index >= (int)s->wanted->len) {
        return 0;
    }
    revents = g_array_index(s->wanted, struct pollfd, index).revents;
    return (revents & POLLIN ? SLIRP_POLL_IN : 0) | (revents & POLLOUT ? SLIRP_POLL_OUT : 0) |
           (revents & POLLPRI ? SLIRP_POLL_PRI : 0) | (revents & POLLERR ? SLIRP_POLL_ERR : 0) |
           (revents & POLLHUP ? SLIRP_POLL_HUP : 0);
}

static struct pollfd *find_fd(GArray *fds, int fd)
{
    for (guint i = 0; i < fds->len; i++) {
        struct pollfd *pfd = &g_array_index(fds, struct pollfd, i);

        if (pfd->fd == fd) {
            return pfd;
        }
    }
    return NULL;
}

static void watch_fd(SlirpState *s, int fd, int events)
{
    qemu_set_fd_handler(fd, events & (POLLIN | POLLPRI) ? slirp_activity : NULL,
                        events & POLLOUT ? slirp_activity : NULL, s);
}

/* Main loop: ask libslirp what it waits for. */
static void resync(void *opaque)
{
    SlirpState *s = opaque;
    uint32_t timeout_ms = UINT32_MAX;

    g_array_set_size(s->wanted, 0);
    slirp_pollfds_fill(s->slirp, &timeout_ms, add_poll, s);
    for (guint i = s->watched->len; i > 0; i--) {
        struct pollfd old = g_array_index(s->watched, struct pollfd, i - 1);

        if (!find_fd(s->wanted, old.fd)) {
            watch_fd(s, old.fd, 0);
            g_array_remove_index_fast(s->watched, i - 1);
        }
    }
    for (guint i = 0; i < s->wanted->len; i++) {
        struct pollfd now = g_array_index(s->wanted, struct pollfd, i);
        struct pollfd *old = find_fd(s->watched, now.fd);

        if (!old) {
            watch_fd(s, now.fd, now.events);
            g_array_append_val(s->watched, now);
        } else if (old->events != now.events) {
            watch_fd(s, now.fd, now.events);
            old->events = now.events;
        }
    }
    if (timeout_ms == UINT32_MAX) {
        timer_del(s->timeout);
    } else {
        timer_mod(s->timeout, qemu_clock_get_ms(QEMU_CLOCK_REALTIME) + timeout_ms);
    }
}

/* A descriptor is ready or a time-out has passed. */
static void slirp_activity(void *opaque)
{
    SlirpState *s = opaque;
    int n = poll((struct pollfd *)s->wanted->data, s->wanted->len, 0);

    slirp_pollfds_poll(s->slirp, n < 0, get_revents, s);
    resync(s);
}

/* --- callbacks of libslirp ------------------------------------------------ */

static ssize_t cb_send_packet(const void *buf, size_t len, void *opaque)
{
    SlirpState *s = opaque;
    uint8_t padded[60] = { 0 };

    if (len < sizeof(padded)) {         /* cards expect the minimum of Ethernet */
        memcpy(padded, buf, len);
        qemu_send_packet(s->nc, padded, sizeof(padded));
    } else {
        qemu_send_packet(s->nc, buf, len);
    }
    return len;
}

static void cb_guest_error(const char *msg, void *opaque)
{
    qemu_log_mask(LOG_GUEST_ERROR, "slirp: %s\n", msg);
}

static int64_t cb_clock_get_ns(void *opaque)
{
    return qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
}

static void timer_expired(void *opaque)
{
    SlirpTimer *t = opaque;

    t->cb(t->opaque);
}

static void *cb_timer_new(SlirpTimerCb cb, void *cb_opaque, void *opaque)
{
    SlirpTimer *t = g_new0(SlirpTimer, 1);

    t->cb = cb;
    t->opaque = cb_opaque;
    t->timer = timer_new_ms(QEMU_CLOCK_VIRTUAL, timer_expired, t);
    return t;
}

static void cb_timer_free(void *timer, void *opaque)
{
    SlirpTimer *t = timer;

    timer_free(t->timer);
    g_free(t);
}

static void cb_timer_mod(void *timer, int64_t expire_time_ms, void *opaque)
{
    timer_mod(((SlirpTimer *)timer)->timer, expire_time_ms);
}

static void cb_register_poll_fd(int fd, void *opaque)
{
    SlirpState *s = opaque;

    if (s->resync_bh) {
        qemu_bh_schedule(s->resync_bh);
    }
}

/* The descriptor is about to be closed: its number may come back at once. */
static void cb_unregister_poll_fd(int fd, void *opaque)
{
    SlirpState *s = opaque;

    for (guint i = 0; i < s->watched->len; i++) {
        if (g_array_index(s->watched, struct pollfd, i).fd == fd) {
            watch_fd(s, fd, 0);
            g_array_remove_index_fast(s->watched, i);
            return;
        }
    }
}

static void cb_notify(void *opaque)
{
    cb_register_poll_fd(-1, opaque);
}

static const SlirpCb slirp_callbacks = {
    .send_packet = cb_send_packet,
    .guest_error = cb_guest_error,
    .clock_get_ns = cb_clock_get_ns,
    .timer_new = cb_timer_new,
    .timer_free = cb_timer_free,
    .timer_mod = cb_timer_mod,
    .register_poll_fd = cb_register_poll_fd,
    .unregister_poll_fd = cb_unregister_poll_fd,
    .notify = cb_notify,
};

/* --- the client ----------------------------------------------------------- */

static ssize_t user_receive(NetClientState *nc, const uint8_t *buf, size_t size)
{
    SlirpState *s = nc->opaque;

    slirp_input(s->slirp, buf, size);
    qemu_bh_schedule(s->resync_bh);
    return size;
}

static void free_stack(SlirpState *s)
{
    for (guint i = 0; i < s->watched->len; i++) {
        watch_fd(s, g_array_index(s->watched, struct pollfd, i).fd, 0);
    }
    g_array_set_size(s->watched, 0);
    if (s->slirp) {
        slirp_cleanup(s->slirp);
    }
    for (guint i = 0; i < s->guest_forwards->len; i++) {
        GuestForward *fwd = g_ptr_array_index(s->guest_forwards, i);

        qemu_chr_fe_deinit(&fwd->be);
        g_free(fwd);
    }
    g_ptr_array_free(s->guest_forwards, TRUE);
    if (s->resync_bh) {
        qemu_bh_delete(s->resync_bh);
    }
    timer_free(s->timeout);
    g_array_free(s->wanted, TRUE);
    g_array_free(s->watched, TRUE);
    g_ptr_array_remove(stacks, s);
    g_free(s);
}

static void user_cleanup(NetClientState *nc)
{
    free_stack(nc->opaque);
}

static const NetClientInfo user_info = {
    .type = "user", .receive = user_receive, .cleanup = user_cleanup,
};

/* --- forwarding ----------------------------------------------------------- */

/* "ADDR:PORT"; an empty address is `defaddr`. *end: behind the port. */
static bool parse_endpoint(const char *text, struct in_addr defaddr, struct in_addr *addr,
                           int *port, char **end)
{
    const char *colon = strchr(text, ':');
    char *host;
    bool ok;

    if (!colon) {
        return false;
    }
    host = g_strndup(text, colon - text);
    *addr = defaddr;
    ok = !*host || inet_pton(AF_INET, host, addr) == 1;
    g_free(host);
    errno = 0;
    *port = strtol(colon + 1, end, 10);
    return ok && *end != colon + 1 && *port >= 0 && *port <= 65535;
}

/* [tcp|udp]:[hostaddr]:hostport-[guestaddr]:guestport */
static bool add_hostfwd(SlirpState *s, const char *rule, Error **errp)
{
    struct in_addr any = { .s_addr = INADDR_ANY }, host, guest;
    const char *p = rule;
    bool udp = g_str_has_prefix(p, "udp:");
    int host_port, guest_port;
    char *end;

    if (udp || g_str_has_prefix(p, "tcp:")) {
        p += 4;
    } else if (*p == ':') {
        p++;
    } else {
        p = NULL;
    }
    if (!p || !parse_endpoint(p, any, &host, &host_port, &end) || *end != '-' ||
        !parse_endpoint(end + 1, any, &guest, &guest_port, &end) || *end || guest_port == 0) {
        error_setg(errp, "hostfwd=%s: expected [tcp|udp]:[hostaddr]:hostport-[guestaddr]:guestport",
                   rule);
        return false;
    }
    if (slirp_add_hostfwd(s->slirp, udp, host, host_port, guest, guest_port) < 0) {
        error_setg_errno(errp, errno, "hostfwd=%s: cannot listen on port %d", rule, host_port);
        return false;
    }
    return true;
}

static int guestfwd_can_read(void *opaque)
{
    GuestForward *fwd = opaque;

    return MIN(slirp_socket_can_recv(fwd->s->slirp, fwd->addr, fwd->port), (size_t)INT_MAX);
}

static void guestfwd_read(void *opaque, const uint8_t *buf, int size)
{
    GuestForward *fwd = opaque;

    slirp_socket_recv(fwd->s->slirp, fwd->addr, fwd->port, buf, size);
}

static ssize_t guestfwd_write(const void *buf, size_t len, void *opaque)
{
    GuestForward *fwd = opaque;

    qemu_chr_fe_write_all(&fwd->be, buf, len);
    return len;
}

static bool guestfwd_to_chardev(SlirpState *s, const char *spec, struct in_addr addr, int port,
                                Error **errp)
{
    GuestForward *fwd;
    char *label = g_strdup_printf("guestfwd.%d", port);
    Chardev *chr = qemu_chr_new(label, spec, errp);

    g_free(label);
    if (!chr) {
        return false;
    }
    fwd = g_new0(GuestForward, 1);
    fwd->s = s;
    fwd->addr = addr;
    fwd->port = port;
    if (!qemu_chr_fe_init(&fwd->be, chr, errp)) {
        g_free(fwd);
        return false;
    }
    g_ptr_array_add(s->guest_forwards, fwd);
    if (slirp_add_guestfwd(s->slirp, guestfwd_write, fwd, &fwd->addr, port) < 0) {
        error_setg(errp, "guestfwd: the address is in use or not in the guest's network");
        return false;
    }
    qemu_chr_fe_set_handlers(&fwd->be, guestfwd_can_read, guestfwd_read, NULL, fwd);
    return true;
}

/* [tcp]:server:port-dev or ...-cmd:command */
static bool add_guestfwd(SlirpState *s, const char *rule, Error **errp)
{
    struct in_addr none = { 0 }, addr;
    const char *p = g_str_has_prefix(rule, "tcp:") ? rule + 4 : *rule == ':' ? rule + 1 : NULL;
    char *end;
    int port;

    if (!p || !parse_endpoint(p, none, &addr, &port, &end) || *end != '-' || !end[1]) {
        error_setg(errp, "guestfwd=%s: expected tcp:server:port-chardev or ...-cmd:command", rule);
        return false;
    }
    if (!g_str_has_prefix(end + 1, "cmd:")) {
        return guestfwd_to_chardev(s, end + 1, addr, port, errp);
    }
    if (slirp_add_exec(s->slirp, end + 5, &addr, port) < 0) {
        error_setg(errp, "guestfwd=%s: the address is in use or not in the guest's network", rule);
        return false;
    }
    return true;
}

static bool add_forwards(SlirpState *s, OptList *opts, Error **errp)
{
    const char *rule;

    for (int i = 0; (rule = optlist_get_nth(opts, "hostfwd", i)); i++) {
        if (!add_hostfwd(s, rule, errp)) {
            return false;
        }
    }
    for (int i = 0; (rule = optlist_get_nth(opts, "guestfwd", i)); i++) {
        if (!add_guestfwd(s, rule, errp)) {
            return false;
        }
    }
    return true;
}

/* --- configuration -------------------------------------------------------- */

static bool get_address(OptList *opts, const char *key, struct in_addr *addr, const char *what,
                        Error **errp)
{
    const char *text = optlist_get(opts, key);

    if (text && inet_pton(AF_INET, text, addr) != 1) {
        error_setg(errp, "%s: '%s=%s' is not an address", what, key, text);
        return false;
    }
    return true;
}

/* net=ADDR[/BITS|/MASK], and the addresses that follow from it. */
static bool parse_network(SlirpConfig *cfg, OptList *opts, const char *what, Error **errp)
{
    const char *net = optlist_get(opts, "net");
    char **parts = g_strsplit(net ? net : "10.0.2.0/24", "/", 2);
    uint32_t network, mask = 0xffffff00;
    struct in_addr addr;
    bool ok = parts[0] && inet_pton(AF_INET, parts[0], &addr) == 1;

    if (ok && parts[1]) {
        struct in_addr mask_addr;
        char *end;
        long bits = strtol(parts[1], &end, 10);

        if (!*end && bits >= 4 && bits <= 30) {
            mask = UINT32_MAX << (32 - bits);
        } else if (inet_pton(AF_INET, parts[1], &mask_addr) == 1) {
            mask = ntohl(mask_addr.s_addr);
        } else {
            ok = false;
        }
    }
    g_strfreev(parts);
    if (!ok || (~mask & (~mask + 1)) || ~mask < 3) {
        error_setg(errp, "%s: 'net=%s' is not a network", what, net);
        return false;
    }
    network = ntohl(addr.s_addr) & mask;
    cfg->vnetwork.s_addr = htonl(network);
    cfg->vnetmask.s_addr = htonl(mask);
    cfg->vhost.s_addr = htonl(network + 2);
    cfg->vnameserver.s_addr = htonl(network + 3);
    cfg->vdhcp_start.s_addr = htonl(network + MIN(15u, ~mask - 1));
    return true;
}

static bool check_in_network(const SlirpConfig *cfg, struct in_addr addr, const char *key,
                             const char *what, Error **errp)
{
    if ((addr.s_addr & cfg->vnetmask.s_addr) != cfg->vnetwork.s_addr) {
        error_setg(errp, "%s: '%s' is not in the guest's network", what, key);
        return false;
    }
    return true;
}

static bool parse_config(SlirpConfig *cfg, OptList *opts, const char *what, Error **errp)
{
    bool restricted;

    cfg->version = 4;
    if (!optlist_get_bool(opts, "restrict", false, &restricted, what, errp) ||
        !optlist_get_bool(opts, "ipv4", true, &cfg->in_enabled, what, errp) ||
        !optlist_get_bool(opts, "ipv6", true, &cfg->in6_enabled, what, errp) ||
        !parse_network(cfg, opts, what, errp) ||
        !get_address(opts, "host", &cfg->vhost, what, errp) ||
        !get_address(opts, "dns", &cfg->vnameserver, what, errp) ||
        !get_address(opts, "dhcpstart", &cfg->vdhcp_start, what, errp) ||
        !check_in_network(cfg, cfg->vhost, "host", what, errp) ||
        !check_in_network(cfg, cfg->vdhcp_start, "dhcpstart", what, errp) ||
        !check_in_network(cfg, cfg->vnameserver, "dns", what, errp)) {
        return false;
    }
    cfg->restricted = restricted;
    inet_pton(AF_INET6, "fec0::", &cfg->vprefix_addr6);
    cfg->vprefix_len = 64;
    inet_pton(AF_INET6, "fec0::2", &cfg->vhost6);
    inet_pton(AF_INET6, "fec0::3", &cfg->vnameserver6);
    cfg->vhostname = optlist_get(opts, "hostname");
    cfg->tftp_server_name = optlist_get(opts, "tftp-server-name");
    cfg->tftp_path = optlist_get(opts, "tftp");
    cfg->bootfile = optlist_get(opts, "bootfile");
    cfg->vdomainname = optlist_get(opts, "domainname");
    if (cfg->tftp_path && !g_file_test(cfg->tftp_path, G_FILE_TEST_IS_DIR)) {
        error_setg(errp, "%s: 'tftp=%s' is not a directory", what, cfg->tftp_path);
        return false;
    }
    return true;
}

static NetClientState *user_init(const char *name, OptList *opts, const char *what, Error **errp)
{
    SlirpConfig cfg = { 0 };
    GPtrArray *search = g_ptr_array_new();
    const char *domain;
    SlirpState *s;
    char net[INET_ADDRSTRLEN];

    for (int i = 0; (domain = optlist_get_nth(opts, "dnssearch", i)); i++) {
        g_ptr_array_add(search, (gpointer)domain);
    }
    g_ptr_array_add(search, NULL);
    cfg.vdnssearch = search->len > 1 ? (const char **)search->pdata : NULL;
    if (!parse_config(&cfg, opts, what, errp)) {
        g_ptr_array_free(search, TRUE);
        return NULL;
    }
    s = g_new0(SlirpState, 1);
    s->wanted = g_array_new(FALSE, TRUE, sizeof(struct pollfd));
    s->watched = g_array_new(FALSE, TRUE, sizeof(struct pollfd));
    s->guest_forwards = g_ptr_array_new();
    s->timeout = timer_new_ms(QEMU_CLOCK_REALTIME, slirp_activity, s);
    s->resync_bh = qemu_bh_new(resync, s);
    s->slirp = slirp_new(&cfg, &slirp_callbacks, s);
    g_ptr_array_free(search, TRUE);
    if (!stacks) {
        stacks = g_ptr_array_new();
    }
    if (!s->slirp || !add_forwards(s, opts, errp)) {
        if (s->slirp) {
            error_prepend(errp, "%s: ", what);
        } else {
            error_setg(errp, "%s: libslirp refuses these parameters", what);
        }
        free_stack(s);
        return NULL;
    }
    g_ptr_array_add(stacks, s);
    s->nc = net_client_new(&user_info, "user", name, s);
    inet_ntop(AF_INET, &cfg.vnetwork, net, sizeof(net));
    snprintf(s->nc->info_str, sizeof(s->nc->info_str), "net=%s,restrict=%s", net,
             cfg.restricted ? "on" : "off");
    qemu_bh_schedule(s->resync_bh);
    return s->nc;
}

static const NetBackend user_backend = { "user", user_init };

static void QEMU_CONSTRUCTOR register_user_backend(void)
{
    net_backend_register(&user_backend);
}

/* --- monitor -------------------------------------------------------------- */

static void hmp_info_usernet(Monitor *mon, const char *args)
{
    for (guint i = 0; stacks && i < stacks->len; i++) {
        SlirpState *s = g_ptr_array_index(stacks, i);
        char *text = slirp_connection_info(s->slirp);

        monitor_printf(mon, "%s:\n%s", s->nc->name, text);
        free(text);
    }
}

/* [netdev] rule */
static SlirpState *find_stack(const char **args)
{
    const char *blank = strchr(*args, ' ');

    for (guint i = 0; stacks && i < stacks->len; i++) {
        SlirpState *s = g_ptr_array_index(stacks, i);

        if (!blank) {
            return s;
        }
        if (strlen(s->nc->name) == (size_t)(blank - *args) &&
            strncmp(s->nc->name, *args, blank - *args) == 0) {
            *args = blank + 1;
            return s;
        }
    }
    error_report("no such user network");
    return NULL;
}

static void hmp_hostfwd_add(Monitor *mon, const char *args)
{
    SlirpState *s = find_stack(&args);
    Error *err = NULL;

    if (s && !add_hostfwd(s, args, &err)) {
        error_report_err(err);
    } else if (s) {
        qemu_bh_schedule(s->resync_bh);
    }
}

static void hmp_hostfwd_remove(Monitor *mon, const char *args)
{
    struct in_addr any = { .s_addr = INADDR_ANY }, host;
    SlirpState *s = find_stack(&args);
    bool udp = g_str_has_prefix(args, "udp:");
    char *end;
    int port;

    if (!s) {
        return;
    }
    args += udp || g_str_has_prefix(args, "tcp:") ? 4 : *args == ':';
    if (!parse_endpoint(args, any, &host, &port, &end) || *end) {
        error_report("hostfwd_remove: expected [tcp|udp]:[hostaddr]:hostport");
    } else {
        monitor_printf(mon, "host forwarding rule for %s %s\n", args,
                       slirp_remove_hostfwd(s->slirp, udp, host, port) < 0 ? "not found"
                                                                           : "removed");
    }
}

static const HMPCommand usernet_commands[] = {
    { "info usernet", NULL, "", "show connections of user networks", hmp_info_usernet, NULL },
    { "hostfwd_add", NULL, "[netdev] [tcp|udp]:[hostaddr]:hostport-[guestaddr]:guestport",
      "redirect connections from the host to the guest", hmp_hostfwd_add, NULL },
    { "hostfwd_remove", NULL, "[netdev] [tcp|udp]:[hostaddr]:hostport",
      "remove a redirection", hmp_hostfwd_remove, NULL },
};

static void QEMU_CONSTRUCTOR register_usernet_commands(void)
{
    for (size_t i = 0; i < ARRAY_SIZE(usernet_commands); i++) {
        hmp_register(&usernet_commands[i]);
    }
}
