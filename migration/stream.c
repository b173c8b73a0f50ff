/*
 * The stream of a machine's state. Numbers are big-endian, texts a 16-bit
 * length and bytes.
 *
 *   header    "vm state", version, machine
 *   memory    for each block: 1, name, offset, length; pieces of it: offset,
 *             length and bytes; an offset of all ones ends the block
 *   devices   2, length and bytes: guest time, then CPUs and devices, each a path,
 *             a length and what its description says
 *   end       3
 *
 * Pages of zeros are left out. Loading trusts nothing: what does not fit the
 * machine ends it with a reason.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include <poll.h>
#include "exec/cputlb.h"
#include "exec/ram_block.h"
#include "hw/boards.h"
#include "hw/core/cpu.h"
#include "hw/core/qdev-internal.h"
#include "migration/migration-int.h"
#include "qemu/bswap.h"
#include "qemu/timer.h"
#include "sysemu/runstate-internal.h"

#define MAGIC "vm state"
enum { VERSION = 1, PART_BLOCK = 1, PART_DEVICES, PART_END, PIECE_BYTES = 64 * 1024, MAX_DEVICES_BYTES = 256 << 20 };
#define END_OF_BLOCK UINT64_MAX
#define MAX_GUEST_TIME_NS (UINT64_C(1) << 62)   /* 146 years: sums of times do not overflow */

/* --- into a buffer ------------------------------------------------------------------- */

static void put_u64(GByteArray *buf, uint64_t value)
{
    uint8_t bytes[8];

    stq_be_p(bytes, value);
    g_byte_array_append(buf, bytes, sizeof(bytes));
}

static void put_u32(GByteArray *buf, uint32_t value)
{
    uint8_t bytes[4];

    stl_be_p(bytes, value);
    g_byte_array_append(buf, bytes, sizeof(bytes));
}

static void put_text(GByteArray *buf, const char *text)
{
    uint8_t length[2];

    stw_be_p(length, strlen(text));
    g_byte_array_append(buf, length, sizeof(length));
    g_byte_array_append(buf, (const uint8_t *)text, strlen(text));
}

/* A path and its state; takes state. */
static void put_state(GByteArray *buf, Object *obj, GByteArray *state)
{
    g_autofree char *path = object_path(obj);

    put_text(buf, path);
    put_u32(buf, state->len);
    g_byte_array_append(buf, state->data, state->len);
    g_byte_array_free(state, true);
}

/* --- devices ------------------------------------------------------------------------- */

static bool save_state(DeviceState *dev, GByteArray *state)
{
    CPUState *cpu = (CPUState *)object_dynamic_cast(OBJECT(dev), TYPE_CPU);

    if (cpu) {
        put_u32(state, cpu->halted);
        put_u32(state, cpu->interrupt_request);
        if (cpu->cc->vmsd && !vmstate_save(cpu->cc->vmsd, cpu->env, state)) {
            return false;
        }
    }
    return qdev_vmstate_save(dev, state);
}

typedef struct SaveContext {
    GByteArray *buf;
    char *failed;               /* the first device that cannot be saved */
} SaveContext;

static void save_device(DeviceState *dev, void *opaque)
{
    SaveContext *ctx = opaque;
    GByteArray *state = g_byte_array_new();

    if (!ctx->failed && !save_state(dev, state)) {
        ctx->failed = object_path(OBJECT(dev));
    }
    put_state(ctx->buf, OBJECT(dev), state);
}

GByteArray *stream_save_devices(Error **errp)
{
    SaveContext ctx = { .buf = g_byte_array_new() };

    put_u64(ctx.buf, cpu_get_clock_ns());
    qdev_foreach(save_device, &ctx);
    if (ctx.failed) {
        error_setg(errp, "the state of %s cannot be saved now", ctx.failed);
        g_free(ctx.failed);
        g_byte_array_free(ctx.buf, true);
        return NULL;
    }
    return ctx.buf;
}

static bool load_state(DeviceState *dev, const uint8_t *data, size_t size, const char **why)
{
    CPUState *cpu = (CPUState *)object_dynamic_cast(OBJECT(dev), TYPE_CPU);
    const uint8_t *end = data + size;

    if (cpu) {
        *why = "state is too short";
        if (size < 8) {
            return false;
        }
        cpu->halted = ldl_be_p(data) != 0;
        cpu->interrupt_request = ldl_be_p(data + 4);
        data += 8;
        if (cpu->cc->vmsd && !vmstate_load(cpu->cc->vmsd, cpu->env, &data, end, why)) {
            return false;
        }
        tlb_flush(cpu);
    }
    return qdev_vmstate_load(dev, data, end - data, why);
}

