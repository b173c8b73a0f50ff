/*
 * Battery-backed memory of Macs: bytes spread over the address space.
 *
 * The partitions that firmware expects in it are made by mac_nvram_format.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/nvram/mac_nvram.h"
#include "qemu/log.h"

enum { MAX_SIZE = 0x20000, MAX_SHIFT = 8 };

static uint64_t macio_nvram_read(void *opaque, hwaddr addr, unsigned size)
{
    MacIONVRAMState *s = opaque;

    return s->data[(addr >> s->it_shift) % s->size];
}

/* The file follows each write, so that no way to end the process loses one. */
static void macio_nvram_store(MacIONVRAMState *s, uint32_t offset)
{
    int fd;

    if (!s->file) {
        return;
    }
    fd = open(s->file, O_WRONLY);
    if (fd < 0 || pwrite(fd, s->data + offset, 1, offset) != 1) {
        warn_report("%s: cannot write: %s", s->file, strerror(errno));
    }
    if (fd >= 0) {
        close(fd);
    }
}

static void macio_nvram_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    MacIONVRAMState *s = opaque;
    uint32_t offset = (addr >> s->it_shift) % s->size;

    if (s->data[offset] != (uint8_t)data) {
        s->data[offset] = data;
        macio_nvram_store(s, offset);
    }
}

static const MemoryRegionOps macio_nvram_ops = {
    .read = macio_nvram_read,
    .write = macio_nvram_write,
    .endianness = DEVICE_BIG_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 4 },
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

static bool macio_nvram_load(MacIONVRAMState *s, Error **errp)
{
    g_autofree char *contents = NULL;
    GError *gerr = NULL;
    gsize length;

    if (!g_file_test(s->file, G_FILE_TEST_EXISTS)) {
        if (!g_file_set_contents(s->file, (const char *)s->data, s->size, &gerr)) {
            error_setg(errp, "nvram=%s: %s", s->file, gerr->message);
            g_error_free(gerr);
            return false;
        }
        return true;
    }
    if (!g_file_get_contents(s->file, &contents, &length, &gerr)) {
        error_setg(errp, "nvram=%s: %s", s->file, gerr->message);
        g_error_free(gerr);
        return false;
    }
    if (length != s->size) {
        error_setg(errp, "nvram=%s: the file has %zu bytes, not %u", s->file, (size_t)length, s->size);
        return false;
    }
    memcpy(s->data, contents, length);
    s->loaded = true;
    return true;
}

static const VMStateField macio_nvram_fields[] = {
    VMSTATE_VBUFFER(data, MacIONVRAMState, size),
    VMSTATE_END
};
static const VMStateDescription vmstate_macio_nvram = {
    .name = TYPE_MACIO_NVRAM,
    .version = 1,
    .fields = macio_nvram_fields,
};

static const Property macio_nvram_props[] = {
    DEFINE_PROP_UINT32("size", MacIONVRAMState, size, MACIO_NVRAM_SIZE),
    DEFINE_PROP_UINT32("it_shift", MacIONVRAMState, it_shift, 0),
    DEFINE_PROP_STRING("file", MacIONVRAMState, file),
    DEFINE_PROP_END
};

static bool macio_nvram_realize(DeviceState *dev, Error **errp)
{
    MacIONVRAMState *s = MACIO_NVRAM(dev);

    if (!s->size || s->size > MAX_SIZE || s->it_shift > MAX_SHIFT) {
        error_setg(errp, "macio-nvram: size=%u,it_shift=%u: out of range", s->size, s->it_shift);
        return false;
    }
    s->data = g_malloc0(s->size);
    if (s->file && !macio_nvram_load(s, errp)) {
        return false;
    }
    memory_region_init_io(&s->mem, OBJECT(dev), &macio_nvram_ops, s, TYPE_MACIO_NVRAM,
                          (uint64_t)s->size << s->it_shift);
    sysbus_init_mmio(SYS_BUS_DEVICE(dev), &s->mem);
    return true;
}

static void macio_nvram_finalize(Object *obj)
{
    g_free(MACIO_NVRAM(obj)->data);
}

static const TypeInfo macio_nvram_info = {
    .name = TYPE_MACIO_NVRAM,
    .parent = TYPE_SYS_BUS_DEVICE,
    .desc = "Macintosh NVRAM",
    .instance_size = sizeof(MacIONVRAMState),
    .finalize = macio_nvram_finalize,
    .realize = macio_nvram_realize,
    .props = macio_nvram_props,
    .vmsd = &vmstate_macio_nvram,
};
DEFINE_TYPE(macio_nvram_info)
