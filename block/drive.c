/*
 * -drive: options, opening, and the table of the machine's drives.
 *
 * Leaves to others: formats (image.c), requests (backend.c), media changes
 * (media.c). What is accepted but changes nothing: cache=none and directsync
 * differ from writeback and writethrough only in the host's page cache;
 * aio=threads is the only way.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "block/backend.h"

static GPtrArray *drives;       /* of DriveInfo * */

/* Options as given. Strings are owned. */
typedef struct DriveArgs {
    char *file, *id, *serial;
    BlockInterfaceType type;
    bool media_cd, has_readonly;
    int index, bus, unit;       /* -1: not given */
    DriveOptions opt;
} DriveArgs;

static const struct {
    const char *name;
    BlockInterfaceType type;
    int units_per_bus;          /* 0: one row of units on bus 0 */
} interfaces[] = {
    { "none", IF_NONE, 0 },     { "ide", IF_IDE, 2 },       { "scsi", IF_SCSI, 7 },
    { "floppy", IF_FLOPPY, 0 }, { "virtio", IF_VIRTIO, 0 }, { "pflash", IF_PFLASH, 0 },
    { "mtd", IF_MTD, 0 },       { "sd", IF_SD, 0 },
};

static int interface_row(BlockInterfaceType type)
{
    unsigned i;

    for (i = 0; i < ARRAY_SIZE(interfaces); i++) {
        if (interfaces[i].type == type) {
            return i;
        }
    }
    return 0;
}

static bool parse_switch(const char *key, const char *value, bool *out, Error **errp)
{
    if (strcmp(value, "on") == 0 || strcmp(value, "yes") == 0 || strcmp(value, "true") == 0) {
        *out = true;
    } else if (strcmp(value, "off") == 0 || strcmp(value, "no") == 0 || strcmp(value, "false") == 0) {
        *out = false;
    } else {
        error_setg(errp, "%s=%s: expected on or off", key, value);
        return false;
    }
    return true;
}

static bool parse_number(const char *key, const char *value, int *out, Error **errp)
{
    char *end;
    long n;

    errno = 0;
    n = strtol(value, &end, 10);
    if (errno || end == value || *end || n < 0 || n > 65535) {
        error_setg(errp, "%s=%s: expected a number", key, value);
        return false;
    }
    *out = n;
    return true;
}

/* Index of value in the NULL-terminated list of words, or -1 with the error set. */
static int parse_word(const char *key, const char *value, const char *const *words, Error **errp)
{
    char *list;
    int i;

    for (i = 0; words[i]; i++) {
        if (strcmp(words[i], value) == 0) {
            return i;
        }
    }
    list = g_strjoinv("|", (char **)words);
    error_setg(errp, "%s=%s: expected %s", key, value, list);
    g_free(list);
    return -1;
}

static bool parse_interface(DriveArgs *args, const char *value, Error **errp)
{
    unsigned i;

    for (i = 0; i < ARRAY_SIZE(interfaces); i++) {
        if (strcmp(interfaces[i].name, value) == 0) {
            args->type = interfaces[i].type;
            return true;
        }
    }
    error_setg(errp, "if=%s: unknown interface", value);
    return false;
}

static bool parse_cache(DriveArgs *args, const char *value, Error **errp)
{
    static const char *const modes[] = { "writeback", "none", "writethrough", "directsync",
                                         "unsafe", NULL };
    int mode = parse_word("cache", value, modes, errp);

    args->opt.cache_writethrough = mode == 2 || mode == 3;
    args->opt.cache_unsafe = mode == 4;
    return mode >= 0;
}

static bool parse_on_error(const char *key, const char *value, OnError *out, Error **errp)
{
    static const char *const actions[] = { "report", "ignore", "enospc", "stop", NULL };
    int action = parse_word(key, value, actions, errp);

    if (action == ON_ERROR_ENOSPC && key[0] == 'r') {
        error_setg(errp, "rerror=enospc: expected report|ignore|stop");
        return false;
    }
    *out = MAX(action, 0);
    return action >= 0;
}

