/*
 * Non-canonical addresses: #SS where the access goes by the stack segment, #GP
 * elsewhere; addresses relative to RIP and of 32 bits (SDM 1:3.3.7.1).
 *
 * SPDX-License-Identifier: MIT
 */
#include "long.h"

/* RAX is not canonical, RDX is just below the hole. */
#define CASE(name, text) \
    ASM(name, "movq $0x800000000000, %%rax; movq $0x7fffffffffff, %%rdx; movq %%rsp, %%r8; movq %%rbp, %%r9; " \
        text "; movq %%r8, %%rsp; movq %%r9, %%rbp")

CASE(load, "movq (%%rax), %%rcx")
CASE(store, "movq %%rcx, (%%rax)")
CASE(load_last_byte, "movb (%%rax), %%cl")
CASE(load_crossing, "movq -3(%%rdx), %%rcx")
CASE(load_rbp, "movq %%rax, %%rbp; movq (%%rbp), %%rcx")
CASE(load_rsp, "movq %%rax, %%rsp; movq (%%rsp), %%rcx")
CASE(load_r13, "movq %%rax, %%r10; movq %%r13, %%r11; xchgq %%r10, %%r13; movq (%%r13), %%rcx; movq %%r11, %%r13")
CASE(load_fs_rbp, "movq %%rax, %%rbp; movq %%fs:(%%rbp), %%rcx")
CASE(load_index_rbp, "movq %%rax, %%rbp; xorl %%ecx, %%ecx; movq (%%rcx,%%rbp), %%rcx")
CASE(do_push, "leaq 16(%%rax), %%rsp; pushq %%rcx")
CASE(do_pop, "movq %%rax, %%rsp; popq %%rcx")
CASE(do_call, "movq %%rax, %%rsp; addq $8, %%rsp; call 1f; 1:")
CASE(do_ret, "movq %%rax, %%rsp; ret")
CASE(do_leave, "movq %%rax, %%rbp; leave")
CASE(do_iret, "movq %%rax, %%rsp; iretq")
CASE(do_retf, "movq %%rax, %%rsp; lretq")
CASE(push_memory, "pushq (%%rax)")
CASE(pop_memory, "pushq $0; popq (%%rax)")
CASE(call_memory, "call *(%%rax)")
CASE(move_string, "movq %%rax, %%rsi; movq %%r8, %%rdi; subq $64, %%rdi; movsq")
CASE(repeat_string, "movq %%rax, %%rdi; movl $4, %%ecx; rep stosq")
CASE(vector_load, "movups (%%rax), %%xmm0")
CASE(vector_rbp, "movq %%rax, %%rbp; movups (%%rbp), %%xmm0")
CASE(x87_rbp, "movq %%rax, %%rbp; fldl (%%rbp)")
CASE(locked, "lock incq (%%rax)")
CASE(locked_rbp, "movq %%rax, %%rbp; lock incq (%%rbp)")
CASE(table_load, "lgdt (%%rax)")
CASE(go_there, "jmp *%%rax")
CASE(flush, "invlpg (%%rax)")
CASE(prefetch, "prefetcht0 (%%rax)")

u64 fault_data[2];
ASM(lgdt_bad_base, "lgdt bad_table")
ASM(lidt_bad_base, "lidt bad_table")
struct { u16 limit; u64 base; } __attribute__((packed)) bad_table;

static void test_rip_relative(void)
{
    u64 v, w;

    fault_data[0] = 0x1122334455667788;
    asm volatile("movq fault_data(%%rip), %0" : "=r"(v));
    CHECK(v, 0x1122334455667788);
    asm volatile("movl $0x55, fault_data+8(%rip)"); /* an immediate lies between the displacement and RIP */
    CHECK(fault_data[1], 0x55);
    asm volatile("leaq 1f(%%rip), %0; 1: leaq 1b(%%rip), %1" : "=r"(v), "=r"(w));
    CHECK(v, w);
    asm volatile("leaq -0x80000000(%%rip), %0; 1: leaq 1b(%%rip), %1" : "=r"(v), "=r"(w));
    CHECK(v, w - 0x80000000);
    asm volatile("leal -0x7fffffff(%%eip), %k0; 1: leaq 1b(%%rip), %1" : "=r"(v), "=r"(w));
    CHECK(v, (u32)(w - 0x7fffffff));
    asm volatile("movl $fault_data, %%ecx; movabsq $0x100000000, %%rax; orq %%rax, %%rcx; movq (%%ecx), %0"
                 : "=r"(v) :: "rax", "rcx");        /* 32-bit addresses wrap */
    CHECK(v, 0x1122334455667788);
    asm volatile("movl $fault_data + 16, %%ecx; movl $0xfffffff0, %%eax; movq (%%ecx,%%eax), %0"
                 : "=r"(v) :: "rax", "rcx");
    CHECK(v, 0x1122334455667788);
}

void test_canonical(void)
{
    idt[2 * SS] |= 1ul << 32;                       /* the handler has a stack of its own */
    tss[9] = (u32)(u64)ist_stack + sizeof(ist_stack);
    EXPECT(load, GP, 0);
    EXPECT(store, GP, 0);
    EXPECT(load_last_byte, GP, 0);
    EXPECT(load_rbp, SS, 0);
    EXPECT(load_rsp, SS, 0);
    EXPECT(load_r13, GP, 0);
    EXPECT(load_fs_rbp, GP, 0);
    EXPECT(load_index_rbp, GP, 0);
    EXPECT(do_push, SS, 0);
    EXPECT(do_pop, SS, 0);
    EXPECT(do_call, SS, 0);
    EXPECT(do_ret, SS, 0);
    EXPECT(do_leave, SS, 0);
    EXPECT(do_iret, SS, 0);
    EXPECT(do_retf, SS, 0);
    EXPECT(push_memory, GP, 0);
    EXPECT(pop_memory, GP, 0);
    EXPECT(call_memory, GP, 0);
    EXPECT(move_string, GP, 0);
    EXPECT(repeat_string, GP, 0);
    EXPECT(vector_load, GP, 0);
    EXPECT(vector_rbp, SS, 0);
    EXPECT(x87_rbp, SS, 0);
    EXPECT(locked, GP, 0);
    EXPECT(locked_rbp, SS, 0);
    EXPECT(table_load, GP, 0);
    EXPECT(go_there, GP, 0);
    EXPECT(flush, -1, 0);
    EXPECT(prefetch, -1, 0);
    top_table[255] = top_table[0];                  /* the page below the hole: the same as the first 512 GiB */
    directory[511] = 0x87;                          /* its last 2 MiB; the middle levels need entries too */
    ((u64 *)0x91000)[511] = 0x92007;
    EXPECT(load_crossing, GP, 0);
    top_table[255] = directory[511] = ((u64 *)0x91000)[511] = 0;
    idt[2 * SS] &= ~(1ul << 32);
    bad_table.limit = 0xff;
    bad_table.base = NON_CANONICAL;
    EXPECT(lgdt_bad_base, GP, 0);
    EXPECT(lidt_bad_base, GP, 0);
    test_rip_relative();
}
