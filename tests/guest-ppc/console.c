/*
 * Serial output without firmware: maps the MacIO chip by PCI configuration
 * cycles of the Grackle bridge, then writes to channel A of its ESCC.
 *
 * SPDX-License-Identifier: MIT
 */
#include "console.h"

#define MACIO_BASE 0x80000000u
enum { MACIO_SLOT = 16, PCI_COMMAND = 4, PCI_BAR0 = 16, COMMAND_MEMORY = 2 };
enum { ESCC = 0x13000, CHANNEL_A_CONTROL = 0x20, CHANNEL_A_DATA = 0x30, TX_EMPTY = 4 };

static void store_le32(uint32_t address, uint32_t value)
{
    __asm__ volatile("stwbrx %0, 0, %1; eieio" : : "r"(value), "r"(address) : "memory");
}

static void pci_config_write(unsigned slot, unsigned reg, uint32_t value)
{
    store_le32(0xfec00000, 0x80000000u | slot << 11 | reg);
    store_le32(0xfee00000, value);
}

static volatile uint8_t *escc(unsigned reg)
{
    return (volatile uint8_t *)(MACIO_BASE + ESCC + reg);
}

void console_init(void)
{
    pci_config_write(MACIO_SLOT, PCI_BAR0, MACIO_BASE);
    pci_config_write(MACIO_SLOT, PCI_COMMAND, COMMAND_MEMORY);
    *escc(CHANNEL_A_CONTROL) = 5;       /* WR5: transmitter on, 8 bits */
    *escc(CHANNEL_A_CONTROL) = 0x68;
}

static void print_char(char c)
{
    while (!(*escc(CHANNEL_A_CONTROL) & TX_EMPTY)) {
    }
    *escc(CHANNEL_A_DATA) = c;
}

void print(const char *text)
{
    while (*text) {
        print_char(*text++);
    }
}

void print_hex(uint32_t value)
{
    for (int shift = 28; shift >= 0; shift -= 4) {
        print_char("0123456789abcdef"[value >> shift & 15]);
    }
}

void print_dec(uint32_t value)
{
    if (value >= 10) {
        print_dec(value / 10);
    }
    print_char('0' + value % 10);
}