static bool parse_choice(const char *key, const char *value, Error **errp, bool *on, int first_on,
                         const char *const *words)
{
    int i = parse_word(key, value, words, errp);

    *on = i >= first_on;
    return i >= 0;
}

static bool parse_option(DriveArgs *args, const char *key, const char *value, Error **errp)
{
    static const char *const media[] = { "disk", "cdrom", NULL };
    static const char *const discard[] = { "ignore", "off", "unmap", "on", NULL };
    static const char *const zeroes[] = { "off", "on", "unmap", NULL };
    static const char *const aio[] = { "threads", NULL };
    static const struct { const char *name; size_t offset; } strings[] = {
        { "file", offsetof(DriveArgs, file) }, { "id", offsetof(DriveArgs, id) },
        { "serial", offsetof(DriveArgs, serial) }, { "format", offsetof(DriveArgs, opt.format) },
    }, numbers[] = {
        { "index", offsetof(DriveArgs, index) }, { "bus", offsetof(DriveArgs, bus) },
        { "unit", offsetof(DriveArgs, unit) },
    };
    bool ignored;
    unsigned i;

    for (i = 0; i < ARRAY_SIZE(strings); i++) {
        if (strcmp(key, strings[i].name) == 0) {
            char **field = (char **)((char *)args + strings[i].offset);

            g_free(*field);
            *field = g_strdup(value);
            return true;
        }
    }
    for (i = 0; i < ARRAY_SIZE(numbers); i++) {
        if (strcmp(key, numbers[i].name) == 0) {
            return parse_number(key, value, (int *)((char *)args + numbers[i].offset), errp);
        }
    }
    if (strcmp(key, "if") == 0) {
        return parse_interface(args, value, errp);
    } else if (strcmp(key, "media") == 0) {
        return parse_choice(key, value, errp, &args->media_cd, 1, media);
    } else if (strcmp(key, "readonly") == 0 || strcmp(key, "read-only") == 0) {
        args->has_readonly = true;
        return parse_switch(key, value, &args->opt.read_only, errp);
    } else if (strcmp(key, "snapshot") == 0) {
        return parse_switch(key, value, &args->opt.snapshot, errp);
    } else if (strcmp(key, "cache") == 0) {
        return parse_cache(args, value, errp);
    } else if (strcmp(key, "werror") == 0) {
        return parse_on_error(key, value, &args->opt.on_write_error, errp);
    } else if (strcmp(key, "rerror") == 0) {
        return parse_on_error(key, value, &args->opt.on_read_error, errp);
    } else if (strcmp(key, "discard") == 0) {
        return parse_choice(key, value, errp, &args->opt.discard_unmap, 2, discard);
    } else if (strcmp(key, "detect-zeroes") == 0) {
        return parse_choice(key, value, errp, &args->opt.detect_zeroes, 1, zeroes);
    } else if (strcmp(key, "aio") == 0) {
        return parse_choice(key, value, errp, &ignored, 1, aio);
    }
    error_setg(errp, "unknown option '%s'", key);
    return false;
}

/* The text up to a single comma, ",," standing for one; *s moves behind it. */
static char *next_value(const char **s)
{
    GString *value = g_string_new(NULL);

    for (; **s; (*s)++) {
        if (**s == ',') {
            if ((*s)[1] != ',') {
                break;
            }
            (*s)++;
        }
        g_string_append_c(value, **s);
    }
    if (**s == ',') {
        (*s)++;
    }
    return g_string_free(value, false);
}

static bool parse_args(DriveArgs *args, const char *s, Error **errp)
{
    while (*s) {
        size_t n = strcspn(s, "=,");
        char *key = g_strndup(s, n);
        char *value;
        bool ok;

        if (s[n] == '=') {
            s += n + 1;
            value = next_value(&s);
            ok = parse_option(args, key, value, errp);
            g_free(value);
        } else {
            error_setg(errp, "option '%s' has no value (disks are given as file=NAME)", key);
            ok = false;
        }
        g_free(key);
        if (!ok) {
            return false;
        }
    }
    return true;
}

