/*
 * A small modern virtio-pci driver for tests: one card in slot 5 of a
 * Macintosh whose firmware does not run, registers at a fixed address.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_HW_VIRTIO_DRIVER_H
#define TESTS_HW_VIRTIO_DRIVER_H

#include <string.h>
#include "hw/mac-test.h"

#define VIO_BASE 0x90000000u
enum { VIO_SLOT = 5, VIO_ISR = 0x1000, VIO_CONFIG = 0x2000, VIO_NOTIFY = 0x3000, VIO_RING_SIZE = 8 };
enum { VIO_RINGS = 0x100000, VIO_RING_BYTES = 0x1000, VIO_DATA = 0x200000 };
enum { VIO_F_NEXT = 1, VIO_F_WRITE = 2, VIO_F_INDIRECT = 4 };
enum { VIO_STATUS_OK = 0x0f, VIO_STATUS_NEEDS_RESET = 0x40 };

typedef struct VIODriver {
    QTestState *q;
    uint16_t avail[64], used[64];
} VIODriver;

static inline void vio_write8(VIODriver *d, uint32_t reg, uint8_t v)
{
    qtest_writeb(d->q, VIO_BASE + reg, v);
}

static inline void vio_write16(VIODriver *d, uint32_t reg, uint16_t v)
{
    qtest_writew(d->q, VIO_BASE + reg, GUINT16_SWAP_LE_BE(v));
}

static inline void vio_write32(VIODriver *d, uint32_t reg, uint32_t v)
{
    qtest_writel(d->q, VIO_BASE + reg, GUINT32_SWAP_LE_BE(v));
}

static inline uint32_t vio_read32(VIODriver *d, uint32_t reg)
{
    return GUINT32_SWAP_LE_BE(qtest_readl(d->q, VIO_BASE + reg));
}

static inline uint8_t vio_status(VIODriver *d)
{
    return qtest_readb(d->q, VIO_BASE + 0x14);
}

static inline uint64_t vio_ring(unsigned n)
{
    return VIO_RINGS + n * VIO_RING_BYTES;
}

static inline void vio_put(VIODriver *d, uint64_t addr, uint64_t value, unsigned size)
{
    uint8_t raw[8];

    for (unsigned i = 0; i < size; i++) {
        raw[i] = value >> 8 * i;
    }
    qtest_memwrite(d->q, addr, raw, size);
}

static inline uint32_t vio_get(VIODriver *d, uint64_t addr, unsigned size)
{
    uint8_t raw[4] = { 0 };

    qtest_memread(d->q, addr, raw, size);
    return raw[0] | raw[1] << 8 | raw[2] << 16 | (uint32_t)raw[3] << 24;
}

static inline void vio_setup_queue(VIODriver *d, unsigned n)
{
    uint64_t at = vio_ring(n);

    qtest_memset(d->q, at, 0, VIO_RING_BYTES);
    d->avail[n] = d->used[n] = 0;
    vio_write16(d, 0x16, n);
    vio_write16(d, 0x18, VIO_RING_SIZE);
    vio_write32(d, 0x20, at);
    vio_write32(d, 0x28, at + 0x400);
    vio_write32(d, 0x30, at + 0x800);
    vio_write16(d, 0x1c, 1);
}

/* Reset, take the features of both words that the masks allow, set up queues. */
static inline void vio_up(VIODriver *d, uint32_t mask, unsigned queues)
{
    uint32_t low;

    vio_write8(d, 0x14, 0);
    vio_write8(d, 0x14, 3);
    vio_write32(d, 0x00, 0);
    low = vio_read32(d, 0x04) & mask;
    vio_write32(d, 0x08, 0);
    vio_write32(d, 0x0c, low);
    vio_write32(d, 0x08, 1);
    vio_write32(d, 0x0c, 1);
    vio_write8(d, 0x14, 0x0b);
    g_assert_cmphex(vio_status(d), ==, 0x0b);
    for (unsigned n = 0; n < queues; n++) {
        vio_setup_queue(d, n);
    }
    vio_write8(d, 0x14, VIO_STATUS_OK);
}

/* args: other options and the -device without its slot. */
static inline void vio_start(VIODriver *d, const char *args)
{
    memset(d, 0, sizeof(*d));
    d->q = qtest_init("-M g3beige -vga none -nic none %s,addr=%d", args, VIO_SLOT);
    g3_config_write(d->q, VIO_SLOT, PCI_BAR0 + 16, VIO_BASE);
    g3_config_write(d->q, VIO_SLOT, PCI_BAR0 + 20, 0);
    g3_config_write(d->q, VIO_SLOT, PCI_CMD, 6);
}

static inline void vio_desc(VIODriver *d, uint64_t table, unsigned i, uint64_t addr, uint32_t len,
                            uint16_t flags, uint16_t next)
{
    vio_put(d, table + 16 * i, addr, 8);
    vio_put(d, table + 16 * i + 8, len, 4);
    vio_put(d, table + 16 * i + 12, flags, 2);
    vio_put(d, table + 16 * i + 14, next, 2);
}

/* Offer the chain at `head` and kick. */
static inline void vio_offer(VIODriver *d, unsigned n, uint16_t head)
{
    uint64_t avail = vio_ring(n) + 0x400;

    vio_put(d, avail + 4 + 2 * (d->avail[n] % VIO_RING_SIZE), head, 2);
    vio_put(d, avail + 2, ++d->avail[n], 2);
    vio_write16(d, VIO_NOTIFY + 4 * n, n);
}

/* Bytes written by the device into the next used element; waits for it. */
static inline uint32_t vio_wait_used(VIODriver *d, unsigned n)
{
    uint64_t used = vio_ring(n) + 0x800;
    uint16_t slot = d->used[n] % VIO_RING_SIZE;

    for (int tries = 0; vio_get(d, used + 2, 2) == d->used[n]; tries++) {
        g_assert_cmpint(tries, <, 20000);
        g_usleep(500);
    }
    d->used[n]++;
    return vio_get(d, used + 4 + 8 * slot + 4, 4);
}

static inline bool vio_used_pending(VIODriver *d, unsigned n)
{
    return vio_get(d, vio_ring(n) + 0x802, 2) != d->used[n];
}

/* The device finds out on its own time that a ring makes no sense. */
static inline void vio_wait_broken(VIODriver *d)
{
    for (int tries = 0; !(vio_status(d) & VIO_STATUS_NEEDS_RESET); tries++) {
        g_assert_cmpint(tries, <, 20000);
        g_usleep(500);
    }
}

#endif
