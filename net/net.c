/*
 * Networking core: clients, their queues, and the options -netdev, -nic and
 * -net. Backends are in their own files; cards in hw/net.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include <zlib.h>
#include "hw/qdev.h"
#include "net/net-int.h"
#include "trace/net.h"

#define QUEUE_MAX_FRAMES 1000
#define FRAME_MAX_BYTES  (64 * KiB + 64)

typedef struct Frame {
    size_t size;
    uint8_t data[];
} Frame;

NICInfo nd_table[MAX_NICS];
int nb_nics;

static GPtrArray *clients;          /* of NetClientState */
static GPtrArray *backends;         /* of const NetBackend * */
static bool default_card = true;    /* nothing about networking on the command line */

/* "-net nic" and "-net user" find each other in net_init_defaults. */
static GPtrArray *legacy_backends;

/* --- clients and frames --------------------------------------------------- */

NetClientState *net_client_new(const NetClientInfo *info, const char *model, const char *name,
                               void *opaque)
{
    NetClientState *nc = g_new0(NetClientState, 1);
    int index = 0;

    for (guint i = 0; clients && i < clients->len; i++) {
        NetClientState *other = g_ptr_array_index(clients, i);

        index += strcmp(other->model, model) == 0;
    }
    nc->info = info;
    nc->model = g_strdup(model);
    nc->name = name && *name ? g_strdup(name) : g_strdup_printf("%s.%d", model, index);
    nc->opaque = opaque;
    g_queue_init(&nc->incoming);
    if (!clients) {
        clients = g_ptr_array_new();
    }
    g_ptr_array_add(clients, nc);
    return nc;
}

NetClientState *qemu_find_netdev(const char *id)
{
    for (guint i = 0; clients && i < clients->len; i++) {
        NetClientState *nc = g_ptr_array_index(clients, i);

        if (strcmp(nc->name, id) == 0 && strcmp(nc->info->type, "nic") != 0) {
            return nc;
        }
    }
    return NULL;
}

NetClientState *qemu_new_nic(const NetClientInfo *info, NICConf *conf, const char *model,
                             const char *name, void *opaque)
{
    NetClientState *nc = net_client_new(info, model, name, opaque);

    nc->conf = conf;
    if (conf->peer && conf->peer->peer) {
        warn_report("%s: backend '%s' already has a card", model, conf->peer->name);
        conf->peer = NULL;
    } else if (conf->peer) {
        nc->peer = conf->peer;
        nc->peer->peer = nc;
    }
    return nc;
}

void qemu_del_net_client(NetClientState *nc)
{
    if (nc->peer) {
        nc->peer->peer = NULL;
        if (nc->peer->conf) {
            nc->peer->conf->peer = NULL;
        }
    }
    net_dump_forget(nc);
    if (nc->info->cleanup) {
        nc->info->cleanup(nc);
    }
    g_ptr_array_remove(clients, nc);
    g_queue_clear_full(&nc->incoming, g_free);
    g_free(nc->name);
    g_free(nc->model);
    g_free(nc);
}

static NetClientState *find_client(const char *name)
{
    for (guint i = 0; clients && i < clients->len; i++) {
        NetClientState *nc = g_ptr_array_index(clients, i);

        if (strcmp(nc->name, name) == 0) {
            return nc;
        }
    }
    return NULL;
}

bool net_client_exists(const char *name)
{
    return find_client(name) != NULL;
}

static bool fail_not_found(const char *name, Error **errp)
{
    error_setg(errp, "Device '%s' not found", name);
    error_set_class(errp, ERROR_DEVICE_NOT_FOUND);
    return false;
}

bool net_backend_del(const char *id, Error **errp)
{
    NetClientState *nc = qemu_find_netdev(id);

    if (!nc) {
        return fail_not_found(id, errp);
    }
    qemu_del_net_client(nc);
    return true;
}

bool net_set_link(const char *name, bool up, Error **errp)
{
    NetClientState *nc = find_client(name);

    if (!nc) {
        return fail_not_found(name, errp);
    }
    nc->link_down = !up;
    if (nc->info->link_status_changed) {
        nc->info->link_status_changed(nc);
    }
    /* A backend's cable is also the card's. */
    if (strcmp(nc->info->type, "nic") && nc->peer && !strcmp(nc->peer->info->type, "nic")) {
        nc->peer->link_down = !up;
        if (nc->peer->info->link_status_changed) {
            nc->peer->info->link_status_changed(nc->peer);
        }
    }
    return true;
}

static bool try_deliver(NetClientState *nc, const uint8_t *buf, size_t size)
{
    if (nc->link_down) {
        return true;                /* lost on the wire */
    }
    if (nc->info->can_receive && !nc->info->can_receive(nc)) {
        return false;
    }
    return nc->info->receive(nc, buf, size) != 0;
}

