/*
 * Alignment checks: CR0.AM, EFLAGS.AC and CPL 3 (SDM 3A 6.15, "Alignment Check
 * Exception"). Which accesses of which size are checked is what processors do.
 *
 * SPDX-License-Identifier: MIT
 */
#include "sys.h"

u8 align_data[2048] __attribute__((aligned(64)));
enum { EFLAGS_AC = 0x40000, CR0_AM = 0x40000 };

/* ECX: base of the data plus the misalignment; ESI and EDI too. */
#define CASE(name, text) \
    ASM(name, "movl align_at, %%esi; movl %%esi, %%edi; movl %%esi, %%ecx; " text "; int $0x40")
u32 align_at __attribute__((aligned(4)));

CASE(load_byte, "movb (%%esi), %%al")
CASE(load_word, "movw (%%esi), %%ax")
CASE(load_long, "movl (%%esi), %%eax")
CASE(store_long, "movl %%eax, (%%edi)")
CASE(add_long, "addl %%eax, (%%edi)")
CASE(lock_long, "lock xaddl %%eax, (%%edi)")
CASE(xchg_long, "xchgl %%eax, (%%edi)")
CASE(cmpxchg_8, "cmpxchg8b (%%edi)")
CASE(bit_memory, "btsl %%eax, (%%edi)")
CASE(push_long, "movl %%esi, %%esp; pushl %%eax")
CASE(pop_word, "movl %%esi, %%esp; popw %%ax")
CASE(push_all, "movl %%esi, %%esp; pushal")
CASE(enter_frame, "movl %%esi, %%esp; enter $8, $0")
CASE(move_string, "movsl")
CASE(repeat_move, "movl $3, %%ecx; rep movsl")
CASE(repeat_bytes, "movl $3, %%ecx; rep movsb")
CASE(repeat_compare, "movl $3, %%ecx; repe cmpsw")
CASE(repeat_store, "movl $3, %%ecx; rep stosl")
CASE(far_48, "lgsl (%%esi), %%eax")
CASE(far_32, "lgsw (%%esi), %%ax")
CASE(load_sreg, "movw (%%esi), %%gs")
CASE(far_ret, "movl %%esi, %%esp; lret")
CASE(load_f32, "flds (%%esi); fstp %%st")
CASE(load_f64, "fldl (%%esi); fstp %%st")
CASE(load_f80, "fldt (%%esi); fstp %%st")
CASE(store_f80, "fldz; fstpt (%%edi)")
CASE(store_env, "fnstenv (%%edi)")
CASE(store_fx, "fxsave (%%edi)")
CASE(load_sse32, "movss (%%esi), %%xmm0")
CASE(load_sse64, "movsd (%%esi), %%xmm0")
CASE(load_unaligned, "movups (%%esi), %%xmm0")
CASE(load_aligned, "movaps (%%esi), %%xmm0")
CASE(store_unaligned, "movdqu %%xmm0, (%%edi)")

typedef struct AlignCase {
    void (*fn)(void);
    u8 good, bad;               /* misalignments that pass and that fail */
    u8 vector;                  /* of the bad one; 0x40: it passes too */
} AlignCase;

static const AlignCase cases[] = {
    { load_byte, 0, 1, 0x40 }, { load_word, 2, 1, AC }, { load_long, 4, 2, AC }, { store_long, 4, 1, AC },
    { add_long, 4, 2, AC }, { lock_long, 4, 2, AC }, { xchg_long, 4, 2, AC }, { cmpxchg_8, 8, 4, AC },
    { bit_memory, 4, 2, AC }, { push_long, 4, 2, AC }, { pop_word, 2, 1, AC }, { push_all, 4, 2, AC },
    { enter_frame, 4, 2, AC }, { move_string, 4, 2, AC }, { repeat_move, 4, 2, AC },
    { repeat_bytes, 0, 1, 0x40 }, { repeat_compare, 2, 1, AC }, { repeat_store, 4, 2, AC },
    { far_48, 4, 2, AC }, { far_32, 2, 1, AC }, { load_sreg, 2, 1, AC }, { load_f32, 4, 2, AC },
    { load_f64, 8, 4, AC }, { load_f80, 8, 4, AC }, { store_f80, 8, 4, AC }, { store_env, 4, 2, AC },
    { store_fx, 16, 1, AC }, { store_fx, 16, 4, GP }, { load_sse32, 4, 2, AC }, { load_sse64, 8, 4, AC },
    { load_unaligned, 1, 8, 0x40 }, { load_aligned, 16, 8, GP }, { store_unaligned, 1, 4, 0x40 },
};

static u32 read_cr0(void) { u32 v; asm volatile("movl %%cr0, %0" : "=r"(v)); return v; }
static void write_cr0(u32 v) { asm volatile("movl %0, %%cr0" :: "r"(v) : "memory"); }

static int run(const AlignCase *c, u32 misalignment, u32 eflags)
{
    for (u32 i = 0; i < sizeof(align_data); i++) {
        align_data[i] = 0;
    }
    align_at = (u32)align_data + 512 + misalignment;
    return try_user(c->fn, 2 | eflags, SEL_UCODE, SEL_UDATA, (u32)user_stack + sizeof(user_stack));
}

void test_align(void)
{
    u32 cr0 = read_cr0(), cr4;

    asm volatile("movl %%cr4, %0" : "=r"(cr4));
    asm volatile("movl %0, %%cr4; clts; fninit" :: "r"(cr4 | 0x600));
    for (u32 i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const AlignCase *c = &cases[i];
        u32 unchecked = c->vector == AC ? 0x40 : c->vector;

        write_cr0((cr0 & ~8u) | CR0_AM);
        CHECK(run(c, c->good, EFLAGS_AC) << 8 | i, 0x4000 | i);
        CHECK(run(c, c->bad, EFLAGS_AC) << 8 | i, c->vector << 8 | i);
        if (c->vector == AC) {
            CHECK(frame.error, 0);
            CHECK(frame.cs, SEL_UCODE);
        }
        if (c->fn != store_fx) {
            CHECK(run(c, c->bad, 0) << 8 | i, unchecked << 8 | i);
            write_cr0(cr0 & ~(8u | CR0_AM));
            CHECK(run(c, c->bad, EFLAGS_AC) << 8 | i, unchecked << 8 | i);
        }
    }
    write_cr0((cr0 & ~8u) | CR0_AM);
    CHECK(run(&(AlignCase){ .fn = far_ret }, 2, EFLAGS_AC), AC);
    asm volatile("pushfl; orl $0x40000, (%%esp); popfl; movl align_data + 1, %%eax; pushfl; "
                 "andl $~0x40000, (%%esp); popfl" ::: "eax", "memory");     /* CPL 0 is not checked */
    write_cr0(cr0);
    asm volatile("movl %0, %%cr4" :: "r"(cr4));
}
