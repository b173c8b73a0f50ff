/*
 * Special purpose registers: who has them and how they are read and written.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TARGET_PPC_SPR_H
#define TARGET_PPC_SPR_H

#include "target-ppc/cpu.h"

/* PPCModel.spr_groups: sets of SPRs that go together. */
enum {
    SPRS_601 = 1 << 0, SPRS_TIMEBASE = 1 << 1, SPRS_BATS = 1 << 2, SPRS_HIGH_BATS = 1 << 3,
    SPRS_603 = 1 << 4,          /* software TLB */
    SPRS_PERF2 = 1 << 5,        /* MMCR0, PMC1-2, SIA (604) */
    SPRS_PERF4 = 1 << 6,        /* MMCR1, PMC3-4 (604e on) */
    SPRS_USER_PERF = 1 << 7,    /* their user copies */
    SPRS_PERF6 = 1 << 8,        /* PMC5-6 (7450) */
    SPRS_7XX = 1 << 9,          /* L2CR ICTC THRM */
    SPRS_74XX = 1 << 10,        /* MMCR2 BAMR MSSCR0 */
    SPRS_745X = 1 << 11,        /* LDSTCR L3CR ICTRL TLBMISS SPRG4-7 */
    SPRS_VRSAVE = 1 << 12,
    SPRS_DABR = 1 << 13, SPRS_IABR = 1 << 14, SPRS_PIR = 1 << 15, SPRS_EAR = 1 << 16,
    SPRS_604 = 1 << 17, SPRS_SDA = 1 << 18, SPRS_HID1 = 1 << 19, SPRS_750FX = 1 << 20, SPRS_G2 = 1 << 21,
    SPRS_L3 = 1 << 22,
    SPRS_7410 = 1 << 23,        /* L2PMCR */
};

/* translate-spr.c: can this chip's supervisor read the register by mfspr? */
bool ppc_has_spr(const PPCModel *model, unsigned spr);
/* gdbstub.c: the value of a stored register, the decrementer or the timebase. */
uint32_t ppc_read_spr(CPUPPCState *env, unsigned spr);
#endif
