/*
 * System tests on the bare processor: tables, output, the list of tests.
 * Failures are printed on port 0xe9; the result goes to port 0xf4.
 *
 * SPDX-License-Identifier: MIT
 */
#include "sys.h"

u64 gdt[64], idt[256];
u32 tss[64];
u8 user_stack[4096], kernel_stack[4096], inner_stack[4096];
static u32 failures, checks;
extern u8 vectors[];
int main(void);

static void put(char c) { asm volatile("outb %0, $0xe9" :: "a"(c)); }

static void puts_(const char *s)
{
    while (*s) {
        put(*s++);
    }
}

static void put_hex(u32 v)
{
    for (int i = 28; i >= 0; i -= 4) {
        put("0123456789abcdef"[v >> i & 15]);
    }
}

void check(const char *what, u32 line, u32 got, u32 want)
{
    checks++;
    if (got != want) {
        failures++;
        puts_("not ok: ");
        puts_(what);
        puts_(" line ");
        for (u32 d = 1000; d; d /= 10) {
            put('0' + line / d % 10);
        }
        puts_(": got ");
        put_hex(got);
        puts_(" want ");
        put_hex(want);
        put('\n');
    }
}

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

static void run(const char *name, void (*test)(void))
{
    u32 before = failures;

    test();
    puts_(failures == before ? "ok - " : "not ok - ");
    puts_(name);
    put('\n');
}

int main(void)
{
    set_tables();
    run("segments", test_segments);
    run("gates", test_gates);
    run("tasks", test_tasks);
    run("paging", test_paging);
    run("vm86", test_vm86);
    run("debug", test_debug);
    run("system", test_system);
    run("x87", test_x87);
    run("smc", test_smc);
    run("align", test_align);
    run("code16", test_code16);
    run("smm", test_smm);
    puts_("checks ");
    put_hex(checks);
    put('\n');
    return failures ? 1 : 0;
}
