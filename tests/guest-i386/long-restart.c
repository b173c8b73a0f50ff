/*
 * Instructions that fault in their middle: what is done and what is not, so
 * that they can go on or start again (SDM 3A 6.6; pages of REP, VMASKMOV,
 * VGATHER); the upper halves of vector registers; XSAVE in its forms.
 *
 * SPDX-License-Identifier: MIT
 */
#include "long.h"

static u8 page1[4096] __attribute__((aligned(4096))), page2[4096] __attribute__((aligned(4096)));
u8 restart_source[256] __attribute__((aligned(64)));
enum { NEXT = WINDOW + 4096, ERR_W = 2 };
#define EXPORT(name) ".globl " #name "; " #name ": "
extern u8 movsb_at[], call_at[];

ASM(rep_movsb, "movl $restart_source, %%esi; movl $0x400ffb, %%edi; movl $20, %%ecx; " EXPORT(movsb_at) "rep movsb")
ASM(rep_movsq, "movl $restart_source, %%esi; movl $0x400fec, %%edi; movl $4, %%ecx; rep movsq")
ASM(rep_stosl_down, "movl $0x401008, %%edi; movl $5, %%ecx; movl $0x55aa55aa, %%eax; std; rep stosl")
ASM(rep_lodsb, "movl $0x400ffd, %%esi; movl $9, %%ecx; rep lodsb")
ASM(repe_cmpsb, "movl $restart_source, %%esi; movl $0x400ff8, %%edi; movl $20, %%ecx; repe cmpsb")
ASM(repne_scasw, "movl $0x400ffc, %%edi; movl $20, %%ecx; movl $0xdead, %%eax; repne scasw")
ASM(rep_insb, "movl $0x400ffe, %%edi; movl $4, %%ecx; movl $0x80, %%edx; rep insb")
ASM(push_fault, "movl $0x401008, %%esp; pushq %%rax; pushq %%rax")
ASM(call_fault, "movl $0x402000, %%esp; " EXPORT(call_at) "call 1f; 1:")
ASM(enter_fault, "movl $0x402000, %%esp; enter $16, $3")
ASM(pop_memory, "pushq $0x77; popq 0x401000")
ASM(leave_fault, "movq %%rbp, %%rax; movl $0x401000, %%ebp; leave")
ASM(store_crossing, "movq $-1, %%rax; movq %%rax, 0x400ffc")
ASM(vector_crossing, "pcmpeqb %%xmm0, %%xmm0; movups %%xmm0, 0x400ff8")
ASM(add_crossing, "movq $-1, %%rax; addq %%rax, 0x400ffc")
ASM(shift_zero, "xorl %%ecx, %%ecx; shll %%cl, 0x401000")
ASM(test_memory, "testl %%eax, 0x401000")
ASM(compare_exchange, "movl $1, %%eax; cmpxchgl %%ecx, 0x401000")
ASM(bit_set, "btsl $1, 0x401000")
ASM(push_memory, "pushq 0x401000")
ASM(xsave_crossing, "movl $7, %%eax; xorl %%edx, %%edx; xsave 0x400f80")
ASM(fxsave_crossing, "fxsave 0x400f00")
ASM(int_fault, "movl $0x401008, %%esp; int $0x50")

static void clear(u8 *bytes, u32 n, u8 value)
{
    for (u32 i = 0; i < n; i++) {
        ((volatile u8 *)bytes)[i] = value;
    }
}

/* The window's first page is there and the second is not. */
static void set_first(void)
{
    clear(page1, 4096, 0);
    window_table[1] = 0;
    invlpg(NEXT);
    set_window((u64)page1 | P | W);
}

