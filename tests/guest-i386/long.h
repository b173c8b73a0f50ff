/*
 * What the long-mode tests share: descriptors, tables, checks.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef LONG_H
#define LONG_H

#include "checks.h"

/* What an exception left: as pushed, from the vector on. */
struct frame {
    u64 vector, error, rip, cs, rflags, rsp, ss;
};
extern struct frame frame;
/* CR2 and registers at the entry of the handler; frame_at: address of the vector's word. */
extern u64 fault_cr2, frame_rax, frame_rsi, frame_rdi, frame_rcx, frame_at;
extern u16 frame_handler_ss;
extern u64 gdt[32], idt[512];
extern u32 tss[64];
extern u8 user_stack[4096], kernel_stack[4096], ist_stack[4096];
/* Page tables; the window is one page of `window_table` at 4 MiB each. */
static u64 *const top_table = (u64 *)0x90000, *const directory = (u64 *)0x92000, *const window_table = (u64 *)0x93000;
enum { WINDOW = 0x400000 };
enum { P = 1, W = 2, U = 4, A = 0x20, D = 0x40, PS = 0x80, G = 0x100 };
#define NX (1ul << 63)

int try_iret(const u64 words[5]);
void try_done(void);

enum { DONE = 0x40 };                       /* the vector that ends user code */
/* The order that SYSCALL and SYSENTER need. */
enum {
    SEL_CODE32 = 8, SEL_DATA = 16, SEL_CODE = 24, SEL_STACK = 32, SEL_UCODE32 = 43, SEL_UDATA = 51, SEL_UCODE = 59,
    SEL_USTACK2 = 67, SEL_TSS = 72, SEL_GATE = 88, SEL_TEST = 104, SEL_TEST2 = 112, SEL_CONF = 120, SEL_LDT = 128,
};
enum { FLAGS_32 = 12, FLAGS_64 = 10 };

/* Both halves of a 64-bit gate. */
static inline void set_gate(u64 *at, u32 selector, u64 offset, u32 access, u32 ist)
{
    at[0] = (offset & 0xffff) | (u64)selector << 16 | (u64)ist << 32 | (u64)access << 40 |
            (offset >> 16 & 0xffff) << 48;
    at[1] = offset >> 32;
}

/* At CPL 3, 64-bit or compatibility code; ends by INT 0x40 when all is well. */
int try_user(void (*fn)(void));
int try_user32(void (*fn)(void));
#define EXPECT_USER(fn, want, code) do { CHECK(try_user(fn), want); CHECK(frame.error, code); } while (0)
#define EXPECT_USER32(fn, want, code) do { CHECK(try_user32(fn), want); CHECK(frame.error, code); } while (0)

/* A function of one asm statement; of 32-bit code. */
#define ASM(name, text) \
    static void name(void) \
    { asm volatile(text ::: "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "memory"); }
#define ASM32(name, text) \
    void name(void); asm(".text\n.code32\n.globl " #name "\n" #name ": " text "\n.code64\n");

static inline u64 read_msr(u32 msr)
{
    u32 low, high;

    asm volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
    return (u64)high << 32 | low;
}
static inline void write_msr(u32 msr, u64 value)
{
    asm volatile("wrmsr" :: "c"(msr), "a"((u32)value), "d"((u32)(value >> 32)) : "memory");
}
#define CR(n) \
    static inline u64 read_cr##n(void) { u64 v; asm volatile("movq %%cr" #n ", %0" : "=r"(v)); return v; } \
    static inline void write_cr##n(u64 v) { asm volatile("movq %0, %%cr" #n :: "r"(v) : "memory"); }
CR(0) CR(3) CR(4) CR(8)
enum { MSR_STAR = 0xc0000081, MSR_LSTAR, MSR_CSTAR, MSR_FMASK, MSR_EFER = 0xc0000080, MSR_FS_BASE = 0xc0000100,
       MSR_GS_BASE, MSR_KERNEL_GS_BASE, MSR_TSC_AUX };
#define NON_CANONICAL 0x0000800000000000ul

static inline void invlpg(u64 a) { asm volatile("invlpg (%0)" :: "r"(a) : "memory"); }
/* The window shows this page. */
static inline void set_window(u64 entry) { window_table[0] = entry; invlpg(WINDOW); }

void test_gates(void);
void test_returns(void);
void test_far(void);
void test_syscalls(void);
void test_registers(void);
void test_canonical(void);
void test_paging(void);
void test_pcid(void);
void test_restart(void);
void test_avx(void);
void test_xsave(void);

#endif
