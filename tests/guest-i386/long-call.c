/*
 * SYSCALL, SYSRET, SYSENTER and SYSEXIT of 64-bit and compatibility code, and
 * the registers around them: SWAPGS, FSGSBASE, RDTSCP, CR8.
 *
 * SPDX-License-Identifier: MIT
 */
#include "long.h"

u64 call_seen[6];
enum { SCE = 1, RFLAGS_IF = 0x200, RFLAGS_DF = 0x400, CR4_TSD = 4, CR4_FSGSBASE = 1 << 16 };

/* Entries: note RCX, R11, CS, SS and flags, then end by an exception that DONE cannot be. */
asm(".text\n.globl entry_64\n.globl entry_32\n.globl entry_sysenter\n"
    "entry_32: movl $32, %eax; jmp 1f\n"
    "entry_sysenter: movl $1, %eax; jmp 1f\n"
    "entry_64: movl $64, %eax\n"
    "1:  movq %rcx, call_seen; movq %r11, call_seen+8; movq %rax, call_seen+16\n"
    "    pushfq; popq call_seen+24\n"
    "    movl %cs, %eax; movq %rax, call_seen+32; movl %ss, %eax; movq %rax, call_seen+40\n"
    "    int $0x41\n");
extern u8 entry_64[], entry_32[], entry_sysenter[];

ASM(user_syscall, "std; .globl syscall_at; syscall_at: syscall")
ASM32(user32_syscall, "syscall; after_syscall32: hlt")
ASM(user_sysenter, "sysenter")
ASM32(user32_sysenter, "sysenter")
ASM(user_sysret, "sysretq")
ASM(sysret_64, "leaq done_64(%%rip), %%rcx; movl $0x202, %%r11d; sysretq")
ASM(sysret_32, "leaq done_32(%%rip), %%rcx; movl $0x400, %%r11d; sysretl")
ASM(sysret_bad, "movq $0x800000000000, %%rcx; movl $2, %%r11d; sysretq")
ASM(sysret_vm, "leaq done_64(%%rip), %%rcx; movl $0x30002, %%r11d; sysretq")
ASM(sysexit_64, "movq %%rsp, %%rcx; leaq done_64(%%rip), %%rdx; sysexitq")
ASM(sysexit_32, "movl %%esp, %%ecx; leaq done_32(%%rip), %%rdx; sysexitl")
ASM(sysexit_bad, "movq %%rsp, %%rcx; movq $0x800000000000, %%rdx; sysexitq")
ASM(user_sysexit, "sysexitl")
asm(".text\n.globl done_64\ndone_64: int $0x40\n.code32\n.globl done_32\ndone_32: movl %esp, %eax; int $0x40\n.code64\n");
extern u8 done_64[], done_32[], syscall_at[], after_syscall32[];

static void test_syscall(void)
{
    u64 efer = read_msr(MSR_EFER);

    write_msr(MSR_STAR, (u64)40 << 48 | (u64)SEL_CODE << 32);
    write_msr(MSR_LSTAR, (u64)entry_64);
    write_msr(MSR_CSTAR, (u64)entry_32);
    write_msr(MSR_FMASK, RFLAGS_DF | RFLAGS_IF);
    CHECK(try_user(user_syscall), 0x41);
    CHECK(call_seen[0], syscall_at + 2);
    CHECK(call_seen[1] & 0xffff, RFLAGS_DF | 2);
    CHECK(call_seen[2], 64);
    CHECK(call_seen[3] & RFLAGS_DF, 0);
    CHECK(call_seen[4], SEL_CODE);
    CHECK(call_seen[5], SEL_STACK);
    write_msr(MSR_FMASK, 0);
    CHECK(try_user(user_syscall), 0x41);
    CHECK(call_seen[3] & RFLAGS_DF, RFLAGS_DF);
    CHECK(try_user32(user32_syscall), 0x41);
    CHECK(call_seen[0], after_syscall32);
    CHECK(call_seen[2], 32);
    EXPECT(sysret_64, DONE, 0);
    CHECK(frame.cs, SEL_UCODE);
    CHECK(frame.ss, SEL_UDATA);
    CHECK(frame.rflags & 0xffff, 0x202);
    EXPECT(sysret_32, DONE, 0);
    CHECK(frame.cs, SEL_UCODE32);
    CHECK(frame.ss, SEL_UDATA);
    CHECK(frame.rflags & 0xffff, 0x402);
    EXPECT(sysret_bad, GP, 0);
    CHECK(frame.cs, SEL_CODE);
    EXPECT(sysret_vm, DONE, 0);
    CHECK(frame.rflags >> 16, 0);                   /* neither VM nor RF */
    EXPECT_USER(user_sysret, GP, 0);
    write_msr(MSR_EFER, efer & ~(u64)SCE);
    EXPECT_USER(user_syscall, UD, 0);
    EXPECT(sysret_64, UD, 0);
    write_msr(MSR_EFER, efer);
}

