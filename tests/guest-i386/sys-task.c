/*
 * Hardware task switches: JMP, CALL, IRET, task gates, and #DF by a task
 * (SDM 3A 7).
 *
 * SPDX-License-Identifier: MIT
 */
#include "sys.h"

enum { SEL_TSS2 = 56, SEL_GATE = 64 };
enum { TSS_BACK = 0, TSS_EIP = 8, TSS_EFLAGS = 9, TSS_EAX = 10, TSS_ESP = 14, TSS_ES = 18, TSS_LDT = 24 };

static u32 tss2[32];
u32 task_eax, task_flags, task_ts, task_back, task_error;
static u8 task_stack[1024];

ASM(call_task, "clts; lcall $56, $0")
ASM(call_task_gate, "lcall $64, $0")
ASM(jmp_busy, "ljmp $24, $0")
ASM(int_task, "int $0x51")

/* The task notes what it sees, and returns; again when it is entered again. */
asm(".text\n.globl task_entry\n"
    "task_entry:\n"
    "    movl %eax, task_eax\n"
    "    pushfl; popl task_flags\n"
    "    movl %cr0, %eax; andl $8, %eax; movl %eax, task_ts; clts\n"
    "    movl tss_back, %eax; movzwl (%eax), %eax; movl %eax, task_back\n"
    "    iret\n"
    "    jmp task_entry\n"
    ".globl task_with_error\n"
    "task_with_error:\n"
    "    popl task_error\n"
    "    iret\n"
    "    jmp task_with_error\n");
extern u8 task_entry[], task_with_error[];
u32 *tss_back;

static void set_task(u8 *entry)
{
    for (int i = 0; i < 32; i++) {
        tss2[i] = 0;
    }
    tss2[TSS_EIP] = (u32)entry;
    tss2[TSS_EFLAGS] = 2;
    tss2[TSS_EAX] = 0x12345678;
    tss2[TSS_ESP] = (u32)task_stack + sizeof(task_stack);
    for (int i = 0; i < 6; i++) {
        tss2[TSS_ES + i] = SEL_DATA;
    }
    tss2[TSS_ES + 1] = SEL_CODE;
    tss2[25] = 104 << 16;
    gdt[7] = segment((u32)tss2, 103, 0x89, 0);
    gdt[8] = (u64)SEL_TSS2 << 16 | 0x85ull << 40;
    tss_back = tss2;
}

static void test_call(void)
{
    set_task(task_entry);
    EXPECT(call_task, -1, 0);
    CHECK(task_eax, 0x12345678);
    CHECK(task_flags >> 14 & 1, 1);             /* NT */
    CHECK(task_ts, 8);
    CHECK(task_back, SEL_TSS);
    CHECK(gdt[7] >> 40 & 0xff, 0x89);           /* not busy any more */
    CHECK(gdt[3] >> 40 & 0xff, 0x8b);
    EXPECT(call_task_gate, -1, 0);
    set_task(task_entry);
    idt[0x51] = (u64)SEL_TSS2 << 16 | 0x85ull << 40;
    EXPECT(int_task, -1, 0);
    CHECK(task_back, SEL_TSS);
}

static void test_refused(void)
{
    EXPECT(jmp_busy, GP, SEL_TSS);
    set_task(task_entry);
    gdt[7] &= ~(1ull << 47);
    EXPECT(call_task, NP, SEL_TSS2);
    gdt[7] = segment((u32)tss2, 102, 0x89, 0);
    EXPECT(call_task, TS, SEL_TSS2);
    set_task(task_entry);
    gdt[8] = (u64)SEL_DATA << 16 | 0x85ull << 40;
    EXPECT(call_task_gate, GP, SEL_DATA);
}

void test_tasks(void)
{
    test_call();
    test_refused();
}
