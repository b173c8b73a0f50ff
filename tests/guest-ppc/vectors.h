/*
 * Test vectors of PowerPC instructions: what the generators on the host write
 * and the guest program runs. All words are big-endian in the file.
 *
 * A row is a short piece of code (it ends with blr, added by the guest) and
 * the vectors to run it with:
 *   words: opcode[ROW_WORDS] (0: unused), count, name as 16 bytes
 *   vectors: struct Vector
 * r3, r4, r5 hold the operands, r6 the address of a scratch buffer; r5, the
 * change of r6, CR, XER and CTR are compared.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef GUEST_PPC_VECTORS_H
#define GUEST_PPC_VECTORS_H

#include <stdint.h>

enum { ROW_WORDS = 8, NAME_BYTES = 16 };

typedef struct Row {
    uint32_t opcode[ROW_WORDS];
    uint32_t count;
    char name[NAME_BYTES];
} Row;

typedef struct State {
    uint32_t r3, r4, r5, r6, cr, xer, ctr;
} State;

typedef struct Vector {
    State in, out;
} Vector;

#endif