static void test_strings(void)
{
    set_first();
    for (u32 i = 0; i < 64; i++) {
        restart_source[i] = i + 1;
    }
    EXPECT(rep_movsb, PF, ERR_W);
    CHECK(frame.rip, movsb_at);
    CHECK(fault_cr2, NEXT);
    CHECK(frame_rcx, 15);
    CHECK(frame_rdi, NEXT);
    CHECK(frame_rsi, restart_source + 5);
    CHECK(page1[4095], 5);
    EXPECT(rep_movsq, PF, ERR_W);                   /* the third element crosses: no byte of it is stored */
    CHECK(fault_cr2, NEXT);
    CHECK(frame_rcx, 2);
    CHECK(frame_rdi, NEXT - 4);
    CHECK(page1[4095], 5);
    CHECK(page1[4091], 16);
    EXPECT(rep_lodsb, PF, 0);
    CHECK(frame_rcx, 6);
    CHECK(frame_rsi, NEXT);
    clear(page1 + 4096 - 8, 8, 0);
    for (u32 i = 0; i < 8; i++) {
        page1[4088 + i] = i + 1;
    }
    EXPECT(repe_cmpsb, PF, 0);
    CHECK(frame_rcx, 12);
    CHECK(frame_rdi, NEXT);
    CHECK(frame_rsi, restart_source + 8);
    CHECK(frame.rflags >> 6 & 1, 1);                /* of the last comparison */
    EXPECT(repne_scasw, PF, 0);
    CHECK(frame_rcx, 18);
    EXPECT(rep_insb, PF, ERR_W);
    CHECK(frame_rcx, 2);
    CHECK(frame_rdi, NEXT);
    window_table[1] = (u64)page2 | P | W;
    invlpg(NEXT);
    set_window(0);
    EXPECT(rep_stosl_down, PF, ERR_W);
    CHECK(frame_rcx, 2);
    CHECK(frame_rdi, WINDOW + 4092);
    CHECK(fault_cr2, WINDOW + 4092);
    CHECK(*(u32 *)page2, 0x55aa55aa);
}

static void test_stacks(void)
{
    u64 before;

    set_first();
    idt[2 * PF] |= 1ul << 32;                       /* handlers on IST 1 */
    tss[9] = (u32)(u64)ist_stack + sizeof(ist_stack);
    window_table[1] = (u64)page2 | P | W;
    set_window(0);
    EXPECT(push_fault, PF, ERR_W);                  /* the second one; the first one is done */
    CHECK(frame.rsp, NEXT);
    CHECK(fault_cr2, NEXT - 8);
    EXPECT(int_fault, PF, ERR_W);
    CHECK(frame.rsp, NEXT + 8);
    window_table[1] = 0;
    invlpg(NEXT);
    EXPECT(call_fault, PF, ERR_W);
    CHECK(frame.rsp, NEXT + 4096);
    CHECK(frame.rip, call_at);
    EXPECT(enter_fault, PF, ERR_W);
    CHECK(frame.rsp, NEXT + 4096);
    EXPECT(pop_memory, PF, ERR_W);
    asm volatile("movq saved_rsp, %0" : "=r"(before));
    CHECK(before - frame.rsp <= 64, 1);
    CHECK(*(u64 *)frame.rsp, 0x77);
    EXPECT(leave_fault, PF, 0);
    CHECK(before - frame.rsp <= 64, 1);
    idt[2 * PF] &= ~(1ul << 32);
}

static void test_crossing(void)
{
    set_first();
    EXPECT(store_crossing, PF, ERR_W);
    CHECK(fault_cr2, NEXT);
    EXPECT(vector_crossing, PF, ERR_W);
    EXPECT(add_crossing, PF, ERR_W);                /* loads in order to store fault as stores */
    EXPECT(shift_zero, PF, ERR_W);
    EXPECT(test_memory, PF, 0);
    EXPECT(compare_exchange, PF, ERR_W);
    EXPECT(bit_set, PF, ERR_W);
    EXPECT(push_memory, PF, 0);
    CHECK(*(u64 *)(page1 + 4088), 0);
    EXPECT(fxsave_crossing, PF, ERR_W);
    CHECK(fault_cr2, NEXT);
}

void test_restart(void)
{
    test_strings();
    test_stacks();
    test_crossing();
}

/* --- AVX ------------------------------------------------------------------------------------------------------ */

typedef struct Vector { u32 w[8]; } __attribute__((aligned(32))) Vector;
Vector avx_a, avx_b, avx_index;
enum { CR4_OSXSAVE = 1 << 18, CR0_TS = 8 };

static void xsetbv(u32 value) { asm volatile("xsetbv" :: "c"(0), "a"(value), "d"(0)); }

/* ymm0 is the result, ymm1 the mask, ymm2 the indices. */
ASM(mask_load, "vmovaps avx_a, %%ymm1; vmaskmovps 0x400ff0, %%ymm1, %%ymm0; vmovaps %%ymm0, avx_b")
ASM(mask_store, "vmovaps avx_a, %%ymm1; vmovaps avx_b, %%ymm0; vmaskmovps %%ymm0, %%ymm1, 0x400ff0")
ASM(mask_load_64, "vmovaps avx_a, %%ymm1; vpmaskmovq 0x400ff0, %%ymm1, %%ymm0; vmovaps %%ymm0, avx_b")
ASM(gather, "vmovaps avx_a, %%ymm1; vmovaps avx_index, %%ymm2; vpcmpeqb %%ymm0, %%ymm0, %%ymm0; "
    "movl $0x400000, %%eax; vpgatherdd %%ymm1, (%%rax,%%ymm2,1), %%ymm0")
