/*
 * Client of the -qtest protocol: starts the emulator with stopped vCPUs and
 * drives its devices. A failure of the connection or of a command ends the
 * test program with a message.
 *
 * The executable is $QEMU_EXE, or ppc-softmmu/qemu-system-ppc.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_LIBQTEST_H
#define TESTS_LIBQTEST_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct QTestState QTestState;

/* args: as on a shell's command line, printf-like: "-M g3beige -device e1000". */
QTestState *qtest_init(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* The same with an executable of the caller's choice. */
QTestState *qtest_init_exe(const char *exe, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* End the emulator; asserts that it ended in order. */
void qtest_quit(QTestState *s);

/* Port I/O and memory, values in CPU byte order. */
uint8_t qtest_inb(QTestState *s, uint16_t addr);
uint16_t qtest_inw(QTestState *s, uint16_t addr);
uint32_t qtest_inl(QTestState *s, uint16_t addr);
void qtest_outb(QTestState *s, uint16_t addr, uint8_t value);
void qtest_outw(QTestState *s, uint16_t addr, uint16_t value);
void qtest_outl(QTestState *s, uint16_t addr, uint32_t value);
uint8_t qtest_readb(QTestState *s, uint64_t addr);
uint16_t qtest_readw(QTestState *s, uint64_t addr);
uint32_t qtest_readl(QTestState *s, uint64_t addr);
uint64_t qtest_readq(QTestState *s, uint64_t addr);
void qtest_writeb(QTestState *s, uint64_t addr, uint8_t value);
void qtest_writew(QTestState *s, uint64_t addr, uint16_t value);
void qtest_writel(QTestState *s, uint64_t addr, uint32_t value);
void qtest_writeq(QTestState *s, uint64_t addr, uint64_t value);
void qtest_memread(QTestState *s, uint64_t addr, void *data, size_t size);
void qtest_memwrite(QTestState *s, uint64_t addr, const void *data, size_t size);
void qtest_memset(QTestState *s, uint64_t addr, uint8_t pattern, size_t size);
bool qtest_big_endian(QTestState *s);

/* Guest time in ns; returns the new time. */
int64_t qtest_clock_step(QTestState *s, int64_t step_ns);
int64_t qtest_clock_step_next(QTestState *s);
int64_t qtest_clock_set(QTestState *s, int64_t now_ns);

/* Inputs or outputs of one device; path: an id, a type-made id or "/machine/...". */
void qtest_irq_intercept_in(QTestState *s, const char *path);
void qtest_irq_intercept_out(QTestState *s, const char *path);
/* Level of intercepted wire n as last reported. */
bool qtest_get_irq(QTestState *s, int n);
/* name NULL: unnamed inputs. */
void qtest_set_irq_in(QTestState *s, const char *path, const char *name, int n, int level);

/* State of a device as base64 (g_free), and back. */
char *qtest_vmsave(QTestState *s, const char *path);
void qtest_vmload(QTestState *s, const char *path, const char *state);

/* Any line; the answer without its newline (g_free). For malformed input. */
char *qtest_raw(QTestState *s, const char *line);

#endif
