/*
 * The POWER shifts of the 601: what helper power_shift is told.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TARGET_PPC_POWER_H
#define TARGET_PPC_POWER_H

/* Flags of a shift by n of rS; r is rS rotated, m the mask of what is kept. */
enum {
    POWER_RIGHT = 1,        /* else left */
    POWER_FILL_MQ = 2,      /* bits outside m come from MQ, else they are 0 */
    POWER_FILL_SIGN = 4,    /* they are copies of the sign, and CA is set (right only) */
    POWER_SET_MQ = 8,       /* MQ = r */
    POWER_BIT_26 = 16,      /* rB bit 26 means "32 or more" */
};

#endif
