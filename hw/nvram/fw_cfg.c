/*
 * Firmware configuration device (fw_cfg specification, register interface
 * without DMA).
 *
 * Region 0   selector, 16 bits big endian: chooses an item, rewinds it
 * Region 1   data, 8 bits: next byte of the item, zero past its end
 *
 * Items are fixed before the machine runs; writes to data are ignored.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/nvram/fw_cfg.h"
#include "hw/sysbus.h"
#include "qemu/bswap.h"
#include "qemu/log.h"
#include "sysemu/sysemu.h"

enum { KEY_MASK = 0xbfff };    /* without the write channel bit */
enum { FILE_ENTRY_SIZE = 64, FILE_ENTRY_SELECT = 4, FILE_ENTRY_NAME = 8 };
enum { CTL_SIZE = 2, DATA_SIZE = 1, VERSION_REGISTERS = 1 };

typedef struct FWCfgItem {
    uint8_t *data;
    uint32_t length;
} FWCfgItem;

struct FWCfgState {
    SysBusDevice parent_obj;

    MemoryRegion ctl, data;
    FWCfgItem items[2][FW_CFG_MAX_ENTRY];       /* 1: architecture local */
    uint16_t num_files;

    uint16_t key;
    uint32_t offset;
};
#define FW_CFG(o) OBJECT_CHECK(FWCfgState, (o), TYPE_FW_CFG_MEM)

/* NULL: no such key. */
static FWCfgItem *fw_cfg_item(FWCfgState *s, uint16_t key)
{
    uint16_t number = key & KEY_MASK & ~FW_CFG_ARCH_LOCAL;

    return number < FW_CFG_MAX_ENTRY ? &s->items[!!(key & FW_CFG_ARCH_LOCAL)][number] : NULL;
}

static uint64_t fw_cfg_data_read(void *opaque, hwaddr addr, unsigned size)
{
    FWCfgState *s = opaque;
    FWCfgItem *item = fw_cfg_item(s, s->key);

    return item && s->offset < item->length ? item->data[s->offset++] : 0;
}

static void fw_cfg_data_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    qemu_log_mask(LOG_GUEST_ERROR, "fw_cfg: write of 0x%" PRIx64 " to item 0x%x ignored\n", data,
                  ((FWCfgState *)opaque)->key);
}

static uint64_t fw_cfg_ctl_read(void *opaque, hwaddr addr, unsigned size)
{
    return 0;
}

static void fw_cfg_ctl_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    FWCfgState *s = opaque;

    s->key = data;
    s->offset = 0;
}

static const MemoryRegionOps fw_cfg_ctl_ops = {
    .read = fw_cfg_ctl_read,
    .write = fw_cfg_ctl_write,
    .endianness = DEVICE_BIG_ENDIAN,
    .valid = { .min_access_size = 2, .max_access_size = 2 },
    .impl = { .min_access_size = 2, .max_access_size = 2 },
};
static const MemoryRegionOps fw_cfg_data_ops = {
    .read = fw_cfg_data_read,
    .write = fw_cfg_data_write,
    .endianness = DEVICE_BIG_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 1 },
};

void fw_cfg_add_bytes(FWCfgState *s, uint16_t key, const void *data, size_t len)
{
    FWCfgItem *item = fw_cfg_item(s, key);

    assert(item);
    g_free(item->data);
    item->data = g_memdup2(data, len);
    item->length = len;
}

void fw_cfg_add_string(FWCfgState *s, uint16_t key, const char *text)
{
    fw_cfg_add_bytes(s, key, text, strlen(text) + 1);
}

void fw_cfg_add_i16(FWCfgState *s, uint16_t key, uint16_t value)
{
    uint8_t bytes[2];

    stw_le_p(bytes, value);
    fw_cfg_add_bytes(s, key, bytes, sizeof(bytes));
}

void fw_cfg_add_i32(FWCfgState *s, uint16_t key, uint32_t value)
{
    uint8_t bytes[4];

    stl_le_p(bytes, value);
    fw_cfg_add_bytes(s, key, bytes, sizeof(bytes));
}

