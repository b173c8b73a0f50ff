/*
 * -object filter-dump: the frames of one backend in a pcap file (libpcap's
 * savefile format, link type Ethernet), time stamps in guest time.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
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
    NetClientState *nc;
    FILE *file;
    uint64_t max_bytes;
} NetDump;

static GPtrArray *dumps;        /* of NetDump * */

void net_dump_frame(const NetClientState *sender, const uint8_t *buf, size_t size)
{
    for (guint i = 0; dumps && i < dumps->len; i++) {
        NetDump *dump = g_ptr_array_index(dumps, i);
        int64_t now_us = qemu_clock_get_us(QEMU_CLOCK_VIRTUAL);
        PcapRecord record = { now_us / 1000000, now_us % 1000000, MIN(size, dump->max_bytes), size };

        if (dump->nc == sender || dump->nc == sender->peer) {
            fwrite(&record, sizeof(record), 1, dump->file);
            fwrite(buf, record.stored, 1, dump->file);
        }
    }
}

static bool start_dump(OptList *opts, const char *what, Error **errp)
{
    const char *netdev = optlist_get(opts, "netdev"), *path = optlist_get(opts, "file");
    NetDump dump = { 0 };
    PcapHeader header = { PCAP_MAGIC, PCAP_VERSION_MAJOR, PCAP_VERSION_MINOR, 0, 0, 0,
                          LINKTYPE_ETHERNET };

    if (!optlist_get(opts, "id") || !netdev || !path) {
        error_setg(errp, "%s: id=, netdev= and file= are needed", what);
        return false;
    }
    if (!optlist_get_uint(opts, "maxlen", DEFAULT_MAX, UINT32_MAX, &dump.max_bytes, what, errp) ||
        !optlist_check_unknown(opts, what, errp)) {
        return false;
    }
    dump.nc = qemu_find_netdev(netdev);
    if (!dump.nc) {
        error_setg(errp, "%s: no backend '%s'", what, netdev);
        return false;
    }
    dump.file = fopen(path, "wb");
    if (!dump.file) {
        error_setg_errno(errp, errno, "%s: cannot create file", what);
        return false;
    }
    header.max_bytes = dump.max_bytes;
    fwrite(&header, sizeof(header), 1, dump.file);
    if (!dumps) {
        dumps = g_ptr_array_new();
    }
    g_ptr_array_add(dumps, g_memdup2(&dump, sizeof(dump)));
    return true;
}

bool net_object_parse(const char *optstr, Error **errp)
{
    g_autoptr(OptList) opts = optlist_new(optstr, "qom-type");
    g_autofree char *what = g_strdup_printf("-object %s", optstr);
    const char *type = optlist_get(opts, "qom-type");

    if (!type || strcmp(type, "filter-dump")) {
        error_setg(errp, "%s: unknown object type (known: filter-dump)", what);
        return false;
    }
    return start_dump(opts, what, errp);
}

void net_dump_cleanup(void)
{
    for (guint i = 0; dumps && i < dumps->len; i++) {
        NetDump *dump = g_ptr_array_index(dumps, i);

        if (fclose(dump->file)) {
            warn_report("-object filter-dump: the file is not complete: %s", strerror(errno));
        }
        g_free(dump);
    }
    g_clear_pointer(&dumps, g_ptr_array_unref);
}
