/*
 * The bare machine from reset to bare_main(): a firmware image of IMAGE_BYTES
 * below 4 GiB that copies itself to its link address, 1 MiB, and enters
 * protected mode with flat segments or long mode with 4 GiB mapped 1:1.
 *
 * SPDX-License-Identifier: MIT
 */
#include "layout.h"
#include "start.inc"
#define IMAGE_BYTES 0x80000
#define LINK_BASE   0x100000
#define ROM(x)      (x - LINK_BASE + 0xffffffff - IMAGE_BYTES + 1)
#define TABLES      0x10000             /* page tables: 6 pages */
#define IDT         0x20000
#define STACK       0x80000

        .section .reset, "ax"
        .code16
reset:  .byte 0xe9                      /* jmp start16: both lie in the last 64 KiB */
        .word start16 - reset - 3
        .balign 16, 0

        .section .last64k, "ax"
        .globl start16
last64k_start:
start16:
        cli
        .byte 0x66, 0x2e, 0x0f, 0x01, 0x16      /* lgdtl %cs:(gdtr) */
        .word gdtr - last64k_start
        mov %cr0, %eax
        or $1, %eax
        mov %eax, %cr0
        .byte 0x66, 0xea                        /* ljmpl $8, $ROM(start32) */
        .long ROM(start32)
        .word 8
        .balign 8
gdt:    .quad 0
        .quad 0x00cf9b000000ffff                /* 8: 32-bit code */
        .quad 0x00cf93000000ffff                /* 16: data */
        .quad 0x00af9b000000ffff                /* 24: 64-bit code */
gdtr:   .word 31
        .long ROM(gdt)

        .code32
start32:
        mov $16, %ax
        mov %ax, %ds
        mov %ax, %es
        mov %ax, %ss
        mov %ax, %fs
        mov %ax, %gs
        cld
        mov $ROM(LINK_BASE), %esi
        mov $LINK_BASE, %edi
        mov $IMAGE_BYTES / 4, %ecx
        rep movsl
        mov $STACK, %esp
        mov $in_ram, %eax
        jmp *%eax

        .text
        .code32
in_ram:
        mov %cr0, %eax
        and $~0x0c, %eax                        /* EM, TS */
        or $0x22, %eax                          /* MP, NE */
        mov %eax, %cr0
#if USE_FX || defined(__x86_64__)
        mov %cr4, %eax
        or $0x600, %eax                         /* OSFXSR, OSXMMEXCPT */
        mov %eax, %cr4
#endif
        fninit
#ifdef __x86_64__
        xor %eax, %eax
        mov $TABLES, %edi
        mov $6 * 1024, %ecx
        rep stosl
        movl $TABLES + 0x1007, TABLES
        mov $4, %ecx
1:      mov %ecx, %eax                          /* four page directories */
        shl $12, %eax
        add $TABLES + 0x1007, %eax
        mov %eax, TABLES + 0x1000 - 8(, %ecx, 8)
        loop 1b
        mov $2048, %ecx
        mov $TABLES + 0x2000, %edi
        mov $0x87, %eax                         /* 2 MiB pages */
2:      mov %eax, (%edi)
        add $0x200000, %eax
        add $8, %edi
        loop 2b
        mov $TABLES, %eax
        mov %eax, %cr3
        mov %cr4, %eax
        or $0x20, %eax                          /* PAE */
        mov %eax, %cr4
        mov $0xc0000080, %ecx
        rdmsr
        or $0x100, %eax                         /* LME */
        wrmsr
        mov %cr0, %eax
        or $0x80000000, %eax
        mov %eax, %cr0
        ljmp $24, $in_64
        .code64
in_64:  mov $STACK, %rsp
#endif
        /* Gates for 32 exceptions */
        mov $IDT, %edi
        mov $stubs, %eax
        mov $32, %ecx
3:      mov %ax, (%edi)
#ifdef __x86_64__
        movw $24, 2(%edi)
#else
        movw $8, 2(%edi)
#endif
        movw $0x8e00, 4(%edi)
        mov %eax, %edx
        shr $16, %edx
        mov %dx, 6(%edi)
#ifdef __x86_64__
        movl $0, 8(%edi)
        movl $0, 12(%edi)
        add $8, %edi
#endif
        add $8, %edi
        add $16, %eax
        dec %ecx
        jnz 3b
        lidt idtr
        call bare_main
4:      hlt
        jmp 4b

        .balign 16
stubs:
        vector_entries 32
        .balign 16
#ifdef __x86_64__
common: push %rax; push %rcx; push %rdx; push %rsi; push %rdi; push %r8; push %r9; push %r10; push %r11
        mov 72(%rsp), %rdi
        lea 88(%rsp), %rsi
        cld
        call on_exception
        pop %r11; pop %r10; pop %r9; pop %r8; pop %rdi; pop %rsi; pop %rdx; pop %rcx; pop %rax
        lea 16(%rsp), %rsp
        iretq
#else
common: push %eax; push %ecx; push %edx
        lea 20(%esp), %eax
        push %eax
        push 16(%esp)
        cld
        call on_exception
        lea 8(%esp), %esp
        pop %edx; pop %ecx; pop %eax
        lea 8(%esp), %esp
        iret
#endif
        .balign 8
idtr:   .word 32 * 16 - 1
#ifdef __x86_64__
        .quad IDT
#else
        .long IDT
#endif
        .section .note.GNU-stack, "", %progbits
