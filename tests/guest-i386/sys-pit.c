/*
 * The 8254's counter 0 (data sheet, mode 0): an interrupt whose time has come is the 8259's,
 * whatever the guest writes next. If it fails, systems without APIC lose clock ticks on a
 * loaded host.
 *
 * SPDX-License-Identifier: MIT
 */
#include "sys.h"

enum { PIC_COMMAND = 0x20, PIC_DATA = 0x21, COUNTER0 = 0x40, CONTROL = 0x43 };
enum { ICW1 = 0x11, ICW2 = 0x20, ICW3 = 0x04, ICW4 = 0x01, ALL_MASKED = 0xff, READ_IRR = 0x0a };
enum { MODE_0 = 0x30, READ_STATUS = 0xe2, STATUS_OUT = 0x80, COUNT = 2, LATER = 0xff, ROUNDS = 20 };

static void out(u32 port, u32 value) { asm volatile("outb %b0, %w1" :: "a"(value), "d"(port)); }
static u32 in(u32 port) { u32 v = 0; asm volatile("inb %w1, %b0" : "+a"(v) : "d"(port)); return v; }

static void set_count(u32 count)
{
    out(COUNTER0, count);
    out(COUNTER0, 0);
}

/* A cleared 8259, and a count that runs down while nobody waits for it. */
static void run_down(void)
{
    out(PIC_COMMAND, ICW1);
    out(PIC_DATA, ICW2);
    out(PIC_DATA, ICW3);
    out(PIC_DATA, ICW4);
    out(PIC_DATA, ALL_MASKED);
    out(PIC_COMMAND, READ_IRR);
    set_count(COUNT);
    do {
        out(CONTROL, READ_STATUS);
    } while (!(in(COUNTER0) & STATUS_OUT));
}

void test_pit(void)
{
    for (int i = 0; i < ROUNDS; i++) {
        out(CONTROL, MODE_0);
        run_down();
        out(CONTROL, MODE_0);
        CHECK(in(PIC_COMMAND) & 1, 1);
        run_down();
        set_count(LATER);
        CHECK(in(PIC_COMMAND) & 1, 1);
    }
}
