/*
 * Four-level paging: NX, SMEP, SMAP with STAC and CLAC, reserved bits, large
 * pages, PCID and INVPCID with global pages (SDM 3A 4).
 *
 * SPDX-License-Identifier: MIT
 */
#include "long.h"

static u8 page1[4096] __attribute__((aligned(4096))), page2[4096] __attribute__((aligned(4096)));
enum { CR4_PGE = 0x80, CR4_PCIDE = 1 << 17, CR4_SMEP = 1 << 20, CR4_SMAP = 1 << 21, CR0_WP = 1 << 16 };
enum { ERR_P = 1, ERR_W = 2, ERR_U = 4, ERR_RSVD = 8, ERR_ID = 16 };

ASM(read_window, "movl 0x400000, %%eax")
ASM(write_window, "movl %%eax, 0x400000")
ASM(call_window, "movl $0x400000, %%eax; call *%%rax")
ASM(user_call_window, "movl $0x400000, %%eax; call *%%rax; int $0x40")
ASM(user_read, "movl 0x400000, %%eax; int $0x40")
ASM(stac_read, "stac; movl 0x400000, %%eax; clac")
ASM(stac_clac_read, "stac; clac; movl 0x400000, %%eax")
ASM(user_stac, "stac")
ASM(read_1g, "movq $0x40000000, %%rax; movl (%%rax), %%ecx")

static void test_nx(void)
{
    page1[0] = 0xc3;
    set_window((u64)page1 | P | W | U);
    EXPECT(call_window, -1, 0);
    EXPECT_USER(user_call_window, DONE, 0);
    set_window((u64)page1 | P | W | U | NX);
    EXPECT(read_window, -1, 0);
    EXPECT(call_window, PF, ERR_P | ERR_ID);
    CHECK(frame.rip, WINDOW);
    CHECK(fault_cr2, WINDOW);
    EXPECT_USER(user_call_window, PF, ERR_P | ERR_U | ERR_ID);
    set_window((u64)page1 | P | W | U);
    directory[2] |= NX;                             /* of a table */
    invlpg(WINDOW);
    EXPECT(call_window, PF, ERR_P | ERR_ID);
    directory[2] &= ~NX;
    set_window(0);
    EXPECT(call_window, PF, ERR_ID);
    write_msr(MSR_EFER, read_msr(MSR_EFER) & ~0x800ul);     /* NXE off: bit 63 is reserved, fetches do not show */
    EXPECT(call_window, PF, 0);
    set_window((u64)page1 | P | W | NX);
    EXPECT(read_window, PF, ERR_P | ERR_RSVD);
    write_msr(MSR_EFER, read_msr(MSR_EFER) | 0x800);
}

static void test_smep_smap(void)
{
    u64 cr4 = read_cr4();

    page1[0] = 0xc3;
    directory[0] &= ~(u64)U;                        /* our own code and stacks are the supervisor's now */
    directory[1] &= ~(u64)U;
    write_cr4(cr4 | CR4_SMEP);
    set_window((u64)page1 | P | W | U);
    EXPECT(call_window, PF, ERR_P | ERR_ID);
    EXPECT(read_window, -1, 0);
    set_window((u64)page1 | P | W);
    EXPECT(call_window, -1, 0);
    write_cr4(cr4 | CR4_SMAP);
    set_window((u64)page1 | P | W | U);
    EXPECT(call_window, -1, 0);                     /* fetches are SMEP's */
    EXPECT(read_window, PF, ERR_P);
    EXPECT(write_window, PF, ERR_P | ERR_W);
    EXPECT(stac_read, -1, 0);
    EXPECT(stac_clac_read, PF, ERR_P);
    set_window((u64)page1 | P | W);
    EXPECT(read_window, -1, 0);
    write_cr4(cr4);
    directory[0] |= U;
    directory[1] |= U;
    write_cr3(read_cr3());
    EXPECT_USER(user_stac, UD, 0);
    set_window((u64)page1 | P);
    EXPECT_USER(user_read, PF, ERR_P | ERR_U);
}

static void test_reserved(void)
{
    u64 *middle = (u64 *)0x91000;

    set_window((u64)page1 | P | 1ul << 50);
    EXPECT(read_window, PF, ERR_P | ERR_RSVD);
    directory[2] |= 1ul << 50;
    invlpg(WINDOW);
    EXPECT(write_window, PF, ERR_P | ERR_RSVD | ERR_W);
    directory[2] &= ~(1ul << 50);
    middle[1] = P | W | PS;                         /* 1 GiB */
    EXPECT(read_1g, -1, 0);
    CHECK(middle[1], P | W | PS | A);
    middle[1] = P | W | PS | 1 << 20;
    invlpg(0x40000000);
    EXPECT(read_1g, PF, ERR_P | ERR_RSVD);
    middle[1] = 0;
    invlpg(0x40000000);
    top_table[0] |= PS;                             /* the top level has no pages: reserved; not for us to run with */
    top_table[0] &= ~(u64)PS;
    set_window((u64)page1 | P | W);
    EXPECT(write_window, -1, 0);
    CHECK(window_table[0] & (A | D), A | D);
    CHECK(directory[2] & A, A);
    set_window((u64)page1 | P);
    EXPECT(write_window, PF, ERR_P | ERR_W);
    write_cr0(read_cr0() & ~(u64)CR0_WP);
    EXPECT(write_window, -1, 0);
    write_cr0(read_cr0() | CR0_WP);
}

