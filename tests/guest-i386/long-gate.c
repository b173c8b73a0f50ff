/*
 * Interrupt gates with the interrupt stack table, IRET in all its forms, call
 * gates, far transfers between 64-bit and compatibility mode (SDM 3A 5.8, 6.14;
 * pages of IRET, CALL, RET).
 *
 * SPDX-License-Identifier: MIT
 */
#include "long.h"

enum { GATE = 0x8e, DPL3 = 0x60, NT = 0x4000 };
extern u8 vectors[];

u64 seen[6];

ASM(int_50, "int $0x50")
ASM(int_50_note, "movq %%rsp, seen; int $0x50")
ASM(user_int_50, "int $0x50")
ASM(user_done, "int $0x40")
ASM(user_ud, "ud2")
ASM32(user32_done, "int $0x40")
ASM32(user32_ud, "ud2")
ASM32(user32_push, "pushl $0x12345678; popl %eax; pushl %esp; popl %ecx; int $0x40")

static void set_50(u32 selector, u64 offset, u32 access, u32 ist)
{
    set_gate(&idt[2 * 0x50], selector, offset, access, ist);
}

static void test_frames(void)
{
    u64 handler = (u64)vectors + 16 * 0x50;

    EXPECT(int_50_note, 0x50, 0);
    CHECK(frame.rsp, seen[0]);
    CHECK(frame.ss, SEL_STACK);
    CHECK(frame.cs, SEL_CODE);
    CHECK(frame_at, (seen[0] & ~15ul) - 56);        /* aligned, then five words and two of ours */
    CHECK(frame_handler_ss, SEL_STACK);
    EXPECT_USER(user_done, DONE, 0);
    CHECK(frame_at, (u64)kernel_stack + sizeof(kernel_stack) - 56);
    CHECK(frame_handler_ss, 0);                     /* null with the new RPL */
    CHECK(frame.ss, SEL_UDATA);
    EXPECT_USER32(user32_done, DONE, 0);
    CHECK(frame.cs, SEL_UCODE32);
    tss[9 + 2] = (u32)(u64)ist_stack + 1000;        /* IST 2, not aligned */
    set_50(SEL_CODE, handler, GATE | DPL3, 2);
    EXPECT(int_50, 0x50, 0);
    CHECK(frame_at, (((u64)ist_stack + 1000) & ~15ul) - 56);
    CHECK(frame_handler_ss, SEL_STACK);             /* the level stays, and so does SS */
    EXPECT_USER(user_int_50, 0x50, 0);
    CHECK(frame_at, (((u64)ist_stack + 1000) & ~15ul) - 56);
    CHECK(frame_handler_ss, 0);
    tss[9 + 2] = 0;
    tss[10 + 2] = 0x8000;                           /* not canonical */
    EXPECT(int_50, SS, 0);
    tss[10 + 2] = 0;
    set_50(SEL_CODE, handler, GATE, 0);
    EXPECT_USER(user_int_50, GP, 0x50 * 8 + 2);
}

static void test_bad_gates(void)
{
    u64 handler = (u64)vectors + 16 * 0x50;
    static const u8 types[] = { 0x85, 0x86, 0x87, 0x8c, 0x89 };

    for (u32 i = 0; i < sizeof(types); i++) {
        set_50(SEL_CODE, handler, types[i], 0);
        EXPECT(int_50, GP, 0x50 * 8 + 2);
    }
    set_50(SEL_CODE, handler, GATE & ~0x80, 0);
    EXPECT(int_50, NP, 0x50 * 8 + 2);
    set_50(SEL_CODE32, handler, GATE, 0);
    EXPECT(int_50, GP, SEL_CODE32);
    set_50(SEL_DATA, handler, GATE, 0);
    EXPECT(int_50, GP, SEL_DATA);
    set_50(0, handler, GATE, 0);
    EXPECT(int_50, GP, 0);
    set_50(SEL_CODE, NON_CANONICAL, GATE, 0);
    EXPECT(int_50, GP, 0);
    gdt[13] = segment(0, 0xfffff, ACC_CODE, FLAGS_64) & ~(1ul << 47);
    set_50(SEL_TEST, handler, GATE, 0);
    EXPECT(int_50, NP, SEL_TEST);
    set_50(SEL_CONF, handler, GATE | DPL3, 0);      /* conforming: the level stays; the handler faults in CPL 3 */
    EXPECT(int_50, 0x50, 0);
    set_50(SEL_CODE, handler, 0x8f, 0);
    EXPECT(int_50, 0x50, 0);
}

