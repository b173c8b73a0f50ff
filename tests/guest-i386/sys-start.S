/*
 * Start of the system tests: from the reset vector to flat 32-bit protected
 * mode, the entries of all vectors, and calls that come back from exceptions.
 *
 * SPDX-License-Identifier: MIT
 */
#include "start.inc"

        start_flat
        movw    %ax, %fs
        movw    %ax, %gs
        movl    $0x80000, %esp
        call_main

        .balign 8
boot_gdt:
        .quad   0, 0x00cf9b000000ffff, 0x00cf93000000ffff
boot_gdtr:
        .word   23
        .long   boot_gdt

/* int try_call(void (*fn)(void)): -1, or the vector that fn ended with */
        .globl  try_call
try_call:
        pushl   %ebp
        pushl   %ebx
        pushl   %esi
        pushl   %edi
        movl    %esp, saved_esp
        call    *20(%esp)
        movl    $-1, %eax
        jmp     leave_try

/* int try_user(void (*fn)(void), eflags, cs, ss, esp): the same by IRET */
        .globl  try_user
try_user:
        pushl   %ebp
        pushl   %ebx
        pushl   %esi
        pushl   %edi
        movl    %esp, saved_esp
        movl    %esp, %ebp
        pushl   32(%ebp)
        pushl   36(%ebp)
        pushl   24(%ebp)
        pushl   28(%ebp)
        pushl   20(%ebp)
        movl    32(%ebp), %eax
        movl    %eax, %ds
        movl    %eax, %es
        iret

/* int try_vm86(frame): IRET to virtual-8086 mode; nine words from eip on */
        .globl  try_vm86
try_vm86:
        pushl   %ebp
        pushl   %ebx
        pushl   %esi
        pushl   %edi
        movl    %esp, saved_esp
        movl    20(%esp), %esp
        iret

/* Behind an exception or its absence: eax is the result. */
leave_try:
        movw    $16, %bx
        movw    %bx, %ds
        movw    %bx, %es
        movw    %bx, %fs
        movw    %bx, %gs
        movw    %bx, %ss
        movl    saved_esp, %esp
        cld
        popl    %edi
        popl    %esi
        popl    %ebx
        popl    %ebp
        ret

common: /* vector, error code, eip, cs, eflags, esp, ss ... on the stack */
        pushl   %eax
        pushl   %ecx
        pushl   %esi
        pushl   %edi
        movw    $16, %ax
        movw    %ax, %ds
        movw    %ax, %es
        cld
        leal    16(%esp), %esi
        movl    $frame, %edi
        movl    $11, %ecx
        rep movsl
        movl    %cr2, %eax
        movl    %eax, fault_cr2
        movl    12(%esp), %eax
        movl    %eax, frame_eax
        movl    frame, %eax
        movl    $2, %ecx
        pushl   %ecx
        popfl
        jmp     leave_try

        .balign 16
        .globl  vectors
vectors:
        vector_entries 256

        .bss
        .globl  saved_esp, frame, fault_cr2, frame_eax
saved_esp:      .long 0
frame:          .space 44
fault_cr2:      .long 0
frame_eax:      .long 0

        .section .note.GNU-stack, "", @progbits