static void free_args(DriveArgs *args)
{
    g_free(args->file);
    g_free(args->id);
    g_free(args->serial);
    g_free(args->opt.format);
}

/* Turn index=, bus=, unit= or nothing into a free place. */
static bool choose_place(DriveArgs *args, Error **errp)
{
    int per_bus = interfaces[interface_row(args->type)].units_per_bus;

    if (args->index >= 0) {
        if (args->bus >= 0 || args->unit >= 0) {
            error_setg(errp, "index= cannot be used together with bus= and unit=");
            return false;
        }
        args->bus = per_bus ? args->index / per_bus : 0;
        args->unit = per_bus ? args->index % per_bus : args->index;
    } else if (args->unit < 0) {
        args->unit = 0;
        args->bus = MAX(args->bus, 0);
        while (drive_get(args->type, args->bus, args->unit)) {
            args->unit++;
            if (per_bus && args->unit >= per_bus) {
                args->unit = 0;
                args->bus++;
            }
        }
    }
    args->bus = MAX(args->bus, 0);
    if (per_bus && args->unit >= per_bus) {
        error_setg(errp, "unit=%d is too big (largest: %d)", args->unit, per_bus - 1);
        return false;
    }
    if (drive_get(args->type, args->bus, args->unit)) {
        error_setg(errp, "if=%s,bus=%d,unit=%d (index %d) is given twice",
                   interfaces[interface_row(args->type)].name, args->bus, args->unit,
                   args->bus * per_bus + args->unit);
        return false;
    }
    return true;
}

static char *default_name(const DriveArgs *args)
{
    int row = interface_row(args->type);
    const char *kind = args->media_cd ? "cd" : "hd";

    if (interfaces[row].units_per_bus) {
        return g_strdup_printf("%s%d-%s%d", interfaces[row].name, args->bus, kind, args->unit);
    }
    return g_strdup_printf("%s%s%d", interfaces[row].name, args->media_cd ? "-cd" : "", args->unit);
}

/* The medium of args, with the temporary layer where it is wanted. NULL: error set. */
static BlockDriverState *open_medium(const DriveArgs *args, Error **errp)
{
    const DriveOptions *opt = &args->opt;
    int flags = (opt->read_only || opt->snapshot ? 0 : IMAGE_WRITABLE) |
                (opt->cache_unsafe ? IMAGE_UNSAFE : 0);
    BlockDriverState *bs = image_open(args->file, opt->format, flags, errp);

    if (bs && opt->snapshot && !opt->read_only) {
        BlockDriverState *top = image_new_overlay(bs, errp);

        if (!top) {
            image_close(bs);
        }
        return top;
    }
    return bs;
}

static bool check_args(DriveArgs *args, Error **errp)
{
    if (args->media_cd) {
        if (args->has_readonly && !args->opt.read_only) {
            error_setg(errp, "media=cdrom cannot be readonly=off");
            return false;
        }
        args->opt.read_only = true;
    }
    if (args->opt.format && !image_format_known(args->opt.format)) {
        error_setg(errp, "unknown image format '%s' (known: raw, qcow2)", args->opt.format);
        return false;
    }
    if (args->id && blk_find_open(args->id)) {
        error_setg(errp, "id=%s is given twice", args->id);
        return false;
    }
    if ((!args->file || !*args->file) && !args->media_cd && args->type != IF_FLOPPY) {
        error_setg(errp, "file= is missing");
        return false;
    }
    return choose_place(args, errp);
}

