/*
 * Control registers, MSRs, TSS I/O bitmap, interrupt shadow.
 *
 * SPDX-License-Identifier: MIT
 */
#include "sys.h"

ASM(pg_without_pe, "movl %%cr0, %%eax; orl $0x80000000, %%eax; andl $~1, %%eax; movl %%eax, %%cr0")
ASM(nw_without_cd, "movl %%cr0, %%eax; orl $0x20000000, %%eax; andl $~0x40000000, %%eax; movl %%eax, %%cr0")
ASM(bad_cr4, "movl %%cr4, %%eax; orl $0x80000000, %%eax; movl %%eax, %%cr4")
ASM(bad_msr, "movl $0x12345, %%ecx; rdmsr")
ASM(read_cr1, ".byte 0x0f, 0x20, 0xc8")
ASM(rsm_outside, "rsm")
ASM(user_rdtsc, "rdtsc; int $0x40")
ASM(user_in_80, "inb $0x80, %%al; int $0x40")
ASM(user_in_81, "inb $0x81, %%al; int $0x40")
ASM(user_inw_80, "inw $0x80, %%ax; int $0x40")
ASM(user_smsw, "smsw %%ax; int $0x40")
ASM(lmsw_test, "movl %%cr0, %%eax; xorl $8, %%eax; lmsw %%ax; smsw %%ax; movl %%eax, msw; clts")
ASM(two_lock, ".byte 0xf0, 0x90")
u32 msw;
static u32 io_tss[64];

static void test_io_bitmap(void)
{
    u64 old = gdt[3];

    for (int i = 0; i < 26; i++) {
        io_tss[i] = tss[i];
    }
    io_tss[25] = 104 << 16;
    for (int i = 26; i < 64; i++) {
        io_tss[i] = 0xffffffff;
    }
    io_tss[26 + 0x80 / 32] = 0xfffffffe;
    gdt[3] = segment((u32)io_tss, sizeof(io_tss) - 1, 0x89, 0);
    asm volatile("ltr %w0" :: "r"(SEL_TSS));
    EXPECT_USER(user_in_80, 0x40, 0);
    EXPECT_USER(user_in_81, GP, 0);
    EXPECT_USER(user_inw_80, GP, 0);
    gdt[3] = old & ~(2ull << 40);
    asm volatile("ltr %w0" :: "r"(SEL_TSS));
}

void test_system(void)
{
    u32 cr4;

    EXPECT(pg_without_pe, GP, 0);
    EXPECT(nw_without_cd, GP, 0);
    EXPECT(bad_cr4, GP, 0);
    EXPECT(bad_msr, GP, 0);
    EXPECT(read_cr1, UD, 0);
    EXPECT(rsm_outside, UD, 0);
    EXPECT(two_lock, UD, 0);
    EXPECT_USER(user_rdtsc, 0x40, 0);
    asm volatile("movl %%cr4, %0" : "=r"(cr4));
    asm volatile("movl %0, %%cr4" :: "r"(cr4 | 4));
    EXPECT_USER(user_rdtsc, GP, 0);
    asm volatile("movl %0, %%cr4" :: "r"(cr4));
    EXPECT_USER(user_smsw, 0x40, 0);
    EXPECT(lmsw_test, -1, 0);
    CHECK(msw & 8, 8);
    test_io_bitmap();
}
