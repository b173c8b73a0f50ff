/*
 * Packet commands of a CD/DVD drive (SFF-8020i, MMC-3).
 *
 * One row and one function for each command. Left out: audio, DVD structures,
 * recording (answered as an invalid operation code, as a drive without does).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/log.h"
#include "hw/ide/ide-internal.h"
#include "trace/hw-ide.h"

enum { NOT_READY = 2, ILLEGAL_REQUEST = 5, UNIT_ATTENTION = 6 };
enum { ASC_INVALID_OPCODE = 0x20, ASC_INVALID_FIELD = 0x24, ASC_MEDIUM_CHANGED = 0x28,
       ASC_NO_MEDIUM = 0x3a, ASC_REMOVAL_PREVENTED = 0x53 };
enum { NEEDS_MEDIUM = 1, ALWAYS = 2 /* runs in spite of a unit attention */ };
enum { LEAD_OUT = 0xaa, CD_MAX_SECTORS = 80 * 60 * 75 };

typedef struct PacketCommand {
    void (*run)(IDEDrive *s, const uint8_t *cdb);
    uint8_t flags;
} PacketCommand;

static void clear(IDEDrive *s, size_t bytes)
{
    memset(s->buffer, 0, bytes);
}

/* Address as minute, second, frame (with the 2 s lead-in) or as a sector number. */
static void put_address(uint8_t *p, uint64_t lba, bool msf)
{
    if (msf) {
        lba += 150;
        p[0] = 0;
        p[1] = lba / 75 / 60;
        p[2] = lba / 75 % 60;
        p[3] = lba % 75;
    } else {
        stl_be_p(p, lba);
    }
}

static void cmd_test_unit_ready(IDEDrive *s, const uint8_t *cdb)
{
    atapi_ok(s);
}

static void cmd_request_sense(IDEDrive *s, const uint8_t *cdb)
{
    uint8_t key = s->sense_key, asc = s->asc;

    clear(s, 18);
    if (key == 0 && s->medium_changed) {
        key = UNIT_ATTENTION;
        asc = ASC_MEDIUM_CHANGED;
        s->medium_changed = false;
    }
    s->buffer[0] = 0x70;        /* current error, fixed format */
    s->buffer[2] = key;
    s->buffer[7] = 10;
    s->buffer[12] = asc;
    s->buffer[13] = s->ascq;
    atapi_reply(s, 18, cdb[4]);
}

static void put_padded(uint8_t *p, size_t length, const char *text)
{
    size_t n = strlen(text);

    memset(p, ' ', length);
    memcpy(p, text, MIN(n, length));
}

static void cmd_inquiry(IDEDrive *s, const uint8_t *cdb)
{
    if (cdb[1] & 1) {           /* vital product data */
        atapi_error(s, ILLEGAL_REQUEST, ASC_INVALID_FIELD);
        return;
    }
    clear(s, 36);
    s->buffer[0] = 0x05;        /* CD-ROM device */
    s->buffer[1] = 0x80;        /* removable */
    s->buffer[3] = 0x21;        /* ATAPI-2, SFF-8020 response format */
    s->buffer[4] = 31;
    put_padded(s->buffer + 8, 8, "QEMU");
    put_padded(s->buffer + 16, 16, s->model);
    put_padded(s->buffer + 32, 4, s->version);
    atapi_reply(s, 36, lduw_be_p(cdb + 3));
}

static void cmd_start_stop(IDEDrive *s, const uint8_t *cdb)
{
    bool start = cdb[4] & 1, load_eject = cdb[4] & 2;

    if (load_eject && !start && s->tray_locked && !s->tray_open) {
        atapi_error(s, ILLEGAL_REQUEST, ASC_REMOVAL_PREVENTED);
        return;
    }
    if (load_eject) {
        if (start && s->tray_open && blk_is_inserted(s->blk)) {
            s->medium_changed = true;
        }
        if (s->tray_open != !start) {
            s->tray_open = !start;
            blk_tray_moved(s->blk, !start);
        }
    }
    atapi_ok(s);
}

static void cmd_prevent_removal(IDEDrive *s, const uint8_t *cdb)
{
    s->tray_locked = cdb[4] & 1;
    atapi_ok(s);
}

static void cmd_read_capacity(IDEDrive *s, const uint8_t *cdb)
{
    stl_be_p(s->buffer, atapi_sectors(s) - 1);
    stl_be_p(s->buffer + 4, CD_SECTOR);
    atapi_reply(s, 8, 8);
}

static void cmd_read(IDEDrive *s, const uint8_t *cdb)
{
    uint32_t sectors = cdb[0] == 0x28 ? lduw_be_p(cdb + 7) : ldl_be_p(cdb + 6);

    atapi_read_sectors(s, ldl_be_p(cdb + 2), sectors, CD_SECTOR);
}

