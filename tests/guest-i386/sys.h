/*
 * What the system tests share: descriptors, tables, checks.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SYS_H
#define SYS_H

#include "checks.h"

/* What an exception left: as pushed, from the vector on. */
struct frame {
    u32 vector, error, eip, cs, eflags, esp, ss, es, ds, fs, gs;
};
extern struct frame frame;
extern u32 fault_cr2, frame_eax;
extern u64 gdt[64], idt[256];
extern u32 tss[64];
extern u8 user_stack[4096], kernel_stack[4096], inner_stack[4096];

int try_user(void (*fn)(void), u32 eflags, u32 cs, u32 ss, u32 esp);
int try_vm86(u32 *frame);

enum {
    SEL_CODE = 8, SEL_DATA = 16, SEL_TSS = 24, SEL_UCODE = 35, SEL_UDATA = 43, SEL_TEST = 48, SEL_TEST2 = 56,
    SEL_TEST3 = 64, SEL_LDT = 72, SEL_CODE16 = 80, SEL_CONF = 88,
};

static inline u64 gate(u32 selector, u32 offset, u32 access, u32 count)
{
    return (offset & 0xffff) | selector << 16 | (u64)count << 32 | (u64)access << 40 |
           (u64)(offset >> 16) << 48;
}

#define EXPECT_USER(fn, vector, code) \
    do { CHECK(try_user(fn, 2, SEL_UCODE, SEL_UDATA, (u32)user_stack + sizeof(user_stack)), vector); \
         CHECK(frame.error, code); } while (0)

/* A function of one asm statement. */
#define ASM(name, text) static void name(void) { asm volatile(text ::: "eax", "ecx", "edx", "memory"); }

void test_segments(void);
void test_gates(void);
void test_tasks(void);
void test_paging(void);
void test_vm86(void);
void test_debug(void);
void test_system(void);
void test_x87(void);
void test_smc(void);
void test_align(void);
void test_code16(void);
void test_smm(void);
void test_apic(void);
void test_hpet(void);
void test_pit(void);

#endif
