/*
 * A network boot program (PXE specification 2.1): asks the !PXE interface for the DHCP answer and prints
 * the server's address from it. Loaded at 0000:7C00; the !PXE structure's address lies at SS:SP+4.
 * SPDX-License-Identifier: MIT
 */
        .code16
        .text
        .globl  _start
        .equ    PXENV_GET_CACHED_INFO, 0x71
        .equ    PACKET_DHCP_ACK, 2
        .equ    PXE_ENTRY, 0x10                 /* in !PXE: the real-mode entry point */
        .equ    BOOTP_SERVER, 20                /* in the packet: siaddr */

_start: mov     %sp, %bp
        les     4(%bp), %bx
        ljmp    $0x7c0, $1f
1:      mov     %cs, %ax
        mov     %ax, %ds
        cld
        mov     $bad_text, %si
        cmpl    $0x45585021, %es:(%bx)          /* "!PXE" */
        jne     print
        mov     %es:PXE_ENTRY(%bx), %eax
        mov     %eax, entry
        push    %cs
        push    $parameters
        push    $PXENV_GET_CACHED_INFO
        lcall   *entry
        add     $6, %sp
        cmpw    $0, parameters
        jne     print
        les     buffer, %bx
        mov     %es:BOOTP_SERVER(%bx), %eax
        bswap   %eax
        mov     $digits, %di
        push    %ds
        pop     %es
        mov     $8, %cx
next:   rol     $4, %eax
        push    %ax
        and     $15, %al
        cmp     $10, %al
        sbb     $0x69, %al
        das
        stosb
        pop     %ax
        loop    next
        mov     $good_text, %si
print:  lodsb
        test    %al, %al
        jz      halt
        mov     $0x0e, %ah
        mov     $7, %bx
        int     $0x10
        jmp     print
halt:   hlt
        jmp     halt

        .balign 4
entry:  .long   0
parameters:
        .word   0, PACKET_DHCP_ACK, 0
buffer: .word   0, 0, 0
bad_text:
        .asciz  "no PXE interface\r\n"
good_text:
        .ascii  "PXE PROGRAM RUNS, server "
digits: .asciz  "........\r\n"
