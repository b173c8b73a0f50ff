/*
 * -object filter-dump: the frames of one backend in a pcap file (libpcap's
 * savefile format, link type Ethernet), time stamps in guest time.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/user-creatable.h"
#include "net/net-int.h"
#include "qemu/timer.h"

enum { PCAP_VERSION_MAJOR = 2, PCAP_VERSION_MINOR = 4, LINKTYPE_ETHERNET = 1, DEFAULT_MAX = 65536 };
#define PCAP_MAGIC 0xa1b2c3d4u

typedef struct PcapHeader {
    uint32_t magic;
    uint16_t major, minor;
    int32_t zone;
    uint32_t accuracy, max_bytes, link_type;
} PcapHeader;

typedef struct PcapRecord {
    uint32_t seconds, microseconds, stored, length;
} PcapRecord;

typedef struct NetDump {
    Object parent_obj;
    char *netdev, *path;        /* properties */
    uint32_t max_bytes;
    NetClientState *nc;         /* NULL: it is gone */
    FILE *file;                 /* NULL: not begun */
} NetDump;

static GPtrArray *dumps;        /* of NetDump * */

void net_dump_frame(const NetClientState *sender, const uint8_t *buf, size_t size)
{
    for (guint i = 0; dumps && i < dumps->len; i++) {
        NetDump *dump = g_ptr_array_index(dumps, i);
        int64_t now_us = qemu_clock_get_us(QEMU_CLOCK_VIRTUAL);
        PcapRecord record = { now_us / 1000000, now_us % 1000000, MIN(size, dump->max_bytes), size };

        if (dump->nc && (dump->nc == sender || dump->nc == sender->peer)) {
            fwrite(&record, sizeof(record), 1, dump->file);
            fwrite(buf, record.stored, 1, dump->file);
        }
    }
}

void net_dump_forget(const NetClientState *nc)
{
    for (guint i = 0; dumps && i < dumps->len; i++) {
        NetDump *dump = g_ptr_array_index(dumps, i);

        dump->nc = dump->nc == nc ? NULL : dump->nc;
    }
}

static bool dump_complete(Object *obj, Error **errp)
{
    NetDump *dump = (NetDump *)obj;
    PcapHeader header = { PCAP_MAGIC, PCAP_VERSION_MAJOR, PCAP_VERSION_MINOR, 0, 0, 0,
                          LINKTYPE_ETHERNET };

    if (!dump->netdev || !dump->path) {
        error_setg(errp, "netdev= and file= are needed");
        return false;
    }
    dump->nc = qemu_find_netdev(dump->netdev);
    if (!dump->nc) {
        error_setg(errp, "no backend '%s'", dump->netdev);
        return false;
    }
    dump->file = fopen(dump->path, "wb");
    if (!dump->file) {
        error_setg_errno(errp, errno, "cannot create file '%s'", dump->path);
        return false;
    }
    header.max_bytes = dump->max_bytes;
    fwrite(&header, sizeof(header), 1, dump->file);
    if (!dumps) {
        dumps = g_ptr_array_new();
    }
    g_ptr_array_add(dumps, dump);
    return true;
}

static void dump_finalize(Object *obj)
{
    NetDump *dump = (NetDump *)obj;

    if (dump->file) {
        g_ptr_array_remove(dumps, dump);
        if (fclose(dump->file)) {
            warn_report("-object filter-dump: the file is not complete: %s", strerror(errno));
        }
    }
    g_free(dump->netdev);
    g_free(dump->path);
}

static const Property dump_props[] = {
    DEFINE_PROP_STRING("netdev", NetDump, netdev),
    DEFINE_PROP_STRING("file", NetDump, path),
    DEFINE_PROP_UINT32("maxlen", NetDump, max_bytes, DEFAULT_MAX),
    DEFINE_PROP_END
};

static const UserCreatableClass dump_class = { .late = true, .complete = dump_complete };

static const TypeInfo dump_info = {
    .name = "filter-dump", .parent = TYPE_USER_CREATABLE, .desc = "frames in a file",
    .instance_size = sizeof(NetDump), .finalize = dump_finalize, .props = dump_props, .user_creatable = true,
    .class_data = &dump_class,
};
DEFINE_TYPE(dump_info)
