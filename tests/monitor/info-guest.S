/*
 * A PC for tests/monitor/info-test.py: descriptor tables and paging are set
 * up, then the processor halts. With CRASH, it reads an unmapped page while
 * the page-fault gate is not present and the double-fault gate is a data
 * segment's: a triple fault.
 *
 * SPDX-License-Identifier: MIT
 */
#include "../guest-i386/start.inc"

        start_flat
        lidt    idtr
        movl    $0x8000, %esp
        movw    $24, %ax
        lldt    %ax
        movl    $0x10000, %edi          /* directory; its table is behind it */
        xorl    %eax, %eax
        movl    $2048, %ecx
        cld
        rep stosl
        movl    $0x00000083, 0x10000    /* 4 MiB, one to one */
        movl    $0x00011003, 0x10004
        movl    $0x00022101, 0x11004    /* 0x401000 -> 0x22000, global, read-only */
        movl    $0x10, %eax
        movl    %eax, %cr4
        movl    $0x10000, %eax
        movl    %eax, %cr3
        movl    %cr0, %eax
        orl     $0x80000000, %eax
        movl    %eax, %cr0
#ifdef CRASH
        movl    0x402000, %eax
#else
        movb    $'!', %al
        outb    %al, $0xe9
#endif
1:      hlt
        jmp     1b

        .balign 8
gdt:    .quad   0, 0x00cf9b000000ffff, 0x00cf93000000ffff
        .word   7, ldt - start16, 0x820f, 0
        .quad   0x0000f40000080000      /* an empty data segment of level 3 */
boot_gdtr:
        .word   39
        .long   gdt
ldt:    .quad   0x0040f60012340fff      /* expand down, from 0x1234 */
idt:    .fill   8, 8, 0
        .quad   0x00008e0000101234      /* #DF: its code segment is data */
        .fill   5, 8, 0
        .quad   0x00000e0000085678      /* #PF: not present */
        .quad   0x0000ef0000089abc      /* 15: a trap gate of level 3 */
        .quad   0x0000850000180000      /* 16: a task gate */
idtr:   .word   135
        .long   idt
        .section .note.GNU-stack, "", @progbits