/* The last byte but two chooses which parts of a sector are sent. */
static void read_cd(IDEDrive *s, uint64_t lba, uint32_t sectors, uint8_t parts)
{
    switch (parts & 0xf8) {
    case 0x00:
        atapi_ok(s);
        break;
    case 0x10:
        atapi_read_sectors(s, lba, sectors, CD_SECTOR);
        break;
    case 0xf8:
        atapi_read_sectors(s, lba, sectors, CD_RAW_SECTOR);
        break;
    default:
        atapi_error(s, ILLEGAL_REQUEST, ASC_INVALID_FIELD);
        break;
    }
}

static void cmd_read_cd(IDEDrive *s, const uint8_t *cdb)
{
    read_cd(s, ldl_be_p(cdb + 2), cdb[6] << 16 | cdb[7] << 8 | cdb[8], cdb[9]);
}

static void cmd_read_cd_msf(IDEDrive *s, const uint8_t *cdb)
{
    int64_t first = (cdb[3] * 60 + cdb[4]) * 75 + cdb[5] - 150;
    int64_t end = (cdb[6] * 60 + cdb[7]) * 75 + cdb[8] - 150;

    if (first < 0 || end < first) {
        atapi_error(s, ILLEGAL_REQUEST, ASC_INVALID_FIELD);
    } else {
        read_cd(s, first, end - first, cdb[9]);
    }
}

static void cmd_seek(IDEDrive *s, const uint8_t *cdb)
{
    if (ldl_be_p(cdb + 2) >= atapi_sectors(s)) {
        atapi_error(s, ILLEGAL_REQUEST, 0x21);
    } else {
        atapi_ok(s);
    }
}

static uint32_t toc_tracks(IDEDrive *s, bool msf, uint8_t first_track)
{
    uint8_t *p = s->buffer + 4;

    s->buffer[2] = s->buffer[3] = 1;        /* first and last track */
    if (first_track <= 1) {
        p[1] = 0x14;                        /* data track */
        p[2] = 1;
        put_address(p + 4, 0, msf);
        p += 8;
    }
    p[1] = 0x14;
    p[2] = LEAD_OUT;
    put_address(p + 4, atapi_sectors(s), msf);
    return p + 8 - s->buffer;
}

static uint32_t toc_raw(IDEDrive *s)
{
    static const uint8_t points[] = { 0xa0, 0xa1, 0xa2, 1 };
    uint8_t *p = s->buffer + 4;
    unsigned i;

    s->buffer[2] = s->buffer[3] = 1;        /* sessions */
    for (i = 0; i < ARRAY_SIZE(points); i++, p += 11) {
        p[0] = 1;
        p[1] = 0x14;
        p[3] = points[i];
        if (points[i] == 0xa2) {
            put_address(p + 7, atapi_sectors(s), true);
        } else if (points[i] == 1) {
            put_address(p + 7, 0, true);
        } else {
            p[8] = 1;                       /* first and last track */
        }
    }
    return p - s->buffer;
}

static void cmd_read_toc(IDEDrive *s, const uint8_t *cdb)
{
    bool msf = cdb[1] & 2;
    uint8_t format = cdb[2] & 0xf ? cdb[2] & 0xf : cdb[9] >> 6;
    uint32_t bytes;

    clear(s, 64);
    switch (format) {
    case 0:
        if (cdb[6] > 1 && cdb[6] != LEAD_OUT) {
            atapi_error(s, ILLEGAL_REQUEST, ASC_INVALID_FIELD);
            return;
        }
        bytes = toc_tracks(s, msf, cdb[6]);
        break;
    case 1:                                 /* sessions */
        s->buffer[2] = s->buffer[3] = 1;
        s->buffer[5] = 0x14;
        s->buffer[6] = 1;
        put_address(s->buffer + 8, 0, msf);
        bytes = 12;
        break;
    case 2:
        bytes = toc_raw(s);
        break;
    default:
        atapi_error(s, ILLEGAL_REQUEST, ASC_INVALID_FIELD);
        return;
    }
    stw_be_p(s->buffer, bytes - 2);
    atapi_reply(s, bytes, lduw_be_p(cdb + 7));
}

static void cmd_read_subchannel(IDEDrive *s, const uint8_t *cdb)
{
    clear(s, 4);
    s->buffer[1] = 0x15;                    /* no audio status to report */
    atapi_reply(s, 4, lduw_be_p(cdb + 7));
}