ASM(gather_again, "movl $0x400000, %%eax; vpgatherdd %%ymm1, (%%rax,%%ymm2,1), %%ymm0")
ASM(gather_same, "movl $0x400000, %%eax; .byte 0xc4, 0xe2, 0x75, 0x90, 0x04, 0x08")     /* index and mask are ymm1 */
ASM(wide_crossing, "vpcmpeqb %%ymm0, %%ymm0, %%ymm0; vmovups %%ymm0, 0x400ff0")
ASM(wide_unaligned, "vmovaps avx_a + 16, %%ymm0")
ASM(narrow_any, "vmovups avx_a + 1, %%xmm0; vaddps avx_a + 1, %%xmm0, %%xmm0")
ASM(any_avx, "vpxor %%xmm0, %%xmm0, %%xmm0")
ASM(any_sse, "pxor %%xmm0, %%xmm0")

static void set_vector(Vector *v, u32 first, u32 step)
{
    for (u32 i = 0; i < 8; i++) {
        ((volatile u32 *)v->w)[i] = first + step * i;
    }
}

static void test_masks(void)
{
    set_first();
    set_vector(&avx_a, 0x80000000, 0);
    set_vector((Vector *)(page1 + 4064), 1, 1);
    EXPECT(mask_load, PF, 0);
    CHECK(fault_cr2, NEXT);
    for (u32 i = 4; i < 8; i++) {
        avx_a.w[i] = 0x7fffffff;                    /* the elements on the second page are off */
    }
    EXPECT(mask_load, -1, 0);
    for (u32 i = 0; i < 8; i++) {
        CHECK(avx_b.w[i], i < 4 ? i + 5 : 0);
    }
    avx_a.w[5] = 0x80000000;
    EXPECT(mask_load_64, PF, 0);                    /* the sign of a quadword is bit 63 */
    avx_a.w[3] = 0;
    avx_a.w[5] = avx_a.w[7] = 0;
    EXPECT(mask_load_64, -1, 0);
    CHECK(avx_b.w[1], 6);
    CHECK(avx_b.w[2], 0);
    set_vector(&avx_a, 0x80000000, 0);
    set_vector(&avx_b, 0x100, 1);
    EXPECT(mask_store, PF, ERR_W);
    CHECK(*(u32 *)(page1 + 4080), 5);
    for (u32 i = 4; i < 8; i++) {
        avx_a.w[i] = 0;
    }
    avx_a.w[0] = 0;
    EXPECT(mask_store, -1, 0);
    CHECK(*(u32 *)(page1 + 4080), 5);
    CHECK(*(u32 *)(page1 + 4084), 0x101);
    avx_a.w[0] = avx_a.w[1] = avx_a.w[2] = avx_a.w[3] = 0;
    set_window(0);
    EXPECT(mask_load, -1, 0);                       /* no element, no access */
    EXPECT(mask_store, -1, 0);
}

static void test_gather(void)
{
    static const u32 indices[8] = { 0, 8, 4, 4096, 16, 4100, 12, 20 };

    set_first();
    set_vector((Vector *)page1, 0x10, 1);
    set_vector((Vector *)page2, 0x20, 1);
    set_vector(&avx_a, 0xffffffff, 0);
    avx_a.w[2] = 0;                                 /* this one stays as it was */
    for (u32 i = 0; i < 8; i++) {
        avx_index.w[i] = indices[i];
    }
    EXPECT(gather, PF, 0);
    CHECK(fault_cr2, NEXT);
    asm volatile("vmovaps %%ymm0, avx_b; vmovaps %%ymm1, avx_a" ::: "memory");
    CHECK(avx_b.w[0], 0x10);
    CHECK(avx_b.w[1], 0x12);
    CHECK(avx_b.w[2], -1u);
    CHECK(avx_a.w[0] | avx_a.w[1] | avx_a.w[2], 0); /* done, so not done again */
    CHECK(avx_a.w[3], -1u);
    window_table[1] = (u64)page2 | P;
    *(volatile u32 *)page1 = 0x99;
    EXPECT(gather_again, -1, 0);
    asm volatile("vmovaps %%ymm0, avx_b; vmovaps %%ymm1, avx_a" ::: "memory");
    CHECK(avx_b.w[0], 0x10);
    CHECK(avx_b.w[3], 0x20);
    CHECK(avx_b.w[5], 0x21);
    CHECK(avx_b.w[7], 0x15);
    CHECK(avx_a.w[0] | avx_a.w[3] | avx_a.w[7], 0);
    EXPECT(gather_same, UD, 0);
}

