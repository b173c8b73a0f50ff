/*
 * Long-mode tests on the bare processor: tables, the list of tests.
 *
 * SPDX-License-Identifier: MIT
 */
#include "long.h"

u64 gdt[32], idt[512];
u32 tss[64];
u8 user_stack[4096] __attribute__((aligned(16))), kernel_stack[4096] __attribute__((aligned(16))),
    ist_stack[4096] __attribute__((aligned(16)));
extern u8 vectors[];
int main(void);

int try_user(void (*fn)(void))
{
    const u64 words[5] = { (u64)fn, SEL_UCODE, 2, (u64)user_stack + sizeof(user_stack) - 8, SEL_UDATA };

    return try_iret(words);
}

int try_user32(void (*fn)(void))
{
    const u64 words[5] = { (u64)fn, SEL_UCODE32, 2, (u64)user_stack + sizeof(user_stack) - 16, SEL_UDATA };

    asm volatile("movl %0, %%ds; movl %0, %%es" :: "r"(SEL_UDATA));
    return try_iret(words);
}

static void set_tables(void)
{
    struct { u16 limit; u64 base; } __attribute__((packed)) gdtr = { sizeof(gdt) - 1, (u64)gdt },
                                                             idtr = { sizeof(idt) - 1, (u64)idt };

    gdt[1] = segment(0, 0xfffff, ACC_CODE, FLAGS_32);
    gdt[2] = gdt[4] = segment(0, 0xfffff, ACC_DATA, FLAGS_32);
    gdt[3] = segment(0, 0xfffff, ACC_CODE, FLAGS_64);
    gdt[5] = segment(0, 0xfffff, ACC_CODE | ACC_USER, FLAGS_32);
    gdt[6] = gdt[8] = segment(0, 0xfffff, ACC_DATA | ACC_USER, FLAGS_32);
    gdt[7] = segment(0, 0xfffff, ACC_CODE | ACC_USER, FLAGS_64);
    gdt[9] = segment((u32)(u64)tss, 103, 0x89, 0);
    gdt[15] = segment(0, 0xfffff, ACC_CODE | 4, FLAGS_64);
    for (u32 i = 0; i < 256; i++) {
        set_gate(&idt[2 * i], SEL_CODE, (u64)vectors + 16 * i, 0x8e, 0);
    }
    idt[2 * DONE] |= (u64)ACC_USER << 40;
    tss[1] = (u32)(u64)kernel_stack + sizeof(kernel_stack);
    tss[25] = 104 << 16;
    asm volatile("lgdt %0; lidt %1; ltr %w2" :: "m"(gdtr), "m"(idtr), "r"(SEL_TSS));
    asm volatile("movl %0, %%ss; movl %0, %%ds; movl %0, %%es" :: "r"(SEL_STACK));
}

static const struct test tests[] = {
    { "gates", test_gates },
    { "returns", test_returns },
    { "far transfers", test_far },
    { "system calls", test_syscalls },
    { "registers", test_registers },
    { "canonical addresses", test_canonical },
    { "paging", test_paging },
    { "pcid", test_pcid },
    { "restart", test_restart },
    { "avx", test_avx },
    { "xsave", test_xsave },
    { 0, 0 },
};

int main(void)
{
    set_tables();
    return run_tests(tests);
}