/* Pages of MODE SENSE, the current values. */
static uint32_t mode_page(IDEDrive *s, uint8_t code, uint8_t *p)
{
    switch (code) {
    case 0x01:                              /* read error recovery */
        p[0] = code;
        p[1] = 6;
        p[3] = 5;
        return 8;
    case 0x0e:                              /* audio */
        p[0] = code;
        p[1] = 14;
        p[2] = 4;
        p[7] = 75;
        return 16;
    case 0x2a:                              /* capabilities and mechanical status */
        p[0] = code;
        p[1] = 18;
        p[2] = 0x3b;                        /* reads CD-R, CD-RW, DVD-ROM, DVD-R */
        p[4] = 0x70;                        /* mode 2 form 1 and 2, multisession */
        p[6] = 0x29 | (s->tray_locked ? 2 : 0);     /* tray, can eject and lock */
        stw_be_p(p + 8, 706);               /* kB/s */
        stw_be_p(p + 10, 2);
        stw_be_p(p + 12, 512);              /* kB of buffer */
        stw_be_p(p + 14, 706);
        return 20;
    }
    return 0;
}

static uint8_t medium_type(IDEDrive *s)
{
    return s->tray_open ? 0x71 : !atapi_sectors(s) ? 0x70 : 0x01;
}

static void cmd_mode_sense(IDEDrive *s, const uint8_t *cdb)
{
    static const uint8_t pages[] = { 0x01, 0x0e, 0x2a };
    bool ten = cdb[0] == 0x5a;
    uint32_t header = ten ? 8 : 4;
    uint32_t bytes = header;
    uint8_t wanted = cdb[2] & 0x3f;
    unsigned i;

    clear(s, 128);
    if (cdb[2] >> 6 == 3) {                 /* saved values: none */
        atapi_error(s, ILLEGAL_REQUEST, 0x39);
        return;
    }
    for (i = 0; i < ARRAY_SIZE(pages); i++) {
        if (wanted == pages[i] || wanted == 0x3f) {
            bytes += mode_page(s, pages[i], s->buffer + bytes);
        }
    }
    if (bytes == header) {
        atapi_error(s, ILLEGAL_REQUEST, ASC_INVALID_FIELD);
        return;
    }
    if (ten) {
        stw_be_p(s->buffer, bytes - 2);
        s->buffer[2] = medium_type(s);
    } else {
        s->buffer[0] = bytes - 1;
        s->buffer[1] = medium_type(s);
    }
    atapi_reply(s, bytes, ten ? lduw_be_p(cdb + 7) : cdb[4]);
}

static void cmd_mode_select(IDEDrive *s, const uint8_t *cdb)
{
    uint32_t bytes = cdb[0] == 0x55 ? lduw_be_p(cdb + 7) : cdb[4];

    if (bytes == 0) {
        atapi_ok(s);
    } else if (s->packet_dma) {
        atapi_error(s, ILLEGAL_REQUEST, ASC_INVALID_FIELD);
    } else {
        ide_transfer_start(s, bytes, true, AFTER_PACKET_PARAMS);
        s->count[0] = 0;
        s->lba_mid[0] = bytes;
        s->lba_high[0] = bytes >> 8;
        ide_set_irq(s->bus, true);
    }
}

static void cmd_get_configuration(IDEDrive *s, const uint8_t *cdb)
{
    static const struct { uint16_t code; uint8_t flags, length, data[8]; } features[] = {
        { 0x0000, 0x03, 8, { 0, 0x10, 0, 0, 0, 0x08, 0, 0 } },  /* profiles: DVD-ROM, CD-ROM */
        { 0x0001, 0x0b, 8, { 0, 0, 0, 2 } },                    /* core: ATAPI */
        { 0x0003, 0x03, 4, { 0x29 } },                          /* removable medium: tray */
    };
    uint16_t start = lduw_be_p(cdb + 2);
    uint64_t sectors = atapi_sectors(s);
    uint8_t *p = s->buffer + 8;
    unsigned i;

    clear(s, 64);
    s->buffer[7] = sectors == 0 ? 0 : sectors > CD_MAX_SECTORS ? 0x10 : 0x08;
    for (i = 0; i < ARRAY_SIZE(features); i++) {
        if (features[i].code < start || ((cdb[1] & 3) == 2 && features[i].code != start)) {
            continue;
        }
        stw_be_p(p, features[i].code);
        p[2] = features[i].flags;
        p[3] = features[i].length;
        memcpy(p + 4, features[i].data, features[i].length);
        if (i == 0) {                       /* which profile is current */
            p[4 + 2] = s->buffer[7] == 0x10;
            p[4 + 6] = s->buffer[7] == 0x08;
        }
        p += 4 + features[i].length;
    }
    stl_be_p(s->buffer, p - s->buffer - 4);
    atapi_reply(s, p - s->buffer, lduw_be_p(cdb + 7));
}

