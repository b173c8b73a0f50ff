/*
 * What tests of the PC's devices share: starting a machine, PCI configuration,
 * the two 8259s.
 *
 * The executable is $QEMU_EXE_X86, or x86_64-softmmu/qemu-system-x86_64.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_HW_PC_TEST_H
#define TESTS_HW_PC_TEST_H

#include "libqtest.h"

static inline QTestState *pc_start(const char *args)
{
    const char *exe = g_getenv("QEMU_EXE_X86");

    return qtest_init_exe(exe ? exe : "x86_64-softmmu/qemu-system-x86_64", "-nodefaults %s", args);
}

static inline uint32_t pc_config_read(QTestState *s, int devfn, int reg)
{
    qtest_outl(s, 0xcf8, 0x80000000u | devfn << 8 | (reg & 0xfc));
    return qtest_inl(s, 0xcfc);
}

static inline void pc_config_write(QTestState *s, int devfn, int reg, uint32_t value)
{
    qtest_outl(s, 0xcf8, 0x80000000u | devfn << 8 | (reg & 0xfc));
    qtest_outl(s, 0xcfc, value);
}

/* One byte of configuration space. */
static inline void pc_config_write8(QTestState *s, int devfn, int reg, uint8_t value)
{
    qtest_outl(s, 0xcf8, 0x80000000u | devfn << 8 | (reg & 0xfc));
    qtest_outb(s, 0xcfc + (reg & 3), value);
}

/* Vectors 0x20 and 0x28 up, edge triggered, all lines open. */
static inline void pc_init_pics(QTestState *s)
{
    static const uint8_t vectors[2] = { 0x20, 0x28 }, cascade[2] = { 4, 2 };

    for (int i = 0; i < 2; i++) {
        uint16_t port = i ? 0xa0 : 0x20;

        qtest_outb(s, port, 0x11);
        qtest_outb(s, port + 1, vectors[i]);
        qtest_outb(s, port + 1, cascade[i]);
        qtest_outb(s, port + 1, 0x01);
        qtest_outb(s, port + 1, 0x00);
    }
}

/* Requested lines of both, the slave's in bits 15-8. */
static inline uint16_t pc_irr(QTestState *s)
{
    qtest_outb(s, 0x20, 0x0a);
    qtest_outb(s, 0xa0, 0x0a);
    return qtest_inb(s, 0x20) | qtest_inb(s, 0xa0) << 8;
}

/* Poll command on the master: 0x80 | line, and that line is in service. */
static inline uint8_t pc_poll_master(QTestState *s)
{
    qtest_outb(s, 0x20, 0x0c);
    return qtest_inb(s, 0x20);
}

#endif
