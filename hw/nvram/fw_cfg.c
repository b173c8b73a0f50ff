/*
 * Firmware configuration device (fw_cfg specification).
 *
 * fw_cfg_mem   region 0: selector, 16 bits big endian: chooses an item, rewinds
 *              it; region 1: data, 8 bits: next byte of the item, zero past its end
 * fw_cfg_io    region 0: selector (16 bits little endian) at 0, data at 1;
 *              region 1: DMA address, 64 bits big endian; the low half starts
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
#include "trace/hw-nvram.h"

enum { KEY_MASK = 0xbfff };    /* without the write channel bit */
enum { FILE_ENTRY_SIZE = 64, FILE_ENTRY_SELECT = 4, FILE_ENTRY_NAME = 8 };
enum { CTL_SIZE = 2, DATA_SIZE = 1, DMA_SIZE = 8, VERSION_REGISTERS = 1, VERSION_DMA = 2 };
enum { IO_DATA = 1, DMA_LOW = 4 };
/* DMA control (big endian, like all of the structure) */
enum { DMA_ERROR = 0x01, DMA_READ = 0x02, DMA_SKIP = 0x04, DMA_SELECT = 0x08, DMA_WRITE = 0x10,
       DMA_KEY_SHIFT = 16, DMA_STRUCT_SIZE = 16 };
#define DMA_SIGNATURE UINT64_C(0x51454d5520434647)      /* "QEMU CFG" */

typedef struct FWCfgItem {
    uint8_t *data;
    uint32_t length;
} FWCfgItem;

struct FWCfgState {
    SysBusDevice parent_obj;

    MemoryRegion ctl, data, dma;
    FWCfgItem items[2][FW_CFG_MAX_ENTRY];       /* 1: architecture local */
    char *file_names[FW_CFG_FILE_SLOTS];        /* sorted: file n has key FIRST + n */
    uint16_t num_files;

    uint16_t key;
    uint32_t offset;
    uint64_t dma_addr;
};
#define FW_CFG(o) OBJECT_CHECK(FWCfgState, (o), TYPE_FW_CFG)

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

static void fw_cfg_select(FWCfgState *s, uint16_t key)
{
    trace_fw_cfg_select(key);
    s->key = key;
    s->offset = 0;
}

static void fw_cfg_ctl_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    fw_cfg_select(opaque, data);
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

/* --- ports ------------------------------------------------------------------ */

static uint64_t fw_cfg_io_read(void *opaque, hwaddr addr, unsigned size)
{
    return fw_cfg_data_read(opaque, 0, size);
}

static void fw_cfg_io_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    if (size == 2) {
        fw_cfg_select(opaque, data);
    } else if (addr == IO_DATA) {
        fw_cfg_data_write(opaque, 0, data, size);
    }
}

static const MemoryRegionOps fw_cfg_io_ops = {
    .read = fw_cfg_io_read,
    .write = fw_cfg_io_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 2 },
    .impl = { .min_access_size = 1, .max_access_size = 2 },
};

/* Past the item's end memory is filled with zeroes. */
static bool dma_read_item(FWCfgState *s, uint64_t addr, uint32_t length)
{
    FWCfgItem *item = fw_cfg_item(s, s->key);
    uint32_t left = item && s->offset < item->length ? item->length - s->offset : 0;
    uint32_t n = MIN(left, length);

    if (n && address_space_write(&address_space_memory, addr, item->data + s->offset, n) != MEMTX_OK) {
        return false;
    }
    s->offset += n;
    return length == n || address_space_set(&address_space_memory, addr + n, 0, length - n) == MEMTX_OK;
}

