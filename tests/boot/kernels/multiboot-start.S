/*
 * Header and entry of the Multiboot test kernel. -DFLAGS=: the header's flags; with
 * bit 16 the addresses follow.
 *
 * SPDX-License-Identifier: MIT
 */
        .section .head, "ax"
        .globl  start
        .balign 4
header: .long   0x1badb002, FLAGS, -(0x1badb002 + FLAGS)
        .long   header, image_start, data_end, bss_end, start

start:  movl    $stack_end, %esp
        pushl   %ebx
        pushl   %eax
        call    kernel_main

        .bss
        .space  4096
stack_end:
        .section .note.GNU-stack, "", @progbits
