/*
 * Networking: two clients (a card and a backend) are peers and send packets.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef NET_NET_H
#define NET_NET_H

#include "qemu/error.h"

typedef struct MACAddr { uint8_t a[6]; } MACAddr;
typedef struct NetClientState NetClientState;

typedef struct NetClientInfo {
    const char *type;                                   /* "nic", "user", ... */
    bool (*can_receive)(NetClientState *nc);            /* NULL: always */
    /* Takes a whole Ethernet frame without FCS. Returns bytes taken, 0: not now (queue it). */
    ssize_t (*receive)(NetClientState *nc, const uint8_t *buf, size_t size);
    void (*cleanup)(NetClientState *nc);
    void (*link_status_changed)(NetClientState *nc);
} NetClientInfo;

typedef struct NICConf NICConf;

struct NetClientState {
    const NetClientInfo *info;
    NetClientState *peer;
    NICConf *conf;          /* a card's; NULL: a backend */
    char *name;
    char *model;
    char info_str[256];
    void *opaque;           /* the device or backend */
    bool link_down;
    GQueue incoming;        /* frames that wait for can_receive */
};

/* Fields of a card: properties "mac" and "netdev". */
struct NICConf {
    MACAddr macaddr;        /* all zero: assigned at realize */
    NetClientState *peer;   /* NULL: none, or it is gone */
};

/* -nic / -net nic, in order. */
typedef struct NICInfo {
    MACAddr macaddr;
    char *model;            /* NULL: the board's default */
    NetClientState *netdev;
    bool used;
    char *name;
} NICInfo;
#define MAX_NICS 8
extern NICInfo nd_table[MAX_NICS];
extern int nb_nics;

bool net_client_parse(const char *option, const char *optstr, Error **errp);   /* "netdev", "nic", "net" */
/* netdev_del: a backend, and the card's connection with it. */
bool net_backend_del(const char *id, Error **errp);
/* set_link: plugs the cable of a card (by its device's id) or a backend in or out. */
bool net_set_link(const char *name, bool up, Error **errp);
bool net_client_exists(const char *name);
bool net_init_defaults(Error **errp);       /* a card with user networking unless told otherwise */
NetClientState *qemu_find_netdev(const char *id);

/* A card's end. */
NetClientState *qemu_new_nic(const NetClientInfo *info, NICConf *conf, const char *model, const char *name, void *opaque);
void qemu_del_net_client(NetClientState *nc);
void qemu_macaddr_default_if_unset(MACAddr *mac);
/* Send to the peer; queued when it cannot take it. */
void qemu_send_packet(NetClientState *nc, const uint8_t *buf, size_t size);
/* The card can receive again. */
void qemu_flush_queued_packets(NetClientState *nc);
void qemu_format_nic_info_str(NetClientState *nc, const uint8_t mac[6]);
/* CRC-32 of Ethernet over buf; multicast hashes. */
uint32_t net_crc32(const uint8_t *p, int len);      /* most significant bit first */
uint32_t net_crc32_le(const uint8_t *p, int len);
void net_info(void (*print)(void *opaque, const char *fmt, ...), void *opaque);
void net_cleanup(void);

#endif
