/*
 * 16-bit protected-mode code, 16-bit addresses with their wrap, 16-bit stacks,
 * expand-down segments of both sizes, code limits (SDM 1:3.3.5, 3A 5.3).
 *
 * SPDX-License-Identifier: MIT
 */
#include "sys.h"

enum { DATA_BASE = 0x60000, STACK_BASE = 0x50000 };
enum { REG_BX = 0xf123, REG_SI = 0x1111, REG_DI = 0x8000, REG_BP = 0xffff };
u32 code16_seen[4], code16_esp;

/* Loads AL and the offset into code16_seen; upper halves of registers are not part of addresses. */
#define FORM(name, mode) \
    ASM(name, "pushl %%ebx; pushl %%ebp; movl %%esp, code16_esp; movl $0x1111f123, %%ebx; movl $0x22221111, %%esi; " \
        "movl $0x33338000, %%edi; movl $0x4444ffff, %%ebp; leal " mode ", %%ecx; movl %%ecx, code16_seen; " \
        "movw $56, %%ax; movw %%ax, %%ss; movw $48, %%ax; movw %%ax, %%ds; xorl %%eax, %%eax; movb " mode ", %%al; " \
        "movw $16, %%cx; movw %%cx, %%ds; movw %%cx, %%ss; movl code16_esp, %%esp; movl %%eax, code16_seen+4; " \
        "popl %%ebp; popl %%ebx")

FORM(form_0, "(%%bx,%%si)")
FORM(form_1, "(%%bx,%%di)")
FORM(form_2, "(%%bp,%%si)")
FORM(form_3, "(%%bp,%%di)")
FORM(form_4, "(%%si)")
FORM(form_5, "(%%di)")
FORM(form_7, "(%%bx)")
FORM(form_8, "0x7f(%%bx,%%si)")
FORM(form_9, "-0x80(%%bx,%%di)")
FORM(form_a, "-1(%%bp,%%si)")
FORM(form_b, "0x10(%%bp,%%di)")
FORM(form_c, "-0x70(%%si)")
FORM(form_d, "0x70(%%di)")
FORM(form_e, "2(%%bp)")
FORM(form_f, "-2(%%bx)")
FORM(form_10, "0x1234(%%bx,%%si)")
FORM(form_11, "0x7fff(%%bx,%%di)")
FORM(form_12, "0xfff0(%%bp,%%si)")
FORM(form_14, "0xff00(%%si)")
FORM(form_15, "0x8000(%%di)")
FORM(form_16, "0x9000(%%bp)")
FORM(form_17, "0x1000(%%bx)")

typedef struct Form {
    void (*fn)(void);
    u16 offset;
    u8 stack;                   /* BP: by SS */
} Form;

static const Form forms[] = {
    { form_0, (u16)(REG_BX + REG_SI), 0 }, { form_1, (u16)(REG_BX + REG_DI), 0 }, { form_2, (u16)(REG_BP + REG_SI), 1 },
    { form_3, (u16)(REG_BP + REG_DI), 1 }, { form_4, REG_SI, 0 }, { form_5, REG_DI, 0 }, { form_7, REG_BX, 0 },
    { form_8, (u16)(REG_BX + REG_SI + 0x7f), 0 }, { form_9, (u16)(REG_BX + REG_DI - 0x80), 0 }, { form_a, (u16)(REG_BP + REG_SI - 1), 1 },
    { form_b, (u16)(REG_BP + REG_DI + 0x10), 1 }, { form_c, (u16)(REG_SI - 0x70), 0 }, { form_d, REG_DI + 0x70, 0 },
    { form_e, (u16)(REG_BP + 2), 1 }, { form_f, REG_BX - 2, 0 }, { form_10, (u16)(REG_BX + REG_SI + 0x1234), 0 },
    { form_11, (u16)(REG_BX + REG_DI + 0x7fff), 0 }, { form_12, (u16)(REG_BP + REG_SI + 0xfff0), 1 },
    { form_14, (u16)(REG_SI + 0xff00), 0 }, { form_15, 0, 0 }, { form_16, (u16)(REG_BP + 0x9000), 1 },
    { form_17, (u16)(REG_BX + 0x1000), 0 },
};

static void test_forms(void)
{
    gdt[6] = segment(DATA_BASE, 0xffff, ACC_DATA, 0);
    gdt[7] = segment(STACK_BASE, 0xffff, ACC_DATA, 0);
    for (u32 i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        const Form *f = &forms[i];
        volatile u8 *right = (u8 *)((f->stack ? STACK_BASE : DATA_BASE) + f->offset);
        volatile u8 *wrong = (u8 *)((f->stack ? DATA_BASE : STACK_BASE) + f->offset);
        u8 kept_right = *right, kept_wrong = *wrong;

        *wrong = 0xee;
        *right = i + 1;
        EXPECT(f->fn, -1, 0);
        *wrong = kept_wrong;
        *right = kept_right;
        CHECK(code16_seen[0] << 8 | i, f->offset << 8 | i);
        CHECK(code16_seen[1] << 8 | i, (i + 1) << 8 | i);
    }
}

