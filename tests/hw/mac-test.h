/*
 * What tests of Macintosh devices share: configuration cycles and the I/O
 * chip's memory, on a machine whose firmware does not run.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_HW_MAC_TEST_H
#define TESTS_HW_MAC_TEST_H

#include "libqtest.h"

#define G3_CONFIG 0xfec00000u
#define G3_DATA   0xfee00000u
#define CORE99_CONFIG 0xf2800000u
#define CORE99_DATA   0xf2c00000u
/* Where the tests map the I/O chip. */
#define MACIO_BASE 0x80000000u
enum { MACIO_DBDMA = 0x8000, MACIO_ESCC = 0x13000, MACIO_VIA = 0x16000, MACIO_OPENPIC = 0x40000,
       MACIO_NVRAM = 0x60000, VIA_STRIDE = 0x200 };
enum { G3_MACIO_SLOT = 16, CORE99_MACIO_SLOT = 12, PCI_CMD = 0x04, PCI_BAR0 = 0x10 };

/* Little-endian devices on a big-endian CPU. */
static inline uint32_t read_le32(QTestState *s, uint64_t addr)
{
    return __builtin_bswap32(qtest_readl(s, addr));
}

static inline void write_le32(QTestState *s, uint64_t addr, uint32_t value)
{
    qtest_writel(s, addr, __builtin_bswap32(value));
}

static inline uint32_t g3_config_read(QTestState *s, int slot, int reg)
{
    write_le32(s, G3_CONFIG, 1u << 31 | slot << 11 | (reg & 0xfc));
    return read_le32(s, G3_DATA);
}

static inline void g3_config_write(QTestState *s, int slot, int reg, uint32_t value)
{
    write_le32(s, G3_CONFIG, 1u << 31 | slot << 11 | (reg & 0xfc));
    write_le32(s, G3_DATA, value);
}

static inline void core99_config_write(QTestState *s, int slot, int reg, uint32_t value)
{
    write_le32(s, CORE99_CONFIG, 1u << slot | (reg & 0xf8));
    write_le32(s, CORE99_DATA + (reg & 4), value);
}

static inline QTestState *g3_start(const char *options)
{
    QTestState *s = qtest_init("-M g3beige -net none -display none -serial null %s", options);

    g3_config_write(s, G3_MACIO_SLOT, PCI_BAR0, MACIO_BASE);
    g3_config_write(s, G3_MACIO_SLOT, PCI_CMD, 6);
    return s;
}

static inline QTestState *core99_start(const char *options)
{
    QTestState *s = qtest_init("-M mac99 -net none -display none -serial null %s", options);

    core99_config_write(s, CORE99_MACIO_SLOT, PCI_BAR0, MACIO_BASE);
    core99_config_write(s, CORE99_MACIO_SLOT, PCI_CMD, 6);
    return s;
}

static inline uint8_t via_read(QTestState *s, int reg)
{
    return qtest_readb(s, MACIO_BASE + MACIO_VIA + reg * VIA_STRIDE);
}

static inline void via_write(QTestState *s, int reg, uint8_t value)
{
    qtest_writeb(s, MACIO_BASE + MACIO_VIA + reg * VIA_STRIDE, value);
}

#endif