/* Control word of the finished transfer. */
static uint32_t dma_transfer(FWCfgState *s, uint32_t control, uint32_t length, uint64_t addr)
{
    FWCfgItem *item;

    trace_fw_cfg_dma(control, length, addr);
    if (control & DMA_SELECT) {
        fw_cfg_select(s, control >> DMA_KEY_SHIFT);
    }
    if (control & DMA_READ) {
        return dma_read_item(s, addr, length) ? 0 : DMA_ERROR;
    }
    if (control & DMA_WRITE) {
        qemu_log_mask(LOG_GUEST_ERROR, "fw_cfg: DMA write to item 0x%x refused\n", s->key);
        return DMA_ERROR;
    }
    if (control & DMA_SKIP) {
        item = fw_cfg_item(s, s->key);
        s->offset += item && s->offset < item->length ? MIN(item->length - s->offset, length) : 0;
    }
    return 0;
}

static void dma_start(FWCfgState *s)
{
    uint64_t at = s->dma_addr;
    uint8_t request[DMA_STRUCT_SIZE], done[4];

    s->dma_addr = 0;
    if (address_space_read(&address_space_memory, at, request, sizeof(request)) != MEMTX_OK) {
        qemu_log_mask(LOG_GUEST_ERROR, "fw_cfg: no memory at DMA address 0x%" PRIx64 "\n", at);
        return;
    }
    stl_be_p(done, dma_transfer(s, ldl_be_p(request), ldl_be_p(request + 4), ldq_be_p(request + 8)));
    address_space_write(&address_space_memory, at, done, sizeof(done));
}

static uint64_t fw_cfg_dma_read(void *opaque, hwaddr addr, unsigned size)
{
    return DMA_SIGNATURE >> 8 * (DMA_SIZE - addr - size);
}

static void fw_cfg_dma_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    FWCfgState *s = opaque;

    if (size == 4 && addr == 0) {
        s->dma_addr = data << 32;
        return;
    }
    s->dma_addr = size == 8 ? data : (s->dma_addr & ~(uint64_t)UINT32_MAX) | (uint32_t)data;
    if (size == 8 || (size == 4 && addr == DMA_LOW)) {
        dma_start(s);
    }
}

static const MemoryRegionOps fw_cfg_dma_ops = {
    .read = fw_cfg_dma_read,
    .write = fw_cfg_dma_write,
    .endianness = DEVICE_BIG_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 8 },
    .impl = { .min_access_size = 1, .max_access_size = 8 },
};

/* --- items -------------------------------------------------------------------- */

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
static void write_directory(FWCfgState *s)
{
    size_t size = 4 + (size_t)s->num_files * FILE_ENTRY_SIZE;
    g_autofree uint8_t *dir = g_malloc0(size);

    stl_be_p(dir, s->num_files);
    for (int i = 0; i < s->num_files; i++) {
        uint8_t *entry = dir + 4 + i * FILE_ENTRY_SIZE;
        uint16_t key = FW_CFG_FILE_FIRST + i;

        stl_be_p(entry, fw_cfg_item(s, key)->length);
        stw_be_p(entry + FILE_ENTRY_SELECT, key);
        memcpy(entry + FILE_ENTRY_NAME, s->file_names[i], strlen(s->file_names[i]));
    }
    fw_cfg_add_bytes(s, FW_CFG_FILE_DIR, dir, size);
}

/* Makes room for a new name at its place. */
static void insert_file(FWCfgState *s, int at, const char *filename)
{
    FWCfgItem *items = fw_cfg_item(s, FW_CFG_FILE_FIRST);

    for (int i = s->num_files++; i > at; i--) {
        s->file_names[i] = s->file_names[i - 1];
        items[i] = items[i - 1];
    }
    s->file_names[at] = g_strdup(filename);
    items[at] = (FWCfgItem){ 0 };
}