#define UPPER(text) \
    do { asm volatile("vpcmpeqb %%ymm0, %%ymm0, %%ymm0; " text "; vmovaps %%ymm0, avx_b" ::: "memory", "rax"); } while (0)

static void test_upper(void)
{
    UPPER("pxor %%xmm0, %%xmm0");
    CHECK(avx_b.w[0], 0);
    CHECK(avx_b.w[7], -1u);
    UPPER("movups avx_a, %%xmm0");
    CHECK(avx_b.w[7], -1u);
    UPPER("vmovups avx_a, %%xmm0");
    CHECK(avx_b.w[4] | avx_b.w[7], 0);
    UPPER("vmovd %%eax, %%xmm0");
    CHECK(avx_b.w[7], 0);
    UPPER("movd %%eax, %%xmm0");
    CHECK(avx_b.w[7], -1u);
    UPPER("vmovss avx_a, %%xmm0");
    CHECK(avx_b.w[1] | avx_b.w[7], 0);
    UPPER("vaddsd %%xmm0, %%xmm0, %%xmm0");
    CHECK(avx_b.w[7], 0);
    UPPER("vcvtsi2sd %%rax, %%xmm0, %%xmm0");
    CHECK(avx_b.w[7], 0);
    UPPER("vpinsrb $0, %%eax, %%xmm0, %%xmm0");
    CHECK(avx_b.w[7], 0);
    UPPER("vzeroupper");
    CHECK(avx_b.w[3], -1u);
    CHECK(avx_b.w[4], 0);
    UPPER("vzeroall");
    CHECK(avx_b.w[0], 0);
}

void test_avx(void)
{
    u64 cr4 = read_cr4();

    EXPECT(any_avx, UD, 0);                         /* no OSXSAVE */
    write_cr4(cr4 | CR4_OSXSAVE);
    xsetbv(3);
    EXPECT(any_avx, UD, 0);
    EXPECT(any_sse, -1, 0);
    xsetbv(7);
    EXPECT(any_avx, -1, 0);
    write_cr0(read_cr0() | CR0_TS);
    EXPECT(any_avx, NM, 0);
    write_cr0(read_cr0() & ~(u64)CR0_TS);
    test_masks();
    test_gather();
    set_first();
    EXPECT(wide_crossing, PF, ERR_W);
    CHECK(fault_cr2, NEXT);
    EXPECT(wide_unaligned, GP, 0);
    EXPECT(narrow_any, -1, 0);
    test_upper();
    write_cr4(cr4);
}

/* --- XSAVE ------------------------------------------------------------------------------------------------------- */

u64 xsave_area[128] __attribute__((aligned(64)));
#define XSAVE(insn, mask) \
    asm volatile(insn " xsave_area" :: "a"(mask), "d"(0) : "memory")
enum { HEADER = 64, AVX_AREA = 72 };                /* as quadwords */
#define COMPACT (1ul << 63)

ASM(xsave_unaligned, "movl $7, %%eax; xorl %%edx, %%edx; xsave xsave_area + 16")
ASM(do_xrstor, "movl $7, %%eax; xorl %%edx, %%edx; xrstor xsave_area")
ASM(xsetbv_none, "xorl %%ecx, %%ecx; xorl %%edx, %%edx; xorl %%eax, %%eax; xsetbv")
ASM(xsetbv_avx_alone, "xorl %%ecx, %%ecx; xorl %%edx, %%edx; movl $5, %%eax; xsetbv")
ASM(xsetbv_unknown, "xorl %%ecx, %%ecx; movl $0x1000, %%edx; movl $7, %%eax; xsetbv")
ASM(xsetbv_1, "movl $1, %%ecx; xorl %%edx, %%edx; movl $7, %%eax; xsetbv")
ASM(user_xsetbv, "xorl %%ecx, %%ecx; xorl %%edx, %%edx; movl $7, %%eax; xsetbv")
ASM(xgetbv_2, "movl $2, %%ecx; xgetbv")
ASM(user_xgetbv, "xorl %%ecx, %%ecx; xgetbv; int $0x40")

static void clear_area(u8 value) { clear((u8 *)xsave_area, sizeof(xsave_area), value); }
static void set_ymm5(u32 value)
{
    set_vector(&avx_a, value, 1);
    asm volatile("vmovaps avx_a, %%ymm5" ::: "memory");
}
static void get_ymm5(void) { asm volatile("vmovaps %%ymm5, avx_b" ::: "memory"); }

