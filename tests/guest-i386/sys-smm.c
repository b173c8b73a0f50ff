/*
 * System management mode: entry by the command port, the state of the
 * processor there, both forms of the state save map, SMBASE, RSM (SDM 3C 31;
 * APM 2 10.2).
 *
 * SPDX-License-Identifier: MIT
 */
#include "sys.h"

enum { HANDLER = 0x8000, NOTES = 0xf000, FIRST_BASE = 0x30000, SECOND_BASE = 0x20000 };
enum { MAP_REVISION = 0xfefc, IO_RESTART = 0x10000, RELOCATION = 0x20000 };

/* At SMBASE + 0x8000. Notes are 32-bit words at SMBASE + 0xf000. */
asm(".text\n.code16\n.globl smm_handler, smm_handler_end\n"
    "smm_handler:\n"
    "    incl %cs:0xf000\n"
    "    movl %cr0, %eax; movl %eax, %cs:0xf004\n"
    "    movl %cr4, %eax; movl %eax, %cs:0xf008\n"
    "    pushfl; popl %eax; movl %eax, %cs:0xf00c\n"
    "    movl %cs, %eax; movl %eax, %cs:0xf010\n"
    "    movl %cs:0xfefc, %eax; movl %eax, %cs:0xf014\n"
    "    movl $0xf0000, %ebx; addr32 movb (%ebx), %al; movl %eax, %cs:0xf018\n"     /* limits are 4 GiB */
    "    movl %dr7, %eax; movl %eax, %cs:0xf024\n"
    "    cmpb $0x64, %cs:0xfefc; je 1f\n"
    "    movl %cs:0xffd0, %eax; movl %eax, %cs:0xf01c; addl $0x1000, %cs:0xffd0\n"   /* EAX */
    "    movl %cs:0xfff0, %eax; movl %eax, %cs:0xf020\n"                             /* EIP */
    "    movl %cs:0xf030, %eax; testl %eax, %eax; jz 2f; movl %eax, %cs:0xfef8; jmp 2f\n"
    "1:  movl %cs:0xffd0, %eax; movl %cs:0xfff8, %eax; movl %eax, %cs:0xf01c; addl $0x1000, %cs:0xfff8\n"
    "    movl %cs:0xff78, %eax; movl %eax, %cs:0xf020\n"
    "    movl %cs:0xf030, %eax; testl %eax, %eax; jz 2f; movl %eax, %cs:0xff00\n"
    "2:  movl $0xdeadbeef, %ebx\n"
    "    rsm\n"
    "smm_handler_end:\n"
    ".code32\n");
extern u8 smm_handler[], smm_handler_end[];

static void send_smi(void)
{
    asm volatile("movl $0x55, %%eax; movl $0x12345678, %%ebx; outb %%al, $0xb2; .globl after_smi; after_smi: "
                 "cmpl $0x12345678, %%ebx; je 1f; xorl %%eax, %%eax; 1: movl %%eax, smm_result"
                 ::: "eax", "ebx", "memory");
}
extern u8 after_smi[];
u32 smm_result;

static void config_write(u32 address, u32 value)
{
    asm volatile("outl %0, %w1" :: "a"(address), "d"(0xcf8));
    asm volatile("outl %0, %w1" :: "a"(value), "d"(0xcfc));
}

static void copy_handler(u32 base)
{
    volatile u8 *to = (u8 *)(base + HANDLER);

    for (u32 i = 0; smm_handler + i < smm_handler_end; i++) {
        to[i] = smm_handler[i];
    }
    for (u32 i = 0; i < 16; i++) {
        ((volatile u32 *)(base + NOTES))[i] = 0;
    }
}

static void check_entry(u32 base, u32 count)
{
    volatile u32 *notes = (u32 *)(base + NOTES);

    send_smi();
    CHECK(notes[0], count);
    CHECK(smm_result, 0x1055);                  /* RSM takes what the map has */
    CHECK(notes[1] & 0x80000001, 0);            /* real-address mode, no paging */
    CHECK(notes[2], 0);
    CHECK(notes[3] & 0x3202, 2);
    CHECK(notes[4], base >> 4);
    CHECK(notes[5] & (IO_RESTART | RELOCATION), RELOCATION);        /* I/O is not restarted */
    CHECK(notes[6] & 0xff, *(u8 *)0xf0000);
    CHECK(notes[7], 0x55);
    CHECK(notes[8], after_smi);
    CHECK(notes[9], 0x400);
}

static u32 table[1024] __attribute__((aligned(4096)));

void test_smm(void)
{
    u32 cr0, cr4;

    config_write(0x80000b58, 0x02000000);       /* PIIX4 PM, DEVACTB: command writes make SMIs */
    copy_handler(FIRST_BASE);
    check_entry(FIRST_BASE, 1);
    check_entry(FIRST_BASE, 2);
    asm volatile("movl %%cr0, %0; movl %%cr4, %1" : "=r"(cr0), "=r"(cr4));
    table[0] = 0x87;                            /* with paging on: the map keeps CR3 and CR4 */
    asm volatile("movl %0, %%cr4; movl %1, %%cr3; movl %2, %%cr0"
                 :: "r"(cr4 | 0x10), "r"(table), "r"(cr0 | 0x80000000) : "memory");
    check_entry(FIRST_BASE, 3);
    u32 now;
    asm volatile("movl %%cr0, %0" : "=r"(now));
    CHECK(now, cr0 | 0x80000000);
    asm volatile("movl %0, %%cr0; movl %1, %%cr4" :: "r"(cr0), "r"(cr4) : "memory");
    copy_handler(SECOND_BASE);
    ((volatile u32 *)(FIRST_BASE + NOTES))[12] = SECOND_BASE;
    check_entry(FIRST_BASE, 4);                 /* RSM takes the new SMBASE */
    check_entry(SECOND_BASE, 1);
    CHECK(*(volatile u32 *)(FIRST_BASE + NOTES), 4);
    config_write(0x80000b58, 0);
}
