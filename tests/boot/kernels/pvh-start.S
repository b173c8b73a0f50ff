/*
 * Entry of the PVH test kernel, and the note that names it.
 *
 * SPDX-License-Identifier: MIT
 */
        .section .head, "ax"
        .globl  start
start:  movl    $stack_end, %esp
        pushl   %ebx
        call    kernel_main

        .section .note.Xen, "a", @note
        .long   4, 4, 18                /* owner, descriptor, PHYS32_ENTRY */
        .asciz  "Xen"
        .long   start

        .bss
        .space  4096
stack_end:
        .section .note.GNU-stack, "", @progbits