void test_gates(void)
{
    test_frames();
    test_bad_gates();
}

/* --- IRET -------------------------------------------------------------------------------------------- */

static int iret_to(void (*fn)(void), u64 cs, u64 rflags, u64 rsp, u64 ss)
{
    const u64 words[5] = { (u64)fn, cs, rflags, rsp, ss };

    return try_iret(words);
}

ASM(iretl_to_32, "pushq $0; movl %%esp, %%eax; subq $8, %%rsp; "
    "movl $51, 4(%%rsp); movl %%eax, (%%rsp); subq $12, %%rsp; movl $2, 8(%%rsp); movl $43, 4(%%rsp); "
    "movl $user32_ud, (%%rsp); iretl")

void test_returns(void)
{
    u64 top = (u64)user_stack + sizeof(user_stack), handler_top = (u64)kernel_stack + sizeof(kernel_stack);

    CHECK(iret_to(user_done, SEL_UCODE, 2, top, SEL_UDATA), DONE);
    CHECK(frame.rsp, top);
    CHECK(iret_to(user_ud, SEL_CODE, 2, top, SEL_STACK), UD);
    CHECK(frame.rsp, top);                          /* IRETQ pops SS:RSP at any level */
    CHECK(frame_handler_ss, SEL_STACK);
    CHECK(iret_to(user_ud, SEL_CODE, 2, top, 0), UD);       /* a null SS at CPL 0 */
    CHECK(frame.ss, 0);
    CHECK(iret_to(user_done, SEL_UCODE, 2, top, 3), GP);    /* but not at CPL 3 */
    CHECK(frame.error, 0);
    CHECK(iret_to(user32_ud, SEL_CODE32, 2, top, 0), GP);   /* nor for compatibility mode */
    CHECK(frame.error, 0);
    CHECK(iret_to(user32_push, SEL_UCODE32, 2, top | 0x700000000, SEL_UDATA), DONE);
    CHECK(frame_rax, 0x12345678);
    CHECK(frame_rcx, (u32)top);                     /* 32-bit stack */
    CHECK(frame.rsp >> 32, 0);
    CHECK(iret_to(user32_ud, SEL_CODE32, 2, top, SEL_STACK), UD);
    CHECK(frame.cs, SEL_CODE32);
    CHECK(iret_to(user_done, SEL_UCODE, 2, top, SEL_STACK), GP);
    CHECK(frame.error, SEL_STACK);
    CHECK(iret_to(user_done, SEL_UCODE - 3, 2, top, SEL_UDATA), GP);        /* RPL 0, DPL 3 */
    CHECK(frame.error, SEL_UCODE & ~3);
    CHECK(iret_to(user_done, SEL_DATA, 2, top, SEL_UDATA), GP);
    CHECK(frame.error, SEL_DATA);
    CHECK(iret_to(user_done, 0, 2, top, SEL_UDATA), GP);
    CHECK(frame.error, 0);
    CHECK(iret_to((void (*)(void))NON_CANONICAL, SEL_UCODE, 2, top, SEL_UDATA), GP);
    CHECK(frame.error, 0);
    CHECK(frame.cs, SEL_CODE);                      /* IRET itself faults */
    gdt[13] = segment(0, 0xfffff, ACC_CODE | ACC_USER, FLAGS_64 | 4);       /* L and D */
    CHECK(iret_to(user_done, SEL_TEST | 3, 2, top, SEL_UDATA), GP);
    CHECK(frame.error, SEL_TEST);
    gdt[13] = segment(0, 0xfffff, ACC_DATA | ACC_USER, FLAGS_32) & ~(1ul << 47);
    CHECK(iret_to(user_done, SEL_UCODE, 2, top, SEL_TEST | 3), SS);
    CHECK(frame.error, SEL_TEST);
    CHECK(iret_to(user_done, SEL_UCODE, 0x3002 | 0x100000, top, SEL_UDATA), DONE);
    CHECK(frame.rflags & 0x103000, 0x103000);       /* IOPL and VIP from CPL 0 */
    CHECK(iret_to(user_done, SEL_UCODE, 2 | 0x20000, top, SEL_UDATA), DONE);        /* VM means nothing */
    CHECK(frame.rflags & 0x20000, 0);
    CHECK(frame_at, handler_top - 56);
    CHECK(try_call(iretl_to_32), UD);
    CHECK(frame.cs, SEL_UCODE32);
}

