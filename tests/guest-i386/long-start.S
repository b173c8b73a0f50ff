/*
 * Start of the long-mode tests: from the reset vector to 64-bit mode with the
 * first 4 MiB mapped one to one, the entries of all vectors, and calls that
 * come back from exceptions.
 *
 * SPDX-License-Identifier: MIT
 */
        .set    PML4, 0x90000           /* then the tables below it: one page each */
        .set    PDPT, 0x91000
        .set    PD, 0x92000
        .set    PT, 0x93000             /* of the window at 4 MiB */

#include "start.inc"

        start_flat
        movl    $PDPT + 7, PML4
        movl    $PD + 7, PDPT
        movl    $0x087, PD              /* 2 MiB pages: user, writable */
        movl    $0x200087, PD + 8
        movl    $PT + 7, PD + 16
        movl    $0x620, %eax            /* PAE, OSFXSR, OSXMMEXCPT */
        movl    %eax, %cr4
        movl    $PML4, %eax
        movl    %eax, %cr3
        movl    $0xc0000080, %ecx
        movl    $0x901, %eax            /* NXE, LME, SCE */
        xorl    %edx, %edx
        wrmsr
        movl    $0x80010011, %eax
        movl    %eax, %cr0
        ljmpl   $24, $start64

        .code64
start64:
        movl    $0x80000, %esp
        call_main

        .balign 8
boot_gdt:
        .quad   0, 0x00cf9b000000ffff, 0x00cf93000000ffff, 0x00af9b000000ffff
boot_gdtr:
        .word   31
        .long   boot_gdt

        .macro  save_state
        pushq   %rbp
        pushq   %rbx
        pushq   %r12
        pushq   %r13
        pushq   %r14
        pushq   %r15
        movq    %rsp, saved_rsp
        .endm

/* int try_call(void (*fn)(void)): -1, or the vector that fn ended with */
        .globl  try_call
try_call:
        save_state
        call    *%rdi
        movl    $-1, %eax
        jmp     leave_try

/* int try_iret(const u64 frame[5]): the same by IRETQ of these words */
        .globl  try_iret
try_iret:
        save_state
        pushq   32(%rdi)
        pushq   24(%rdi)
        pushq   16(%rdi)
        pushq   8(%rdi)
        pushq   (%rdi)
        iretq

/* Where code at CPL 0 may jump when it is done: no exception. */
        .globl  try_done
try_done:
        movl    $-1, %eax
/* Behind an exception or its absence: eax is the result. */
leave_try:
        movw    $32, %bx
        movw    %bx, %ss
        movw    %bx, %ds
        movw    %bx, %es
        movq    saved_rsp, %rsp
        pushq   $2
        popfq
        popq    %r15
        popq    %r14
        popq    %r13
        popq    %r12
        popq    %rbx
        popq    %rbp
        ret

common: /* vector, error code, rip, cs, rflags, rsp, ss on the stack */
        movq    %rax, frame_rax
        movq    %rsp, frame_at
        movw    %ss, frame_handler_ss
        movq    %rsi, frame_rsi
        movq    %rdi, frame_rdi
        movq    %rcx, frame_rcx
        cld
        movq    %rsp, %rsi
        movl    $frame, %edi
        movl    $7, %ecx
        rep movsq
        movq    %cr2, %rax
        movq    %rax, fault_cr2
        movl    frame, %eax
        jmp     leave_try

        .balign 16
        .globl  vectors
vectors:
        vector_entries 256

        .bss
        .balign 8
        .globl  saved_rsp, frame, fault_cr2, frame_rax, frame_rsi, frame_rdi, frame_rcx, frame_at, frame_handler_ss
saved_rsp:      .quad 0
frame:          .space 56
fault_cr2:      .quad 0
frame_rax:      .quad 0
frame_rsi:      .quad 0
frame_rdi:      .quad 0
frame_rcx:      .quad 0
frame_at:       .quad 0
frame_handler_ss: .quad 0

        .section .note.GNU-stack, "", @progbits
