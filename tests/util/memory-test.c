/*
 * Guest physical memory: what is visible at an address, and what one access
 * to a device looks like to the device. If this fails, guests see the wrong
 * device, or registers with wrong size or byte order.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "exec/memory.h"
#include "exec/ram_addr.h"
#include "exec/ram_block.h"
#include "qemu/bswap.h"
#include "test-stubs.h"

/* A device of 64 bytes that remembers how it was called. */
typedef struct Probe {
    MemoryRegion mr;
    MemoryRegionOps ops;
    uint8_t bytes[64];          /* in the device's own order */
    unsigned calls, last_size;
    hwaddr last_addr;
    bool big;
    AddressSpace *dma;          /* when set: a read reads this address of it, once */
    hwaddr dma_addr;
    MemTxResult dma_result;
} Probe;

static uint64_t probe_read(void *opaque, hwaddr addr, unsigned size)
{
    Probe *p = opaque;
    uint64_t val = 0;

    p->calls++;
    p->last_size = size;
    p->last_addr = addr;
    if (p->dma) {
        uint8_t byte;

        p->dma_result = address_space_read(p->dma, p->dma_addr, &byte, 1);
    }
    for (unsigned i = 0; i < size; i++) {
        val |= (uint64_t)p->bytes[addr + i] << 8 * (p->big ? size - 1 - i : i);
    }
    return val;
}

static void probe_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    Probe *p = opaque;

    p->calls++;
    p->last_size = size;
    p->last_addr = addr;
    for (unsigned i = 0; i < size; i++) {
        p->bytes[addr + i] = data >> 8 * (p->big ? size - 1 - i : i);
    }
}

static void probe_init(Probe *p, enum device_endian endian)
{
    memset(p, 0, sizeof(*p));
    p->big = endian == DEVICE_BIG_ENDIAN || (endian == DEVICE_NATIVE_ENDIAN &&
                                             target_words_bigendian);
    p->ops.read = probe_read;
    p->ops.write = probe_write;
    p->ops.endianness = endian;
    for (unsigned i = 0; i < sizeof(p->bytes); i++) {
        p->bytes[i] = 0x10 + i;
    }
    memory_region_init_io(&p->mr, NULL, &p->ops, p, "probe", sizeof(p->bytes));
}

/* A fresh address space for each test. */
typedef struct Space {
    AddressSpace as;
    MemoryRegion root;
} Space;

static void space_init(Space *s)
{
    memory_region_init(&s->root, NULL, "root", UINT64_MAX);
    address_space_init(&s->as, &s->root, "test");
}

static void space_cleanup(Space *s)
{
    address_space_destroy(&s->as);
    memory_region_cleanup(&s->root);
}

static uint64_t load(Space *s, hwaddr addr, MemOp op)
{
    MemTxResult result;
    uint64_t val = address_space_ld(&s->as, addr, op, &result);

    g_assert_cmpint(result, ==, MEMTX_OK);
    return val;
}

/*
 * Memory is bytes at addresses: whatever the device's order and the size of
 * its callbacks, byte n of the device is byte n of the bus.
 */
static void test_byte_lanes(void)
{
    static const enum device_endian endians[] = { DEVICE_NATIVE_ENDIAN, DEVICE_BIG_ENDIAN,
                                                  DEVICE_LITTLE_ENDIAN };

    for (unsigned e = 0; e < ARRAY_SIZE(endians); e++) {
        for (unsigned impl_max = 1; impl_max <= 8; impl_max *= 2) {
            for (unsigned log2_size = 0; log2_size <= 3; log2_size++) {
                Space s;
                Probe p;
                uint64_t le, be;

                space_init(&s);
                probe_init(&p, endians[e]);
                p.ops.impl.max_access_size = impl_max;
                memory_region_add_subregion(&s.root, 0x1000, &p.mr);
                le = load(&s, 0x1008, (MemOp)log2_size | MO_LE);
                be = load(&s, 0x1008, (MemOp)log2_size | MO_BE);
                for (unsigned i = 0; i < 1u << log2_size; i++) {
                    g_assert_cmphex(le >> 8 * i & 0xff, ==, 0x18 + i);
                    g_assert_cmphex(be >> 8 * ((1u << log2_size) - 1 - i) & 0xff, ==, 0x18 + i);
                }
                g_assert_cmpuint(p.last_size, ==, MIN(impl_max, 1u << log2_size));

                address_space_st(&s.as, 0x1010, 0x0102030405060708, (MemOp)log2_size | MO_BE,
                                 NULL);
                for (unsigned i = 0; i < 1u << log2_size; i++) {
                    g_assert_cmphex(p.bytes[0x10 + i], ==, 8 - (1u << log2_size) + 1 + i);
                }
                g_assert_cmphex(p.bytes[0x10 + (1u << log2_size)], ==,
                                0x20 + (1u << log2_size));
                memory_region_cleanup(&p.mr);
                space_cleanup(&s);
            }
        }
    }
}

