/*
 * Macros of the case lists (*-cases.S), which the assembler encodes:
 *
 *   T mask, "instruction"    one case; mask: the flags that the manual defines
 *
 * Registers: EBX, ESI, EDI, EBP point into memory (EBP: across a page border);
 * the others hold edge values. The instruction may be several, and labels 77:
 * inside are allowed; control must come out at its end.
 *
 * SPDX-License-Identifier: MIT
 */
        .equ ALL, 0x8d5
        .equ NO_A, 0x8c5            /* A undefined */
        .equ NO_AO, 0x0c5
        .equ CO, 0x801              /* C and O alone */
        .equ C_ONLY, 0x001
        .equ Z_ONLY, 0x040
        .equ CZ, 0x041
        .equ NONE, 0

        .macro T mask, insn
        .pushsection .testcode, "a"
9001:   \insn
9002:   .popsection
        .pushsection .testnames, "aS"
9003:   .asciz "\insn"
        .popsection
        .long 9001b, 9002b - 9001b, 9003b, \mask
        .endm

#ifdef __x86_64__

        .equ BITS, 64
#else
        .equ BITS, 32
#endif
        .section cases, "a"
        .balign 4
