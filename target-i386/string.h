/*
 * Between generated code and the helpers of repeated string instructions.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TARGET_I386_STRING_H
#define TARGET_I386_STRING_H

/* The helpers' operand: sizes as MO_x. */
enum {
    STRING_SIZE = 3,            /* of an element */
    STRING_ASIZE_SHIFT = 2,     /* bits 2-3: address size */
    STRING_SEG_SHIFT = 4,       /* bits 4-6: segment of the source */
    STRING_WHILE_NOT_EQUAL = 1 << 7,    /* REPNE: CMPS, SCAS */
    STRING_ONE = 1 << 8,        /* at most one element: single-step */
};

#endif