/* --- segments ------------------------------------------------------------------------------------------- */

#define IN_TEST(name, text) ASM(name, "movw $48, %%ax; movw %%ax, %%fs; " text)
IN_TEST(word_at_ffff, "movw %%fs:0xffff, %%ax")
IN_TEST(byte_at_ffff, "movb %%fs:0xffff, %%al")
IN_TEST(byte_at_10000, "movb %%fs:0x10000, %%al")
IN_TEST(dword_at_7ffe, "movl %%fs:0x7ffe, %%eax")
IN_TEST(byte_at_7fff, "movb %%fs:0x7fff, %%al")
IN_TEST(byte_at_8000, "movb %%fs:0x8000, %%al")
IN_TEST(dword_at_end, "movl %%fs:0xfffffffc, %%eax")
IN_TEST(dword_beyond_end, "movl %%fs:0xfffffffd, %%eax")
IN_TEST(store_read_only, "movb %%al, %%fs:0x10")
IN_TEST(add_read_only, "addb %%al, %%fs:0x10")
IN_TEST(vector_at_fff8, "movups %%fs:0xfff8, %%xmm0")
IN_TEST(x87_at_fffa, "fldl %%fs:0xfffa")
IN_TEST(string_source, "movl $0xfffe, %%esi; movl $0x20000, %%edi; movl $2, %%ecx; rep movsl %%fs:(%%esi), %%es:(%%edi)")
ASM(string_beyond, "movw $48, %%ax; movw %%ax, %%es; movl $0xfffd, %%edi; movl $9, %%ecx; rep stosb")
ASM(execute_only_read, "movb %%cs:far_ptr, %%al")
IN_TEST(flags_bt, "btl $5, %%fs:0xffff")
extern u8 far_ptr[];

static void test_limits(void)
{
    gdt[6] = segment(DATA_BASE, 0xffff, ACC_DATA, 0);
    EXPECT(byte_at_ffff, -1, 0);
    EXPECT(word_at_ffff, GP, 0);
    EXPECT(byte_at_10000, GP, 0);
    EXPECT(flags_bt, GP, 0);
    EXPECT(x87_at_fffa, GP, 0);
    EXPECT(string_beyond, GP, 0);               /* three bytes, then the limit */
    gdt[6] = segment(DATA_BASE, 0x7fff, ACC_DATA | 4, 0);           /* expand down, 64 KiB */
    EXPECT(byte_at_7fff, GP, 0);
    EXPECT(byte_at_8000, -1, 0);
    EXPECT(dword_at_7ffe, GP, 0);
    EXPECT(byte_at_ffff, -1, 0);
    EXPECT(word_at_ffff, GP, 0);
    EXPECT(byte_at_10000, GP, 0);
    gdt[6] = segment(DATA_BASE, 0x7fff, ACC_DATA | 4, 4);           /* expand down, 4 GiB */
    EXPECT(byte_at_7fff, GP, 0);
    EXPECT(byte_at_10000, -1, 0);
    EXPECT(dword_at_end, -1, 0);
    EXPECT(dword_beyond_end, GP, 0);
    gdt[6] = segment(DATA_BASE, 0, ACC_DATA | 4, 12);               /* above the first page */
    EXPECT(store_read_only, GP, 0);
    EXPECT(byte_at_8000, -1, 0);
    gdt[6] = segment(DATA_BASE, 0xffff, 0x91, 0);
    EXPECT(store_read_only, GP, 0);
    EXPECT(add_read_only, GP, 0);
    EXPECT(byte_at_8000, -1, 0);
    gdt[6] = segment(DATA_BASE, 0xffff, ACC_CODE, 0);               /* readable code as data */
    EXPECT(byte_at_8000, -1, 0);
    EXPECT(store_read_only, GP, 0);
}

/* --- stacks --------------------------------------------------------------------------------------------------- */

/* At CPL 3, so that the handlers of stack faults have another stack; stack_at is ESP. */
static int on_stack(void (*fn)(void))
{
    return try_user(fn, 2, SEL_UCODE, SEL_UDATA, (u32)user_stack + sizeof(user_stack));
}
#define ON_STACK(name, text) \
    ASM(name, "movl stack_at, %%edx; movw $51, %%ax; movw %%ax, %%ss; movl %%edx, %%esp; " text "; int $0x40")
u32 stack_at;

ON_STACK(push_word, "pushw $0x1234")
ON_STACK(push_long, "pushl $0x12345678")
ON_STACK(pop_long, "popl %%eax")
ON_STACK(push_all_16, "pushaw")
ON_STACK(call_near, "call 1f; 1:")
ON_STACK(enter_16, "movl $0x55550000, %%ebp; enterl $4, $0")