/* --- call gates ---------------------------------------------------------------------------------------------- */

struct { u64 offset; u16 selector; } __attribute__((packed)) far_64;
struct { u32 offset; u16 selector; } __attribute__((packed)) far_32;

/* At CPL 0 on the stack of the TSS: notes what is there and goes back. */
asm(".text\n.globl gate_target\n"
    "gate_target:\n"
    "    movq (%rsp), %rax; movq %rax, seen\n"
    "    movq 8(%rsp), %rax; movq %rax, seen+8\n"
    "    movq 16(%rsp), %rax; movq %rax, seen+16\n"
    "    movq 24(%rsp), %rax; movq %rax, seen+24\n"
    "    movq %rsp, seen+32\n"
    "    movl %ss, %eax; movq %rax, seen+40\n"
    "    lretq\n");
extern u8 gate_target[];

ASM(user_gate_64, "rex64 lcall *far_64; int $0x40")
ASM(user_gate_32, "lcall *far_32; int $0x40")
ASM(user_jmp_gate, "ljmp *far_32")
ASM32(user32_gate, "lcall $0x5b, $0; after_gate32: int $0x40")
ASM32(user32_jmp_64, "ljmp $59, $user_in_64")
asm(".text\n.globl user_in_64\nuser_in_64: movq $-1, %rax; int $0x40\n");
extern u8 after_gate32[];
ASM(kernel_gate, "lcall *far_32")
ASM(direct_call, ".byte 0x9a, 0, 0, 0, 0, 8, 0")
ASM(direct_jump, ".byte 0xea, 0, 0, 0, 0, 8, 0")
ASM(call_32_and_back, "movl $code_32, far_32; movw $8, far_32+4; movq %%rsp, %%r8; lcall *far_32; cmpq %%r8, %%rsp; "
    "je 1f; ud2; 1:")
ASM32(code_32, "movl $0x89abcdef, %eax; incl %eax; decl %eax; movl %esp, %edx; movl (%edx), %ecx; movl %ecx, seen; "
      "movl 4(%edx), %ecx; movl %ecx, seen+8; lret")
ASM(call_64_and_back, "movl $code_64, far_32; movw $24, far_32+4; rex64 lcall *far_64")
asm(".text\n.globl code_64\ncode_64: movq (%rsp), %rax; movq %rax, seen; movq 8(%rsp), %rax; movq %rax, seen+8; lretq\n");
extern u8 code_64[];
ASM(far_to_tss, "ljmp *far_32")
ASM(retf_outer, "pushq $51; movq %%rsp, %%rax; pushq %%rax; pushq $59; leaq user_in_64(%%rip), %%rax; pushq %%rax; lretq")
ASM(retf_outer_32, "pushq $51; movq %%rsp, %%rax; pushq %%rax; pushq $43; leaq user32_done(%%rip), %%rax; pushq %%rax; "
    "lretq")
ASM(retf_null, "pushq $0; pushq $0; lretq")
ASM(retf_bad_rip, "pushq $24; movq $0x800000000000, %%rax; pushq %%rax; lretq")