void fw_cfg_add_i64(FWCfgState *s, uint16_t key, uint64_t value)
{
    uint8_t bytes[8];

    stq_le_p(bytes, value);
    fw_cfg_add_bytes(s, key, bytes, sizeof(bytes));
}

/* The directory: count, then entries of size, selector, name; big endian. */
bool fw_cfg_add_file(FWCfgState *s, const char *filename, const void *data, size_t len)
{
    uint16_t key = FW_CFG_FILE_FIRST + s->num_files;
    size_t old_size = 4 + (size_t)s->num_files * FILE_ENTRY_SIZE;
    g_autofree uint8_t *dir = g_malloc0(old_size + FILE_ENTRY_SIZE);
    uint8_t *entry = dir + old_size;

    if (s->num_files == FW_CFG_FILE_SLOTS || strlen(filename) >= FW_CFG_MAX_FILE_PATH) {
        return false;
    }
    memcpy(dir, fw_cfg_item(s, FW_CFG_FILE_DIR)->data, old_size);
    stl_be_p(entry, len);
    stw_be_p(entry + FILE_ENTRY_SELECT, key);
    memcpy(entry + FILE_ENTRY_NAME, filename, strlen(filename));
    stl_be_p(dir, ++s->num_files);
    fw_cfg_add_bytes(s, FW_CFG_FILE_DIR, dir, old_size + FILE_ENTRY_SIZE);
    fw_cfg_add_bytes(s, key, data, len);
    return true;
}

FWCfgState *fw_cfg_init_mem(uint64_t ctl_addr, uint64_t data_addr)
{
    FWCfgState *s = FW_CFG(qdev_new(TYPE_FW_CFG_MEM));

    if (!sysbus_realize_and_unref(SYS_BUS_DEVICE(s), &error_abort)) {
        return NULL;
    }
    sysbus_mmio_map(SYS_BUS_DEVICE(s), 0, ctl_addr);
    sysbus_mmio_map(SYS_BUS_DEVICE(s), 1, data_addr);
    return s;
}

static void fw_cfg_reset(DeviceState *dev)
{
    FWCfgState *s = FW_CFG(dev);

    s->key = FW_CFG_SIGNATURE;
    s->offset = 0;
}

static const VMStateField fw_cfg_fields[] = {
    VMSTATE_UINT16(key, FWCfgState),
    VMSTATE_UINT32(offset, FWCfgState),
    VMSTATE_END
};
static const VMStateDescription vmstate_fw_cfg = {
    .name = "fw_cfg",
    .version = 1,
    .fields = fw_cfg_fields,
};

static void fw_cfg_init(Object *obj)
{
    static const uint8_t no_files[4];
    FWCfgState *s = FW_CFG(obj);

    memory_region_init_io(&s->ctl, obj, &fw_cfg_ctl_ops, s, "fwcfg.ctl", CTL_SIZE);
    memory_region_init_io(&s->data, obj, &fw_cfg_data_ops, s, "fwcfg.data", DATA_SIZE);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->ctl);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->data);
    fw_cfg_add_bytes(s, FW_CFG_SIGNATURE, "QEMU", 4);
    fw_cfg_add_i32(s, FW_CFG_ID, VERSION_REGISTERS);
    fw_cfg_add_bytes(s, FW_CFG_UUID, qemu_uuid, sizeof(qemu_uuid));
    fw_cfg_add_bytes(s, FW_CFG_FILE_DIR, no_files, sizeof(no_files));
}

static void fw_cfg_finalize(Object *obj)
{
    FWCfgState *s = FW_CFG(obj);

    for (int i = 0; i < FW_CFG_MAX_ENTRY; i++) {
        g_free(s->items[0][i].data);
        g_free(s->items[1][i].data);
    }
}

static const TypeInfo fw_cfg_info = {
    .name = TYPE_FW_CFG_MEM,
    .parent = TYPE_SYS_BUS_DEVICE,
    .desc = "firmware configuration",
    .instance_size = sizeof(FWCfgState),
    .init = fw_cfg_init,
    .finalize = fw_cfg_finalize,
    .reset = fw_cfg_reset,
    .vmsd = &vmstate_fw_cfg,
};
DEFINE_TYPE(fw_cfg_info)