void qemu_send_packet(NetClientState *nc, const uint8_t *buf, size_t size)
{
    NetClientState *peer = nc->peer;
    Frame *frame;

    if (!peer || nc->link_down || size == 0 || size > FRAME_MAX_BYTES) {
        return;
    }
    net_dump_frame(nc, buf, size);
    trace_net_send(nc->name, peer->name, size, !g_queue_is_empty(&peer->incoming));
    if (g_queue_is_empty(&peer->incoming) && try_deliver(peer, buf, size)) {
        return;
    }
    if (g_queue_get_length(&peer->incoming) < QUEUE_MAX_FRAMES) {
        frame = g_malloc(sizeof(*frame) + size);
        frame->size = size;
        memcpy(frame->data, buf, size);
        g_queue_push_tail(&peer->incoming, frame);
    } else {
        trace_net_drop(peer->name, size);
    }
}

void qemu_flush_queued_packets(NetClientState *nc)
{
    Frame *frame;

    while ((frame = g_queue_pop_head(&nc->incoming))) {
        if (!try_deliver(nc, frame->data, frame->size)) {
            g_queue_push_head(&nc->incoming, frame);
            return;
        }
        g_free(frame);
    }
}

/* --- addresses and checksums ---------------------------------------------- */

void qemu_macaddr_default_if_unset(MACAddr *mac)
{
    static int next = 0x56;
    static const MACAddr unset;

    if (memcmp(mac, &unset, sizeof(unset)) == 0) {
        *mac = (MACAddr){ { 0x52, 0x54, 0x00, 0x12, 0x34, next++ } };
    }
}

void qemu_format_nic_info_str(NetClientState *nc, const uint8_t mac[6])
{
    snprintf(nc->info_str, sizeof(nc->info_str),
             "model=%s,macaddr=%02x:%02x:%02x:%02x:%02x:%02x", nc->model, mac[0], mac[1], mac[2],
             mac[3], mac[4], mac[5]);
}

/* IEEE 802.3, 3.2.9. */
uint32_t net_crc32(const uint8_t *p, int len)
{
    uint32_t crc = 0xffffffff;

    for (int i = 0; i < len; i++) {
        for (int bit = 0; bit < 8; bit++) {
            bool carry = (crc >> 31) ^ (p[i] >> bit & 1);

            crc = crc << 1 ^ (carry ? 0x04c11db7 : 0);
        }
    }
    return crc;
}

uint32_t net_crc32_le(const uint8_t *p, int len)
{
    return ~crc32(0, p, len);
}

/* --- options -------------------------------------------------------------- */

void net_backend_register(const NetBackend *backend)
{
    if (!backends) {
        backends = g_ptr_array_new();
    }
    g_ptr_array_add(backends, (gpointer)backend);
}

static NetClientState *create_backend(const char *type, const char *name, OptList *opts,
                                      const char *what, Error **errp)
{
    GString *known = g_string_new("none");
    NetClientState *nc = NULL;
    bool found = false;

    for (guint i = 0; backends && i < backends->len && !found; i++) {
        const NetBackend *backend = g_ptr_array_index(backends, i);

        if (strcmp(backend->type, type) == 0) {
            found = true;
            nc = backend->init(name, opts, what, errp);
        }
        g_string_append_printf(known, ", %s", backend->type);
    }
    if (!found) {
        error_setg(errp, "%s: unknown or unsupported backend '%s' (known: %s)", what, type,
                   known->str);
    }
    g_string_free(known, TRUE);
    return nc;
}

static void collect_card(const TypeInfo *type, void *opaque)
{
    if (type->user_creatable && type->category && strcmp(type->category, "network") == 0) {
        g_ptr_array_add(opaque, (gpointer)type->name);
    }
}

static bool check_model(const char *model, const char *what, Error **errp)
{
    GPtrArray *cards = g_ptr_array_new();
    bool found = false;

    type_foreach("device", collect_card, cards);
    for (guint i = 0; i < cards->len; i++) {
        found = found || strcmp(g_ptr_array_index(cards, i), model) == 0;
    }
    if (!found) {
        char *known;

        g_ptr_array_add(cards, NULL);
        known = g_strjoinv(", ", (char **)cards->pdata);
        error_setg(errp, "%s: unknown card '%s' (known: %s)", what, model, known);
        g_free(known);
    }
    g_ptr_array_free(cards, TRUE);
    return found;
}

static bool parse_mac(const char *text, MACAddr *mac)
{
    unsigned b[6];
    char rest;

    if (sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x%c", &b[0], &b[1], &b[2], &b[3], &b[4], &b[5],
               &rest) != 6) {
        return false;
    }
    for (int i = 0; i < 6; i++) {
        mac->a[i] = b[i];
    }
    return true;
}

/* The card's half of -nic and -net nic. `mac_key` differs between them. */
static NICInfo *parse_card(OptList *opts, const char *mac_key, const char *what, Error **errp)
{
    const char *given = optlist_get(opts, "model"), *mac = optlist_get(opts, mac_key);
    const char *model = g_strcmp0(given, "virtio") ? given : "virtio-net-pci";
    NICInfo *nd = &nd_table[nb_nics];

    if (nb_nics == MAX_NICS) {
        error_setg(errp, "%s: more than %d cards", what, MAX_NICS);
        return NULL;
    }
    memset(nd, 0, sizeof(*nd));
    if (model && !check_model(model, what, errp)) {
        return NULL;
    }
    if (mac && !parse_mac(mac, &nd->macaddr)) {
        error_setg(errp, "%s: invalid address '%s'", what, mac);
        return NULL;
    }
    if (nd->macaddr.a[0] & 1) {
        error_setg(errp, "%s: '%s' is a multicast address", what, mac);
        return NULL;
    }
    nd->model = g_strdup(model);
    return nd;
}