static void set_call_gate(u32 selector, u64 offset, u32 access)
{
    set_gate(&gdt[11], selector, offset, access, 0);
    far_32.selector = far_64.selector = SEL_GATE | 3;
}

static void check_gate_frame(u64 cs, u64 ss)
{
    CHECK(seen[1], cs);
    CHECK(seen[3], ss);
    CHECK(seen[4], (u64)kernel_stack + sizeof(kernel_stack) - 32);
    CHECK(seen[5], 0);                              /* a null SS */
}

static void test_call_gates(void)
{
    set_call_gate(SEL_CODE, (u64)gate_target, 0xec);
    far_64.offset = 0x1234567812345678;             /* means nothing */
    EXPECT_USER(user_gate_64, DONE, 0);
    check_gate_frame(SEL_UCODE, SEL_UDATA);
    CHECK(seen[2], frame.rsp);
    EXPECT_USER(user_gate_32, DONE, 0);
    check_gate_frame(SEL_UCODE, SEL_UDATA);
    EXPECT_USER32(user32_gate, DONE, 0);
    check_gate_frame(SEL_UCODE32, SEL_UDATA);
    CHECK(seen[0], after_gate32);
    EXPECT_USER(user_jmp_gate, GP, SEL_CODE);
    EXPECT(kernel_gate, -1, 0);                     /* no change of level: SS:RSP stay */
    CHECK(seen[1], SEL_CODE);
    CHECK(seen[5], SEL_STACK);
}

static void test_bad_call_gates(void)
{
    set_call_gate(SEL_CODE, (u64)gate_target, 0x8c);        /* DPL 0 */
    EXPECT_USER(user_gate_32, GP, SEL_GATE);
    set_call_gate(SEL_CODE, (u64)gate_target, 0x6c);
    EXPECT_USER(user_gate_32, NP, SEL_GATE);
    set_call_gate(SEL_CODE32, (u64)gate_target, 0xec);
    EXPECT_USER(user_gate_32, GP, SEL_CODE32);
    set_call_gate(0, (u64)gate_target, 0xec);
    EXPECT_USER(user_gate_32, GP, 0);
    set_call_gate(SEL_CODE, NON_CANONICAL, 0xec);
    EXPECT_USER(user_gate_32, GP, 0);
    set_call_gate(SEL_CODE, (u64)gate_target, 0xec);
    gdt[12] |= 1ul << 40;                           /* a type in the upper half */
    EXPECT_USER(user_gate_32, GP, SEL_GATE);
    set_call_gate(SEL_CODE, (u64)gate_target, 0xe4);        /* a 286 gate; a task gate */
    EXPECT_USER(user_gate_32, GP, SEL_GATE);
    set_call_gate(SEL_CODE, (u64)gate_target, 0xe5);
    EXPECT_USER(user_gate_32, GP, SEL_GATE);
}

void test_far(void)
{
    test_call_gates();
    test_bad_call_gates();
    EXPECT(direct_call, UD, 0);
    EXPECT(direct_jump, UD, 0);
    EXPECT(call_32_and_back, -1, 0);
    CHECK(seen[1], SEL_CODE);
    far_64.offset = (u64)code_64;
    far_64.selector = SEL_CODE;
    EXPECT(call_64_and_back, -1, 0);
    CHECK(seen[1], SEL_CODE);
    EXPECT_USER32(user32_jmp_64, DONE, 0);
    CHECK(frame_rax, -1ul);
    CHECK(frame.cs, SEL_UCODE);
    far_32.selector = SEL_TSS;
    EXPECT(far_to_tss, GP, SEL_TSS);
    EXPECT(retf_outer, DONE, 0);
    CHECK(frame.cs, SEL_UCODE);
    EXPECT(retf_outer_32, DONE, 0);
    CHECK(frame.cs, SEL_UCODE32);
    EXPECT(retf_null, GP, 0);
    EXPECT(retf_bad_rip, GP, 0);
    CHECK(frame.cs, SEL_CODE);
}