static void cmd_get_event_status(IDEDrive *s, const uint8_t *cdb)
{
    enum { CLASS_MEDIA = 4 };

    if (!(cdb[1] & 1)) {                    /* asynchronous notification */
        atapi_error(s, ILLEGAL_REQUEST, ASC_INVALID_FIELD);
        return;
    }
    clear(s, 8);
    s->buffer[3] = 1 << CLASS_MEDIA;
    if (cdb[4] & 1 << CLASS_MEDIA) {
        stw_be_p(s->buffer, 6);
        s->buffer[2] = CLASS_MEDIA;
        s->buffer[4] = s->media_event;
        s->buffer[5] = (s->tray_open ? 1 : 0) | (atapi_sectors(s) ? 2 : 0);
        s->media_event = 0;
        atapi_reply(s, 8, lduw_be_p(cdb + 7));
    } else {
        stw_be_p(s->buffer, 2);
        s->buffer[2] = 0x80;                /* no event available */
        atapi_reply(s, 4, lduw_be_p(cdb + 7));
    }
}

static void cmd_mechanism_status(IDEDrive *s, const uint8_t *cdb)
{
    clear(s, 8);
    s->buffer[1] = s->tray_open ? 0x10 : 0;
    atapi_reply(s, 8, lduw_be_p(cdb + 8));
}

static void cmd_read_disc_information(IDEDrive *s, const uint8_t *cdb)
{
    if (cdb[1] & 7) {
        atapi_error(s, ILLEGAL_REQUEST, ASC_INVALID_FIELD);
        return;
    }
    clear(s, 34);
    stw_be_p(s->buffer, 32);
    s->buffer[2] = 0x0e;                    /* disc and last session complete */
    s->buffer[3] = s->buffer[4] = s->buffer[5] = s->buffer[6] = 1;
    s->buffer[7] = 0x20;
    atapi_reply(s, 34, lduw_be_p(cdb + 7));
}

static const PacketCommand commands[256] = {
    [0x00] = { cmd_test_unit_ready, NEEDS_MEDIUM },
    [0x03] = { cmd_request_sense, ALWAYS },
    [0x12] = { cmd_inquiry, ALWAYS },
    [0x15] = { cmd_mode_select, 0 },
    [0x1a] = { cmd_mode_sense, 0 },
    [0x1b] = { cmd_start_stop, 0 },
    [0x1e] = { cmd_prevent_removal, 0 },
    [0x25] = { cmd_read_capacity, NEEDS_MEDIUM },
    [0x28] = { cmd_read, NEEDS_MEDIUM },
    [0x2b] = { cmd_seek, NEEDS_MEDIUM },
    [0x2f] = { cmd_test_unit_ready, NEEDS_MEDIUM },     /* VERIFY */
    [0x42] = { cmd_read_subchannel, NEEDS_MEDIUM },
    [0x43] = { cmd_read_toc, NEEDS_MEDIUM },
    [0x46] = { cmd_get_configuration, ALWAYS },
    [0x4a] = { cmd_get_event_status, ALWAYS },
    [0x51] = { cmd_read_disc_information, NEEDS_MEDIUM },
    [0x55] = { cmd_mode_select, 0 },
    [0x5a] = { cmd_mode_sense, 0 },
    [0xa8] = { cmd_read, NEEDS_MEDIUM },
    [0xb9] = { cmd_read_cd_msf, NEEDS_MEDIUM },
    [0xbb] = { cmd_test_unit_ready, 0 },                /* SET CD SPEED */
    [0xbd] = { cmd_mechanism_status, 0 },
    [0xbe] = { cmd_read_cd, NEEDS_MEDIUM },
};

void atapi_exec(IDEDrive *s)
{
    const uint8_t *cdb = s->packet;
    const PacketCommand *row = &commands[cdb[0]];

    trace_ide_atapi_packet(cdb[0], cdb[1], cdb[2], cdb[3], cdb[4], cdb[5]);
    if (s->medium_changed && !(row->flags & ALWAYS)) {
        s->medium_changed = false;
        atapi_error(s, UNIT_ATTENTION, ASC_MEDIUM_CHANGED);
    } else if (!row->run) {
        qemu_log_mask(LOG_UNIMP, "ide-cd: packet command 0x%02x\n", cdb[0]);
        atapi_error(s, ILLEGAL_REQUEST, ASC_INVALID_OPCODE);
    } else if ((row->flags & NEEDS_MEDIUM) && atapi_sectors(s) == 0) {
        atapi_error(s, NOT_READY, ASC_NO_MEDIUM);
    } else {
        row->run(s, cdb);
    }
}
