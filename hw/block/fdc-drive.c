/*
 * Floppy drives and the sizes of their media.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/block/fdc-internal.h"

typedef struct FloppyFormat {
    FloppyType drive;
    uint8_t tracks, heads, sectors, rate;
} FloppyFormat;

/* The first one of a drive is its own. */
static const FloppyFormat formats[] = {
    { FD_TYPE_288, 80, 2, 36, 3 }, { FD_TYPE_288, 80, 2, 39, 3 }, { FD_TYPE_288, 80, 2, 40, 3 },
    { FD_TYPE_288, 80, 2, 44, 3 }, { FD_TYPE_288, 80, 2, 48, 3 },
    { FD_TYPE_144, 80, 2, 18, 0 }, { FD_TYPE_144, 80, 2, 20, 0 }, { FD_TYPE_144, 80, 2, 21, 0 },
    { FD_TYPE_144, 82, 2, 21, 0 }, { FD_TYPE_144, 83, 2, 21, 0 }, { FD_TYPE_144, 80, 2, 22, 0 },
    { FD_TYPE_144, 80, 2, 23, 0 }, { FD_TYPE_144, 80, 2, 24, 0 },
    { FD_TYPE_144, 80, 2, 9, 2 }, { FD_TYPE_144, 80, 2, 10, 2 }, { FD_TYPE_144, 82, 2, 10, 2 },
    { FD_TYPE_144, 83, 2, 10, 2 }, { FD_TYPE_144, 80, 2, 13, 2 }, { FD_TYPE_144, 80, 2, 14, 2 },
    { FD_TYPE_120, 80, 2, 15, 0 }, { FD_TYPE_120, 80, 2, 18, 0 }, { FD_TYPE_120, 82, 2, 18, 0 },
    { FD_TYPE_120, 83, 2, 18, 0 }, { FD_TYPE_120, 80, 2, 20, 0 },
    { FD_TYPE_120, 40, 2, 9, 1 }, { FD_TYPE_120, 40, 1, 9, 1 }, { FD_TYPE_120, 41, 2, 10, 1 },
    { FD_TYPE_120, 42, 2, 10, 1 }, { FD_TYPE_120, 40, 2, 8, 1 }, { FD_TYPE_120, 40, 1, 8, 1 },
    { FD_TYPE_120, 80, 2, 9, 1 },
};

bool fd_parse_type(const char *name, FloppyDrive *drive)
{
    static const struct { const char *name; FloppyType type; } types[] = {
        { "120", FD_TYPE_120 }, { "144", FD_TYPE_144 }, { "288", FD_TYPE_288 }, { "none", FD_TYPE_NONE },
    };

    if (!name || !strcmp(name, "auto")) {
        drive->auto_type = true;
        drive->type = FD_TYPE_288;
        return true;
    }
    for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
        if (!strcmp(types[i].name, name)) {
            drive->type = types[i].type;
            return true;
        }
    }
    return false;
}

uint8_t fd_cmos_type(const FloppyDrive *drive)
{
    static const uint8_t cmos[] = { [FD_TYPE_NONE] = 0, [FD_TYPE_120] = 2, [FD_TYPE_144] = 4, [FD_TYPE_288] = 5 };

    return drive->blk ? cmos[drive->type] : 0;
}

static int64_t format_bytes(const FloppyFormat *f)
{
    return (int64_t)f->tracks * f->heads * f->sectors * FD_SECTOR_BYTES;
}

/* A 2.88 MB drive takes what a 1.44 MB drive takes. */
static bool drive_takes(const FloppyDrive *drive, const FloppyFormat *f)
{
    return drive->auto_type || f->drive == drive->type || (drive->type == FD_TYPE_288 && f->drive == FD_TYPE_144);
}

void fd_look_at_medium(FloppyDrive *drive)
{
    const FloppyFormat *best = NULL;
    int64_t bytes = 0;

    drive->tracks = drive->heads = drive->sectors = drive->rate = 0;
    if (!drive->blk || !blk_is_inserted(drive->blk)) {
        return;
    }
    bytes = blk_getlength(drive->blk);
    for (size_t i = 0; i < ARRAY_SIZE(formats) && bytes > 0; i++) {
        const FloppyFormat *f = &formats[i];

        if (drive_takes(drive, f) && format_bytes(f) == bytes) {
            best = f;
            break;
        }
        /* No size fits: the drive's own format, or the smallest that holds it. */
        if (drive_takes(drive, f) && format_bytes(f) >= bytes &&
            (!best || format_bytes(f) < format_bytes(best))) {
            best = f;
        }
    }
    for (size_t i = 0; i < ARRAY_SIZE(formats) && !best; i++) {
        if (formats[i].drive == drive->type) {
            best = &formats[i];
        }
    }
    if (best) {
        drive->tracks = best->tracks;
        drive->heads = best->heads;
        drive->sectors = best->sectors;
        drive->rate = best->rate;
        if (drive->auto_type) {
            drive->type = best->drive;
        }
    }
}

bool fd_has_sector(const FloppyDrive *drive, uint8_t track, uint8_t head, uint8_t sector)
{
    return track < drive->tracks && head < drive->heads && sector >= 1 && sector <= drive->sectors;
}

int64_t fd_offset(const FloppyDrive *drive, uint8_t track, uint8_t head, uint8_t sector)
{
    return (((int64_t)track * drive->heads + head) * drive->sectors + sector - 1) * FD_SECTOR_BYTES;
}