static DriveInfo *make_drive(DriveArgs *args, BlockDriverState *bs)
{
    DriveInfo *info = g_new0(DriveInfo, 1);
    char *name = args->id ? g_strdup(args->id) : default_name(args);
    BlockBackend *blk = blk_new(name);

    blk->options = args->opt;
    args->opt.format = NULL;
    blk->removable = args->media_cd || args->type == IF_FLOPPY;
    blk_set_image(blk, bs);
    info->type = args->type;
    info->bus = args->bus;
    info->unit = args->unit;
    info->media_cd = args->media_cd;
    info->blk = blk;
    info->id = name;
    info->serial = g_steal_pointer(&args->serial);
    if (!drives) {
        drives = g_ptr_array_new();
    }
    g_ptr_array_add(drives, info);
    return info;
}

DriveInfo *drive_new(const char *optstr, BlockInterfaceType default_if, bool snapshot, Error **errp)
{
    DriveArgs args = { .index = -1, .bus = -1, .unit = -1, .type = default_if };
    BlockDriverState *bs = NULL;
    DriveInfo *info = NULL;
    Error *err = NULL;

    args.opt.on_write_error = ON_ERROR_ENOSPC;
    args.opt.snapshot = snapshot;
    if (args.type == IF_DEFAULT) {
        args.type = IF_IDE;
    }
    if (parse_args(&args, optstr, &err) && check_args(&args, &err)) {
        bool empty = !args.file || !*args.file;

        if (!empty) {
            bs = open_medium(&args, &err);
        }
        if (empty || bs) {
            info = make_drive(&args, bs);
        }
    }
    if (!info) {
        if (args.file) {
            error_prepend(&err, "-drive file=%s: ", args.file);
        } else {
            error_prepend(&err, "-drive %s: ", optstr);
        }
        error_propagate(errp, err);
    }
    free_args(&args);
    return info;
}

DriveInfo *drive_get(BlockInterfaceType type, int bus, int unit)
{
    guint i;

    for (i = 0; drives && i < drives->len; i++) {
        DriveInfo *info = g_ptr_array_index(drives, i);

        if (info->type == type && info->bus == bus && info->unit == unit) {
            return info;
        }
    }
    return NULL;
}

const char *blk_serial(BlockBackend *blk)
{
    guint i;

    for (i = 0; drives && i < drives->len; i++) {
        DriveInfo *info = g_ptr_array_index(drives, i);

        if (info->blk == blk) {
            return info->serial;
        }
    }
    return NULL;
}

bool drive_foreach(bool (*fn)(DriveInfo *info, void *opaque, Error **errp), void *opaque,
                   Error **errp)
{
    guint i;

    for (i = 0; drives && i < drives->len; i++) {
        if (!fn(g_ptr_array_index(drives, i), opaque, errp)) {
            return false;
        }
    }
    return true;
}

BlockBackend *blk_find_open(const char *id)
{
    BlockBackend *blk;

    for (blk = all_backends; blk; blk = blk->next) {
        if (strcmp(blk->name, id) == 0) {
            return blk;
        }
    }
    return NULL;
}

BlockBackend *blk_by_name(const char *id)
{
    BlockBackend *blk = blk_find_open(id);

    return blk ? blk : blockdev_file_drive(id);
}

/* The drive goes; nobody uses it. */
void drive_del(BlockBackend *blk)
{
    for (guint i = 0; drives && i < drives->len; i++) {
        DriveInfo *info = g_ptr_array_index(drives, i);

        if (info->blk == blk) {
            g_ptr_array_remove_index(drives, i);
            g_free(info->id);
            g_free(info->serial);
            g_free(info);
            break;
        }
    }
    blk_free(blk);
}

bool drive_check_orphaned(Error **errp)
{
    guint i;

    for (i = 0; drives && i < drives->len; i++) {
        DriveInfo *info = g_ptr_array_index(drives, i);

        if (info->type != IF_NONE && !info->blk->dev) {
            error_setg(errp, "-drive %s: the machine has no place if=%s,bus=%d,unit=%d", info->id,
                       interfaces[interface_row(info->type)].name, info->bus, info->unit);
            return false;
        }
    }
    return true;
}
