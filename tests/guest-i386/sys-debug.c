/*
 * Debug registers: code and data breakpoints, single steps, general detect
 * (SDM 3B 17).
 *
 * SPDX-License-Identifier: MIT
 */
#include "sys.h"

static u32 watched;
u32 step_target;

static void set_dr(u32 dr0, u32 dr7)
{
    asm volatile("movl %0, %%dr0; movl %1, %%dr6; movl %2, %%dr7" :: "r"(dr0), "r"(0), "r"(dr7));
}

static u32 read_dr6(void) { u32 v; asm volatile("movl %%dr6, %0" : "=r"(v)); return v; }
static u32 read_dr7(void) { u32 v; asm volatile("movl %%dr7, %0" : "=r"(v)); return v; }

ASM(code_break, "nop; .globl break_here; break_here: nop; nop")
extern u8 break_here[];
ASM(single_step, "pushfl; orl $0x100, (%%esp); popfl; .globl step_1; step_1: nop; .globl step_2; step_2: nop")
extern u8 step_1[], step_2[];
ASM(read_dr7_gd, "movl %%dr7, %%eax")
ASM(use_int1, ".byte 0xf1; .globl after_int1; after_int1: nop")
extern u8 after_int1[];

static void write_watched(void) { asm volatile("movl $1, %0; .globl after_write; after_write: nop" : "=m"(watched)); }
static void read_watched(void)
{
    asm volatile("movl %0, %%eax; .globl after_read; after_read: nop" :: "m"(watched) : "eax");
}
extern u8 after_write[], after_read[];

void test_debug(void)
{
    set_dr((u32)break_here, 0x402);
    EXPECT(code_break, DB, 0);
    CHECK(frame.eip, break_here);
    CHECK(read_dr6() & 0xf00f, 1);
    set_dr((u32)&watched, 0x402 | 0xd << 16);   /* four bytes, writes */
    EXPECT(write_watched, DB, 0);
    CHECK(frame.eip, after_write);
    CHECK(read_dr6() & 0xf00f, 1);
    EXPECT(read_watched, -1, 0);
    set_dr((u32)&watched, 0x402 | 0xf << 16);
    EXPECT(read_watched, DB, 0);
    CHECK(frame.eip, after_read);
    set_dr(0, 0x400);
    EXPECT(write_watched, -1, 0);
    EXPECT(single_step, DB, 0);
    CHECK(frame.eip, step_2);
    CHECK(read_dr6() & 0xf00f, 0x4000);
    set_dr(0, 0x2400);                          /* general detect */
    EXPECT(read_dr7_gd, DB, 0);
    CHECK(read_dr6() & 0x2000, 0x2000);
    CHECK(read_dr7() & 0x2000, 0);
    EXPECT(use_int1, DB, 0);
    CHECK(frame.eip, after_int1);
    set_dr(0, 0x400);
}