/* A device that only takes 32-bit accesses is read once, and a lane is picked. */
static void test_widening(void)
{
    for (int big = 0; big < 2; big++) {
        Space s;
        Probe p;

        space_init(&s);
        probe_init(&p, big ? DEVICE_BIG_ENDIAN : DEVICE_LITTLE_ENDIAN);
        p.ops.impl.min_access_size = p.ops.impl.max_access_size = 4;
        memory_region_add_subregion(&s.root, 0, &p.mr);
        for (unsigned i = 0; i < 8; i++) {
            p.calls = 0;
            g_assert_cmphex(load(&s, i, MO_8), ==, 0x10 + i);
            g_assert_cmpuint(p.calls, ==, 1);
            g_assert_cmpuint(p.last_size, ==, 4);
            g_assert_cmphex(p.last_addr, ==, i & ~3u);
        }
        g_assert_cmphex(load(&s, 2, MO_BEUW), ==, 0x1213);
        memory_region_cleanup(&p.mr);
        space_cleanup(&s);
    }
}

/* What the region does not allow is refused and does not reach the device. */
static void test_refused(void)
{
    MemTxResult result;
    Space s;
    Probe p;

    space_init(&s);
    probe_init(&p, DEVICE_BIG_ENDIAN);
    p.ops.valid.min_access_size = 2;
    p.ops.valid.max_access_size = 4;
    memory_region_add_subregion(&s.root, 0, &p.mr);
    address_space_ld(&s.as, 0, MO_8, &result);
    g_assert_cmpint(result, ==, MEMTX_ERROR);
    address_space_ld(&s.as, 0, MO_BEUQ, &result);
    g_assert_cmpint(result, ==, MEMTX_ERROR);
    address_space_st(&s.as, 2, 1, MO_BEUL, &result);
    g_assert_cmpint(result, ==, MEMTX_ERROR);
    g_assert_cmpuint(p.calls, ==, 0);
    g_assert_cmphex(address_space_ld(&s.as, 0x5000, MO_BEUL, &result), ==, 0);
    g_assert_cmpint(result, ==, MEMTX_DECODE_ERROR);

    p.ops.valid.unaligned = true;
    g_assert_cmphex(load(&s, 2, MO_BEUL), ==, 0x12131415);
    g_assert_cmpuint(p.calls, ==, 2);       /* two aligned halves */
    p.ops.impl.unaligned = true;
    p.calls = 0;
    g_assert_cmphex(load(&s, 2, MO_BEUL), ==, 0x12131415);
    g_assert_cmpuint(p.calls, ==, 1);
    memory_region_cleanup(&p.mr);
    space_cleanup(&s);
}

