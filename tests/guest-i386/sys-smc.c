/*
 * Stores that change the code being run: they take effect at the very next
 * instruction, whatever stores, in straight code, in hot loops and across pages.
 *
 * SPDX-License-Identifier: MIT
 */
#include "sys.h"

enum { PAGE = 4096, LOOPS = 5000 };

/* Code that is copied to `base` and called with its address in ebx; the result is in eax. */
#define SNIPPET(name, text) \
    extern const u8 name[], name##_end[]; \
    asm(".section .text\n.balign 4\n" #name ":\n" text "\n" #name "_end:\n")

static u8 area[3 * PAGE] __attribute__((aligned(4096)));

SNIPPET(by_mov, "movl $0x01020304, 1f + 1 - by_mov(%ebx); 1: movl $0, %eax; ret");
SNIPPET(by_byte, "xorl %eax, %eax; movb $0x55, 1f + 1 - by_byte(%ebx); 1: movb $0, %al; ret");
SNIPPET(by_push, "movl %esp, %edx; leal 1f + 5 - by_push(%ebx), %esp; pushl $0x01020304; 1: movl $0, %eax;"
                 "movl %edx, %esp; ret");
SNIPPET(by_pop, "pushl $0x01020304; popl 1f + 1 - by_pop(%ebx); 1: movl $0, %eax; ret");
SNIPPET(by_xchg, "movl $0x01020304, %ecx; xchgl %ecx, 1f + 1 - by_xchg(%ebx); 1: movl $0, %eax; ret");
SNIPPET(by_lock_add, "lock; addl $0x01020304, 1f + 1 - by_lock_add(%ebx); 1: movl $0, %eax; ret");
SNIPPET(by_cmpxchg, "xorl %eax, %eax; movl $0x01020304, %ecx; lock; cmpxchgl %ecx, 1f + 1 - by_cmpxchg(%ebx);"
                    "1: movl $0, %eax; ret");
SNIPPET(by_stos, "movl $0x01020304, %eax; leal 1f + 1 - by_stos(%ebx), %edi; stosl; 1: movl $0, %eax; ret");
SNIPPET(by_rep_stos, "movl $4, %ecx; movb $7, %al; leal 1f + 1 - by_rep_stos(%ebx), %edi; rep stosb;"
                     "1: movl $0, %eax; ret");
SNIPPET(by_fst, "fninit; fld1; fstps 1f + 1 - by_fst(%ebx); 1: movl $0, %eax; fninit; ret");
SNIPPET(own_bytes, "movl $0x01020304, %eax; 1: movw $0x9090, 1b - own_bytes(%ebx); ret");
SNIPPET(branch, "xorl %eax, %eax; movb $0x90, 1f - branch(%ebx); movb $0x90, 1f + 1 - branch(%ebx); 1: jmp 2f;"
                "movl $0x01020304, %eax; 2: ret");
/* Each turn of the loops changes what comes next, or what came before. */
SNIPPET(forward, "movl $5000, %ecx; xorl %eax, %eax; 1: movl %ecx, 2f + 1 - forward(%ebx);"
                 "2: movl $0, %edx; addl %edx, %eax; loop 1b; ret");
SNIPPET(backward, "movl $5000, %ecx; xorl %eax, %eax; 1: .byte 5; .long 1; incl 1b + 1 - backward(%ebx); loop 1b; ret");
SNIPPET(code16, ".code16; movl $0x01020304, 1f + 2 - code16(%ebx); 1: movl $0, %eax; lretl; .code32");

static u32 call_at(const u8 *base, int far16)
{
    u32 result;
    struct { u32 offset; u16 selector; } __attribute__((packed)) far = { 0, SEL_TEST };

    gdt[SEL_TEST / 8] = segment((u32)base, 0xffff, ACC_CODE, 0);
    if (far16) {
        asm volatile("lcall *%1" : "=a"(result) : "m"(far), "b"(base) : "ecx", "edx", "edi", "memory", "cc");
    } else {
        asm volatile("call *%%ebx" : "=a"(result) : "b"(base) : "ecx", "edx", "edi", "memory", "cc");
    }
    return result;
}

/* At offset in the area; a second time without a new copy when `again`. */
static void run_at(u32 offset, const u8 *start, const u8 *end, u32 want, int again)
{
    for (u32 i = 0; start + i < end; i++) {
        area[offset + i] = start[i];
    }
    CHECK(call_at(area + offset, start == code16), want);
    if (again) {
        CHECK(call_at(area + offset, start == code16), want);
    }
}

#define ROW(name, want, again) { name, name##_end, want, again }

void test_smc(void)
{
    static const struct { const u8 *start, *end; u32 want; int again; } rows[] = {
        ROW(by_mov, 0x01020304, 1), ROW(by_byte, 0x55, 1), ROW(by_push, 0x01020304, 1), ROW(by_pop, 0x01020304, 1),
        ROW(by_xchg, 0x01020304, 1), ROW(by_lock_add, 0x01020304, 0), ROW(by_cmpxchg, 0x01020304, 0),
        ROW(by_stos, 0x01020304, 1), ROW(by_rep_stos, 0x07070707, 1), ROW(by_fst, 0x3f800000, 1),
        ROW(own_bytes, 0x01020304, 0), ROW(branch, 0x01020304, 1), ROW(code16, 0x01020304, 1),
    };

    for (u32 i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        u32 bytes = rows[i].end - rows[i].start;

        for (u32 before = 0; before <= bytes; before++) {       /* bytes on the first page */
            run_at(PAGE - before, rows[i].start, rows[i].end, rows[i].want, rows[i].again);
        }
    }
    for (u32 offset = 0; offset <= PAGE - 13; offset += PAGE - 13) {
        run_at(offset, forward, forward_end, LOOPS * (LOOPS + 1) / 2, 1);
        run_at(offset, backward, backward_end, LOOPS * (LOOPS + 1) / 2, 0);
    }
}
