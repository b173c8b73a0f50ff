/*
 * Virtual-8086 mode: entry by IRET, what is refused, interrupts, VME with the
 * redirection bitmap (SDM 3B 20).
 *
 * SPDX-License-Identifier: MIT
 */
#include "sys.h"

enum { VM = 0x20000, IF = 0x200, IOPL3 = 0x3000, VIF = 0x80000, VIP = 0x100000 };
enum { CODE_SEG = 0x3000 };

/* Code of the task, at 0x30000; it ends with an exception. */
static void set_code(const u8 *bytes, u32 n)
{
    for (u32 i = 0; i < n; i++) {
        ((volatile u8 *)(CODE_SEG << 4))[i] = bytes[i];
    }
}

static int run_vm86(u32 eflags)
{
    u32 words[9] = { 0, CODE_SEG, VM | 2 | eflags, 0x1000, 0x4000, 0x1111, 0x2222, 0x3333, 0x4444 };

    return try_vm86(words);
}

#define RUN(eflags, ...) \
    ({ static const u8 code[] = { __VA_ARGS__, 0x0f, 0x0b }; set_code(code, sizeof(code)); run_vm86(eflags); })

static void test_refused(void)
{
    CHECK(RUN(0, 0x90), UD);
    CHECK(frame.eip, 1);
    CHECK(frame.cs, CODE_SEG);
    CHECK(frame.eflags & VM, VM);
    CHECK(frame.ss, 0x4000);
    CHECK(frame.esp, 0x1000);
    CHECK(frame.es, 0x1111);
    CHECK(frame.ds, 0x2222);
    CHECK(frame.gs, 0x4444);
    CHECK(RUN(0, 0xfa), GP);                    /* cli */
    CHECK(RUN(0, 0xfb), GP);
    CHECK(RUN(0, 0x9c), GP);                    /* pushf */
    CHECK(RUN(0, 0x9d), GP);
    CHECK(RUN(0, 0xcf), GP);
    CHECK(RUN(0, 0xcd, 0x20), GP);
    CHECK(frame.error, 0);
    CHECK(RUN(0, 0xcc), GP);                    /* int3: the gate's DPL counts */
    CHECK(frame.error, 3 * 8 + 2);
    CHECK(RUN(0, 0xf4), GP);
    CHECK(RUN(0, 0xe4, 0x80), GP);              /* in: beyond the bitmap */
    CHECK(RUN(IOPL3, 0xfa, 0xfb), UD);
    CHECK(RUN(IOPL3, 0xe4, 0x80), GP);
    CHECK(RUN(IOPL3, 0xcd, 0x40), 0x40);        /* IOPL 3: by the IDT */
    CHECK(RUN(0, 0x0f, 0x00, 0xc0), UD);        /* sldt */
    CHECK(RUN(0, 0x0f, 0x20, 0xc0), GP);        /* mov eax, cr0 */
    CHECK(RUN(0, 0xa0, 0xff, 0xff), UD);        /* mov al, [0xffff] */
    CHECK(RUN(0, 0xa1, 0xff, 0xff), GP);        /* mov ax, [0xffff] */
}

void test_vm86(void)
{
    test_refused();
}