bool fw_cfg_add_file(FWCfgState *s, const char *filename, const void *data, size_t len)
{
    int at = 0;

    if (strlen(filename) >= FW_CFG_MAX_FILE_PATH) {
        return false;
    }
    while (at < s->num_files && strcmp(s->file_names[at], filename) < 0) {
        at++;
    }
    if (at == s->num_files || strcmp(s->file_names[at], filename)) {
        if (s->num_files == FW_CFG_FILE_SLOTS) {
            return false;
        }
        insert_file(s, at, filename);
    }
    fw_cfg_add_bytes(s, FW_CFG_FILE_FIRST + at, data, len);
    write_directory(s);
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

FWCfgState *fw_cfg_init_io(uint16_t port)
{
    FWCfgState *s = FW_CFG(qdev_new(TYPE_FW_CFG_IO));

    if (!sysbus_realize_and_unref(SYS_BUS_DEVICE(s), &error_abort)) {
        return NULL;
    }
    memory_region_add_subregion(get_system_io(), port, &s->ctl);
    memory_region_add_subregion(get_system_io(), port + 4, &s->dma);
    return s;
}

static void fw_cfg_reset(DeviceState *dev)
{
    FWCfgState *s = FW_CFG(dev);

    fw_cfg_select(s, FW_CFG_SIGNATURE);
    s->dma_addr = 0;
}

static const VMStateField fw_cfg_fields[] = {
    VMSTATE_UINT16(key, FWCfgState),
    VMSTATE_UINT32(offset, FWCfgState),
    VMSTATE_UINT64(dma_addr, FWCfgState),
    VMSTATE_END
};
static const VMStateDescription vmstate_fw_cfg = {
    .name = "fw_cfg",
    .version = 1,
    .fields = fw_cfg_fields,
};

static void fw_cfg_init(Object *obj)
{
    FWCfgState *s = FW_CFG(obj);

    fw_cfg_add_bytes(s, FW_CFG_SIGNATURE, "QEMU", 4);
    fw_cfg_add_i32(s, FW_CFG_ID, VERSION_REGISTERS);
    fw_cfg_add_bytes(s, FW_CFG_UUID, qemu_uuid, sizeof(qemu_uuid));
    write_directory(s);
}

static void fw_cfg_mem_init(Object *obj)
{
    FWCfgState *s = FW_CFG(obj);

    memory_region_init_io(&s->ctl, obj, &fw_cfg_ctl_ops, s, "fwcfg.ctl", CTL_SIZE);
    memory_region_init_io(&s->data, obj, &fw_cfg_data_ops, s, "fwcfg.data", DATA_SIZE);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->ctl);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->data);
}

static void fw_cfg_io_init(Object *obj)
{
    FWCfgState *s = FW_CFG(obj);

    memory_region_init_io(&s->ctl, obj, &fw_cfg_io_ops, s, "fwcfg", CTL_SIZE);
    memory_region_init_io(&s->dma, obj, &fw_cfg_dma_ops, s, "fwcfg.dma", DMA_SIZE);
    fw_cfg_add_i32(s, FW_CFG_ID, VERSION_REGISTERS | VERSION_DMA);
}

static void fw_cfg_finalize(Object *obj)
{
    FWCfgState *s = FW_CFG(obj);

    for (int i = 0; i < FW_CFG_MAX_ENTRY; i++) {
        g_free(s->items[0][i].data);
        g_free(s->items[1][i].data);
    }
    for (int i = 0; i < s->num_files; i++) {
        g_free(s->file_names[i]);
    }
}

static const TypeInfo fw_cfg_info = {
    .name = TYPE_FW_CFG,
    .parent = TYPE_SYS_BUS_DEVICE,
    .desc = "firmware configuration",
    .instance_size = sizeof(FWCfgState),
    .init = fw_cfg_init,
    .finalize = fw_cfg_finalize,
    .reset = fw_cfg_reset,
    .vmsd = &vmstate_fw_cfg,
};
DEFINE_TYPE(fw_cfg_info)

static const TypeInfo fw_cfg_mem_info = {
    .name = TYPE_FW_CFG_MEM,
    .parent = TYPE_FW_CFG,
    .desc = "firmware configuration in memory",
    .instance_size = sizeof(FWCfgState),
    .init = fw_cfg_mem_init,
};
DEFINE_TYPE(fw_cfg_mem_info)

static const TypeInfo fw_cfg_io_info = {
    .name = TYPE_FW_CFG_IO,
    .parent = TYPE_FW_CFG,
    .desc = "firmware configuration at ports, with DMA",
    .instance_size = sizeof(FWCfgState),
    .init = fw_cfg_io_init,
};
DEFINE_TYPE(fw_cfg_io_info)
