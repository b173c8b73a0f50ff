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

/* --- VME: VIF for IF, the redirection bitmap -------------------------------------------------------- */

enum { CR4_VME = 1, CR4_PVI = 2, IO_MAP = 136 };
static u32 vme_tss[64];
static volatile u32 *const vectors_8086 = 0;

static void write_cr4(u32 v) { asm volatile("movl %0, %%cr4" :: "r"(v) : "memory"); }
static u32 read_cr4(void) { u32 v; asm volatile("movl %%cr4, %0" : "=r"(v)); return v; }

static void set_redirected(u32 vector, u32 to_monitor)
{
    volatile u8 *byte = (u8 *)vme_tss + IO_MAP - 32 + vector / 8;

    *byte = (*byte & ~(1 << vector % 8)) | to_monitor << vector % 8;
}

static void test_virtual_flag(void)
{
    CHECK(RUN(0, 0xfb), UD);                    /* sti */
    CHECK(frame.eflags & (VIF | IF), VIF);
    CHECK(RUN(VIF, 0xfa), UD);                  /* cli */
    CHECK(frame.eflags & (VIF | IF), 0);
    CHECK(RUN(VIP, 0xfb), GP);
    CHECK(RUN(VIP, 0xfa), UD);
    CHECK(RUN(VIF, 0x9c, 0x58), UD);            /* pushf; pop ax */
    CHECK(frame_eax & 0x3200, 0x3200);          /* VIF as IF, IOPL as 3 */
    CHECK(RUN(IF, 0x9c, 0x58), UD);
    CHECK(frame_eax & 0x3200, 0x3000);
    CHECK(RUN(0, 0x68, 0x00, 0x02, 0x9d), UD);  /* push 0x200; popf */
    CHECK(frame.eflags & (VIF | IF | IOPL3), VIF);
    CHECK(RUN(VIF | IF, 0x68, 0x00, 0x00, 0x9d), UD);
    CHECK(frame.eflags & (VIF | IF), IF);
    CHECK(RUN(VIP, 0x68, 0x00, 0x02, 0x9d), GP);
    CHECK(RUN(0, 0x68, 0x00, 0x01, 0x9d), GP);  /* TF */
    CHECK(RUN(0, 0x66, 0x9c), GP);              /* the doubleword forms stay refused */
    CHECK(RUN(0, 0x66, 0x9d), GP);
    CHECK(RUN(0, 0x66, 0xcf), GP);
    CHECK(RUN(0, 0x68, 0x00, 0x02, 0x68, 0x00, 0x30, 0x68, 0x0a, 0x00, 0xcf, 0x90, 0x90), UD);      /* iret */
    CHECK(frame.eflags & (VIF | IF), VIF);
    CHECK(frame.eip, 12);
    CHECK(RUN(VIP, 0x68, 0x00, 0x02, 0x68, 0x00, 0x30, 0x68, 0x0a, 0x00, 0xcf), GP);
    CHECK(RUN(IOPL3, 0xfb), UD);                /* IOPL 3: IF itself */
    CHECK(frame.eflags & (VIF | IF), IF);
}

static void test_redirection(void)
{
    volatile u16 *stack = (u16 *)0x40000;

    vectors_8086[0x21] = CODE_SEG << 16 | 0x100;
    ((volatile u8 *)(CODE_SEG << 4))[0x100] = 0x0f;
    ((volatile u8 *)(CODE_SEG << 4))[0x101] = 0x0b;
    set_redirected(0x21, 0);
    CHECK(RUN(VIF, 0xcd, 0x21), UD);            /* to the program's own handler */
    CHECK(frame.eip, 0x100);
    CHECK(frame.eflags & (VM | VIF | IF), VM);
    CHECK(frame.esp, 0xffa);
    CHECK(stack[0xffa / 2], 2);
    CHECK(stack[0xffc / 2], CODE_SEG);
    CHECK(stack[0xffe / 2] & 0x3200, 0x3200);
    CHECK(RUN(IOPL3 | IF, 0xcd, 0x21), UD);
    CHECK(frame.eip, 0x100);
    CHECK(frame.eflags & IF, 0);
    set_redirected(0x21, 1);
    CHECK(RUN(0, 0xcd, 0x21), GP);
    CHECK(frame.error, 0);
    CHECK(RUN(IOPL3, 0xcd, 0x21), GP);          /* through the IDT, where DPL is 0 */
    CHECK(frame.error, 0x21 * 8 + 2);
    set_redirected(0x40, 1);
    CHECK(RUN(IOPL3, 0xcd, 0x40), 0x40);
    set_redirected(3, 0);
    CHECK(RUN(0, 0xcc), GP);                    /* INT3 is not redirected */
    CHECK(frame.error, 3 * 8 + 2);
}

ASM(user_sti, "sti; int $0x40")
ASM(user_cli, "cli; int $0x40")
ASM(user_pushf, "pushfl; popl %%eax; int $0x40")
ASM(user_popf, "pushl $0x202; popfl; int $0x40")
#define USER(fn, eflags) try_user(fn, 2 | (eflags), SEL_UCODE, SEL_UDATA, (u32)user_stack + sizeof(user_stack))

static void test_pvi(void)
{
    CHECK(USER(user_sti, 0), 0x40);
    CHECK(frame.eflags & (VIF | IF), VIF);
    CHECK(USER(user_cli, VIF | IF), 0x40);
    CHECK(frame.eflags & (VIF | IF), IF);
    CHECK(USER(user_sti, VIP), GP);
    CHECK(USER(user_pushf, VIF), 0x40);
    CHECK(frame_eax & 0x3200, 0);               /* PUSHF and POPF do not know of it */
    CHECK(USER(user_popf, 0), 0x40);
    CHECK(frame.eflags & (VIF | IF), 0);
    CHECK(USER(user_sti, IOPL3), 0x40);
    CHECK(frame.eflags & (VIF | IF), IF);
}

static void test_vme(void)
{
    u32 cr4 = read_cr4();
    u64 old = gdt[3];

    for (int i = 0; i < 64; i++) {
        vme_tss[i] = i < 26 ? tss[i] : 0xffffffff;
    }
    vme_tss[25] = IO_MAP << 16;
    gdt[3] = segment((u32)vme_tss, sizeof(vme_tss) - 1, 0x89, 0);
    asm volatile("ltr %w0" :: "r"(SEL_TSS));
    write_cr4(cr4 | CR4_VME);
    test_virtual_flag();
    test_redirection();
    write_cr4(cr4 | CR4_PVI);
    test_pvi();
    write_cr4(cr4);
    gdt[3] = old & ~(2ull << 40);
    asm volatile("ltr %w0" :: "r"(SEL_TSS));
}

void test_vm86(void)
{
    test_refused();
    test_vme();
}