ASM(bad_lstar, "movl $0xc0000082, %%ecx; xorl %%eax, %%eax; movl $0x8000, %%edx; wrmsr")
ASM(bad_sysenter_eip, "movl $0x176, %%ecx; xorl %%eax, %%eax; movl $0x8000, %%edx; wrmsr")
ASM(bad_fs_base, "movl $0xc0000100, %%ecx; xorl %%eax, %%eax; movl $0x8000, %%edx; wrmsr")
ASM(bad_kernel_gs, "movl $0xc0000102, %%ecx; xorl %%eax, %%eax; movl $0x8000, %%edx; wrmsr")
ASM(bad_efer, "movl $0xc0000080, %%ecx; rdmsr; orl $0x200, %%eax; wrmsr")
ASM(clear_lme, "movl $0xc0000080, %%ecx; rdmsr; andl $~0x100, %%eax; wrmsr")

static void test_sysenter(void)
{
    write_msr(0x174, 0);
    EXPECT_USER(user_sysenter, GP, 0);
    EXPECT(sysexit_64, GP, 0);
    write_msr(0x174, SEL_CODE);
    write_msr(0x175, (u64)kernel_stack + 2048);
    write_msr(0x176, (u64)entry_sysenter);
    CHECK(try_user(user_sysenter), 0x41);
    CHECK(call_seen[2], 1);
    CHECK(call_seen[4], SEL_CODE);
    CHECK(call_seen[5], SEL_STACK);
    CHECK(frame.rsp, (u64)kernel_stack + 2048);
    CHECK(try_user32(user32_sysenter), 0x41);
    CHECK(call_seen[4], SEL_CODE);
    EXPECT(sysexit_64, DONE, 0);
    CHECK(frame.cs, SEL_UCODE);
    CHECK(frame.ss, SEL_USTACK2);
    EXPECT(sysexit_32, DONE, 0);
    CHECK(frame.cs, SEL_UCODE32);
    CHECK(frame.ss, SEL_UDATA);
    EXPECT(sysexit_bad, GP, 0);
    EXPECT_USER(user_sysexit, GP, 0);
    EXPECT(bad_lstar, GP, 0);
    EXPECT(bad_sysenter_eip, GP, 0);
    EXPECT(bad_fs_base, GP, 0);
    EXPECT(bad_kernel_gs, GP, 0);
    EXPECT(bad_efer, GP, 0);
    EXPECT(clear_lme, GP, 0);
}

void test_syscalls(void)
{
    test_syscall();
    test_sysenter();
}

/* --- FS, GS, TSC_AUX, CR8 -------------------------------------------------------------------------------- */

u64 gs_data[4];
ASM(user_swapgs, "swapgs")
ASM32(user32_swapgs, ".byte 0x0f, 0x01, 0xf8")
ASM(read_gs, "movq %%gs:8, %%rax; movq %%rax, call_seen")
ASM(user_rdfsbase, "rdfsbase %%rax; int $0x40")
ASM(wrgsbase_bad, "movq $0x800000000000, %%rax; wrgsbase %%rax")
ASM(wrfsbase_32, "movq $0x1234567887654321, %%rax; wrfsbase %%eax; rdfsbase %%rcx; movq %%rcx, call_seen")
ASM32(user32_rdfsbase, ".byte 0xf3, 0x0f, 0xae, 0xc0")
ASM(read_rdtscp, "rdtscp; movq %%rcx, call_seen; rdpid %%rax; movq %%rax, call_seen+8")
ASM(user_rdtscp, "rdtscp; int $0x40")
ASM(cr8_bad, "movl $16, %%eax; movq %%rax, %%cr8")
ASM(user_cr8, "movq %%cr8, %%rax")
ASM(cr0_high, "movq $0x180010011, %%rax; movq %%rax, %%cr0")
ASM(cr0_no_pg, "movl $0x10011, %%eax; movq %%rax, %%cr0")
ASM(cr4_no_pae, "movq %%cr4, %%rax; andl $~0x20, %%eax; movq %%rax, %%cr4")
ASM(cr4_la57, "movq %%cr4, %%rax; orl $0x1000, %%eax; movq %%rax, %%cr4")
ASM(cr3_reserved, "movq $0x8000000000090000, %%rax; movq %%rax, %%cr3")
ASM(cr3_high, "movq $0x0010000000090000, %%rax; movq %%rax, %%cr3")
ASM(dr7_high, "movq $0x100000400, %%rax; movq %%rax, %%dr7")
ASM(use_rdpmc, "xorl %%ecx, %%ecx; rdpmc")
ASM(use_xsaves, "movl $7, %%eax; xorl %%edx, %%edx; .byte 0x48, 0x0f, 0xc7, 0x2c, 0x25; .long 0x20000")

