/*
 * System tests on the bare processor: tables, the list of tests.
 *
 * SPDX-License-Identifier: MIT
 */
#include "sys.h"

u64 gdt[64], idt[256];
u32 tss[64];
u8 user_stack[4096], kernel_stack[4096], inner_stack[4096];
extern u8 vectors[];
int main(void);

static void set_tables(void)
{
    struct { u16 limit; u32 base; } __attribute__((packed)) gdtr = { sizeof(gdt) - 1, (u32)gdt },
                                                             idtr = { sizeof(idt) - 1, (u32)idt };

    gdt[1] = segment(0, 0xfffff, ACC_CODE, 12);
    gdt[2] = segment(0, 0xfffff, ACC_DATA, 12);
    gdt[3] = segment((u32)tss, 103, 0x89, 0);
    gdt[4] = segment(0, 0xfffff, ACC_CODE | ACC_USER, 12);
    gdt[5] = segment(0, 0xfffff, ACC_DATA | ACC_USER, 12);
    gdt[10] = segment(0xf0000, 0xffff, ACC_CODE, 0);
    gdt[11] = segment(0, 0xfffff, ACC_CODE | 4, 12);
    for (u32 i = 0; i < 256; i++) {
        idt[i] = gate(SEL_CODE, (u32)vectors + 16 * i, 0x8e, 0);
    }
    idt[0x40] |= (u64)ACC_USER << 40;
    tss[1] = (u32)kernel_stack + sizeof(kernel_stack);
    tss[2] = SEL_DATA;
    tss[25] = 104 << 16;
    asm volatile("lgdt %0; lidt %1; ltr %w2" :: "m"(gdtr), "m"(idtr), "r"(SEL_TSS));
}

static const struct test tests[] = {
    { "segments", test_segments },
    { "gates", test_gates },
    { "tasks", test_tasks },
    { "paging", test_paging },
    { "vm86", test_vm86 },
    { "debug", test_debug },
    { "system", test_system },
    { "x87", test_x87 },
    { "smc", test_smc },
    { "align", test_align },
    { "code16", test_code16 },
    { "smm", test_smm },
    { "apic", test_apic },
    { "hpet", test_hpet },
    { "pit", test_pit },
    { 0, 0 },
};

int main(void)
{
    set_tables();
    return run_tests(tests);
}
