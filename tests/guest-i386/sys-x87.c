/*
 * x87: when the unit is not available, #MF, pointers of the last instruction in
 * the images of each mode, faults of images (SDM 1:8; the pointers as the
 * processors before Skylake keep them).
 *
 * SPDX-License-Identifier: MIT
 */
#include "sys.h"

enum { CR0_MP = 2, CR0_EM = 4, CR0_TS = 8, CR0_NE = 32, MF = 16 };

static u32 image[32] __attribute__((aligned(16)));
static float one_half = 0.5f;

ASM(use_x87, "fld1; fstp %%st(0)")
ASM(use_fwait, "fwait")
ASM(use_fnstsw, "fnstsw %%ax")
ASM(use_emms, "emms")
ASM(use_fxsave, "fxsave image")
ASM(fxsave_odd, "fxsave image + 8")
ASM(fxrstor_odd, "fxrstor image + 4")
ASM(pending_fld, "fninit; fldcw unmask_all; fldz; fld1; fdivp; fld1")
ASM(pending_fwait, "fninit; fldcw unmask_all; fldz; fld1; fdivp; fwait")
ASM(pending_fnstsw, "fninit; fldcw unmask_all; fldz; fld1; fdivp; fnstsw status; fnclex; fwait")
ASM(pending_emms, "fninit; fldcw unmask_all; fldz; fld1; fdivp; emms")
ASM(unmasked_later, "fninit; fldz; fld1; fdivp; fldcw unmask_all; fld1")
ASM(xsave_without, "xorl %%edx, %%edx; movl $1, %%eax; .byte 0x0f, 0xae, 0x25; .long image")
u16 unmask_all = 0x340, status;

static void set_cr0(u32 set)
{
    u32 cr0;

    asm volatile("movl %%cr0, %0" : "=r"(cr0));
    cr0 = (cr0 & ~(CR0_MP | CR0_EM | CR0_TS | CR0_NE)) | set;
    asm volatile("movl %0, %%cr0" :: "r"(cr0));
}

static void test_availability(void)
{
    static const struct { u32 cr0; int x87, fwait, emms, fxsave; } rows[] = {
        { 0, -1, -1, -1, -1 }, { CR0_MP, -1, -1, -1, -1 }, { CR0_TS, NM, -1, NM, NM },
        { CR0_TS | CR0_MP, NM, NM, NM, NM }, { CR0_EM, NM, -1, UD, NM }, { CR0_EM | CR0_MP, NM, -1, UD, NM },
    };

    for (u32 i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        set_cr0(rows[i].cr0 | CR0_NE);
        CHECK(try_call(use_x87), rows[i].x87);
        CHECK(try_call(use_fnstsw), rows[i].x87);
        CHECK(try_call(use_fwait), rows[i].fwait);
        CHECK(try_call(use_emms), rows[i].emms);
        CHECK(try_call(use_fxsave), rows[i].fxsave);
    }
    set_cr0(CR0_NE | CR0_MP);
}

static void test_errors(void)
{
    CHECK(try_call(pending_fld), MF);
    CHECK(try_call(pending_fwait), MF);
    CHECK(try_call(pending_emms), MF);
    CHECK(try_call(unmasked_later), MF);
    CHECK(try_call(pending_fnstsw), -1);
    CHECK(status, 0xb084);                      /* B, TOP 6, ES, ZE */
    asm volatile("fninit");
    EXPECT(fxsave_odd, GP, 0);
    EXPECT(fxrstor_odd, GP, 0);
    CHECK(try_call(xsave_without), UD);
}

/* The address of an instruction that reads one_half, with all kinds of pointers behind it. */
static u32 use_memory(void)
{
    u32 eip;

    asm volatile("fninit; fld1; movl $1f, %0; 1: fadds %1; fnstsw %%ax" : "=r"(eip) : "m"(one_half) : "eax");
    return eip;
}

static void test_pointers(void)
{
    u32 eip = use_memory();

    asm volatile("fnstenv image");
    CHECK(image[0], 0xffff037f);
    CHECK(image[1], 0xffff3800);
    CHECK(image[2], 0xffff3fff);
    CHECK(image[3], eip);
    CHECK(image[4] & 0xffff, SEL_CODE);
    CHECK(image[4] >> 24, 0);                   /* D8 /0: the ModRM byte is the compiler's choice */
    CHECK(image[5], &one_half);
    CHECK(image[6], 0xffff0000 | SEL_DATA);
    eip = use_memory();
    asm volatile("fxsave image");
    CHECK(image[2], eip);
    CHECK(image[3] & 0xffff, SEL_CODE);
    CHECK(image[4], &one_half);
    CHECK(image[5] & 0xffff, SEL_DATA);
    asm volatile("fninit; fnstenv image");
    CHECK(image[3] | image[4] | image[5], 0);
    asm volatile("fld1; fld1; fnsave image");
    CHECK(image[1], 0xffff3000);
    CHECK(image[2], 0xffff0fff);
    CHECK(image[8], 0x80000000);
}

/* 16-bit image of virtual-8086 mode: linear addresses. fld1; fadds [0x100]; fnstenv [0x200]; ud2 */
static void test_vm86_image(void)
{
    static const u8 code[] = { 0xd9, 0xe8, 0xd8, 0x06, 0x00, 0x01, 0xd9, 0x36, 0x00, 0x02, 0x0f, 0x0b };
    u32 words[9] = { 0, 0x3000, 0x20002, 0x1000, 0x4000, 0x1111, 0x2222, 0x3333, 0x4444 };
    volatile u8 *code_area = (volatile u8 *)0x30000;
    volatile u16 *out = (volatile u16 *)0x22420;

    for (u32 i = 0; i < sizeof(code); i++) {
        code_area[i] = code[i];
    }
    asm volatile("fninit");
    CHECK(try_vm86(words), UD);
    CHECK(frame.eip, 10);
    CHECK(out[0], 0x37f);
    CHECK(out[2], 0x3fff);
    CHECK(out[3], 0x0002);
    CHECK(out[4], 0x3006);
    CHECK(out[5], 0x2320);
    CHECK(out[6], 0x2000);
    asm volatile("fninit");
}

void test_x87(void)
{
    u32 cr4;

    asm volatile("movl %%cr4, %0" : "=r"(cr4));
    asm volatile("movl %0, %%cr4" :: "r"((cr4 | 0x200) & ~0x40000));
    set_cr0(CR0_NE | CR0_MP);
    test_availability();
    test_errors();
    test_pointers();
    test_vm86_image();
    asm volatile("movl %0, %%cr4" :: "r"(cr4));
}