static void cpuid(u32 leaf, u32 index, u32 out[4])
{
    asm volatile("cpuid" : "=a"(out[0]), "=b"(out[1]), "=c"(out[2]), "=d"(out[3]) : "0"(leaf), "2"(index));
}

static void test_bases(void)
{
    u64 cr4 = read_cr4();

    gs_data[1] = 0x1111;
    gs_data[2] = 0x2222;
    write_msr(MSR_GS_BASE, (u64)&gs_data[0]);
    write_msr(MSR_KERNEL_GS_BASE, (u64)&gs_data[1]);
    EXPECT(read_gs, -1, 0);
    CHECK(call_seen[0], 0x1111);
    asm volatile("swapgs");
    CHECK(read_msr(MSR_GS_BASE), &gs_data[1]);
    CHECK(read_msr(MSR_KERNEL_GS_BASE), &gs_data[0]);
    EXPECT(read_gs, -1, 0);
    CHECK(call_seen[0], 0x2222);
    EXPECT_USER(user_swapgs, GP, 0);
    EXPECT_USER32(user32_swapgs, UD, 0);
    EXPECT_USER(user_rdfsbase, UD, 0);
    write_cr4(cr4 | CR4_FSGSBASE);
    write_msr(MSR_FS_BASE, 0xffff800000001000);
    EXPECT_USER(user_rdfsbase, DONE, 0);
    CHECK(frame_rax, 0xffff800000001000);
    EXPECT(wrgsbase_bad, GP, 0);
    EXPECT(wrfsbase_32, -1, 0);
    CHECK(call_seen[0], 0x87654321);
    EXPECT_USER32(user32_rdfsbase, UD, 0);
    write_cr4(cr4);
    asm volatile("movl %0, %%gs; movl %0, %%fs" :: "r"(SEL_DATA));
    CHECK(read_msr(MSR_GS_BASE), 0);                /* a load sets the base */
}

void test_registers(void)
{
    u64 cr4 = read_cr4();
    u32 id[4];

    test_bases();
    write_msr(MSR_TSC_AUX, 0x12345);
    EXPECT(read_rdtscp, -1, 0);
    CHECK(call_seen[0], 0x12345);
    CHECK(call_seen[1], 0x12345);
    EXPECT_USER(user_rdtscp, DONE, 0);
    write_cr4(cr4 | CR4_TSD);
    EXPECT_USER(user_rdtscp, GP, 0);
    write_cr4(cr4);
    write_cr8(5);
    CHECK(read_cr8(), 5);
    CHECK(read_msr(0x1b) >> 11 & 1, 1);
    EXPECT(cr8_bad, GP, 0);
    write_cr8(0);
    EXPECT_USER(user_cr8, GP, 0);
    EXPECT(cr0_high, GP, 0);
    EXPECT(cr0_no_pg, GP, 0);
    EXPECT(cr4_no_pae, GP, 0);
    cpuid(7, 0, id);
    CHECK(id[2] >> 16 & 1, 0);                      /* no LA57 */
    EXPECT(cr4_la57, GP, 0);
    EXPECT(cr3_reserved, GP, 0);
    EXPECT(cr3_high, GP, 0);
    EXPECT(dr7_high, GP, 0);
    EXPECT(use_rdpmc, GP, 0);                       /* no counters */
    cpuid(0xd, 1, id);
    CHECK(id[0] >> 3 & 1, 0);                       /* no XSAVES */
    EXPECT(use_xsaves, UD, 0);
}
