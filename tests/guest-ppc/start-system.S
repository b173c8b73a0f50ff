/*
 * Exception vectors of the system test: each records what it sees and resumes
 * where the test says. SPDX-License-Identifier: MIT
 *
 * With SOFTWARE_TLB the miss vectors of the 603 search the page table.
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

    /* Look the miss up in the primary group (603e user's manual, 5.5.2); r1 = second word. */
    .macro  search number miss compare fail
    .org    \number
    mfspr   2, 978                          /* HASH1 */
    mfctr   0
    li      1, 8
    mfspr   3, \compare
    addi    2, 2, -8
    mtctr   1
1:  lwzu    1, 8(2)
    cmpw    1, 3
    bdnzf   2, 1b
    bne     \fail
    lwz     1, 4(2)
    mtctr   0
    mfspr   0, \miss
    mfsrr1  3
    mtcrf   0x80, 3
    mtspr   982, 1                          /* RPA */
    .endm

    .globl  _start
    .org    0x100
_start:
    lis     1, 0x0100
    li      0, 0
    stwu    0, -64(1)
    b       main

    vector  0x200
    .org    0x300
dsi:
    vector  0x300
    .org    0x400
isi:
    vector  0x400
    vector  0x500
    vector  0x600
    vector  0x700
    vector  0x800
    vector  0x900
    vector  0xc00
    vector  0xd00
    vector  0xf20
#ifndef SOFTWARE_TLB
    vector  0x1000
    vector  0x1100
    vector  0x1200
#else
    search  0x1000, 980, 981, 4f            /* IMISS, ICMP */
    ori     1, 1, 0x100
    tlbli   0
    srwi    1, 1, 8
    stb     1, 6(2)
    rfi
4:  mtctr   0                               /* no entry: ISI */
    mfsrr1  3
    clrlwi  2, 3, 16
    oris    2, 2, 0x4000
    mtsrr1  2
    mfmsr   0
    xoris   0, 0, 2                         /* back to the usual r0-r3 */
    mtcrf   0x80, 3
    mtmsr   0
    b       isi

    search  0x1100, 976, 977, no_data       /* DMISS, DCMP */
    ori     1, 1, 0x100
    tlbld   0
    srwi    1, 1, 8
    stb     1, 6(2)
    rfi

    search  0x1200, 976, 977, no_data
    ori     1, 1, 0x180
    mtspr   982, 1
    tlbld   0
    sth     1, 6(2)
    rfi
#endif
    vector  0x1300

    .org    0x1800
#ifdef SOFTWARE_TLB
no_data:                                    /* DSI; SRR1 bit 15 says store */
    mtctr   0
    mfsrr1  3
    rlwinm  1, 3, 9, 6, 6
    oris    1, 1, 0x4000
    mtdsisr 1
    clrlwi  2, 3, 16
    mtsrr1  2
    mfspr   1, 976
    mtdar   1
    mfmsr   0
    xoris   0, 0, 2
    mtcrf   0x80, 3
    mtmsr   0
    b       dsi
#endif
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