static void test_stacks(void)
{
    gdt[6] = segment(STACK_BASE, 0xffff, ACC_DATA | ACC_USER, 0);   /* B = 0: SP */
    stack_at = 0xabcd0000;
    CHECK(on_stack(push_word), 0x40);
    CHECK(frame.esp, 0xabcdfffe);               /* the upper half stays */
    CHECK(*(volatile u16 *)(STACK_BASE + 0xfffe), 0x1234);
    stack_at = 0xabcd0001;
    CHECK(on_stack(push_word), SS);
    CHECK(frame.error, 0);
    CHECK(frame.esp, 0xabcd0001);
    stack_at = 0xabcd0002;
    CHECK(on_stack(push_long), SS);
    stack_at = 0xabcd0000;
    CHECK(on_stack(push_long), 0x40);
    CHECK(frame.esp, 0xabcdfffc);
    stack_at = 0x1234fffc;
    CHECK(on_stack(pop_long), 0x40);
    CHECK(frame.esp, 0x12340000);
    CHECK(frame_eax, 0x12345678);
    stack_at = 0x1234fffe;
    CHECK(on_stack(pop_long), SS);
    CHECK(frame.esp, 0x1234fffe);
    stack_at = 0x20000 | 7;
    CHECK(on_stack(push_all_16), SS);        /* odd and across the end */
    CHECK(frame.esp, 0x20007);
    stack_at = 0;
    CHECK(on_stack(call_near), 0x40);
    CHECK(frame.esp, 0xfffc);
    CHECK(on_stack(enter_16), 0x40);
    CHECK(frame.esp, 0xfff8);
    gdt[6] = segment(STACK_BASE, 0x7fff, ACC_DATA | ACC_USER | 4, 0);       /* expand down */
    stack_at = 0x8002;
    CHECK(on_stack(push_word), 0x40);
    stack_at = 0x8001;
    CHECK(on_stack(push_word), SS);
    gdt[6] = segment(STACK_BASE, 0xffff, ACC_DATA | ACC_USER, 4);   /* B = 1 */
    stack_at = 0;
    CHECK(on_stack(push_word), SS);
}

/* --- 16-bit code ------------------------------------------------------------------------------------------------ */

/* In a segment of its own, from its start: operand and address size are 16 bits. */
asm(".text\n.code16\n.globl code16\n"
    "code16:\n"
    "    movl $0x11112222, %eax\n"
    "    movw $0x3333, %ax\n"                   /* no prefix: two bytes of immediate */
    "    movl $code16_seen, %edx\n"
    "    movl %eax, %ss:(%edx)\n"
    "    movl %esp, %ecx\n"
    "    pushw %ax\n"
    "    call 1f\n"
    "1:  subl %esp, %ecx\n"
    "    movl %ecx, %ss:4(%edx)\n"        /* 2 + 2 bytes */
    "    addl $4, %esp\n"
    "    jmp 2f\n"
    "    .fill 200, 1, 0xcc\n"
    "2:  lretl\n"
    ".globl code16_limit\n"
    "code16_limit: nop; nop; nop; nop\n"        /* the limit ends here */
    "    nop\n"
    ".globl code16_jump\n"
    "code16_jump: jmp code16_jump + 100\n"
    "    .fill 110, 1, 0x90\n"
    ".code32\n");
extern u8 code16[], code16_limit[], code16_jump[];
ASM(call_16, "lcall $56, $0")

static void test_code(void)
{
    gdt[7] = segment((u32)code16, 0xffff, ACC_CODE, 0);
    EXPECT(call_16, -1, 0);
    CHECK(code16_seen[0], 0x11113333);
    CHECK(code16_seen[1], 4);
    gdt[7] = segment((u32)code16_limit, 3, ACC_CODE, 0);
    EXPECT(call_16, GP, 0);
    CHECK(frame.eip, 4);                        /* four instructions fit */
    gdt[7] = segment((u32)code16_jump, 50, ACC_CODE, 0);
    EXPECT(call_16, GP, 0);
    CHECK(frame.eip, 0);                        /* the jump faults, not its target */
}

void test_code16(void)
{
    u32 cr4;

    asm volatile("movl %%cr4, %0" : "=r"(cr4));
    asm volatile("movl %0, %%cr4; clts; fninit" :: "r"(cr4 | 0x600));
    test_forms();
    test_limits();
    gdt[6] = segment(DATA_BASE, 0xffff, ACC_DATA, 0);
    EXPECT(vector_at_fff8, GP, 0);
    EXPECT(string_source, GP, 0);
    gdt[1] = segment(0, 0xfffff, 0x99, 12);     /* execute-only, once it is loaded again */
    EXPECT(execute_only_read, -1, 0);
    gdt[1] = segment(0, 0xfffff, ACC_CODE, 12);
    test_stacks();
    test_code();
    asm volatile("movl %0, %%cr4" :: "r"(cr4));
}
