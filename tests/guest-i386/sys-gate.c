/*
 * Interrupt, trap and call gates, privilege transitions, far returns, IRET
 * (SDM 3A 5.8, 6.12).
 *
 * SPDX-License-Identifier: MIT
 */
#include "sys.h"

ASM(int_50, "int $0x50")
ASM(int_3, "int3")
ASM(do_into, "movb $127, %%al; addb $1, %%al; into")
ASM(do_bound, "pushl $5; pushl $1; movl $6, %%eax; bound %%eax, (%%esp)")
ASM(div_zero, "xorl %%edx, %%edx; movl $1, %%eax; xorl %%ecx, %%ecx; divl %%ecx")
ASM(ud2, "ud2")
ASM(user_int_50, "int $0x50")
ASM(user_hlt, "hlt")
ASM(user_cli, "cli")
ASM(user_cli_ud2, "cli; ud2")
ASM(user_in, "inb $0x80, %%al")
ASM(user_int_40, "int $0x40")
ASM(user_call_gate, "pushl $0x11111111; pushl $0x22222222; lcall $0x33, $0")
ASM(user_jmp_gate, "ljmp $0x33, $0")
ASM(user_call_kernel, "lcall $8, $0")
ASM(user_mov_cr, "movl %%cr0, %%eax")
ASM(user_lgdt, "lgdt far_ptr")
ASM(call_data, "lcall $16, $0")
ASM(call_null, "lcall $0, $0")
ASM(call_code, "lcall $8, $1f; jmp 2f; 1: lret; 2:")
ASM(jmp_code, "ljmp $8, $1f; 1:")
ASM(jmp_limit, "ljmp $56, $0x2000")
ASM(jmp_np, "ljmp $56, $0")
ASM(retf_null, "pushl $0; pushl $0; lret")
ASM(retf_data, "pushl $16; pushl $0; lret")
ASM(iret_inner, "pushl $2; pushl $8; pushl $1f; iret; 1:")
ASM(iret_bad_ss, "pushl $16; pushl $0x8000; pushl $2; pushl $35; pushl $0; iret")

extern u8 far_ptr[];
u32 gate_args[4], gate_ss;

/* Through a call gate: SS:ESP of the outer level and the parameters are on the inner stack. */
asm(".text\n.globl gate_target\n"
    "gate_target:\n"
    "    movl 8(%esp), %eax; movl %eax, %ss:gate_args\n"
    "    movl 12(%esp), %eax; movl %eax, %ss:gate_args+4\n"
    "    movl 16(%esp), %eax; movl %eax, %ss:gate_args+8\n"
    "    movl 20(%esp), %eax; movl %eax, %ss:gate_args+12\n"
    "    movl %ss, %eax; movl %eax, %ss:gate_ss\n"
    "    lret $8\n");
extern u8 gate_target[];

ASM(user_call_and_back, "pushl $0x11111111; pushl $0x22222222; lcall $0x33, $0; int $0x40")

static void test_vectors(void)
{
    EXPECT(int_50, 0x50, 0);
    idt[0x50] &= ~(1ull << 47);
    EXPECT(int_50, NP, 0x50 * 8 + 2);
    idt[0x50] = gate(SEL_CODE, 0, 0x8c, 0);     /* a call gate is none */
    EXPECT(int_50, GP, 0x50 * 8 + 2);
    idt[0x50] = gate(SEL_DATA, 0, 0x8e, 0);
    EXPECT(int_50, GP, SEL_DATA);
    idt[0x50] = gate(0, 0, 0x8e, 0);
    EXPECT(int_50, GP, 0);
    idt[0x50] = idt[0x51] - (16ull << 0);
    EXPECT(int_50, 0x50, 0);
    EXPECT(int_3, BP, 0);
    EXPECT(do_into, OF, 0);
    EXPECT(do_bound, BR, 0);
    EXPECT(div_zero, DE, 0);
    CHECK(frame.eflags >> 16 & 1, 1);           /* faults push RF */
    EXPECT(ud2, UD, 0);
}

static void test_user(void)
{
    EXPECT_USER(user_int_50, GP, 0x50 * 8 + 2);
    EXPECT_USER(user_hlt, GP, 0);
    EXPECT_USER(user_cli, GP, 0);
    EXPECT_USER(user_in, GP, 0);
    EXPECT_USER(user_mov_cr, GP, 0);
    EXPECT_USER(user_lgdt, GP, 0);
    EXPECT_USER(user_call_kernel, GP, 8);
    EXPECT_USER(user_int_40, 0x40, 0);
    CHECK(frame.cs, SEL_UCODE);
    CHECK(frame.ss, SEL_UDATA);
    CHECK(try_user(user_cli_ud2, 0x3002, SEL_UCODE, SEL_UDATA, (u32)user_stack + 4096), UD);
}

static void test_call_gates(void)
{
    u32 top = (u32)user_stack + 4096;

    gdt[6] = gate(SEL_CODE, (u32)gate_target, 0xec, 2);
    EXPECT_USER(user_call_and_back, 0x40, 0);
    CHECK(gate_args[0], 0x22222222);
    CHECK(gate_args[1], 0x11111111);
    CHECK(gate_args[3], SEL_UDATA);
    CHECK(gate_ss, SEL_DATA);
    CHECK(frame.esp <= top && frame.esp > top - 64, 1);
    EXPECT_USER(user_jmp_gate, GP, SEL_CODE);
    gdt[6] = gate(SEL_CODE, (u32)gate_target, 0x8c, 2);     /* DPL 0 */
    EXPECT_USER(user_call_gate, GP, 0x30);
    gdt[6] = gate(SEL_CODE, (u32)gate_target, 0x6c, 2);
    EXPECT_USER(user_call_gate, NP, 0x30);
    gdt[6] = gate(0, 0, 0xec, 0);
    EXPECT_USER(user_call_gate, GP, 0);
}

static void test_far(void)
{
    EXPECT(call_data, GP, SEL_DATA);
    EXPECT(call_null, GP, 0);
    EXPECT(call_code, -1, 0);
    EXPECT(jmp_code, -1, 0);
    gdt[7] = segment(0, 0xfff, ACC_CODE, 4);
    EXPECT(jmp_limit, GP, 0);
    gdt[7] = segment(0, 0xfff, ACC_CODE & ~0x80, 4);
    EXPECT(jmp_np, NP, 56);
    EXPECT(retf_null, GP, 0);
    EXPECT(retf_data, GP, 16);
    EXPECT(iret_inner, -1, 0);
    EXPECT(iret_bad_ss, GP, 16);
}

void test_gates(void)
{
    test_vectors();
    test_user();
    test_far();
    test_call_gates();
}
