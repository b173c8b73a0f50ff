/*
 * Start of the system tests: from the reset vector to flat 32-bit protected
 * mode, the entries of all vectors, and calls that come back from exceptions.
 *
 * SPDX-License-Identifier: MIT
 */
        .section .reset, "ax"
        .code16
reset:  ljmp    $0xf000, $0

        .section .start, "ax"           /* at 0xf0000 */
        .globl  start16
start16:
        cli
        lgdtl   %cs:(boot_gdtr - start16)
        movl    %cr0, %eax
        orb     $1, %al
        movl    %eax, %cr0
        ljmpl   $8, $start32

        .code32
start32:
        movw    $16, %ax
        movw    %ax, %ds
        movw    %ax, %es
        movw    %ax, %fs
        movw    %ax, %gs
        movw    %ax, %ss
        movl    $0x80000, %esp
        call    main
        movw    $0xf4, %dx
        outl    %eax, %dx
1:      hlt
        jmp     1b

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
        .set    n, 0
        .rept   256
        .balign 16
        .if     !(n == 8 || (n >= 10 && n <= 14) || n == 17)
        pushl   $0
        .endif
        pushl   $n
        jmp     common
        .set    n, n + 1
        .endr

        .bss
        .globl  saved_esp, frame, fault_cr2, frame_eax
saved_esp:      .long 0
frame:          .space 44
fault_cr2:      .long 0
frame_eax:      .long 0

        .section .note.GNU-stack, "", @progbits