static bool parse_netdev(OptList *opts, const char *type, const char *what, Error **errp)
{
    const char *id = optlist_get(opts, "id");
    NetClientState *nc;

    if (!id || !*id) {
        error_setg(errp, "%s: id= is missing", what);
        return false;
    }
    if (qemu_find_netdev(id)) {
        error_setg(errp, "%s: there is already a backend '%s'", what, id);
        return false;
    }
    nc = create_backend(type, id, opts, what, errp);
    return nc && optlist_check_unknown(opts, what, errp);
}

static bool parse_nic(OptList *opts, const char *type, const char *what, Error **errp)
{
    const char *id = optlist_get(opts, "id");
    NICInfo *nd;

    if (strcmp(type, "none") == 0) {
        return optlist_check_unknown(opts, what, errp);
    }
    nd = parse_card(opts, "mac", what, errp);
    if (!nd) {
        return false;
    }
    if (strcmp(type, "hubport") != 0) {
        nd->netdev = create_backend(type, id, opts, what, errp);
        if (!nd->netdev) {
            return false;
        }
    }
    nb_nics++;
    return optlist_check_unknown(opts, what, errp);
}

static bool parse_net(OptList *opts, const char *type, const char *what, Error **errp)
{
    const char *name = optlist_get(opts, "name"), *netdev = optlist_get(opts, "netdev");
    NICInfo *nd;
    NetClientState *nc;

    if (strcmp(type, "none") == 0) {
        return optlist_check_unknown(opts, what, errp);
    }
    if (strcmp(type, "nic") == 0) {
        nd = parse_card(opts, "macaddr", what, errp);
        if (!nd) {
            return false;
        }
        nd->name = g_strdup(name);
        if (netdev) {
            nd->netdev = qemu_find_netdev(netdev);
            if (!nd->netdev) {
                error_setg(errp, "%s: no backend '%s'", what, netdev);
                return false;
            }
        }
        nb_nics++;
        return optlist_check_unknown(opts, what, errp);
    }
    nc = create_backend(type, name, opts, what, errp);
    if (!nc) {
        return false;
    }
    if (!legacy_backends) {
        legacy_backends = g_ptr_array_new();
    }
    g_ptr_array_add(legacy_backends, nc);
    return optlist_check_unknown(opts, what, errp);
}

bool net_client_parse(const char *option, const char *optstr, Error **errp)
{
    OptList *opts = optlist_new(optstr, "type");
    const char *type = optlist_get(opts, "type");
    char *what = g_strdup_printf("-%s %s", option, optstr);
    bool ok = false;

    default_card = false;
    if (!type) {
        error_setg(errp, "-%s: a type is missing", option);
    } else if (strcmp(option, "netdev") == 0) {
        ok = parse_netdev(opts, type, what, errp);
    } else if (strcmp(option, "nic") == 0) {
        ok = parse_nic(opts, type, what, errp);
    } else {
        ok = parse_net(opts, type, what, errp);
    }
    g_free(what);
    optlist_free(opts);
    return ok;
}

bool net_init_defaults(Error **errp)
{
    guint next = 0;

    if (default_card && !net_client_parse("nic", "user", errp)) {
        return false;
    }
    for (int i = 0; i < nb_nics && legacy_backends; i++) {
        if (!nd_table[i].netdev && next < legacy_backends->len) {
            nd_table[i].netdev = g_ptr_array_index(legacy_backends, next++);
        }
    }
    if (legacy_backends && next < legacy_backends->len) {
        warn_report("-net: %u backend(s) without a card", legacy_backends->len - next);
    }
    return true;
}

/* --- information and end -------------------------------------------------- */

static void print_client(NetClientState *nc, const char *indent,
                         void (*print)(void *opaque, const char *fmt, ...), void *opaque)
{
    print(opaque, "%s%s: index=0,type=%s,%s%s\n", indent, nc->name, nc->info->type, nc->info_str,
          nc->link_down ? ",link=down" : "");
}

void net_info(void (*print)(void *opaque, const char *fmt, ...), void *opaque)
{
    for (guint i = 0; clients && i < clients->len; i++) {
        NetClientState *nc = g_ptr_array_index(clients, i);
        bool is_card = strcmp(nc->info->type, "nic") == 0;

        if (is_card || !nc->peer) {
            print_client(nc, "", print, opaque);
        }
        if (is_card && nc->peer) {
            print_client(nc->peer, " \\ ", print, opaque);
        }
    }
}

void net_cleanup(void)
{
    while (clients && clients->len) {
        qemu_del_net_client(g_ptr_array_index(clients, clients->len - 1));
    }
}
