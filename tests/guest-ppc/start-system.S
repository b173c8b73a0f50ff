/*
 * Exception vectors of the system test: each records what it sees and resumes
 * where the test says. SPDX-License-Identifier: MIT
 *
 * SPRG1: address of the record; SPRG2, SPRG3: SRR0 and SRR1 to resume with.
 * Record: vector, SRR0, SRR1, DAR, DSISR, MSR, r3, r4, r5, r6, CTR
 */
    .section .text.start, "ax"

    .macro  vector number
    .org    \number
    mtsprg  0, 2
    mfsprg  2, 1
    stw     3, 24(2)
    li      3, \number
    b       record
    .endm

    .globl  _start
    .org    0x100
_start:
    lis     1, 0x0100
    li      0, 0
    stwu    0, -64(1)
    b       main

    vector  0x200
    vector  0x300
    vector  0x400
    vector  0x500
    vector  0x600
    vector  0x700
    vector  0x800
    vector  0x900
    vector  0xc00
    vector  0xd00
    vector  0xf20
    vector  0x1000
    vector  0x1100
    vector  0x1200
    vector  0x1300

    .org    0x1800
record:
    stw     3, 0(2)
    stw     4, 28(2)
    stw     5, 32(2)
    stw     6, 36(2)
    mfctr   3
    stw     3, 40(2)
    mfsrr0  3
    stw     3, 4(2)
    mfsrr1  3
    stw     3, 8(2)
    mfdar   3
    stw     3, 12(2)
    mfdsisr 3
    stw     3, 16(2)
    mfmsr   3
    stw     3, 20(2)
    mfsprg  3, 2
    mtsrr0  3
    mfsprg  3, 3
    mtsrr1  3
    mfsprg  2, 0
    rfi

/* void run_system(Record *record, uint32_t code, uint32_t msr, const uint32_t regs[4]) */
    .globl  run_system
run_system:
    mflr    0
    stw     0, 4(1)
    stwu    1, -128(1)
    stmw    13, 32(1)
    mtsprg  1, 3
    lis     7, 1f@ha
    la      7, 1f@l(7)
    mtsprg  2, 7
    mfmsr   7
    mtsprg  3, 7
    mtsrr0  4
    mtsrr1  5
    mr      7, 6
    lwz     3, 0(7)
    lwz     4, 4(7)
    lwz     5, 8(7)
    lwz     6, 12(7)
    stw     1, 0x3000(0)
    rfi
1:  lwz     1, 0x3000(0)
    lmw     13, 32(1)
    addi    1, 1, 128
    lwz     0, 4(1)
    mtlr    0
    blr