/* Higher priority hides lower; gaps show what lies behind; disabling uncovers. */
static void test_overlap(void)
{
    Space s;
    Probe back, front;
    MemoryRegionSection section;

    space_init(&s);
    probe_init(&back, DEVICE_BIG_ENDIAN);
    probe_init(&front, DEVICE_BIG_ENDIAN);
    memset(front.bytes, 0xff, sizeof(front.bytes));
    memory_region_add_subregion_overlap(&s.root, 0x100, &back.mr, -1);
    memory_region_add_subregion_overlap(&s.root, 0x110, &front.mr, 1);
    g_assert_cmphex(load(&s, 0x10f, MO_8), ==, 0x1f);
    g_assert_cmphex(load(&s, 0x110, MO_8), ==, 0xff);
    section = address_space_find(&s.as, 0x108);
    g_assert_true(section.mr == &back.mr);
    g_assert_cmphex(section.size, ==, 0x10);

    memory_region_set_enabled(&front.mr, false);
    g_assert_cmphex(load(&s, 0x110, MO_8), ==, 0x20);
    memory_region_set_enabled(&front.mr, true);
    memory_region_set_address(&front.mr, 0x118);
    g_assert_cmphex(load(&s, 0x117, MO_8), ==, 0x27);
    g_assert_cmphex(load(&s, 0x118, MO_8), ==, 0xff);

    /* Within a transaction nothing changes until its end. */
    memory_region_transaction_begin();
    memory_region_del_subregion(&s.root, &front.mr);
    g_assert_cmphex(load(&s, 0x118, MO_8), ==, 0xff);
    memory_region_transaction_commit();
    g_assert_cmphex(load(&s, 0x118, MO_8), ==, 0x28);
    memory_region_cleanup(&front.mr);
    memory_region_cleanup(&back.mr);
    space_cleanup(&s);
}

/* One byte of another device in the middle: wide accesses go by their address alone. */
static void test_hole(void)
{
    Space s;
    Probe p, hole;
    MemoryRegion alias;

    space_init(&s);
    probe_init(&p, DEVICE_LITTLE_ENDIAN);
    probe_init(&hole, DEVICE_LITTLE_ENDIAN);
    hole.bytes[0] = 0xee;
    memory_region_init_alias(&alias, NULL, "hole", &hole.mr, 0, 1);
    memory_region_add_subregion(&s.root, 0x100, &p.mr);
    memory_region_add_subregion_overlap(&s.root, 0x101, &alias, 1);
    g_assert_cmphex(load(&s, 0x100, MO_LEUL), ==, 0x13121110);
    g_assert_cmpuint(p.calls, ==, 1);
    g_assert_cmphex(load(&s, 0x101, MO_UB), ==, 0xee);
    memory_region_del_subregion(&s.root, &alias);
    memory_region_del_subregion(&s.root, &p.mr);
    memory_region_cleanup(&alias);
    memory_region_cleanup(&hole.mr);
    memory_region_cleanup(&p.mr);
    space_cleanup(&s);
}

/* The gap before, between and behind regions has the right extent. */
static void test_gaps(void)
{
    MemoryRegionSection section;
    Space s;
    Probe p;

    space_init(&s);
    section = address_space_find(&s.as, 5);
    g_assert_null(section.mr);
    g_assert_cmphex(section.size, ==, UINT64_MAX);
    probe_init(&p, DEVICE_BIG_ENDIAN);
    memory_region_add_subregion(&s.root, 0x1000, &p.mr);
    section = address_space_find(&s.as, 0xfff);
    g_assert_cmphex(section.size, ==, 0x1000);
    section = address_space_find(&s.as, UINT64_MAX);
    g_assert_cmphex(section.offset_within_address_space, ==, 0x1040);
    g_assert_cmphex(section.size, ==, UINT64_MAX - 0x1040 + 1);
    memory_region_cleanup(&p.mr);
    space_cleanup(&s);
}