static void test_standard(void)
{
    clear_area(0);
    set_ymm5(0x50);
    XSAVE("xsave", 7);
    CHECK(xsave_area[HEADER], 7);
    CHECK(xsave_area[HEADER + 1], 0);
    CHECK(xsave_area[20 + 10], 0x5100000050);
    CHECK(xsave_area[AVX_AREA + 10], 0x5500000054);
    clear_area(0);
    xsave_area[20] = 0x1234;
    xsave_area[HEADER] = 2;
    XSAVE("xsave", 4);                              /* the others stay as they are */
    CHECK(xsave_area[HEADER], 6);
    CHECK(xsave_area[20], 0x1234);
    CHECK(xsave_area[AVX_AREA + 10], 0x5500000054);
    XSAVE("xsave", 7);
    set_ymm5(0x90);
    XSAVE("xrstor", 4);
    get_ymm5();
    CHECK(avx_b.w[0], 0x90);
    CHECK(avx_b.w[7], 0x57);
    XSAVE("xrstor", 7);
    get_ymm5();
    CHECK(avx_b.w[0], 0x50);
    xsave_area[HEADER] = 3;                         /* AVX is in its initial state */
    XSAVE("xrstor", 7);
    get_ymm5();
    CHECK(avx_b.w[3], 0x53);
    CHECK(avx_b.w[4] | avx_b.w[7], 0);
    set_ymm5(0x60);
    clear_area(0);
    XSAVE("xsaveopt", 6);
    CHECK(xsave_area[HEADER] & ~6ul, 0);
    XSAVE("xrstor", 6);
    get_ymm5();
    CHECK(avx_b.w[7], 0x67);
}

static void test_compact(void)
{
    u32 id[4];

    asm volatile("cpuid" : "=a"(id[0]), "=b"(id[1]), "=c"(id[2]), "=d"(id[3]) : "0"(0xd), "2"(1));
    if (!(id[0] & 2)) {
        return;
    }
    clear_area(0x11);
    set_ymm5(0x70);
    XSAVE("xsavec", 6);
    CHECK(xsave_area[HEADER + 1], COMPACT | 6);
    CHECK(xsave_area[HEADER] & ~6ul, 0);
    CHECK(xsave_area[HEADER + 2], 0x1111111111111111);      /* not written */
    CHECK(xsave_area[0], 0x1111111111111111);
    for (u32 i = 2; i < 8; i++) {
        xsave_area[HEADER + i] = 0;
    }
    set_ymm5(0);
    XSAVE("xrstor", 6);
    get_ymm5();
    CHECK(avx_b.w[0], 0x70);
    CHECK(avx_b.w[7], 0x77);
    xsave_area[HEADER + 7] = 1;
    EXPECT(do_xrstor, GP, 0);
    xsave_area[HEADER + 7] = 0;
    xsave_area[HEADER] = 7;                         /* more than the compact form has */
    EXPECT(do_xrstor, GP, 0);
    xsave_area[HEADER] = 2;
    xsave_area[HEADER + 1] = COMPACT | 14;
    EXPECT(do_xrstor, GP, 0);
}

static void test_bad(void)
{
    clear_area(0);
    EXPECT(xsave_unaligned, GP, 0);
    XSAVE("xsave", 7);
    xsave_area[HEADER] = 8;
    EXPECT(do_xrstor, GP, 0);
    xsave_area[HEADER] = 7;
    xsave_area[HEADER + 1] = 1;
    EXPECT(do_xrstor, GP, 0);
    xsave_area[HEADER + 1] = 0;
    xsave_area[HEADER + 2] = 1;
    EXPECT(do_xrstor, GP, 0);
    xsave_area[HEADER + 2] = 0;
    ((u32 *)xsave_area)[6] = 0x10000;               /* MXCSR */
    EXPECT(do_xrstor, GP, 0);
    EXPECT(xsetbv_none, GP, 0);
    EXPECT(xsetbv_avx_alone, GP, 0);
    EXPECT(xsetbv_unknown, GP, 0);
    EXPECT(xsetbv_1, GP, 0);
    EXPECT_USER(user_xsetbv, GP, 0);
    EXPECT(xgetbv_2, GP, 0);
    EXPECT_USER(user_xgetbv, DONE, 0);
    CHECK((u32)frame_rax, 7);
    set_first();
    EXPECT(xsave_crossing, PF, ERR_W);
    CHECK(fault_cr2, NEXT);
    write_cr4(read_cr4() & ~(u64)CR4_OSXSAVE);
    EXPECT(do_xrstor, UD, 0);
    EXPECT_USER(user_xgetbv, UD, 0);
}

void test_xsave(void)
{
    u64 cr4 = read_cr4();

    write_cr4(cr4 | CR4_OSXSAVE);
    xsetbv(7);
    test_standard();
    test_compact();
    test_bad();
    write_cr4(cr4);
}
