/*
 * Images into guest memory: flat files, and blobs that come back at each reset.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/loader.h"
#include "hw/qdev.h"

/* --- blobs -------------------------------------------------------------------- */

typedef struct RomBlob {
    char *name;
    uint8_t *data;
    size_t len;
    hwaddr addr;
} RomBlob;

static GPtrArray *blobs;        /* of RomBlob *, in order of registration */

static void rom_reset(void *opaque)
{
    for (guint i = 0; i < blobs->len; i++) {
        const RomBlob *blob = g_ptr_array_index(blobs, i);

        /* Devices may lie in front of a part of the ROM; that part is never read. */
        if (address_space_write_rom(&address_space_memory, blob->addr, blob->data, blob->len) &
            MEMTX_DECODE_ERROR) {
            warn_report("%s: no memory at 0x%" PRIx64 " for %zu bytes", blob->name, blob->addr,
                        blob->len);
        }
    }
}

void rom_add_taken(const char *name, uint8_t *data, size_t len, hwaddr addr)
{
    RomBlob *blob = g_new0(RomBlob, 1);

    blob->name = g_strdup(name);
    blob->data = data;
    blob->len = len;
    blob->addr = addr;
    if (!blobs) {
        blobs = g_ptr_array_new();
        qemu_register_reset(rom_reset, NULL);
    }
    g_ptr_array_add(blobs, blob);
}

void rom_add_blob(const char *name, const void *data, size_t len, hwaddr addr)
{
    rom_add_taken(name, g_memdup2(data, len), len, addr);
}

void rom_info(void (*print)(void *opaque, const char *fmt, ...), void *opaque)
{
    for (guint i = 0; blobs && i < blobs->len; i++) {
        const RomBlob *blob = g_ptr_array_index(blobs, i);

        print(opaque, "addr=%016" PRIx64 " size=0x%06zx name=\"%s\"\n", blob->addr, blob->len,
              blob->name);
    }
}

void *rom_ptr(hwaddr addr, size_t len)
{
    for (guint i = 0; blobs && i < blobs->len; i++) {
        const RomBlob *blob = g_ptr_array_index(blobs, i);

        if (addr >= blob->addr && addr - blob->addr < blob->len &&
            blob->len - (addr - blob->addr) >= len) {
            return blob->data + (addr - blob->addr);
        }
    }
    return NULL;
}

/* --- flat files ------------------------------------------------------------------ */

/* An open regular file and its size; NULL with the error set. */
static FILE *open_image(const char *filename, int64_t *size, Error **errp)
{
    FILE *f = fopen(filename, "rb");
    struct stat st;

    if (!f) {
        error_setg_errno(errp, errno, "cannot open");
        return NULL;
    }
    if (fstat(fileno(f), &st) < 0 || S_ISDIR(st.st_mode)) {
        error_setg(errp, "is a directory");
        fclose(f);
        return NULL;
    }
    *size = st.st_size;
    return f;
}

int64_t get_image_size(const char *filename, Error **errp)
{
    int64_t size;
    FILE *f = open_image(filename, &size, errp);

    if (!f) {
        return -1;
    }
    fclose(f);
    return size;
}

uint8_t *read_image(const char *filename, uint64_t max_size, int64_t *size, Error **errp)
{
    FILE *f = open_image(filename, size, errp);
    uint8_t *data;

    if (!f) {
        return NULL;
    }
    if ((uint64_t)*size > max_size) {
        error_setg(errp, "too big: %" PRId64 " bytes, there is room for %" PRIu64, *size,
                   max_size);
        fclose(f);
        return NULL;
    }
    if (!*size) {
        error_setg(errp, "the file is empty");
        fclose(f);
        return NULL;
    }
    data = g_malloc(*size);
    if (fread(data, 1, *size, f) != (size_t)*size) {
        error_setg(errp, "cannot read: %s", ferror(f) ? g_strerror(errno) : "file is truncated");
        g_free(data);
        data = NULL;
    }
    fclose(f);
    return data;
}

ssize_t load_image_size(const char *filename, void *buf, size_t max_size, Error **errp)
{
    int64_t size;
    g_autofree uint8_t *data = read_image(filename, max_size, &size, errp);

    if (!data) {
        return -1;
    }
    memcpy(buf, data, size);
    return size;
}

ssize_t load_image_targphys(const char *filename, hwaddr addr, uint64_t max_size, Error **errp)
{
    int64_t size;
    uint8_t *data = read_image(filename, max_size, &size, errp);

    if (!data) {
        return -1;
    }
    rom_add_taken(filename, data, size, addr);
    return size;
}

ssize_t load_image_mr(const char *filename, MemoryRegion *mr, Error **errp)
{
    return load_image_size(filename, memory_region_get_ram_ptr(mr), memory_region_size(mr), errp);
}
