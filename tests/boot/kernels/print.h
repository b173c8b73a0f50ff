/*
 * What the small kernels of the boot tests share: text at the debug port, and the end
 * of the emulator.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_BOOT_KERNELS_PRINT_H
#define TESTS_BOOT_KERNELS_PRINT_H

#include <stdint.h>

enum { DEBUG_PORT = 0xe9, EXIT_PORT = 0xf4 };

static inline void outb(uint16_t port, uint8_t value)
{
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline void print(const char *text)
{
    while (*text) {
        outb(DEBUG_PORT, *text++);
    }
}

static inline void print_hex(uint64_t value)
{
    outb(DEBUG_PORT, ' ');
    for (int shift = 60; shift >= 0; shift -= 4) {
        if (value >> shift || !shift) {
            outb(DEBUG_PORT, "0123456789abcdef"[value >> shift & 15]);
        }
    }
}

/* "name value\n" */
static inline void print_value(const char *name, uint64_t value)
{
    print(name);
    print_hex(value);
    print("\n");
}

/* "name text\n" */
static inline void print_text(const char *name, uint32_t text)
{
    print(name);
    print(" ");
    print((const char *)text);
    print("\n");
}

/* Sum of the bytes from start to end. */
static inline uint32_t sum_bytes(uint32_t start, uint32_t end)
{
    uint32_t sum = 0;

    while (start < end) {
        sum += *(const uint8_t *)start++;
    }
    return sum;
}

static inline void finish(void)
{
    print("DONE\n");
    outb(EXIT_PORT, 0);
    for (;;) {
        __asm__ volatile("hlt");
    }
}

#endif