/* An alias shows its window of the target, also one that starts below the target. */
static void test_alias(void)
{
    MemoryRegion ram, low, high, whole;
    uint8_t *host;
    Space s;

    space_init(&s);
    g_assert_true(memory_region_init_ram(&ram, NULL, "ram", 0x4000, &error_abort));
    host = memory_region_get_ram_ptr(&ram);
    stl_be_p(host + 0x2010, 0xcafe0001);
    memory_region_init_alias(&high, NULL, "high", &ram, 0x2000, 0x1000);
    memory_region_add_subregion(&s.root, 0xfff00000, &high);
    g_assert_cmphex(load(&s, 0xfff00010, MO_BEUL), ==, 0xcafe0001);
    g_assert_null(address_space_find(&s.as, 0xfff01000).mr);
    g_assert_true(memory_region_get_ram_ptr(&high) == host + 0x2000);

    memory_region_init_alias(&low, NULL, "low", &ram, 0x1000, 0x3000);
    memory_region_add_subregion(&s.root, 0, &low);
    g_assert_cmphex(load(&s, 0x1010, MO_BEUL), ==, 0xcafe0001);

    /* An alias of an alias, whole address space shifted down. */
    memory_region_init_alias(&whole, NULL, "whole", &s.root, 0xfff00000, 0x1000);
    AddressSpace other;
    address_space_init(&other, &whole, "other");
    g_assert_cmphex(address_space_ld(&other, 0x10, MO_BEUL, NULL), ==, 0xcafe0001);

    memory_region_set_alias_offset(&whole, 0);
    g_assert_cmphex(address_space_ld(&other, 0x10, MO_BEUL, NULL), ==, 0);
    address_space_destroy(&other);
    memory_region_cleanup(&whole);
    memory_region_cleanup(&low);
    memory_region_cleanup(&high);
    space_cleanup(&s);
    memory_region_cleanup(&ram);
}

/* A copy crosses regions; RAM marks its pages, ROM keeps its bytes. */
static void test_copy(void)
{
    MemoryRegion ram, rom;
    ram_addr_t ram_addr;
    uint8_t buf[64], out[64];
    uint8_t *host;
    Space s;
    Probe p;

    space_init(&s);
    g_assert_true(memory_region_init_ram(&ram, NULL, "ram", 0x2000, &error_abort));
    g_assert_true(memory_region_init_rom(&rom, NULL, "rom", 0x1000, &error_abort));
    probe_init(&p, DEVICE_LITTLE_ENDIAN);
    memory_region_add_subregion(&s.root, 0, &ram);
    memory_region_add_subregion(&s.root, 0x2000, &p.mr);
    memory_region_add_subregion(&s.root, 0x2040, &rom);
    ram_addr = memory_region_get_ram_addr(&ram);
    host = memory_region_get_ram_ptr(&ram);

    for (unsigned i = 0; i < sizeof(buf); i++) {
        buf[i] = 0x80 + i;
    }
    memory_region_test_and_clear_dirty(&ram, 0, 0x2000, DIRTY_MEMORY_VGA);
    cpu_physical_memory_clear_dirty_flag(ram_addr + 0x1000, DIRTY_MEMORY_CODE);
    test_invalidated_start = test_invalidated_end = 0;
    g_assert_cmpint(address_space_write(&s.as, 0x1fe3, buf, sizeof(buf)), ==, MEMTX_OK);
    g_assert_cmpmem(host + 0x1fe3, 0x1d, buf, 0x1d);
    g_assert_cmpmem(p.bytes, 35, buf + 0x1d, 35);
    g_assert_cmphex(test_invalidated_start, ==, ram_addr + 0x1fe3);
    g_assert_cmphex(test_invalidated_end, ==, ram_addr + 0x2000);
    g_assert_false(memory_region_test_and_clear_dirty(&ram, 0, 0x1000, DIRTY_MEMORY_VGA));
    g_assert_true(memory_region_test_and_clear_dirty(&ram, 0x1000, 1, DIRTY_MEMORY_VGA));
    g_assert_false(memory_region_test_and_clear_dirty(&ram, 0, 0x2000, DIRTY_MEMORY_VGA));
    g_assert_cmpint(address_space_read(&s.as, 0x1fe3, out, sizeof(out)), ==, MEMTX_OK);
    g_assert_cmpmem(out, sizeof(out), buf, sizeof(buf));

    g_assert_cmpint(address_space_write(&s.as, 0x2040, buf, 8), ==, MEMTX_OK);
    g_assert_cmphex(load(&s, 0x2040, MO_BEUL), ==, 0);
    g_assert_cmpint(address_space_write_rom(&s.as, 0x2040, buf, 8), ==, MEMTX_OK);
    g_assert_cmphex(load(&s, 0x2040, MO_BEUL), ==, 0x80818283);

    /* Past the end: what is there is copied, the rest is an error. */
    g_assert_cmpint(address_space_read(&s.as, 0x303c, out, 8), ==, MEMTX_DECODE_ERROR);
    /* An access that straddles RAM and the device. */
    stw_be_p(host + 0x1ffe, 0x1122);
    g_assert_cmphex(load(&s, 0x1ffe, MO_BEUL), ==, 0x11229d9e);

    memory_region_cleanup(&p.mr);
    space_cleanup(&s);
    memory_region_cleanup(&ram);
    memory_region_cleanup(&rom);
}

