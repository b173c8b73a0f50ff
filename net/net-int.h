/*
 * Inside of the network layer: backends.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef NET_NET_INT_H
#define NET_NET_INT_H

#include "net/net.h"
#include "qemu/optlist.h"

/* `what` starts error messages. NULL: error set, nothing left over. */
typedef NetClientState *NetBackendInit(const char *name, OptList *opts, const char *what,
                                       Error **errp);
typedef struct NetBackend {
    const char *type;
    NetBackendInit *init;
} NetBackend;

/* From constructors. */
void net_backend_register(const NetBackend *backend);
NetClientState *net_client_new(const NetClientInfo *info, const char *model, const char *name,
                               void *opaque);

/* dump.c: a frame that leaves a client; a client that goes. */
void net_dump_frame(const NetClientState *sender, const uint8_t *buf, size_t size);
void net_dump_forget(const NetClientState *nc);

#endif
