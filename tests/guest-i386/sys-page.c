/*
 * Paging: 32-bit with and without 4 MiB pages, PAE; error codes, accessed and
 * dirty bits, WP, reserved bits, global pages, INVLPG (SDM 3A 4).
 *
 * SPDX-License-Identifier: MIT
 */
#include "sys.h"

enum { P = 1, W = 2, U = 4, A = 0x20, D = 0x40, PSE = 0x80, G = 0x100 };
static u32 directory[1024] __attribute__((aligned(4096))), table[1024] __attribute__((aligned(4096)));
static u64 pdpt[4] __attribute__((aligned(32))), pd[512] __attribute__((aligned(4096))),
    pt[512] __attribute__((aligned(4096)));
static u8 page1[4096] __attribute__((aligned(4096))), page2[4096] __attribute__((aligned(4096)));

/* The window is at 4 MiB (2 MiB with PAE: 0x400000 too). */
ASM(read_window, "movl 0x400000, %%eax")
ASM(write_window, "movl %%eax, 0x400000")
ASM(read_big, "movl 0x800000, %%eax")
ASM(read_cross, "movl 0x400ffe, %%eax")
ASM(user_read, "movl 0x400000, %%eax; int $0x40")
ASM(user_write, "movl %%eax, 0x400000; int $0x40")
ASM(user_exec, "movl $0x400000, %%eax; jmp *%%eax")

static u32 read_cr0(void) { u32 v; asm volatile("movl %%cr0, %0" : "=r"(v)); return v; }
static void write_cr0(u32 v) { asm volatile("movl %0, %%cr0" :: "r"(v) : "memory"); }
static void write_cr3(u32 v) { asm volatile("movl %0, %%cr3" :: "r"(v) : "memory"); }
static u32 read_cr4(void) { u32 v; asm volatile("movl %%cr4, %0" : "=r"(v)); return v; }
static void write_cr4(u32 v) { asm volatile("movl %0, %%cr4" :: "r"(v) : "memory"); }
static void invlpg(u32 a) { asm volatile("invlpg (%0)" :: "r"(a) : "memory"); }
static void set_pte(u32 pte) { table[0] = pte; invlpg(0x400000); }

static void check_fault(u32 addr) { CHECK(fault_cr2, addr); }

static void test_plain(void)
{
    directory[0] = P | W | U | PSE;             /* 4 MiB, identity: code, data, stacks */
    directory[1] = (u32)table | P | W | U;
    write_cr4(read_cr4() | 0x10);
    write_cr3((u32)directory);
    write_cr0(read_cr0() | 0x80010000);
    EXPECT(read_window, PF, 0);
    check_fault(0x400000);
    EXPECT(write_window, PF, 2);
    set_pte((u32)page1 | P);
    EXPECT(read_window, -1, 0);
    CHECK(table[0] & (A | D), A);
    CHECK(directory[1] & A, A);
    EXPECT(write_window, PF, 3);
    set_pte((u32)page1 | P | W);
    EXPECT(write_window, -1, 0);
    CHECK(table[0] & (A | D), A | D);
    set_pte((u32)page1 | P | W);
    EXPECT(read_window, -1, 0);
    CHECK(table[0] & (A | D), A);
    EXPECT(write_window, -1, 0);                /* the first store sets D though the page is in the TLB */
    CHECK(table[0] & (A | D), A | D);
    set_pte((u32)page1 | P);
    write_cr0(read_cr0() & ~0x10000);           /* WP off */
    EXPECT(write_window, -1, 0);
    write_cr0(read_cr0() | 0x10000);
    EXPECT(write_window, PF, 3);
    table[1] = 0;
    EXPECT(read_cross, PF, 0);
    check_fault(0x401000);
    directory[1] = 0;
    write_cr3((u32)directory);
    EXPECT(read_window, PF, 0);
    directory[1] = (u32)table | P | W | U;
}

static void test_user(void)
{
    set_pte((u32)page1 | P | W);
    EXPECT_USER(user_read, PF, 5);
    EXPECT_USER(user_write, PF, 7);
    set_pte((u32)page1 | P | U);
    EXPECT_USER(user_read, 0x40, 0);
    EXPECT_USER(user_write, PF, 7);
    set_pte((u32)page1 | P | U | W);
    EXPECT_USER(user_write, 0x40, 0);
    directory[1] = (u32)table | P | W;          /* U of every level counts */
    write_cr3((u32)directory);
    EXPECT_USER(user_read, PF, 5);
    directory[1] = (u32)table | P | W | U;
    set_pte(0);
    EXPECT_USER(user_read, PF, 4);
    EXPECT_USER(user_write, PF, 6);
    EXPECT_USER(user_exec, PF, 4);
    check_fault(0x400000);
    CHECK(frame.eip, 0x400000);
}

static void test_flushes(void)
{
    volatile u32 *window = (u32 *)0x400000;

    *(u32 *)page1 = 0x11111111;
    *(u32 *)page2 = 0x22222222;
    set_pte((u32)page1 | P | W);
    CHECK(*window, 0x11111111);
    set_pte((u32)page2 | P | W);
    CHECK(*window, 0x22222222);
    write_cr4(read_cr4() | 0x80);               /* global pages outlive CR3 loads */
    set_pte((u32)page1 | P | W | G);
    CHECK(*window, 0x11111111);
    table[0] = (u32)page2 | P | W | G;
    write_cr3((u32)directory);
    CHECK(*window, 0x11111111);
    write_cr4(read_cr4() & ~0x80);
    CHECK(*window, 0x22222222);
    table[0] = (u32)page1 | P | W;
    write_cr3((u32)directory);
    CHECK(*window, 0x11111111);
}

static void test_big(void)
{
    directory[2] = P | W | PSE;
    EXPECT(read_big, -1, 0);
    CHECK(directory[2] & (A | D), A);
    directory[2] = P | W | PSE | 1 << 21;       /* reserved */
    write_cr3((u32)directory);
    EXPECT(read_big, PF, 9);
    directory[2] = 0;
}

static void test_pae(void)
{
    write_cr0(read_cr0() & ~0x80000000);
    pdpt[0] = (u32)pd | P;
    pd[0] = P | W | U | PSE;
    pd[1] = 0x200000 | P | W | U | PSE;
    pd[2] = (u32)pt | P | W | U;
    pt[0] = (u32)page1 | P | W;
    write_cr4(read_cr4() | 0x20);
    write_cr3((u32)pdpt);
    write_cr0(read_cr0() | 0x80000000);
    EXPECT(read_window, -1, 0);
    CHECK(pt[0] & (A | D), A);
    pt[0] = (u32)page1 | P | W | 1ull << 50;    /* reserved */
    invlpg(0x400000);
    EXPECT(read_window, PF, 9);
    pt[0] = 0;
    invlpg(0x400000);
    EXPECT(write_window, PF, 2);
    pdpt[1] = P | 2;                            /* reserved: the load is refused */
    write_cr0(read_cr0() & ~0x80000000);
    write_cr4(read_cr4() & ~0x20);
}

void test_paging(void)
{
    test_plain();
    test_user();
    test_flushes();
    test_big();
    test_pae();
}