/* One path and its state at *pos; moves behind it. loaded: the devices that have come. */
static bool load_device(const uint8_t **pos, const uint8_t *end, GHashTable *loaded, Error **errp)
{
    const uint8_t *p = *pos;
    size_t name = end - p >= 2 ? lduw_be_p(p) : 0, left = end - p, size;
    const char *why = "the stream is damaged";
    g_autofree char *path = NULL;
    DeviceState *dev;

    if (left < 2 + name + 4) {
        error_setg(errp, "%s", why);
        return false;
    }
    path = g_strndup((const char *)p + 2, name);
    size = ldl_be_p(p + 2 + name);
    dev = (DeviceState *)object_dynamic_cast(object_resolve_path(object_root(), path), "device");
    if (size > left - 2 - name - 4 || !dev || *path != '/') {
        error_setg(errp, "%s: %s", path, dev ? why : "this machine has no such device");
        return false;
    }
    if (!g_hash_table_add(loaded, dev)) {
        error_setg(errp, "%s: its state comes twice", path);
        return false;
    }
    if (!load_state(dev, p + 2 + name + 4, size, &why)) {
        error_setg(errp, "%s: %s", path, why);
        return false;
    }
    *pos = p + 2 + name + 4 + size;
    return true;
}

typedef struct MissingContext {
    GHashTable *loaded;
    DeviceState *missing;       /* one that has not come, NULL: all have */
} MissingContext;

static void find_missing(DeviceState *dev, void *opaque)
{
    MissingContext *ctx = opaque;

    if (!g_hash_table_contains(ctx->loaded, dev)) {
        ctx->missing = dev;
    }
}

bool stream_load_devices(const GByteArray *devices, Error **errp)
{
    const uint8_t *p = devices->data, *end = p + devices->len;
    g_autoptr(GHashTable) loaded = g_hash_table_new(NULL, NULL);
    MissingContext ctx = { loaded, NULL };

    if (devices->len < 8 || ldq_be_p(p) > MAX_GUEST_TIME_NS) {
        error_setg(errp, "the stream is damaged");
        return false;
    }
    cpu_set_clock_ns(ldq_be_p(p));
    for (p += 8; p < end;) {
        if (!load_device(&p, end, loaded, errp)) {
            return false;
        }
    }
    qdev_foreach(find_missing, &ctx);
    if (ctx.missing) {
        g_autofree char *path = object_path(OBJECT(ctx.missing));

        error_setg(errp, "%s: the stream has no state of it", path);
    }
    return !ctx.missing;
}

/* --- writing ------------------------------------------------------------------------- */

typedef struct Writer {
    int fd;
    StreamControl *control;
    int64_t start_us;
    GString *why;
} Writer;

/* Waits until so much may have been written; false: cancelled meanwhile. */
static bool wait_for_turn(Writer *w)
{
    for (;;) {
        double seconds = (g_get_monotonic_time() - w->start_us) / 1e6;

        if (qatomic_read(&w->control->cancel)) {
            g_string_assign(w->why, "cancelled");
            return false;
        }
        if (w->control->transferred <= seconds * qatomic_read(&w->control->bandwidth)) {
            return true;
        }
        g_usleep(5000);
    }
}

static bool put_bytes(Writer *w, const void *data, size_t size)
{
    const uint8_t *p = data;

    while (size) {
        ssize_t n;

        if (!wait_for_turn(w)) {
            return false;
        }
        n = write(w->fd, p, size);
        if (n < 0 && errno == EAGAIN) {
            migration_wait(w->fd, POLLOUT, &w->control->cancel);
            continue;
        }
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            g_string_assign(w->why, strerror(errno));
            return false;
        }
        p += n;
        size -= n;
        qatomic_set(&w->control->transferred, w->control->transferred + n);
    }
    return true;
}

static bool put_buffer(Writer *w, GByteArray *buf)
{
    bool ok = put_bytes(w, buf->data, buf->len);

    g_byte_array_set_size(buf, 0);
    return ok;
}

static bool is_zero(const uint8_t *p, size_t size)
{
    return !p[0] && !memcmp(p, p + 1, size - 1);
}

static bool put_block(Writer *w, const RAMBlock *block, GByteArray *buf)
{
    put_u32(buf, PART_BLOCK);
    put_text(buf, block->mr->name);
    put_u64(buf, block->offset);
    put_u64(buf, block->length);
    for (uint64_t at = 0; at < block->length; at += PIECE_BYTES) {
        size_t size = MIN(block->length - at, (uint64_t)PIECE_BYTES);

        if (is_zero(block->host + at, size)) {
            continue;
        }
        put_u64(buf, at);
        put_u32(buf, size);
        if (!put_buffer(w, buf) || !put_bytes(w, block->host + at, size)) {
            return false;
        }
    }
    put_u64(buf, END_OF_BLOCK);
    return put_buffer(w, buf);
}

bool stream_write(int fd, const GByteArray *devices, StreamControl *control, GString *why)
{
    Writer w = { fd, control, g_get_monotonic_time(), why };
    GByteArray *buf = g_byte_array_new();
    bool ok = true;

    g_byte_array_append(buf, (const uint8_t *)MAGIC, strlen(MAGIC));
    put_u32(buf, VERSION);
    put_text(buf, current_machine->mc->name);
    for (RAMBlock *block = ram_block_first(); block && ok; block = block->next) {
        ok = !block->length || put_block(&w, block, buf);
    }
    put_u32(buf, PART_DEVICES);
    put_u32(buf, devices->len);
    ok = ok && put_buffer(&w, buf) && put_bytes(&w, devices->data, devices->len);
    put_u32(buf, PART_END);
    ok = ok && put_buffer(&w, buf);
    g_byte_array_free(buf, true);
    return ok;
}