void test_paging(void)
{
    test_nx();
    test_smep_smap();
    test_reserved();
}

/* --- PCID ------------------------------------------------------------------------------------------------ */

static u64 second_top[512] __attribute__((aligned(4096))), second_middle[512] __attribute__((aligned(4096))),
    second_directory[512] __attribute__((aligned(4096))), second_table[512] __attribute__((aligned(4096)));
static struct { u64 pcid, address; } invpcid_operand;
static volatile u32 *const window = (u32 *)WINDOW;

static void invpcid(u64 type, u64 pcid, u64 address)
{
    invpcid_operand.pcid = pcid;
    invpcid_operand.address = address;
    asm volatile("invpcid %1, %0" :: "r"(type), "m"(invpcid_operand) : "memory");
}
#define INVPCID(name, type, id, at) \
    ASM(name, "movq $" #id ", %%rax; movq %%rax, invpcid_words; movq $" #at ", %%rax; movq %%rax, invpcid_words+8; " \
        "movl $" #type ", %%eax; invpcid invpcid_words, %%rax")
u64 invpcid_words[2];
INVPCID(bad_type, 4, 0, 0)
INVPCID(bad_pcid, 1, 0x1000, 0)
INVPCID(bad_address, 0, 1, 0x800000000000)
INVPCID(pcid_without, 1, 1, 0)
ASM(pcide_with_pcid, "movq %%cr3, %%rax; orl $5, %%eax; movq %%rax, %%cr3; movq %%cr4, %%rcx; orl $0x20000, %%ecx; "
    "movq %%rcx, %%cr4")
ASM(paging_off, "movq %%cr0, %%rax; movl %%eax, %%eax; andl $0x7fffffff, %%eax; movq %%rax, %%cr0")

static void test_address_spaces(u64 first, u64 second)
{
    u64 keep = 1ul << 63;

    *(u32 *)page1 = 0x11111111;
    *(u32 *)page2 = 0x22222222;
    set_window((u64)page1 | P | W);
    second_table[0] = (u64)page2 | P | W;
    write_cr3(first | 1);
    CHECK(*window, 0x11111111);
    write_cr3(second | 2);
    CHECK(*window, 0x22222222);
    write_cr3(first | 1 | keep);
    CHECK(*window, 0x11111111);
    CHECK(read_cr3(), first | 1);                   /* bit 63 does not stay */
    write_cr3(second | 2 | keep);
    CHECK(*window, 0x22222222);
    /* Changes with an invalidation are seen. */
    second_table[0] = (u64)page1 | P | W;
    invpcid(0, 2, WINDOW);
    CHECK(*window, 0x11111111);
    window_table[0] = (u64)page2 | P | W;
    invpcid(0, 1, WINDOW);                          /* of another address space */
    write_cr3(first | 1 | keep);
    CHECK(*window, 0x22222222);
    second_table[0] = (u64)page2 | P | W;
    invpcid(1, 2, 0);
    write_cr3(second | 2 | keep);
    CHECK(*window, 0x22222222);
    second_table[0] = (u64)page1 | P | W;
    invpcid(3, 0, 0);
    CHECK(*window, 0x11111111);
    window_table[0] = (u64)page1 | P | W;
    invpcid(2, 0, 0);
    write_cr3(first | 1 | keep);
    CHECK(*window, 0x11111111);
    /* Global pages belong to every address space. */
    window_table[0] = second_table[0] = (u64)page1 | P | W | G;
    invpcid(2, 0, 0);
    CHECK(*window, 0x11111111);
    window_table[0] = second_table[0] = (u64)page2 | P | W | G;
    invpcid(2, 0, 0);
    CHECK(*window, 0x22222222);
    write_cr3(second | 2);
    CHECK(*window, 0x22222222);
}

void test_pcid(void)
{
    u64 cr4 = read_cr4(), first = read_cr3(), second = (u64)second_top;

    second_top[0] = (u64)second_middle | 7;
    second_middle[0] = (u64)second_directory | 7;
    second_directory[0] = 0x87;
    second_directory[1] = 0x200087;
    second_directory[2] = (u64)second_table | 7;
    EXPECT(pcid_without, GP, 0);
    EXPECT(pcide_with_pcid, GP, 0);
    write_cr3(first);
    write_cr4(cr4 | CR4_PCIDE | CR4_PGE);
    EXPECT(bad_type, GP, 0);
    EXPECT(bad_pcid, GP, 0);
    EXPECT(bad_address, GP, 0);
    EXPECT(paging_off, GP, 0);
    test_address_spaces(first, second);
    write_cr3(first);
    write_cr4(cr4);
}
