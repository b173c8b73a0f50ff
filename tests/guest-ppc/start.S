/*
 * Entry of the guest test program, and the call of a piece of code under test.
 * SPDX-License-Identifier: MIT
 */
    .section .text.start, "ax"
    .globl  _start
    .org    0x100
_start:
    lis     1, 0x0100               /* stack below 16 MiB */
    li      0, 0
    stwu    0, -64(1)
    lis     3, 0x0000
    ori     3, 3, 0x2000            /* MSR: FP on, no translation, handlers in ROM */
    ori     3, 3, 0x0040
    mtmsr   3
    isync
    b       main

/* void run_code(State *state, void *code): registers from *state, back to *state. */
    .globl  run_code
run_code:
    mflr    0
    stw     0, 4(1)
    stwu    1, -32(1)
    stw     31, 28(1)
    mfcr    0
    stw     0, 24(1)
    mr      31, 3
    mtlr    4
    lwz     0, 16(31)
    mtcrf   0xff, 0
    lwz     0, 20(31)
    mtxer   0
    lwz     0, 24(31)
    mtctr   0
    lwz     3, 0(31)
    lwz     4, 4(31)
    lwz     5, 8(31)
    lwz     6, 12(31)
    blrl
    stw     5, 8(31)
    stw     6, 12(31)
    mfcr    0
    stw     0, 16(31)
    mfxer   0
    stw     0, 20(31)
    mfctr   0
    stw     0, 24(31)
    li      0, 0
    mtxer   0
    lwz     0, 24(1)
    mtcrf   0xff, 0
    lwz     31, 28(1)
    addi    1, 1, 32
    lwz     0, 4(1)
    mtlr    0
    blr
