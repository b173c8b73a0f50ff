/*
 * Segment loads, limits and types: which fault, with which error code (SDM 3A 5).
 *
 * SPDX-License-Identifier: MIT
 */
#include "sys.h"

ASM(load_ds_test, "movw $48, %%ax; movw %%ax, %%ds")
ASM(load_ss_test, "movw $48, %%ax; movw %%ax, %%ss")
ASM(load_ss_rpl, "movw $17, %%ax; movw %%ax, %%ss")
ASM(load_ss_null, "xorl %%eax, %%eax; movw %%ax, %%ss")
ASM(load_es_beyond, "movw $0x7f8, %%ax; movw %%ax, %%es")
ASM(load_es_ldt, "movw $12, %%ax; movw %%ax, %%es")
ASM(load_null_use, "xorl %%eax, %%eax; movw %%ax, %%fs; movl %%fs:0x1000, %%eax")
ASM(read_4_at_ffd, "movw $48, %%ax; movw %%ax, %%fs; movl %%fs:0xffd, %%eax")
ASM(read_4_at_ffc, "movw $48, %%ax; movw %%ax, %%fs; movl %%fs:0xffc, %%eax")
ASM(read_2_at_fff, "movw $48, %%ax; movw %%ax, %%fs; movw %%fs:0xfff, %%ax")
ASM(read_at_1000, "movw $48, %%ax; movw %%ax, %%fs; movb %%fs:0x1000, %%al")
ASM(write_at_0, "movw $48, %%ax; movw %%ax, %%fs; movb %%al, %%fs:0")
ASM(user_ss_limit, "movw $51, %%ax; movw %%ax, %%ss; movl %%eax, %%ss:0xffe")
ASM(lds_test, "leal far_ptr, %%eax; lds (%%eax), %%ecx")
ASM(write_code, "movb %%al, %%cs:0x1000")
ASM(lar_code, "movl $8, %%eax; larl %%eax, %%eax; movl %%eax, seg_result")
ASM(lsl_code, "movl $8, %%eax; lsll %%eax, %%eax; movl %%eax, seg_result")
ASM(user_load_kernel, "movw $16, %%ax; movw %%ax, %%ds")
ASM(user_load_ok, "movw $43, %%ax; movw %%ax, %%fs; int $0x40")
ASM(user_load_conforming, "movw $88, %%ax; movw %%ax, %%fs; int $0x40")

u32 seg_result;
u8 far_ptr[6];

static u32 zf_of(u32 flags) { return flags >> 6 & 1; }

static u32 verr(u16 selector)
{
    u32 flags;

    asm volatile("verr %w1; pushfl; popl %0" : "=r"(flags) : "r"(selector) : "cc");
    return zf_of(flags);
}

static u32 verw(u16 selector)
{
    u32 flags;

    asm volatile("verw %w1; pushfl; popl %0" : "=r"(flags) : "r"(selector) : "cc");
    return zf_of(flags);
}

static u32 arpl(u16 dest, u16 src, u32 *zf)
{
    u32 flags, d = dest;

    asm volatile("arpl %w2, %w0; pushfl; popl %1" : "+r"(d), "=r"(flags) : "r"(src) : "cc");
    *zf = zf_of(flags);
    return d;
}

static void set_test(u32 access, u32 flags, u32 limit)
{
    gdt[6] = segment(0x60000, limit, access, flags);
}

static void test_loads(void)
{
    set_test(ACC_DATA & ~1, 4, 0xfff);
    EXPECT(load_ds_test, -1, 0);
    CHECK(gdt[6] >> 40 & 1, 1);                 /* accessed */
    set_test(ACC_DATA & ~0x80, 4, 0xfff);
    EXPECT(load_ds_test, NP, 48);
    EXPECT(load_ss_test, SS, 48);
    set_test(0x91, 4, 0xfff);                   /* read-only */
    EXPECT(load_ds_test, -1, 0);
    EXPECT(load_ss_test, GP, 48);
    set_test(0x99, 4, 0xfff);                   /* execute-only */
    EXPECT(load_ds_test, GP, 48);
    set_test(0x82, 0, 0xfff);                   /* system */
    EXPECT(load_ds_test, GP, 48);
    EXPECT(load_ss_rpl, GP, 16);
    EXPECT(load_ss_null, GP, 0);
    EXPECT(load_es_beyond, GP, 0x7f8);
    EXPECT(load_es_ldt, GP, 12);
    EXPECT(load_null_use, GP, 0);
    far_ptr[4] = 0x10;
    EXPECT(lds_test, -1, 0);
    far_ptr[5] = 0x07;
    far_ptr[4] = 0xf8;
    EXPECT(lds_test, GP, 0x7f8);
}

static void test_limits(void)
{
    set_test(ACC_DATA, 4, 0xfff);
    EXPECT(read_4_at_ffc, -1, 0);
    EXPECT(read_4_at_ffd, GP, 0);
    EXPECT(read_2_at_fff, GP, 0);
    EXPECT(read_at_1000, GP, 0);
    EXPECT(write_at_0, -1, 0);
    EXPECT(write_code, GP, 0);
    set_test(0x91, 4, 0xfff);
    EXPECT(write_at_0, GP, 0);
    set_test(0x97, 4, 0xfff);                   /* expand down: above the limit */
    EXPECT(read_4_at_ffd, GP, 0);
    EXPECT(read_at_1000, -1, 0);
    EXPECT(write_at_0, GP, 0);
    set_test(ACC_DATA, 12, 0);                  /* 4 KiB granularity */
    EXPECT(read_4_at_ffc, -1, 0);
    EXPECT(read_at_1000, GP, 0);
}

static void test_queries(void)
{
    u32 zf;

    EXPECT(lar_code, -1, 0);
    CHECK(seg_result & 0xf0ff00, 0x00c09b00);  /* bits 19-16 are undefined */
    EXPECT(lsl_code, -1, 0);
    CHECK(seg_result, 0xffffffff);
    CHECK(verr(SEL_CODE), 1);
    CHECK(verw(SEL_CODE), 0);
    CHECK(verw(SEL_DATA), 1);
    CHECK(verr(SEL_TSS), 0);
    CHECK(verr(0), 0);
    CHECK(verr(0x7f8), 0);
    CHECK(verw(SEL_DATA | 3), 0);
    CHECK(arpl(0x10, 3, &zf), 0x13);
    CHECK(zf, 1);
    CHECK(arpl(0x13, 1, &zf), 0x13);
    CHECK(zf, 0);
}

void test_segments(void)
{
    test_loads();
    test_limits();
    test_queries();
    EXPECT_USER(user_load_kernel, GP, 16);
    CHECK(frame.cs, SEL_UCODE);
    EXPECT_USER(user_load_ok, 0x40, 0);
    EXPECT_USER(user_load_conforming, 0x40, 0);
    set_test(ACC_DATA | ACC_USER, 4, 0xfff);
    EXPECT_USER(user_ss_limit, SS, 0);
}