static void test_map(void)
{
    MemoryRegion ram;
    hwaddr len = 0x1800;
    ram_addr_t offset;
    uint8_t *p;
    Space s;

    space_init(&s);
    g_assert_true(memory_region_init_ram(&ram, NULL, "ram", 0x2000, &error_abort));
    memory_region_add_subregion(&s.root, 0x8000, &ram);
    p = address_space_map(&s.as, 0x9000, &len, true);
    g_assert_true(p == (uint8_t *)memory_region_get_ram_ptr(&ram) + 0x1000);
    g_assert_cmphex(len, ==, 0x1000);
    g_assert_true(qemu_ram_block_from_host(p, &offset) == ram.ram_block);
    g_assert_cmphex(offset, ==, 0x1000);
    memory_region_test_and_clear_dirty(&ram, 0, 0x2000, DIRTY_MEMORY_VGA);
    address_space_unmap(&s.as, p, len, true, 4);
    g_assert_true(memory_region_test_and_clear_dirty(&ram, 0x1000, 4, DIRTY_MEMORY_VGA));
    g_assert_null(address_space_map(&s.as, 0x100, &len, false));
    space_cleanup(&s);
    memory_region_cleanup(&ram);
    g_assert_null(qemu_ram_block_from_host(p, &offset));
}

/* A device whose DMA reaches its own registers gets an error, not recursion. */
static void test_reentry(void)
{
    Space s;
    Probe p;

    space_init(&s);
    probe_init(&p, DEVICE_BIG_ENDIAN);
    memory_region_add_subregion(&s.root, 0, &p.mr);
    p.dma = &s.as;
    p.dma_addr = 4;
    load(&s, 0, MO_BEUL);
    g_assert_cmpuint(p.calls, ==, 1);
    g_assert_cmpint(p.dma_result, ==, MEMTX_ERROR);
    memory_region_cleanup(&p.mr);
    space_cleanup(&s);
}

/* Flash: reads are memory until the device says otherwise, writes are commands. */
static void test_rom_device(void)
{
    MemoryRegion mr;
    Space s;
    Probe p;

    space_init(&s);
    probe_init(&p, DEVICE_BIG_ENDIAN);
    g_assert_true(memory_region_init_rom_device(&mr, NULL, &p.ops, &p, "flash", 0x1000,
                                                &error_abort));
    memory_region_add_subregion(&s.root, 0, &mr);
    stl_be_p(memory_region_get_ram_ptr(&mr), 0x55667788);
    g_assert_cmphex(load(&s, 0, MO_BEUL), ==, 0x55667788);
    address_space_st(&s.as, 0, 0x01020304, MO_BEUL, NULL);
    g_assert_cmpuint(p.calls, ==, 1);
    g_assert_cmphex(load(&s, 0, MO_BEUL), ==, 0x55667788);
    memory_region_rom_device_set_romd(&mr, false);
    g_assert_cmphex(load(&s, 0, MO_BEUL), ==, 0x01020304);
    memory_region_cleanup(&p.mr);
    space_cleanup(&s);
    memory_region_cleanup(&mr);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/memory/byte-lanes", test_byte_lanes);
    g_test_add_func("/memory/widening", test_widening);
    g_test_add_func("/memory/refused", test_refused);
    g_test_add_func("/memory/overlap", test_overlap);
    g_test_add_func("/memory/hole", test_hole);
    g_test_add_func("/memory/gaps", test_gaps);
    g_test_add_func("/memory/alias", test_alias);
    g_test_add_func("/memory/copy", test_copy);
    g_test_add_func("/memory/map", test_map);
    g_test_add_func("/memory/reentry", test_reentry);
    g_test_add_func("/memory/rom-device", test_rom_device);
    return g_test_run();
}