uint64_t stream_memory_bytes(void)
{
    uint64_t total = 0;

    for (RAMBlock *block = ram_block_first(); block; block = block->next) {
        total += block->length;
    }
    return total;
}

/* --- reading ------------------------------------------------------------------------- */

static bool get_bytes(int fd, void *data, size_t size, GString *why)
{
    uint8_t *p = data;

    while (size) {
        ssize_t n;

        migration_wait(fd, POLLIN, NULL);
        n = read(fd, p, size);
        if (n < 0 && (errno == EINTR || errno == EAGAIN)) {
            continue;
        }
        if (n <= 0) {
            g_string_assign(why, n < 0 ? strerror(errno) : "the stream ends early");
            return false;
        }
        p += n;
        size -= n;
    }
    return true;
}

static bool get_u32(int fd, uint32_t *value, GString *why)
{
    uint8_t bytes[4];
    bool ok = get_bytes(fd, bytes, sizeof(bytes), why);

    *value = ok ? ldl_be_p(bytes) : 0;
    return ok;
}

static bool get_u64(int fd, uint64_t *value, GString *why)
{
    uint8_t bytes[8];
    bool ok = get_bytes(fd, bytes, sizeof(bytes), why);

    *value = ok ? ldq_be_p(bytes) : 0;
    return ok;
}

/* NULL: not there. */
static char *get_text(int fd, GString *why)
{
    uint8_t length[2];
    char *text;

    if (!get_bytes(fd, length, sizeof(length), why)) {
        return NULL;
    }
    text = g_malloc0(lduw_be_p(length) + 1);
    if (!get_bytes(fd, text, lduw_be_p(length), why)) {
        g_free(text);
        return NULL;
    }
    return text;
}

/* What is zero already stays untouched: it may not have host memory yet. */
static void clear_block(RAMBlock *block)
{
    for (uint64_t at = 0; at < block->length; at += PIECE_BYTES) {
        size_t size = MIN(block->length - at, (uint64_t)PIECE_BYTES);

        if (!is_zero(block->host + at, size)) {
            memset(block->host + at, 0, size);
        }
    }
}

static bool get_pieces(int fd, RAMBlock *block, GString *why)
{
    uint64_t at;
    uint32_t size;

    clear_block(block);
    for (;;) {
        if (!get_u64(fd, &at, why)) {
            return false;
        }
        if (at == END_OF_BLOCK) {
            return true;
        }
        if (!get_u32(fd, &size, why)) {
            return false;
        }
        if (size > PIECE_BYTES || at > block->length || size > block->length - at) {
            g_string_assign(why, "a piece lies outside of its memory block");
            return false;
        }
        if (!get_bytes(fd, block->host + at, size, why)) {
            return false;
        }
    }
}

static bool get_block(int fd, GString *why)
{
    g_autofree char *name = get_text(fd, why);
    uint64_t offset, length;
    RAMBlock *block;

    if (!name || !get_u64(fd, &offset, why) || !get_u64(fd, &length, why)) {
        return false;
    }
    for (block = ram_block_first(); block; block = block->next) {
        if (block->length && block->offset == offset && block->length == length && !strcmp(block->mr->name, name)) {
            return get_pieces(fd, block, why);
        }
    }
    g_string_printf(why, "this machine has no memory block '%s' of %" PRIu64 " bytes there", name, length);
    return false;
}

static bool get_header(int fd, GString *why)
{
    char magic[sizeof(MAGIC) - 1];
    g_autofree char *machine = NULL;
    uint32_t version;

    if (!get_bytes(fd, magic, sizeof(magic), why)) {
        return false;
    }
    if (memcmp(magic, MAGIC, sizeof(magic)) || !get_u32(fd, &version, why) || version != VERSION) {
        g_string_assign(why, "not the saved state of a machine");
        return false;
    }
    machine = get_text(fd, why);
    if (!machine) {
        return false;
    }
    if (strcmp(machine, current_machine->mc->name)) {
        g_string_printf(why, "the state is of a machine '%s'", machine);
        return false;
    }
    return true;
}

GByteArray *stream_read(int fd, GString *why)
{
    GByteArray *devices = NULL;
    bool ok = get_header(fd, why);
    uint32_t part = 0, size;

    while (ok && get_u32(fd, &part, why) && part != PART_END) {
        if (part == PART_BLOCK) {
            ok = get_block(fd, why);
        } else if (part == PART_DEVICES && !devices && get_u32(fd, &size, why) && size <= MAX_DEVICES_BYTES) {
            devices = g_byte_array_new();
            g_byte_array_set_size(devices, size);
            ok = get_bytes(fd, devices->data, size, why);
        } else {
            g_string_assign(why, "the stream is damaged");
            ok = false;
        }
    }
    if (ok && part == PART_END && devices) {
        return devices;
    }
    if (devices) {
        g_byte_array_free(devices, true);
    }
    if (!why->len) {
        g_string_assign(why, "the stream is damaged");
    }
    return NULL;
}
